import {setMaxListeners} from 'node:events'
import type {FastifyInstance} from 'fastify'
import type {ResponderReport} from '../core/model/outcome.js'
import type {State} from '../core/model/plan.js'
import {createCallbackServer} from './callback-server.js'
import {describeTrouble} from './describe-trouble.js'
import {DutyKeeper} from './duty-keeper.js'
import {ExposureBook} from './exposure-book.js'
import {Inbox} from './inbox.js'
import {Intake} from './intake.js'
import {LiveKeeper} from './live-keeper.js'
import {MediaRenewer} from './media-renewer.js'
import {OutcomeLog} from './outcome-log.js'
import type {ResponderPorts} from './ports.js'
import {ReleaseKeeper} from './release-keeper.js'
import {ReportWriter} from './report-writer.js'
import {createResponderWatch} from './responder-watch.js'
import {runLoop} from './run-loop.js'
import {SendDesk} from './send-desk.js'
import {DISK_PATIENCE_MS, fillSettings, STORE_PATIENCE_MS} from './settings.js'
import {ShareKeeper} from './share-keeper.js'
import {TagWorker} from './tag-worker.js'
import {withDeadline} from './with-deadline.js'

export interface Responder {
  /** Listen with it, or put requests into it directly. */
  readonly app: FastifyInstance
  /** Cold start from disk, one look at the store, then the loops. */
  start(): Promise<void>
  /** Takes nothing new, finishes what it took, writes log and report. */
  stop(): Promise<void>
  report(): ResponderReport
  /** Counts what is noticed outside, under a name of a closed list. */
  count(counter: string): void
  /** Everything taken so far has its outcome. */
  drain(): Promise<void>
}

export interface ResponderArguments {
  readonly ports: ResponderPorts
  /** What was applied to WeCom, to find leavers in contact codes; absent: they are not looked for. */
  readonly readState?: () => Promise<Pick<State, 'resources'>>
  readonly settings: Parameters<typeof fillSettings>[0]
}

/** Says the release's welcome within the 20 seconds of a code; everything it touches is handed in. */
export function createResponder({ports, settings: given, readState}: ResponderArguments): Responder {
  const settings = fillSettings(given)
  const watch = createResponderWatch({ports, settings, ...(readState && {readState})})
  const {tally, noCodes} = watch
  const share = new ShareKeeper({ports, settings, tally})
  const media = new MediaRenewer({ports, share, tally, scope: () => ({releases: keeper.releases, shelf: keeper.media})})
  const keeper: ReleaseKeeper = new ReleaseKeeper({ports, settings, tally, onAdopted: () => media.wake()})
  const live = new LiveKeeper({ports, settings, keeper, tally})
  const scope = () => ({releases: keeper.releases, directory: keeper.running?.directory ?? null})
  const duty = new DutyKeeper({ports, settings, scope, tally})
  const inbox = new Inbox(ports, tally)
  const outcomes = new OutcomeLog(ports.disk, tally, ports.log, (records) => intake.noteWritten(records))
  const book = new ExposureBook(ports.disk, ports.log, settings.responders, share)
  const desk = new SendDesk(ports, settings.maxSends)
  const tags = new TagWorker({
    ports,
    tally,
    isBusy: () => desk.waitingCount > 0,
    onDone: (key) => intake.noteTagged(key),
  })
  const intake: Intake = new Intake(
    {ports, settings, keeper, live, duty, book, desk, tally, inbox, share, tags, outcomes, noCodes},
    tally,
  )
  const reports = new ReportWriter({ports, settings, keeper, tally})
  const [stopping, drained] = [new AbortController(), new AbortController()]
  // A loop each listens to it.
  setMaxListeners(0, stopping.signal)
  const loops: Promise<void>[] = []
  const life = {isReady: false}

  const app = createCallbackServer({
    clock: ports.clock,
    callback: ports.callback,
    intake,
    tally,
    settings,
    noteAcknowledged: (seconds) => watch.metrics.ack(seconds),
    metrics: async () => ({text: await watch.metrics.text(), contentType: watch.metrics.contentType}),
    health: () => ({
      isReady: life.isReady,
      body: {
        responder: settings.responder,
        ready: life.isReady,
        ...healthOf(ports, {keeper, live, duty, intake, share}),
      },
    }),
  })
  watch.watch({keeper, live, duty, intake, desk, share, isReady: () => life.isReady, report: () => reports.current()})
  const loop = (everyMs: number, round: () => Promise<void>) =>
    loops.push(runLoop(ports, everyMs, stopping.signal, round))

  /** Events of an earlier run: those it answered are repeats when they come again, those it left are gone on with. */
  const resumeKept = async (): Promise<void> => {
    try {
      const {open, answered} = await ports.disk.readKept(ports.clock.nowMs() - settings.dedupeWindowMs)
      intake.noteAnswered(answered)
      for (const kept of open) intake.resume(kept, answered.has(kept.key))
    } catch (error) {
      tally.count('resume_failed')
      ports.log.error(describeTrouble(error), 'what an earlier run left under way cannot be read')
    }
  }

  return {
    app,
    async start() {
      await keeper.startCold()
      // Side by side: together they may not take longer than the slowest of them.
      await Promise.all([reports.restore(), keeper.look(), live.start(stopping.signal)])
      await withDeadline(ports.clock, DISK_PATIENCE_MS, resumeKept)
      life.isReady = true
      loops.push(reports.write(), watch.run(stopping.signal))
      loop(settings.lookEveryMs, async () => {
        await keeper.look()
        live.tellAge()
        reports.touch()
      })
      loop(settings.reportEveryMs, () => reports.writeIfChanged())
      loops.push(media.run(settings.renewEveryMs, stopping.signal))
      // The first rows are read at once; nobody waits for them.
      loops.push(live.ended, duty.refresh())
      loop(settings.dutyEveryMs, () => duty.refresh())
      if (share.isLost !== null)
        loops.push(
          // Until the last event taken has its outcome: a claim that lapses before would be taken over.
          runLoop(ports, settings.claimEveryMs, drained.signal, async () => {
            await share.settleUntold()
            await share.renew(intake.openKeys)
            if (!stopping.signal.aborted) await intake.takeOver(await share.takeLapsed())
          }),
        )
    },
    async stop() {
      life.isReady = false
      stopping.abort()
      await app.close()
      await intake.drain()
      drained.abort()
      desk.close()
      await tags.stop()
      // An upload may still be under way; nobody's welcome depends on it.
      await withDeadline(ports.clock, STORE_PATIENCE_MS, () => Promise.all(loops))
      await outcomes.flush()
      await inbox.flush()
      await watch.stop()
      await reports.write()
    },
    report: () => reports.current(),
    count: (counter) => tally.count(counter),
    drain: () => intake.drain(),
  }
}

interface HealthParts {
  readonly keeper: ReleaseKeeper
  readonly live: LiveKeeper
  readonly duty: DutyKeeper
  readonly intake: Intake
  readonly share: ShareKeeper
}

/** What it runs and how old that is; no ids of people. */
function healthOf(
  {clock, clockSkewMs}: Pick<ResponderPorts, 'clock' | 'clockSkewMs'>,
  {keeper, live, duty, intake, share}: HealthParts,
): object {
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
    isSharedStateLost: share.isLost,
    clockSkewMs: clockSkewMs?.() ?? null,
    pending: intake.pending,
  }
}
