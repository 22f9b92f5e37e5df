import type {DayWord, ReleaseCalendarYear, ReleaseSlot} from '../model/release.js'
import {type Weekday, weekdayOf} from '../model/zone.js'

/** What a date is, by weekday and by the reviewed calendar. */
export interface DayKind {
  readonly weekday: Weekday
  readonly holiday: boolean
  /** A make-up workday (调休上班). */
  readonly makeUp: boolean
  /** False when the calendar has no rows for this year: then plain weekdays decide, and it is reported. */
  readonly known: boolean
}

export interface HolidayCalendar {
  kindOf(date: string): DayKind
}

const KINDS_KEPT = 4096
const NO_YEARS: Readonly<Record<string, ReleaseCalendarYear>> = {}
/** Schedules share their calendar. */
const calendars = new WeakMap<Readonly<Record<string, ReleaseCalendarYear>>, HolidayCalendar>()

export function createHolidayCalendar(
  years: Readonly<Record<string, ReleaseCalendarYear>> = NO_YEARS,
): HolidayCalendar {
  let calendar = calendars.get(years)
  if (!calendar) calendars.set(years, (calendar = indexYears(years)))
  return calendar
}

function indexYears(years: Readonly<Record<string, ReleaseCalendarYear>>): HolidayCalendar {
  const holidays = new Set(Object.values(years).flatMap((year) => year.holidays))
  const workdays = new Set(Object.values(years).flatMap((year) => year.workdays))
  const kinds = new Map<string, DayKind>()
  return {
    kindOf: (date) => {
      let kind = kinds.get(date)
      if (!kind) {
        if (kinds.size >= KINDS_KEPT) kinds.clear()
        const known = years[date.slice(0, 4)] !== undefined
        kind = {weekday: weekdayOf(date), holiday: holidays.has(date), makeUp: workdays.has(date), known}
        kinds.set(date, kind)
      }
      return kind
    },
  }
}

const isSaturdayOrSunday = ({weekday}: DayKind): boolean => weekday === 'sat' || weekday === 'sun'

/** Named weekdays are plain weekdays, whatever the calendar says. */
export function isDayWord(word: DayWord, day: DayKind): boolean {
  if (word === 'workday') return day.makeUp || (!isSaturdayOrSunday(day) && !day.holiday)
  if (word === 'weekend') return isSaturdayOrSunday(day) && !day.holiday && !day.makeUp
  if (word === 'holiday') return day.holiday
  return word === day.weekday
}

export const CALENDAR_WORDS: readonly DayWord[] = ['workday', 'weekend', 'holiday']

export const usesCalendar = ({days}: Pick<ReleaseSlot, 'days'>): boolean =>
  Array.isArray(days) && days.some((word) => CALENDAR_WORDS.includes(word as DayWord))

/** Which of two slots that cover one instant decides: the higher class. */
export type SlotClass = 1 | 2 | 3
export const ORDINARY: SlotClass = 1
export const SPECIAL: SlotClass = 2
export const NAMED_DATE: SlotClass = 3

/** The class of a slot that starts on this day, or `null` where it does not start on it. Shifts are asked of the roster. */
export function classOn({days}: Pick<ReleaseSlot, 'days'>, day: DayKind): SlotClass | null {
  if (days === undefined || days === 'all') return ORDINARY
  if (!days.some((word) => isDayWord(word, day))) return null
  const special = (day.holiday && days.includes('holiday')) || (day.makeUp && days.includes('workday'))
  return special ? SPECIAL : ORDINARY
}
