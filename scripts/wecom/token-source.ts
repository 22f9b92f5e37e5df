import type {Clock} from '../core/ports.js'
import {WeComRejected, WeComUnreachable} from './errors.js'
import type {CallName} from './calls.js'

export interface CachedToken {
  readonly token: string
  readonly useUntilMs: number
}

/** Where tokens are kept; several processes may share one. Keys are corp and app, never the secret. */
export interface TokenCache {
  read(key: string): Promise<CachedToken | null>
  write(key: string, entry: CachedToken): Promise<void>
  /** Forgets the entry only while it still holds this token: somebody else may have replaced it already. */
  drop(key: string, token: string): Promise<void>
}

export interface FetchedToken {
  readonly token: string
  readonly expiresInSeconds: number
}

export interface TokenSource {
  /** The token to use now; at most one `gettoken` is under way, however many ask. */
  fetchToken(call: CallName, signal?: AbortSignal): Promise<string>
  /** The platform refused this token (40014, 42001). */
  dropToken(token: string): Promise<void>
}

/** A token is replaced after this share of its life. Asking earlier yields the same token with less time left. */
const USED_SHARE = 0.95
/** Refusals of the credentials themselves: asking again changes nothing, and asking often gets the address blocked. */
const CREDENTIAL_REFUSALS: ReadonlySet<number> = new Set([40001, 40013, 40091, 41002, 41004, 50003, 301007])
/**
 * How long such a refusal is answered from memory: short at first, since a slip of the platform must not cost a minute of
 * customers, then twice as long each time. Unconfirmed: no page says how many wrong secrets are too many.
 */
const FIRST_REFUSAL_HOLD_MS = 2000
const LONGEST_REFUSAL_HOLD_MS = 60_000

export function createMemoryTokenCache(): TokenCache {
  const entries = new Map<string, CachedToken>()
  return {
    read: (key) => Promise.resolve(entries.get(key) ?? null),
    write: (key, entry) => Promise.resolve(void entries.set(key, entry)),
    drop: (key, token) => Promise.resolve(void (entries.get(key)?.token === token && entries.delete(key))),
  }
}

export interface TokenSourceParts {
  readonly key: string
  readonly clock: Clock
  readonly cache: TokenCache
  readonly request: () => Promise<FetchedToken>
}

/** Document 91039. The shared request belongs to nobody: one caller's abort must not take the token from the others. */
export function createTokenSource({key, clock, cache, request}: TokenSourceParts): TokenSource {
  let underWay: Promise<string> | null = null
  let refused: {readonly error: WeComRejected; readonly untilMs: number; readonly holdMs: number} | null = null

  async function renew(): Promise<string> {
    const cached = await cache.read(key)
    if (cached !== null && cached.useUntilMs > clock.nowMs()) return cached.token
    if (refused !== null && refused.untilMs > clock.nowMs()) throw refused.error
    try {
      const {token, expiresInSeconds} = await request()
      refused = null
      await cache.write(key, {token, useUntilMs: clock.nowMs() + Math.floor(expiresInSeconds * 1000 * USED_SHARE)})
      return token
    } catch (error) {
      if (error instanceof WeComRejected && CREDENTIAL_REFUSALS.has(error.errcode)) {
        const holdMs = Math.min(LONGEST_REFUSAL_HOLD_MS, 2 * (refused?.holdMs ?? FIRST_REFUSAL_HOLD_MS / 2))
        refused = {error, holdMs, untilMs: clock.nowMs() + holdMs}
      }
      throw error
    }
  }

  return {
    fetchToken(call, signal) {
      underWay ??= renew().finally(() => {
        underWay = null
      })
      return orAbort(underWay, call, signal)
    },
    dropToken: (token) => cache.drop(key, token),
  }
}

/** Stops waiting when the caller aborts. Nothing of the caller's own has been sent at this point. */
function orAbort(token: Promise<string>, call: CallName, signal: AbortSignal | undefined): Promise<string> {
  if (signal === undefined) return token
  return new Promise((resolve, reject) => {
    const leave = () => reject(new WeComUnreachable({call, reason: 'aborted', ambiguous: false}))
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, {once: true})
    token.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
