import {describe, expect, it} from '@jest/globals'
import type {OutcomeRecord} from '../../scripts/core/model/outcome.js'
import {createTally} from '../../scripts/core/respond/create-tally.js'
import {createNoCodeWatch} from '../../scripts/core/respond/watch-no-code.js'
import {trialOf} from '../../scripts/core/respond/trial-of.js'
import {aWorld, START_MS} from './a-responder.js'
import {aRecord as anyRecord} from './watch/a-watch.js'

const aRecord = (changes: Partial<OutcomeRecord> = {}): OutcomeRecord =>
  anyRecord({receivedAtMs: 0, decidedAtMs: 1, finishedAtMs: 40, ...changes})

const HEAD = {responder: 'r1', atMs: 1, manifestVersion: 3, stable: null, canary: null}

describe('the outcome log', () => {
  it('can trace what a customer got to a release, a template and a slot', async () => {
    const world = await aWorld()
    await world.deliver({state: 'poster-1'})
    expect(world.outcomes()).toEqual([
      {
        key: expect.stringMatching(/^[0-9a-f]{32}$/),
        arm: 'stable',
        release: world.store.manifest?.manifest.stable,
        manifestVersion: 1,
        member: 'zhang.san',
        customerHash: expect.stringMatching(/^[0-9a-f]{32}$/),
        channel: 'poster-1',
        template: 'hello',
        schedule: 'all',
        slot: null,
        outcome: 'sent',
        payloadRefused: false,
        receivedAtMs: START_MS,
        decidedAtMs: START_MS,
        finishedAtMs: START_MS,
      },
    ])
  })

  it('keeps its lines while the disk refuses them, and writes each once', async () => {
    const world = await aWorld()
    world.disk.isDown = true
    await world.deliver({code: 'A', customer: 'wm1'})
    await world.deliver({code: 'B', customer: 'wm2'})
    expect(world.outcomes()).toEqual([])
    expect(world.counter('outcome_log_failed')).toBeGreaterThan(0)
    world.disk.isDown = false
    await world.deliver({code: 'C', customer: 'wm3'})
    expect(world.outcomes()).toHaveLength(3)
    expect(new Set(world.outcomes().map(({key}) => key)).size).toBe(3)
  })

  it('a store that cannot take the report does not double the log', async () => {
    const world = await aWorld()
    world.store.isDown = true
    await world.deliver()
    await world.clock.advance(10_000)
    world.store.isDown = false
    await world.clock.advance(2000)
    expect(world.outcomes()).toHaveLength(1)
    expect(world.counter('report_failed')).toBeGreaterThan(0)
    expect(world.store.reports.at(-1)?.arms[0]?.outcomes).toEqual({sent: 1})
  })
})

describe('the report', () => {
  it('is in the store within a second of what it tells', async () => {
    const world = await aWorld()
    await world.deliver()
    await world.clock.advance(1000)
    expect(world.store.reports.at(-1)).toMatchObject({
      responder: 'r1',
      manifestVersion: 1,
      arms: [{arm: 'stable', people: 1, outcomes: {sent: 1}, byTemplate: {hello: 1}}],
      trials: [{arm: 'stable', failed: false, hard: false, manifestVersion: 1}],
    })
  })

  it('is not written again while nothing happens, but gives a sign of life with every look', async () => {
    const world = await aWorld()
    const before = world.store.reports.length
    await world.clock.advance(11_000)
    expect(world.store.reports.length).toBe(before)
    await world.clock.advance(3000)
    expect(world.store.reports.length).toBe(before + 1)
  })

  it('tells the version that runs right after the start', async () => {
    const world = await aWorld()
    expect(world.store.reports.at(-1)).toMatchObject({
      manifestVersion: 1,
      stable: world.store.manifest?.manifest.stable,
    })
  })

  it('goes on counting where the run before stopped', async () => {
    const before = await aWorld()
    await before.deliver({customer: 'wm1'})
    await before.responder.stop()
    const world = await aWorld({store: before.store, disk: before.disk})
    await world.deliver({customer: 'wm2'})
    expect(world.responder.report().arms).toMatchObject([{people: 2, outcomes: {sent: 2}}])
    expect(world.responder.report().trials).toHaveLength(2)
  })

  it('a store that cannot give the last report does not keep the responder from starting', async () => {
    const world = await aWorld({isStoreDown: true})
    await world.deliver()
    expect(world.lastOutcome().outcome).toBe('sent')
    expect(world.counter('report_restore_failed')).toBe(1)
  })
})

