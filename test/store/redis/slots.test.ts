import {expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Redis} from 'ioredis'
import {createRedisSlots} from '../../../scripts/store/redis/create-redis-slots.js'
import type {WindowRule} from '../../../scripts/wecom/quotas.js'
import {createFakeClock} from '../../apply/fake-clock.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'

const MINUTE = 60_000
/** A call stays inside until its bucket's end is a whole window old. */
const bucketOf = ({windowMs}: WindowRule): number => Math.max(1, Math.floor(windowMs / 120))

describeRedis('places in a quota that processes share', () => {
  const redis = aRedis()
  const connections: Redis[] = []
  let companies = 0

  function aQuota() {
    const prefix = `quota${++companies}:`
    // At the start of a bucket of every window used here.
    const clock = createFakeClock(Date.UTC(2026, 10, 24))
    const client = (connections[0] ??= redis().connect().redis)
    const open = (index = 0) =>
      createRedisSlots((connections[index] ??= redis().connect().redis), {prefix, nowMs: clock.nowMs})
    return {prefix, clock, client, open, slots: open()}
  }

  it('gives as many as fit, then says when there is room', async () => {
    const {slots, clock} = aQuota()
    const windows = [{windowMs: MINUTE, cap: 3}]
    for (let taken = 0; taken < 3; taken++) expect(await slots.take('send', windows)).toBe(0)
    const waitMs = await slots.take('send', windows)
    expect(waitMs).toBe(MINUTE + 500)
    clock.advance(waitMs - 1)
    expect(await slots.take('send', windows)).toBe(1)
    clock.advance(1)
    expect(await slots.take('send', windows)).toBe(0)
  })

  it('counts together what processes take at the same moment', async () => {
    const {open} = aQuota()
    const first = open()
    const processes = [first, open(1), open(2)]
    const windows = [{windowMs: MINUTE, cap: 30}]
    const taken = await Promise.all(
      Array.from({length: 100}, (_, index) => (processes[index % 3] ?? first).take('send', windows)),
    )
    expect(taken.filter((waitMs) => waitMs === 0)).toHaveLength(30)
  })

  it('takes nothing from any window when one of them is full', async () => {
    const {slots, clock} = aQuota()
    const both = [
      {windowMs: MINUTE, cap: 1},
      {windowMs: 60 * MINUTE, cap: 3},
    ]
    expect(await slots.take('send', both)).toBe(0)
    for (let refused = 0; refused < 10; refused++) expect(await slots.take('send', both)).toBeGreaterThan(0)
    for (let more = 0; more < 2; more++) {
      clock.advance(MINUTE + 500)
      expect(await slots.take('send', both)).toBe(0)
    }
    clock.advance(MINUTE + 500)
    expect(await slots.take('send', both)).toBe(60 * MINUTE + 30_000 - 3 * (MINUTE + 500))
  })

  it('counts every lane on its own', async () => {
    const {slots} = aQuota()
    const windows = [{windowMs: MINUTE, cap: 1}]
    expect(await slots.take('webhook/send one', windows)).toBe(0)
    expect(await slots.take('webhook/send two', windows)).toBe(0)
    expect(await slots.take('webhook/send one', windows)).toBeGreaterThan(0)
  })

  it('a blocked lane is shut for everybody until the later end, then open', async () => {
    const {open, slots, clock} = aQuota()
    const windows = [{windowMs: MINUTE, cap: 10}]
    await slots.block('send', MINUTE)
    await open(1).block('send', 1000)
    expect(await open(1).take('send', windows)).toBe(MINUTE)
    expect(await slots.take('upload', windows)).toBe(0)
    clock.advance(MINUTE - 1)
    expect(await slots.take('send', windows)).toBe(1)
    clock.advance(1)
    expect(await slots.take('send', windows)).toBe(0)
  })

  it('a cap that was lowered holds for what was taken before', async () => {
    const {slots, clock} = aQuota()
    for (let taken = 0; taken < 10; taken++) {
      await slots.take('send', [{windowMs: MINUTE, cap: 10}])
      clock.advance(1000)
    }
    const lower = [{windowMs: MINUTE, cap: 4}]
    const waitMs = await slots.take('send', lower)
    expect(waitMs).toBe(6500 + MINUTE - 10_000)
    clock.advance(waitMs)
    expect(await slots.take('send', lower)).toBe(0)
  })

  it('a clock set back a little makes nobody exceed, and one set back a day does not shut the lane for a day', async () => {
    const {slots, clock} = aQuota()
    const windows = [{windowMs: MINUTE, cap: 2}]
    await slots.take('send', windows)
    clock.advance(-10_000)
    expect(await slots.take('send', windows)).toBe(0)
    expect(await slots.take('send', windows)).toBe(10_000 + MINUTE + 500)
    clock.advance(-24 * 60 * MINUTE)
    expect(await slots.take('send', windows)).toBe(0)
  })

  it('remembers little however much is called, and forgets an idle lane', async () => {
    const {slots, clock, client, prefix} = aQuota()
    for (let call = 0; call < 600; call++) {
      await slots.take('send', [{windowMs: MINUTE, cap: 10_000}])
      clock.advance(237)
    }
    expect(await client.hlen(`${prefix}slots:send:${MINUTE}`)).toBeLessThanOrEqual(125)
    expect(await client.pttl(`${prefix}slots:send:${MINUTE}`)).toBeGreaterThan(MINUTE)
  })

  it('without a clock handed in the server’s own counts', async () => {
    const {client, prefix} = aQuota()
    const slots = createRedisSlots(client, {prefix})
    const windows = [{windowMs: MINUTE, cap: 1}]
    expect(await slots.take('send', windows)).toBe(0)
    const waitMs = await slots.take('send', windows)
    expect(waitMs > MINUTE - 5000 && waitMs <= MINUTE + 500).toBe(true)
  })

  it('against an exact log: never above a cap, and never shut when a log one bucket longer has room', async () => {
    const rules: readonly WindowRule[] = [
      {windowMs: 1200, cap: 4},
      {windowMs: 12_000, cap: 11},
    ]
    const steps = fc.array(fc.oneof(fc.nat({max: 30}), fc.nat({max: 700}), fc.nat({max: 9000})), {maxLength: 60})
    await fc.assert(
      fc.asyncProperty(steps, fc.nat({max: 20_000}), async (gaps, startMs) => {
        const {slots, clock} = aQuota()
        clock.advance(startMs)
        const log: number[] = []
        const inside = (spanMs: number): number => log.filter((at) => at > clock.nowMs() - spanMs).length
        for (const gap of gaps) {
          clock.advance(gap)
          const hasRoom = rules.every((rule) => inside(rule.windowMs + bucketOf(rule)) < rule.cap)
          const waitMs = await slots.take('send', rules)
          if (hasRoom) expect(waitMs).toBe(0)
          if (waitMs === 0) log.push(clock.nowMs())
          for (const {windowMs, cap} of rules) expect(inside(windowMs)).toBeLessThanOrEqual(cap)
        }
        const waitMs = await slots.take('send', rules)
        clock.advance(waitMs)
        if (waitMs > 0) expect(await slots.take('send', rules)).toBe(0)
      }),
      {numRuns: 60},
    )
  })
})
