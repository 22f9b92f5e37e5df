import type {Choice, Query} from '../model/choice.js'
import type {Release, ReleaseSchedule} from '../model/release.js'
import {addDays} from '../model/zone.js'
import type {Greeter} from './create-greeter.js'
import type {CompiledSchedule} from './say-at.js'
import type {Timetable} from './timetable.js'

const HORIZON_DAYS = 400
const DAY_MS = 86_400_000

export interface NextChange {
  readonly atMs: number
  /** What is said from then on; `null` when nothing is said on purpose or the built-in text is. */
  readonly template: string | null
}

/** A stretch in which nothing changes, and what ends it; `null` where the search stopped without a change. */
interface Quiet {
  readonly fromMs: number
  readonly untilMs: number
  readonly next: NextChange | null
}

/**
 * Finds the first instant after a query at which the member says something else; `null` within the next 400 days. What
 * was searched for one question is not searched again for a later one about the same member and state.
 */
export function createNextChangeFinder(greeter: Greeter, release: Release): (query: Query) => NextChange | null {
  const known = new Map<string, Quiet>()
  return (query) => {
    const key = JSON.stringify([query.member.toLowerCase(), query.state ?? '', query.onDuty ?? null])
    const quiet = known.get(key)
    const isCovered = quiet !== undefined && query.atMs >= quiet.fromMs && query.atMs < quiet.untilMs
    if (isCovered && quiet.next) return quiet.next
    const untilMs = query.atMs + HORIZON_DAYS * DAY_MS
    const next = search(greeter, release, query, isCovered ? quiet.untilMs : query.atMs, untilMs)
    known.set(key, {fromMs: isCovered ? quiet.fromMs : query.atMs, untilMs: next?.atMs ?? untilMs, next})
    return next
  }
}

function search(greeter: Greeter, release: Release, query: Query, fromMs: number, untilMs: number): NextChange | null {
  const now = greeter.choose(query)
  for (const atMs of edgesBetween(greeter, release, query, fromMs, untilMs)) {
    const then = greeter.choose({...query, atMs})
    if (!saysTheSame(now, then)) return {atMs, template: then.template}
  }
  return null
}

const saysTheSame = (a: Choice, b: Choice): boolean => a.template === b.template && a.silent === b.silent

/** Every instant at which a decision about this member may change, in order, day by day so that near ones come cheap. */
function* edgesBetween(
  greeter: Greeter,
  release: Release,
  query: Query,
  fromMs: number,
  untilMs: number,
): Generator<number> {
  const member = greeter.people.find(query.member)
  const schedules = greeter.relevantSchedules(query)
  const fixed = [
    ...(member ? successionEdges(greeter, query.member) : []),
    ...validityEdges(schedules, release),
    ...rosterEdges(release),
  ]
  const timetables = distinctTimetables(schedules)
  for (let dayMs = fromMs; dayMs < untilMs; dayMs += DAY_MS) {
    const endMs = Math.min(dayMs + DAY_MS, untilMs)
    const daily = timetables.flatMap((timetable) => {
      const {date} = timetable.zone.localTime(dayMs)
      return [-1, 0, 1].flatMap((offset) => timetable.edgesOn(addDays(date, offset)))
    })
    const due = [...fixed, ...daily].filter((edge) => edge > query.atMs && edge >= dayMs && edge < endMs)
    yield* [...new Set(due)].sort((a, b) => a - b)
  }
}

/** Schedules with the same slots have the same edges. */
function distinctTimetables(schedules: readonly CompiledSchedule[]): Timetable[] {
  const slotted = schedules.filter(({schedule}) => schedule.slots.length + schedule.dates.length > 0)
  const keyOf = ({timezone, calendar, slots, dates}: ReleaseSchedule): string =>
    JSON.stringify([timezone, calendar, slots, dates])
  return [...new Map(slotted.map(({schedule, timetable}) => [keyOf(schedule), timetable])).values()]
}

const defined = (values: readonly (number | undefined)[]): number[] => values.filter((value) => value !== undefined)

function validityEdges(schedules: readonly CompiledSchedule[], release: Release): number[] {
  const windows = [...schedules.map(({schedule}) => schedule), ...Object.values(release.templates)]
  return defined(windows.flatMap(({validFromMs, validToMs}) => [validFromMs, validToMs]))
}

/** The instant after a roster's last good one. */
const rosterEdges = (release: Release): number[] =>
  Object.values(release.rosters).map(({staleAfterMs}) => staleAfterMs + 1)

/** A leaver's answer changes when anybody in the line of succession changes. */
function successionEdges(greeter: Greeter, id: string): number[] {
  const edges: number[] = []
  const seen = new Set<string>()
  for (let next: string | undefined = id; next !== undefined && !seen.has(next.toLowerCase());) {
    seen.add(next.toLowerCase())
    const person = greeter.people.find(next)
    if (person) edges.push(...greeter.people.edgesOf(person))
    next = person?.successor ?? person?.leader
  }
  return edges
}
