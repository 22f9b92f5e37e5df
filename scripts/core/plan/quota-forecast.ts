import type {Plan} from '../model/plan.js'
import {byText} from './plan-part.js'

const MINUTE_SECONDS = 60
const HOUR_SECONDS = 3600
const DAY_SECONDS = 86_400

interface Window {
  readonly cap: number
  readonly seconds: number
}

/** One corp and one API (90312). */
const STANDARD: readonly Window[] = [
  {cap: 10_000, seconds: MINUTE_SECONDS},
  {cap: 150_000, seconds: HOUR_SECONDS},
]
/** Permanent pictures have a day's quota of their own (90256). */
const OWN: Readonly<Record<string, readonly Window[]>> = {
  'media/uploadimg': [...STANDARD, {cap: 1000, seconds: DAY_SECONDS}],
}

export interface QuotaForecast {
  /** Calls by API, sorted by name. */
  readonly calls: readonly {readonly api: string; readonly count: number}[]
  readonly total: number
  /** The least time WeCom's quotas allow; APIs count apart, so the slowest decides. */
  readonly leastSeconds: number
}

export function forecastQuota({steps}: Pick<Plan, 'steps'>): QuotaForecast {
  const counts = new Map<string, number>()
  for (const {calls} of steps)
    for (const [api, count] of Object.entries(calls)) counts.set(api, (counts.get(api) ?? 0) + count)
  const calls = [...counts].map(([api, count]) => ({api, count})).sort((a, b) => byText(a.api, b.api))
  return {
    calls,
    total: calls.reduce((sum, {count}) => sum + count, 0),
    leastSeconds: Math.max(0, ...calls.map(({api, count}) => leastSeconds(api, count))),
  }
}

/** Full windows that have to pass before the last call may be made. */
const leastSeconds = (api: string, count: number): number =>
  Math.max(...(OWN[api] ?? STANDARD).map(({cap, seconds}) => Math.floor(Math.max(0, count - 1) / cap) * seconds))
