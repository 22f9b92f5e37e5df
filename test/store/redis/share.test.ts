import {expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Redis} from 'ioredis'
import type {OutcomeRecord} from '../../../scripts/core/model/outcome.js'
import type {KeptEvent, SharedState} from '../../../scripts/responder/ports.js'
import {createRedisShare} from '../../../scripts/store/redis/create-redis-share.js'
import {createFakeClock} from '../../apply/fake-clock.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'

const TIMES = {leaseMs: 6000, keptMs: 660_000}
const anEvent = (key = 'k1'): KeptEvent => ({key, receivedAtMs: 1, sealed: `sealed ${key}`})
const aRecord = (key = 'k1', member = 'lin'): OutcomeRecord => ({
  key,
  arm: 'stable',
  release: null,
  manifestVersion: 1,
  member,
  customerHash: 'h',
  template: null,
  schedule: null,
  slot: null,
  outcome: 'sent',
  payloadRefused: false,
  receivedAtMs: 1,
  decidedAtMs: 2,
  finishedAtMs: 3,
})

describeRedis('what responders share', () => {
  const redis = aRedis()
  const connections: Redis[] = []
  let companies = 0

  const connectionOf = (index: number): Redis => (connections[index % 4] ??= redis().connect().redis)

  /** Responders of one company, each on a connection of its own, with one clock that stands still. */
  function aCompany() {
    const prefix = `company${++companies}:`
    const clock = createFakeClock()
    const client = connectionOf(0)
    let made = 0
    const responder = (name: string): SharedState =>
      createRedisShare(connectionOf(made++), {prefix, responder: name, nowMs: clock.nowMs})
    return {prefix, clock, client, responder, a: responder('a'), b: responder('b'), c: responder('c')}
  }

  it('an event belongs to the first who claims it', async () => {
    const {a, b} = aCompany()
    expect(await a.claim(anEvent(), TIMES)).toEqual({is: 'mine'})
    expect(await b.claim(anEvent(), TIMES)).toEqual({is: 'others'})
  })

  it('of many claims at the same moment one is given', async () => {
    const {responder} = aCompany()
    const claims = Array.from({length: 20}, (_, index) => responder(`r${index}`).claim(anEvent(), TIMES))
    expect((await Promise.all(claims)).filter(({is}) => is === 'mine')).toHaveLength(1)
  })

  it('a responder that comes back under its name still has its event, with a new lease', async () => {
    const {a, b, responder, clock} = aCompany()
    await a.claim(anEvent(), TIMES)
    clock.advance(5999)
    expect(await responder('a').claim(anEvent(), TIMES)).toEqual({is: 'mine'})
    clock.advance(5999)
    expect(await b.takeLapsed(10, TIMES)).toEqual([])
  })

  it('a claim that lapses is taken over by another responder, as it was kept, and not a millisecond sooner', async () => {
    const {a, b, clock} = aCompany()
    await a.claim(anEvent(), TIMES)
    clock.advance(TIMES.leaseMs - 1)
    expect(await b.takeLapsed(10, TIMES)).toEqual([])
    clock.advance(1)
    expect(await b.takeLapsed(10, TIMES)).toEqual([anEvent()])
    expect(await a.claim(anEvent(), TIMES)).toEqual({is: 'others'})
    expect(await b.claim(anEvent(), TIMES)).toEqual({is: 'mine'})
  })

  it('a repeat that reaches another responder after the lease has ended makes it the owner', async () => {
    const {a, b, clock} = aCompany()
    await a.claim(anEvent(), TIMES)
    clock.advance(TIMES.leaseMs)
    expect(await b.claim(anEvent(), TIMES)).toEqual({is: 'mine'})
    expect(await a.finish(aRecord(), TIMES.keptMs)).toBe(false)
  })

  it('of several who look for lapsed events each gets different ones, at most as many as it asked for', async () => {
    const {a, b, c, clock} = aCompany()
    for (let index = 0; index < 9; index++) await a.claim(anEvent(`k${index}`), TIMES)
    clock.advance(TIMES.leaseMs)
    const [first, second] = await Promise.all([b.takeLapsed(4, TIMES), c.takeLapsed(4, TIMES)])
    expect([first.length, second.length]).toEqual([4, 4])
    expect(new Set([...first, ...second].map(({key}) => key)).size).toBe(8)
    expect(await b.takeLapsed(4, TIMES)).toHaveLength(1)
  })

  it('a renewed claim lasts from its renewal on, and nobody renews another’s', async () => {
    const {a, b, clock} = aCompany()
    await a.claim(anEvent('k1'), TIMES)
    await a.claim(anEvent('k2'), TIMES)
    clock.advance(4000)
    await a.renewClaims(['k1', 'unknown'], TIMES.leaseMs)
    await b.renewClaims(['k2'], TIMES.leaseMs)
    clock.advance(2000)
    expect(await b.takeLapsed(10, TIMES)).toEqual([anEvent('k2')])
  })

  it('a burst of thousands is renewed, ended and put on record like a single one', async () => {
    const {a, b, client, prefix, clock} = aCompany()
    const keys = Array.from({length: 1201}, (_, index) => `k${index}`)
    await Promise.all(keys.map((key) => a.claim(anEvent(key), TIMES)))
    clock.advance(4000)
    await a.renewClaims(keys, TIMES.leaseMs)
    clock.advance(4000)
    expect(await b.takeLapsed(10, TIMES)).toEqual([])
    await Promise.all(keys.map((key) => a.finish(aRecord(key), TIMES.keptMs)))
    await a.settle(keys)
    expect(await client.exists(...keys.map((key) => `${prefix}work:${key}`))).toBe(0)
    expect(await client.exists(...keys.map((key) => `${prefix}claim:${key}`))).toBe(keys.length)
  })

  it('the outcome of a responder that was overtaken does not count, the new owner’s does', async () => {
    const {a, b, clock} = aCompany()
    await a.claim(anEvent(), TIMES)
    clock.advance(TIMES.leaseMs)
    await b.takeLapsed(10, TIMES)
    expect(await a.finish(aRecord('k1', 'of a'), TIMES.keptMs)).toBe(false)
    expect(await b.finish(aRecord('k1', 'of b'), TIMES.keptMs)).toBe(true)
    expect(await b.claim(anEvent(), TIMES)).toEqual({is: 'done', record: aRecord('k1', 'of b')})
  })

  it('a lapsed event that nobody took over may still be ended by its owner', async () => {
    const {a, b, clock} = aCompany()
    await a.claim(anEvent(), TIMES)
    clock.advance(10 * TIMES.leaseMs)
    expect(await a.finish(aRecord(), TIMES.keptMs)).toBe(true)
    expect(await b.takeLapsed(10, TIMES)).toEqual([])
  })

  it('an ended event shows its outcome to its own responder alone, until that has it on disk', async () => {
    const {a, b} = aCompany()
    await a.claim(anEvent(), TIMES)
    await a.finish(aRecord(), TIMES.keptMs)
    expect(await b.claim(anEvent(), TIMES)).toEqual({is: 'done', record: null})
    await b.settle(['k1'])
    expect(await a.claim(anEvent(), TIMES)).toEqual({is: 'done', record: aRecord()})
    await a.settle(['k1'])
    expect(await a.claim(anEvent(), TIMES)).toEqual({is: 'done', record: null})
  })

  it('the first outcome stands when its responder says another one', async () => {
    const {a} = aCompany()
    await a.claim(anEvent(), TIMES)
    await a.finish(aRecord('k1', 'first'), TIMES.keptMs)
    expect(await a.finish(aRecord('k1', 'second'), TIMES.keptMs)).toBe(true)
    expect(await a.claim(anEvent(), TIMES)).toEqual({is: 'done', record: aRecord('k1', 'first')})
  })

  it('an event whose end was not heard of is ended when its outcome is on disk', async () => {
    const {a, b, clock} = aCompany()
    await a.claim(anEvent('k1'), TIMES)
    await b.claim(anEvent('k2'), TIMES)
    await a.settle(['k1', 'k2'])
    clock.advance(TIMES.leaseMs)
    expect(await b.claim(anEvent('k1'), TIMES)).toEqual({is: 'done', record: null})
    expect(await a.takeLapsed(10, TIMES)).toEqual([anEvent('k2')])
  })

  it('an event that two answered while nobody could claim is ended by one of them', async () => {
    const {a, b} = aCompany()
    const ends = await Promise.all([a.finish(aRecord(), TIMES.keptMs), b.finish(aRecord(), TIMES.keptMs)])
    expect(ends.filter(Boolean)).toHaveLength(1)
  })

  it('no name of a responder passes for another’s end', async () => {
    const {responder} = aCompany()
    const [plain, tricky] = [responder('a'), responder('done:a')]
    await tricky.claim(anEvent(), TIMES)
    expect(await plain.claim(anEvent(), TIMES)).toEqual({is: 'others'})
    expect(await plain.finish(aRecord(), TIMES.keptMs)).toBe(false)
  })

  it('what no responder wrote is passed over and does not keep the others from being taken', async () => {
    const {a, b, client, prefix, clock} = aCompany()
    for (const key of ['k1', 'k2', 'k3']) await a.claim(anEvent(key), TIMES)
    await client.set(`${prefix}work:k1`, '{"key":')
    await client.del(`${prefix}work:k2`)
    clock.advance(TIMES.leaseMs)
    expect(await b.takeLapsed(10, TIMES)).toEqual([anEvent('k3')])
  })

  it('nothing stays for ever but the list of open events, which an ended one leaves', async () => {
    const {a, client, prefix} = aCompany()
    await a.claim(anEvent('k1'), TIMES)
    await a.claim(anEvent('k2'), TIMES)
    await a.finish(aRecord('k2'), TIMES.keptMs)
    await a.admitExposed('c', 'p', 1)
    await a.takeTask('t', 1000)
    const keys = (await client.keys(`${prefix}*`)).sort()
    const lives = await Promise.all(keys.map(async (key) => [key.slice(prefix.length), (await client.pttl(key)) > 0]))
    expect(lives).toEqual([
      ['claim:k1', true],
      ['claim:k2', true],
      ['exposed:c', true],
      ['open', false],
      ['task:t', true],
      ['work:k1', true],
      ['work:k2', true],
    ])
    expect(await client.zrange(`${prefix}open`, '0', '-1')).toEqual(['k1'])
  })

  it('a canary lets in as many people as it may and not one more, however many ask at once', async () => {
    const {a, b, c} = aCompany()
    const asked = Array.from({length: 60}, (_, index) =>
      ([a, b, c][index % 3] ?? a).admitExposed('canary', `p${index % 30}`, 10),
    )
    const answers = await Promise.all(asked)
    const inside = new Set(answers.flatMap((isIn, index) => (isIn ? [`p${index % 30}`] : [])))
    expect(inside.size).toBe(10)
    for (const person of inside) expect(await a.admitExposed('canary', person, 1)).toBe(true)
    expect(await a.admitExposed('canary', 'late', 10)).toBe(false)
    expect(await a.admitExposed('other canary', 'late', 10)).toBe(true)
    expect(await a.admitExposed('no room', 'anybody', 0)).toBe(false)
  })

  it('a task is given to one of many, for as long as it was asked', async () => {
    const {responder, client, prefix} = aCompany()
    const asked = Array.from({length: 10}, (_, index) => responder(`r${index}`).takeTask('summary', 60_000))
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(1)
    const leftMs = await client.pttl(`${prefix}task:summary`)
    expect(leftMs > 0 && leftMs <= 60_000).toBe(true)
  })

  it('without a clock handed in the server’s own counts', async () => {
    const {prefix, client} = aCompany()
    const share = createRedisShare(client, {prefix, responder: 'a'})
    await share.claim(anEvent(), TIMES)
    const [seconds = 0] = await client.time()
    const endsAtMs = Number(await client.zscore(`${prefix}open`, 'k1'))
    expect(Math.abs(endsAtMs - (Number(seconds) * 1000 + TIMES.leaseMs)) < 3000).toBe(true)
  })

  it('whatever comes in between, every event has at most one outcome that counts, and in the end one', async () => {
    const who = fc.integer({min: 0, max: 2})
    const key = fc.constantFrom('k1', 'k2')
    const step = fc.oneof(
      {weight: 3, arbitrary: fc.record({does: fc.constant('claim' as const), who, key})},
      {weight: 3, arbitrary: fc.record({does: fc.constant('finish' as const), who, key})},
      {weight: 1, arbitrary: fc.record({does: fc.constant('renew' as const), who, key})},
      {weight: 1, arbitrary: fc.record({does: fc.constant('settle' as const), who, key})},
      {weight: 2, arbitrary: fc.record({does: fc.constant('takeLapsed' as const), who, key})},
    )
    const together = fc.record({steps: fc.array(step, {minLength: 1, maxLength: 4}), passMs: fc.nat({max: 7000})})
    await fc.assert(
      fc.asyncProperty(fc.array(together, {maxLength: 15}), async (turns) => {
        const {a, b, c, clock} = aCompany()
        const responders = [a, b, c]
        const ended = new Map<string, Set<number>>()
        /** As a responder does it: it only settles and finishes what it was given. */
        const given = new Set<string>()
        const note = (keys: readonly string[], index: number) => keys.forEach((each) => given.add(`${index} ${each}`))
        for (const {steps, passMs} of turns) {
          await Promise.all(
            steps.map(async ({does, who: index, key: on}) => {
              const share = responders[index] ?? a
              if (does === 'claim' && (await share.claim(anEvent(on), TIMES)).is === 'mine') note([on], index)
              if (does === 'takeLapsed')
                note(
                  (await share.takeLapsed(5, TIMES)).map(({key: taken}) => taken),
                  index,
                )
              if (does === 'renew') await share.renewClaims([on], TIMES.leaseMs)
              if (does === 'settle' && ended.get(on)?.has(index)) await share.settle([on])
              if (does === 'finish' && given.has(`${index} ${on}`) && (await share.finish(aRecord(on), TIMES.keptMs)))
                ended.set(on, (ended.get(on) ?? new Set()).add(index))
            }),
          )
          clock.advance(passMs)
        }
        clock.advance(TIMES.leaseMs)
        const left = await a.takeLapsed(10, TIMES)
        for (const {key: on} of left) {
          expect(ended.has(on)).toBe(false)
          expect(await a.finish(aRecord(on), TIMES.keptMs)).toBe(true)
          ended.set(on, new Set([0]))
        }
        for (const owners of ended.values()) expect(owners.size).toBe(1)
        const claimed = new Set([...given].map((each) => each.split(' ')[1]))
        expect(new Set(ended.keys())).toEqual(claimed)
      }),
      {numRuns: 60},
    )
  })
})
