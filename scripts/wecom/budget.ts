import type {Clock} from '../core/ports.js'

/** The reason a signal carries when the caller's time was used up, to tell it from the caller's own abort. */
export const BUDGET_SPENT = new Error('the time for this call is used up')

/** Made once: nearly every call ends its own timer. */
const DONE = new Error('done')

export interface Budget {
  readonly clock: Clock
  readonly budgetMs: number | undefined
  readonly signal: AbortSignal | undefined
}

/** Gives `work` a signal that fires when the caller aborts or when `budgetMs` of the injected clock have passed. */
export async function withBudget<T>(
  {clock, budgetMs, signal}: Budget,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (budgetMs === undefined) return work(signal)
  const ending = new AbortController()
  const timer = new AbortController()
  const forward = () => ending.abort(signal?.reason)
  if (signal?.aborted === true) forward()
  signal?.addEventListener('abort', forward, {once: true})
  const spend = () => {
    if (!timer.signal.aborted) ending.abort(BUDGET_SPENT)
  }
  // A clock may end an aborted sleep by rejecting; then the work is over and there is nothing left to stop.
  clock.sleep(budgetMs, timer.signal).then(spend, spend)
  try {
    return await work(ending.signal)
  } finally {
    timer.abort(DONE)
    signal?.removeEventListener('abort', forward)
  }
}
