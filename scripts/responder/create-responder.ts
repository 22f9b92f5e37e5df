import type {FastifyInstance} from 'fastify'
import PQueue from 'p-queue'
import {createTally} from '../core/respond/create-tally.js'
import type {ResponderReport} from '../core/model/outcome.js'
import {createCallbackServer} from './callback-server.js'
import {DutyKeeper} from './duty-keeper.js'
import {ExposureBook} from './exposure-book.js'
import {Intake} from './intake.js'
import {LiveKeeper} from './live-keeper.js'
import {renewMedia} from './media-renewer.js'
import {OutcomeLog} from './outcome-log.js'
import type {ResponderPorts} from './ports.js'
import {ReleaseKeeper} from './release-keeper.js'
import {ReportWriter} from './report-writer.js'
import {runLoop} from './run-loop.js'
import {fillSettings, STORE_PATIENCE_MS} from './settings.js'
import {withDeadline} from './with-deadline.js'

export interface Responder {
  /** Listen with it, or put requests into it directly. */
  readonly app: FastifyInstance
  /** Cold start from disk, one look at the store, then the loops. */
  start(): Promise<void>
  /** Takes nothing new, finishes what it took, writes log and report. */
  stop(): Promise<void>
  report(): ResponderReport
  /** Everything taken so far has its outcome. */
  drain(): Promise<void>
}

export interface ResponderArguments {
  readonly ports: ResponderPorts
  readonly settings: Parameters<typeof fillSettings>[0]
}

/** Says the release's welcome within the 20 seconds of a code; everything it touches is handed in. */
export function createResponder({ports, settings: given}: ResponderArguments): Responder {
  const settings = fillSettings(given)
  const tally = createTally()
  const keeper = new ReleaseKeeper(ports, settings, tally)
  const live = new LiveKeeper({ports, settings, keeper, tally})
  const scope = () => ({releases: keeper.releases, directory: keeper.running?.directory ?? null})
  const duty = new DutyKeeper({ports, settings, scope, tally})
  const outcomes = new OutcomeLog(ports.disk, tally, ports.log)
  const book = new ExposureBook(ports.disk, ports.log, settings.responders)
  const calls = new PQueue({concurrency: settings.maxSends})
  const intake = new Intake({ports, settings, keeper, live, duty, book, calls, tally, outcomes}, tally, ports.log)
  const reports = new ReportWriter({ports, settings, keeper, tally})
  const stopping = new AbortController()
  const loops: Promise<void>[] = []
  const life = {isReady: false}

  const app = createCallbackServer({
    clock: ports.clock,
    callback: ports.callback,
    intake,
    tally,
    settings,
    health: () => ({
      isReady: life.isReady,
      body: {responder: settings.responder, ready: life.isReady, ...healthOf(ports, {keeper, live, duty, intake})},
    }),
  })
  const loop = (everyMs: number, round: () => Promise<void>) =>
    loops.push(runLoop(ports, everyMs, stopping.signal, round))

  return {
    app,
    async start() {
      await keeper.startCold()
      await reports.restore()
      await keeper.look()
      await live.start(stopping.signal)
      await reports.write()
      life.isReady = true
      loop(settings.lookEveryMs, async () => {
        await keeper.look()
        live.tellAge()
        reports.touch()
      })
      loop(settings.reportEveryMs, () => reports.writeIfChanged())
      loop(settings.renewEveryMs, () => renewMedia(ports, keeper, tally))
      // The first rows are read at once; nobody waits for them.
      loops.push(live.ended, duty.refresh())
      loop(settings.dutyEveryMs, () => duty.refresh())
    },
    async stop() {
      life.isReady = false
      stopping.abort()
      await app.close()
      await intake.drain()
      // An upload may still be under way; nobody's welcome depends on it.
      await withDeadline(ports.clock, STORE_PATIENCE_MS, () => Promise.all(loops))
      await outcomes.flush()
      await reports.write()
    },
    report: () => reports.current(),
    drain: () => intake.drain(),
  }
}

interface HealthParts {
  readonly keeper: ReleaseKeeper
  readonly live: LiveKeeper
  readonly duty: DutyKeeper
  readonly intake: Intake
}

/** What it runs and how old that is; no ids of people. */
function healthOf({clock}: Pick<ResponderPorts, 'clock'>, {keeper, live, duty, intake}: HealthParts): object {
  const nowMs = clock.nowMs()
  const {running, lastLookAtMs} = keeper
  return {
    manifestVersion: running?.manifest.version ?? 0,
    stable: running?.manifest.stable ?? null,
    canary: running?.manifest.canary?.digest ?? null,
    directory: running?.manifest.directory ?? null,
    ageMs: running === null ? null : nowMs - running.adoptedAtMs,
    lastLookAgeMs: lastLookAtMs === null ? null : nowMs - lastLookAtMs,
    liveDirectoryAgeMs: live.ageMs(nowMs),
    isLiveDirectoryTooOld: live.isTooOld(nowMs),
    dutyAgeMs: duty.ageMs(nowMs),
    isStale: keeper.isStale(nowMs),
    isExpired: keeper.isExpired(nowMs),
    pending: intake.pending,
  }
}
