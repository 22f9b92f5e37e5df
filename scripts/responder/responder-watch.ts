import type {Directory} from '../core/model/directory.js'
import type {ResponderReport} from '../core/model/outcome.js'
import type {State} from '../core/model/plan.js'
import {zoneOf} from '../core/model/zone.js'
import {createLookout} from '../core/respond/create-lookout.js'
import {createTally, type Tally} from '../core/respond/create-tally.js'
import {type AlarmFacts, findAlarms} from '../core/respond/find-alarms.js'
import {type ContactCode, findLeaversInCodes, type LeaverInCodes} from '../core/respond/find-leavers.js'
import {countMediaStates} from '../core/respond/media-states.js'
import {createNoCodeWatch, type NoCodeWatch} from '../core/respond/watch-no-code.js'
import {AlarmDesk} from './alarm-desk.js'
import type {DutyKeeper} from './duty-keeper.js'
import type {Intake} from './intake.js'
import type {LiveKeeper} from './live-keeper.js'
import {createMetrics, meterTally, type MetricFacts, type Metrics} from './metrics.js'
import {NeighbourWatch} from './neighbour-watch.js'
import type {ResponderPorts} from './ports.js'
import type {ReleaseKeeper} from './release-keeper.js'
import type {SendDesk} from './send-desk.js'
import type {ResponderSettings} from './settings.js'
import type {ShareKeeper} from './share-keeper.js'
import {SummaryWriter} from './summary-writer.js'

interface WatchParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'clockSkewMs' | 'random' | 'log' | 'store' | 'tellOperators'>
  readonly settings: Pick<ResponderSettings, 'responder' | 'zone' | 'summaryAt'>
  /** The applied contact codes; absent: leavers in codes are not looked for. May throw. */
  readonly readState?: () => Promise<Pick<State, 'resources'>>
  /** Sends the quota has room for now; `null` while nobody knows. */
  readonly sendRoom?: () => number | null
}

/** What is watched; made after the tally, which all of it counts with. */
export interface WatchedParts {
  readonly keeper: Pick<ReleaseKeeper, 'running' | 'releases' | 'media' | 'lastLookAtMs' | 'isStale' | 'isExpired'>
  readonly live: Pick<LiveKeeper, 'ageMs' | 'isTooOld'>
  readonly duty: Pick<DutyKeeper, 'ageMs'>
  readonly intake: Pick<Intake, 'pending'>
  readonly desk: Pick<SendDesk, 'inFlight'>
  readonly share: Pick<ShareKeeper, 'isLost' | 'takeTask'>
  readonly isReady: () => boolean
  readonly report: () => ResponderReport
}

export interface ResponderWatch {
  /** Counts for the report, for the metrics and for the alarms at once. */
  readonly tally: Tally
  /** Asked by the intake about every add. */
  readonly noCodes: NoCodeWatch
  readonly metrics: Metrics
  /** To be called once, before anybody asks for metrics. */
  watch(parts: WatchedParts): void
  /** Alarms, summary and the look at the others, until the signal. */
  run(signal: AbortSignal): Promise<void>
  /** Tells what waits, within two seconds. */
  stop(): Promise<void>
}

/** Everything that looks at the responder and answers nobody's welcome: it may fail as a whole and no customer notices. */
export function createResponderWatch({ports, settings, readState, sendRoom}: WatchParts): ResponderWatch {
  const {clock} = ports
  const zone = zoneOf(settings.zone)
  const nowMs = (): number => clock.nowMs()
  const lookout = createLookout(nowMs)
  const noCodes = createNoCodeWatch()
  const metrics = createMetrics(() => metricFacts(watchedParts()))
  const counted = createTally({dateOf: (ms) => zone.localTime(ms).date, nowMs})
  const tally = meterTally(counted, metrics, lookout)
  const store = {
    readManifest: () => ports.store.readManifest(),
    readReports: () => ports.store.readReports(),
    ...(readState !== undefined && {readState}),
  }
  const neighbours = new NeighbourWatch({ports, tally, store})
  const findLeavers = rememberLeavers()
  let watched: (WatchedParts & {readonly alarms: AlarmDesk}) | null = null

  const watchedParts = () => {
    if (watched === null) throw new Error('expected something to watch, got nothing')
    return watched
  }

  const alarmFacts = ({keeper, live, share}: WatchedParts): AlarmFacts => {
    const atMs = nowMs()
    const {running} = keeper
    return {
      responder: settings.responder,
      ...lookout.at(atMs),
      membersWithoutCodes: noCodes.alarmed(atMs),
      release: running === null ? null : {version: running.manifest.version, ageMs: atMs - running.adoptedAtMs},
      lastLookAgeMs: ageOf(keeper.lastLookAtMs, atMs),
      isStale: keeper.isStale(atMs),
      isExpired: keeper.isExpired(atMs),
      media: countMediaStates(keeper.releases, keeper.media, atMs),
      leavers: findLeavers(neighbours.codes, running?.directory ?? null),
      isLiveDirectoryTooOld: live.isTooOld(atMs),
      liveDirectoryAgeMs: live.ageMs(atMs),
      isSharedStateLost: share.isLost,
      clockSkewMs: ports.clockSkewMs?.() ?? null,
      versions: neighbours.versions(atMs),
    }
  }

  const metricFacts = ({keeper, live, duty, intake, desk, share, isReady, alarms}: ReturnType<typeof watchedParts>) => {
    const atMs = nowMs()
    const {running} = keeper
    return {
      pending: intake.pending,
      sendsInFlight: desk.inFlight,
      isReady: isReady(),
      manifestVersion: running?.manifest.version ?? 0,
      stable: running?.manifest.stable ?? null,
      canary: running?.manifest.canary?.digest ?? null,
      releaseAgeMs: ageOf(running?.adoptedAtMs ?? null, atMs),
      lastLookAgeMs: ageOf(keeper.lastLookAtMs, atMs),
      liveDirectoryAgeMs: live.ageMs(atMs),
      dutyAgeMs: duty.ageMs(atMs),
      clockSkewMs: ports.clockSkewMs?.() ?? null,
      sendRoom: sendRoom?.() ?? null,
      media: countMediaStates(keeper.releases, keeper.media, atMs),
      isSharedStateUp: share.isLost === null ? null : !share.isLost,
      alarms: alarms.alarms,
    } satisfies MetricFacts
  }

  return {
    tally,
    noCodes,
    metrics,
    watch(parts) {
      const find = () => findAlarms(alarmFacts(parts))
      watched = {...parts, alarms: new AlarmDesk({ports, share: parts.share, tally, find})}
    },
    async run(signal) {
      const {alarms, share, report} = watchedParts()
      const summary = new SummaryWriter({ports, share, tally, ownReport: report, zone, at: settings.summaryAt})
      await Promise.all([alarms.run(signal), summary.run(signal), neighbours.run(signal)])
    },
    stop: () => watchedParts().alarms.stop(),
  }
}

const ageOf = (sinceMs: number | null, nowMs: number): number | null => (sinceMs === null ? null : nowMs - sinceMs)

/** Codes and directory seldom change, but are asked about every few seconds. */
function rememberLeavers() {
  let last: {readonly codes: readonly ContactCode[]; readonly directory: Directory | null} | null = null
  let found: readonly LeaverInCodes[] = []
  return (codes: readonly ContactCode[], directory: Directory | null): readonly LeaverInCodes[] => {
    if (last?.codes !== codes || last.directory !== directory) {
      last = {codes, directory}
      found = findLeaversInCodes(codes, directory)
    }
    return found
  }
}
