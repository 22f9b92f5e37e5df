/** Counts per upper bound in milliseconds; `null` is above all bounds. Ascending. */
export type LatencyCounts = readonly {readonly upToMs: number | null; readonly count: number}[]

/** The upper bound of the bucket that a share of all counts falls into; `null` when that is above all bounds, or nothing was counted. */
export function latencyQuantile(latency: LatencyCounts, share: number): number | null {
  const total = latency.reduce((sum, {count}) => sum + count, 0)
  let seen = 0
  for (const {upToMs, count} of latency) {
    seen += count
    if (total > 0 && seen >= share * total) return upToMs
  }
  return null
}
