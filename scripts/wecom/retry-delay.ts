/** The platform asks for at most three retries of a system failure (document 90313). */
export const MAX_RETRIES = 3
const FIRST_DELAY_MS = 500
const LONGEST_DELAY_MS = 30_000

export interface RetryNumber {
  /** 1 before the first retry. */
  readonly number: number
  /** Retries allowed in all. */
  readonly limit: number
}

/**
 * Milliseconds to wait before this retry, or `stop` when the retries are used up. Doubles each time, capped at 30 s; the
 * upper half of each delay is random, so that callers refused together do not come back together.
 *
 * @param random in [0, 1)
 */
export function retryDelayMs({number, limit}: RetryNumber, random: () => number): number | 'stop' {
  if (number > limit) return 'stop'
  const full = Math.min(FIRST_DELAY_MS * 2 ** number, LONGEST_DELAY_MS)
  return Math.round(full / 2 + (full / 2) * random())
}
