import {timingSafeEqual} from 'node:crypto'
import {getSignature} from '@wecom/crypto'
import {decodeAesKey, decodeUtf8, openFrame, type Frame, type FrameKey, type FrameRefusal} from './callback-frame.js'
import type {CallbackEvent} from './callback-event-types.js'
import {readEvent} from './callback-events.js'
import {parseXml, xmlNumber, xmlText} from './callback-xml.js'

export interface CallbackCredentials {
  readonly token: string
  readonly encodingAesKey: string
}

export interface CallbackSettings {
  /** The corp id: what is meant for another receiver is refused. */
  readonly receiver: string
  /** The current pair first; during a rotation the old one after it. */
  readonly credentials: readonly CallbackCredentials[]
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
 * Why a callback is refused: `query` a parameter is missing or misshapen · `size` · `xml` · `signature` · `cipher` no whole
 * blocks · `padding` · `length` · `receiver` meant for somebody else · `encoding` no UTF-8.
 */
export type CallbackRefusal = 'query' | 'size' | 'xml' | 'signature' | FrameRefusal

export type CallbackResult<T> = ({readonly ok: true} & T) | {readonly ok: false; readonly reason: CallbackRefusal}

export interface ReceivedEvent {
  readonly event: CallbackEvent
  /** `null` when the callback is not that of an app. */
  readonly agentId: number | null
}

export interface CallbackReader {
  /** The console's check of the address (document 90930): answer with exactly `echo`, within a second. */
  readEcho(query: CallbackQuery): CallbackResult<{readonly echo: string}>
  /** One delivery: answer 200 within 5 seconds, before doing anything about it. */
  readDelivery(query: CallbackQuery, body: Uint8Array): CallbackResult<ReceivedEvent>
}

interface Opener {
  readonly token: string
  readonly frameKey: FrameKey
}

const DEFAULT_MAX_BODY_BYTES = 256 * 1024
const LONGEST_PARAMETER = 128

/**
 * Verifies, decrypts and reads callbacks (documents 90930, 90968). Keys are decoded once, here; a misshapen key or an empty
 * list is the operator's mistake and throws. Reading never throws.
 */
export function createCallbackReader({receiver, credentials, maxBodyBytes}: CallbackSettings): CallbackReader {
  if (credentials.length === 0) throw new TypeError('a callback needs at least one pair of token and EncodingAESKey')
  const openers = credentials.map(({token, encodingAesKey}) => ({token, frameKey: decodeAesKey(encodingAesKey)}))
  const limit = maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  return {
    readEcho(query) {
      if (query.echostr === undefined || query.echostr === '') return refuse('query')
      if (query.echostr.length > limit) return refuse('size')
      const frame = openSigned(openers, query, query.echostr, receiver)
      return frame.ok ? {ok: true, echo: frame.message} : frame
    },
    readDelivery(query, body) {
      if (body.byteLength > limit) return refuse('size')
      const envelope = parseXml(decodeUtf8(body) ?? '')
      const encrypted = envelope === null ? '' : xmlText(envelope, 'Encrypt')
      if (envelope === null || encrypted === '') return refuse('xml')
      const frame = openSigned(openers, query, encrypted, receiver)
      if (!frame.ok) return frame
      const fields = parseXml(frame.message)
      return fields === null
        ? refuse('xml')
        : {ok: true, event: readEvent(fields), agentId: xmlNumber(envelope, 'AgentID') || null}
    },
  }
}

const refuse = (reason: CallbackRefusal): {readonly ok: false; readonly reason: CallbackRefusal} => ({
  ok: false,
  reason,
})

/**
 * Opens with the first pair that signs and decrypts. While keys rotate the token may stay the same, so a pair whose
 * signature fits but whose key does not is no verdict yet.
 */
function openSigned(
  openers: readonly Opener[],
  query: CallbackQuery,
  encrypted: string,
  receiver: string,
): Frame | ReturnType<typeof refuse> {
  const {msg_signature: signature, timestamp, nonce} = query
  if (signature === undefined || !isParameter(timestamp) || !isParameter(nonce)) return refuse('query')
  const signers = openers.filter(({token}) => isEqual(getSignature(token, timestamp, nonce, encrypted), signature))
  let verdict: Frame | ReturnType<typeof refuse> = refuse('signature')
  for (const {frameKey} of signers) {
    const frame = openFrame(frameKey, encrypted, receiver)
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
