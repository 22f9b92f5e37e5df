import {Redis, type RedisOptions} from 'ioredis'
import type {RedisAddress} from './address.js'
import {type RedisTrouble, troubleOf} from './redis-trouble.js'

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
  /** Opens the connection; whether it stood within this time. */
  becomesReady(withinMs: number): Promise<boolean>
  /** Waits for what was asked so far, within its time. */
  close(): Promise<void>
}

const COMMAND_TIMEOUT_MS = 4000
const FIRST_RETRY_MS = 50
const LONGEST_RETRY_MS = 2000
/** Waiting commands are given up after so many attempts in a row; attempts go on for ever. */
const ATTEMPTS_WAITED = 3
/** A peer that is gone without a word is noticed after so long, and the connection made anew. */
const SILENT_SOCKET_MS = 8000
/** A peer that does not close its side is left after so long; a command line should not wait for it. */
const FAREWELL_MS = 200

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
  const begin = (): void => void redis.connect().catch((error: unknown) => (last = troubleOf(error)))
  // Who does not wait for a connection wants it from the start; who does opens it with the first command.
  if (!canWait) begin()
  return {
    redis,
    becomesReady(withinMs) {
      if (redis.status === 'wait') begin()
      if (isReady) return Promise.resolve(true)
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(false), withinMs)
        redis.once('ready', () => {
          clearTimeout(timer)
          resolve(true)
        })
      })
    },
    async close() {
      // Answers come in order: this one tells that those before it have come.
      if (isReady) await redis.ping().catch((error: unknown) => (last = troubleOf(error)))
      isReady = false
      redis.disconnect()
    },
  }
}

function optionsOf(address: RedisAddress, {password, commandTimeoutMs, canWait = true}: ConnectOptions) {
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
    disconnectTimeout: FAREWELL_MS,
    enableAutoPipelining: true,
    enableOfflineQueue: canWait,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: ATTEMPTS_WAITED,
    retryStrategy: (attempt: number) => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10)),
    disableClientInfo: true,
    connectionName: 'yingbin',
  } satisfies RedisOptions
}
