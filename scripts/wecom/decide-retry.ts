import {classifyErrcode} from './classify-errcode.js'
import {retryDelayMs} from './retry-delay.js'

/** How one attempt went wrong. */
export type Failure =
  | {readonly kind: 'answer'; readonly errcode: number; readonly errmsg: string}
  | {readonly kind: 'http-status'; readonly status: number}
  | {readonly kind: 'malformed'}
  | {readonly kind: 'timeout'}
  /** `reached` is false when the connection was never made, so nothing can have been carried out. */
  | {readonly kind: 'network'; readonly symptom: string; readonly reached: boolean; readonly lasting: boolean}
  | {readonly kind: 'aborted'}

export interface Attempts {
  /** Retries after a pause so far. */
  readonly retries: number
  readonly limit: number
  /** A token was already replaced once for this call. */
  readonly refreshed: boolean
  /** The call may be sent again when nobody knows whether it was carried out. */
  readonly mayRepeat: boolean
  /** The call carries an access token. */
  readonly usesToken: boolean
}

export type NextStep =
  | {readonly does: 'stop'}
  | {readonly does: 'refresh-token'}
  | {readonly does: 'wait-for-quota'}
  | {readonly does: 'pause'; readonly delayMs: number}

export const SYSTEM_BUSY = -1
export const TOO_FREQUENT = 45009
export const TOO_MANY_AT_ONCE = 45033
const STOP: NextStep = {does: 'stop'}

/** What to do after a failed attempt. Pure: chance comes as an argument, the waiting is done by the caller. */
export function decideRetry(failure: Failure, attempts: Attempts, random: () => number): NextStep {
  if (failure.kind === 'answer') return decideAfterAnswer(failure.errcode, attempts, random)
  if (failure.kind === 'aborted') return STOP
  if (failure.kind === 'http-status' && failure.status < 500 && failure.status !== 429) return STOP
  if (failure.kind === 'network' && failure.lasting) return STOP
  const untouched = failure.kind === 'network' && !failure.reached
  return untouched || attempts.mayRepeat ? pause(attempts, random) : STOP
}

function decideAfterAnswer(errcode: number, attempts: Attempts, random: () => number): NextStep {
  const {decision} = classifyErrcode(errcode)
  if (decision === 'refresh') return attempts.usesToken && !attempts.refreshed ? {does: 'refresh-token'} : STOP
  if (errcode === TOO_FREQUENT) return {does: 'wait-for-quota'}
  // Turned away at the door: certain not to have been carried out, so even a create may try again.
  if (errcode === TOO_MANY_AT_ONCE) return pause(attempts, random)
  if (decision === 'wait' || decision === 'retry') return attempts.mayRepeat ? pause(attempts, random) : STOP
  return STOP
}

function pause({retries, limit}: Attempts, random: () => number): NextStep {
  const delayMs = retryDelayMs({number: retries + 1, limit}, random)
  return delayMs === 'stop' ? STOP : {does: 'pause', delayMs}
}

/** True when the call may have been carried out although this attempt failed. Reads change nothing, so never for them. */
export function isAmbiguous(failure: Failure, reads: boolean): boolean {
  if (reads) return false
  switch (failure.kind) {
    case 'answer':
      return failure.errcode === SYSTEM_BUSY
    case 'http-status':
      return failure.status >= 500
    case 'network':
      return failure.reached
    case 'malformed':
    case 'timeout':
    case 'aborted':
      return true
  }
}
