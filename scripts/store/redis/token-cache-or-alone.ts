import type {Clock} from '../../core/ports.js'
import type {CachedToken, TokenCache} from './create-redis-token-cache.js'

/** The shared entry is looked at again after so long; a token that was replaced meanwhile is refused once and dropped. */
const TRUSTED_MS = 5000
/** After trouble the shared cache is not asked again for so long. */
const PAUSE_MS = 2000

interface Known {
  readonly entry: CachedToken
  readonly seenAtMs: number
}

/**
 * The shared cache while it can be reached, else what this process knows: a lost Redis stops no welcome and makes nobody ask
 * for a new token with every call. It never throws.
 */
export function createTokenCacheOrAlone(shared: TokenCache, clock: Pick<Clock, 'nowMs'>): TokenCache {
  const known = new Map<string, Known>()
  let silentUntilMs = 0

  const remember = (key: string, entry: CachedToken | null): void => {
    if (entry === null) known.delete(key)
    else known.set(key, {entry, seenAtMs: clock.nowMs()})
  }

  async function ask<T>(question: () => Promise<T>, alone: T): Promise<T> {
    if (clock.nowMs() < silentUntilMs) return alone
    try {
      return await question()
    } catch {
      // Whoever shares the state tells that it is lost; here it only means knowing alone for a while.
      silentUntilMs = clock.nowMs() + PAUSE_MS
      return alone
    }
  }

  return {
    async read(key) {
      const own = known.get(key)
      if (own && clock.nowMs() < Math.min(own.seenAtMs + TRUSTED_MS, own.entry.useUntilMs)) return own.entry
      const entry = await ask(() => shared.read(key), own?.entry ?? null)
      remember(key, entry)
      return entry
    },
    async write(key, entry) {
      remember(key, entry)
      await ask(() => shared.write(key, entry), undefined)
    },
    async drop(key, token) {
      if (known.get(key)?.entry.token === token) known.delete(key)
      await ask(() => shared.drop(key, token), undefined)
    },
  }
}
