import {
  classOn,
  createHolidayCalendar,
  type DayKind,
  NAMED_DATE,
  ORDINARY,
  type SlotClass,
  usesCalendar,
} from '../greet/day-kind.js'
import {allSlots, ownValue} from '../greet/timetable.js'
import {firstValid, idsIn, isValid} from '../greet/validity.js'
import type {Remark} from '../model/finding.js'
import {renderTimeOfDay} from '../model/instant.js'
import type {Release, ReleaseSchedule, ReleaseSlot, Said} from '../model/release.js'
import {addDays, isZoneName, zoneOf} from '../model/zone.js'
import {HORIZON_DAYS, remark, type Rule} from './rule.js'

const DAY_SECONDS = 86_400

/** A slot on the local clock, in seconds after midnight of the day looked at; a tail of yesterday starts below zero. */
interface Span {
  readonly from: number
  readonly to: number
  readonly class: SlotClass
  readonly slot: ReleaseSlot
  readonly pointer: string
  /** For shifts: who is on them; `null` for everybody. */
  readonly members: readonly string[] | null
}

/**
 * Two slots of one class that cover the same instant with different results are refused with a witness. Days are
 * looked at on the local clock; two days whose slots start alike are looked at once, unless texts have windows.
 */
export const slotsOfOneScheduleAgree: Rule = ({config, release, nowMs}) =>
  [...config.schedules.values()].flatMap((resource) => {
    const schedule = release.schedules[resource.id]
    if (!schedule || !isZoneName(schedule.timezone) || schedule.slots.length + schedule.dates.length < 1) return []
    return [...conflictsOf(schedule, release, nowMs)].map(([pointer, {date, from, to, other}]): Remark =>
      remark(
        resource,
        pointer,
        'slot-overlap',
        'error',
        {
          zh: `与${other}在 ${date} ${renderTimeOfDay(from)}–${renderTimeOfDay(to)} 重叠而内容不同`,
          en: `it overlaps ${other} on ${date} ${renderTimeOfDay(from)}–${renderTimeOfDay(to)} with a different text`,
        },
        {zh: '把其中一个时段改短，或说同一条', en: 'shorten one of the slots, or say the same'},
      ),
    )
  })

interface Conflict {
  readonly date: string
  readonly from: number
  readonly to: number
  readonly other: string
}

function conflictsOf(schedule: ReleaseSchedule, release: Release, nowMs: number): Map<string, Conflict> {
  const found = new Map<string, Conflict>()
  const zone = zoneOf(schedule.timezone)
  const seen = new Set<string>()
  const startingOn = createDayLookup(schedule, release)
  for (const date of datesToLookAt(schedule, zone.localTime(nowMs).date)) {
    const today = startingOn(date)
    const yesterday = startingOn(addDays(date, -1))
    const key = `${today.key}|${yesterday.key}`
    if (seen.has(key)) continue
    const tails = yesterday.spans
      .filter(({to}) => to > DAY_SECONDS)
      .map((span) => ({...span, from: 0, to: span.to - DAY_SECONDS}))
    const spans = [...today.spans, ...tails]
    // A pair whose texts have windows may agree today and differ on a later day that looks the same.
    if (!hasWindows(spans, release)) seen.add(key)
    collect(spans, date, zone, schedule, release, found)
  }
  return found
}

interface DaySpans {
  /** Equal for days whose slots start alike. */
  readonly key: string
  readonly spans: readonly Span[]
}

function createDayLookup(schedule: ReleaseSchedule, release: Release): (date: string) => DaySpans {
  const calendar = createHolidayCalendar(
    schedule.calendar === undefined ? undefined : release.calendars[schedule.calendar],
  )
  const hasShifts = allSlots(schedule).some(({shift}) => shift !== undefined)
  const byKey = new Map<string, DaySpans>()
  return (date) => {
    const day = calendar.kindOf(date)
    const entries = schedule.dates.flatMap(({first, last}, index) => (date >= first && date <= last ? [index] : []))
    const key = `${day.weekday}${day.holiday ? 'h' : ''}${day.makeUp ? 'm' : ''}${entries.join()}${hasShifts ? date : ''}`
    let found = byKey.get(key)
    if (!found) byKey.set(key, (found = {key, spans: spansStartingOn(date, day, entries, schedule, release)}))
    return found
  }
}

