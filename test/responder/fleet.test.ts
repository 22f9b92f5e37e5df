import {describe, expect, it} from '@jest/globals'
import {type FleetPlan, playFleet} from './fleet.js'

const ROUGH = {lostBefore: 0.05, lostAfter: 0.05, busy: 0.03, refusedPayload: 0.1, slow: 0.03}

/** Every kind of bad luck at once; `npm run bench -- --only fleet` plays a million events of it. */
const play = (plan: Partial<FleetPlan>) =>
  playFleet({seed: 1, events: 1200, replicas: 1, perSecond: 60, weather: ROUGH, diesEveryMs: 4000, ...plan})

describe('a fleet in rough weather', () => {
  it.each([1, 2, 3])(
    'gives every acknowledged event exactly one outcome, and every code at most one welcome: alone, dying and coming back (%d)',
    async (seed) => {
      const {complaints, deaths, repeats, acknowledged} = await play({seed})
      expect(complaints).toEqual([])
      expect([deaths > 0, repeats > 50, acknowledged > 1000]).toEqual([true, true, true])
    },
  )

  it.each([4, 5, 6])('the same with three responders that share their state (%d)', async (seed) => {
    const {complaints, deaths, repeats, acknowledged} = await play({seed, replicas: 3})
    expect(complaints).toEqual([])
    expect([deaths > 0, repeats > 50, acknowledged > 1000]).toEqual([true, true, true])
  })

  it('in fair weather greets everybody who has a code', async () => {
    const fair = {lostBefore: 0, lostAfter: 0, busy: 0, refusedPayload: 0, slow: 0}
    const {outcomes, complaints} = await playFleet({seed: 7, events: 500, replicas: 2, perSecond: 100, weather: fair})
    expect(complaints).toEqual([])
    expect(Object.keys(outcomes).sort()).toEqual(['no_code', 'sent'])
  })

  it('plays the same again from the same seed', async () => {
    expect(await play({seed: 8, events: 200})).toEqual(await play({seed: 8, events: 200}))
  })
})
