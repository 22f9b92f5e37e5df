import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import nock from 'nock'
import {createPacer} from '../../scripts/wecom/pacer.js'
import {DEFAULT_QUOTAS, mergeQuotas, quotaOf} from '../../scripts/wecom/quotas.js'
import {SlotLog} from '../../scripts/wecom/slot-log.js'
import {aClient, errorOf, HOST, refusal, TestClock} from './a-client.js'
import {giveToken, isolateNetwork} from './a-network.js'

isolateNetwork()

const MINUTE = 60_000
const HOUR = 3_600_000
const slots = (cap: number, blocks = [MINUTE, HOUR]) => new SlotLog([{windowMs: MINUTE, cap}], blocks, 0)

/** How many calls go at this instant. */
function passedAt(log: SlotLog, atMs: number): number {
  let passed = 0
  for (; log.waitMs(atMs) === 0; passed += 1) log.take(atMs)
  return passed
}

describe('the mirrored windows', () => {
  it('let exactly the cap through and the next one when the first has left the window', () => {
    const log = slots(3)
    for (const at of [0, 10, 20]) {
      expect(log.waitMs(at)).toBe(0)
      log.take(at)
    }
    expect(log.waitMs(20)).toBe(59_980)
    expect(log.waitMs(59_999)).toBe(1)
    expect(log.waitMs(60_000)).toBe(0)
  })

  it('never hold more than the cap in any stretch, whatever the arrivals', () => {
    const arrivals = fc.array(fc.integer({min: 0, max: 5_000}), {minLength: 1, maxLength: 200})
    fc.assert(
      fc.property(arrivals, fc.integer({min: 1, max: 7}), (gaps, cap) => {
        const log = slots(cap)
        const sent: number[] = []
        let now = 0
        for (const gap of gaps) {
          now += gap
          now += log.waitMs(now)
          log.take(now)
          sent.push(now)
        }
        for (const [index, at] of sent.entries()) {
          const before = sent[index - cap]
          if (before !== undefined) expect(at - before).toBeGreaterThanOrEqual(MINUTE)
        }
      }),
    )
  })

  it('obey the hour as well as the minute', () => {
    const rules = [
      {windowMs: MINUTE, cap: 2},
      {windowMs: HOUR, cap: 3},
    ]
    const log = new SlotLog(rules, [MINUTE], 0)
    for (const at of [0, 0, MINUTE]) log.take(at)
    expect(log.waitMs(2 * MINUTE)).toBe(HOUR - 2 * MINUTE)
  })

  it('shut for a minute on the first refusal and for an hour on the next', () => {
    const log = slots(100)
    log.noteRefusal(0)
    expect(log.waitMs(0)).toBe(MINUTE)
    log.noteRefusal(MINUTE)
    expect(log.waitMs(MINUTE)).toBe(HOUR)
  })

  it('count refusals of calls that were already under way as one', () => {
    const log = slots(100)
    for (const at of [0, 5, 10]) log.noteRefusal(at)
    expect(log.waitMs(10)).toBe(MINUTE - 10)
    log.noteAnswer(MINUTE)
    log.noteRefusal(MINUTE + 1)
    expect(log.waitMs(MINUTE + 1)).toBe(MINUTE)
  })

  it('learn that somebody else uses the same quota, and grow back slowly', () => {
    const log = slots(100)
    for (let count = 0; count < 70; count += 1) log.take(0)
    log.noteRefusal(0)
    expect(passedAt(log, MINUTE)).toBe(66)
  })

  it('count as passed only what was not still under way at the refusal', () => {
    const log = slots(100)
    for (let count = 0; count < 80; count += 1) log.take(0)
    log.noteRefusal(0, 20)
    expect(passedAt(log, MINUTE)).toBe(57)
  })

  it('stay below what had passed for most of an hour, and have the whole cap back in some hours', () => {
    const log = slots(100)
    for (let count = 0; count < 60; count += 1) log.take(0)
    log.noteRefusal(0)
    for (let minute = 1; minute < 45; minute += 1) expect(passedAt(log, minute * MINUTE)).toBeLessThan(60)
    expect(passedAt(log, 4 * HOUR)).toBe(100)
  })

  it('never learn less than half of the cap', () => {
    const log = slots(10)
    log.take(0)
    log.noteRefusal(0)
    for (let count = 0; count < 5; count += 1) {
      expect(log.waitMs(MINUTE)).toBe(0)
      log.take(MINUTE)
    }
    expect(log.waitMs(MINUTE)).toBeGreaterThan(0)
  })
})

describe('quota settings', () => {
  it('mirror the published limits', () => {
    expect(quotaOf(DEFAULT_QUOTAS, 'user/get').windows).toEqual([
      {windowMs: MINUTE, cap: 10_000},
      {windowMs: HOUR, cap: 150_000},
    ])
    expect(quotaOf(DEFAULT_QUOTAS, 'getcheckinschedulist').windows[0]?.cap).toBe(60)
    expect(quotaOf(DEFAULT_QUOTAS, 'getcheckindata').windows[0]?.cap).toBe(600)
    expect(quotaOf(DEFAULT_QUOTAS, 'webhook/send').windows[0]?.cap).toBe(20)
    expect(quotaOf(DEFAULT_QUOTAS, 'mark_tag').maxInFlight).toBe(4)
  })

  it('can be changed for one call without losing the others', () => {
    const quotas = mergeQuotas({byCall: {'user/get': {maxInFlight: 2}}})
    expect(quotaOf(quotas, 'user/get')).toMatchObject({maxInFlight: 2, windows: DEFAULT_QUOTAS.standard.windows})
    expect(quotaOf(quotas, 'mark_tag').maxInFlight).toBe(4)
  })
})

