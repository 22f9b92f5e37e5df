import type {ChoiceNotice, ChosenSlot, Query} from '../model/choice.js'
import {type CompiledSchedule, type SayAt, type Saying, sameSaying} from './say-at.js'
import {type Standing, standingName} from './standings.js'
import {isValid} from './validity.js'

/** What a level comes to: it settles the answer, or hands on for a reason. */
export type Verdict = Settled | HandedOn

export interface Settled {
  readonly settles: true
  readonly by: CompiledSchedule
  /** `null` is silence on purpose. */
  readonly template: string | null
  readonly slot: ChosenSlot | null
  readonly notices: readonly ChoiceNotice[]
}

export interface HandedOn {
  readonly settles: false
  /** `tied` schedules say different things; a `slot-tie` lies inside one schedule; `absent`: none is in validity. */
  readonly why: 'absent' | 'tied' | 'slot-tie' | 'inherit' | 'nothing-valid'
  readonly by: readonly CompiledSchedule[]
  readonly sayings: readonly Saying[]
  readonly notices: readonly ChoiceNotice[]
}

/** A verdict and the half-open time it holds for at least. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly verdict: Verdict
}

/** What one standing says over time, for everybody who stands alike. */
export interface LevelLine {
  /** Equal for lines that say the same to whoever is on no shift. */
  readonly name: string
  readonly hasShifts: boolean
  readonly asksDuty: boolean
  stretchAt(query: Query): Stretch
}

const WEEK_MS = 7 * 86_400_000
const WEEKS_KEPT = 64
const PERSONAL_KEPT = 4096

/** Stretches of one week in order. */
interface Week {
  readonly fromMs: number
  readonly starts: readonly number[]
  readonly verdicts: readonly Verdict[]
}

/** Weeks are computed when first asked and kept; whoever is on a shift, or off duty, has weeks of his own. */
export function createLevelLine(standing: Standing, sayAt: SayAt): LevelLine {
  const schedules = standing.flat()
  const shifted = schedules.filter(({hasShifts}) => hasShifts)
  const asksDuty = schedules.some((one) => one.asksDuty)
  const windows = schedules.flatMap(({windowEdges}) => windowEdges)
  const shared = new Map<number, Week>()
  const personal = new Map<string, Week>()
  let latest: Week | undefined

  const compute = (number: number, asker: Pick<Query, 'member' | 'onDuty'>): Week => {
    const fromMs = number * WEEK_MS
    const edges = edgesOf(schedules, windows, fromMs, fromMs + WEEK_MS)
    const starts: number[] = []
    const verdicts: Verdict[] = []
    for (const atMs of edges) {
      const verdict = verdictAt(standing, sayAt, {...asker, atMs})
      const before = verdicts.at(-1)
      if (before && isSameVerdict(before, verdict)) continue
      starts.push(atMs)
      verdicts.push(verdict)
    }
    return {fromMs, starts, verdicts}
  }
  const sharedWeek = (number: number): Week => {
    let week = shared.get(number)
    if (!week) {
      if (shared.size >= WEEKS_KEPT) shared.clear()
      shared.set(number, (week = compute(number, {member: ''})))
    }
    return week
  }
  const personalWeek = (number: number, {member, onDuty}: Query): Week => {
    const fromMs = number * WEEK_MS
    const id = member.toLowerCase()
    const isOnShift = shifted.some(({timetable}) => timetable.membersIn(fromMs, fromMs + WEEK_MS).has(id))
    const isOff = asksDuty && onDuty === false
    if (!isOnShift && !isOff) return sharedWeek(number)
    const key = `${number} ${isOff ? '-' : '+'} ${isOnShift ? id : ''}`
    let week = personal.get(key)
    if (!week) {
      if (personal.size >= PERSONAL_KEPT) personal.clear()
      const asker = {member: isOnShift ? member : '', ...(isOff ? {onDuty: false} : {})}
      personal.set(key, (week = compute(number, asker)))
    }
    return week
  }
  const isShared = shifted.length === 0 && !asksDuty
  return {
    name: standingName(standing),
    hasShifts: shifted.length > 0,
    asksDuty,
    stretchAt: (query) => {
      const {atMs} = query
      let week = latest
      if (!isShared) week = personalWeek(Math.floor(atMs / WEEK_MS), query)
      else if (!week || atMs < week.fromMs || atMs >= week.fromMs + WEEK_MS)
        latest = week = sharedWeek(Math.floor(atMs / WEEK_MS))
      return findStretch(week, atMs)
    },
  }
}

function findStretch({fromMs, starts, verdicts}: Week, atMs: number): Stretch {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= atMs) low = middle
    else high = middle - 1
  }
  return {
    fromMs: starts[low] ?? fromMs,
    toMs: starts[low + 1] ?? fromMs + WEEK_MS,
    verdict: verdicts[low] ?? ABSENT,
  }
}

/** The start of the week and every instant in it at which some of these schedules may say something else. */
function edgesOf(
  schedules: readonly CompiledSchedule[],
  windows: readonly number[],
  fromMs: number,
  toMs: number,
): number[] {
  const edges = new Set([fromMs])
  for (const edge of windows) if (edge > fromMs && edge < toMs) edges.add(edge)
  for (const {schedule, timetable} of schedules)
    if (schedule.slots.length + schedule.dates.length > 0)
      for (const edge of timetable.edgesIn(fromMs, toMs)) edges.add(edge)
  return [...edges].sort((a, b) => a - b)
}

const ABSENT: HandedOn = {settles: false, why: 'absent', by: [], sayings: [], notices: []}

/** The first place that has somebody in validity decides; equals that differ skip the level (rules of choosing, section 2). */
function verdictAt(standing: Standing, sayAt: SayAt, query: Query): Verdict {
  const top = topOf(standing, query.atMs)
  const [first] = top
  if (!first) return ABSENT
  const odd = new Set<ChoiceNotice>()
  const sayings = top.map((one) => sayAt(one, query, odd))
  const [saying] = sayings
  const handsOn = (why: HandedOn['why'], notices: Iterable<ChoiceNotice>): HandedOn => ({
    settles: false,
    why,
    by: top,
    sayings,
    notices: [...notices],
  })
  if (!saying || sayings.some((other) => !sameSaying(saying, other))) return handsOn('tied', [...odd, 'ambiguous'])
  if (saying.says === 'tie') return handsOn('slot-tie', [...odd, 'ambiguous'])
  if (saying.says === 'inherit') return handsOn('inherit', odd)
  if (saying.says === 'nothing') return handsOn('nothing-valid', odd)
  return {
    settles: true,
    by: first,
    template: saying.says === 'silent' ? null : saying.template,
    slot: saying.slot,
    notices: [...odd],
  }
}

const topOf = (standing: Standing, atMs: number): readonly CompiledSchedule[] => {
  for (const group of standing) {
    const there = group.filter(({schedule}) => isValid(schedule, atMs))
    if (there.length > 0) return there
  }
  return []
}

function isSameVerdict(a: Verdict, b: Verdict): boolean {
  if (a.notices.length !== b.notices.length || a.notices.some((notice, index) => notice !== b.notices[index]))
    return false
  if (a.settles && b.settles) return a.by === b.by && a.template === b.template && isSameSlot(a.slot, b.slot)
  if (a.settles || b.settles) return false
  return a.why === b.why && a.by.length === b.by.length && a.by.every((one, index) => one === b.by[index])
}

const isSameSlot = (a: ChosenSlot | null, b: ChosenSlot | null): boolean =>
  a === b || (a !== null && b !== null && a.name === b.name && a.startsOn === b.startsOn)
