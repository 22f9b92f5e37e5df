import {CALLS_AT_ONCE} from '../core/model/calls-at-once.js'
import type {CallName} from './calls.js'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

export interface WindowRule {
  readonly windowMs: number
  /** Calls inside any stretch of `windowMs`. */
  readonly cap: number
}

export interface Quota {
  readonly windows: readonly WindowRule[]
  /** Calls of this API in flight at once. */
  readonly maxInFlight: number
}

export interface QuotaSettings {
  readonly standard: Quota
  readonly byCall: Readonly<Partial<Record<CallName, Partial<Quota>>>>
  /**
   * How long an API stays shut after errcode 45009: the first time, and again when it is still shut after that (document
   * 90312: one minute for the minute rule, one hour for the hour rule). The answer does not say which rule was hit.
   */
  readonly blocksMs: readonly number[]
  /** Added to every window: our clock counts from sending, the platform's from arrival. */
  readonly guardMs: number
}

/** The platform's two windows: so many a minute, and fifteen minutes' worth an hour (document 90312: 10,000 and 150,000). */
export const perMinute = (cap: number): readonly WindowRule[] => [
  {windowMs: MINUTE_MS, cap},
  {windowMs: HOUR_MS, cap: Math.max(150_000, 15 * cap)},
]

/**
 * The platform's published limits for one corp and one API (documents 90312, 90262, 93380, 91770, 100179).
 * Unconfirmed, hence settings: how many calls of one API may run at once (the number behind 45033 is unpublished, so the
 * pacer halves ours when it is said; 5 for mark_tag is a reply of WeCom staff in a forum, we stay at 4).
 */
export const DEFAULT_QUOTAS: QuotaSettings = {
  standard: {windows: perMinute(10_000), maxInFlight: CALLS_AT_ONCE},
  byCall: {
    send_welcome_msg: {maxInFlight: 100},
    'externalcontact/get': {maxInFlight: 100},
    mark_tag: {maxInFlight: 4},
    getcheckindata: {windows: perMinute(600)},
    getcheckinschedulist: {windows: perMinute(60)},
    'admin_oper_log/list': {windows: perMinute(600)},
    // Per robot, not per corp: the pacer counts each robot on its own.
    'webhook/send': {windows: [{windowMs: MINUTE_MS, cap: 20}], maxInFlight: 1},
    // A day's or month's quota is not waited out in a process; only the day's is counted here.
    'media/uploadimg': {windows: [...perMinute(10_000), {windowMs: 24 * HOUR_MS, cap: 1000}]},
  },
  blocksMs: [MINUTE_MS, HOUR_MS],
  guardMs: 250,
}

export type QuotaOverrides = Partial<QuotaSettings>

/** The defaults with a company's own figures laid over them, call by call. */
export function mergeQuotas(overrides: QuotaOverrides = {}): QuotaSettings {
  return {...DEFAULT_QUOTAS, ...overrides, byCall: {...DEFAULT_QUOTAS.byCall, ...overrides.byCall}}
}

export function quotaOf(settings: QuotaSettings, call: CallName): Quota {
  return {...settings.standard, ...settings.byCall[call]}
}
