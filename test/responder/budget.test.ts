import {describe, expect, it} from '@jest/globals'
import {aWorld, START_MS, textsOf, type World} from './a-responder.js'

const NICKNAME = {changes: {'templates/hello.yaml': {title: '问候', text: '[客户昵称]您好，我是[员工姓名]。'}}}
const PLAIN = {changes: {'templates/hello.yaml': {title: '问候', text: '您好，我是[员工姓名]。'}}}

/** Starts of the tries in milliseconds after the event. */
const startsOf = (world: World): number[] => world.wecom.calls.map(({atMs}) => atMs - START_MS)

describe('the budget of 20 seconds', () => {
  it('41096 is asked again after 1, 2 and 4 seconds, and then given up', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.script = [41096, 41096, 41096, 41096, 0]
    await world.deliver()
    await world.clock.advance(20_000)
    expect(startsOf(world)).toEqual([0, 1000, 3000, 7000])
    expect(world.lastOutcome()).toMatchObject({outcome: 'expired', errcode: 41096})
  })

  it('a platform that never answers gets four seconds a try, the last try starts by 15 s, all is over by 18 s', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.script = ['hang', 'hang', 'hang', 'hang', 'hang', 'hang']
    await world.deliver()
    await world.clock.advance(60_000)
    expect(startsOf(world)).toEqual([0, 4000, 8500, 13_500])
    expect(world.wecom.calls.map(({timeoutMs}) => timeoutMs)).toEqual([4000, 4000, 4000, 4000])
    expect(world.lastOutcome().outcome).toBe('transport_unknown')
    expect(world.lastOutcome().finishedAtMs - START_MS).toBe(17_500)
  })

  it('a platform that refuses connections is asked a bounded number of times', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.script = Array.from({length: 50}, () => 'lost' as const)
    await world.deliver()
    await world.clock.advance(60_000)
    expect(startsOf(world)).toEqual([0, 0, 500, 1500, 3500, 5500, 7500, 9500, 11_500, 13_500])
    expect(world.outcomes()).toHaveLength(1)
  })

  it('an answer of the last moment still counts', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.script = ['hang', 'hang', 'hang', {errcode: 0, afterMs: 3999}]
    await world.deliver()
    await world.clock.advance(60_000)
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent_after_retry', finishedAtMs: START_MS + 17_499})
  })

  it('an event that arrives late has as much less time', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.script = ['hang', 'hang', 'hang', 'hang', 'hang']
    await world.deliver({createTimeMs: START_MS - 5000})
    await world.clock.advance(60_000)
    expect(startsOf(world)).toEqual([0, 4000, 8500])
    expect(world.wecom.calls.at(-1)?.timeoutMs).toBe(4000)
    expect(world.lastOutcome().finishedAtMs - START_MS).toBeLessThanOrEqual(13_000)
  })

  it('an event of the future does not lengthen the budget', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.script = Array.from({length: 9}, () => 'hang' as const)
    await world.deliver({createTimeMs: START_MS + 60_000})
    await world.clock.advance(60_000)
    expect(world.lastOutcome().finishedAtMs - START_MS).toBeLessThanOrEqual(18_000)
  })

  it('a place in the queue that comes after 15 s is given back unused', async () => {
    const world = await aWorld({...PLAIN, settings: {maxSends: 1}})
    world.wecom.script = ['hang', 'hang', 'hang', 'hang', 'hang', 'hang', 'hang', 'hang']
    await world.deliver({code: 'FIRST', customer: 'wm1'})
    await world.deliver({code: 'SECOND', customer: 'wm2'})
    await world.deliver({code: 'THIRD', customer: 'wm3'})
    await world.deliver({code: 'FOURTH', customer: 'wm4'})
    await world.deliver({code: 'FIFTH', customer: 'wm5'})
    await world.clock.advance(60_000)
    expect(world.outcomes()).toHaveLength(5)
    expect(world.outcomes().every(({finishedAtMs}) => finishedAtMs - START_MS <= 18_000)).toBe(true)
    expect(world.wecom.calls.every(({atMs}) => atMs - START_MS <= 15_000)).toBe(true)
    expect(world.outcomes().map(({outcome}) => outcome)).toContain('expired')
  })

  it('waiting for a retry takes no place in the queue', async () => {
    const world = await aWorld({...PLAIN, settings: {maxSends: 1}})
    world.wecom.script = [41096, 0, 0]
    await world.deliver({code: 'WAITS', customer: 'wm1'})
    await world.deliver({code: 'GOES', customer: 'wm2'})
    expect(world.wecom.calls.map(({code}) => code)).toEqual(['WAITS', 'GOES'])
    await world.clock.advance(1000)
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['sent', 'sent_after_retry'])
  })

  it('no more sends than allowed are under way at once', async () => {
    const world = await aWorld({...PLAIN, settings: {maxSends: 2}})
    world.wecom.script = Array.from({length: 5}, () => ({errcode: 0, afterMs: 100}))
    for (let index = 0; index < 5; index++) await world.deliver({code: `C${index}`, customer: `wm${index}`})
    expect(world.wecom.calls).toHaveLength(2)
    await world.clock.advance(300)
    expect(startsOf(world)).toEqual([0, 0, 100, 100, 200])
  })
})

