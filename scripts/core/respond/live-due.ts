/** Events come in bursts; the read waits until they have been quiet for so long. */
export const EVENT_SETTLE_MS = 2000
/** Events that never grow quiet are not waited out longer than this. */
export const EVENT_LONGEST_SETTLE_MS = 30_000
/** A read an event asks for keeps this distance from the end of the last one. */
export const EVENT_APART_MS = 30_000
/** A directory this old is reported. */
export const LIVE_MAX_AGE_MS = 15 * 60_000
/** The first try after a failure; each further one waits twice as long, up to the regular pace. */
export const FIRST_RETRY_MS = 60_000

export interface LiveTimes {
  /** When the last read ended, whatever came of it. */
  readonly lastEndMs: number
  /** When the next read is due if nothing happens. */
  readonly regularMs: number
  /** Events since the last read began. */
  readonly events: {readonly firstMs: number; readonly lastMs: number} | null
}

/** When the live directory is to be read next. */
export function nextReadAtMs({lastEndMs, regularMs, events}: LiveTimes): number {
  if (events === null) return regularMs
  const settledMs = Math.min(events.lastMs + EVENT_SETTLE_MS, events.firstMs + EVENT_LONGEST_SETTLE_MS)
  return Math.min(regularMs, Math.max(settledMs, lastEndMs + EVENT_APART_MS))
}

/** The pause after so many failures in a row. */
export const retryAfterMs = (failures: number, everyMs: number): number =>
  Math.min(everyMs, FIRST_RETRY_MS * 2 ** (failures - 1))

export const isTooOld = (sinceMs: number, nowMs: number): boolean => nowMs - sinceMs >= LIVE_MAX_AGE_MS
