import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {FrequencyLimiter} from '../../scripts/sandbox/frequency.js'
import {PLATFORM_LIMITS} from '../../scripts/sandbox/limits.js'
import {asReply, START_MS, startPlayground, type Playground} from './playground.js'

const PATH = 'externalcontact/get_follow_user_list'

describe('frequency limits', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  it.each([
    ['corpApiPerMinute', 10_000, 60_000],
    ['corpApiPerHour', 150_000, 3_600_000],
    ['ipApiPerMinute', 20_000, 60_000],
    ['ipApiPerHour', 600_000, 3_600_000],
  ])('%s: call %i is answered, the next is 45009 for a whole window', async (rule, max, blockMs) => {
    await world.control('/frequency/used', {path: PATH, rule, calls: max - 1})
    expect((await world.get(PATH)).errcode).toBe(0)
    expect((await world.get(PATH)).errcode).toBe(45009)
    await world.advance(blockMs - 1)
    expect((await world.get(PATH)).errcode).toBe(45009)
    await world.advance(1)
    expect((await world.get(PATH)).errcode).toBe(0)
  })

  it('count each API on its own', async () => {
    await world.control('/frequency/used', {path: PATH, calls: 10_000})
    expect((await world.get(PATH)).errcode).toBe(45009)
    expect((await world.get('tag/list')).errcode).toBe(0)
  })

  it('count all apps of the corp together', async () => {
    await world.control('/frequency/used', {path: PATH, calls: 9_999})
    expect((await world.get(PATH, {}, {app: 1000003})).errcode).toBe(0)
    expect((await world.get(PATH)).errcode).toBe(45009)
  })

  it('slide: room comes back as the oldest call leaves the window', async () => {
    await world.control('/frequency/used', {path: PATH, calls: 9_999})
    await world.advance(59_000)
    expect((await world.get(PATH)).errcode).toBe(0)
    await world.advance(1000)
    expect((await world.get(PATH)).errcode).toBe(0)
  })

  it('take five debug calls a minute', async () => {
    for (const errcode of [0, 0, 0, 0, 0, 45009]) expect((await world.get(PATH, {debug: '1'})).errcode).toBe(errcode)
    expect((await world.get(PATH)).errcode).toBe(0)
  })

  it('hold gettoken back only when the sandbox is told to', async () => {
    const gettoken = async () =>
      (await asReply(await fetch(`${world.url}/cgi-bin/gettoken?corpid=wwemulator0000000001&corpsecret=secret-a`)))
        .errcode
    expect(await gettoken()).toBe(0)
    await world.control('/settings', {tokenCallsPerHour: 1})
    expect([await gettoken(), await gettoken()]).toEqual([0, 45009])
  })

  it.each([
    [3, 3],
    [null, 4],
  ])('let %p calls of one API be in flight', async (concurrencyPerApi, answered) => {
    await world.control('/settings', {concurrencyPerApi, markTagHoldMs: 0})
    await world.token()
    await world.control('/limits', {markTagConcurrency: concurrencyPerApi ?? 4})
    await world.control('/settings', {markTagHoldMs: 100})
    const calls = Array.from({length: 4}, () => world.post('externalcontact/mark_tag', {}))
    const errcodes = (await Promise.all(calls)).map((reply) => reply.errcode)
    expect(errcodes.filter((errcode) => errcode !== 45033)).toHaveLength(answered)
  })
})

describe('caps too large to be filled in a test', () => {
  it.each([
    ['temporaryWaysPerDay', 100_000],
    ['uploadimgPerMonth', 3000],
  ] as const)('%s is the documented %i', (name, value) => {
    expect(PLATFORM_LIMITS[name]).toBe(value)
  })
})

describe('the limiter', () => {
  const rule = [{max: 2, windowMs: 60_000}]

  it('follows the clock’s minutes in its other mode', () => {
    const limiter = new FrequencyLimiter(() => 'clock')
    const endOfMinute = START_MS + 59_000
    expect(limiter.take('a', rule, endOfMinute)).toBe(true)
    expect(limiter.take('a', rule, endOfMinute)).toBe(true)
    expect(limiter.take('a', rule, START_MS + 60_000)).toBe(true)
    expect(limiter.take('a', rule, START_MS + 60_000)).toBe(true)
    expect(limiter.take('a', rule, START_MS + 60_001)).toBe(false)
  })

  it('does not prolong a block by calls that it refuses', () => {
    const limiter = new FrequencyLimiter(() => 'sliding')
    for (const at of [0, 0]) expect(limiter.take('a', rule, at)).toBe(true)
    for (const at of [1, 30_000, 60_000]) expect(limiter.take('a', rule, at)).toBe(false)
    expect(limiter.take('a', rule, 60_001)).toBe(true)
  })
})
