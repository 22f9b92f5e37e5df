import {spawnSync} from 'node:child_process'
import type {FleetResult} from '../responder/fleet.js'
import type {Bench} from './bench.js'
import {spreadOf} from './take-turns.js'

/** Memory after a quarter of the events, when everything that remembers is full, and at the end. */
const WARM_SHARE = 0.25
const MAX_GROWTH = 1.1
const REPLICAS = [1, 3]

interface Played extends FleetResult {
  readonly heapMiB: readonly number[]
  readonly wallMs: number
}

/** Events with repeats, delays, lost answers, deaths and returns, in virtual time: one outcome an event, flat memory. */
export const fleet: Bench = {
  bar: 'fleet',
  run: ({workspace, events, print}) =>
    REPLICAS.flatMap((replicas) => {
      const {status, stdout, stderr} = spawnSync(
        process.execPath,
        ['--expose-gc', workspace.fleet, String(events), String(replicas)],
        {encoding: 'utf8', maxBuffer: 1 << 26},
      )
      if (status !== 0) throw new Error(`the fleet ended with ${status}: ${stderr}`)
      const {acknowledged, deaths, repeats, sends, outcomes, complaints, heapMiB, wallMs} = JSON.parse(stdout) as Played
      const [warm = Number.NaN, last = Number.NaN] = [heapMiB[Math.ceil(heapMiB.length * WARM_SHARE)], heapMiB.at(-1)]
      print(
        `${events} events, ${replicas} responders: ${acknowledged} acknowledged, ${repeats} repeated, ${deaths} deaths, ` +
          `${sends} sends, ${JSON.stringify(outcomes)}, heap ${heapMiB.map((mib) => mib.toFixed(0)).join(' ')} MiB, ` +
          `${(wallMs / 1000).toFixed(0)} s`,
      )
      for (const complaint of new Set(complaints)) print(`broken: ${complaint}`)
      return [
        {bar: 'fleet', what: `broken promises, ${replicas} responders`, wall: spreadOf([complaints.length]), limit: 0},
        {
          bar: 'fleet',
          what: `memory at the end / after a quarter, ${replicas} responders`,
          wall: spreadOf([last / warm]),
          limit: MAX_GROWTH,
        },
      ]
    }),
}
