import type {MetricFacts} from '../../../scripts/responder/metrics.js'

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < text.length) {
    const match = LABEL.exec(text)
    if (match === null) throw new Error(`no labels: ${text}`)
    labels[match[1] ?? ''] = match[2] ?? ''
  }
  return labels
}

/** Samples of Prometheus' text format (version 0.0.4). Throws on a line that is none, and on a sample without a type. */
export function parseExposition(text: string): readonly Sample[] {
  const typed = namesOf(text)
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? []
      if (!typed.has(name)) throw new Error(`no sample of a metric: ${line}`)
      // Prometheus reads numbers by Go's ParseFloat, which takes NaN in any case.
      if (Number.isNaN(Number(value)) && !/^(nan|[+-]Inf)$/i.test(value)) throw new Error(`no number: ${line}`)
      return {name, labels: parseLabels(labels), value: Number(value)}
    })
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

/** Names that may be asked for, also of metrics that have no sample yet. */
export const namesOf = (text: string): ReadonlySet<string> =>
  new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type = '']) =>
      (SUFFIXES[type] ?? ['']).map((suffix) => `${name}${suffix}`),
    ),
  )

export const someMetricFacts = (changes: Partial<MetricFacts> = {}): MetricFacts => ({
  pending: 0,
  sendsInFlight: 0,
  isReady: true,
  manifestVersion: 3,
  stable: 'a'.repeat(64),
  canary: null,
  releaseAgeMs: 1000,
  lastLookAgeMs: 1000,
  liveDirectoryAgeMs: 1000,
  dutyAgeMs: 1000,
  clockSkewMs: 0,
  sendRoom: 9000,
  media: {fresh: 1, due: 0, expiring: 0, missing: 0},
  isSharedStateUp: true,
  alarms: [],
  ...changes,
})
