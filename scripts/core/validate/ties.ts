import {createChannelFinder, type ChannelMatch} from '../greet/channel-match.js'
import {ancestry, isInAudience, isLeaver, type MemberContext} from '../greet/member-context.js'
import {
  type CompiledSchedule,
  compileSchedules,
  createSayer,
  type SayAt,
  type Saying,
  sameSaying,
} from '../greet/say-at.js'
import {type AudienceLevel, compareSpecificity, LEVELS, specificity} from '../greet/specificity.js'
import {allSlots} from '../greet/timetable.js'
import {isValid} from '../greet/validity.js'
import type {Remark} from '../model/finding.js'
import type {Release, Said} from '../model/release.js'
import {addDays, renderInstant, zoneOf} from '../model/zone.js'
import {type Checked, remark, type Rule} from './rule.js'

const HORIZON_DAYS = 400
const DAY_MS = 86_400_000

/** Where two schedules share the first place and say different things. */
interface Witness {
  readonly member: string
  readonly state: string | undefined
  readonly atMs: number
  readonly level: AudienceLevel
  readonly tied: readonly {readonly one: CompiledSchedule; readonly saying: Saying}[]
}

/** Schedules of one level that cover one member by one state, ranked; equal ranks stand together. */
interface Contest {
  readonly context: MemberContext
  readonly channels: readonly ChannelMatch[]
  readonly state: string | undefined
  readonly level: AudienceLevel
  readonly groups: readonly (readonly CompiledSchedule[])[]
}

/**
 * What still ties with a different result is an error with a witness (叠罗汉). Members are looked at as they stand now and
 * after each dated change of theirs; contests between the same schedules are judged once, at every edge of the coming year.
 */
export const schedulesDoNotTie: Rule = (checked) => {
  const judged = new Set<string>()
  const found = new Map<string, Witness>()
  const judge = createJudge(checked)
  for (const contest of contests(checked)) {
    const key = contest.groups.map((group) => group.map(({id}) => id).join('=')).join('>')
    const shifts = contest.groups.flat().some(({schedule}) => allSlots(schedule).some(({shift}) => shift !== undefined))
    const known = `${contest.level}:${shifts ? contest.context.member.id : ''}:${key}`
    if (judged.has(known)) continue
    judged.add(known)
    for (const witness of judge(contest)) {
      const ids = witness.tied.map(({one}) => one.id).join('=')
      if (!found.has(ids)) found.set(ids, witness)
    }
  }
  return [...found.values()].flatMap((witness) => tieRemark(witness, checked))
}

function* contests({release, people, nowMs}: Checked): Generator<Contest> {
  const compiled = compileSchedules(release)
  const findChannels = createChannelFinder(release.channels)
  const states = sampleStates(release)
  const untilMs = nowMs + HORIZON_DAYS * DAY_MS
  for (const level of LEVELS) {
    const own = compiled.filter((one) => one.level === level)
    if (own.length < 2) continue
    const candidates = createCandidates(own)
    const asksChannel = level === 'channel' || own.some(({schedule}) => schedule.audience.exclude.channels.length > 0)
    for (const member of people.members) {
      const instants = [nowMs, ...people.edgesOf(member).filter((edge) => edge > nowMs && edge < untilMs)]
      for (const atMs of instants) {
        if (isLeaver(member, atMs)) continue
        const context = people.contextOf(member, atMs)
        for (const state of asksChannel ? [undefined, ...states] : [undefined]) {
          const channels = findChannels(state)
          const groups = rankedGroups(candidates(context), context, channels)
          if (groups.some((group) => group.length > 1)) yield {context, channels, state, level, groups}
        }
      }
    }
  }
}

/** Schedules that may cover a member, found by his id and departments, so that each asks only its own people. */
function createCandidates(own: readonly CompiledSchedule[]): (context: MemberContext) => readonly CompiledSchedule[] {
  const keyed = new Map<string, CompiledSchedule[]>()
  for (const one of own) {
    const {members, departments} = one.schedule.audience
    const keys =
      members.length > 0
        ? members.map((id) => `member:${id.toLowerCase()}`)
        : departments.length > 0
          ? departments
          : ['everybody']
    for (const key of keys) {
      const list = keyed.get(key)
      if (list) list.push(one)
      else keyed.set(key, [one])
    }
  }
  return ({member, departments}) => {
    const keys = [`member:${member.id.toLowerCase()}`, 'everybody', ...departments.flatMap(ancestry)]
    const lists = keys.flatMap((key) => keyed.get(key) ?? [])
    return lists.length > 1 ? [...new Set(lists)] : lists
  }
}

/** A state of every channel: the exact one, or its prefix with something behind it. */
const sampleStates = ({channels}: Release): string[] => [
  ...new Set(
    Object.values(channels).flatMap(
      ({state, statePrefix}) => state ?? (statePrefix === undefined ? [] : [statePrefix, `${statePrefix}~`]),
    ),
  ),
]

