import type {Clock} from '../../scripts/core/ports.js'

export interface FakeClock extends Clock {
  advance(ms: number): void
}

/** Stands still until it is moved; sleeping moves it. */
export function createFakeClock(startMs = Date.UTC(2026, 10, 24, 2, 0, 0)): FakeClock {
  let now = startMs
  return {
    nowMs: () => now,
    sleep: (ms) => {
      now += ms
      return Promise.resolve()
    },
    advance: (ms) => {
      now += ms
    },
  }
}
