import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {OutcomeRecord, ResponderReport} from '../../../scripts/core/model/outcome.js'
import {zoneOf} from '../../../scripts/core/model/zone.js'
import {createTally} from '../../../scripts/core/respond/create-tally.js'
import {addDays} from '../../../scripts/core/respond/day-totals.js'
import {renderSummary} from '../../../scripts/core/respond/render-summary.js'
import {RETRY_AFTER_MS, SummaryWriter, TURN_MS} from '../../../scripts/responder/summary-writer.js'
import {createStepClock, type StepClock} from '../step-clock.js'
import {aRecord, createTestLog, HOUR_MS, MINUTE_MS} from './a-watch.js'

const ZONES = ['Asia/Shanghai', 'America/New_York'] as const
const HEAD = {atMs: 0, manifestVersion: 3, stable: null, canary: null}
const DAY_MS = 24 * HOUR_MS

interface Writer {
  readonly clock: StepClock
  readonly tally: ReturnType<typeof createTally>
  readonly told: {readonly atMs: number; readonly text: string}[]
  readonly report: () => ResponderReport
  readonly stop: AbortController
  robot: 'works' | 'fails' | 'hangs'
  store: 'works' | 'fails' | 'hangs'
}

interface WriterOptions {
  readonly clock: StepClock
  readonly zone?: string
  readonly at?: string
  readonly responder?: string
  /** Reports of the others. */
  readonly others?: () => readonly ResponderReport[]
  readonly before?: ResponderReport
  readonly takeTask?: (task: string, ttlMs: number) => Promise<boolean>
}

function aWriter(options: WriterOptions): Writer {
  const {clock, zone = 'Asia/Shanghai', at = '09:00', responder = 'r1', others = () => [], before} = options
  const tally = createTally({dateOf: (ms) => zoneOf(zone).localTime(ms).date, nowMs: () => clock.nowMs()})
  if (before !== undefined) tally.restore(before)
  const report = () => tally.report({...HEAD, responder})
  const told: {atMs: number; text: string}[] = []
  const made: Writer = {clock, tally, told, report, stop: new AbortController(), robot: 'works', store: 'works'}
  const writer = new SummaryWriter({
    ports: {
      clock,
      log: createTestLog().log,
      store: {
        ...({} as Record<
          'readManifest' | 'readDocument' | 'readMedia' | 'readAsset' | 'writeMedia' | 'writeReport',
          never
        >),
        readReports: async () => {
          if (made.store === 'hangs') return new Promise(() => undefined)
          if (made.store === 'fails') throw new Error('no store')
          return others()
        },
      },
      tellOperators: async (text) => {
        if (made.robot === 'hangs') return new Promise(() => undefined)
        if (made.robot === 'fails') throw new Error('no robot')
        told.push({atMs: clock.nowMs(), text})
      },
    },
    share: {takeTask: options.takeTask ?? (() => Promise.resolve(true))},
    tally,
    ownReport: report,
    zone: zoneOf(zone),
    at,
  })
  void writer.run(made.stop.signal)
  return made
}

const addAt = ({tally}: Writer, atMs: number, changes: Partial<OutcomeRecord> = {}): void =>
  tally.add(aRecord({receivedAtMs: atMs - 100, finishedAtMs: atMs, ...changes}))

