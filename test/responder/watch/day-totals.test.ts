import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {OutcomeRecord} from '../../../scripts/core/model/outcome.js'
import {zoneOf} from '../../../scripts/core/model/zone.js'
import {createTally} from '../../../scripts/core/respond/create-tally.js'
import {addDays} from '../../../scripts/core/respond/day-totals.js'
import {aRecord, HOUR_MS, NOW_MS} from './a-watch.js'

const HEAD = {responder: 'r1', atMs: NOW_MS, manifestVersion: 3, stable: null, canary: null}
const DAY_MS = 24 * HOUR_MS
const dateIn = (zone: string) => (ms: number) => zoneOf(zone).localTime(ms).date
const at = (ms: number, latencyMs = 100): Partial<OutcomeRecord> => ({receivedAtMs: ms - latencyMs, finishedAtMs: ms})

const daysOf = (zone: string, records: readonly Partial<OutcomeRecord>[]) => {
  const tally = createTally({dateOf: dateIn(zone)})
  for (const record of records) tally.add(aRecord(record))
  return tally.report(HEAD).days ?? []
}

describe('the totals of a day', () => {
  const MIDNIGHT = Date.parse('2026-11-25T00:00:00+08:00')

  it('begin at midnight of the enterprise’s zone, not of the machine’s', () => {
    const records = [at(MIDNIGHT - 1), at(MIDNIGHT)]
    expect(daysOf('Asia/Shanghai', records).map(({date}) => date)).toEqual(['2026-11-24', '2026-11-25'])
    expect(daysOf('America/Los_Angeles', records).map(({date, outcomes}) => [date, outcomes])).toEqual([
      ['2026-11-24', {sent: 2}],
    ])
  })

  it('count a send after three seconds as late, and one of three seconds not', () => {
    const [day] = daysOf('UTC', [at(NOW_MS, 3000), at(NOW_MS, 3001)])
    expect(day?.late).toBe(1)
    expect(day?.latency).toEqual([
      {upToMs: 3000, count: 1},
      {upToMs: 5000, count: 1},
    ])
  })

  it('have no time to send in where nothing was to be sent', () => {
    const [day] = daysOf('UTC', [{...at(NOW_MS, 60_000), outcome: 'no_code'}])
    expect(day).toMatchObject({late: 0, latency: [], noCode: {'zhang.san': 1}, arms: {stable: 1, canary: 0}})
  })

  it('count the adds of a member from his first without a code on, and of nobody else', () => {
    const [sent, without] = [
      {...at(NOW_MS), member: 'a'},
      {...at(NOW_MS), member: 'a', outcome: 'no_code' as const},
    ]
    const [day] = daysOf('UTC', [sent, without, sent, without, {...sent, member: 'b'}])
    expect(day).toMatchObject({noCode: {a: 2}, noCodeAdds: {a: 3}})
    expect(Object.keys(day?.noCodeAdds ?? {})).toEqual(['a'])
  })

  it('tell arms, refused content and parts left out', () => {
    const [day] = daysOf('UTC', [
      at(NOW_MS),
      {...at(NOW_MS), arm: 'canary', payloadRefused: true, outcome: 'sent_text_fallback'},
      {...at(NOW_MS), leftOut: 2},
    ])
    expect(day).toMatchObject({
      arms: {stable: 2, canary: 1},
      contentRefused: 1,
      leftOut: 2,
      outcomes: {sent: 2, sent_text_fallback: 1},
    })
  })

  it('keep three dates and forget the oldest', () => {
    const records = [0, 1, 2, 3].map((day) => at(NOW_MS + day * DAY_MS))
    expect(daysOf('UTC', records).map(({date}) => date)).toEqual(['2026-11-25', '2026-11-26', '2026-11-27'])
  })

  it('name at most twenty members, those with most adds without a code', () => {
    const records = Array.from({length: 25}, (_, n) =>
      Array.from({length: n + 1}, () => ({...at(NOW_MS), outcome: 'no_code' as const, member: `m${n}`})),
    ).flat()
    const [day] = daysOf('UTC', records)
    expect(Object.keys(day?.noCode ?? {})).toEqual(Array.from({length: 20}, (_, n) => `m${24 - n}`))
  })

  it('count what matters the day after by the clock, and nothing else', () => {
    let nowMs = NOW_MS
    const tally = createTally({dateOf: dateIn('UTC'), nowMs: () => nowMs})
    tally.count('shed', 2)
    tally.count('alarm_kind_release_stale')
    tally.count('live_directory_read')
    nowMs += DAY_MS
    tally.count('shed')
    expect(tally.report(HEAD).days?.map(({date, counters}) => [date, counters])).toEqual([
      ['2026-11-24', {alarm_kind_release_stale: 1, shed: 2}],
      ['2026-11-25', {shed: 1}],
    ])
  })

  it('stay small whatever happens in them', () => {
    const members = fc.string({minLength: 1, maxLength: 64})
    fc.assert(
      fc.property(fc.array(members, {maxLength: 500}), (ids) => {
        const days = daysOf(
          'UTC',
          ids.map((member, n) => ({...at(NOW_MS + n * HOUR_MS), member, outcome: 'no_code' as const})),
        )
        expect(days.length).toBeLessThanOrEqual(3)
        for (const {noCode} of days) expect(Object.keys(noCode).length).toBeLessThanOrEqual(20)
      }),
      {numRuns: 30},
    )
  })
})

