import type {WindowRule} from './quotas.js'

/** Counts the calls of an API for several processes. May throw or take long: whoever asks has a bound and counts alone. */
export interface SharedSlots {
  /**
   * Takes one place when no stretch of any window would hold more than its cap: 0. Else takes nothing and gives the
   * milliseconds until there may be room.
   */
  take(lane: string, windows: readonly WindowRule[]): Promise<number>
  /** The platform said 45009: nobody calls this API for so long. */
  block(lane: string, ms: number): Promise<void>
}
