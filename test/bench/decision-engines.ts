/** The same decisions by Yingbin, by a table computed beforehand, and by engines a user might reach for. */
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import {type DecisionWorld, minuteOf, MONDAY_MS, type ShopRule} from './decision-world.js'

export interface Question {
  readonly member: string
  readonly atMs: number
}

/** Answers with a template id. */
export type Decide = (question: Question) => string | null | Promise<string | null>

const DAY_MS = 86_400_000
const WEEK_DAYS = 7

export function yingbin({release, directory}: DecisionWorld): Decide {
  const greeter = createGreeter(release, directory)
  return (question) => greeter.choose(question).template
}

interface Intervals {
  readonly starts: Float64Array
  readonly templates: readonly string[]
}

/**
 * The floor: each member's week worked out beforehand, a decision is one look-up and one binary search. Members of one
 * shop share their intervals. Every member is matched against every rule, as a table without an index would be made.
 */
export function table({rules, directory}: DecisionWorld): Decide {
  const weeks = rules.map(weekOf)
  const byMember = new Map<string, Intervals>()
  for (const {id, departments} of directory.members) {
    const at = rules.findIndex((rule) => departments.some((path) => isBelow(path, rule.department)))
    const week = weeks[at]
    if (week) byMember.set(id, week)
  }
  return ({member, atMs}) => {
    const week = byMember.get(member)
    if (!week) return null
    const {starts, templates} = week
    const offset = (atMs - MONDAY_MS) % (WEEK_DAYS * DAY_MS)
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return templates[low] ?? null
  }
}

const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`)

function weekOf({from, to, during, otherwise}: ShopRule): Intervals {
  const starts = [0]
  const templates = [otherwise]
  for (let day = 0; day < WEEK_DAYS; day++) {
    starts.push(day * DAY_MS + from * 60_000, day * DAY_MS + to * 60_000)
    templates.push(during, otherwise)
  }
  return {starts: Float64Array.from(starts), templates}
}

/** Every engine but ours is asked with what a caller would look up first: the shop and the minute. */
interface Context {
  readonly department: string
  readonly minute: number
}

function createContext({directory}: DecisionWorld): (question: Question) => Context {
  const shops = new Map(directory.members.map(({id, departments}) => [id, departments[0] ?? '']))
  return ({member, atMs}) => ({department: shops.get(member) ?? '', minute: minuteOf(atMs)})
}

const requirePeer = (root: string): NodeJS.Require => createRequire(join(root, '.bench/package.json'))

interface FlagdModule {
  readonly FlagdCore: new () => {
    setConfigurations(text: string): unknown
    resolveStringEvaluation(flag: string, otherwise: string, context: object, logger: object): {readonly value: string}
  }
}

export function flagd(world: DecisionWorld, root: string): Decide {
  const {FlagdCore} = requirePeer(root)('@openfeature/flagd-core') as FlagdModule
  const core = new FlagdCore()
  const branches = world.rules.flatMap(({department, from, to, during, otherwise}) => [
    {
      and: [{'==': [{var: 'department'}, department]}, {'>=': [{var: 'minute'}, from]}, {'<': [{var: 'minute'}, to]}],
    },
    during,
    {'==': [{var: 'department'}, department]},
    otherwise,
  ])
  const names = world.rules.flatMap(({during, otherwise}) => [during, otherwise])
  core.setConfigurations(
    JSON.stringify({
      flags: {
        welcome: {
          state: 'ENABLED',
          variants: Object.fromEntries([...names, 'none'].map((name) => [name, name])),
          defaultVariant: 'none',
          targeting: {if: [...branches, 'none']},
        },
      },
    }),
  )
  const contextOf = createContext(world)
  const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined}
  return (question) => core.resolveStringEvaluation('welcome', 'none', {...contextOf(question)}, quiet).value
}

interface UnleashModule {
  readonly Unleash: new (options: object) => {
    getVariant(name: string, context: object): {readonly payload?: {readonly value: string}}
    start(): Promise<void>
    once(event: string, listener: () => void): void
    destroy(): void
  }
}

export async function unleash(world: DecisionWorld, root: string, folder: string): Promise<Decide> {
  const {Unleash} = requirePeer(root)('unleash-client') as UnleashModule
  const strategy = (rule: ShopRule, template: string, isDuring: boolean) => ({
    name: 'default',
    parameters: {},
    constraints: [
      {contextName: 'department', operator: 'IN', values: [rule.department], inverted: false},
      ...(isDuring
        ? [
            {contextName: 'minute', operator: 'NUM_GTE', value: String(rule.from), values: [], inverted: false},
            {contextName: 'minute', operator: 'NUM_LT', value: String(rule.to), values: [], inverted: false},
          ]
        : []),
    ],
    variants: [
      {
        name: template,
        weight: 1000,
        weightType: 'variable',
        stickiness: 'default',
        payload: {type: 'string', value: template},
      },
    ],
  })
  const client = new Unleash({
    appName: 'bench',
    url: 'http://127.0.0.1:9/',
    refreshInterval: 0,
    disableMetrics: true,
    backupPath: folder,
    skipInstanceCountWarning: true,
    bootstrap: {
      data: [
        {
          name: 'welcome',
          enabled: true,
          strategies: world.rules.flatMap((rule) => [
            strategy(rule, rule.during, true),
            strategy(rule, rule.otherwise, false),
          ]),
        },
      ],
    },
    disableAutoStart: true,
  })
  const ready = new Promise<void>((resolve) => client.once('ready', resolve))
  client.once('error', () => undefined)
  void client.start()
  await ready
  const contextOf = createContext(world)
  return (question) => {
    const {department, minute} = contextOf(question)
    return client.getVariant('welcome', {properties: {department, minute: String(minute)}}).payload?.value ?? null
  }
}

interface RulesModule {
  readonly Engine: new () => {
    addRule(rule: object): void
    run(facts: object): Promise<{readonly events: readonly {readonly type: string}[]}>
  }
}

export function jsonRules(world: DecisionWorld, root: string): Decide {
  const {Engine} = requirePeer(root)('json-rules-engine') as RulesModule
  const engine = new Engine()
  for (const {department, from, to, during, otherwise} of world.rules) {
    const isShop = {fact: 'department', operator: 'equal', value: department}
    engine.addRule({
      conditions: {
        all: [
          isShop,
          {fact: 'minute', operator: 'greaterThanInclusive', value: from},
          {fact: 'minute', operator: 'lessThan', value: to},
        ],
      },
      event: {type: during},
    })
    engine.addRule({
      conditions: {
        all: [
          isShop,
          {
            any: [
              {fact: 'minute', operator: 'lessThan', value: from},
              {fact: 'minute', operator: 'greaterThanInclusive', value: to},
            ],
          },
        ],
      },
      event: {type: otherwise},
    })
  }
  const contextOf = createContext(world)
  return async (question) => (await engine.run({...contextOf(question)})).events[0]?.type ?? null
}
