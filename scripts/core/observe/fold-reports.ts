import {type LatencyCounts, latencyQuantile} from '../model/latency.js'
import type {ArmStats, OutcomeCode, ResponderReport} from '../model/outcome.js'

/** One row of "what was said by which release". */
export interface ArmTotals {
  readonly release: string | null
  readonly arm: ArmStats['arm']
  /** Upper bound: one customer met by two responders counts twice. */
  readonly people: number
  readonly outcomes: Readonly<Partial<Record<OutcomeCode, number>>>
  readonly events: number
  readonly payloadRefused: number
}

export interface Observed {
  readonly arms: readonly ArmTotals[]
  readonly events: number
  /** Milliseconds from event to finished send: the upper bound of the bucket the share falls into; `null` above all bounds. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  readonly counters: Readonly<Record<string, number>>
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function addCounts<K extends string>(all: readonly Readonly<Partial<Record<K, number>>>[]): Partial<Record<K, number>> {
  const total: Partial<Record<K, number>> = {}
  for (const counts of all) for (const key in counts) total[key] = (total[key] ?? 0) + (counts[key] ?? 0)
  return total
}

/** Folds the reports of all responders into one table. */
export function foldReports(reports: readonly ResponderReport[]): Observed {
  const groups = new Map<string, ArmStats[]>()
  for (const stats of reports.flatMap(({arms}) => arms)) {
    const key = `${stats.arm}:${stats.release ?? ''}`
    groups.set(key, [...(groups.get(key) ?? []), stats])
  }
  const arms = [...groups.values()].flatMap((all): ArmTotals[] => {
    const [first] = all
    if (!first) return []
    const outcomes = addCounts(all.map((stats) => stats.outcomes))
    return [
      {
        release: first.release,
        arm: first.arm,
        people: sum(all.map(({people}) => people)),
        outcomes,
        events: sum(Object.values(outcomes)),
        payloadRefused: sum(all.map(({payloadRefused}) => payloadRefused)),
      },
    ]
  })
  const latency = addLatency(reports)
  return {
    arms,
    events: sum(arms.map(({events}) => events)),
    p50Ms: latencyQuantile(latency, 0.5),
    p99Ms: latencyQuantile(latency, 0.99),
    counters: addCounts(reports.map(({counters}) => counters)) as Record<string, number>,
  }
}

/** By bound, not by place: while responders are replaced, an older one may report other bounds. */
function addLatency(reports: readonly ResponderReport[]): LatencyCounts {
  const counts = new Map<number | null, number>()
  for (const {upToMs, count} of reports.flatMap(({latency}) => latency))
    counts.set(upToMs, (counts.get(upToMs) ?? 0) + count)
  return [...counts]
    .map(([upToMs, count]) => ({upToMs, count}))
    .sort((a, b) => (a.upToMs ?? Number.POSITIVE_INFINITY) - (b.upToMs ?? Number.POSITIVE_INFINITY))
}
