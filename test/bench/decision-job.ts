/**
 * One engine deciding, in a process of its own: `node decision-job.mjs ENGINE RULES MEMBERS ROOT FOLDER` prints what
 * 1,000 decisions took. Its answers are compared with the rules read plainly before anything is timed.
 */
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import * as engines from './decision-engines.js'
import {type DecisionWorld, makeDecisionWorld, makeRule, minuteOf, releaseOf} from './decision-world.js'

const COMPARED = 300
const MEASURE_MS = 400
const BATCH = 50

type SetUp = (world: DecisionWorld, root: string, folder: string) => engines.Decide | Promise<engines.Decide>

const ENGINES: Readonly<Record<string, SetUp>> = {
  yingbin: engines.yingbin,
  table: engines.table,
  'flagd-core': engines.flagd,
  unleash: engines.unleash,
  'json-rules-engine': engines.jsonRules,
}

/** The rules as they read: the member's shop, and its window. */
function plainly({rules, directory}: DecisionWorld, {member, atMs}: engines.Question): string | null {
  const shop = directory.members[Number(member.slice(1))]?.departments[0]
  const rule = rules.find(({department}) => department === shop)
  if (!rule) return null
  const minute = minuteOf(atMs)
  return minute >= rule.from && minute < rule.to ? rule.during : rule.otherwise
}

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

/** Per 1,000 decisions. */
async function timeDecisions(decide: engines.Decide, questions: readonly engines.Question[]): Promise<Cost> {
  const before = process.cpuUsage()
  const startedAt = performance.now()
  let done = 0
  let answered = 0
  while (performance.now() - startedAt < MEASURE_MS)
    for (let at = 0; at < BATCH; at++) {
      const question = questions[done++ % questions.length]
      const answer = question ? decide(question) : null
      // Only what is a promise is waited for, so that engines that answer at once are not slowed down.
      if ((typeof answer === 'string' ? answer : await answer) !== null) answered++
    }
  const wallMs = performance.now() - startedAt
  const {user, system} = process.cpuUsage(before)
  if (answered !== done) throw new Error(`${done - answered} questions got no answer`)
  return {wallMs: (wallMs * 1000) / done, cpuMs: ((user + system) / 1000) * (1000 / done)}
}

async function measureDecisions(name: string, world: DecisionWorld, root: string, folder: string): Promise<Cost> {
  const setUp = ENGINES[name]
  if (!setUp) throw new Error(`unknown engine ${name}`)
  const decide = await setUp(world, root, folder)
  for (const question of world.questions.slice(0, COMPARED)) {
    const [answer, expected] = [await decide(question), plainly(world, question)]
    if (answer !== expected) throw new Error(`${name} answers ${String(answer)}, the rules read ${String(expected)}`)
  }
  // Warm: the first rounds let the machine compile and every memory fill, as a table is filled before it is asked.
  if (name === 'yingbin') for (const question of world.questions) await decide(question)
  await timeDecisions(decide, world.questions)
  return timeDecisions(decide, world.questions)
}

/** Set-up until every member has been answered once; for the table that is making it. */
function measureSetUp(name: string, world: DecisionWorld): Cost {
  const {release, directory, rules} = world
  const atMs = world.questions[0]?.atMs ?? 0
  const greeter = name === 'one rule changed' ? createGreeter(release, directory) : null
  const changed = makeRule(0, 5)
  const next = greeter ? releaseOf([changed, ...rules.slice(1)]) : release
  const before = process.cpuUsage()
  const startedAt = performance.now()
  if (name === 'table') engines.table(world)
  else {
    const fresh = createGreeter(next, directory)
    const asked = greeter
      ? directory.members.filter(({departments}) => departments[0] === changed.department)
      : directory.members
    for (const {id} of asked)
      if (fresh.choose({member: id, atMs}).template === null) throw new Error(`nothing for ${id}`)
  }
  const wallMs = performance.now() - startedAt
  const {user, system} = process.cpuUsage(before)
  return {wallMs, cpuMs: (user + system) / 1000}
}

async function main([
  kind = '',
  name = '',
  rules = '',
  members = '',
  root = '',
  folder = '',
]: readonly string[]): Promise<void> {
  const world = makeDecisionWorld(Number(rules), Number(members))
  const cost = kind === 'set-up' ? measureSetUp(name, world) : await measureDecisions(name, world, root, folder)
  process.stdout.write(JSON.stringify(cost), () => process.exit())
}

await main(process.argv.slice(2))
