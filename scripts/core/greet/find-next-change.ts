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

/** The first instant after the query at which the member says something else; `null` within the next 400 days. */
export function findNextChange(greeter: Greeter, release: Release, query: Query): NextChange | null {
  const now = greeter.choose(query)
  for (const atMs of edgesAfter(greeter, release, query)) {
    const then = greeter.choose({...query, atMs})
    if (!saysTheSame(now, then)) return {atMs, template: then.template}
  }
  return null
}

const saysTheSame = (a: Choice, b: Choice): boolean => a.template === b.template && a.silent === b.silent

/** Every instant at which a decision about this member may change, in order, day by day so that near ones come cheap. */
function* edgesAfter(greeter: Greeter, release: Release, query: Query): Generator<number> {
  const {atMs} = query
  const member = greeter.people.find(query.member)
  const schedules = greeter.relevantSchedules(member, query.state)
  const fixed = [
    ...(member ? successionEdges(greeter, query.member) : []),
    ...validityEdges(schedules, release),
    ...rosterEdges(release),
  ]
  const timetables = distinctTimetables(schedules)
  for (let day = 0; day <= HORIZON_DAYS; day++) {
    const fromMs = atMs + day * DAY_MS
    const untilMs = fromMs + DAY_MS
    const daily = timetables.flatMap((timetable) => {
      const {date} = timetable.zone.localTime(fromMs)
      return [-1, 0, 1].flatMap((offset) => timetable.edgesOn(addDays(date, offset)))
    })
    const due = [...fixed, ...daily].filter((edge) => edge > atMs && edge >= fromMs && edge < untilMs)
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
