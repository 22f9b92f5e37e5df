import {LRUCache} from 'lru-cache'
import PQueue from 'p-queue'
import type {OutcomeRecord} from '../core/model/outcome.js'
import {sha256} from '../core/model/canonical.js'
import {type CallbackEvent, eventText, findPurpose} from '../core/respond/callback-event.js'
import {createTally} from '../core/respond/create-tally.js'
import {createNoCodeWatch} from '../core/respond/watch-no-code.js'
import {answerEvent} from './answer-event.js'
import {createExposureBook} from './exposure-book.js'
import {createHttpApp, type Health} from './http-app.js'
import type {ResponderPorts} from './ports.js'
import {ReleaseKeeper} from './release-keeper.js'
import {renewMedia} from './renew-media.js'
import {runLoop} from './run-loop.js'
import type {ResponderSettings} from './settings.js'

export interface Responder {
  readonly app: ReturnType<typeof createHttpApp>
  /** Loads the last good release, looks at the store, and starts the loops. */
  start(): Promise<void>
  /** Takes no more, finishes what was taken, writes the last report. */
  stop(): Promise<void>
}

/** The part that runs on the night of Double 11: acknowledges at once, answers from memory, counts every event once. */
export function createResponder(ports: ResponderPorts, settings: ResponderSettings): Responder {
  const {clock, store, disk, log} = ports
  const tally = createTally()
  const keeper = new ReleaseKeeper(ports, settings, tally)
  const exposure = createExposureBook(disk, settings.responders)
  const tools = {ports, settings, keeper, exposure}
  const queue = new PQueue({concurrency: settings.maxSends})
  const seen = new LRUCache<string, true>({
    max: settings.dedupeMax,
    ttl: settings.dedupeWindowMs,
    perf: {now: () => clock.nowMs()},
  })
  const noCode = createNoCodeWatch()
  const stopping = new AbortController()
  const loops: Promise<void>[] = []
  let outcomes: OutcomeRecord[] = []
  let isDirty = false

  const settle = (record: OutcomeRecord): void => {
    tally.add(record)
    outcomes.push(record)
    isDirty = true
    if (noCode(record.member, record.outcome !== 'no_code')) {
      tally.count('alarm_no_code')
      log.warn({member: record.member}, 'adds of this member come without a code: a console welcome may cover him')
    }
  }

  /** False when WeCom should come again: more is taken than can be answered in time. */
  const take = (event: CallbackEvent): boolean => {
    const purpose = findPurpose(event)
    const key = sha256(eventText(event))
    if (seen.has(key)) {
      tally.count('duplicate')
      return true
    }
    if (queue.size + queue.pending >= settings.maxPending) {
      tally.count('overloaded')
      return false
    }
    seen.set(key, true)
    if (purpose.kind === 'count') {
      tally.count(purpose.counter)
      isDirty = true
      return true
    }
    const receivedAtMs = clock.nowMs()
    void queue
      .add(() => answerEvent(event, receivedAtMs, tools).then(settle))
      .catch((error: unknown) => {
        tally.count('answer_failed')
        log.error(
          {reason: error instanceof Error ? error.message : String(error)},
          'an event was lost by a defect of the program',
        )
      })
    return true
  }

  const report = async (): Promise<void> => {
    if (!isDirty) return
    isDirty = false
    const written = outcomes
    outcomes = []
    try {
      await disk.appendOutcomes(written)
      await store.writeReport(tally.report(head()))
    } catch (error) {
      outcomes = [...written, ...outcomes]
      isDirty = true
      log.error(
        {reason: error instanceof Error ? error.message : String(error)},
        'outcomes could not be written; they are kept for the next time',
      )
    }
  }

  const head = () => {
    const manifest = keeper.running?.manifest
    return {
      responder: settings.responder,
      atMs: clock.nowMs(),
      manifestVersion: manifest?.version ?? 0,
      stable: manifest?.stable ?? null,
      canary: manifest?.canary?.digest ?? null,
    }
  }

  const look = async (): Promise<void> => {
    const before = keeper.running?.manifest.version
    await keeper.look()
    if (keeper.running?.manifest.version !== before) isDirty = true
  }

  const fetchLive = async (): Promise<void> => {
    try {
      keeper.overlay((await ports.fetchLiveMembers?.()) ?? [])
    } catch (error) {
      tally.count('live_directory_failed')
      log.warn(
        {reason: error instanceof Error ? error.message : String(error)},
        'the live directory could not be read; the last one goes on',
      )
    }
  }

  const health = (): Health => ({
    ...head(),
    lastLookAtMs: keeper.lastLookAtMs,
    isExpired: keeper.isExpired(clock.nowMs()),
    isStale: keeper.isStale(clock.nowMs()),
    pending: queue.size + queue.pending,
  })

  return {
    app: createHttpApp({
      callback: ports.callback,
      log,
      settings,
      take,
      health,
      countRefusal: (reason) => tally.count(`callback_${reason}`),
    }),
    async start() {
      const earlier = (await store.readReports()).find(({responder}) => responder === settings.responder)
      if (earlier) tally.restore(earlier)
      await keeper.startCold()
      await look()
      if (ports.fetchLiveMembers) await fetchLive()
      const {signal} = stopping
      loops.push(
        runLoop(ports, settings.lookEveryMs, signal, look),
        runLoop(ports, settings.reportEveryMs, signal, report),
        runLoop(ports, settings.renewEveryMs, signal, () => renewMedia(ports, keeper, tally)),
        ...(ports.fetchLiveMembers ? [runLoop(ports, settings.liveEveryMs, signal, fetchLive)] : []),
      )
    },
    async stop() {
      stopping.abort()
      await queue.onIdle()
      await Promise.all(loops)
      isDirty = true
      await report()
    },
  }
}
