import type {OutcomeRecord} from '../model/outcome.js'
import {createRecentShares, type SharesNow} from './recent-shares.js'

/** Counters that say that the own disk refused something. */
const DISK_TROUBLE: ReadonlySet<string> = new Set(['event_not_kept', 'outcome_log_failed', 'outcome_log_lost'])
const CLOCK_SET: ReadonlySet<string> = new Set(['clock_jumped', 'clock_corrected'])

export interface LookoutNow {
  readonly shares: SharesNow
  readonly diskTroubleAgeMs: number | null
  readonly clockSetAgeMs: number | null
}

/** Sees what the tally counts, and remembers of it what alarms are found by. */
export interface Lookout {
  observe(record: OutcomeRecord): void
  count(counter: string, by: number): void
  at(nowMs: number): LookoutNow
}

/** @param nowMs what time it is when something is counted */
export function createLookout(nowMs: () => number): Lookout {
  const shares = createRecentShares()
  let diskTroubleMs: number | null = null
  let clockSetMs: number | null = null
  const ageOf = (sinceMs: number | null, atMs: number) => (sinceMs === null ? null : Math.max(0, atMs - sinceMs))
  return {
    observe: (record) => shares.add(record),
    count(counter, by) {
      if (by <= 0) return
      if (DISK_TROUBLE.has(counter)) diskTroubleMs = nowMs()
      if (CLOCK_SET.has(counter)) clockSetMs = nowMs()
    },
    at: (atMs) => ({
      shares: shares.at(atMs),
      diskTroubleAgeMs: ageOf(diskTroubleMs, atMs),
      clockSetAgeMs: ageOf(clockSetMs, atMs),
    }),
  }
}
