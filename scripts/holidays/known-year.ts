import table from 'chinese-days/dist/chinese-days.json' with {type: 'json'}
import chineseDays from 'chinese-days/package.json' with {type: 'json'}
import type {HolidayYear} from '../core/calendar/holiday-year.js'

/** Dates to `English name,中文名,days`. */
type Rows = Readonly<Record<string, string>>

/** Written in every notice, so a year without them is not in the table, whatever its neighbours bring into it. */
const ALWAYS = ['01-01', '10-01']

/**
 * A year's holidays and make-up workdays; `null` where the library has no rows. The table itself is read: the library's
 * functions answer a year it lacks as if it had no holidays, and go wrong by a day west of Greenwich.
 */
export function findKnownYear(year: string): HolidayYear | null {
  const holidays: Rows = table.holidays
  const workdays: Rows = table.workdays
  if (ALWAYS.some((day) => holidays[`${year}-${day}`] === undefined)) return null
  const ofYear = (rows: Rows): [string, string][] =>
    Object.entries(rows)
      .filter(([date]) => date.startsWith(`${year}-`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    year,
    holidays: ofYear(holidays).map(([date, names]) => ({date, name: names.split(',')[1] ?? names})),
    workdays: ofYear(workdays).map(([date]) => date),
    source: `chinese-days ${chineseDays.version}`,
  }
}
