import {findErrcode} from './errcodes.js'
import {findMend} from './errcode-mends.js'
import type {CallName} from './calls.js'

const UNKNOWN = {en: 'code not in our list', zh: '未收录的错误码'}
const LONGEST_DETAIL = 160

/** The number WeCom's support asks for; `null` when the answer carries none. */
const parseHint = (errmsg: string): string | null => /hint: \[(\d{1,32})\]/.exec(errmsg)?.[1] ?? null

/** The address WeCom saw the call come from; `null` when the answer does not say. */
const parseSeenIp = (errmsg: string): string | null => /from ip: ([0-9a-fA-F.:]{2,45})/.exec(errmsg)?.[1] ?? null

/**
 * The platform's free text without what must not travel: names (anything not ASCII), customer and media ids, tokens and
 * keys (long runs of letters and digits), phone numbers (long runs of digits) and links.
 */
export function maskErrmsg(errmsg: string): string {
  return (errmsg.split(/,?\s*hint:|,?\s*more info at/)[0] ?? '')
    .replace(/https?:\S+/g, '…')
    .replace(/\b(wm|wo)[A-Za-z0-9_-]*[A-Z0-9_][A-Za-z0-9_-]*/g, '…')
    .replace(/[A-Za-z0-9_-]{20,}/g, '…')
    .replace(/\d{7,}/g, '…')
    .replace(/[^\x20-\x7e…]+/g, '…')
    .slice(0, LONGEST_DETAIL)
    .trim()
}

/** WeCom answered, and the answer is no. Holds nothing secret: safe to log and to show. */
export class WeComRejected extends Error {
  override readonly name = 'WeComRejected'
  readonly code = 'E_WECOM_REJECTED'
  readonly en: string
  readonly zh: string
  /** What a person can do about it, when there is something. */
  readonly mend: {readonly en: string; readonly zh: string} | null
  /** WeCom's own number of this answer, for its support. */
  readonly hint: string | null
  /** The address WeCom saw; only with 60020, where it is the thing to mend. */
  readonly seenIp: string | null
  /** Masked free text of the platform; for people, never to be matched on. */
  readonly detail: string

  /** @param retryAfterMs how long this API stays shut, when that is known (45009) */
  constructor(
    readonly call: CallName,
    readonly errcode: number,
    errmsg: string,
    readonly retryAfterMs: number | null = null,
  ) {
    const entry = findErrcode(errcode) ?? UNKNOWN
    super(`WeCom answered errcode ${errcode} to ${call}: ${entry.en} (${entry.zh})`)
    this.en = entry.en
    this.zh = entry.zh
    this.mend = findMend(errcode) ?? null
    this.hint = parseHint(errmsg)
    this.seenIp = errcode === 60020 ? parseSeenIp(errmsg) : null
    this.detail = maskErrmsg(errmsg)
  }
}

/** Why no usable answer came. `system-busy` is errcode -1 to a call that must not be repeated. */
export type UnreachableReason = 'timeout' | 'network' | 'http-status' | 'malformed' | 'aborted' | 'system-busy'

export interface UnreachableDetails {
  readonly call: CallName
  readonly reason: UnreachableReason
  /** True when the call may have been carried out although no answer arrived. */
  readonly ambiguous: boolean
  /** Node's code (`ECONNRESET`) or the HTTP status, for people. */
  readonly symptom?: string | undefined
}

/** No usable answer came from WeCom. Made from scratch: the HTTP client's own error would carry URL, token and body. */
export class WeComUnreachable extends Error {
  override readonly name: 'WeComUnreachable' | 'AmbiguousOutcome' = 'WeComUnreachable'
  readonly code: 'E_WECOM_UNREACHABLE' | 'E_WECOM_AMBIGUOUS' = 'E_WECOM_UNREACHABLE'
  readonly call: CallName
  readonly reason: UnreachableReason
  readonly ambiguous: boolean
  readonly symptom: string | null

  constructor({call, reason, ambiguous, symptom}: UnreachableDetails, says?: string) {
    const seen = symptom === undefined ? reason : `${reason}, ${symptom}`
    super(
      says ?? `no usable answer from WeCom to ${call} (${seen})`,
      symptom === undefined ? {} : {cause: new Error(symptom)},
    )
    this.call = call
    this.reason = reason
    this.ambiguous = ambiguous
    this.symptom = symptom ?? null
  }
}

/**
 * The answer to a call that must not be repeated was lost: it may or may not have been carried out. The caller has to look
 * it up (contact ways by list, tags by name) or record it as open.
 */
export class AmbiguousOutcome extends WeComUnreachable {
  override readonly name = 'AmbiguousOutcome'
  override readonly code = 'E_WECOM_AMBIGUOUS'

  constructor({call, reason, symptom}: Omit<UnreachableDetails, 'ambiguous'>) {
    const seen = symptom === undefined ? reason : `${reason}, ${symptom}`
    super(
      {call, reason, symptom, ambiguous: true},
      `the answer to ${call} was lost (${seen}): it may have been carried out; look it up before trying again`,
    )
  }
}
