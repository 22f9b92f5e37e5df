/**
 * Checks of rights in a process of their own: `node rights.mjs check ENGINE GRANTS ROOT` prints what 1,000 checks took, after
 * comparing the engine's answers with the grants read plainly. `node rights.mjs review HEAD BASE` guards a change and checks
 * its author's rights; `node rights.mjs validate HEAD` only validates it.
 */
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {checkAuthorRights} from '../../scripts/core/gate/author-rights.js'
import {createRights} from '../../scripts/core/gate/rights.js'
import {createTargetFinder} from '../../scripts/core/gate/touched-departments.js'
import {assembleConfig} from '../../scripts/core/load/assemble-config.js'
import {guardChange} from '../../scripts/pipeline/guard.js'
import {validateConfig} from '../../scripts/pipeline/validate.js'

const NOW_MS = Date.UTC(2026, 10, 24)
const MEASURE_MS = 400
const BATCH = 50
const COMPARED = 300
const QUESTIONS = 2000
const TEMPLATES_A_SHOP = 5

interface Question {
  readonly login: string
  readonly file: string
  readonly departments: readonly string[]
}

type Check = (question: Question) => boolean | Promise<boolean>

const shopOf = (index: number): string => `/公司/店${index}`
const fileOf = (shop: number, template: number): string => `templates/shop-${shop}/t${template}.yaml`

/** Half of the questions are about one's own shop, half about the next one. */
function makeQuestions(grants: number): Question[] {
  return Array.from({length: QUESTIONS}, (_, index) => {
    const shop = (index * 7919) % grants
    const asked = index % 2 === 0 ? shop : (shop + 1) % grants
    return {login: `editor-${shop}`, file: fileOf(asked, index % TEMPLATES_A_SHOP), departments: [shopOf(asked)]}
  })
}

const plainly = ({login, file}: Question): boolean =>
  file.startsWith(`templates/shop-${login.slice('editor-'.length)}/`)

function yingbin(grants: number): Check {
  const written = Array.from({length: grants}, (_, index) => ({
    role: '编辑',
    to: [`github:editor-${index}`],
    over: {files: [`templates/shop-${index}/**`], departments: [shopOf(index)]},
    until: '2027-06-30',
    ticket: `OA-${index}`,
  }))
  const files = {
    'enterprise.yaml': {corpId: 'ww0000000000000001', agentId: 1000002, timezone: 'Asia/Shanghai'},
    'organization.yaml': {departments: [{path: '/公司'}], members: []},
    'policy.yaml': {},
    'roles.yaml': {编辑: {may: ['edit-text']}},
    'grants/all.yaml': written,
  }
  const sources = Object.entries(files).map(([path, value]) => ({path, text: JSON.stringify(value)}))
  const rights = createRights(assembleConfig(sources, new Map(), new Set()).config, NOW_MS)
  return ({login, file, departments}) => rights.find(login, 'edit-text', {file, departments}) !== null
}

/** The floor: every pair of person and file worked out beforehand. */
function table(grants: number): Check {
  const allowed = new Map<string, Set<string>>()
  for (let shop = 0; shop < grants; shop++)
    allowed.set(
      `editor-${shop}`,
      new Set(Array.from({length: TEMPLATES_A_SHOP}, (_, template) => `${fileOf(shop, template)} ${shopOf(shop)}`)),
    )
  return ({login, file, departments}) => {
    const own = allowed.get(login)
    return own !== undefined && departments.every((path) => own.has(`${file} ${path}`))
  }
}

interface CasbinModule {
  newModelFromString(text: string): unknown
  newEnforcer(model: unknown): Promise<{
    addPolicies(rules: string[][]): Promise<boolean>
    enforce(...values: readonly string[]): Promise<boolean>
  }>
}

const CASBIN_MODEL = `
[request_definition]
r = sub, act, file, department
[policy_definition]
p = sub, act, file, department
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.act == p.act && keyMatch(r.file, p.file) && keyMatch(r.department, p.department)
`

async function casbin(grants: number, root: string): Promise<Check> {
  const {newModelFromString, newEnforcer} = createRequire(join(root, '.bench/package.json'))('casbin') as CasbinModule
  const enforcer = await newEnforcer(newModelFromString(CASBIN_MODEL))
  await enforcer.addPolicies(
    Array.from({length: grants}, (_, index) => [
      `editor-${index}`,
      'edit-text',
      `templates/shop-${index}/*`,
      `${shopOf(index)}*`,
    ]),
  )
  return ({login, file, departments}) => enforcer.enforce(login, 'edit-text', file, departments[0] ?? '')
}

const ENGINES: Readonly<Record<string, (grants: number, root: string) => Check | Promise<Check>>> = {
  yingbin,
  table,
  casbin,
}

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
}

async function time(work: () => Promise<number>): Promise<Cost> {
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const times = await work()
  const wallMs = performance.now() - startedAt
  const {user, system} = process.cpuUsage(before)
  return {wallMs: wallMs / times, cpuMs: (user + system) / 1000 / times}
}

/** Per 1,000 checks. */
const timeChecks = (check: Check, questions: readonly Question[]): Promise<Cost> =>
  time(async () => {
    const startedAt = performance.now()
    let done = 0
    let allowed = 0
    while (performance.now() - startedAt < MEASURE_MS)
      for (let at = 0; at < BATCH; at++) {
        const question = questions[done++ % questions.length]
        const answer = question ? check(question) : false
        if (typeof answer === 'boolean' ? answer : await answer) allowed++
      }
    if (Math.abs(allowed * 2 - done) > questions.length) throw new Error(`${allowed} of ${done} were allowed`)
    return done / 1000
  })

async function measureChecks(name: string, grants: number, root: string): Promise<Cost> {
  const engine = ENGINES[name]
  if (!engine) throw new Error(`unknown engine ${name}`)
  const check = await engine(grants, root)
  const questions = makeQuestions(grants)
  for (const question of questions.slice(0, COMPARED))
    if ((await check(question)) !== plainly(question)) throw new Error(`${name} is wrong about ${question.file}`)
  await timeChecks(check, questions)
  return timeChecks(check, questions)
}

async function review(head: string, base: string): Promise<number> {
  const guarded = await guardChange(head, base, NOW_MS)
  if (!guarded.result) throw new Error('the generated configuration has faults')
  const {changes} = guarded.result
  const [before, after] = [guarded.base.config, guarded.head.config]
  const denied = checkAuthorRights({
    pull: {author: {login: 'bench-editor', isBot: false}},
    commits: [],
    changes,
    rights: createRights(before, NOW_MS),
    targetOf: createTargetFinder(before, after, NOW_MS),
    folder: 'config',
  })
  if (changes.length < 1000 || denied.length > 0) throw new Error(`${changes.length} changes, ${denied.length} denied`)
  return 1
}

async function validate(folder: string): Promise<number> {
  await validateConfig(folder, NOW_MS)
  return 1
}

async function main([kind = '', first = '', second = '', root = '']: readonly string[]): Promise<void> {
  const cost =
    kind === 'check'
      ? await measureChecks(first, Number(second), root)
      : await time(() => (kind === 'review' ? review(first, second) : validate(first)))
  process.stdout.write(JSON.stringify(cost), () => process.exit())
}

await main(process.argv.slice(2))
