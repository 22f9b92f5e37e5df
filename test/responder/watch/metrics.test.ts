import {readdirSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {ALARM_KINDS} from '../../../scripts/core/respond/alarm-kinds.js'
import {counterName} from '../../../scripts/core/respond/counter-names.js'
import {createTally} from '../../../scripts/core/respond/create-tally.js'
import {countMediaStates} from '../../../scripts/core/respond/media-states.js'
import {createMediaShelf} from '../../../scripts/core/respond/media-shelf.js'
import {createMetrics, meterTally, type MetricFacts} from '../../../scripts/responder/metrics.js'
import {parseExposition, someMetricFacts} from './exposition.js'
import {anAlarm, aRecord, HOUR_MS, MINUTE_MS, NOW_MS} from './a-watch.js'

const HEAD = {responder: 'r1', atMs: 0, manifestVersion: 0, stable: null, canary: null}
const LATENCY = {receivedAtMs: 0, decidedAtMs: 1}

async function samplesOf(
  facts: Partial<MetricFacts> = {},
  use: (metrics: ReturnType<typeof createMetrics>) => void = () => undefined,
) {
  const metrics = createMetrics(() => someMetricFacts(facts))
  use(metrics)
  return parseExposition(await metrics.text())
}

const valueOf = (
  samples: Awaited<ReturnType<typeof samplesOf>>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
) =>
  samples.find(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  )?.value

describe('the metrics', () => {
  it('are Prometheus text', async () => {
    const metrics = createMetrics(() => someMetricFacts())
    expect(metrics.contentType).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(parseExposition(await metrics.text()).length).toBeGreaterThan(50)
  })
  it('count outcomes by arm, and the time of each send in seconds', async () => {
    const samples = await samplesOf({}, (metrics) => {
      metrics.observe(aRecord({...LATENCY, finishedAtMs: 3000}))
      metrics.observe(aRecord({...LATENCY, finishedAtMs: 3001, arm: 'canary'}))
      metrics.observe(aRecord({...LATENCY, finishedAtMs: 9, outcome: 'no_code'}))
    })
    expect(valueOf(samples, 'yingbin_outcomes_total', {outcome: 'sent', arm: 'canary'})).toBe(1)
    expect(valueOf(samples, 'yingbin_outcomes_total', {outcome: 'no_code', arm: 'stable'})).toBe(1)
    expect(valueOf(samples, 'yingbin_welcome_seconds_count')).toBe(2)
    expect(valueOf(samples, 'yingbin_welcome_seconds_bucket', {le: '3'})).toBe(1)
    expect(valueOf(samples, 'yingbin_welcome_seconds_bucket', {le: '5'})).toBe(2)
  })
  it('hold what is read when they are asked', async () => {
    let pending = 1
    const metrics = createMetrics(() => someMetricFacts({pending}))
    await metrics.text()
    pending = 7
    expect(valueOf(parseExposition(await metrics.text()), 'yingbin_pending')).toBe(7)
  })
  it('have no sample of what is not known, and none is left over', async () => {
    let clockSkewMs: number | null = 1500
    const metrics = createMetrics(() => someMetricFacts({clockSkewMs}))
    expect(valueOf(parseExposition(await metrics.text()), 'yingbin_clock_skew_seconds')).toBe(1.5)
    clockSkewMs = null
    expect(valueOf(parseExposition(await metrics.text()), 'yingbin_clock_skew_seconds')).toBeUndefined()
  })
  it('tell a responder alone from one that lost the others', async () => {
    const upOf = async (isSharedStateUp: boolean | null) =>
      valueOf(await samplesOf({isSharedStateUp}), 'yingbin_shared_state_up')
    expect([await upOf(null), await upOf(false), await upOf(true)]).toEqual([undefined, 0, 1])
  })
  it('show every kind of alarm, none as zero', async () => {
    const samples = await samplesOf({alarms: [anAlarm(), anAlarm({key: 'other'})]})
    const kinds = samples.filter(({name}) => name === 'yingbin_alarms')
    expect(kinds.map(({labels}) => labels['kind']).sort()).toEqual([...ALARM_KINDS].sort())
    expect(valueOf(samples, 'yingbin_alarms', {kind: 'release-stale'})).toBe(2)
    expect(valueOf(samples, 'yingbin_alarms', {kind: 'disk-refuses'})).toBe(0)
  })
  it('name the running release by the beginning of its digest, and no other beside it', async () => {
    let stable = 'a'.repeat(64)
    const metrics = createMetrics(() => someMetricFacts({stable}))
    await metrics.text()
    stable = 'b'.repeat(64)
    const found = parseExposition(await metrics.text()).filter(({name}) => name === 'yingbin_release_info')
    expect(found.map(({labels}) => labels)).toEqual([{stable: 'b'.repeat(12), canary: 'none'}])
  })
  it('of two responders in one process are apart', async () => {
    const [one, other] = [createMetrics(() => someMetricFacts()), createMetrics(() => someMetricFacts())]
    one.count('shed')
    expect(valueOf(parseExposition(await other.text()), 'yingbin_events_total', {what: 'shed'})).toBeUndefined()
  })
  it('hold no id and no name, whatever comes in', async () => {
    const secret = fc.stringMatching(/^[a-z0-9_.@-]{6,24}$/).map((text) => `zz${text}`)
    await fc.assert(
      fc.asyncProperty(secret, async (id) => {
        const metrics = createMetrics(() =>
          someMetricFacts({
            stable: id,
            canary: id,
            alarms: [anAlarm({key: `member-without-codes:${id}`, says: {zh: id, en: id}})],
          }),
        )
        metrics.observe(
          aRecord({
            key: id,
            member: id,
            customerHash: id,
            channel: id,
            template: id,
            schedule: id,
            slot: id,
            release: id,
          }),
        )
        for (const name of [id, `event_${id}`, `refused_${id}`, `notice_${id}`, `alarm_kind_${id}`]) metrics.count(name)
        expect(await metrics.text()).not.toContain(id)
      }),
      {numRuns: 25},
    )
  })
})

describe('names of counters', () => {
  const ROOT = fileURLToPath(new URL('../../../scripts/', import.meta.url))
  it('are all known that the responder counts under', () => {
    const sources = ['responder', 'core/respond'].flatMap((folder) =>
      readdirSync(`${ROOT}${folder}`, {recursive: true, encoding: 'utf8'})
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(`${ROOT}${folder}/${file}`, 'utf8')),
    )
    const written = sources.flatMap((text) =>
      [
        ...text.matchAll(/\.count\('(\w+)'/g),
        ...text.matchAll(/trouble\((?:parts, )?'(\w+)'/g),
        ...text.matchAll(/startFrom\('(\w+)'/g),
      ].map(([, name]) => name ?? ''),
    )
    expect(written.length).toBeGreaterThan(40)
    expect([...new Set(written)].filter((name) => counterName(name) === 'other')).toEqual([])
  })
  it('of other origin are all one', () => {
    expect(['zhang.san', '', 'event_', 'constructor', '__proto__'].map(counterName)).toEqual(Array(5).fill('other'))
  })
  it('are written alike', () => {
    expect(counterName('notice_unknown-member')).toBe('notice_unknown_member')
    expect(counterName('refused_bad-signature')).toBe('refused_bad_signature')
  })
})

describe('a metered tally', () => {
  it('counts as before and tells the others', () => {
    const seen: string[] = []
    const tally = createTally()
    const metered = meterTally(tally, {
      observe: ({outcome}) => void seen.push(outcome),
      count: (counter, by) => void seen.push(`${counter} ${by}`),
    })
    metered.add(aRecord())
    metered.count('shed', 3)
    metered.count('duplicate')
    metered.noteSummary('2026-11-24')
    expect(seen).toEqual(['sent', 'shed 3', 'duplicate 1'])
    expect(metered.report(HEAD)).toEqual(tally.report(HEAD))
    expect([metered.changes, metered.summaryTold]).toEqual([tally.changes, '2026-11-24'])
  })
  it('does not tell again what an earlier run counted', () => {
    const before = createTally()
    before.count('shed')
    const seen: string[] = []
    const metered = meterTally(createTally(), {observe: () => undefined, count: (counter) => void seen.push(counter)})
    metered.restore(before.report(HEAD))
    expect([seen, metered.report(HEAD).counters]).toEqual([[], {shed: 1}])
  })
})

describe('media by state', () => {
  const ASSET = 'c'.repeat(64)
  const release = {
    templates: {hello: {attachments: [{type: 'video', file: 'a.mp4'}]}},
    assets: {'a.mp4': {sha256: ASSET, bytes: 1, mime: null}},
  } as unknown as Parameters<typeof countMediaStates>[0][number]
  const stateAt = (ageMs: number | null) => {
    const entries =
      ageMs === null ? [] : [{sha256: ASSET, use: 'video' as const, value: 'm', uploadedAtMs: NOW_MS - ageMs}]
    const counts = countMediaStates([release], createMediaShelf(entries), NOW_MS)
    return Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${state} ${count}`] : []))
  }
  const LIFE_MS = 72 * HOUR_MS - 10 * MINUTE_MS
  it.each([
    ['fresh', 0],
    ['fresh', 48 * HOUR_MS - 1],
    ['due', 48 * HOUR_MS],
    ['due', LIFE_MS - 12 * HOUR_MS - 1],
    ['expiring', LIFE_MS - 12 * HOUR_MS],
    ['expiring', LIFE_MS - 1],
    ['missing', LIFE_MS],
    ['missing', null],
  ])('%s at an age of %s ms', (state, ageMs) => {
    expect(stateAt(ageMs)).toEqual([`${state} 1`])
  })
})
