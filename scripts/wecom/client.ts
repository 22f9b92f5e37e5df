import type {Clock} from '../core/ports.js'
import {numberOf} from './answer.js'
import {createCheckInCalls, createLogCalls} from './check-in-calls.js'
import {createContactWayCalls} from './contact-way-calls.js'
import {createCorpTagCalls, createCustomerCalls} from './customer-calls.js'
import {createDirectoryCalls, createMemberTagCalls} from './directory-calls.js'
import {WeComUnreachable} from './errors.js'
import {createGroupWelcomeCalls} from './group-welcome-calls.js'
import {createHttp, type EgressProxy} from './http.js'
import {createMediaCalls} from './media-calls.js'
import {createMessageCalls} from './message-calls.js'
import {createPacer} from './pacer.js'
import type {SharedSlots} from './shared-slots.js'
import {requireText} from './pages.js'
import {mergeQuotas, type QuotaOverrides} from './quotas.js'
import {createMemoryTokenCache, createTokenSource, type FetchedToken, type TokenCache} from './token-source.js'
import {createSend, type Send, type TransportParts, type WeComWarning} from './transport.js'
import {createWelcomeCalls} from './welcome-calls.js'

export interface WeComClientSettings {
  /** Scheme and host of the API, without `/cgi-bin`. */
  readonly baseUrl: string
  readonly corpId: string
  readonly agentId: number
  readonly secret: string
  readonly clock: Clock
  /** In [0, 1); spreads retries. */
  readonly random: () => number
  readonly onWarning: (warning: WeComWarning) => void
  readonly proxy?: EgressProxy | undefined
  /** For one attempt; default 10 s. */
  readonly timeoutMs?: number | undefined
  readonly quotas?: QuotaOverrides | undefined
  /** Longest wait for room in a quota before a call is refused with 45009; default one hour and a bit, the hour rule. */
  readonly maxQuotaWaitMs?: number | undefined
  /**
   * Whether calls with set semantics that no page confirms (mark_tag, tag/addtagusers, tag/deltagusers) may be sent again
   * after a lost answer. Unconfirmed; default true.
   */
  readonly repeatAssumedSafe?: boolean | undefined
  /** Default: in this process. */
  readonly tokenCache?: TokenCache | undefined
  /** Default: every process counts alone. */
  readonly sharedSlots?: SharedSlots | undefined
  readonly onPlatformTime?: ((platformMs: number) => void) | undefined
}

const DEFAULT_TIMEOUT_MS = 10_000
const DEFAULT_MAX_QUOTA_WAIT_MS = 3_660_000

async function fetchAccessToken(send: Send, corpId: string, secret: string): Promise<FetchedToken> {
  const answer = await send({call: 'gettoken', query: {corpid: corpId, corpsecret: secret}})
  const empty = () =>
    new WeComUnreachable({call: 'gettoken', reason: 'malformed', ambiguous: false, symptom: 'no token'})
  return {token: requireText(answer, 'access_token', empty), expiresInSeconds: numberOf(answer.fields, 'expires_in')}
}

/**
 * The WeCom API of one self-built app, call by call. Nothing it throws carries token, secret, key, URL or body; it throws
 * WeComRejected (an answer that says no), WeComUnreachable (no usable answer) and its AmbiguousOutcome (no answer to a call
 * that must not be repeated).
 */
export function createWeComClient(settings: WeComClientSettings) {
  const {baseUrl, corpId, agentId, secret, clock, random, onWarning, proxy} = settings
  const timeoutMs = settings.timeoutMs ?? DEFAULT_TIMEOUT_MS
  const http = createHttp({baseUrl, proxy, timeoutMs, onPlatformTime: settings.onPlatformTime})
  const pacer = createPacer(mergeQuotas(settings.quotas), {
    clock,
    shared: settings.sharedSlots,
    onWait: (wait) => onWarning({kind: 'quota-wait', ...wait}),
  })
  const parts: TransportParts = {
    http,
    pacer,
    clock,
    random,
    onWarning,
    repeatAssumedSafe: settings.repeatAssumedSafe ?? true,
    maxQuotaWaitMs: settings.maxQuotaWaitMs ?? DEFAULT_MAX_QUOTA_WAIT_MS,
  }
  const sendWithoutToken = createSend(parts)
  const tokens = createTokenSource({
    key: `${corpId}:${agentId}`,
    clock,
    cache: settings.tokenCache ?? createMemoryTokenCache(),
    request: () => fetchAccessToken(sendWithoutToken, corpId, secret),
  })
  const send = createSend({...parts, tokens})
  return {
    ...createDirectoryCalls(send, agentId),
    ...createMemberTagCalls(send),
    ...createCorpTagCalls(send),
    ...createContactWayCalls(send, clock),
    ...createGroupWelcomeCalls(send),
    ...createMediaCalls(send),
    ...createWelcomeCalls(send),
    /** Waits for room in the quota of send_welcome_msg and takes a place; throws when the signal ends the wait. */
    takeWelcomeSlot: (signal: AbortSignal): Promise<void> =>
      pacer.takeSlot({call: 'send_welcome_msg', signal, maxQuotaWaitMs: Number.POSITIVE_INFINITY}),
    ...createCustomerCalls(send),
    ...createMessageCalls(send, sendWithoutToken, agentId),
    ...createCheckInCalls(send),
    ...createLogCalls(send),
    /** Closes kept-alive connections; calls under way fail. */
    close: () => http.close(),
  }
}

export type WeComClient = ReturnType<typeof createWeComClient>