describe('the tally', () => {
  it('sorts latencies into buckets whose bounds belong below', () => {
    const tally = createTally()
    for (const finishedAtMs of [0, 50, 51, 3000, 3001, 18_001]) tally.add(aRecord({finishedAtMs}))
    const {latency} = tally.report(HEAD)
    const filled = latency.filter(({count}) => count > 0).map(({upToMs, count}) => [upToMs, count])
    expect(filled).toEqual([
      [50, 2],
      [100, 1],
      [3000, 1],
      [5000, 1],
      [null, 1],
    ])
  })

  it('counts no latency and no person where nothing was to be sent', () => {
    const tally = createTally()
    for (const outcome of ['no_code', 'silent_by_rule', 'kill_switch'] as const) tally.add(aRecord({outcome}))
    const report = tally.report(HEAD)
    expect(report.latency.every(({count}) => count === 0)).toBe(true)
    expect(report.arms).toMatchObject([{people: 0, byTemplate: {}}])
  })

  it('keeps the newest 20,000 trials, oldest first', () => {
    const tally = createTally()
    for (let n = 0; n < 45_000; n++) tally.add(aRecord({customerHash: `p${n}`, finishedAtMs: n}))
    const {trials} = tally.report(HEAD)
    expect([trials.length, trials[0]?.atMs, trials.at(-1)?.atMs]).toEqual([20_000, 25_000, 44_999])
  })

  it('forgets the arm not heard of longest when there are too many', () => {
    const tally = createTally()
    for (let n = 0; n < 20; n++) tally.add(aRecord({release: `release-${n}`}))
    expect(tally.report(HEAD).arms.map(({release}) => release)).toEqual(
      Array.from({length: 12}, (_, index) => `release-${index + 8}`),
    )
  })
})

describe('what counts as evidence about a release', () => {
  it.each<[string, Partial<OutcomeRecord>, object | null]>([
    ['a sent welcome', {}, {failed: false, hard: false}],
    ['one sent after a retry', {outcome: 'sent_after_retry'}, {failed: false}],
    [
      'a refused payload',
      {outcome: 'sent_text_fallback', payloadRefused: true, errcode: 41065},
      {failed: true, hard: true},
    ],
    [
      'a refused plain text',
      {outcome: 'rejected_payload', payloadRefused: true, errcode: 40058},
      {failed: true, hard: true},
    ],
    [
      'a dead medium',
      {outcome: 'sent_text_fallback', payloadRefused: true, errcode: 40007},
      {failed: true, hard: false},
    ],
    [
      'an unlisted errcode',
      {outcome: 'sent_text_fallback', payloadRefused: true, errcode: 99999},
      {failed: true, hard: false},
    ],
    ['a missing fact', {outcome: 'sent_text_fallback', lessBecause: 'missing-facts'}, {failed: true, hard: false}],
    ['a part left out', {leftOut: 1}, {failed: true, hard: false}],
    ['a code that expired', {outcome: 'expired'}, {failed: true, hard: false}],
    ['an unknown ending', {outcome: 'transport_unknown'}, {failed: true}],
    ['no code', {outcome: 'no_code'}, null],
    ['somebody else’s welcome', {outcome: 'already_sent'}, null],
    ['silence on purpose', {outcome: 'silent_by_rule'}, null],
    ['a kill switch', {outcome: 'kill_switch'}, null],
    ['a lockdown to text', {outcome: 'sent_text_fallback', lessBecause: 'lockdown'}, null],
    ['an expired manifest', {outcome: 'sent_text_fallback', lessBecause: 'release-expired'}, null],
    ['a missing permission', {outcome: 'no_permission'}, null],
    ['a spent quota', {outcome: 'rate_limited'}, null],
    ['a bad secret', {outcome: 'token_error'}, null],
    ['a pending consent', {outcome: 'consent_pending'}, null],
  ])('%s', (_what, changes, trial) => {
    const found = trialOf(aRecord(changes))
    if (trial === null) expect(found).toBeNull()
    else expect(found).toMatchObject({...trial, manifestVersion: 3})
  })
})

describe('adds without a code', () => {
  it('three in a row raise one alarm, and again only after a code came between', () => {
    const watch = createNoCodeWatch()
    const adds = [false, false, false, false, true, false, false, false]
    expect(adds.map((hasCode) => watch('Zhang.San', hasCode))).toEqual([
      false,
      false,
      true,
      false,
      false,
      false,
      false,
      true,
    ])
  })

  it('more than a fifth of twenty raise an alarm, exactly a fifth does not', () => {
    const every = (n: number) => Array.from({length: 20}, (_, index) => index % n !== 0)
    const alarms = (adds: boolean[]) => {
      const watch = createNoCodeWatch()
      return adds.map((hasCode) => watch('li.si', hasCode)).filter(Boolean).length
    }
    expect([alarms(every(5)), alarms(every(4))]).toEqual([0, 1])
  })

  it('members are watched apart', () => {
    const watch = createNoCodeWatch()
    expect(['a', 'b', 'a', 'b', 'a'].map((member) => watch(member, false))).toEqual([false, false, false, false, true])
  })

  it('the alarm names the member in the log and is counted', async () => {
    const world = await aWorld()
    for (const customer of ['wm1', 'wm2', 'wm3']) await world.deliver({customer, code: null})
    expect(world.counter('member_without_codes')).toBe(1)
    await world.clock.advance(5000)
    expect(world.logged.some(({text}) => text.includes('zhang.san'))).toBe(true)
  })

  it('an add whose code was spent by the half add before it is no alarm', async () => {
    const world = await aWorld()
    for (const customer of ['wm1', 'wm2', 'wm3', 'wm4']) {
      await world.deliver({kind: 'add_half_external_contact', customer, code: customer})
      await world.deliver({customer, code: null})
    }
    expect(world.counter('member_without_codes')).toBe(0)
  })
})
