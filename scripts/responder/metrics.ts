import {collectDefaultMetrics, Counter, Gauge, Histogram, Registry} from 'prom-client'
import type {OutcomeRecord} from '../core/model/outcome.js'
import {ALARM_KINDS, type Alarm} from '../core/respond/alarm-kinds.js'
import {counterName} from '../core/respond/counter-names.js'
import type {Tally} from '../core/respond/create-tally.js'
import {NOT_EXPOSED} from '../core/respond/day-totals.js'
import {LATENCY_BOUNDS_MS} from '../core/respond/latency-bounds.js'
import type {MediaState} from '../core/respond/media-states.js'

/** What is read when somebody asks; `null` for what is not known or does not apply: then the metric has no sample. */
export interface MetricFacts {
  readonly pending: number
  readonly sendsInFlight: number
  readonly isReady: boolean
  /** 0 before any release. */
  readonly manifestVersion: number
  /** Digests, or `null`. */
  readonly stable: string | null
  readonly canary: string | null
  readonly releaseAgeMs: number | null
  readonly lastLookAgeMs: number | null
  readonly liveDirectoryAgeMs: number | null
  readonly dutyAgeMs: number | null
  readonly clockSkewMs: number | null
  /** Sends the quota still has room for now. */
  readonly sendRoom: number | null
  readonly media: Readonly<Record<MediaState, number>>
  /** `null` for a responder alone. */
  readonly isSharedStateUp: boolean | null
  readonly alarms: readonly Alarm[]
}

export interface Metrics {
  observe(record: OutcomeRecord): void
  count(counter: string, by?: number): void
  /** Time from a delivery's arrival to its answer. */
  ack(seconds: number): void
  /** In Prometheus' text format. */
  text(): Promise<string>
  readonly contentType: string
}

/** WeCom hangs up after five seconds (WeCom 90930) and wants its answer within one. */
const ACK_BOUNDS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const WELCOME_BOUNDS_SECONDS = LATENCY_BOUNDS_MS.flatMap((bound) => (bound === null ? [] : [bound / 1000]))

const GAUGES: readonly {
  readonly name: string
  readonly help: string
  readonly value: (facts: MetricFacts) => number | null
}[] = [
  {name: 'yingbin_pending', help: 'Events taken but without an outcome', value: ({pending}) => pending},
  {name: 'yingbin_sends_in_flight', help: 'Sends under way', value: ({sendsInFlight}) => sendsInFlight},
  {name: 'yingbin_ready', help: '1 when it takes events', value: ({isReady}) => Number(isReady)},
  {
    name: 'yingbin_manifest_version',
    help: 'Version of the manifest that runs; 0 before the first',
    value: ({manifestVersion}) => manifestVersion,
  },
  {
    name: 'yingbin_release_age_seconds',
    help: 'Since the running manifest was taken over',
    value: ({releaseAgeMs}) => inSeconds(releaseAgeMs),
  },
  {
    name: 'yingbin_last_look_age_seconds',
    help: 'Since the store was last read without trouble',
    value: ({lastLookAgeMs}) => inSeconds(lastLookAgeMs),
  },
  {
    name: 'yingbin_live_directory_age_seconds',
    help: 'Since the live directory was last read',
    value: ({liveDirectoryAgeMs}) => inSeconds(liveDirectoryAgeMs),
  },
  {
    name: 'yingbin_duty_age_seconds',
    help: 'Since check-in was last read',
    value: ({dutyAgeMs}) => inSeconds(dutyAgeMs),
  },
  {
    name: 'yingbin_clock_skew_seconds',
    help: "WeCom's time less ours",
    value: ({clockSkewMs}) => inSeconds(clockSkewMs),
  },
  {name: 'yingbin_send_room', help: 'Sends the quota still has room for', value: ({sendRoom}) => sendRoom},
  {
    name: 'yingbin_shared_state_up',
    help: '1 when the shared state can be reached; no sample for a responder alone',
    value: ({isSharedStateUp}) => (isSharedStateUp === null ? null : Number(isSharedStateUp)),
  },
]

const inSeconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000)

/** Enough to tell two releases apart; anything that is no digest is not shown. */
const shortDigest = (digest: string | null): string =>
  digest !== null && /^[0-9a-f]{64}$/.test(digest) ? digest.slice(0, 12) : 'none'

/** Metrics of one responder in a registry of their own. Labels come from closed lists: never an id, never a name. */
export function createMetrics(facts: () => MetricFacts): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const outcomes = new Counter({
    name: 'yingbin_outcomes_total',
    help: 'Events by how they ended',
    labelNames: ['outcome', 'arm'],
    registers,
  })
  const events = new Counter({
    name: 'yingbin_events_total',
    help: 'Whatever else the responder counts',
    labelNames: ['what'],
    registers,
  })
  const welcome = new Histogram({
    name: 'yingbin_welcome_seconds',
    help: 'From the event to the finished send',
    buckets: WELCOME_BOUNDS_SECONDS,
    registers,
  })
  const ack = new Histogram({
    name: 'yingbin_ack_seconds',
    help: 'From a delivery to its answer',
    buckets: ACK_BOUNDS_SECONDS,
    registers,
  })
  const gauges = GAUGES.map(({name, help, value}) => ({gauge: new Gauge({name, help, registers}), value}))
  const media = new Gauge({
    name: 'yingbin_media',
    help: 'Temporary media the releases need',
    labelNames: ['state'],
    registers,
  })
  const alarms = new Gauge({name: 'yingbin_alarms', help: 'Alarms that last', labelNames: ['kind'], registers})
  const release = new Gauge({
    name: 'yingbin_release_info',
    help: 'Beginnings of the digests that run; always 1',
    labelNames: ['stable', 'canary'],
    registers,
  })
  // The process is watched from the first question on: who is never asked pays nothing.
  let isProcessWatched = false
  const watchProcess = (): void => {
    if (!isProcessWatched) collectDefaultMetrics({register: registry})
    isProcessWatched = true
  }

  const read = (now: MetricFacts): void => {
    for (const {gauge, value} of gauges) {
      const found = value(now)
      if (found === null) gauge.remove()
      else gauge.set(found)
    }
    for (const [state, count] of Object.entries(now.media)) media.set({state}, count)
    for (const kind of ALARM_KINDS) alarms.set({kind}, now.alarms.filter((alarm) => alarm.kind === kind).length)
    release.reset()
    release.set({stable: shortDigest(now.stable), canary: shortDigest(now.canary)}, 1)
  }

  return {
    observe({outcome, arm, receivedAtMs, finishedAtMs}) {
      outcomes.inc({outcome, arm})
      if (!NOT_EXPOSED.has(outcome)) welcome.observe((finishedAtMs - receivedAtMs) / 1000)
    },
    count: (counter, by = 1) => events.inc({what: counterName(counter)}, by),
    ack: (seconds) => ack.observe(seconds),
    text() {
      watchProcess()
      read(facts())
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

/** Who is told of everything a tally counts, besides the tally. */
export interface TallyListener {
  observe(record: OutcomeRecord): void
  count(counter: string, by: number): void
}

/** The same tally, with others told of what it counts; what an earlier run counted is not told again. */
export function meterTally(tally: Tally, ...listeners: readonly TallyListener[]): Tally {
  return {
    ...tally,
    get changes() {
      return tally.changes
    },
    get summaryTold() {
      return tally.summaryTold
    },
    add(record) {
      tally.add(record)
      for (const listener of listeners) listener.observe(record)
    },
    count(counter, by = 1) {
      tally.count(counter, by)
      for (const listener of listeners) listener.count(counter, by)
    },
    restore: (report) => tally.restore(report),
  }
}
