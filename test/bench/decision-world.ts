/**
 * Made work that every engine can express: each rule is one shop with one window of the day, so that a decision is one
 * department and one comparison of clocks. Everything follows from the sizes, so that two runs decide the same.
 */
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'
import type {Directory, Member} from '../../scripts/core/model/directory.js'
import type {Release, ReleaseSchedule} from '../../scripts/core/model/release.js'

export interface ShopRule {
  readonly department: string
  /** Minutes after midnight in Shanghai, half-open. */
  readonly from: number
  readonly to: number
  readonly during: string
  readonly otherwise: string
}

export interface DecisionWorld {
  readonly rules: readonly ShopRule[]
  readonly release: Release
  readonly directory: Directory
  readonly questions: readonly {readonly member: string; readonly atMs: number}[]
}

const SEED = 20_261_125
const QUESTIONS = 100_000
const WEEK_MS = 7 * 86_400_000
/** A Monday, midnight in Shanghai. */
export const MONDAY_MS = Date.parse('2026-11-23T00:00:00+08:00')

const shopOf = (index: number): string => `/总部/大区${index % 20}/门店${index}`

export function makeDecisionWorld(ruleCount: number, memberCount: number): DecisionWorld {
  const rules = Array.from({length: ruleCount}, (_, index) => makeRule(index))
  const fraction = createSeededFraction(SEED)
  return {
    rules,
    release: releaseOf(rules),
    directory: directoryOf(ruleCount, memberCount),
    questions: Array.from({length: QUESTIONS}, () => ({
      member: `m${Math.floor(fraction() * memberCount)}`,
      atMs: MONDAY_MS + Math.floor((fraction() * WEEK_MS) / 1000) * 1000,
    })),
  }
}

export const makeRule = (index: number, shiftMinutes = 0): ShopRule => ({
  department: shopOf(index),
  from: 360 + (index % 12) * 15 + shiftMinutes,
  to: 1080 + (index % 16) * 15,
  during: `day${index}`,
  otherwise: `night${index}`,
})

const directoryOf = (shops: number, members: number): Directory => ({
  members: Array.from({length: members}, (_, index): Member => ({
    id: `m${index}`,
    departments: [shopOf(index % shops)],
    roles: [],
    attributes: {},
    status: 'active',
    facts: {},
  })),
  transfers: [],
})

export function releaseOf(rules: readonly ShopRule[]): Release {
  const template = (id: string) => [id, {title: id, text: id, attachments: []}] as const
  return {
    format: 1,
    corpId: 'wwbench0000000001',
    agentId: 1000002,
    timezone: 'Asia/Shanghai',
    edition: 'industry',
    greet: {unknown: '', builtIn: '您好'},
    templates: Object.fromEntries(rules.flatMap(({during, otherwise}) => [template(during), template(otherwise)])),
    schedules: Object.fromEntries(rules.map((rule, index) => [`s${String(index).padStart(6, '0')}`, scheduleOf(rule)])),
    channels: {},
    calendars: {},
    rosters: {},
    facts: {},
    roleGrants: [],
    assets: {},
  }
}

const EVERYBODY = {
  members: [],
  departments: [],
  roles: [],
  levels: {},
  channels: [],
  exclude: {members: [], departments: [], roles: [], channels: []},
}

const scheduleOf = ({department, from, to, during, otherwise}: ShopRule): ReleaseSchedule => ({
  title: department,
  audience: {...EVERYBODY, departments: [department]},
  slots: [{index: 0, days: 'all', from: from * 60, to: to * 60, says: [during]}],
  dates: [],
  default: [otherwise],
  timezone: 'Asia/Shanghai',
  priority: 0,
})

/** Minutes after midnight in Shanghai, which has had one offset since 1991. */
export const minuteOf = (atMs: number): number => Math.floor((atMs + 8 * 3_600_000) / 60_000) % 1440

const TIED_EVERY = 100
const SCHEDULES_A_SHOP = 10

/**
 * Ten schedules a shop with windows of their own: nine differ in priority, and in one shop of a hundred the tenth equals
 * another's, says something else and so ties with it.
 */
export function makeTyingWorld(schedules: number, members: number): Pick<DecisionWorld, 'release' | 'directory'> {
  const shops = Math.max(1, schedules / SCHEDULES_A_SHOP)
  const rules = Array.from({length: schedules}, (_, index) => makeRule(index))
  const release = releaseOf(rules)
  const entries = Object.entries(release.schedules).map(([id, schedule], index) => {
    const shop = index % shops
    const rank = Math.floor(index / shops)
    const isTwin = rank === SCHEDULES_A_SHOP - 1 && shop % TIED_EVERY === 0
    const audience = {...schedule.audience, departments: [shopOf(shop)]}
    return [id, {...schedule, audience, priority: isTwin ? rank - 1 : rank}] as const
  })
  return {release: {...release, schedules: Object.fromEntries(entries)}, directory: directoryOf(shops, members)}
}
