import PQueue from 'p-queue'
import type {Clock} from '../core/ports.js'
import type {CallName} from './calls.js'
import {TOO_FREQUENT} from './decide-retry.js'
import {WeComRejected, WeComUnreachable} from './errors.js'
import {quotaOf, type QuotaSettings, type WindowRule} from './quotas.js'
import type {SharedSlots} from './shared-slots.js'
import {SlotLog} from './slot-log.js'

export interface Pace {
  readonly call: CallName
  /** Counted apart from other uses of the same call: each robot has its own quota. */
  readonly lane?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Longer waits for a slot are refused with 45009 instead. */
  readonly maxQuotaWaitMs: number
}

export interface QuotaWait {
  readonly call: CallName
  readonly waitMs: number
}

export interface Pacer {
  /** Runs `work` when fewer than the allowed number of calls of this API are in flight. */
  run<T>(pace: Pace, work: () => Promise<T>): Promise<T>
  /** Waits until the quota has room and takes the place. */
  takeSlot(pace: Pace): Promise<void>
  /** The platform answered 45009. */
  noteRefusal(pace: Pace): void
  /** The platform answered 45033: too many at once. From now on half as many calls of this API are in flight. */
  noteCrowding(pace: Pace): void
  noteAnswer(pace: Pace): void
}

interface Lane {
  readonly name: string
  readonly windows: readonly WindowRule[]
  readonly queue: PQueue
  readonly maxInFlight: number
  /** Since the number in flight was changed last. */
  answers: number
  readonly slots: SlotLog
  /** Everybody in the lane waits for the same thing; it is told once. */
  toldUntilMs: number
}

export interface PacerParts {
  readonly clock: Clock
  /** Absent when this process is the only one, or counts alone. */
  readonly shared?: SharedSlots | undefined
  onWait(wait: QuotaWait): void
}

/** Below this a wait for a slot is everyday pacing and not worth telling anybody. */
const NOTABLE_WAIT_MS = 5_000
/** Answers in a row after which one more call may be in flight again. */
const ANSWERS_TO_WIDEN = 500

/**
 * Holds every API to its quota: p-queue bounds what is in flight, a mirrored window per limit decides when the next call
 * may start. The windows run on the injected clock, which p-queue's own intervals cannot.
 */
export function createPacer(settings: QuotaSettings, parts: PacerParts): Pacer {
  const {clock} = parts
  const lanes = new Map<string, Lane>()

  function laneOf({call, lane}: Pace): Lane {
    const key = lane === undefined ? call : `${call} ${lane}`
    const known = lanes.get(key)
    if (known !== undefined) return known
    const {maxInFlight, windows} = quotaOf(settings, call)
    const made: Lane = {
      name: key,
      windows,
      queue: new PQueue({concurrency: maxInFlight}),
      maxInFlight,
      answers: 0,
      slots: new SlotLog(windows, settings.blocksMs, settings.guardMs),
      toldUntilMs: 0,
    }
    lanes.set(key, made)
    return made
  }

  return {
    run: (pace, work) => runInTurn(laneOf(pace).queue, pace, work),
    takeSlot: (pace) => waitForSlot(laneOf(pace), pace, parts),
    noteRefusal(pace) {
      const {name, slots, queue} = laneOf(pace)
      const nowMs = clock.nowMs()
      slots.noteRefusal(nowMs, queue.pending)
      void parts.shared?.block(name, slots.waitMs(nowMs))
    },
    noteCrowding(pace) {
      const lane = laneOf(pace)
      lane.slots.noteAnswer(clock.nowMs())
      narrow(lane)
    },
    noteAnswer(pace) {
      const lane = laneOf(pace)
      lane.slots.noteAnswer(clock.nowMs())
      widen(lane)
    },
  }
}

/** How many the platform bears is not published (45033, document 90313), so it is found out. */
function narrow(lane: Lane): void {
  const {queue} = lane
  // Calls that were under way when it was narrowed last say nothing new.
  if (queue.pending === 0 || queue.pending > queue.concurrency) return
  queue.concurrency = Math.max(1, Math.floor(queue.pending / 2))
  lane.answers = 0
}

function widen(lane: Lane): void {
  const {queue, maxInFlight} = lane
  lane.answers += 1
  if (queue.concurrency >= maxInFlight || lane.answers < ANSWERS_TO_WIDEN) return
  queue.concurrency += 1
  lane.answers = 0
}

export const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

const abortedBefore = (call: CallName) => new WeComUnreachable({call, reason: 'aborted', ambiguous: false})

async function waitForSlot(
  lane: Lane,
  {call, signal, maxQuotaWaitMs}: Pace,
  {clock, shared, onWait}: PacerParts,
): Promise<void> {
  for (;;) {
    if (isAborted(signal)) throw abortedBefore(call)
    const nowMs = clock.nowMs()
    const ownWaitMs = lane.slots.waitMs(nowMs)
    const waitMs = ownWaitMs === 0 && shared !== undefined ? await shared.take(lane.name, lane.windows) : ownWaitMs
    if (waitMs === 0) return lane.slots.take(nowMs)
    if (waitMs > maxQuotaWaitMs) throw new WeComRejected(call, TOO_FREQUENT, '', waitMs)
    if (waitMs >= NOTABLE_WAIT_MS && nowMs >= lane.toldUntilMs) {
      lane.toldUntilMs = nowMs + waitMs
      onWait({call, waitMs})
    }
    await pause(clock, waitMs, signal)
  }
}

/** Sleeps on the injected clock; an abort ends the sleep early, and whoever called looks at the signal. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(ms, signal)
  } catch (error) {
    if (!isAborted(signal)) throw error
  }
}

/**
 * Takes an aborted call out of the queue while it waits there, but leaves a running one to `work`: only `work` knows
 * whether its request had already left.
 */
async function runInTurn<T>(queue: PQueue, {call, signal}: Pace, work: () => Promise<T>): Promise<T> {
  if (isAborted(signal)) throw abortedBefore(call)
  const waiting = new AbortController()
  const leave = () => waiting.abort(abortedBefore(call))
  signal?.addEventListener('abort', leave, {once: true})
  const begin = () => {
    signal?.removeEventListener('abort', leave)
    return work()
  }
  return queue.add(begin, {signal: waiting.signal})
}
