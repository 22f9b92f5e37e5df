import {timingSafeEqual} from 'node:crypto'
import {getSignature} from '@wecom/crypto'
import {decodeAesKey, decodeUtf8, openFrame, type Frame, type FrameKey, type FrameRefusal} from './callback-frame.js'
import type {Clock} from '../core/ports.js'
import type {CallbackEvent} from './callback-event-types.js'
import {readEvent} from './callback-events.js'
import {readFields, xmlNumber, xmlText} from './callback-xml.js'

export interface CallbackCredentials {
  readonly token: string
  readonly encodingAesKey: string
  /** An old pair is accepted until then and not at that instant; absent: for as long as this program runs. */
  readonly untilMs?: number | undefined
}

export interface CallbackSettings {
  /** The corp id: what is meant for another receiver is refused. */
  readonly receiver: string
  /** The current pair first; during a rotation the old one after it. */
  readonly credentials: readonly CallbackCredentials[]
  /** Without a clock no time stamp is stale and no old pair ends. */
  readonly clock?: Pick<Clock, 'nowMs'> | undefined
  /** Default 256 KiB: the largest events list a few hundred members. */
  readonly maxBodyBytes?: number | undefined
}

/** The query as it arrived, percent-decoded once; a `+` of the echo must still be a `+`. */
export interface CallbackQuery {
  readonly msg_signature?: string | undefined
  readonly timestamp?: string | undefined
  readonly nonce?: string | undefined
  readonly echostr?: string | undefined
}

/**
 * Why a callback is refused: `query` a parameter is missing or misshapen · `size` · `xml` · `signature` · `old-key` signed
 * with a pair whose time is over · `stale` signed too long ago, or for the future · `cipher` no whole blocks · `padding` ·
 * `length` · `receiver` meant for somebody else · `encoding` no UTF-8.
 */
export type CallbackRefusal = 'query' | 'size' | 'xml' | 'signature' | 'old-key' | 'stale' | FrameRefusal

export type CallbackResult<T> = ({readonly ok: true} & T) | {readonly ok: false; readonly reason: CallbackRefusal}

export interface ReceivedEvent {
  readonly event: CallbackEvent
  /** `null` when the callback is not that of an app. */
  readonly agentId: number | null
  /** The text it was encrypted in. */
  readonly sealed: string
}

export interface CallbackReader {
  /** The console's check of the address (document 90930): answer with exactly `echo`, within a second. */
  readEcho(query: CallbackQuery): CallbackResult<{readonly echo: string}>
  /** One delivery: answer 200 within 5 seconds, before doing anything about it. */
  readDelivery(query: CallbackQuery, body: Uint8Array): CallbackResult<ReceivedEvent>
  /** The event of a text this reader gave before, in this run or an earlier one; `null` when no key opens it. */
  readSealed(sealed: string): CallbackEvent | null
}

interface Opener {
  readonly token: string
  readonly frameKey: FrameKey
  readonly untilMs: number
}

const DEFAULT_MAX_BODY_BYTES = 256 * 1024
const LONGEST_PARAMETER = 128
/**
 * A delivery and its three repeats are over within half a minute (document 90930). What is signed for another time is a
 * replay; the rest of the five minutes is for clocks that differ.
 */
export const STALE_AFTER_MS = 5 * 60_000

/**
 * Verifies, decrypts and reads callbacks (documents 90930, 90968). Keys are decoded once, here; a misshapen key or an empty
 * list is the operator's mistake and throws. Reading never throws.
 */
export function createCallbackReader({receiver, credentials, clock, maxBodyBytes}: CallbackSettings): CallbackReader {
  if (credentials.length === 0) throw new TypeError('a callback needs at least one pair of token and EncodingAESKey')
  const openers = credentials.map(({token, encodingAesKey, untilMs = Number.POSITIVE_INFINITY}) => ({
    token,
    frameKey: decodeAesKey(encodingAesKey),
    untilMs,
  }))
  const limit = maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  const openAny = (encrypted: string): Frame | undefined =>
    openers.map(({frameKey}) => openFrame(frameKey, encrypted, receiver)).find(({ok}) => ok)
  return {
    readEcho(query) {
      if (query.echostr === undefined || query.echostr === '') return refuse('query')
      if (query.echostr.length > limit) return refuse('size')
      const frame = openSigned(openers, query, query.echostr, {receiver, nowMs: clock?.nowMs()})
      return frame.ok ? {ok: true, echo: frame.message} : frame
    },
    readDelivery(query, body) {
      if (body.byteLength > limit) return refuse('size')
      const envelope = readFields(decodeUtf8(body) ?? '')
      const encrypted = envelope === null ? '' : xmlText(envelope, 'Encrypt')
      if (envelope === null || encrypted === '') return refuse('xml')
      const nowMs = clock?.nowMs()
      const frame = openSigned(openers, query, encrypted, {receiver, nowMs})
      if (!frame.ok) return frame
      if (nowMs !== undefined && isStale(query.timestamp, nowMs)) return refuse('stale')
      const fields = readFields(frame.message)
      return fields === null
        ? refuse('xml')
        : {ok: true, event: readEvent(fields), agentId: xmlNumber(envelope, 'AgentID') || null, sealed: encrypted}
    },
    readSealed(sealed) {
      const frame = openAny(sealed)
      const fields = frame?.ok === true ? readFields(frame.message) : null
      return fields === null ? null : readEvent(fields)
    },
  }
}

const refuse = (reason: CallbackRefusal): {readonly ok: false; readonly reason: CallbackRefusal} => ({
  ok: false,
  reason,
})

/** A time stamp that is no number is not WeCom's. */
const isStale = (timestamp: string | undefined, nowMs: number): boolean =>
  !(Math.abs(Number(timestamp) * 1000 - nowMs) <= STALE_AFTER_MS)

/**
 * Opens with the first pair that signs and decrypts. While keys rotate the token may stay the same, so a pair whose
 * signature fits but whose key does not is no verdict yet.
 */
function openSigned(
  openers: readonly Opener[],
  query: CallbackQuery,
  encrypted: string,
  {receiver, nowMs = Number.NEGATIVE_INFINITY}: {readonly receiver: string; readonly nowMs: number | undefined},
): Frame | ReturnType<typeof refuse> {
  const {msg_signature: signature, timestamp, nonce} = query
  if (signature === undefined || !isParameter(timestamp) || !isParameter(nonce)) return refuse('query')
  const signers = openers.filter(({token}) => isEqual(getSignature(token, timestamp, nonce, encrypted), signature))
  let verdict: Frame | ReturnType<typeof refuse> = refuse('signature')
  for (const {frameKey, untilMs} of signers) {
    const frame = nowMs >= untilMs ? refuse('old-key') : openFrame(frameKey, encrypted, receiver)
    if (frame.ok) return frame
    if (verdict.ok || verdict.reason === 'signature') verdict = frame
  }
  return verdict
}

const isParameter = (value: string | undefined): value is string =>
  value !== undefined && value.length <= LONGEST_PARAMETER && /^[\x21-\x7e]+$/.test(value)

/** Takes the same time wherever the first difference is; only the length, which is public, shows. */
function isEqual(wanted: string, given: string): boolean {
  const [a, b] = [Buffer.from(wanted), Buffer.from(given)]
  return a.length === b.length && timingSafeEqual(a, b)
}
