import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {createRedisTokenCache} from '../../../scripts/store/redis/create-redis-token-cache.js'
import {createTokenCacheOrAlone} from '../../../scripts/store/redis/token-cache-or-alone.js'
import type {CachedToken, TokenCache} from '../../../scripts/wecom/token-source.js'
import {createFakeClock} from '../../apply/fake-clock.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'

const HOUR = 3_600_000
const APP = 'ww0000000000000001/1000002'

describeRedis('a token that processes share', () => {
  const redis = aRedis()
  let companies = 0

  function aCompany() {
    const prefix = `tokens${++companies}:`
    const clock = createFakeClock()
    const client = redis().connect().redis
    const cache = (secret = 'secret of the app') => createRedisTokenCache(client, {prefix, secret, clock})
    const aToken = (token = 'TOKEN-0001'): CachedToken => ({token, useUntilMs: clock.nowMs() + 2 * HOUR})
    return {prefix, clock, client, cache, aToken, key: `${prefix}token:${APP}`}
  }

  it('is read by another process of the same app', async () => {
    const {cache, aToken} = aCompany()
    expect(await cache().read(APP)).toBeNull()
    await cache().write(APP, aToken())
    expect(await cache().read(APP)).toEqual(aToken())
  })

  it('stands in Redis sealed, a different text every time', async () => {
    const {cache, aToken, client, key} = aCompany()
    await cache().write(APP, aToken())
    const first = (await client.get(key)) ?? ''
    await cache().write(APP, aToken())
    expect(Buffer.from(first, 'base64').includes('TOKEN')).toBe(false)
    expect(await client.get(key)).not.toBe(first)
  })

  it('is opened by no other secret, and under no other name', async () => {
    const {cache, aToken, client, prefix, key} = aCompany()
    await cache().write(APP, aToken())
    expect(await cache('another secret').read(APP)).toBeNull()
    await client.copy(key, `${prefix}token:another app`)
    expect(await cache().read('another app')).toBeNull()
  })

  it('counts as absent when any byte of it was changed or cut off', async () => {
    const {cache, aToken, client, key} = aCompany()
    await cache().write(APP, aToken())
    const sealed = Buffer.from((await client.get(key)) ?? '', 'base64')
    await fc.assert(
      fc.asyncProperty(fc.nat({max: sealed.length - 1}), fc.integer({min: 1, max: 255}), async (at, by) => {
        const changed = Buffer.from(sealed)
        changed[at] = (changed[at] ?? 0) ^ by
        for (const text of [changed.toString('base64'), sealed.subarray(0, at).toString('base64')]) {
          await client.set(key, text)
          expect(await cache().read(APP)).toBeNull()
        }
      }),
      {numRuns: 40},
    )
  })

  it('is gone from Redis when its time is over, and one that is over is not written', async () => {
    const {cache, aToken, client, key, clock} = aCompany()
    await cache().write(APP, aToken())
    const leftMs = await client.pttl(key)
    expect(leftMs > HOUR && leftMs <= 2 * HOUR).toBe(true)
    await client.del(key)
    await cache().write(APP, {token: 'late', useUntilMs: clock.nowMs()})
    expect(await client.exists(key)).toBe(0)
  })

  it('is dropped only while it is still this one', async () => {
    const {cache, aToken} = aCompany()
    await cache().write(APP, aToken('old'))
    await cache().write(APP, aToken('new'))
    await cache().drop(APP, 'old')
    expect((await cache().read(APP))?.token).toBe('new')
    await cache().drop(APP, 'new')
    expect(await cache().read(APP)).toBeNull()
  })
})

describe('a token while the shared cache may be lost', () => {
  /** A shared cache that can be lost, and counts how often it is asked. */
  function aShared() {
    const clock = createFakeClock()
    const state: {entry: CachedToken | null; isLost: boolean; asked: number} = {entry: null, isLost: false, asked: 0}
    const ask = <T>(answer: () => T): Promise<T> => {
      state.asked++
      return state.isLost ? Promise.reject(new Error('lost')) : Promise.resolve(answer())
    }
    const shared: TokenCache = {
      read: () => ask(() => state.entry),
      write: (_, entry) => ask(() => void (state.entry = entry)),
      drop: (_, token) => ask(() => void (state.entry = state.entry?.token === token ? null : state.entry)),
    }
    const aToken = (token = 't1'): CachedToken => ({token, useUntilMs: clock.nowMs() + HOUR})
    return {clock, state, aToken, cache: createTokenCacheOrAlone(shared, clock)}
  }

  it('goes on with the token it knows, and asks again only after a while', async () => {
    const {cache, state, aToken, clock} = aShared()
    await cache.write(APP, aToken())
    state.isLost = true
    clock.advance(5000)
    expect((await cache.read(APP))?.token).toBe('t1')
    const asked = state.asked
    clock.advance(1999)
    expect((await cache.read(APP))?.token).toBe('t1')
    expect(state.asked).toBe(asked)
  })

  it('a token fetched meanwhile is remembered, so nobody fetches one for every call', async () => {
    const {cache, state, aToken} = aShared()
    state.isLost = true
    expect(await cache.read(APP)).toBeNull()
    await cache.write(APP, aToken())
    expect((await cache.read(APP))?.token).toBe('t1')
  })

  it('what another process put there is seen within five seconds', async () => {
    const {cache, state, aToken, clock} = aShared()
    await cache.write(APP, aToken('t1'))
    state.entry = aToken('t2')
    clock.advance(4999)
    expect((await cache.read(APP))?.token).toBe('t1')
    clock.advance(1)
    expect((await cache.read(APP))?.token).toBe('t2')
  })

  it('a dropped token is not given again, even when the others cannot be told', async () => {
    const {cache, state, aToken} = aShared()
    await cache.write(APP, aToken())
    state.isLost = true
    await cache.drop(APP, 't1')
    expect(await cache.read(APP)).toBeNull()
  })

  it('the drop of an older token leaves the newer one', async () => {
    const {cache, aToken} = aShared()
    await cache.write(APP, aToken('t2'))
    await cache.drop(APP, 't1')
    expect((await cache.read(APP))?.token).toBe('t2')
  })

  it('a token whose time is over is looked up anew', async () => {
    const {cache, state, aToken, clock} = aShared()
    await cache.write(APP, {token: 'short', useUntilMs: clock.nowMs() + 1000})
    state.entry = aToken('t2')
    clock.advance(1000)
    expect((await cache.read(APP))?.token).toBe('t2')
  })
})