describe('the summary', () => {
  describe.each(ZONES)('in %s', (zone) => {
    const nine = zoneOf(zone).instantOf('2026-11-25', 9 * 3600)
    it('is told at the minute and not before', async () => {
      const clock = createStepClock(nine - 10 * HOUR_MS)
      const made = aWriter({clock, zone})
      addAt(made, nine - 10 * HOUR_MS)
      await clock.advance(10 * HOUR_MS - 1)
      expect(made.told).toEqual([])
      await clock.advance(1)
      expect(made.told.map(({atMs}) => atMs)).toEqual([nine])
      expect(made.told[0]?.text).toContain('2026-11-24')
    })
    it('comes once a day', async () => {
      const clock = createStepClock(nine - HOUR_MS)
      const made = aWriter({clock, zone})
      await clock.advance(3 * DAY_MS)
      expect(made.told.map(({atMs}) => atMs)).toEqual([nine, nine + DAY_MS, nine + 2 * DAY_MS])
    })
  })

  it('keeps its hour when the clocks are put back in that night', async () => {
    const zone = zoneOf('America/New_York')
    const clock = createStepClock(zone.instantOf('2026-10-31', 8 * 3600))
    const made = aWriter({clock, zone: zone.name})
    await clock.advance(2 * DAY_MS)
    expect(made.told.map(({atMs}) => zone.localTime(atMs))).toEqual([
      {date: '2026-10-31', secondOfDay: 9 * 3600},
      {date: '2026-11-01', secondOfDay: 9 * 3600},
    ])
  })

  const NINE = Date.parse('2026-11-25T09:00:00+08:00')
  const yesterday = (): ResponderReport => {
    const tally = createTally({dateOf: (ms) => zoneOf('Asia/Shanghai').localTime(ms).date})
    tally.add(aRecord({receivedAtMs: NINE - DAY_MS, finishedAtMs: NINE - DAY_MS}))
    return tally.report({...HEAD, responder: 'r1'})
  }

  it('is not told again by a start after the hour', async () => {
    const clock = createStepClock(NINE + 2 * HOUR_MS)
    const made = aWriter({clock, before: {...yesterday(), summaryTold: '2026-11-24'}})
    await clock.advance(HOUR_MS)
    expect(made.told).toEqual([])
  })

  it('is made up for by a start after the hour when nobody told it', async () => {
    const clock = createStepClock(NINE + 2 * HOUR_MS)
    const made = aWriter({clock, before: yesterday()})
    await clock.advance(MINUTE_MS)
    expect(made.told).toHaveLength(1)
    expect(made.report().summaryTold).toBe('2026-11-24')
  })

  it('of a day before the first start is not told late', async () => {
    const clock = createStepClock(NINE + 2 * HOUR_MS)
    const made = aWriter({clock})
    await clock.advance(HOUR_MS)
    expect(made.told).toEqual([])
    await clock.advance(21 * HOUR_MS)
    expect(made.told).toHaveLength(1)
  })

  it('adds up all responders', async () => {
    const clock = createStepClock(NINE - MINUTE_MS)
    const made = aWriter({clock, before: yesterday(), others: () => [{...yesterday(), responder: 'r2'}]})
    await clock.advance(MINUTE_MS)
    expect(made.told[0]?.text).toContain('新增客户事件 2')
    expect(made.told[0]?.text).toContain('应答服务 2 个')
  })

  it('is told by one of several, and the others learn it from the reports', async () => {
    const clock = createStepClock(NINE - MINUTE_MS)
    let isTaken = false
    const takeTask = () => Promise.resolve(!isTaken && (isTaken = true))
    const writers: Writer[] = []
    const others = () => writers.map(({report}) => report())
    for (const responder of ['r1', 'r2']) writers.push(aWriter({clock, responder, others, takeTask}))
    await clock.advance(MINUTE_MS)
    expect(writers.flatMap(({told}) => told)).toHaveLength(1)
    await clock.advance(RETRY_AFTER_MS)
    expect(writers.map(({tally}) => tally.summaryTold)).toEqual(['2026-11-24', '2026-11-24'])
    isTaken = false
    await clock.advance(2 * TURN_MS)
    expect(writers.flatMap(({told}) => told)).toHaveLength(1)
  })

  it('is taken over when whoever took the turn told nothing', async () => {
    const clock = createStepClock(NINE - MINUTE_MS)
    const freeAtMs = NINE + TURN_MS
    const made = aWriter({clock, takeTask: () => Promise.resolve(clock.nowMs() >= freeAtMs)})
    await clock.advance(TURN_MS)
    expect(made.told).toEqual([])
    await clock.advance(RETRY_AFTER_MS + MINUTE_MS)
    expect(made.told).toHaveLength(1)
  })

  it.each(['robot', 'store'] as const)(
    'is tried again every five minutes while the %s fails or hangs',
    async (what) => {
      const clock = createStepClock(NINE - MINUTE_MS)
      let isTaken = false
      const made = aWriter({clock, takeTask: () => Promise.resolve(!isTaken && (isTaken = true))})
      made[what] = 'fails'
      await clock.advance(MINUTE_MS)
      made[what] = 'hangs'
      await clock.advance(RETRY_AFTER_MS + MINUTE_MS)
      expect(made.report().counters['summary_failed']).toBe(2)
      made[what] = 'works'
      await clock.advance(RETRY_AFTER_MS)
      expect(made.told).toHaveLength(1)
    },
  )

  it('stops with the signal', async () => {
    const clock = createStepClock(NINE - MINUTE_MS)
    const made = aWriter({clock})
    made.stop.abort()
    await clock.advance(DAY_MS)
    expect(made.told).toEqual([])
  })
})

