import {setTimeout as wait} from 'node:timers/promises'
import type {Clock} from '../core/ports.js'

/** The machine's clock; a demonstration or a rehearsal may shift it by `offsetMs`. */
export function createSystemClock({offsetMs = 0}: {readonly offsetMs?: number} = {}): Clock {
  return {
    nowMs: () => Date.now() + offsetMs,
    /** Rejects with the signal's reason when it is aborted. */
    sleep: async (ms, signal) => {
      await wait(Math.max(0, ms), undefined, signal ? {signal} : {})
    },
  }
}
