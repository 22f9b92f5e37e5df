import {createCipheriv, createDecipheriv, hkdfSync, randomBytes} from 'node:crypto'
import type {Redis} from 'ioredis'
import type {Clock} from '../../core/ports.js'
import {createScript} from './redis-script.js'
import {withTroubleTold} from './redis-trouble.js'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** As the WeCom client keeps tokens; the store knows nothing of it, so the shape is told here again. */
export interface TokenCache {
  read(key: string): Promise<CachedToken | null>
  write(key: string, entry: CachedToken): Promise<void>
  /** Forgets the entry only while it still holds this token. */
  drop(key: string, token: string): Promise<void>
}

export interface CachedToken {
  readonly token: string
  readonly useUntilMs: number
}

export interface RedisTokenCacheOptions {
  readonly prefix: string
  /** The app's secret: whoever has it may have the token, nobody else can open it. It never leaves this process. */
  readonly secret: string
  readonly clock: Pick<Clock, 'nowMs'>
}

/** KEYS entry; ARGV the text it must still hold. */
const DROP = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
`

/**
 * One token for all processes of an app, sealed: who reads Redis learns no token. What cannot be opened (another secret, an
 * entry moved to another name, a changed byte) counts as absent. Throws RedisTrouble.
 */
export function createRedisTokenCache(redis: Redis, {prefix, secret, clock}: RedisTokenCacheOptions): TokenCache {
  const sealKey = Buffer.from(hkdfSync('sha256', secret, '', 'yingbin token cache 1', KEY_BYTES))
  const runDrop = createScript(redis, DROP)
  const entryKey = (key: string): string => `${prefix}token:${key}`

  const cache: TokenCache = {
    async read(key) {
      return open(sealKey, key, await redis.get(entryKey(key)))
    },
    async write(key, entry) {
      const livesMs = Math.floor(entry.useUntilMs - clock.nowMs())
      if (livesMs > 0) await redis.set(entryKey(key), seal(sealKey, key, entry), 'PX', livesMs)
    },
    async drop(key, token) {
      const sealed = await redis.get(entryKey(key))
      if (sealed !== null && open(sealKey, key, sealed)?.token === token) await runDrop([entryKey(key)], [sealed])
    },
  }
  return withTroubleTold(cache)
}

/** nonce, tag and ciphertext in base64; bound to the name it stands under. */
function seal(sealKey: Buffer, name: string, {token, useUntilMs}: CachedToken): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, sealKey, nonce).setAAD(Buffer.from(name))
  const text = Buffer.concat([cipher.update(JSON.stringify({token, useUntilMs}), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64')
}

function open(sealKey: Buffer, name: string, sealed: string | null): CachedToken | null {
  if (sealed === null) return null
  const bytes = Buffer.from(sealed, 'base64')
  const [nonce, tag] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)]
  if (tag.length !== TAG_BYTES) return null
  try {
    const decipher = createDecipheriv(CIPHER, sealKey, nonce, {authTagLength: TAG_BYTES})
    decipher.setAAD(Buffer.from(name)).setAuthTag(tag)
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    return JSON.parse(text.toString('utf8')) as CachedToken
  } catch {
    return null
  }
}