describe('the instant a decision is made for', () => {
  const slots = {
    changes: {
      'templates/am.yaml': {title: '早', text: '早班'},
      'templates/pm.yaml': {title: '晚', text: '晚班'},
      'schedules/all.yaml': {
        title: '全员',
        audience: {},
        slots: [
          {from: '00:00', to: '10:00', template: 'am'},
          {from: '10:00', to: '24:00', template: 'pm'},
        ],
        default: 'pm',
      },
    },
  }

  it.each([
    ['the event’s own second', -1000, '早班'],
    ['five seconds before our clock at most', -5000, '早班'],
    ['our clock’s bound, when the event claims an hour ago', -3_600_000, '早班'],
    ['exactly ten o’clock, half-open', 0, '晚班'],
  ])('is %s', async (_promise, offsetMs, text) => {
    const world = await aWorld(slots)
    await world.deliver({createTimeMs: START_MS + offsetMs})
    expect(textsOf(world)).toEqual([text])
  })

  it('is not the time the worker got to it', async () => {
    const world = await aWorld({...slots, startMs: START_MS + 6000})
    await world.deliver({createTimeMs: START_MS - 3_600_000})
    expect(textsOf(world)).toEqual(['晚班'])
  })
})

describe('the nickname', () => {
  it('is asked for only when the text uses it', async () => {
    const world = await aWorld(PLAIN)
    world.wecom.names.set('wmCUSTOMER0001', 'hang')
    await world.deliver()
    expect(world.lastOutcome().outcome).toBe('sent')
  })

  it('stands in the text when it is known in time', async () => {
    const world = await aWorld(NICKNAME)
    world.wecom.names.set('wmCUSTOMER0001', '小王')
    await world.deliver()
    expect(textsOf(world)).toEqual(['小王您好，我是张顾问。'])
  })

  it('is waited for one second and not a moment longer', async () => {
    const world = await aWorld(NICKNAME)
    world.wecom.names.set('wmCUSTOMER0001', 'hang')
    await world.deliver()
    await world.clock.advance(999)
    expect(world.wecom.calls).toEqual([])
    await world.clock.advance(1)
    expect(textsOf(world)).toEqual(['您好，我是张顾问。'])
    expect(startsOf(world)).toEqual([1000])
    expect(world.counter('nickname_late')).toBe(1)
  })

  it('that cannot be had costs nothing but itself', async () => {
    const world = await aWorld(NICKNAME)
    world.wecom.names.set('wmCUSTOMER0001', new Error('wmCUSTOMER0001 is not known'))
    await world.deliver()
    expect(textsOf(world)).toEqual(['您好，我是张顾问。'])
    expect(world.counter('nickname_failed')).toBe(1)
    expect(JSON.stringify(world.logged)).not.toContain('wmCUSTOMER')
  })

  it('that looks like a placeholder or a pattern is data', async () => {
    const world = await aWorld(NICKNAME)
    world.wecom.names.set('wmCUSTOMER0001', '$& [员工姓名]')
    await world.deliver()
    expect(textsOf(world)[0]).toContain('$&')
    expect(textsOf(world)[0]?.match(/张顾问/gu)).toHaveLength(1)
  })

  it('never reaches the outcome log, the report or a log line', async () => {
    const world = await aWorld(NICKNAME)
    world.wecom.names.set('wmCUSTOMER0001', '王小明')
    await world.deliver()
    const written = JSON.stringify([world.outcomes(), world.responder.report(), world.logged])
    expect(written).not.toContain('王小明')
    expect(written).not.toContain('wmCUSTOMER0001')
    expect(written).not.toContain('CODE-1')
    expect(written).toContain('zhang.san')
  })
})
