import {spawnSync} from 'node:child_process'
import Table from 'cli-table3'
import type {Row} from './bars.js'
import type {Bench, BenchOptions} from './bench.js'
import type {QuotaGiven, QuotaResult} from './quota-job.js'
import {spreadOf, type Spread} from './take-turns.js'

/** Callers with the pace of their time, which matters where a caller has no clock but the machine's. */
type Callers = Readonly<Partial<Record<QuotaGiven['caller'], number>>>
type World = Omit<QuotaGiven, 'caller' | 'speed'>
type Results = ReadonlyMap<string, readonly QuotaResult[]>

const MINUTE_MS = 60_000

function runCaller({workspace}: BenchOptions, given: QuotaGiven): QuotaResult {
  const {status, stdout, stderr} = spawnSync(process.execPath, [workspace.quota, JSON.stringify(given)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`the caller ${given.caller} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as QuotaResult
}

/** As in {@link ./take-turns.ts}: every caller once a round, and who goes first moves on. */
function runRounds(options: BenchOptions, world: World, callers: Callers): Results {
  const all = Object.entries(callers) as [QuotaGiven['caller'], number][]
  const results = new Map<string, QuotaResult[]>(all.map(([caller]) => [caller, []]))
  for (let round = 0; round < options.rounds; round++)
    for (let turn = 0; turn < all.length; turn++) {
      const [caller, speed] = all[(round + turn) % all.length] ?? []
      if (caller && speed) results.get(caller)?.push(runCaller(options, {...world, caller, speed}))
    }
  return results
}

/**
 * The least milliseconds until so many calls are answered: no minute holds more than is left of the quota, and no more
 * calls than `inFlight` are under way, each for the whole latency.
 */
function leastMs(calls: number, {perMinute, othersPerMinute, inFlight, latencyMs}: World): number {
  const left = perMinute - othersPerMinute
  const minutes = Math.floor((calls - 1) / left)
  const batches = Math.ceil((calls - minutes * left) / inFlight)
  return minutes * MINUTE_MS + batches * latencyMs
}

/**
 * Time beside the least, at the end of all calls; and on the average of what it would have been had there been fewer calls,
 * down to one window less: the last windows are full or nearly empty by chance.
 */
function ratioOf({doneMs}: QuotaResult, world: World): {readonly atEnd: number; readonly average: number} {
  const window = world.perMinute - world.othersPerMinute
  const ratio = (calls: number): number => (doneMs[calls - 1] ?? Number.NaN) / leastMs(calls, world)
  const ratios = Array.from({length: window}, (_, fewer) => ratio(world.calls - fewer))
  return {atEnd: ratio(world.calls), average: ratios.reduce((sum, each) => sum + each, 0) / window}
}

const figure = ({median, min, max}: Spread, digits: number): string =>
  `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`

function renderCallers(title: string, world: World, results: Results): string {
  const head = [title, 'time s', '/ least', '/ least, average', 'refused', "the other's refused", 'CPU ms a call']
  const table = new Table({head, style: {head: [], border: []}})
  for (const [name, rounds] of results) {
    const of = (measure: (result: QuotaResult) => number): Spread => spreadOf(rounds.map(measure))
    table.push([
      name,
      figure(
        of(({doneMs}) => (doneMs.at(-1) ?? Number.NaN) / 1000),
        1,
      ),
      figure(
        of((result) => ratioOf(result, world).atEnd),
        3,
      ),
      figure(
        of((result) => ratioOf(result, world).average),
        3,
      ),
      figure(
        of(({refused}) => refused),
        0,
      ),
      figure(
        of(({othersRefused}) => othersRefused),
        0,
      ),
      figure(
        of(({cpuMs}) => cpuMs / world.calls),
        2,
      ),
    ])
  }
  return table.toString()
}

function row(bar: string, what: string, values: readonly number[], limit: number, unit?: string): Row {
  return {bar, what, wall: spreadOf(values), limit, ...(unit === undefined ? {} : {unit})}
}

const HOW = `The stub refuses beyond the rolling minute, and a refusal shuts the API for a minute.
Time stands still while anybody computes and is skipped while everybody waits; CPU (caller and stub) stands beside it.
p-queue knows only the machine's time, so it runs in scaled time, where this machine's own delays count 20 or 60 times.`

/** Nobody else calls. */
export const applyAlone: Bench = {
  bar: 'L1',
  run(options) {
    const world = {calls: 1050, perMinute: 500, othersPerMinute: 0, inFlight: 20, latencyMs: 300}
    const results = runRounds(options, world, {ours: 1, sequential: 1, probing: 1, 'p-queue': 20})
    options.print(HOW)
    options.print(renderCallers(`${world.calls} calls, ${world.perMinute} a minute`, world, results))
    const ours = results.get('ours') ?? []
    const ratios = ours.map((result) => ratioOf(result, world).atEnd)
    return [
      row('L1', 'apply / the least time', ratios, 1.03),
      row(
        'L1',
        'calls refused',
        ours.map(({refused}) => refused),
        0,
      ),
    ]
  },
}

/** Another caller uses 30 % of the quota, and nobody tells. */
export const applyBeside: Bench = {
  bar: 'L2',
  run(options) {
    const world = {calls: 4410, perMinute: 600, othersPerMinute: 180, inFlight: 20, latencyMs: 150}
    const results = runRounds(options, world, {ours: 1, sequential: 1, probing: 1, 'p-queue': 60})
    options.print(HOW)
    const quota = `${world.perMinute} a minute, ${world.othersPerMinute} of them another's`
    options.print(renderCallers(`${world.calls} calls, ${quota}`, world, results))
    const ours = results.get('ours') ?? []
    const ratios = ours.map((result) => ratioOf(result, world).average)
    const refused = ours.map((result) => (result.refused / world.calls) * 100)
    return [row('L2', 'apply / the least time', ratios, 1.1), row('L2', 'calls refused', refused, 2, '%')]
  },
}

/** A whole minute's quota and a second one, at the platform's own size. */
export const applyMany: Bench = {
  bar: 'L3',
  run(options) {
    const world = {calls: 20_000, perMinute: 10_000, othersPerMinute: 0, inFlight: 50, latencyMs: 50}
    const results = runRounds(options, world, {ours: 1})
    options.print(HOW)
    options.print(renderCallers(`${world.calls} calls, ${world.perMinute} a minute`, world, results))
    const sequential = (calls: number): string => `${(calls * world.latencyMs) / 1000} s`
    options.print(`One after the other it would be ${sequential(world.calls / 2)} and ${sequential(world.calls)}.`)
    options.print(
      '20,000 in 60 s would need a quota that refills by the second: with 50 in flight the first 10,000 take 10 s.',
    )
    const ours = results.get('ours') ?? []
    const seconds = (calls: number): number[] => ours.map(({doneMs}) => (doneMs[calls - 1] ?? Number.NaN) / 1000)
    return [
      row('L3', '10,000 calls, 50 in flight', seconds(world.calls / 2), 1.05 * 10, 's'),
      row(
        'L3',
        '20,000 calls / the least time in rolling minutes (70 s)',
        ours.map((result) => ratioOf(result, world).atEnd),
        1.05,
      ),
    ]
  },
}
