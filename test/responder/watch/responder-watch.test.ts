import {describe, expect, it} from '@jest/globals'
import {createTally} from '../../../scripts/core/respond/create-tally.js'
import {ROUND_MS} from '../../../scripts/responder/alarm-desk.js'
import type {Running} from '../../../scripts/responder/release-keeper.js'
import {createResponderWatch, type WatchedParts} from '../../../scripts/responder/responder-watch.js'
import {aManifest, createFakeStore, sign} from '../a-responder.js'
import {createStepClock} from '../step-clock.js'
import {aRecord, createTestLog, HOUR_MS, NOW_MS} from './a-watch.js'
import {parseExposition} from './exposition.js'

function aRunning(): Running {
  const manifest = aManifest({version: 4, stable: 'a'.repeat(64)})
  const left = {id: 'wang.wu', departments: [], roles: [], attributes: {}, status: 'left' as const, facts: {}}
  return {
    signed: sign(manifest),
    manifest,
    stable: null,
    canary: null,
    directory: {members: [left], transfers: []},
    adoptedAtMs: NOW_MS,
  }
}

async function aWatched(hasRobot = true) {
  const clock = createStepClock(NOW_MS)
  const {log, lines} = createTestLog()
  const store = createFakeStore()
  store.manifest = sign(aManifest({version: 4}))
  const told: string[] = []
  const resource = {kind: 'contact-way' as const, id: 'tianhe', digest: 'd', value: {users: ['wang.wu']}}
  const watch = createResponderWatch({
    ports: {
      clock,
      log,
      random: {fraction: () => 0},
      store: store.port,
      clockSkewMs: () => world.skewMs,
      ...(hasRobot && {tellOperators: async (text: string) => void told.push(text)}),
    },
    settings: {responder: 'r1', zone: 'Asia/Shanghai', summaryAt: '12:00'},
    readState: async () => ({resources: world.hasLeaver ? {'contact-way/tianhe': resource} : {}}),
    sendRoom: () => 123,
  })
  const parts: WatchedParts = {
    keeper: {
      running: aRunning(),
      releases: [],
      media: new Map(),
      lastLookAtMs: NOW_MS,
      isStale: () => world.isStale,
      isExpired: () => false,
    },
    live: {ageMs: () => 1000, isTooOld: () => false},
    duty: {ageMs: () => null},
    intake: {pending: 2},
    desk: {inFlight: 1},
    share: {isLost: null, takeTask: () => Promise.resolve(true)},
    isReady: () => true,
    report: () =>
      watch.tally.report({responder: 'r1', atMs: clock.nowMs(), manifestVersion: 4, stable: null, canary: null}),
  }
  const stop = new AbortController()
  const world = {clock, lines, told, watch, stop, store, isStale: false, hasLeaver: false, skewMs: 0}
  watch.watch(parts)
  return world
}

describe('the watch over a responder', () => {
  it('says nothing while all is well', async () => {
    const {watch, clock, told, stop} = await aWatched()
    void watch.run(stop.signal)
    await clock.advance(HOUR_MS)
    expect(told).toEqual([])
  })
  it('takes alarms from what is counted, recorded, kept and read', async () => {
    const world = await aWatched()
    const {watch, clock, told, stop} = world
    world.isStale = true
    world.hasLeaver = true
    world.skewMs = -4000
    for (const customerHash of ['1', '2', '3']) watch.tally.add(aRecord({outcome: 'already_sent', customerHash}))
    for (const _ of [1, 2, 3]) watch.noCodes('zhang.san', false, NOW_MS)
    watch.tally.count('outcome_log_failed')
    void watch.run(stop.signal)
    await clock.advance(ROUND_MS)
    expect(told).toHaveLength(1)
    const expected = [
      'zhang.san 的新客户没有',
      '已被别的应用抢先',
      '读不到存储',
      'wang.wu 已离职',
      'r1 的磁盘',
      '相差 -4.0 秒',
    ]
    for (const words of expected) expect(told[0]).toContain(words)
  })
  it('shows the same alarms, and what it counts, as metrics', async () => {
    const world = await aWatched()
    const {watch, clock, stop} = world
    world.isStale = true
    watch.tally.add(aRecord())
    watch.tally.count('shed', 2)
    watch.metrics.ack(0.02)
    void watch.run(stop.signal)
    await clock.advance(ROUND_MS)
    const samples = parseExposition(await watch.metrics.text())
    const valueOf = (name: string, label = '') =>
      samples.find((sample) => sample.name === name && (label === '' || Object.values(sample.labels).includes(label)))
        ?.value
    expect([
      valueOf('yingbin_alarms', 'release-stale'),
      valueOf('yingbin_outcomes_total', 'sent'),
      valueOf('yingbin_events_total', 'shed'),
      valueOf('yingbin_pending'),
      valueOf('yingbin_sends_in_flight'),
      valueOf('yingbin_send_room'),
      valueOf('yingbin_duty_age_seconds'),
      valueOf('yingbin_release_age_seconds'),
      valueOf('yingbin_ack_seconds_count'),
    ]).toEqual([1, 1, 2, 2, 1, 123, undefined, 5, 1])
  })
  it('tells yesterday at noon when noon is set, with the days of this very tally', async () => {
    const {watch, clock, told, stop} = await aWatched()
    watch.tally.add(aRecord({receivedAtMs: NOW_MS - 24 * HOUR_MS, finishedAtMs: NOW_MS - 24 * HOUR_MS}))
    void watch.run(stop.signal)
    await clock.advance(2 * HOUR_MS)
    expect(told).toHaveLength(1)
    expect(told[0]).toContain('迎宾日报 2026-11-23')
    expect(told[0]).toContain('新增客户事件 1')
  })
  it('ends with the signal, and without a robot it still writes the log', async () => {
    const world = await aWatched(false)
    world.isStale = true
    const running = world.watch.run(world.stop.signal)
    await world.clock.advance(ROUND_MS)
    expect(world.lines.filter(({text}) => text.includes('release-stale'))).toHaveLength(1)
    world.stop.abort()
    await running
    await world.watch.stop()
  })
  it('goes on where the report of the run before stopped', async () => {
    const {watch} = await aWatched()
    const before = createTally()
    before.count('shed', 5)
    watch.tally.restore(before.report({responder: 'r1', atMs: 0, manifestVersion: 1, stable: null, canary: null}))
    expect(
      watch.tally.report({responder: 'r1', atMs: 0, manifestVersion: 1, stable: null, canary: null}).counters,
    ).toEqual({
      shed: 5,
    })
    expect(await watch.metrics.text()).not.toContain('what="shed"')
  })
})
