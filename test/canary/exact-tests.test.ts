import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {fisherP, fisherRejects, hypergeometric} from '../bench/fisher.js'
import {isHigh, mannWhitneyP, shiftOf, upperTail} from '../bench/mann-whitney.js'

const arms = fc
  .record({canarySends: fc.integer({min: 1, max: 60}), controlSends: fc.integer({min: 1, max: 200})})
  .chain(({canarySends, controlSends}) =>
    fc.record({
      canary: fc.record({sends: fc.constant(canarySends), failures: fc.nat(canarySends)}),
      control: fc.record({sends: fc.constant(controlSends), failures: fc.nat(controlSends)}),
    }),
  )

describe("Fisher's exact test", () => {
  it('says of the lady tasting tea what Fisher said: 17 in 70, and 1 in 70', () => {
    expect(fisherP({sends: 4, failures: 3}, {sends: 4, failures: 1})).toBeCloseTo(17 / 70, 12)
    expect(fisherP({sends: 4, failures: 4}, {sends: 4, failures: 0})).toBeCloseTo(1 / 70, 12)
  })

  it('gives chances that add up to 1', () => {
    const chances = Array.from({length: 11}, (_, own) => hypergeometric(own, 50, 10, 1000))
    expect(chances.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 9)
  })

  it('rejects in short exactly where the whole sum does', () => {
    fc.assert(
      fc.property(arms, fc.constantFrom(0.01, 0.0001), ({canary, control}, alpha) => {
        expect(fisherRejects(canary, control, alpha)).toBe(fisherP(canary, control) <= alpha)
      }),
      {numRuns: 1000},
    )
  })
})

describe('the Mann–Whitney test', () => {
  it('knows the normal distribution', () => {
    expect(upperTail(1.959964)).toBeCloseTo(0.025, 6)
    expect(upperTail(-1.959964)).toBeCloseTo(0.975, 6)
  })

  it('gives the p value of a worked example: U = 24 of 25 without ties', () => {
    expect(mannWhitneyP([5, 7, 8, 9, 10], [1, 2, 3, 4, 6])).toBeCloseTo(upperTail(11 / Math.sqrt((25 * 11) / 12)), 9)
  })

  it('makes the spread smaller for ties, and finds nothing where all values are the same', () => {
    const [tied, spread] = [mannWhitneyP([1, 1, 1, 1], [0, 0, 0, 0]), mannWhitneyP([5, 6, 7, 8], [1, 2, 3, 4])]
    expect(tied).toBeLessThan(spread)
    expect(mannWhitneyP([0, 0, 0], [0, 0, 0])).toBe(1)
  })

  it('measures the shift by the median of all differences', () => {
    expect(shiftOf([3, 5], [1, 2])).toBe(2.5)
  })

  it('calls a metric high only beyond a quarter of its shift', () => {
    const control = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]
    expect(isHigh(control, control)).toBe(false)
    expect(
      isHigh(
        control.map((value) => value + 1),
        control,
      ),
    ).toBe(true)
  })
})
