import type {JsonObject} from '../support/run-command.js'
import {WANTED, wantedText} from './apply-shop.js'
import type {ApplyWorld} from './apply-world.js'

/** How a plan came to its end after something had gone wrong. */
export interface Finished {
  /** Runs of apply that it took. */
  readonly runs: number
  /** Creates in doubt that a person had to settle. */
  readonly settled: number
  /** Things in WeCom that are there a second time. */
  readonly duplicates: number
  /** Everything that is not as it should be, in words. */
  readonly problems: readonly string[]
}

const MOST_RUNS = 6
const REASON = ['--reason', '在后台看过', '--who', 'lin-mkt']

/** Applies again until everything is done; what is in doubt a person settles with `yingbin settle` in between. */
export async function finish(world: ApplyWorld): Promise<Finished> {
  let settled = 0
  let last = ''
  for (let runs = 1; runs <= MOST_RUNS; runs += 1) {
    const {code, out, err} = await (await world.startApply()).ended
    if (code === 0) return {runs, settled, ...(await judge(world))}
    if (code !== 1) throw new Error(`apply ended with ${String(code)}: ${err}${out}`)
    last = unfinishedIn(out)
    const found = await settleDoubts(world)
    settled += found
    // What a person says is new since the approval: it is planned and approved again.
    if (found > 0) await world.plan()
  }
  throw new Error(`not done after ${MOST_RUNS} runs: ${last}`)
}

interface Applied {
  readonly reason?: string
  readonly steps?: readonly {readonly key: string; readonly status: string; readonly says: string}[]
}

/** Why a run of apply was not complete, from its document. */
function unfinishedIn(out: string): string {
  const {reason, steps = []} = JSON.parse(out) as Applied
  const left = steps.filter(({status}) => status !== 'done')
  return reason ?? left.map(({key, status, says}) => `${key} ${status}: ${says}`).join('; ')
}

interface SeenTemplate {
  readonly template_id: string
  readonly parts: {readonly text: {readonly content: string}}
}

const readTemplates = async ({sandbox}: ApplyWorld): Promise<readonly SeenTemplate[]> =>
  ((await sandbox.control('GET', '/templates')) as {readonly templates: readonly SeenTemplate[]}).templates

/** Looks into the console: the template is there and nobody knows it, or it is not. Other kinds find themselves. */
async function settleDoubts(world: ApplyWorld): Promise<number> {
  const {open} = (await answerOf(world, ['settle'])) as {readonly open?: readonly {readonly key: string}[]}
  const doubts = (open ?? []).filter(({key}) => key.startsWith('group-welcome/'))
  for (const {key} of doubts) {
    const {resources, slots = []} = await world.readState()
    const known = new Set([...Object.values(resources).map(({remoteId}) => remoteId), ...slots])
    const text = wantedText(key.slice('group-welcome/'.length))
    const made = (await readTemplates(world)).find(
      ({template_id: id, parts}) => !known.has(id) && parts.text.content === text,
    )
    await answerOf(world, ['settle', key, ...(made ? ['--adopt', made.template_id] : ['--retry']), ...REASON])
  }
  return doubts.length
}

/** The document of a command that has to be fine. */
async function answerOf(world: ApplyWorld, argv: readonly string[]): Promise<JsonObject> {
  const {code, out, err} = await world.run([...argv, '--json', '--config', world.config])
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}: ${err}${out}`)
  return JSON.parse(out) as JsonObject
}

async function judge(world: ApplyWorld): Promise<Pick<Finished, 'duplicates' | 'problems'>> {
  const standing = await readStanding(world)
  const lists = Object.entries(WANTED).map(([name, wanted]: [string, readonly string[]]) => {
    const found = standing[name as keyof typeof WANTED]
    return {name, wanted, found, surplus: found.length - new Set(found).size}
  })
  const [plan, settle, drift] = await Promise.all(['plan', 'settle', 'drift'].map((verb) => answerOf(world, [verb])))
  const emptyLists: readonly [string, unknown][] = [
    ['plan: steps', plan?.['steps']],
    ['settle: open', settle?.['open']],
    ['settle: orphans', settle?.['orphans']],
    ['drift: drifts', drift?.['drifts']],
  ]
  const {underway} = await world.readState()
  return {
    duplicates: lists.reduce((sum, {surplus}) => sum + surplus, 0),
    problems: [
      ...lists
        .filter(({wanted, found}) => wanted.join() !== found.join())
        .map(({name, wanted, found}) => `${name}: ${found.join()} instead of ${wanted.join()}`),
      ...emptyLists
        .filter(([, list]) => !Array.isArray(list) || list.length > 0)
        .map(([name, list]) => `${name}: ${JSON.stringify(list)}`),
      ...(underway === null ? [] : ['a plan is still under way']),
    ],
  }
}

interface SeenTags {
  readonly tagGroups: readonly {readonly tags: readonly {readonly name: string}[]}[]
}
interface SeenMemberTags {
  readonly memberTags: readonly {readonly tagname: string; readonly users: readonly string[]}[]
}
interface SeenWays {
  readonly contactWays: readonly {readonly state: string}[]
}

/** What the stand-in holds, by its own book. */
async function readStanding(world: ApplyWorld): Promise<typeof WANTED> {
  const look = (path: string): Promise<unknown> => world.sandbox.control('GET', path)
  const {contactWays} = (await look('/contact-ways')) as SeenWays
  const {tagGroups} = (await look('/tags')) as SeenTags
  const {memberTags} = (await look('/member-tags')) as SeenMemberTags
  return {
    states: contactWays.map(({state}) => state).sort(),
    welcomes: (await readTemplates(world)).map(({parts}) => parts.text.content).sort(),
    tags: tagGroups.flatMap(({tags}) => tags.map(({name}) => name)).sort(),
    held: memberTags.flatMap(({tagname, users}) => (users.length > 0 ? [tagname] : [])).sort(),
  }
}