describe('the words of the summary', () => {
  const totalsOf = (records: readonly Partial<OutcomeRecord>[], counters: Readonly<Record<string, number>> = {}) => {
    const tally = createTally({nowMs: () => 0})
    for (const changes of records) tally.add(aRecord({receivedAtMs: 0, finishedAtMs: 100, ...changes}))
    for (const [name, count] of Object.entries(counters)) tally.count(name, count)
    return addDays('1970-01-01', tally.report({...HEAD, responder: 'r1'}).days ?? [])
  }
  const wordsOf = (records: readonly Partial<OutcomeRecord>[], counters?: Readonly<Record<string, number>>) =>
    renderSummary({totals: totalsOf(records, counters), responders: 1, canary: null})

  it('say in one line that nothing happened', () => {
    const words = wordsOf([])
    expect(words.zh).toBe('**迎宾日报 1970-01-01** 没有新增客户，没有告警')
    expect(words.en).not.toContain('\n')
  })
  it('do not call a day quiet that had alarms', () => {
    expect(wordsOf([], {alarm_kind_disk_refuses: 2}).zh).toContain('磁盘写不进 2')
  })
  it('tell adds, times, fallback, members without codes, other apps, canary, media, quota and failures', () => {
    const {zh, en} = wordsOf(
      [
        {},
        {finishedAtMs: 4000, arm: 'canary'},
        {outcome: 'sent_text_fallback', payloadRefused: true},
        {outcome: 'no_code', member: 'li.si'},
        {outcome: 'no_code', member: 'li.si'},
        {outcome: 'no_code', member: 'wang.wu'},
        {outcome: 'already_sent'},
        {outcome: 'rate_limited'},
        {outcome: 'expired', leftOut: 1},
      ],
      {media_renewed: 2, media_renewal_failed: 1, alarm_kind_quota_used_up: 1},
    )
    expect(zh.split('\n')).toEqual([
      '**迎宾日报 1970-01-01**',
      '> 新增客户事件 9，发出欢迎语 3，应答服务 1 个',
      '> 3 秒内 5，更晚 1，p99 ≤ 5 s',
      '> 只发兜底语 1，内容被拒 1',
      '> 没有欢迎语凭证 3：li.si 2、wang.wu 1',
      '> 被别的应用抢先 1',
      '> 灰度：听到新版 1，旧版 8',
      '> 素材：续传 2，失败 1，少发附件 1',
      '> 配额：来不及发 1，请企业微信稍后重推 0',
      '> 没有发出：超时 1、配额不足 1',
      '> 告警：配额用完 1',
    ])
    expect(en.split('\n')).toHaveLength(zh.split('\n').length)
  })
  it('leave out what did not happen', () => {
    expect(wordsOf([{}]).zh.split('\n')).toHaveLength(3)
  })
  it('name ten members at most, fit a robot’s message and open no markup, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({unit: 'grapheme', maxLength: 80}), {maxLength: 40}), (members) => {
        const {zh} = wordsOf(members.map((member) => ({member, outcome: 'no_code' as const})))
        expect(Buffer.byteLength(zh)).toBeLessThanOrEqual(4096)
        const line = zh.split('\n').find((text) => text.includes('没有欢迎语凭证')) ?? ''
        expect(line.split('、').length).toBeLessThanOrEqual(10 + (line.match(/、/g)?.length ?? 0))
        expect(zh).not.toMatch(/<|\]\(/)
      }),
    )
    const many = wordsOf(Array.from({length: 15}, (_, n) => ({member: `m${n}`, outcome: 'no_code' as const})))
    expect(many.zh.match(/m\d+ 1/g)).toHaveLength(10)
  })
})
