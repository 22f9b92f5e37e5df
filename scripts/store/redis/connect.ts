import {Redis, type RedisOptions} from 'ioredis'
import {type RedisTrouble, troubleOf} from './redis-trouble.js'

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly database: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly isEncrypted: boolean
}

export interface ConnectOptions {
  /** Instead of one in the address. */
  readonly password?: string | undefined
  /** A command without an answer is given up after so long, wherever it waits. Default 4 s. */
  readonly commandTimeoutMs?: number
  /** Whether commands wait for a connection that is not there yet, within their time. Default true. */
  readonly canWait?: boolean
  /** Told when the connection comes and when it is lost; `trouble` says why. */
  readonly onState?: (state: 'ready' | 'lost', trouble: RedisTrouble | null) => void
}

export interface RedisConnection {
  readonly redis: Redis
  /** Waits for what was asked so far, within its time. */
  close(): Promise<void>
}

const DEFAULT_PORT = 6379
const COMMAND_TIMEOUT_MS = 4000
const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 2000
/** Waiting commands are given up after so many attempts in a row; attempts go on for ever. */
const ATTEMPTS_WAITED = 3
/** A peer that is gone without a word is noticed after so long, and the connection made anew. */
const SILENT_SOCKET_MS = 8000

/** `redis://[user:password@]host[:port][/database]`, or `rediss://` for TLS; `null` when it is written otherwise. */
export function parseRedisAddress(written: string): RedisAddress | null {
  const url = URL.canParse(written) ? new URL(written) : null
  if (url === null || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') return null
  const database = /^\/?$|^\/(\d{1,4})$/.exec(url.pathname)
  const [user, password] = [decode(url.username), decode(url.password)]
  if (database === null || url.search !== '' || url.hash !== '' || user === null || password === null) return null
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    database: Number(database[1] ?? 0),
    user: user === '' ? undefined : user,
    password: password === '' ? undefined : password,
    isEncrypted: url.protocol === 'rediss:',
  }
}

/** Percent-decoded; `null` when it cannot be. */
function decode(part: string): string | null {
  try {
    return decodeURIComponent(part)
  } catch {
    return null
  }
}

/** The address as it may be shown: without user and password. */
export const showRedisAddress = ({host, port, database, isEncrypted}: RedisAddress): string =>
  `${isEncrypted ? 'rediss' : 'redis'}://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`

/**
 * A connection that comes back by itself. A command whose answer is lost with the connection is never sent a second time:
 * it may have been carried out.
 */
export function connectRedis(address: RedisAddress, options: ConnectOptions = {}): RedisConnection {
  const {canWait = true, onState} = options
  const redis = new Redis(optionsOf(address, options))
  let last: RedisTrouble | null = null
  let isReady = false
  redis.on('error', (error: unknown) => {
    last = troubleOf(error)
    if (!isReady) onState?.('lost', last)
  })
  redis.on('ready', () => {
    isReady = true
    last = null
    onState?.('ready', null)
  })
  redis.on('close', () => {
    if (isReady) onState?.('lost', last)
    isReady = false
  })
  // Who does not wait for a connection wants it from the start; who does opens it with the first command.
  if (!canWait) redis.connect().catch((error: unknown) => (last = troubleOf(error)))
  return {
    redis,
    async close() {
      // Answers come in order: this one tells that those before it have come.
      if (isReady) await redis.ping().catch((error: unknown) => (last = troubleOf(error)))
      isReady = false
      redis.disconnect()
    },
  }
}

function optionsOf(address: RedisAddress, {password, commandTimeoutMs, canWait = true}: ConnectOptions): RedisOptions {
  const secret = password ?? address.password
  return {
    host: address.host,
    port: address.port,
    db: address.database,
    ...(address.user === undefined ? {} : {username: address.user}),
    ...(secret === undefined ? {} : {password: secret}),
    ...(address.isEncrypted ? {tls: {servername: address.host}} : {}),
    lazyConnect: true,
    commandTimeout: commandTimeoutMs ?? COMMAND_TIMEOUT_MS,
    connectTimeout: COMMAND_TIMEOUT_MS,
    socketTimeout: SILENT_SOCKET_MS,
    enableAutoPipelining: true,
    enableOfflineQueue: canWait,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: ATTEMPTS_WAITED,
    retryStrategy: (attempt) => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10)),
    disableClientInfo: true,
    connectionName: 'yingbin',
  }
}
