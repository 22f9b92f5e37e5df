import {spawnSync} from 'node:child_process'
import type {FleetResult} from '../responder/fleet.js'
import type {Bench} from './bench.js'
import {spreadOf} from './take-turns.js'

/** Memory after a quarter of the events, when everything that remembers is full, and the most after that. */
const WARM_SHARE = 0.25
const MAX_GROWTH = 1.1

interface Fleet {
  readonly replicas: number
  /** A process that died here stays in this one's memory, so memory is measured where none does. */
  readonly fate: 'dying' | 'living'
}

const FLEETS: readonly Fleet[] = [
  {replicas: 1, fate: 'dying'},
  {replicas: 3, fate: 'dying'},
  {replicas: 1, fate: 'living'},
]

interface Played extends FleetResult {
  readonly heapMiB: readonly number[]
  readonly wallMs: number
}

/** Events with repeats, delays, lost answers, deaths and returns, in virtual time: one outcome an event, flat memory. */
export const fleet: Bench = {
  bar: 'fleet',
  run: ({workspace, events, print}) =>
    FLEETS.flatMap(({replicas, fate}) => {
      const {status, stdout, stderr} = spawnSync(
        process.execPath,
        ['--expose-gc', workspace.fleet, String(events), String(replicas), fate],
        {encoding: 'utf8', maxBuffer: 1 << 26},
      )
      if (status !== 0) throw new Error(`the fleet ended with ${status}: ${stderr}`)
      const {acknowledged, deaths, repeats, sends, outcomes, complaints, heapMiB, wallMs} = JSON.parse(stdout) as Played
      print(
        `${events} events, ${replicas} ${fate} responders: ${acknowledged} acknowledged, ${repeats} repeated, ${deaths} deaths, ` +
          `${sends} sends, ${JSON.stringify(outcomes)}, heap ${heapMiB.map((mib) => mib.toFixed(0)).join(' ')} MiB, ` +
          `${(wallMs / 1000).toFixed(0)} s`,
      )
      for (const complaint of new Set(complaints)) print(`broken: ${complaint}`)
      const kept = {
        bar: 'fleet',
        what: `broken promises, ${replicas} ${fate}`,
        wall: spreadOf([complaints.length]),
        limit: 0,
      }
      if (fate === 'dying') return [kept]
      const [warm = Number.NaN, ...later] = heapMiB.slice(Math.ceil(heapMiB.length * WARM_SHARE))
      const growth = spreadOf([Math.max(...later) / warm])
      return [kept, {bar: 'fleet', what: 'most memory later / after a quarter', wall: growth, limit: MAX_GROWTH}]
    }),
}
