import {describe, expect, it} from '@jest/globals'
import {type CanaryQuestion, evaluateCanary} from '../../scripts/core/canary/evaluate-canary.js'
import {harmEvidence, safetyEvidence, sendsUntilSafe} from '../../scripts/core/canary/betting.js'
import type {Parting, Trial} from '../../scripts/core/model/outcome.js'
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'

const START = Date.parse('2026-11-25T10:00:00+08:00')
const trial = (arm: Trial['arm'], failed = false, hard = false): Trial => ({
  atMs: START,
  arm,
  release: 'r',
  failed,
  hard,
  manifestVersion: 1,
})
const many = (count: number, make: () => Trial): Trial[] => Array.from({length: count}, make)
const clean = (canary: number, control: number): Trial[] => [
  ...many(canary, () => trial('canary')),
  ...many(control, () => trial('stable')),
]
/** Customers who deleted the member right after their welcome, in this order. */
const partings = (canary: number, control: number, welcomedAtMs = START): Parting[] => [
  ...Array.from({length: canary}, () => parting('canary', welcomedAtMs)),
  ...Array.from({length: control}, () => parting('stable', welcomedAtMs)),
]
const parting = (arm: Trial['arm'], welcomedAtMs: number): Parting => ({
  ...{arm, release: 'r', manifestVersion: 1, welcomedAtMs},
  atMs: welcomedAtMs + 60_000,
})
const ask = (trials: readonly Trial[], changes: Partial<CanaryQuestion> = {}) =>
  evaluateCanary({
    trials,
    share: 0.05,
    alpha: 0.01,
    startedAtMs: START,
    nowMs: START + 3_600_000,
    observeMinMs: 600_000,
    timezone: 'Asia/Shanghai',
    ...changes,
  })

describe('the verdict on a canary', () => {
  it('is hold without data, never a pass and never a failure, and says how many sends are needed', () => {
    const decision = ask([])
    expect(decision.verdict).toBe('hold')
    expect(decision.needs).toEqual({moreSends: 54, etaMs: null})
  })
  it('is promote when enough clean sends rule out harm', () => {
    expect(ask(clean(54, 1000)).verdict).toBe('promote')
    expect(ask(clean(53, 1000)).verdict).toBe('hold')
  })
  it('is rollback at the second content refusal where the control has none', () => {
    expect(ask([trial('canary', true, true), ...clean(0, 20)]).verdict).toBe('hold')
    expect(ask([trial('canary', true, true), trial('canary', true, true), ...clean(0, 20)]).verdict).toBe('rollback')
  })
  it('does not blame the canary for refusals the control suffers too', () => {
    const trials = [
      ...many(2, () => trial('canary', true, true)),
      ...many(38, () => trial('stable', true, true)),
      ...clean(0, 60),
    ]
    expect(ask(trials).verdict).not.toBe('rollback')
  })
  it('is hold when the split itself is broken', () => {
    const decision = ask(clean(100, 100))
    expect(decision.verdict).toBe('hold')
    expect(decision.because.en).toContain('split')
  })
  it('is rollback when customers of the new release delete the member, however well everything was sent', () => {
    const trials = clean(200, 3800)
    expect(ask(trials, {partings: partings(6, 0)})).toMatchObject({
      verdict: 'rollback',
      evidence: {canary: {partings: 6}, control: {partings: 0}},
    })
    expect(ask(trials, {partings: partings(1, 0)}).verdict).toBe('promote')
  })
  it('does not blame the canary for deletions that the control has in the same measure', () => {
    const alike = Array.from({length: 10}, () => [...partings(0, 19), ...partings(1, 0)]).flat()
    expect(ask(clean(200, 3800), {partings: alike}).verdict).toBe('promote')
  })
  it('does not count deletions by customers welcomed after the budget was spent', () => {
    const trials = [...clean(200, 3800), {...trial('stable'), diverted: true as const, atMs: START + 1000}]
    expect(ask(trials, {partings: partings(20, 0, START + 1000)}).verdict).toBe('promote')
  })
  it('is hold in a freeze window, though harm is still rolled back', () => {
    expect(ask(clean(60, 1000), {freeze: '双十一'})).toMatchObject({
      verdict: 'hold',
      because: {en: 'no promotion in the freeze window "双十一": it waits for the end'},
    })
    const bad = many(2, () => trial('canary', true, true))
    expect(ask([...bad, ...clean(0, 20)], {freeze: '双十一'}).verdict).toBe('rollback')
  })
  it('does not look past the first diverted customer', () => {
    const diverted: Trial = {...trial('stable'), diverted: true}
    expect(ask([...clean(10, 190), diverted, ...many(50, () => trial('canary', true))]).evidence.canary.sends).toBe(10)
  })
  it.each([
    ['just before the night begins', '2026-11-25T21:59:59+08:00', 'promote'],
    ['at 22:00', '2026-11-25T22:00:00+08:00', 'hold'],
    ['after midnight', '2026-11-26T03:00:00+08:00', 'hold'],
    ['at 07:59:59', '2026-11-26T07:59:59+08:00', 'hold'],
    ['at 08:00', '2026-11-26T08:00:00+08:00', 'promote'],
  ])('%s does what the night rule says', (_when, at, verdict) => {
    expect(ask(clean(60, 1140), {nowMs: Date.parse(at), notBetween: ['22:00', '08:00']}).verdict).toBe(verdict)
  })
  it('waits for the shortest observation, to the millisecond', () => {
    expect(ask(clean(60, 1140), {nowMs: START + 599_999}).verdict).toBe('hold')
    expect(ask(clean(60, 1140), {nowMs: START + 600_000}).verdict).toBe('promote')
  })
  it('rolls back at night too', () => {
    expect(
      ask(
        many(3, () => trial('canary', true, true)),
        {nowMs: Date.parse('2026-11-26T03:00:00+08:00'), notBetween: ['22:00', '08:00']},
      ).verdict,
    ).toBe('rollback')
  })
})

