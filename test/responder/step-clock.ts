import type {Clock} from '../../scripts/core/ports.js'

export interface StepClock extends Clock {
  /** Moves on, waking sleepers in their order and letting each of them work before the next wakes. */
  advance(ms: number): Promise<void>
  /** Lets everything that waits for nothing but a promise go on. */
  settle(): Promise<void>
}

interface Sleeper {
  readonly wakesAtMs: number
  wake(): void
}

const TURNS_TO_SETTLE = 12

/** Time stands still until it is moved by hand. */
export function createStepClock(startMs: number): StepClock {
  let now = startMs
  let sleepers: Sleeper[] = []
  const settle = async () => {
    for (let turn = 0; turn < TURNS_TO_SETTLE; turn++) await new Promise((done) => setImmediate(done))
  }
  const next = (untilMs: number): Sleeper | undefined =>
    [...sleepers].sort((a, b) => a.wakesAtMs - b.wakesAtMs).find(({wakesAtMs}) => wakesAtMs <= untilMs)
  return {
    nowMs: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new Error('aborted'))
        const leave = () => (sleepers = sleepers.filter((other) => other !== sleeper))
        const sleeper: Sleeper = {
          wakesAtMs: now + ms,
          wake: () => {
            leave()
            resolve()
          },
        }
        sleepers.push(sleeper)
        signal?.addEventListener('abort', () => {
          leave()
          reject(new Error('aborted'))
        })
      }),
    async advance(ms) {
      const untilMs = now + ms
      await settle()
      for (let sleeper = next(untilMs); sleeper !== undefined; sleeper = next(untilMs)) {
        now = Math.max(now, sleeper.wakesAtMs)
        sleeper.wake()
        await settle()
      }
      now = untilMs
      await settle()
    },
    settle,
  }
}
