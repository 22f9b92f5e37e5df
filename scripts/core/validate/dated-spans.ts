import {idsIn} from '../greet/validity.js'
import type {ReleaseSchedule, ReleaseSlot} from '../model/release.js'
import {addDays, weekdayOf, type Zone, zoneOf} from '../model/zone.js'
import type {Checked} from './rule.js'

/** Over how many days a text with dates may be said; `undated` where nothing ends it or where nobody says it. */
export type DatedSpan = 'undated' | 'day' | 'week' | 'longer'

export interface DatedSpans {
  of(templateId: string): DatedSpan
}

/** A text is dated by its own validity, or where only slots on named dates say it. */
export function createDatedSpans({release}: Pick<Checked, 'release'>): DatedSpans {
  const zone = zoneOf(release.timezone)
  const bySlots = datesOfSlots(Object.values(release.schedules))
  return {
    of: (id) => {
      const window = release.templates[id]
      if (window?.validFromMs !== undefined && window.validToMs !== undefined)
        return spanBetween(dateAt(zone, window.validFromMs), dateAt(zone, window.validToMs - 1))
      if (window?.validFromMs !== undefined || window?.validToMs !== undefined) return 'longer'
      const dates = bySlots.get(id)
      return dates === undefined || release.greet.successor === id ? 'undated' : spanBetween(...dates)
    },
  }
}

const dateAt = (zone: Zone, ms: number): string => zone.localTime(ms).date

function spanBetween(first: string, last: string): DatedSpan {
  if (first === last) return 'day'
  return mondayOf(first) === mondayOf(last) ? 'week' : 'longer'
}

const DAYS_AFTER_MONDAY = {mon: 0, tue: 1, wed: 2, thu: 3, fri: 4, sat: 5, sun: 6} as const

const mondayOf = (date: string): string => addDays(date, -DAYS_AFTER_MONDAY[weekdayOf(date)])

/** First and last date of each template that nothing but slots on named dates says. */
function datesOfSlots(schedules: readonly ReleaseSchedule[]): ReadonlyMap<string, readonly [string, string]> {
  const dates = new Map<string, readonly [string, string]>()
  const dated = schedules.filter((schedule) => schedule.dates.length > 0)
  for (const {first, last, slots} of dated.flatMap((schedule) => schedule.dates))
    for (const slot of slots) {
      const end = isAcrossMidnight(slot) ? addDays(last, 1) : last
      for (const id of idsIn(slot.says)) {
        const [earliest = first, latest = end] = dates.get(id) ?? []
        dates.set(id, [first < earliest ? first : earliest, end > latest ? end : latest])
      }
    }
  if (dates.size === 0) return dates
  for (const {says, default: otherwise, slots} of schedules)
    for (const said of [says, otherwise, ...slots.map((slot) => slot.says)])
      for (const id of idsIn(said)) dates.delete(id)
  return dates
}

const isAcrossMidnight = ({from = 0, to = 0, shift}: ReleaseSlot): boolean => shift !== undefined || to <= from
