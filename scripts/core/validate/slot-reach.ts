import {classOn, createHolidayCalendar, type HolidayCalendar, usesCalendar} from '../greet/day-kind.js'
import {createTimetable, type Timetable} from '../greet/timetable.js'
import {idsIn, isValid} from '../greet/validity.js'
import type {Release, ReleaseSchedule, ReleaseSlot} from '../model/release.js'
import {addDays, type Zone, zoneOf} from '../model/zone.js'
import {HORIZON_DAYS} from './rule.js'

/** Why a slot never decides: its day never comes, something higher always covers it, or what it says is not in validity. */
export type Unreached = 'never-starts' | 'always-covered' | 'nothing-valid'

/** Undefined where the slot decides at some instant, or where the calendar cannot tell. Shifts are not asked here. */
export type SlotReach = (slot: ReleaseSlot, entry?: ReleaseSchedule['dates'][number]) => Unreached | undefined

const DAY_MS = 86_400_000

/** Nearly every schedule: weekly slots alone, all times, texts without windows. Then each slot has its turn within a week. */
export const isPlainlyReached = (schedule: ReleaseSchedule, release: Release): boolean =>
  schedule.dates.length === 0 &&
  schedule.validFromMs === undefined &&
  schedule.validToMs === undefined &&
  schedule.slots.every((slot) => !usesCalendar(slot) && isAlwaysSayable(slot, release))

/**
 * Looks at the year before and the year after `nowMs`, inside the schedule's validity; a slot of named dates is looked at
 * on its own dates, past ones too. So a slot that waits for its season is not taken for a dead one.
 */
export function createSlotReach(schedule: ReleaseSchedule, release: Release, nowMs: number): SlotReach {
  const zone = zoneOf(schedule.timezone)
  const fromMs = schedule.validFromMs ?? nowMs - HORIZON_DAYS * DAY_MS
  const untilMs = schedule.validToMs ?? Math.max(nowMs, fromMs) + HORIZON_DAYS * DAY_MS
  const calendar = createHolidayCalendar(
    schedule.calendar === undefined ? undefined : release.calendars[schedule.calendar],
  )
  let timetable: Timetable | undefined
  const look: Look = {
    release,
    zone,
    calendar,
    fromMs,
    untilMs,
    table: () => (timetable ??= createTimetable(schedule, release)),
  }
  const first = addDays(zone.localTime(fromMs).date, -1)
  const last = zone.localTime(untilMs - 1).date
  const isNamed = (date: string): boolean => schedule.dates.some((entry) => date >= entry.first && date <= entry.last)
  return (slot, entry) => {
    if (slot.shift !== undefined || slot.from === slot.to) return undefined
    if (entry) return unreachedOn(datesFrom(entry.first, entry.last), slot, {...look, ...ownWindow(schedule)})
    return unreachedOn(datesFrom(first, last, isNamed), slot, look)
  }
}

/** Named dates may lie any time ago or ahead. */
const ownWindow = ({validFromMs, validToMs}: ReleaseSchedule): Pick<Look, 'fromMs' | 'untilMs'> => ({
  fromMs: validFromMs ?? Number.NEGATIVE_INFINITY,
  untilMs: validToMs ?? Number.POSITIVE_INFINITY,
})

interface Look {
  readonly release: Release
  readonly zone: Zone
  readonly calendar: HolidayCalendar
  readonly fromMs: number
  readonly untilMs: number
  readonly table: () => Timetable
}

function* datesFrom(first: string, last: string, leaveOut: (date: string) => boolean = () => false): Generator<string> {
  for (let date = first, count = 0; date <= last && count < 2 * HORIZON_DAYS + 2; date = addDays(date, 1), count++)
    if (!leaveOut(date)) yield date
}

const isAlwaysSayable = ({says}: ReleaseSlot, {templates}: Release): boolean =>
  says === 'silent' ||
  says.some((id) => templates[id]?.validFromMs === undefined && templates[id]?.validToMs === undefined)

function unreachedOn(dates: Iterable<string>, slot: ReleaseSlot, look: Look): Unreached | undefined {
  const asksCalendar = usesCalendar(slot)
  let worst: Unreached = 'never-starts'
  let known = 0
  let isUnknown = false
  for (const date of dates) {
    const day = look.calendar.kindOf(date)
    if (asksCalendar && !day.known) {
      isUnknown = true
      continue
    }
    known++
    if (classOn(slot, day) === null) continue
    const found = fateOf(slot, date, look)
    if (found === 'decides') return undefined
    if (found === 'nothing-valid' || (found === 'always-covered' && worst === 'never-starts')) worst = found
  }
  // A year that the calendar has tells for the others; less than that does not.
  return isUnknown && known < 365 ? undefined : worst
}

/** What becomes of the slot that starts on this date, as far as the window goes. */
function fateOf(slot: ReleaseSlot, date: string, {release, zone, fromMs, untilMs, table}: Look): Unreached | 'decides' {
  const {from = 0, to = 0} = slot
  const start = Math.max(fromMs, zone.instantOf(date, from))
  const end = Math.min(untilMs, zone.instantOf(to > from ? date : addDays(date, 1), to))
  if (start >= end) return 'never-starts'
  const templates = idsIn(slot.says).map((id) => release.templates[id])
  const edges = templates
    .flatMap((template) => [template?.validFromMs, template?.validToMs])
    .filter((ms): ms is number => ms !== undefined && ms > start && ms < end)
  let isCovered = true
  for (const atMs of [start, ...edges, ...table().edgesIn(start, end)]) {
    // Nobody is on shift or on duty: those slots hold for some members only and hide nothing from the others.
    const asker = {member: '', onDuty: slot.onDuty === true}
    if (
      !table()
        .covering(atMs, asker)
        .some((run) => run.slot === slot)
    )
      continue
    isCovered = false
    if (slot.says === 'silent' || templates.some((template) => isValid(template, atMs))) return 'decides'
  }
  return isCovered ? 'always-covered' : 'nothing-valid'
}
