import type {ChosenSlot} from '../model/choice.js'
import {renderTimeOfDay} from '../model/instant.js'
import type {Release, ReleaseSchedule, ReleaseSlot} from '../model/release.js'
import {addDays, type Zone, zoneOf} from '../model/zone.js'
import {
  classOn,
  createHolidayCalendar,
  type HolidayCalendar,
  NAMED_DATE,
  ORDINARY,
  type SlotClass,
  usesCalendar,
} from './day-kind.js'

/** One slot as it runs from one date: half-open in epoch milliseconds. */
export interface Occurrence {
  readonly fromMs: number
  readonly toMs: number
  readonly class: SlotClass
  readonly slot: ReleaseSlot
  readonly name: string
  readonly startsOn: string
  /** For shifts: the roster says who, in lower case; `null` for everybody. */
  readonly members: ReadonlySet<string> | null
}

/** Who asks: only shifts and duty need it. */
export interface Asker {
  readonly member: string
  readonly onDuty?: boolean
}

export interface Timetable {
  readonly zone: Zone
  /** Slots of the highest class that cover the instant; several mean a tie. */
  covering(atMs: number, asker: Asker): readonly Occurrence[]
  /** Every instant strictly between the two at which a slot starts or ends, or what is odd about the answer changes. */
  edgesIn(fromMs: number, toMs: number): number[]
  /** Members in lower case who are on some shift that touches the time between the two. */
  membersIn(fromMs: number, toMs: number): ReadonlySet<string>
  /** True when a slot of today or yesterday asks a calendar that has no rows for that year. */
  isCalendarMissing(atMs: number): boolean
  /** True when shifts exist but their roster is older than it may be. */
  isRosterStale(atMs: number): boolean
}

const DATES_KEPT = 512
const WEEKS_KEPT = 64

/** A schedule's slots by date. Slots belong to the date they start on, so an instant asks its own date and the one before. */
export function createTimetable(schedule: ReleaseSchedule, release: Pick<Release, 'calendars' | 'rosters'>): Timetable {
  const zone = zoneOf(schedule.timezone)
  const years = schedule.calendar === undefined ? undefined : release.calendars[schedule.calendar]
  const calendar = createHolidayCalendar(years)
  const members = new Map<string, ReadonlySet<string>>()
  const byDate = new Map<string, readonly Occurrence[]>()
  const occurrencesOn = (date: string): readonly Occurrence[] => {
    let found = byDate.get(date)
    if (!found) {
      if (byDate.size >= DATES_KEPT) byDate.clear()
      byDate.set(date, (found = startingOn(date, schedule, calendar, release.rosters, zone)))
    }
    return found
  }
  const near = (atMs: number): readonly Occurrence[] => {
    const {date} = zone.localTime(atMs)
    return [...occurrencesOn(addDays(date, -1)), ...occurrencesOn(date)]
  }
  const onShiftBetween = (fromMs: number, toMs: number): ReadonlySet<string> => {
    const found = new Set<string>()
    const last = zone.localTime(toMs).date
    for (let date = addDays(zone.localTime(fromMs).date, -2); date <= last; date = addDays(date, 1))
      for (const run of occurrencesOn(date)) for (const id of run.members ?? []) found.add(id)
    return found
  }
  const rosters = Object.values(release.rosters)
  const hasShifts = allSlots(schedule).some(({shift}) => shift !== undefined)
  const asksCalendar = schedule.calendar !== undefined && allSlots(schedule).some(usesCalendar)
  return {
    zone,
    covering: (atMs, asker) => {
      const holding = near(atMs).filter((run) => atMs >= run.fromMs && atMs < run.toMs && holdsFor(run, asker))
      const top = Math.max(...holding.map((run) => run.class))
      return holding.filter((run) => run.class === top)
    },
    edgesIn: (fromMs, toMs) => {
      const edges: number[] = []
      const keep = (ms: number): void => void (ms > fromMs && ms < toMs && edges.push(ms))
      const last = zone.localTime(toMs).date
      // A slot may have started two local days before, across midnight and a change of the clock.
      for (let date = addDays(zone.localTime(fromMs).date, -2); date <= last; date = addDays(date, 1)) {
        for (const run of occurrencesOn(date)) {
          keep(run.fromMs)
          keep(run.toMs)
        }
        if (asksCalendar && date.endsWith('-01-01')) keep(zone.instantOf(date, 0))
      }
      if (hasShifts) for (const {staleAfterMs} of rosters) keep(staleAfterMs + 1)
      return edges
    },
    membersIn: (fromMs, toMs) => {
      const key = `${fromMs} ${toMs}`
      let found = members.get(key)
      if (!found) {
        if (members.size >= WEEKS_KEPT) members.clear()
        members.set(key, (found = onShiftBetween(fromMs, toMs)))
      }
      return found
    },
    isCalendarMissing: (atMs) => asksCalendar && years?.[zone.localTime(atMs).date.slice(0, 4)] === undefined,
    isRosterStale: (atMs) => hasShifts && rosters.length > 0 && rosters.every(({staleAfterMs}) => atMs > staleAfterMs),
  }
}

