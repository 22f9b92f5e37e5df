import type {WrittenCalendar} from '../model/written.js'
import {addDays} from '../model/zone.js'

export type WrittenYear = WrittenCalendar['years'][string]

/** What a year's notice says; every date stands alone and in order. */
export interface HolidayYear {
  readonly year: string
  readonly holidays: readonly {readonly date: string; readonly name: string}[]
  /** Make-up workdays (调休上班日). */
  readonly workdays: readonly string[]
  /** Where the dates come from. */
  readonly source: string
}

/** Days in a row, whatever they are called; both ends are included. */
export interface Holiday {
  readonly first: string
  readonly last: string
  readonly name: string
}

export function holidaysInRow({holidays}: HolidayYear): Holiday[] {
  const found: Holiday[] = []
  for (const {date, name} of holidays) {
    const last = found.at(-1)
    if (last && addDays(last.last, 1) === date) {
      const names = last.name.split('、')
      found[found.length - 1] = {...last, last: date, name: names.includes(name) ? last.name : `${last.name}、${name}`}
    } else found.push({first: date, last: date, name})
  }
  return found
}

/** Dates on which the two differ, and what each says of them. */
export interface DayDifference {
  readonly date: string
  readonly written: DayWord
  readonly known: DayWord
}

export type DayWord = 'holiday' | 'workday' | 'ordinary'

/** Empty when the written year says of every date what the known one says. */
export function compareYear(written: WrittenYear, known: HolidayYear): DayDifference[] {
  const holidays = new Set(written.holidays.flatMap(datesOf))
  const workdays = new Set(written.workdays)
  const knownHolidays = new Set(known.holidays.map(({date}) => date))
  const knownWorkdays = new Set(known.workdays)
  const word = (date: string, free: ReadonlySet<string>, work: ReadonlySet<string>): DayWord =>
    free.has(date) ? 'holiday' : work.has(date) ? 'workday' : 'ordinary'
  return [...new Set([...holidays, ...workdays, ...knownHolidays, ...knownWorkdays])]
    .sort()
    .map((date) => ({
      date,
      written: word(date, holidays, workdays),
      known: word(date, knownHolidays, knownWorkdays),
    }))
    .filter((day) => day.written !== day.known)
}

/** A range as its dates; one whose end comes first has none. */
function datesOf(days: WrittenYear['holidays'][number]): string[] {
  if (typeof days === 'string') return [days]
  const [first = '', last = ''] = days
  const dates: string[] = []
  for (let date = first; date <= last; date = addDays(date, 1)) dates.push(date)
  return dates
}
