import {describe, expect, it} from '@jest/globals'
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'
import {type CanaryVerdict, evaluateCanary} from '../../scripts/core/canary/evaluate-canary.js'
import type {Trial} from '../../scripts/core/model/outcome.js'

const SHARE = 0.05
const RUNS = 400
const QUESTION = {
  share: SHARE,
  alpha: 0.01,
  startedAtMs: 0,
  nowMs: 86_400_000,
  observeMinMs: 0,
  timezone: 'Asia/Shanghai',
}

interface World {
  readonly control: number
  readonly canary: number
  /** Which failures are refusals that only content can cause: what the canary suffers beyond the control, or none. */
  readonly hard: 'excess' | 'none'
}

interface End {
  readonly verdict: CanaryVerdict
  readonly canarySends: number
}

/** One canary from its first customer to its verdict, looked at whenever there is news. */
function play(seed: number, {control, canary, hard}: World, maxSends: number): End {
  const fraction = createSeededFraction(seed)
  const trials: Trial[] = []
  let canarySends = 0
  for (let send = 0; send < maxSends; send++) {
    const isCanary = fraction() < SHARE
    const lot = fraction()
    const failed = lot < (isCanary ? canary : control)
    trials.push({
      atMs: send,
      arm: isCanary ? 'canary' : 'stable',
      release: 'r',
      failed,
      hard: failed && hard === 'excess' && lot >= control,
      manifestVersion: 1,
    })
    if (isCanary) canarySends++
    if (!isCanary && !failed) continue
    const {verdict} = evaluateCanary({...QUESTION, trials})
    if (verdict !== 'hold') return {verdict, canarySends}
  }
  return {verdict: 'hold', canarySends}
}

const playMany = (world: World, maxSends: number): End[] =>
  Array.from({length: RUNS}, (_, run) => play(20_261_124 + run, world, maxSends))

const countOf = (ends: readonly End[], wanted: CanaryVerdict): number =>
  ends.filter(({verdict}) => verdict === wanted).length

function medianSends(ends: readonly End[]): number {
  const sends = ends
    .map(({verdict, canarySends}) => (verdict === 'rollback' ? canarySends : Number.POSITIVE_INFINITY))
    .sort((a, b) => a - b)
  return sends[Math.floor(sends.length / 2)] ?? Number.POSITIVE_INFINITY
}

describe('400 seeded canaries, judged as a whole after every send', () => {
  it.each([0.01, 0.05])('harmless ones are rolled back in at most 1.5 % when both arms fail at %s', (rate) => {
    const ends = playMany({control: rate, canary: rate, hard: 'none'}, 2000)
    expect(countOf(ends, 'rollback')).toBeLessThanOrEqual(6)
  })

  it('harmless ones come to a promotion', () => {
    const ends = playMany({control: 0.01, canary: 0.01, hard: 'none'}, 4000)
    expect(countOf(ends, 'promote')).toBeGreaterThanOrEqual(380)
  })

  it('content that one in five customers never gets is caught within a median of 12 canary sends', () => {
    const ends = playMany({control: 0.01, canary: 0.2, hard: 'excess'}, 20_000)
    expect(medianSends(ends)).toBeLessThanOrEqual(12)
    expect(countOf(ends, 'promote')).toBe(0)
  })

  it('a rise from 1 % to 20 % that no refusal explains is caught within a median of 14 canary sends', () => {
    const ends = playMany({control: 0.01, canary: 0.2, hard: 'none'}, 20_000)
    expect(medianSends(ends)).toBeLessThanOrEqual(14)
  })

  it('harm beyond the margin is promoted in at most 1.5 %', () => {
    const ends = playMany({control: 0.05, canary: 0.17, hard: 'none'}, 4000)
    expect(countOf(ends, 'promote')).toBeLessThanOrEqual(6)
  })
})