function rankedGroups(
  own: readonly CompiledSchedule[],
  context: MemberContext,
  channels: readonly ChannelMatch[],
): CompiledSchedule[][] {
  const ids = channels.map(({id}) => id)
  const ranked = own
    .filter(({schedule}) => isInAudience(schedule.audience, context, ids))
    .map((one) => ({one, rank: specificity(one.schedule, context, channels)}))
    .sort((a, b) => compareSpecificity(a.rank, b.rank) || (a.one.id < b.one.id ? -1 : 1))
  const groups: {rank: readonly number[]; members: CompiledSchedule[]}[] = []
  for (const {one, rank} of ranked) {
    const last = groups.at(-1)
    if (last && compareSpecificity(last.rank, rank) === 0) last.members.push(one)
    else groups.push({rank, members: [one]})
  }
  return groups.map(({members}) => members)
}

function createJudge({release, nowMs}: Checked): (contest: Contest) => Witness[] {
  const sayAt = createSayer(release)
  return (contest) => {
    const witnesses = new Map<string, Witness>()
    const everybody = contest.groups.flat()
    for (const atMs of [nowMs, ...edges(everybody, release, nowMs)]) {
      const top =
        contest.groups
          .map((group) => group.filter(({schedule}) => isValid(schedule, atMs)))
          .find((group) => group.length > 0) ?? []
      const witness = top.length > 1 ? differing(top, contest, atMs, sayAt) : null
      if (witness)
        witnesses.set(
          witness.tied.map(({one}) => one.id).join('='),
          witnesses.get(witness.tied.map(({one}) => one.id).join('=')) ?? witness,
        )
    }
    return [...witnesses.values()]
  }
}

function differing(
  top: readonly CompiledSchedule[],
  {context, state, level}: Contest,
  atMs: number,
  sayAt: SayAt,
): Witness | null {
  const tied = top.map((one) => ({
    one,
    saying: sayAt(one, {member: context.member.id, atMs, ...(state === undefined ? {} : {state})}),
  }))
  const [first] = tied
  const other = first && tied.find(({saying}) => !sameSaying(first.saying, saying))
  return first && other ? {member: context.member.id, state, atMs, level, tied: [first, other]} : null
}

const idsIn = (said: Said | undefined): readonly string[] => (said === undefined || said === 'silent' ? [] : said)

/** Every instant at which what these schedules say may change: windows of schedules and templates, and slot edges of a year. */
function edges(schedules: readonly CompiledSchedule[], release: Release, nowMs: number): number[] {
  const untilMs = nowMs + HORIZON_DAYS * DAY_MS
  const windows = schedules.flatMap(({schedule}) => {
    const said = [
      ...idsIn(schedule.says),
      ...idsIn(schedule.default),
      ...allSlots(schedule).flatMap(({says}) => idsIn(says)),
    ]
    return [schedule, ...said.map((id) => release.templates[id])].flatMap((window) => [
      window?.validFromMs,
      window?.validToMs,
    ])
  })
  const slots = schedules.flatMap(({schedule, timetable}) => {
    if (schedule.slots.length + schedule.dates.length === 0) return []
    const {date} = timetable.zone.localTime(nowMs)
    return Array.from({length: HORIZON_DAYS}, (_, day) => timetable.edgesOn(addDays(date, day - 1))).flat()
  })
  const all = [...windows, ...slots].filter((edge) => edge !== undefined && edge > nowMs && edge < untilMs) as number[]
  return [...new Set(all)].sort((a, b) => a - b)
}

const LEVEL_NAMES = {channel: '渠道', member: '成员', role: '角色', department: '部门', everybody: '全企业'} as const

function said({says, ...rest}: Saying): {readonly zh: string; readonly en: string} {
  if (says === 'template' && 'template' in rest) return {zh: `说 ${rest.template}`, en: `says ${rest.template}`}
  if (says === 'silent') return {zh: '有意不说', en: 'is silent'}
  return says === 'tie' ? {zh: '自己内部就有冲突', en: 'ties within itself'} : {zh: '交给下一级', en: 'hands on'}
}

function tieRemark({member, state, atMs, level, tied}: Witness, {config}: Checked): Remark[] {
  const [first, second] = tied
  const resource = second && config.schedules.get(second.one.id)
  if (!first || !second || !resource) return []
  const at = renderInstant(atMs, zoneOf(config.enterprise.value.timezone))
  const by = state === undefined ? {zh: '', en: ''} : {zh: `经 state=${state}`, en: ` by state=${state}`}
  return [
    remark(
      resource,
      '/audience',
      'ambiguous-priority',
      'error',
      {
        zh: `与排班 ${first.one.id} 在${LEVEL_NAMES[level]}一级不分先后而内容不同：${at} 客户${by.zh}添加 ${member} 时，${first.one.id} ${said(first.saying).zh}，${second.one.id} ${said(second.saying).zh}`,
        en: `it ties with schedule ${first.one.id} at the ${level} level with a different result: at ${at} for ${member}${by.en}, ${first.one.id} ${said(first.saying).en} and ${second.one.id} ${said(second.saying).en}`,
      },
      {
        zh: '缩小其中一个的范围，或给要优先的一个写更大的 priority',
        en: 'narrow one of the audiences, or give the one that should win a higher priority',
      },
      true,
    ),
  ]
}
