import type {Query} from '../model/choice.js'
import type {Release, ReleaseSchedule} from '../model/release.js'
import {type ChannelSet, createChannelFinder, NO_CHANNEL} from './channel-match.js'
import {collectClasses, type MemberClass, type Stay} from './collect-classes.js'
import {createLevelLine, type HandedOn, type LevelLine} from './level-line.js'
import {createClassifier} from './member-classes.js'
import {ancestry, type People} from './member-context.js'
import {type CompiledSchedule, compileSchedules, createSayer, type Saying, sameSaying} from './say-at.js'
import {rosteredMembers} from './rostered.js'
import {type AudienceLevel, LEVELS} from './specificity.js'
import {createStandings, type Standing, standingName} from './standings.js'
import {sampleStates} from './ways.js'

/** Two schedules that share the first place and say different things, and where somebody meets that. */
export interface Tie {
  readonly level: AudienceLevel
  readonly member: string
  readonly state: string | undefined
  readonly atMs: number
  readonly first: {readonly one: CompiledSchedule; readonly saying: Saying}
  readonly second: {readonly one: CompiledSchedule; readonly saying: Saying}
}

/** A state and everything it belongs to. */
interface Way {
  readonly state: string | undefined
  readonly channels: ChannelSet
}

/** In a larger group everybody is held against the first alone: then each that differs is named, not each pair. */
const MOST_FOR_PAIRS = 6

/**
 * Every tie (叠罗汉) that somebody can meet between two instants: each level alone, each class of members, each channel.
 * Only schedules that can share a place are looked at over time, and those that stand alike are looked at once.
 */
export function findTies(release: Release, people: People, fromMs: number, untilMs: number): Tie[] {
  const compiled = compileSchedules(release)
  const standings = createStandings(compiled)
  const classes = collectClasses(people, createClassifier(release), fromMs, untilMs).filter((one) => !one.isLeaver)
  const judge = createJudge(release, fromMs, untilMs)
  const ways = sampleWays(release)
  for (const level of LEVELS) {
    const own = compiled.filter((one) => one.level === level)
    if (own.length < 2) continue
    const covered = level === 'channel' ? createCoverage(classes) : (): readonly MemberClass[] => classes
    for (const way of waysFor(level, own, ways)) {
      const candidates = standings.candidates(level, way.channels)
      if (candidates.length < 2) continue
      for (const one of covered(candidates)) judge(level, one, way, standings.at(level, one.context, way.channels))
    }
  }
  return judge.ties()
}

/** One state for every channel set that some audience asks for. */
function sampleWays(release: Release): Way[] {
  const channelsOf = createChannelFinder(release)
  const ways = new Map<string, Way>()
  for (const state of sampleStates([release])) {
    const channels = channelsOf(state)
    if (channels.key !== '' && !ways.has(channels.key)) ways.set(channels.key, {state, channels})
  }
  return [...ways.values()]
}

/** Below the channel level a channel matters only where it is excluded. */
function waysFor(level: AudienceLevel, own: readonly CompiledSchedule[], ways: readonly Way[]): Way[] {
  if (level === 'channel') return [...ways]
  const excluded = new Set(own.flatMap(({schedule}) => schedule.audience.exclude.channels))
  const some = excluded.size === 0 ? [] : ways.filter(({channels}) => channels.ids.some((id) => excluded.has(id)))
  return [{state: undefined, channels: NO_CHANNEL}, ...some]
}

/**
 * Finds the classes that two or more of some schedules may cover, without asking every class. Members of a class stand
 * below the same of the departments that audiences name, so the context of one tells for all.
 */
function createCoverage(classes: readonly MemberClass[]): (candidates: readonly CompiledSchedule[]) => MemberClass[] {
  const below = new Map<string, Set<MemberClass>>()
  const byMember = new Map<string, Set<MemberClass>>()
  const put = (map: Map<string, Set<MemberClass>>, key: string, one: MemberClass): void => {
    const found = map.get(key)
    if (found) found.add(one)
    else map.set(key, new Set([one]))
  }
  for (const one of classes)
    for (const own of one.context.departments) for (const path of ancestry(own)) put(below, path, one)
  for (const one of classes) for (const {member} of one.stays) put(byMember, member.id.toLowerCase(), one)
  return (candidates) => {
    const times = new Map<MemberClass, number>()
    for (const {schedule} of candidates)
      for (const one of reached(schedule, classes, below, byMember)) times.set(one, (times.get(one) ?? 0) + 1)
    return [...times].filter(([, count]) => count > 1).map(([one]) => one)
  }
}

