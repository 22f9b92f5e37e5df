import {beforeAll, describe, expect, it} from '@jest/globals'
import {findQueryFaults} from './check-queries.js'
import {readRealMetrics, type RealMetrics} from './real-metrics.js'

describe('the check of queries', () => {
  let real: RealMetrics
  beforeAll(async () => {
    real = await readRealMetrics()
  })
  it.each([
    ['a bracket that is never closed', 'sum(rate(yingbin_events_total[5m])'],
    ['an operator without a right side', 'yingbin_ready =='],
    ['a matcher without a value', 'yingbin_ready{job=}'],
    ['nothing', ' '],
    ['a number alone', '1 + 1'],
    ['a metric nobody exposes', 'yingbin_readyness == 0'],
    ['a histogram without its suffix', 'rate(yingbin_welcome_seconds[5m])'],
    ['a label the metric has not', 'yingbin_outcomes_total{member="x"}'],
    ['an outcome that never is', 'yingbin_outcomes_total{outcome="sent|delivered"}'],
    ['a counter nobody counts', 'yingbin_events_total{what="sheddd"}'],
    ['a grouping by nothing', 'sum by (outcomes) (yingbin_outcomes_total)'],
    ['a variable Grafana does not know', 'yingbin_ready{instance=~"$instanz"}'],
  ])('finds %s', (_what, expression) => {
    expect(findQueryFaults(expression, real)).not.toEqual([])
  })
  it.each([
    'sum by (outcome, arm) (rate(yingbin_outcomes_total{outcome=~"sent|no_code",instance=~"$instance"}[$__rate_interval]))',
    'histogram_quantile(0.99, sum by (le) (rate(yingbin_welcome_seconds_bucket[5m]))) > 3',
    'process_resident_memory_bytes{job="yingbin"}',
  ])('takes %s', (expression) => {
    expect(findQueryFaults(expression, real)).toEqual([])
  })
})
