import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {
  afterFailure,
  type Failure,
  harmEvidence,
  harmWealth,
  placeHarmBets,
  safetyEvidence,
  safetyWealth,
  sendsUntilSafe,
} from '../../scripts/core/canary/betting.js'
import {drawHarmLine} from '../../scripts/core/canary/harm-line.js'

const CANARY: Failure = {isCanary: true}
const CONTROL: Failure = {isCanary: false}
const shares = fc.constantFrom(0.0001, 0.01, 0.05, 0.1, 0.25, 0.5, 0.8, 0.99)
const alphas = fc.constantFrom(0.001, 0.01, 0.05)
/** Runs of equal failures, so that lines are crossed and left far behind. */
const histories = fc
  .array(fc.record({isCanary: fc.boolean(), times: fc.integer({min: 1, max: 30})}), {maxLength: 6})
  .map((runs) => runs.flatMap(({isCanary, times}) => Array.from({length: times}, (): Failure => ({isCanary}))))

/** Every history of so many failures, with the chance it has when both arms fail alike. */
function* everyHistory(length: number, share: number): Generator<{failures: Failure[]; chance: number}> {
  for (let bits = 0; bits < 2 ** length; bits++) {
    const failures = Array.from({length}, (_, at): Failure => ({isCanary: ((bits >> at) & 1) === 1}))
    const canary = failures.filter(({isCanary}) => isCanary).length
    yield {failures, chance: share ** canary * (1 - share) ** (length - canary)}
  }
}

function mostWealth(failures: readonly Failure[], share: number): number {
  let bets = placeHarmBets(share)
  let most = harmWealth(bets)
  for (const failure of failures) {
    bets = afterFailure(bets, failure)
    most = Math.max(most, harmWealth(bets))
  }
  return most
}

describe('a bet against a canary that does no harm', () => {
  it('is fair after every history: what the next failure may win and lose cancels out', () => {
    fc.assert(
      fc.property(shares, alphas, histories, (share, alpha, failures) => {
        const bets = failures.reduce(afterFailure, placeHarmBets(share, alpha))
        const next = (failure: Failure): number => harmWealth(afterFailure(bets, failure))
        const expected = share * next(CANARY) + (1 - share) * next(CONTROL)
        expect(expected / harmWealth(bets)).toBeCloseTo(1, 9)
      }),
    )
  })

  it.each([0.05, 0.25, 0.5])('has a mean of 1 over all histories of 14 failures at a share of %s', (share) => {
    let mean = 0
    for (const {failures, chance} of everyHistory(14, share)) mean += chance * harmEvidence(failures, share)
    expect(mean).toBeCloseTo(1, 9)
  })

  it.each([0.05, 0.25, 0.5])('reaches 100 at any look in at most 1 %% of all histories at a share of %s', (share) => {
    let wrong = 0
    for (const {failures, chance} of everyHistory(14, share)) if (mostWealth(failures, share) >= 100) wrong += chance
    expect(wrong).toBeGreaterThan(0)
    expect(wrong).toBeLessThanOrEqual(0.01)
  })

  it('begins with a wealth of 1 and is never in debt', () => {
    fc.assert(
      fc.property(shares, alphas, histories, (share, alpha, failures) => {
        expect(harmWealth(placeHarmBets(share, alpha))).toBeCloseTo(1, 12)
        expect(harmEvidence(failures, share, alpha)).toBeGreaterThan(0)
      }),
    )
  })

  it('comes to the same failure by failure as over the whole history', () => {
    fc.assert(
      fc.property(shares, histories, histories, (share, before, after) => {
        const halfway = before.reduce(afterFailure, placeHarmBets(share))
        expect(harmWealth(after.reduce(afterFailure, halfway))).toBe(harmEvidence([...before, ...after], share))
      }),
    )
  })

  it('is won when two of the first three failures are of a 5 % canary', () => {
    for (const failures of [
      [CANARY, CANARY],
      [CANARY, CONTROL, CANARY],
      [CONTROL, CANARY, CANARY],
    ])
      expect(harmEvidence(failures, 0.05)).toBeGreaterThanOrEqual(100)
    expect(harmEvidence([CONTROL, CONTROL, CANARY, CANARY], 0.05)).toBeLessThan(100)
  })

  it('gives back what it has won when the control turns out to fail as often', () => {
    const outage = [...Array.from({length: 10}, () => CANARY), ...Array.from({length: 190}, () => CONTROL)]
    expect(harmEvidence(outage, 0.05)).toBeLessThan(1)
  })

  it('is still won when the harm begins after a thousand failures of both arms', () => {
    const before = Array.from({length: 1000}, (_, at): Failure => ({isCanary: at % 20 === 0}))
    const harm = Array.from({length: 30}, (_, at): Failure => ({isCanary: at % 2 === 0}))
    expect(harmEvidence(before, 0.05)).toBeLessThan(1)
    expect(harmEvidence([...before, ...harm], 0.05)).toBeGreaterThanOrEqual(100)
  })
})

describe('the line a canary may cross', () => {
  it('is crossed by a harmless one as rarely as asked, and hardly more rarely at 5 %', () => {
    fc.assert(
      fc.property(shares, alphas, (share, chance) => {
        expect(drawHarmLine(share, chance).chances[0]?.[0] ?? 0).toBeLessThanOrEqual(chance)
      }),
    )
    expect(drawHarmLine(0.05, 0.0095).chances[0]?.[0]).toBeGreaterThan(0.009)
  })
})

describe('the bet that a canary is safe', () => {
  it('does not care in which order the sends ended', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), {maxLength: 60}), fc.constantFrom(0.1, 0.15, 0.5), (failed, margin) => {
        const wealth = safetyEvidence(failed, margin)
        expect(safetyEvidence([...failed].reverse(), margin)).toBe(wealth)
        expect(safetyWealth({sends: failed.length, failures: failed.filter(Boolean).length}, margin)).toBe(wealth)
      }),
    )
  })

  it('is fair when the canary fails exactly as often as the margin says', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(20), fc.constantFrom(0.1, 0.15, 0.5), (successes, failures, margin) => {
        const sends = successes + failures + 1
        const expected =
          margin * safetyWealth({sends, failures: failures + 1}, margin) +
          (1 - margin) * safetyWealth({sends, failures}, margin)
        expect(expected / safetyWealth({sends: sends - 1, failures}, margin)).toBeCloseTo(1, 9)
      }),
    )
  })

  it('is won after exactly as many clean sends as the forecast says', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), {maxLength: 30}), (failed) => {
        const more = sendsUntilSafe(failed, 0.1, 100)
        const after = (sends: number) => safetyEvidence([...failed, ...Array<boolean>(sends).fill(false)], 0.1)
        expect(after(more)).toBeGreaterThanOrEqual(100)
        if (more > 0) expect(after(more - 1)).toBeLessThan(100)
      }),
    )
  })
})
