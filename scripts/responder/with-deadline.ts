import type {Clock} from '../core/ports.js'

/** Made once: every work that ends in time ends its clock, and an error for each would cost more than the work. */
const ENDED = new Error('ended')

export type Ended<T> = {readonly ended: true; readonly value: T} | {readonly ended: false}

/** Runs work for at most so long, by the given clock; what runs over is told to stop and no longer waited for. */
export async function withDeadline<T>(
  clock: Clock,
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<Ended<T>> {
  const [stopWork, stopClock] = [new AbortController(), new AbortController()]
  const timer = clock.sleep(timeoutMs, stopClock.signal).then(() => ({ended: false}) as const)
  try {
    return await Promise.race([work(stopWork.signal).then((value) => ({ended: true, value}) as const), timer])
  } finally {
    stopClock.abort(ENDED)
    stopWork.abort(ENDED)
  }
}
