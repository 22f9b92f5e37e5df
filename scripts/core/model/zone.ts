import {Temporal} from 'temporal-polyfill'

/** A local date as `YYYY-MM-DD` and the second of its day. */
export interface LocalTime {
  readonly date: string
  readonly secondOfDay: number
}

/** One IANA zone, answering in arithmetic: conversions through Temporal cost 11 µs each. */
export interface Zone {
  readonly name: string
  localTime(ms: number): LocalTime
  /**
   * The instant at which a local clock shows `secondOfDay` (0–86400) on `date`. In a gap it is the first valid instant
   * after it; in a repeated hour it is the first occurrence.
   */
  instantOf(date: string, secondOfDay: number): number
  /** The same by the number of the day (see {@link dayNumber}). */
  instantOn(day: number, secondOfDay: number): number
  /** The number of the local day an instant falls on. */
  dayAt(ms: number): number
  /** Offset from UTC in milliseconds. */
  offsetMs(ms: number): number
}

const DAY_MS = 86_400_000
const TABLE_FROM_MS = Date.UTC(2000, 0, 1)
const TABLE_TO_MS = Date.UTC(2060, 0, 1)

/** Offset in force from `fromMs` on, until the next row. */
interface OffsetRow {
  readonly fromMs: number
  readonly offsetMs: number
}

const zones = new Map<string, Zone>()

/** `name` must be a valid zone (see {@link isZoneName}); a zone is computed once. */
export function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (!zone) zones.set(name, (zone = createZone(name)))
  return zone
}

/** `Area/City` names and `UTC` only: `EST`, `CST`, `GMT+8` and `Etc/GMT-8` mean different things to different people. */
export function isZoneName(name: string): boolean {
  let known = zoneNames.get(name)
  if (known === undefined) zoneNames.set(name, (known = asksZone(name)))
  return known
}

const zoneNames = new Map<string, boolean>()

function asksZone(name: string): boolean {
  if (name === 'UTC') return true
  if (!/^[A-Z][A-Za-z_]*(\/[A-Za-z0-9_+-]+)+$/.test(name) || name.startsWith('Etc/')) return false
  try {
    new Intl.DateTimeFormat('en', {timeZone: name})
    return true
  } catch {
    return false
  }
}

function createZone(name: string): Zone {
  const table = offsetTable(name)
  const offsetMs = (ms: number): number => {
    let low = 0
    let high = table.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((table[middle]?.fromMs ?? 0) <= ms) low = middle
      else high = middle - 1
    }
    return table[low]?.offsetMs ?? 0
  }
  const instantOn = (day: number, secondOfDay: number): number => {
    const local = day * DAY_MS + secondOfDay * 1000
    const before = offsetMs(local - DAY_MS)
    const after = offsetMs(local + DAY_MS)
    // Nearly every day has one offset.
    if (before === after) return local - before
    const found = [local - before, local - after].filter((ms) => ms + offsetMs(ms) === local)
    return found.length > 0 ? Math.min(...found) : gapEnd(table, local)
  }
  return {
    name,
    offsetMs,
    instantOn,
    instantOf: (date, secondOfDay) => instantOn(dayNumber(date), secondOfDay),
    dayAt: (ms) => Math.floor((ms + offsetMs(ms)) / DAY_MS),
    localTime: (ms) => {
      const local = ms + offsetMs(ms)
      const day = Math.floor(local / DAY_MS)
      return {date: dateOfDay(day), secondOfDay: Math.floor((local - day * DAY_MS) / 1000)}
    },
  }
}

/** Days since 1970-01-01 of a calendar date. */
export const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS

const DATES_KEPT = 20_000
const dates = new Map<number, string>()

/** The calendar date of a day number. */
export function dateOfDay(day: number): string {
  let date = dates.get(day)
  if (date === undefined) {
    if (dates.size >= DATES_KEPT) dates.clear()
    dates.set(day, (date = new Date(day * DAY_MS).toISOString().slice(0, 10)))
  }
  return date
}

/** The jump that skips `local`: the first row whose local start lies beyond it while the row before ended below it. */
function gapEnd(table: readonly OffsetRow[], local: number): number {
  const row = table.find(({fromMs, offsetMs}, index) => {
    const before = table[index - 1]
    return before !== undefined && local >= fromMs + before.offsetMs && local < fromMs + offsetMs
  })
  if (!row) throw new RangeError(`no instant for local time ${new Date(local).toISOString()}`)
  return row.fromMs
}

function offsetTable(name: string): OffsetRow[] {
  const rows: OffsetRow[] = []
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(TABLE_FROM_MS).toZonedDateTimeISO(name)
  while (at !== null && at.epochMilliseconds < TABLE_TO_MS) {
    rows.push({
      fromMs: rows.length === 0 ? Number.NEGATIVE_INFINITY : at.epochMilliseconds,
      offsetMs: at.offsetNanoseconds / 1e6,
    })
    at = at.getTimeZoneTransition('next')
  }
  return rows
}

/** The calendar date `days` later. */
export const addDays = (date: string, days: number): string => dateOfDay(dayNumber(date) + days)

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export const weekdayOf = (date: string): Weekday => WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun'

/** RFC 3339 with the zone's offset, to the second (or the millisecond where there is one). */
export function renderInstant(ms: number, zone: Zone): string {
  const offset = zone.offsetMs(ms)
  const local = new Date(ms + offset).toISOString()
  const minutes = Math.abs(Math.round(offset / 60_000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const sign = offset < 0 ? '-' : '+'
  return `${local.slice(0, 19)}${ms % 1000 ? local.slice(19, 23) : ''}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