describe('pacing', () => {
  it('runs no more calls of one API at once than allowed', async () => {
    const pacer = createPacer(DEFAULT_QUOTAS, {clock: new TestClock(), onWait: () => undefined})
    let [running, most] = [0, 0]
    const work = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setImmediate(resolve))
      running -= 1
    }
    const pace = {call: 'mark_tag', maxQuotaWaitMs: 0} as const
    await Promise.all(Array.from({length: 30}, () => pacer.run(pace, work)))
    expect(most).toBe(4)
  })

  it('halves what is in flight when the platform says it is too many, once for all calls under way', async () => {
    const pacer = createPacer(mergeQuotas({byCall: {'user/get': {maxInFlight: 16}}}), {
      clock: new TestClock(),
      onWait: () => undefined,
    })
    const pace = {call: 'user/get', maxQuotaWaitMs: 0} as const
    const running: number[] = []
    let underway = 0
    const call = (allowed: number) => async () => {
      running.push((underway += 1))
      await new Promise((resolve) => setImmediate(resolve))
      if (underway > allowed) pacer.noteCrowding(pace)
      else pacer.noteAnswer(pace)
      underway -= 1
    }
    const callMany = (times: number, allowed: number) =>
      Promise.all(Array.from({length: times}, () => pacer.run(pace, call(allowed))))
    await callMany(16, 10)
    expect(Math.max(...running.splice(0))).toBe(16)
    await callMany(40, 10)
    expect(Math.max(...running.splice(0))).toBe(8)
    await callMany(500, 10)
    await callMany(40, 10)
    expect(Math.max(...running.splice(-40))).toBe(9)
  })

  it('takes an aborted call out of the queue without touching the others', async () => {
    const pacer = createPacer(mergeQuotas({byCall: {'user/get': {maxInFlight: 1}}}), {
      clock: new TestClock(),
      onWait: () => undefined,
    })
    let release = () => {}
    const blocked = new Promise<void>((resolve) => (release = resolve))
    const pace = {call: 'user/get', maxQuotaWaitMs: 0} as const
    const first = pacer.run(pace, () => blocked)
    const stop = new AbortController()
    const second = errorOf(pacer.run({...pace, signal: stop.signal}, () => Promise.resolve()))
    stop.abort()
    expect(await second).toMatchObject({name: 'WeComUnreachable', reason: 'aborted', ambiguous: false})
    release()
    await first
  })

  it('counts each robot on its own', async () => {
    const clock = new TestClock()
    nock(HOST).post('/cgi-bin/webhook/send').query(true).times(22).reply(200, {errcode: 0, errmsg: 'ok'})
    const {client} = aClient({}, clock)
    for (let count = 0; count < 20; count += 1) await client.sendRobotMessage({key: 'robot-a', markdown: 'x'})
    await client.sendRobotMessage({key: 'robot-b', markdown: 'x'})
    expect(clock.slept).toEqual([])
    await client.sendRobotMessage({key: 'robot-a', markdown: 'x'})
    expect(clock.slept).toEqual([MINUTE + 250])
  })

  it('reads 60 shift lists in a minute and then waits, without ever being refused', async () => {
    giveToken()
    nock(HOST).post('/cgi-bin/checkin/getcheckinschedulist').query(true).times(61).reply(200, {schedule_list: []})
    const {client, clock, warnings} = aClient()
    const query = {userIds: ['lina'], fromSeconds: 1, untilSeconds: 2}
    for (let count = 0; count < 61; count += 1) await client.fetchShiftDays(query)
    expect(clock.slept).toEqual([MINUTE + 250])
    expect(warnings).toEqual([{kind: 'quota-wait', call: 'getcheckinschedulist', waitMs: MINUTE + 250}])
  })
})

describe('45009', () => {
  const departments = () => nock(HOST).get('/cgi-bin/department/list').query(true)

  it('is waited out for a minute and the call goes through', async () => {
    giveToken()
    departments().reply(200, refusal(45009))
    departments().reply(200, {department: []})
    const {client, clock, warnings} = aClient()
    await client.fetchDepartments()
    expect(clock.slept).toEqual([MINUTE + 250])
    expect(warnings[0]).toMatchObject({kind: 'quota-wait', waitMs: MINUTE + 250})
  })

  it('a second time is the hour rule', async () => {
    giveToken()
    departments().times(2).reply(200, refusal(45009))
    departments().reply(200, {department: []})
    const {client, clock} = aClient()
    await client.fetchDepartments()
    expect(clock.slept).toEqual([MINUTE + 250, HOUR + 250])
  })

  it('is refused with the time to wait when the caller cannot wait that long', async () => {
    giveToken()
    departments().reply(200, refusal(45009))
    const {client} = aClient()
    const error = await errorOf(client.fetchDepartments({maxQuotaWaitMs: 1000}))
    expect(error).toMatchObject({name: 'WeComRejected', errcode: 45009, retryAfterMs: MINUTE + 250})
  })

  it('shuts the API for other callers too, who then do not call at all', async () => {
    giveToken()
    departments().reply(200, refusal(45009))
    const {client} = aClient()
    await errorOf(client.fetchDepartments({maxQuotaWaitMs: 0}))
    expect(await errorOf(client.fetchDepartments({maxQuotaWaitMs: 0}))).toMatchObject({errcode: 45009})
  })
})
