/** What a cell says when it is read as a date. */
export type SheetDate =
  | {readonly kind: 'date'; readonly date: string}
  /** A day or a month and day, and nothing tells the rest. */
  | {readonly kind: 'month-missing'}
  /** Written like a date, but the calendar has no such day. */
  | {readonly kind: 'no-such-date'; readonly isBareDay: boolean}

const WEEKDAY = '(?:周|星期|礼拜)?[一二三四五六日天]'
/** `三`, `周三`, `星期三`, `Wed`. */
const WEEKDAY_CELL = new RegExp(`^(?:${WEEKDAY}|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?)$`, 'i')
/** ` 周三`, `(三)` behind a date. The day's own 日 has a digit before it and stays. */
const WEEKDAY_BEHIND = new RegExp(`(?:[\\s(]+${WEEKDAY}|(?:周|星期|礼拜)[一二三四五六日天])\\)?$`)
const MIDNIGHT = /[ T]00?:00(?::00(?:\.0+)?)?$/

const FULL = /^(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?$/
const MONTH_DAY = /^(\d{1,2})(?:[-/.月])(\d{1,2})[日号]?$/
const DAY = /^(\d{1,2})[日号]?$/

export const isWeekday = (text: string): boolean => WEEKDAY_CELL.test(text.normalize('NFKC'))

/**
 * Reads `2026-11-25`, `2026/11/25`, `2026年11月25日`, `11/25`, `11月25日`, `25日` and `25`, with or without a weekday behind
 * it; `null` for anything else. Without a year the year is that of `month` (`YYYY-MM`), or the neighbouring one across
 * New Year: a sheet of December goes on into January.
 */
export function parseSheetDate(text: string, month: string | undefined): SheetDate | null {
  const written = text.normalize('NFKC').replace(MIDNIGHT, '').replace(WEEKDAY_BEHIND, '').trim()
  const full = FULL.exec(written)
  if (full) return dated(Number(full[1]), Number(full[2]), Number(full[3]), false)
  const monthDay = MONTH_DAY.exec(written)
  const day = DAY.exec(written)
  if (!monthDay && !day) return null
  if (month === undefined) return {kind: 'month-missing'}
  const [year, ownMonth] = [Number(month.slice(0, 4)), Number(month.slice(5))]
  if (day) return dated(year, ownMonth, Number(day[1]), true)
  const named = Number(monthDay?.[1])
  const nearest = ownMonth === 12 && named === 1 ? year + 1 : ownMonth === 1 && named === 12 ? year - 1 : year
  return dated(nearest, named, Number(monthDay?.[2]), false)
}

function dated(year: number, month: number, day: number, isBareDay: boolean): SheetDate {
  const two = (value: number): string => String(value).padStart(2, '0')
  const date = `${year}-${two(month)}-${two(day)}`
  const ms = Date.parse(`${date}T00:00:00Z`)
  // `Date.parse` rolls 30 February over to March without a word.
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
    ? {kind: 'date', date}
    : {kind: 'no-such-date', isBareDay}
}
