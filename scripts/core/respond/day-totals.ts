import type {Arm, DayTotals, OutcomeCode, OutcomeRecord} from '../model/outcome.js'
import {LATENCY_BOUNDS_MS, latencyBucket} from './latency-bounds.js'

/** Today, yesterday, and the day before for who looks late. */
const MOST_DAYS = 3
/** Members whose adds without a code are counted in one day; one more than that is no longer one member's trouble. */
const MOST_MEMBERS_COUNTED = 2000
const MOST_MEMBERS_REPORTED = 20
/** The promise is three seconds at p99. */
export const LATE_AFTER_MS = 3000

/** Events without any send, so without a time to send in. */
export const NOT_EXPOSED: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>(['no_code', 'silent_by_rule', 'kill_switch'])

/** Counters that say something about a day; all others stand in the report as a whole. */
const DAY_COUNTERS: ReadonlySet<string> = new Set([
  'adopted',
  'alarm_failed',
  'callback_put_off',
  'callback_refused',
  'clock_corrected',
  'clock_jumped',
  'cover_missing',
  'decision_failed',
  'duplicate',
  'event_not_kept',
  'event_resumed',
  'event_taken_over',
  'live_directory_failed',
  'live_directory_too_old',
  'look_failed',
  'media_missing',
  'media_renewal_failed',
  'media_renewed',
  'member_without_codes',
  'nickname_failed',
  'nickname_late',
  'outcome_log_failed',
  'outcome_log_lost',
  'release_expired',
  'shared_lost',
  'shed',
  'tags_failed',
])

/** Alarms are counted by their kind, under a name of their own. */
export const ALARM_COUNTER = 'alarm_kind_'

const isOfADay = (counter: string): boolean => DAY_COUNTERS.has(counter) || counter.startsWith(ALARM_COUNTER)

interface DayCount {
  readonly outcomes: Map<OutcomeCode, number>
  readonly arms: Record<Arm, number>
  contentRefused: number
  leftOut: number
  late: number
  readonly latency: number[]
  readonly noCode: Map<string, number>
  readonly noCodeAdds: Map<string, number>
  readonly counters: Map<string, number>
}

/** Counts by date; grows with nothing but the dates, of which it keeps the newest. */
export interface DayBook {
  add(record: OutcomeRecord): void
  count(counter: string, by: number, date: string): void
  restore(days: readonly DayTotals[]): void
  /** Oldest first. */
  totals(): readonly DayTotals[]
}

const increase = <K>(counts: Map<K, number>, key: K, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by)

const emptyDay = (): DayCount => ({
  outcomes: new Map(),
  arms: {stable: 0, canary: 0},
  contentRefused: 0,
  leftOut: 0,
  late: 0,
  latency: LATENCY_BOUNDS_MS.map(() => 0),
  noCode: new Map(),
  noCodeAdds: new Map(),
  counters: new Map(),
})

const inOrder = <K extends string>(counts: ReadonlyMap<K, number>) =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))) as Partial<Record<K, number>>

const byCount = ([a, many]: [string, number], [b, more]: [string, number]): number =>
  more - many || (a < b ? -1 : a > b ? 1 : 0)

const totalsOf = (date: string, day: DayCount): DayTotals => {
  const noCode = [...day.noCode].sort(byCount).slice(0, MOST_MEMBERS_REPORTED)
  return {
    date,
    outcomes: inOrder(day.outcomes),
    arms: {...day.arms},
    contentRefused: day.contentRefused,
    leftOut: day.leftOut,
    late: day.late,
    latency: LATENCY_BOUNDS_MS.map((upToMs, index) => ({upToMs, count: day.latency[index] ?? 0})).filter(
      ({count}) => count > 0,
    ),
    noCode: Object.fromEntries(noCode),
    noCodeAdds: Object.fromEntries(
      noCode.flatMap(([member]) => {
        const adds = day.noCodeAdds.get(member)
        return adds === undefined ? [] : [[member, adds] as const]
      }),
    ),
    counters: inOrder(day.counters) as Record<string, number>,
  }
}

function addTotals(day: DayCount, totals: DayTotals): void {
  for (const [outcome, count] of Object.entries(totals.outcomes)) increase(day.outcomes, outcome as OutcomeCode, count)
  day.arms.stable += totals.arms.stable
  day.arms.canary += totals.arms.canary
  day.contentRefused += totals.contentRefused
  day.leftOut += totals.leftOut
  day.late += totals.late
  for (const {upToMs, count} of totals.latency) {
    const index = LATENCY_BOUNDS_MS.indexOf(upToMs)
    if (index >= 0) day.latency[index] = (day.latency[index] ?? 0) + count
  }
  for (const [member, count] of Object.entries(totals.noCode)) increase(day.noCode, member, count)
  for (const [member, count] of Object.entries(totals.noCodeAdds ?? {})) increase(day.noCodeAdds, member, count)
  for (const [counter, count] of Object.entries(totals.counters)) increase(day.counters, counter, count)
}

/** The totals of several responders as one; members and counters are added by name. */
export function addDays(date: string, all: readonly DayTotals[]): DayTotals {
  const sum = emptyDay()
  for (const totals of all) if (totals.date === date) addTotals(sum, totals)
  return totalsOf(date, sum)
}

/** @param dateOf the date an instant falls on in the enterprise's zone */
export function createDayBook(dateOf: (ms: number) => string): DayBook {
  const days = new Map<string, DayCount>()
  const dayOf = (date: string): DayCount => {
    const day = days.get(date) ?? emptyDay()
    days.set(date, day)
    if (days.size > MOST_DAYS) days.delete([...days.keys()].sort()[0] ?? date)
    return day
  }
  return {
    add(record) {
      const day = dayOf(dateOf(record.finishedAtMs))
      increase(day.outcomes, record.outcome)
      day.arms[record.arm] += 1
      if (record.payloadRefused) day.contentRefused += 1
      day.leftOut += record.leftOut ?? 0
      if (record.outcome === 'no_code' && (day.noCode.has(record.member) || day.noCode.size < MOST_MEMBERS_COUNTED))
        increase(day.noCode, record.member)
      if (day.noCode.has(record.member)) increase(day.noCodeAdds, record.member)
      if (NOT_EXPOSED.has(record.outcome)) return
      const latencyMs = record.finishedAtMs - record.receivedAtMs
      if (latencyMs > LATE_AFTER_MS) day.late += 1
      const bucket = latencyBucket(latencyMs)
      day.latency[bucket] = (day.latency[bucket] ?? 0) + 1
    },
    count(counter, by, date) {
      if (isOfADay(counter)) increase(dayOf(date).counters, counter, by)
    },
    restore(restored) {
      for (const totals of restored) addTotals(dayOf(totals.date), totals)
    },
    totals: () => [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, day]) => totalsOf(date, day)),
  }
}
