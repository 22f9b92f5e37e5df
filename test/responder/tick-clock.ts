import TinyQueue from 'tinyqueue'
import type {Clock} from '../../scripts/core/ports.js'

interface Sleeper {
  readonly wakesAtMs: number
  wake: (() => void) | null
}

export interface TickClock extends Clock {
  /** Moves on by one tick, wakes who is due, and lets them work a little. */
  tick(): Promise<void>
}

/** Event loop turns a tick; work that needs more goes on in the next tick, as on a busy machine. */
const TURNS = 3

/** Virtual time in ticks, for long runs: unlike the step clock it does not wait until everything has come to rest. */
export function createTickClock(startMs: number, tickMs: number): TickClock {
  let nowMs = startMs
  const sleepers = new TinyQueue<Sleeper>([], (a, b) => a.wakesAtMs - b.wakesAtMs)
  return {
    nowMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new Error('aborted'))
        const leave = (): void => {
          sleeper.wake = null
          reject(new Error('aborted'))
        }
        const sleeper: Sleeper = {
          wakesAtMs: nowMs + ms,
          wake: () => {
            signal?.removeEventListener('abort', leave)
            resolve()
          },
        }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', leave, {once: true})
      }),
    async tick() {
      nowMs += tickMs
      for (let next = sleepers.peek(); next !== undefined && next.wakesAtMs <= nowMs; next = sleepers.peek()) {
        sleepers.pop()
        next.wake?.()
      }
      for (let turn = 0; turn < TURNS; turn += 1) await new Promise((done) => setImmediate(done))
    },
  }
}
