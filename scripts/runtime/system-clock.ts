import type {Clock} from '../core/ports.js'
import {sleep} from './sleep.js'

/** The machine's clock; a demonstration or a rehearsal may shift it by `offsetMs`. */
export function createSystemClock({offsetMs = 0}: {readonly offsetMs?: number} = {}): Clock {
  return {
    nowMs: () => Date.now() + offsetMs,
    sleep,
  }
}
