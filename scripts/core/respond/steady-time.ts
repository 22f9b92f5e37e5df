/** Two readings of one moment: the machine's calendar clock, which may be set, and a counter that only goes on. */
export interface Reading {
  readonly wallMs: number
  readonly steadyMs: number
}

export type SteadyEvent =
  /** The calendar clock was set; ours goes on as before. */
  | {readonly kind: 'jumped'; readonly byMs: number}
  /** The platform's time proved ours wrong, so ours was set to it. */
  | {readonly kind: 'corrected'; readonly byMs: number}

export interface SteadyTime {
  /** Epoch milliseconds; between two corrections it neither jumps nor goes back. */
  nowMs(reading: Reading): number
  notePlatformTime(platformMs: number, reading: Reading): void
  /** Platform's time less ours, as last said; `null` before that. */
  readonly skewMs: number | null
}

/** A calendar clock is disciplined in small steps; a larger one was set by somebody. */
export const JUMP_MS = 2000
/** Times are bounded to five seconds around our clock (rules of choosing, section 3), so ours may not be further off. */
export const MAX_SKEW_MS = 5000
/** One answer may have been under way for long; so many that agree were not. */
const WITNESSES = 3
/** Dates are cut to the second. */
const HALF_SECOND_MS = 500

/**
 * Our time: the calendar clock as it was at the start, carried on by the counter. A jump is told and not followed, for
 * nobody knows whether the clock was wrong before or is wrong now; the platform does.
 */
export function createSteadyTime(start: Reading, onEvent: (event: SteadyEvent) => void): SteadyTime {
  let offsetMs = start.wallMs - start.steadyMs
  let wallOffsetMs = offsetMs
  let skewMs: number | null = null
  let witnesses = 0

  function noteWall({wallMs, steadyMs}: Reading): void {
    const byMs = wallMs - steadyMs - wallOffsetMs
    if (Math.abs(byMs) <= JUMP_MS) return
    wallOffsetMs += byMs
    onEvent({kind: 'jumped', byMs})
  }

  return {
    get skewMs() {
      return skewMs
    },
    nowMs(reading) {
      noteWall(reading)
      return Math.round(reading.steadyMs + offsetMs)
    },
    notePlatformTime(platformMs, reading) {
      const byMs = platformMs + HALF_SECOND_MS - (reading.steadyMs + offsetMs)
      skewMs = Math.round(byMs)
      witnesses = Math.abs(byMs) > MAX_SKEW_MS ? witnesses + 1 : 0
      if (witnesses < WITNESSES) return
      witnesses = 0
      offsetMs += byMs
      skewMs = 0
      onEvent({kind: 'corrected', byMs: Math.round(byMs)})
    },
  }
}
