import type {Clock} from '../core/ports.js'
import type {WindowRule} from './quotas.js'
import type {SharedSlots} from './shared-slots.js'
import {SlotLog} from './slot-log.js'

export interface SlotsOrAloneParts {
  /** Bounded in time by its connection; may throw. */
  readonly shared: SharedSlots
  readonly clock: Pick<Clock, 'nowMs'>
  /** How many processes share the quota: what is left to each while they cannot count together. */
  readonly sharers: number
}

/** After trouble the shared count is not asked again for so long. */
const PAUSE_MS = 2000

/** The shared count while it can be reached, else an equal part of the quota, counted here. It never throws. */
export function createSlotsOrAlone({shared, clock, sharers}: SlotsOrAloneParts): SharedSlots {
  const logs = new Map<string, SlotLog>()
  let silentUntilMs = 0

  /** Our own calls are counted at all times, so that the part is kept from the moment the others are lost. */
  function ownLog(lane: string, windows: readonly WindowRule[]): SlotLog {
    const known = logs.get(lane)
    if (known !== undefined) return known
    const part = windows.map(({windowMs, cap}) => ({windowMs, cap: Math.max(1, Math.floor(cap / sharers))}))
    const log = new SlotLog(part, [], 0)
    logs.set(lane, log)
    return log
  }

  async function askShared(lane: string, windows: readonly WindowRule[]): Promise<number | null> {
    if (clock.nowMs() < silentUntilMs) return null
    try {
      return await shared.take(lane, windows)
    } catch {
      // Whoever shares the state tells that it is lost; here it only means counting alone for a while.
      silentUntilMs = clock.nowMs() + PAUSE_MS
      return null
    }
  }

  return {
    async take(lane, windows) {
      const own = ownLog(lane, windows)
      const waitMs = (await askShared(lane, windows)) ?? own.waitMs(clock.nowMs())
      if (waitMs === 0) own.take(clock.nowMs())
      return waitMs
    },
    async block(lane, ms) {
      try {
        await shared.block(lane, ms)
      } catch {
        // Our own window is shut already; the others find out by themselves.
        silentUntilMs = clock.nowMs() + PAUSE_MS
      }
    },
  }
}
