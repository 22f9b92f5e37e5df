import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {admit, shareOfBudget} from '../../scripts/core/canary/admit.js'
import {armOf, bucketOf} from '../../scripts/core/canary/arm.js'

const customers = Array.from({length: 10_000}, (_, index) => `wmCUSTOMER${String(index).padStart(20, '0')}`)
const salts = Array.from({length: 50}, (_, index) => `salt-${index}`)
const inCanary = (salt: string, perMyriad: number): number =>
  customers.filter((customer) => armOf(customer, {salt, perMyriad}) === 'canary').length

describe('the arm of a customer', () => {
  it.each(salts)('takes 4.4 to 5.6 %% of 10,000 customers at 5 %% (%s)', (salt) => {
    const share = inCanary(salt, 500) / customers.length
    expect(share).toBeGreaterThanOrEqual(0.044)
    expect(share).toBeLessThanOrEqual(0.056)
  })
  it('is the same every time for the same customer', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.integer({min: 0, max: 10_000}),
        (customer, salt, perMyriad) => armOf(customer, {salt, perMyriad}) === armOf(customer, {salt, perMyriad}),
      ),
    )
  })
  it('never moves anybody back when the share is raised', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.integer({min: 0, max: 10_000}),
        fc.integer({min: 0, max: 10_000}),
        (customer, salt, one, two) => {
          const [low, high] = [Math.min(one, two), Math.max(one, two)]
          return (
            armOf(customer, {salt, perMyriad: low}) === 'stable' ||
            armOf(customer, {salt, perMyriad: high}) === 'canary'
          )
        },
      ),
    )
  })
  it('is nobody at 0 and everybody at 100 %', () => {
    expect(inCanary('a', 0)).toBe(0)
    expect(inCanary('a', 10_000)).toBe(customers.length)
  })
  it('exposes other people under another salt', () => {
    const same = customers.filter((customer) => bucketOf(customer, 'one') < 500 && bucketOf(customer, 'two') < 500)
    expect(same.length).toBeLessThan(60)
  })
})

describe('the exposure budget', () => {
  it('lets in no more people than it has, and keeps those who are in', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 50}), fc.array(fc.integer({min: 0, max: 80})), (maxPeople, visits) => {
        const people = new Set<string>()
        for (const visit of visits) {
          const person = `p${visit}`
          const wasIn = people.has(person)
          const {arm, counts, diverted} = admit('canary', person, {people, maxPeople})
          if (counts) people.add(person)
          expect(arm === 'canary').toBe(people.has(person))
          expect(diverted).toBe(arm === 'stable')
          if (wasIn) expect(arm).toBe('canary')
        }
        expect(people.size).toBeLessThanOrEqual(maxPeople)
      }),
    )
  })
  it('is never more than the whole when several responders share it', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 0, max: 1000}),
        fc.integer({min: 1, max: 20}),
        (maxPeople, responders) => shareOfBudget(maxPeople, responders) * responders <= maxPeople,
      ),
    )
  })
})