function collect(
  spans: readonly Span[],
  date: string,
  zone: ReturnType<typeof zoneOf>,
  schedule: ReleaseSchedule,
  release: Release,
  found: Map<string, Conflict>,
): void {
  for (const [index, a] of spans.entries())
    for (const b of spans.slice(index + 1)) {
      const from = Math.max(a.from, b.from)
      const to = Math.min(a.to, b.to, DAY_SECONDS)
      if (
        a.class !== b.class ||
        a.slot === b.slot ||
        from >= to ||
        !shareSomebody(a, b) ||
        found.has(b.pointer) ||
        isOutranked(spans, a.class, from, to)
      )
        continue
      const atMs = zone.instantOf(date, from)
      const edges = [
        atMs,
        ...windowEdges([a.slot.says, b.slot.says], release).filter(
          (edge) => edge > atMs && edge < zone.instantOf(date, to),
        ),
      ]
      const differ = edges.some(
        (ms) =>
          isValid(schedule, ms) &&
          firstValid(a.slot.says, ms, release.templates) !== firstValid(b.slot.says, ms, release.templates),
      )
      if (differ) found.set(b.pointer, {date, from, to, other: slotName(a.pointer)})
    }
}

/** Two shifts clash only for members who are on both. */
const shareSomebody = (a: Span, b: Span): boolean =>
  a.members === null || b.members === null || a.members.some((id) => b.members?.includes(id))

/** A higher class that covers the whole overlap decides alone. */
const isOutranked = (spans: readonly Span[], rank: SlotClass, from: number, to: number): boolean =>
  spans.some(
    (span) =>
      span.class > rank &&
      span.from <= from &&
      span.to >= to &&
      span.slot.shift === undefined &&
      span.slot.onDuty !== true,
  )

/** Slots that only weekdays choose and that never overlap on the clock cannot clash; all others are looked at for a year. */
function datesToLookAt(schedule: ReleaseSchedule, today: string): string[] {
  const slots = allSlots(schedule)
  const isWeekly = schedule.dates.length === 0 && !slots.some((slot) => slot.shift !== undefined || usesCalendar(slot))
  if (isWeekly && !mayTie(slots)) return []
  const ahead = Array.from({length: HORIZON_DAYS}, (_, day) => addDays(today, day - 1))
  const named = schedule.dates.flatMap(({first, last}) => [first, addDays(first, 1), last, addDays(last, 1)])
  return named.length === 0 ? ahead : [...new Set([...ahead, ...named])].sort()
}

/** Slots on one local clock that overlap at all on some days; only these can disagree later. */
function mayTie(slots: readonly ReleaseSlot[]): boolean {
  const spans = slots.flatMap(({from = 0, to = 0}) =>
    to > from
      ? [[from, to]]
      : [
          [from, DAY_SECONDS],
          [0, to],
        ],
  )
  const sorted = spans.filter(([from = 0, to = 0]) => to > from).sort(([a = 0], [b = 0]) => a - b)
  return sorted.some(([from = 0], index) => index > 0 && from < (sorted[index - 1]?.[1] ?? 0))
}

function spansStartingOn(
  date: string,
  day: DayKind,
  entries: readonly number[],
  schedule: ReleaseSchedule,
  release: Release,
): Span[] {
  const named = entries.length > 0
  const slots = named
    ? entries.flatMap((entry) =>
        (schedule.dates[entry]?.slots ?? []).map((slot) => ({slot, pointer: `/dates/${entry}/slots/${slot.index}`})),
      )
    : schedule.slots.map((slot) => ({slot, pointer: `/slots/${slot.index}`}))
  return slots.flatMap(({slot, pointer}): Span[] => {
    if (slot.shift !== undefined) return shiftSpans(date, slot, pointer, named, release)
    const rank = classOn(slot, day)
    const {from = 0, to = 0} = slot
    if (rank === null || from === to) return []
    return [
      {from, to: to > from ? to : to + DAY_SECONDS, class: named ? NAMED_DATE : rank, slot, pointer, members: null},
    ]
  })
}

/** A shift can only clash where somebody is on it. */
function shiftSpans(date: string, slot: ReleaseSlot, pointer: string, named: boolean, {rosters}: Release): Span[] {
  return Object.values(rosters).flatMap((roster) => {
    const shift = ownValue(roster.shifts, slot.shift)
    const members = ownValue(roster.days[date], slot.shift) ?? []
    if (!shift || members.length === 0) return []
    const {from, to} = shift
    return [{from, to: to > from ? to : to + DAY_SECONDS, class: named ? NAMED_DATE : ORDINARY, slot, pointer, members}]
  })
}

/** `/dates/0/slots/1` → `dates[0].slots[1]`, as explanations name it. */
const slotName = (pointer: string): string =>
  pointer
    .slice(1)
    .replaceAll(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.')

const hasWindows = (spans: readonly Span[], release: Release): boolean =>
  windowEdges(
    spans.map(({slot}) => slot.says),
    release,
  ).length > 0

const windowEdges = (says: readonly Said[], {templates}: Release): number[] =>
  says
    .flatMap(idsIn)
    .flatMap((id) => [templates[id]?.validFromMs, templates[id]?.validToMs].filter((ms) => ms !== undefined))