describe('the evidence', () => {
  it('of harm stays at 1 without failures and of safety without sends', () => {
    expect(harmEvidence([], 0.05)).toBe(1)
    expect(safetyEvidence([], 0.1)).toBe(1)
  })
  it('of safety is reached after as many sends as the forecast says', () => {
    const more = sendsUntilSafe([false, true, false], 0.1, 100)
    const then = [false, true, false, ...Array.from({length: more}, () => false)]
    expect(safetyEvidence(then, 0.1)).toBeGreaterThanOrEqual(100)
    expect(safetyEvidence(then.slice(0, -1), 0.1)).toBeLessThan(100)
  })
  it('is a fair bet: what it wins and loses cancels out when both arms fail alike', () => {
    const share = 0.05
    expect(
      share * harmEvidence([{isCanary: true}], share) + (1 - share) * harmEvidence([{isCanary: false}], share),
    ).toBeCloseTo(1, 10)
    expect(0.1 * safetyEvidence([true], 0.1) + 0.9 * safetyEvidence([false], 0.1)).toBeCloseTo(1, 10)
  })
})

/** Customers one after the other until a verdict other than hold, or the end; content refusals are left out of the test. */
function play(
  fraction: () => number,
  rates: {readonly canary: number; readonly control: number},
  sends: number,
): {readonly rolledBackAfter: number | null} {
  const failures: {isCanary: boolean}[] = []
  let canarySends = 0
  for (let send = 0; send < sends; send++) {
    const isCanary = fraction() < 0.05
    if (isCanary) canarySends++
    if (fraction() >= (isCanary ? rates.canary : rates.control)) continue
    failures.push({isCanary})
    if (harmEvidence(failures, 0.05) >= 100) return {rolledBackAfter: canarySends}
  }
  return {rolledBackAfter: null}
}

describe('the test that may be looked at after every send (seeded simulation)', () => {
  it.each([0.01, 0.05])('rolls a harmless canary back in at most 1.5 %% of 400 runs when both fail at %s', (rate) => {
    const fraction = createSeededFraction(42)
    const wrong = Array.from({length: 400}, () => play(fraction, {canary: rate, control: rate}, 2000)).filter(
      ({rolledBackAfter}) => rolledBackAfter !== null,
    )
    expect(wrong.length).toBeLessThanOrEqual(6)
  })
  it('catches a rise from 1 % to 20 % within a median of 13 canary sends', () => {
    const fraction = createSeededFraction(7)
    const caught = Array.from(
      {length: 400},
      () => play(fraction, {canary: 0.2, control: 0.01}, 20_000).rolledBackAfter ?? Number.POSITIVE_INFINITY,
    ).sort((a, b) => a - b)
    expect(caught[200]).toBeLessThanOrEqual(13)
  })
})