function reached(
  {audience: {members, departments}}: ReleaseSchedule,
  classes: readonly MemberClass[],
  below: ReadonlyMap<string, ReadonlySet<MemberClass>>,
  byMember: ReadonlyMap<string, ReadonlySet<MemberClass>>,
): Iterable<MemberClass> {
  if (members.length > 0) return new Set(members.flatMap((id) => [...(byMember.get(id.toLowerCase()) ?? [])]))
  if (departments.length > 0) return new Set(departments.flatMap((path) => [...(below.get(path) ?? [])]))
  return classes
}

interface Judge {
  (level: AudienceLevel, one: MemberClass, way: Way, standing: Standing): void
  ties(): Tie[]
}

function createJudge(release: Release, fromMs: number, untilMs: number): Judge {
  const sayAt = createSayer(release)
  const contents = new Map<CompiledSchedule, string>()
  const contentOf = (one: CompiledSchedule): string => {
    let content = contents.get(one)
    if (content === undefined) contents.set(one, (content = contentKey(one.schedule)))
    return content
  }
  const judged = new Set<string>()
  const ties = new Map<string, Tie>()
  const rostered = rosteredMembers(release)
  const mayDiffer = (group: readonly CompiledSchedule[]): boolean =>
    group.length > 1 && group.some((one) => contentOf(one) !== contentOf(group[0] ?? one))

  const judge = (level: AudienceLevel, one: MemberClass, {state}: Way, standing: Standing): void => {
    if (!standing.some(mayDiffer)) return
    const key = standingName(standing)
    let line: LevelLine | undefined
    const all = standing.flat()
    const hasShifts = all.some((schedule) => schedule.hasShifts)
    const duties = all.some(({asksDuty}) => asksDuty) ? [undefined, false] : [undefined]
    for (const stay of staysToAsk(one.stays, fromMs, untilMs, hasShifts ? rostered : null))
      for (const onDuty of duties) {
        const who = hasShifts && rostered.has(stay.member.id.toLowerCase()) ? stay.member.id : ''
        const asked = `${key} ${stay.fromMs} ${stay.untilMs} ${who} ${String(onDuty)}`
        if (judged.has(asked)) continue
        judged.add(asked)
        line ??= createLevelLine(standing, sayAt)
        const query = {
          member: stay.member.id,
          ...(state === undefined ? {} : {state}),
          ...(onDuty === false ? {onDuty} : {}),
        }
        for (const {verdict, atMs} of tiedStretches(line, query, stay))
          for (const tie of pairsOf(level, verdict, query, atMs)) {
            const pair = `${tie.first.one.index}=${tie.second.one.index}`
            if (!ties.has(pair)) ties.set(pair, tie)
          }
      }
  }
  return Object.assign(judge, {ties: () => [...ties.values()]})
}

/** What a schedule says, whoever hears it; schedules with equal content never differ. */
const contentKey = ({mode, says, slots, dates, default: otherwise, timezone, calendar}: ReleaseSchedule): string =>
  JSON.stringify([mode, says, slots, dates, otherwise, timezone, calendar])

/** One who is there all the time stands for all who are; whoever is on a roster is asked for himself. */
function* staysToAsk(
  stays: readonly Stay[],
  fromMs: number,
  untilMs: number,
  rostered: ReadonlySet<string> | null,
): Generator<Stay> {
  const plain = rostered === null ? stays : stays.filter(({member}) => !rostered.has(member.id.toLowerCase()))
  const whole = plain.find((stay) => stay.fromMs === fromMs && stay.untilMs === untilMs)
  if (whole) yield whole
  else yield* plain
  if (rostered !== null) yield* stays.filter(({member}) => rostered.has(member.id.toLowerCase()))
}

function* tiedStretches(
  line: LevelLine,
  query: Omit<Query, 'atMs'>,
  {fromMs, untilMs}: Stay,
): Generator<{readonly verdict: HandedOn; readonly atMs: number}> {
  for (let atMs = fromMs; atMs < untilMs;) {
    const {verdict, toMs} = line.stretchAt({...query, atMs})
    if (!verdict.settles && verdict.why === 'tied') yield {verdict, atMs}
    atMs = toMs
  }
}

function* pairsOf(
  level: AudienceLevel,
  {by, sayings}: HandedOn,
  {member, state}: Omit<Query, 'atMs'>,
  atMs: number,
): Generator<Tie> {
  const tied = by.flatMap((one, index) => {
    const saying = sayings[index]
    return saying ? [{one, saying}] : []
  })
  const firsts = tied.length > MOST_FOR_PAIRS ? tied.slice(0, 1) : tied
  for (const [index, first] of firsts.entries())
    for (const second of tied.slice(index + 1))
      if (!sameSaying(first.saying, second.saying)) yield {level, member, state, atMs, first, second}
}
