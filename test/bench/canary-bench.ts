import Table from 'cli-table3'
import type {Row} from './bars.js'
import type {Bench} from './bench.js'
import {evidence, fisher, mannWhitney, ours, threshold} from './canary-judges.js'
import {type End, type Judge, medianSends, playCanaries, shareOf, steady, type World} from './canary-simulation.js'
import {spreadOf} from './take-turns.js'

const RUNS = 2000
/** At 5 % so many sends spend the canary's budget of 200 people. */
const MAX_SENDS = 4000
const OUTAGE = {from: 1000, until: 1500, rate: 0.3}

/** Both arms fail much more for a while, since something fails that both need. */
const withOutage = (rates: World['rates']): World['rates'] => {
  const {from, until, rate} = OUTAGE
  return (send) => {
    const {control, canary} = rates(send)
    if (send < from || send >= until) return {control, canary}
    return {control: Math.max(rate, control), canary: Math.max(rate, canary)}
  }
}
const HALF = MAX_SENDS / 2
const slowly = (send: number) => ({control: 0.01, canary: 0.01 + 0.19 * Math.min(1, send / HALF)})

/** The most in percent that may be rolled back for nothing, and that may be promoted in spite of great harm. */
const MOST_WRONG = 1.5
const MOST_MEDIAN = 12

type Bars = (ends: ReadonlyMap<string, readonly End[]>, world: World) => Row[]

const row = (what: string, value: number, limit: number, unit?: string): Row => ({
  ...{bar: 'canary', what, wall: spreadOf([value]), limit},
  ...(unit !== undefined && {unit}),
})
const of = (ends: Parameters<Bars>[0], name: string): readonly End[] => ends.get(name) ?? []

const harmless: Bars = (ends, {name}) => [
  row(`rolled back for nothing, ${name}`, 100 * shareOf(of(ends, ours.name), 'rollback'), MOST_WRONG, '%'),
]
const promotedHarm: Bars = (ends, {name}) => [
  row(`promoted in spite of harm, ${name}`, 100 * shareOf(of(ends, ours.name), 'promote'), MOST_WRONG, '%'),
]
const greatHarm: Bars = (ends, world) => [
  row(`median canary sends until rollback, ${world.name}`, medianSends(of(ends, ours.name)), MOST_MEDIAN),
  ...promotedHarm(ends, world),
]
const corrected = fisher(MAX_SENDS)
const besideFisher =
  (judge: Judge): Bars =>
  (ends, {name}) => [
    row(
      `caught by ${corrected.name} / by ${judge.name}, ${name}`,
      shareOf(of(ends, corrected.name), 'rollback') / shareOf(of(ends, judge.name), 'rollback'),
      1,
    ),
  ]
const none: Bars = () => []

const WORLDS: readonly (readonly [World, Bars])[] = [
  [{name: 'harmless, 1 %', rates: steady(0.01, 0.01)}, harmless],
  [{name: 'harmless, 5 %', rates: steady(0.05, 0.05)}, harmless],
  [{name: 'harmless, 0.1 %', rates: steady(0.001, 0.001)}, harmless],
  [{name: 'harmless, an outage 1 → 30 → 1 %', rates: withOutage(steady(0.01, 0.01))}, harmless],
  [{name: '1 → 20 %, content refused', rates: steady(0.01, 0.2), isRefused: true}, greatHarm],
  [{name: '1 → 20 %, unexplained', rates: steady(0.01, 0.2)}, greatHarm],
  [{name: '0.1 → 20 %', rates: steady(0.001, 0.2)}, greatHarm],
  [{name: '1 → 5 %', rates: steady(0.01, 0.05)}, besideFisher(ours)],
  [{name: '0.1 → 5 %', rates: steady(0.001, 0.05)}, besideFisher(evidence)],
  [{name: '5 → 17 %', rates: steady(0.05, 0.17)}, promotedHarm],
  [{name: '1 → 20 % over 2,000 sends', rates: slowly}, none],
  [{name: '1 → 5 %, an outage of 30 %', rates: withOutage(steady(0.01, 0.05))}, besideFisher(ours)],
]
const JUDGES = [ours, evidence, fisher(1), corrected, threshold, mannWhitney]

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const sends = (count: number): string => (Number.isFinite(count) ? String(count) : '—')

function cell(ends: readonly End[]): string {
  const held = shareOf(ends, 'hold')
  return [
    `back ${percent(shareOf(ends, 'rollback'))}, median ${sends(medianSends(ends))}`,
    `on ${percent(shareOf(ends, 'promote'))}${held > 0 ? `, held ${percent(held)}` : ''}`,
  ].join('\n')
}

function renderWorlds(played: ReadonlyMap<string, ReadonlyMap<string, readonly End[]>>): string {
  const table = new Table({
    head: [`${RUNS} canaries, ${MAX_SENDS} sends`, ...JUDGES.map(({name}) => name)],
    style: {head: [], border: []},
  })
  for (const [world, ends] of played) table.push([world, ...JUDGES.map(({name}) => cell(of(ends, name)))])
  return table.toString()
}

/**
 * How canaries that never were are judged after every send, by the code that ships and as others do it. Who has no rule of
 * promotion of his own promotes what is left after the last send.
 */
export const canary: Bench = {
  bar: 'canary',
  run({print}) {
    const played = WORLDS.map(([world, bars]) => {
      const ends = playCanaries(world, JUDGES, {runs: RUNS, maxSends: MAX_SENDS})
      return {world, ends, rows: bars(ends, world)}
    })
    print(renderWorlds(new Map(played.map(({world, ends}) => [world.name, ends]))))
    return played.flatMap(({rows}) => rows)
  },
}
