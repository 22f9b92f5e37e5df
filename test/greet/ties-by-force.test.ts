import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {findTies} from '../../scripts/core/greet/find-ties.js'
import {createPeople} from '../../scripts/core/greet/member-context.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {instantOf, tiedPairs, type World} from './oracle.js'
import {anyWorld, configOfWorld, INSTANTS, MEMBERS, STATES, TIMES} from './worlds.js'

const HOUR_MS = 3_600_000
const SPAN_MS = 30 * HOUR_MS
/** Nights with a change of the clock, a holiday, a make-up workday, a shift that crosses midnight. */
const STARTS = ['2026-10-09T12:00:00Z', '2026-10-24T18:00:00Z', '2026-10-31T20:00:00Z', '2026-12-31T10:00:00Z']
/** Few, so that groups in which everybody is held against the first alone do not come. */
const MOST_SCHEDULES = 6

/** Every instant of the span at which anything of such a world can change, and its first. */
function instantsOf(world: World, fromMs: number): number[] {
  const zones = new Set(Object.values(world.schedules).map(({timezone}) => timezone ?? world.enterprise.timezone))
  zones.add(world.enterprise.timezone)
  const first = new Date(fromMs - 24 * HOUR_MS).toISOString().slice(0, 10)
  const dates = [0, 1, 2, 3].map((days) => new Date(Date.parse(first) + days * 24 * HOUR_MS).toISOString().slice(0, 10))
  const clocks = [...zones].flatMap((zone) => dates.flatMap((date) => TIMES.map((time) => instantOf(zone, date, time))))
  const stale = Object.values(world.rosters).map(
    ({importedAt, staleAfterDays = 8}) => Date.parse(importedAt) + staleAfterDays * 24 * HOUR_MS + 1,
  )
  const all = [fromMs, ...clocks, ...INSTANTS.map((at) => Date.parse(at)), ...stale]
  return [...new Set(all)].filter((ms) => ms >= fromMs && ms < fromMs + SPAN_MS)
}

function pairsByForce(world: World, fromMs: number): string[] {
  const found = new Set<string>()
  const asksDuty = Object.values(world.schedules).some(({slots = []}) => slots.some(({onDuty}) => onDuty))
  const duties = asksDuty ? [undefined, false] : [undefined]
  for (const atMs of instantsOf(world, fromMs))
    for (const member of MEMBERS)
      for (const state of STATES)
        for (const onDuty of duties)
          for (const pair of tiedPairs(world, {member, atMs, state, ...(onDuty === undefined ? {} : {onDuty})}))
            found.add(pair)
  return [...found].sort()
}

/** Gives each schedule a twin with the same audience and another body, as a second author would. */
const withTwins = (world: World): World => {
  const all = Object.values(world.schedules).slice(0, MOST_SCHEDULES / 2)
  const twins = all.flatMap((one, index) => {
    const body = all[(index + 1) % all.length]
    return body === undefined || body.mode !== undefined
      ? []
      : [{...body, audience: one.audience, priority: one.priority ?? 0}]
  })
  return {...world, schedules: Object.fromEntries([...all, ...twins].map((one, index) => [`s${index}`, one]))}
}

describe('the conflict check against brute force', () => {
  it('names every pair that anybody meets through any code at any instant, and none else', () => {
    let ties = 0
    const worlds = anyWorld.map(withTwins)
    fc.assert(
      fc.property(worlds, fc.constantFrom(...STARTS), (world, start) => {
        const config = configOfWorld(world)
        const release = assembleRelease(config)
        const people = createPeople(assembleDirectory(config), release)
        const fromMs = Date.parse(start)
        const found = findTies(release, people, fromMs, fromMs + SPAN_MS)
        const names = found.map(({first, second}) => [first.one.id, second.one.id].sort().join('=')).sort()
        expect(names).toEqual(pairsByForce(world, fromMs))
        for (const {member, state, atMs, first, second} of found) {
          const pair = [first.one.id, second.one.id].sort().join('=')
          const asked = {member, atMs, ...(state === undefined ? {} : {state})}
          const met = [undefined, false].flatMap((onDuty) =>
            tiedPairs(world, {...asked, ...(onDuty === undefined ? {} : {onDuty})}),
          )
          expect(met).toContain(pair)
          ties++
        }
      }),
      {numRuns: 100},
    )
    // A generator without ties would prove nothing.
    expect(ties).toBeGreaterThan(50)
  }, 300_000)
})
