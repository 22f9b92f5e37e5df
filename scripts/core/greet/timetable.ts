import type {ChosenSlot} from '../model/choice.js'
import {renderTimeOfDay} from '../model/instant.js'
import type {Release, ReleaseSchedule, ReleaseSlot} from '../model/release.js'
import {dateOfDay, type Zone, zoneOf} from '../model/zone.js'
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

const DAYS_KEPT = 512
const SPANS_KEPT = 64

/** A slot with its name in explanations. */
interface NamedSlot {
  readonly slot: ReleaseSlot
  readonly name: string
}

/** A schedule's slots by date. Slots belong to the date they start on, so an instant asks its own date and the one before. */
export function createTimetable(schedule: ReleaseSchedule, release: Pick<Release, 'calendars' | 'rosters'>): Timetable {
  const zone = zoneOf(schedule.timezone)
  const years = schedule.calendar === undefined ? undefined : release.calendars[schedule.calendar]
  const slotsOn = createSlotFinder(schedule)
  const calendar = createHolidayCalendar(years)
  const members = new Map<string, ReadonlySet<string>>()
  const byDay = new Map<number, readonly Occurrence[]>()
  const occurrencesOn = (day: number): readonly Occurrence[] => {
    let found = byDay.get(day)
    if (!found) {
      if (byDay.size >= DAYS_KEPT) byDay.clear()
      byDay.set(day, (found = startingOn(day, slotsOn(dateOfDay(day)), calendar, release.rosters, zone)))
    }
    return found
  }
  const onShiftBetween = (fromMs: number, toMs: number): ReadonlySet<string> => {
    const found = new Set<string>()
    const last = zone.dayAt(toMs)
    for (let day = zone.dayAt(fromMs) - 2; day <= last; day++)
      for (const run of occurrencesOn(day)) for (const id of run.members ?? []) found.add(id)
    return found
  }
  const rosters = Object.values(release.rosters)
  const hasShifts = allSlots(schedule).some(({shift}) => shift !== undefined)
  const asksCalendar = schedule.calendar !== undefined && allSlots(schedule).some(usesCalendar)
  return {
    zone,
    covering: (atMs, asker) => {
      const day = zone.dayAt(atMs)
      let holding: Occurrence[] = []
      for (const runs of [occurrencesOn(day - 1), occurrencesOn(day)])
        for (const run of runs) {
          if (atMs < run.fromMs || atMs >= run.toMs || !holdsFor(run, asker)) continue
          const top = holding[0]?.class ?? run.class
          if (run.class > top) holding = [run]
          else if (run.class === top) holding.push(run)
        }
      return holding
    },
    edgesIn: (fromMs, toMs) => {
      const edges: number[] = []
      const keep = (ms: number): void => void (ms > fromMs && ms < toMs && edges.push(ms))
      const last = zone.dayAt(toMs)
      // A slot may have started two local days before, across midnight and a change of the clock.
      for (let day = zone.dayAt(fromMs) - 2; day <= last; day++) {
        for (const run of occurrencesOn(day)) {
          keep(run.fromMs)
          keep(run.toMs)
        }
        if (asksCalendar && dateOfDay(day).endsWith('-01-01')) keep(zone.instantOn(day, 0))
      }
      if (hasShifts) for (const {staleAfterMs} of rosters) keep(staleAfterMs + 1)
      return edges
    },
    membersIn: (fromMs, toMs) => {
      const key = `${fromMs} ${toMs}`
      let found = members.get(key)
      if (!found) {
        if (members.size >= SPANS_KEPT) members.clear()
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

interface SlotsOfDate {
  readonly slots: readonly NamedSlot[]
  /** They stand under `dates`. */
  readonly isNamed: boolean
}

/** Slots under `dates` replace the weekly ones on their dates. */
function createSlotFinder(schedule: ReleaseSchedule): (date: string) => SlotsOfDate {
  const weekly = {slots: schedule.slots.map((slot) => ({slot, name: `slots[${slot.index}]`})), isNamed: false}
  if (schedule.dates.length === 0) return () => weekly
  const entries = schedule.dates.map(({first, last, slots}, index) => ({
    first,
    last,
    slots: slots.map((slot) => ({slot, name: `dates[${index}].slots[${slot.index}]`})),
  }))
  return (date) => {
    const named = entries.filter(({first, last}) => date >= first && date <= last)
    return named.length === 0 ? weekly : {slots: named.flatMap(({slots}) => slots), isNamed: true}
  }
}

function startingOn(
  day: number,
  {slots, isNamed}: SlotsOfDate,
  calendar: HolidayCalendar,
  rosters: Release['rosters'],
  zone: Zone,
): Occurrence[] {
  const occurrences: Occurrence[] = []
  const startsOn = dateOfDay(day)
  const kind = calendar.kindOf(startsOn)
  for (const {slot, name} of slots) {
    if (slot.shift !== undefined) {
      occurrences.push(...shiftsOn(day, slot, name, isNamed ? NAMED_DATE : ORDINARY, rosters, zone))
      continue
    }
    const found = classOn(slot, kind)
    if (found === null) continue
    const {fromMs, toMs} = window(day, slot.from ?? 0, slot.to ?? 0, zone)
    occurrences.push({fromMs, toMs, class: isNamed ? NAMED_DATE : found, slot, name, startsOn, members: null})
  }
  return occurrences
}

/** `to` at or before `from` crosses midnight. */
function window(day: number, from: number, to: number, zone: Zone): {readonly fromMs: number; readonly toMs: number} {
  return {fromMs: zone.instantOn(day, from), toMs: zone.instantOn(to > from ? day : day + 1, to)}
}

/** A shift may be called `constructor`; what every object has is no shift. */
export const ownValue = <T>(
  values: Readonly<Record<string, T>> | undefined,
  name: string | undefined,
): T | undefined =>
  values !== undefined && name !== undefined && Object.hasOwn(values, name) ? values[name] : undefined

/** A stale roster's shifts count as absent from the instant it grew stale, also in the middle of one. */
function shiftsOn(
  day: number,
  slot: ReleaseSlot,
  name: string,
  slotClass: SlotClass,
  rosters: Release['rosters'],
  zone: Zone,
): Occurrence[] {
  const date = dateOfDay(day)
  return Object.values(rosters).flatMap((roster) => {
    const shift = ownValue(roster.shifts, slot.shift)
    const members = ownValue(roster.days[date], slot.shift)
    if (!shift || !members) return []
    const {fromMs, toMs} = window(day, shift.from, shift.to, zone)
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
