import type {Clock, Randomness} from '../core/ports.js'

const JITTER = 0.2

/** The pause before the next round: up to a fifth earlier, so that several responders do not ask in step. */
export const jitteredMs = (everyMs: number, fraction: number): number => Math.round(everyMs * (1 - JITTER * fraction))

/** Sleeps, or less when the signal says so; whoever called looks at the signal. */
export async function pause(clock: Pick<Clock, 'sleep'>, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(ms, signal)
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Does `round` again and again until the signal says stop; the round itself must not throw. */
export async function runLoop(
  {clock, random}: {readonly clock: Clock; readonly random: Pick<Randomness, 'fraction'>},
  everyMs: number,
  signal: AbortSignal,
  round: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await pause(clock, jitteredMs(everyMs, random.fraction()), signal)
    if (!signal.aborted) await round()
  }
}
