import {createMetrics} from '../../scripts/responder/metrics.js'
import {ALARM_KINDS} from '../../scripts/core/respond/alarm-kinds.js'
import {aRecord, anAlarm} from '../responder/watch/a-watch.js'
import {namesOf, parseExposition, someMetricFacts} from '../responder/watch/exposition.js'

/** Labels Prometheus adds to whatever it collects. */
const OF_PROMETHEUS = ['instance', 'job']

export interface RealMetrics {
  /** Names of series that the responder really exposes. */
  readonly names: ReadonlySet<string>
  /** Label names by series. */
  readonly labelsOf: (name: string) => readonly string[]
}

/** What the responder's registry exposes after everything happened once. */
export async function readRealMetrics(): Promise<RealMetrics> {
  const metrics = createMetrics(() =>
    someMetricFacts({canary: 'b'.repeat(64), alarms: ALARM_KINDS.map((kind) => anAlarm({kind, key: kind}))}),
  )
  metrics.observe(aRecord())
  metrics.count('shed')
  metrics.ack(0.01)
  const text = await metrics.text()
  const labels = new Map<string, readonly string[]>()
  for (const sample of parseExposition(text)) labels.set(sample.name, Object.keys(sample.labels))
  return {names: namesOf(text), labelsOf: (name) => [...(labels.get(name) ?? []), ...OF_PROMETHEUS]}
}

/** Values of closed lists that expressions may compare labels with. */
export const CLOSED: Readonly<Record<string, ReadonlySet<string>>> = {
  outcome: new Set([
    'sent',
    'sent_after_retry',
    'already_sent',
    'sent_text_fallback',
    'no_code',
    'expired',
    'consent_pending',
    'silent_by_rule',
    'no_permission',
    'rejected_payload',
    'token_error',
    'rate_limited',
    'transport_unknown',
    'kill_switch',
  ]),
  arm: new Set(['stable', 'canary']),
  state: new Set(['fresh', 'due', 'expiring', 'missing']),
  kind: new Set(ALARM_KINDS),
}