export const allSlots = (schedule: ReleaseSchedule): readonly ReleaseSlot[] => [
  ...schedule.slots,
  ...schedule.dates.flatMap(({slots}) => slots),
]

function holdsFor(run: Occurrence, asker: Asker): boolean {
  if (run.members !== null && !run.members.has(asker.member.toLowerCase())) return false
  return run.slot.onDuty !== true || asker.onDuty !== false
}

function startingOn(
  date: string,
  schedule: ReleaseSchedule,
  calendar: HolidayCalendar,
  rosters: Release['rosters'],
  zone: Zone,
): Occurrence[] {
  const entries = schedule.dates
    .map((entry, index) => ({entry, index}))
    .filter(({entry}) => date >= entry.first && date <= entry.last)
  const named = entries.length > 0
  const slots = named
    ? entries.flatMap(({entry, index}) =>
        entry.slots.map((slot) => ({slot, name: `dates[${index}].slots[${slot.index}]`})),
      )
    : schedule.slots.map((slot) => ({slot, name: `slots[${slot.index}]`}))
  const day = calendar.kindOf(date)
  return slots.flatMap(({slot, name}) => {
    if (slot.shift !== undefined) return shiftsOn(date, slot, name, named ? NAMED_DATE : ORDINARY, rosters, zone)
    const found = classOn(slot, day)
    if (found === null) return []
    return [
      {
        ...window(date, slot.from ?? 0, slot.to ?? 0, zone),
        class: named ? NAMED_DATE : found,
        slot,
        name,
        startsOn: date,
        members: null,
      },
    ]
  })
}

/** `to` at or before `from` crosses midnight. */
function window(date: string, from: number, to: number, zone: Zone): {readonly fromMs: number; readonly toMs: number} {
  return {fromMs: zone.instantOf(date, from), toMs: zone.instantOf(to > from ? date : addDays(date, 1), to)}
}

/** A shift may be called `constructor`; what every object has is no shift. */
export const ownValue = <T>(
  values: Readonly<Record<string, T>> | undefined,
  name: string | undefined,
): T | undefined =>
  values !== undefined && name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined

/** A stale roster's shifts count as absent from the instant it grew stale, also in the middle of one. */
function shiftsOn(
  date: string,
  slot: ReleaseSlot,
  name: string,
  slotClass: SlotClass,
  rosters: Release['rosters'],
  zone: Zone,
): Occurrence[] {
  return Object.values(rosters).flatMap((roster) => {
    const shift = ownValue(roster.shifts, slot.shift)
    const members = ownValue(roster.days[date], slot.shift)
    if (!shift || !members) return []
    const {fromMs, toMs} = window(date, shift.from, shift.to, zone)
    const ends = Math.min(toMs, roster.staleAfterMs + 1)
    if (ends <= fromMs) return []
    return [
      {
        fromMs,
        toMs: ends,
        class: slotClass,
        slot,
        name,
        startsOn: date,
        members: new Set(members.map((id) => id.toLowerCase())),
      },
    ]
  })
}

export function chosenSlot({slot, name, startsOn}: Occurrence): ChosenSlot {
  return {
    name,
    ...(slot.from === undefined ? {} : {from: renderTimeOfDay(slot.from)}),
    ...(slot.to === undefined ? {} : {to: renderTimeOfDay(slot.to)}),
    ...(slot.shift === undefined ? {} : {shift: slot.shift}),
    startsOn,
  }
}
