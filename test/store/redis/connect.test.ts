import {describe, expect, it} from '@jest/globals'
import {createSystemClock} from '../../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../../scripts/runtime/system-randomness.js'
import type {OutcomeRecord} from '../../../scripts/core/model/outcome.js'
import {parseRedisAddress, showRedisAddress} from '../../../scripts/store/redis/address.js'
import {connectRedis} from '../../../scripts/store/redis/connect.js'
import {createRedisShare} from '../../../scripts/store/redis/create-redis-share.js'
import {createRedisSlots} from '../../../scripts/store/redis/create-redis-slots.js'
import {createRedisStore} from '../../../scripts/store/redis/create-redis-store.js'
import {createRedisTokenCache} from '../../../scripts/store/redis/create-redis-token-cache.js'
import {RedisTrouble, troubleOf} from '../../../scripts/store/redis/redis-trouble.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'
import {startRedis, type ARedis} from '../../support/redis-server.js'

const TIMES = {leaseMs: 6000, keptMs: 660_000}
const PATIENCE_MS = 250

describe('the address of a Redis', () => {
  it.each([
    ['redis://h', {host: 'h', port: 6379, database: 0, isEncrypted: false}],
    ['redis://h/', {host: 'h', port: 6379, database: 0, isEncrypted: false}],
    ['redis://h:7000/3', {host: 'h', port: 7000, database: 3, isEncrypted: false}],
    ['rediss://h:7000/15', {host: 'h', port: 7000, database: 15, isEncrypted: true}],
    ['redis://[::1]:7000', {host: '::1', port: 7000, database: 0, isEncrypted: false}],
    ['redis://:p%40ss@h', {host: 'h', user: undefined, password: 'p@ss'}],
    ['redis://app:p:q@h', {host: 'h', user: 'app', password: 'p:q'}],
  ])('%s is read', (written, expected) => {
    expect(parseRedisAddress(written)).toMatchObject(expected)
  })

  it.each([
    'redis:',
    'redis://',
    'redis://h/x',
    'redis://h/0/1',
    'redis://h/-1',
    'redis://h?db=1',
    'redis://h:99999',
    'redis://%zz@h',
    'http://h',
    'h:6379',
    '',
  ])('“%s” is none', (written) => {
    expect(parseRedisAddress(written)).toBeNull()
  })

  it('is shown without user and password', () => {
    const address = parseRedisAddress('rediss://app:secret@[::1]:7000/2')
    expect(address && showRedisAddress(address)).toBe('rediss://[::1]:7000/2')
  })
})

describe('what is told of trouble', () => {
  it.each([
    [{message: 'Command timed out'}, 'no answer in time'],
    [{message: 'connect ECONNREFUSED 127.0.0.1:1', code: 'ECONNREFUSED'}, 'nobody listens there'],
    [{message: 'WRONGPASS invalid username-password pair', name: 'ReplyError'}, 'it answered WRONGPASS'],
    [{message: "OOM command not allowed when used memory > 'maxmemory'."}, 'it answered OOM'],
    [{message: 'something with token-123 in it', command: {args: ['token-123']}}, 'it answered unknown'],
    [null, 'it answered unknown'],
  ])('%j is told in fixed words', (error, says) => {
    expect(troubleOf(error).says.en).toBe(says)
  })
})

/** One call of every method that asks Redis. */
function everyCall(redis: ARedis) {
  const {redis: client} = redis.connect({commandTimeoutMs: PATIENCE_MS, canWait: false})
  const share = createRedisShare(client, {prefix: 'lost:', responder: 'a'})
  const slots = createRedisSlots(client, {prefix: 'lost:'})
  const tokens = createRedisTokenCache(client, {prefix: 'lost:', secret: 's', clock: createSystemClock()})
  const record = {key: 'k', outcome: 'sent'} as OutcomeRecord
  return {
    client,
    share,
    calls: (): Promise<unknown>[] => [
      share.claim({key: 'k', receivedAtMs: 1, sealed: 's'}, TIMES),
      share.renewClaims(['k'], 1000),
      share.finish(record, 1000),
      share.settle(['k']),
      share.takeLapsed(1, TIMES),
      share.admitExposed('c', 'p', 1),
      share.takeTask('t', 60_000),
      slots.take('send', [{windowMs: 60_000, cap: 100}]),
      slots.block('upload', 1000),
      tokens.read('app'),
      tokens.write('app', {token: 't', useUntilMs: Date.now() + 60_000}),
      tokens.drop('app', 't'),
    ],
  }
}

