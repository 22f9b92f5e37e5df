/** Upper bounds in milliseconds; the target is 3 s at p99 and the end of the budget is 18 s. */
export const LATENCY_BOUNDS_MS: readonly (number | null)[] = [
  50,
  100,
  200,
  500,
  1000,
  2000,
  3000,
  5000,
  10_000,
  18_000,
  null,
]

/** Index of the first bound that holds the value. */
export const latencyBucket = (latencyMs: number): number =>
  LATENCY_BOUNDS_MS.findIndex((bound) => bound === null || latencyMs <= bound)
