import {describe, expect, it} from '@jest/globals'
import {evidence, fisher, ours, oursPatiently} from '../bench/canary-judges.js'
import {
  type End,
  type Judge,
  medianSends,
  playCanaries,
  playCanary,
  type Rates,
  shareOf,
  steady,
  type World,
} from '../bench/canary-simulation.js'

const PLAYS = {runs: 400, maxSends: 4000}

function play(rates: World['rates'], changes: Partial<World> = {}, judge: Judge = ours): readonly End[] {
  return playCanaries({name: '', rates, ...changes}, [judge], PLAYS).get(judge.name) ?? []
}

/** Something that both arms need fails for a while. */
const outage = (send: number): Rates =>
  send >= 1000 && send < 1500 ? {control: 0.3, canary: 0.3} : {control: 0.01, canary: 0.01}

describe('400 seeded canaries of 4,000 sends, judged after every send', () => {
  it.each([
    ['1 % fail', steady(0.01, 0.01)],
    ['5 % fail', steady(0.05, 0.05)],
    ['0.1 % fail', steady(0.001, 0.001)],
    ['an outage hits both arms', outage],
  ])('harmless ones are rolled back in at most 1.5 %% and nearly all promoted while %s', (_what, rates) => {
    const ends = play(rates)
    expect(shareOf(ends, 'rollback')).toBeLessThanOrEqual(0.015)
    expect(shareOf(ends, 'promote')).toBeGreaterThanOrEqual(0.9)
  })

  it.each([
    ['as content refusals', {isRefused: true}],
    ['as failures nothing explains', {}],
  ] as const)('a rise from 1 %% to 20 %%, %s, is caught within a median of 12 canary sends', (_what, changes) => {
    const ends = play(steady(0.01, 0.2), changes)
    expect(medianSends(ends)).toBeLessThanOrEqual(12)
    expect(shareOf(ends, 'promote')).toBe(0)
  })

  it.each([
    ['1 % to 5 %', 0.01, ours],
    ['0.1 % to 5 %, were it not promoted before,', 0.001, evidence],
  ])("a rise from %s is caught more often than by Fisher's test corrected for every look", (_what, control, judge) => {
    const corrected = fisher(PLAYS.maxSends)
    const caught = (by: Judge): number => shareOf(play(steady(control, 0.05), {}, by), 'rollback')
    expect(caught(judge)).toBeGreaterThan(caught(corrected))
  })

  it('harm beyond the margin is promoted in at most 1.5 %', () => {
    expect(shareOf(play(steady(0.05, 0.17)), 'promote')).toBeLessThanOrEqual(0.015)
  })
})

describe('the cheap look of the simulation', () => {
  it.each([
    ['harmless', steady(0.05, 0.05), {}],
    ['harmful', steady(0.01, 0.2), {}],
    ['refused', steady(0.01, 0.2), {isRefused: true}],
    ['hit by an outage', outage, {}],
  ] as const)('ends as judging all trials after every send does, where the canary is %s', (_what, rates, changes) => {
    for (let seed = 1; seed <= 8; seed++) {
      const [cheap, patient] = playCanary(seed, {name: '', rates, ...changes}, [ours, oursPatiently], 1800)
      expect(cheap).toEqual(patient)
    }
  })
})