describe('a tally that is restored', () => {
  it('goes on counting the day where the run before stopped', () => {
    const before = createTally({nowMs: () => NOW_MS})
    before.add(aRecord({outcome: 'no_code'}))
    before.count('shed', 3)
    const after = createTally({nowMs: () => NOW_MS})
    after.restore(before.report(HEAD))
    after.add(aRecord())
    after.count('shed')
    expect(after.report(HEAD).days).toMatchObject([
      {outcomes: {no_code: 1, sent: 1}, noCode: {'zhang.san': 1}, counters: {shed: 4}},
    ])
  })

  it('takes the report of an earlier version that had no days', () => {
    const {days, ...old} = createTally().report(HEAD)
    expect(days).toEqual([])
    const tally = createTally()
    tally.restore(old)
    expect(tally.report(HEAD).days).toEqual([])
  })

  it('remembers which summary was told, and never an older one', () => {
    const before = createTally()
    expect(before.report(HEAD).summaryTold).toBeUndefined()
    before.noteSummary('2026-11-23')
    const after = createTally()
    after.restore(before.report(HEAD))
    after.noteSummary('2026-11-22')
    expect([after.summaryTold, after.report(HEAD).summaryTold]).toEqual(['2026-11-23', '2026-11-23'])
  })

  it('equals one that was never interrupted, wherever the interruption was', () => {
    const record = fc.record({
      outcome: fc.constantFrom<OutcomeRecord['outcome']>('sent', 'no_code', 'expired', 'already_sent'),
      arm: fc.constantFrom<OutcomeRecord['arm']>('stable', 'canary'),
      member: fc.constantFrom('a', 'b', 'c'),
      leftOut: fc.nat(2),
    })
    fc.assert(
      fc.property(fc.array(record, {maxLength: 30}), fc.nat(30), (records, cut) => {
        const whole = createTally()
        const [first, second] = [createTally(), createTally()]
        records.forEach((changes, n) => {
          whole.add(aRecord(changes))
          if (n < cut) first.add(aRecord(changes))
        })
        second.restore(first.report(HEAD))
        for (const changes of records.slice(cut)) second.add(aRecord(changes))
        expect(second.report(HEAD).days).toEqual(whole.report(HEAD).days)
      }),
    )
  })
})

describe('days of several responders', () => {
  it('are added by date, outcome, member and bucket', () => {
    const one = daysOf('UTC', [at(NOW_MS), {...at(NOW_MS), outcome: 'no_code'}])
    const other = daysOf('UTC', [at(NOW_MS), {...at(NOW_MS), outcome: 'no_code'}, at(NOW_MS + DAY_MS)])
    expect(addDays('2026-11-24', [...one, ...other])).toMatchObject({
      date: '2026-11-24',
      outcomes: {sent: 2, no_code: 2},
      arms: {stable: 4},
      noCode: {'zhang.san': 2},
      latency: [{upToMs: 100, count: 2}],
    })
  })
  it('of a date nobody saw are all nothing', () => {
    expect(addDays('2026-01-01', [])).toMatchObject({outcomes: {}, arms: {stable: 0, canary: 0}, latency: []})
  })
})
