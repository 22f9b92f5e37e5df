import type {FastifyInstance} from 'fastify'
import PQueue from 'p-queue'
import {createTally} from '../core/respond/create-tally.js'
import type {ResponderReport} from '../core/model/outcome.js'
import {createCallbackServer} from './callback-server.js'
import {ExposureBook} from './exposure-book.js'
import {Intake} from './intake.js'
import {renewMedia} from './media-renewer.js'
import {OutcomeLog} from './outcome-log.js'
import type {ResponderPorts} from './ports.js'
import {ReleaseKeeper} from './release-keeper.js'
import {ReportWriter} from './report-writer.js'
import {runLoop} from './run-loop.js'
import {fillSettings, type ResponderSettings, STORE_PATIENCE_MS} from './settings.js'
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
  const outcomes = new OutcomeLog(ports.disk, tally, ports.log)
  const book = new ExposureBook(ports.disk, ports.log, settings.responders)
  const calls = new PQueue({concurrency: settings.maxSends})
  const intake = new Intake({ports, settings, keeper, book, calls, tally, outcomes}, tally, ports.log)
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
    health: () => ({isReady: life.isReady, body: healthOf(ports, settings, keeper, intake, life.isReady)}),
  })
  const loop = (everyMs: number, round: () => Promise<void>) =>
    loops.push(runLoop(ports, everyMs, stopping.signal, round))

  return {
    app,
    async start() {
      await keeper.startCold()
      await reports.restore()
      await keeper.look()
      await reports.write()
      life.isReady = true
      loop(settings.lookEveryMs, async () => {
        await keeper.look()
        reports.touch()
      })
      loop(settings.reportEveryMs, () => reports.writeIfChanged())
      loop(settings.renewEveryMs, () => renewMedia(ports, keeper, tally))
      startLive(ports, settings, keeper, tally, loop)
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

type StartLoop = (everyMs: number, round: () => Promise<void>) => unknown

/** The first round comes at once, but nobody waits for it: answering does not need it. */
function startLive(
  ports: ResponderPorts,
  settings: ResponderSettings,
  keeper: ReleaseKeeper,
  tally: ReturnType<typeof createTally>,
  loop: StartLoop,
): void {
  const {fetchLiveMembers, log} = ports
  if (fetchLiveMembers === undefined) return
  const refresh = async () => {
    try {
      keeper.overlay(await fetchLiveMembers())
      tally.count('live_directory_read')
    } catch (error) {
      tally.count('live_directory_failed')
      log.warn(
        {kind: error instanceof Error ? error.name : typeof error},
        'the live directory could not be read; the last one goes on',
      )
    }
  }
  void refresh()
  loop(settings.liveEveryMs, refresh)
}

/** What it runs and how old that is; no ids of people. */
function healthOf(
  {clock}: Pick<ResponderPorts, 'clock'>,
  {responder}: ResponderSettings,
  keeper: ReleaseKeeper,
  intake: Intake,
  isReady: boolean,
): object {
  const nowMs = clock.nowMs()
  const {running, lastLookAtMs} = keeper
  return {
    responder,
    ready: isReady,
    manifestVersion: running?.manifest.version ?? 0,
    stable: running?.manifest.stable ?? null,
    canary: running?.manifest.canary?.digest ?? null,
    directory: running?.manifest.directory ?? null,
    ageMs: running === null ? null : nowMs - running.adoptedAtMs,
    lastLookAgeMs: lastLookAtMs === null ? null : nowMs - lastLookAtMs,
    isStale: keeper.isStale(nowMs),
    isExpired: keeper.isExpired(nowMs),
    pending: intake.pending,
  }
}
