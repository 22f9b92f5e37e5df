import {SYSTEM_BUSY} from './decide-retry.js'
import {WeComRejected, WeComUnreachable} from './errors.js'
import {encodeAttachment} from './message-parts.js'
import type {Send} from './transport.js'
import type {MessagePart} from './wire.js'

/** What kind of refusal it was; the words follow the outcomes the responder records. */
export type WelcomeRefusal =
  | 'already-sent'
  | 'in-progress'
  | 'expired'
  | 'consent-pending'
  | 'payload'
  | 'permission'
  | 'token'
  | 'rate'
  | 'transport'
  | 'unknown-code'

export interface WelcomeResult {
  /** `unknown` = the answer was lost: sending the same code once more is safe and settles it (41051 = delivered). */
  readonly outcome: 'delivered' | 'refused' | 'unknown'
  /** `null` when no answer came. */
  readonly errcode: number | null
  readonly refusal: WelcomeRefusal | null
  /** WeCom's number of the answer, for its support. */
  readonly hint: string | null
  /** When the quota is used up: how long it stays so. */
  readonly retryAfterMs: number | null
}

export interface WelcomeMessage {
  readonly welcomeCode: string
  /** At most 4000 bytes; no placeholder is replaced here by the platform. */
  readonly text: string
  /** At most 9, sent in this order. */
  readonly attachments: readonly MessagePart[]
}

export interface WelcomeOptions {
  /** For this one attempt, a fresh token included. */
  readonly budgetMs: number
  readonly signal?: AbortSignal | undefined
  /** A place in the quota was taken by `takeWelcomeSlot`. */
  readonly hasSlot?: boolean | undefined
  /** The caller's signal ends it in time, so it needs no clock of its own. */
  readonly isBounded?: boolean | undefined
}

// Codes the page of this call lists, grouped by who has to act; what is missing here is told as unknown.
const REFUSALS: ReadonlyMap<number, WelcomeRefusal> = new Map<number, WelcomeRefusal>([
  ...over('already-sent', [41051]),
  ...over('in-progress', [41096]),
  ...over('expired', [41050]),
  ...over('consent-pending', [41053]),
  ...over('token', [40001, 40013, 40014, 40091, 41001, 42001, 50003]),
  ...over('rate', [45009, 45033]),
  ...over('permission', [40096, 48002, 48006, 50002, 60011, 60020, 60021, 60030, 60031, 84061, 84074, 301002, 701008]),
  ...over('payload', [40007, 40033, 40035, 40039, 40058, 40063, 40094, 40127, 40201, 40206, 41006, 41010, 41016]),
  ...over('payload', [41049, 41064, 41065, 41072, 41088, 44004, 45002, 45034, 82004, 85002]),
  ...over('payload', [90200, 90206, 90207, 90208]),
])

function over(refusal: WelcomeRefusal, codes: readonly number[]): [number, WelcomeRefusal][] {
  return codes.map((code) => [code, refusal])
}

export const classifyWelcomeErrcode = (errcode: number): WelcomeRefusal => REFUSALS.get(errcode) ?? 'unknown-code'

/** Turns the errors of one attempt into a result; what is not about WeCom is thrown on. */
export function readWelcomeError(error: unknown): WelcomeResult {
  if (error instanceof WeComRejected) {
    const {errcode, hint, retryAfterMs} = error
    if (errcode === SYSTEM_BUSY) return {outcome: 'unknown', errcode, refusal: 'transport', hint, retryAfterMs}
    return {outcome: 'refused', errcode, refusal: classifyWelcomeErrcode(errcode), hint, retryAfterMs}
  }
  if (error instanceof WeComUnreachable) {
    const outcome = error.ambiguous ? 'unknown' : 'refused'
    return {outcome, errcode: null, refusal: 'transport', hint: null, retryAfterMs: null}
  }
  throw error
}

/** Document 92137. One attempt: the caller owns the 20 seconds and decides about the next. */
export function createWelcomeCalls(send: Send) {
  return {
    async sendWelcome(
      message: WelcomeMessage,
      {budgetMs, signal, hasSlot, isBounded = false}: WelcomeOptions,
    ): Promise<WelcomeResult> {
      const body = {
        welcome_code: message.welcomeCode,
        ...(message.text === '' ? {} : {text: {content: message.text}}),
        ...(message.attachments.length === 0 ? {} : {attachments: message.attachments.map(encodeAttachment)}),
      }
      try {
        const limits = {
          ...(isBounded ? {} : {budgetMs}),
          timeoutMs: budgetMs,
          retries: 0,
          maxQuotaWaitMs: budgetMs,
          signal,
          hasSlot,
        }
        await send({call: 'send_welcome_msg', body}, limits)
        return {outcome: 'delivered', errcode: 0, refusal: null, hint: null, retryAfterMs: null}
      } catch (error) {
        return readWelcomeError(error)
      }
    },
  }
}
