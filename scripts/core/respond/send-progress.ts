import type {OutcomeCode} from '../model/outcome.js'
import {findErrcodeAction} from './errcode-action.js'

/** The sender's budget (rules of choosing, section 6); a code lives 20 s (WeCom 92137). */
export const TRY_TIMEOUT_MS = 4000
export const LAST_TRY_STARTS_MS = 15_000
export const STOP_AFTER_MS = 18_000
/** Waits between tries while another send for the same add is in flight. */
export const IN_FLIGHT_WAITS_MS: readonly number[] = [1000, 2000, 4000]
/** Waits after a try whose ending nobody knows; later ones are two seconds apart until the budget is spent. */
export const LOST_TRY_WAITS_MS: readonly number[] = [0, 500, 1000]
const LATER_LOST_TRY_WAIT_MS = 2000
/** Waits after being turned away since too many called at once, each twice as long up to the last. */
const CROWDED_WAIT_MS = 250
const LONGEST_CROWDED_WAIT_MS = 2000
/** "System busy" is asked again at most this often (WeCom 90313). */
const MAX_BUSY_RETRIES = 3

/** How one call to the platform ended. */
export type SendAnswer =
  | {readonly kind: 'answered'; readonly errcode: number}
  /** No answer in time, or the connection broke: the message may have gone out. */
  | {readonly kind: 'lost'}
  /** No token to be had: the call was never made. */
  | {readonly kind: 'no-token'}

export interface SendProgress {
  /** The event's bounded time; the budget counts from here. */
  readonly startedAtMs: number
  readonly payload: 'full' | 'plain'
  readonly payloadRefused: boolean
  readonly inFlightTries: number
  readonly lostTries: number
  readonly busyTries: number
  readonly crowdedTries: number
  readonly tokenRefreshed: boolean
  readonly errcode?: number
}

/** What comes next: another try, or the end. */
export type SendStep =
  | {readonly do: 'try'; readonly waitMs: number; readonly refreshToken: boolean}
  | {readonly do: 'stop'; readonly outcome: OutcomeCode}

/** @param isResumed somebody began before and died: that is a try whose ending nobody knows */
export const startSend = (startedAtMs: number, isResumed = false): SendProgress => ({
  startedAtMs,
  payload: 'full',
  payloadRefused: false,
  inFlightTries: 0,
  lostTries: isResumed ? 1 : 0,
  busyTries: 0,
  crowdedTries: 0,
  tokenRefreshed: false,
})

/** A try may start up to and including the fifteenth second. */
export const mayStartTry = (progress: SendProgress, nowMs: number): boolean =>
  nowMs - progress.startedAtMs <= LAST_TRY_STARTS_MS

/** How long a try that starts now may take: four seconds, and never past the eighteenth second. */
export const tryTimeoutMs = (progress: SendProgress, nowMs: number): number =>
  Math.max(1, Math.min(TRY_TIMEOUT_MS, progress.startedAtMs + STOP_AFTER_MS - nowMs))

const stop = (progress: SendProgress, outcome: OutcomeCode) => ({progress, step: {do: 'stop', outcome} as const})

/** The outcome when time is up, named after what stood in the way. */
export function outcomeOutOfTime(progress: SendProgress): OutcomeCode {
  if (progress.lostTries > 0) return 'transport_unknown'
  if (progress.crowdedTries > 0) return 'rate_limited'
  return progress.payloadRefused ? 'rejected_payload' : 'expired'
}

function tryAgain(progress: SendProgress, nowMs: number, waitMs: number, refreshToken = false) {
  if (!mayStartTry(progress, nowMs + waitMs)) return stop(progress, outcomeOutOfTime(progress))
  return {progress, step: {do: 'try', waitMs, refreshToken} as const}
}

function saidOutcome(progress: SendProgress): OutcomeCode {
  if (progress.payload === 'plain') return 'sent_text_fallback'
  const waits = progress.inFlightTries + progress.lostTries + progress.crowdedTries
  return waits > 0 ? 'sent_after_retry' : 'sent'
}

function afterInFlight(progress: SendProgress, nowMs: number) {
  const next = {...progress, inFlightTries: progress.inFlightTries + 1}
  const waitMs = IN_FLIGHT_WAITS_MS[progress.inFlightTries]
  return waitMs === undefined ? stop(next, outcomeOutOfTime(next)) : tryAgain(next, nowMs, waitMs)
}

function afterLost(progress: SendProgress, nowMs: number) {
  const next = {...progress, lostTries: progress.lostTries + 1}
  return tryAgain(next, nowMs, LOST_TRY_WAITS_MS[progress.lostTries] ?? LATER_LOST_TRY_WAIT_MS)
}

function afterBusy(progress: SendProgress, nowMs: number) {
  if (progress.busyTries >= MAX_BUSY_RETRIES) return stop(progress, 'transport_unknown')
  return afterLost({...progress, busyTries: progress.busyTries + 1}, nowMs)
}

function afterCrowd(progress: SendProgress, nowMs: number) {
  const next = {...progress, crowdedTries: progress.crowdedTries + 1}
  return tryAgain(next, nowMs, Math.min(LONGEST_CROWDED_WAIT_MS, CROWDED_WAIT_MS * 2 ** progress.crowdedTries))
}

function afterRefusal(progress: SendProgress, nowMs: number) {
  if (progress.payload === 'plain') return stop(progress, 'rejected_payload')
  return tryAgain({...progress, payload: 'plain', payloadRefused: true}, nowMs, 0)
}

function afterTokenRefusal(progress: SendProgress, nowMs: number) {
  if (progress.tokenRefreshed) return stop(progress, 'token_error')
  return tryAgain({...progress, tokenRefreshed: true}, nowMs, 0, true)
}

/**
 * One answer in, the next step out. 41051 after a try of ours whose ending was lost is taken as our own delivery: the
 * code can be spent only once, and we were the ones spending it.
 */
export function advanceSend(
  before: SendProgress,
  answer: SendAnswer,
  nowMs: number,
): {readonly progress: SendProgress; readonly step: SendStep} {
  if (answer.kind === 'lost') return afterLost(before, nowMs)
  if (answer.kind === 'no-token') return stop(before, 'token_error')
  const progress = answer.errcode === 0 ? before : {...before, errcode: answer.errcode}
  switch (findErrcodeAction(answer.errcode)) {
    case 'done':
      return stop(progress, saidOutcome(progress))
    case 'in-flight':
      return afterInFlight(progress, nowMs)
    case 'unknown-ending':
      return afterBusy(progress, nowMs)
    case 'already':
      return stop(progress, progress.lostTries > 0 ? lostButSaid(progress) : 'already_sent')
    case 'expired':
      return stop(progress, progress.lostTries > 0 ? 'transport_unknown' : 'expired')
    case 'consent':
      return stop(progress, 'consent_pending')
    case 'refresh-token':
      return afterTokenRefusal(progress, nowMs)
    case 'token':
      return stop(progress, 'token_error')
    case 'no-permission':
      return stop(progress, 'no_permission')
    case 'rate':
      return stop(progress, 'rate_limited')
    case 'crowded':
      return afterCrowd(progress, nowMs)
    case 'payload':
    case 'unlisted':
      return afterRefusal(progress, nowMs)
  }
}

const lostButSaid = (progress: SendProgress): OutcomeCode =>
  progress.payload === 'plain' ? 'sent_text_fallback' : 'sent_after_retry'
