import {resolve} from 'node:path'
import type {Words} from '../core/model/words.js'
import type {Clock, Store} from '../core/ports.js'
import type {SharedState} from '../responder/ports.js'
import {KeyUnusable, readPrivateKey, readPublicKey} from '../runtime/keys.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {createFileStore} from '../store/create-file-store.js'
import {parseRedisAddress, showRedisAddress, type RedisAddress} from '../store/redis/address.js'
import type {ConnectOptions, RedisConnection} from '../store/redis/connect.js'
import {openedLate} from '../store/redis/opened-late.js'
import type {RedisTrouble} from '../store/redis/redis-trouble.js'
import type {SharedSlots} from '../wecom/shared-slots.js'
import type {TokenCache} from '../wecom/token-source.js'
import {CouldNotRun, type Door} from './door.js'

const DEFAULT_STORE = 'file:.yingbin/store'
const PASSWORD = 'YINGBIN_REDIS_PASSWORD'
/** Before every key, for others may use the same Redis; a second company takes another database. */
const PREFIX = 'yingbin:'
const STORE_PATIENCE_MS = 4000
/** A start without any network is to be over within five seconds, and the store is asked after this. */
const SHARE_FIRST_WAIT_MS = 800
/** A question about one event is given up soon: the responder then goes on alone. One may wait for another before it. */
const SHARE_PATIENCE_MS = 700

/** Redis is connected to by the first use, so that this answers at once; what goes wrong then is a CouldNotRun. */
export function openStore(door: Door, written: unknown, clock: Clock): Store {
  const address = addressOf(door, written)
  const onDamage = ({what, why}: {readonly what: string; readonly why: string}): void => door.err(`${what}: ${why}\n`)
  const options = {clock, randomness: createSystemRandomness(), onDamage}
  if (typeof address === 'string') return createFileStore(address, options)
  return openedLate(async () => {
    const {createRedisStore} = await import('../store/redis/create-redis-store.js')
    const connection = await openRedis(door, address, {commandTimeoutMs: STORE_PATIENCE_MS})
    const explain = ({says}: RedisTrouble): CouldNotRun => redisFailed(address, says)
    const store = createRedisStore(connection.redis, {...options, prefix: PREFIX, explain})
    return {...store, close: () => connection.close()}
  })
}

/** What the responders of one company share beside the store. */
export interface OpenedShare {
  readonly shared: SharedState
  readonly slots: SharedSlots
  /** Sealed under the app's secret; goes on with what it knows while Redis is lost. */
  tokenCache(secret: string): TokenCache
  close(): Promise<void>
}

/**
 * `null` for `file:`, which one responder has alone. Waits for Redis a while and then answers all the same: a responder
 * starts without it and is joined to the others when it comes back.
 * @param responder its name, the same after a restart and nobody else's
 */
export async function openShare(
  door: Door,
  written: unknown,
  {clock, responder}: {readonly clock: Clock; readonly responder: string},
): Promise<OpenedShare | null> {
  const address = addressOf(door, written)
  if (typeof address === 'string') return null
  const [{createRedisShare}, {createRedisSlots}, {createRedisTokenCache}, {createTokenCacheOrAlone}] =
    await Promise.all([
      import('../store/redis/create-redis-share.js'),
      import('../store/redis/create-redis-slots.js'),
      import('../store/redis/create-redis-token-cache.js'),
      import('../store/redis/token-cache-or-alone.js'),
    ])
  const connection = await openRedis(door, address, {commandTimeoutMs: SHARE_PATIENCE_MS, canWait: false})
  await connection.becomesReady(SHARE_FIRST_WAIT_MS)
  const {redis} = connection
  return {
    shared: createRedisShare(redis, {prefix: PREFIX, responder}),
    slots: createRedisSlots(redis, {prefix: PREFIX}),
    tokenCache: (secret) =>
      createTokenCacheOrAlone(createRedisTokenCache(redis, {prefix: PREFIX, secret, clock}), clock),
    close: () => connection.close(),
  }
}

/** Whether other responders may be on the same store. */
export const sharesStore = (door: Door, written: unknown): boolean => typeof addressOf(door, written) !== 'string'

/** The folder of a file store, or the address of Redis. */
function addressOf(door: Door, written: unknown): string | RedisAddress {
  const address = typeof written === 'string' ? written : (door.env['YINGBIN_STORE'] ?? DEFAULT_STORE)
  if (address.startsWith('file:')) return resolve(door.cwd, address.slice('file:'.length))
  const redis = parseRedisAddress(address)
  if (redis !== null) return redis
  // Whatever stands before the last @ may be a password.
  const shown = address.replace(/^.*@/, '…@')
  throw new CouldNotRun(
    {zh: `不认识的存储 ${shown}`, en: `unknown store ${shown}`},
    {zh: '写作 file:文件夹 或 redis://主机:端口/库号', en: 'write file:FOLDER or redis://HOST:PORT/DB'},
  )
}

async function openRedis(door: Door, address: RedisAddress, options: ConnectOptions): Promise<RedisConnection> {
  const [{connectRedis}, {secretOf}] = await Promise.all([
    import('../store/redis/connect.js'),
    import('./open-wecom.js'),
  ])
  return connectRedis(address, {...options, password: secretOf(door, PASSWORD)})
}

function redisFailed(address: RedisAddress, says: Words): CouldNotRun {
  const shown = showRedisAddress(address)
  return new CouldNotRun(
    {zh: `存储 ${shown} 用不了：${says.zh}`, en: `the store ${shown} cannot be used: ${says.en}`},
    {
      zh: `检查地址、网络和密码（${PASSWORD} 或 ${PASSWORD}_FILE）`,
      en: `check the address, the network and the password (${PASSWORD} or ${PASSWORD}_FILE)`,
    },
  )
}

/** A key from the environment: its PEM text in NAME, or a file in NAME_FILE. */
export async function keyFromEnv(door: Door, name: string, half: 'private' | 'public'): Promise<string> {
  const [pem, file] = [door.env[name], door.env[`${name}_FILE`]]
  if (pem === undefined && file === undefined)
    throw new CouldNotRun(
      {zh: `环境里没有密钥 ${name}`, en: `the environment has no key ${name}`},
      {
        zh: `把 PEM 文本放进 ${name}，或把文件路径放进 ${name}_FILE`,
        en: `put the PEM text into ${name}, or a file's path into ${name}_FILE`,
      },
    )
  const source = pem === undefined ? {file: resolve(door.cwd, file ?? '')} : {pem}
  try {
    return await (half === 'private' ? readPrivateKey(source, name) : readPublicKey(source, name))
  } catch (error) {
    if (!(error instanceof KeyUnusable)) throw error
    throw new CouldNotRun(
      {zh: `密钥不能用：${error.message}`, en: error.message},
      {zh: '换成 Ed25519 密钥的 PEM', en: 'use the PEM of an Ed25519 key'},
      {cause: error},
    )
  }
}