const endsOf = async (calls: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(calls)).map((end) =>
    end.status === 'fulfilled' ? 'answered' : end.reason instanceof RedisTrouble ? end.reason.says.en : 'other error',
  )

const untilReady = (client: {once(event: 'ready', done: () => void): unknown; status: string}): Promise<void> =>
  client.status === 'ready' ? Promise.resolve() : new Promise((done) => client.once('ready', done))

describeRedis('a Redis that is lost', () => {
  const redis = aRedis()

  it('hangs: every question ends in time with trouble, and works again when it answers again', async () => {
    const {client, calls} = everyCall(redis())
    await untilReady(client)
    expect(new Set(await endsOf(calls()))).toEqual(new Set(['answered']))
    redis().pause()
    try {
      expect(new Set(await endsOf(calls()))).toEqual(new Set(['no answer in time']))
    } finally {
      redis().resume()
    }
    await expect(client.ping()).resolves.toBe('PONG')
    expect(new Set(await endsOf(calls()))).toEqual(new Set(['answered']))
  })

  it('died: every question ends at once, the loss is told, and it is found again by itself', async () => {
    const told: string[] = []
    const states = redis().connect({onState: (state) => told.push(state)})
    await states.redis.ping()
    const {client, share, calls} = everyCall(redis())
    await untilReady(client)
    await redis().kill()
    expect((await endsOf(calls())).filter((end) => end === 'answered')).toEqual([])
    await redis().restart()
    await Promise.all([untilReady(client), untilReady(states.redis)])
    expect(told.at(0)).toBe('ready')
    expect(told).toContain('lost')
    expect(told.at(-1)).toBe('ready')
    // It came back empty: whoever ends an event first has ended it.
    expect(await share.finish({key: 'k', outcome: 'sent'} as OutcomeRecord, 60_000)).toBe(true)
    expect(new Set(await endsOf(calls()))).toEqual(new Set(['answered']))
  })

  it('is not there at all: the store says so soon, and no error goes unhandled', async () => {
    const {redis: client} = connectRedis({...redis().address, port: 1}, {commandTimeoutMs: 300})
    const store = createRedisStore(client, {
      prefix: 'p:',
      clock: createSystemClock(),
      randomness: createSystemRandomness(),
    })
    await expect(store.readState()).rejects.toThrow(RedisTrouble)
    await expect(store.writeReport({responder: 'a'} as never)).rejects.toThrow(RedisTrouble)
    client.disconnect()
  })

  it('waits for a connection no longer than it was told', async () => {
    const nobody = connectRedis({...redis().address, port: 1}, {canWait: false})
    expect(await nobody.becomesReady(50)).toBe(false)
    await nobody.close()
    const somebody = redis().connect()
    expect(await somebody.becomesReady(4000)).toBe(true)
    expect(await somebody.becomesReady(0)).toBe(true)
  })

  it('is left only when what was asked has been answered', async () => {
    const connection = redis().connect()
    const asked = Promise.all(Array.from({length: 50}, (_, index) => connection.redis.incrby('sum', index)))
    await connection.becomesReady(4000)
    await connection.close()
    expect(await asked).toHaveLength(50)
    await expect(connection.redis.ping()).rejects.toThrow('Connection is closed')
  })
})

describeRedis('a Redis with a password', () => {
  it('is opened with it, from the address or beside it; a wrong one is told without repeating it', async () => {
    const server = await startRedis(['--requirepass', 'right-password'])
    try {
      const right = connectRedis({...server.address, password: 'right-password'})
      await expect(right.redis.ping()).resolves.toBe('PONG')
      const beside = server.connect({password: 'right-password'})
      await expect(beside.redis.ping()).resolves.toBe('PONG')
      const wrong = server.connect({password: 'wrong-password'})
      const refused = await wrong.redis.ping().catch((error: unknown) => troubleOf(error))
      expect(refused).toMatchObject({says: {en: 'it answered WRONGPASS'}})
      expect(JSON.stringify(refused)).not.toContain('wrong-password')
      await right.close()
    } finally {
      await server.stop()
    }
  })
})
