import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import Table from 'cli-table3'
import {hasRedis} from '../support/redis-server.js'
import type {Bench, BenchOptions} from './bench.js'
import type {RollbackPlan, RollbackResult} from './rollback-job.js'
import {spreadOf} from './take-turns.js'
import {ROOT} from './workspace.js'

const RESPONDERS = [1, 3, 8]
const ROUNDS = 3
const LIMIT_S = 15

function runRollbacks({workspace}: BenchOptions, store: RollbackPlan['store'], responders: number): RollbackResult[] {
  const folder = join(workspace.folder, `rollback-${store}-${responders}`)
  const plan: RollbackPlan = {root: ROOT, folder, stub: workspace.stub, store, responders, rounds: ROUNDS}
  const {status, stdout, stderr} = spawnSync(process.execPath, [workspace.rollback, JSON.stringify(plan)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`the rollbacks with ${responders} on ${store} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as RollbackResult[]
}

function spanOf(times: readonly number[]): string {
  const {min, max} = spreadOf(times)
  return `${(min / 1000).toFixed(1)}–${(max / 1000).toFixed(1)}`
}

/**
 * From the start of the rollback command until the last of several responders runs the new manifest, in real time. A round
 * begins soon after the slowest has looked, so at least that one waits for nearly a whole look: the worst case, not the mean.
 */
export const rollback: Bench = {
  bar: 'rollback',
  run(options) {
    if (!hasRedis) options.print('responders on Redis need redis-server; there is none')
    const stores = hasRedis ? (['file', 'redis'] as const) : (['file'] as const)
    const table = new Table({
      head: [`${ROUNDS} rollbacks, min–max s`, 'published', 'command over', 'first responder', 'last responder'],
      style: {head: [], border: []},
    })
    const rows = stores.flatMap((store) =>
      RESPONDERS.map((responders) => {
        const what = `${responders} responders, ${store}`
        const results = runRollbacks(options, store, responders)
        const last = results.map(({heardMs}) => Math.max(...heardMs))
        const first = results.map(({heardMs}) => Math.min(...heardMs))
        table.push([
          ...[
            what,
            spanOf(results.map(({publishedMs}) => publishedMs)),
            spanOf(results.map(({commandMs}) => commandMs)),
          ],
          ...[spanOf(first), spanOf(last)],
        ])
        const slowest = spreadOf([Math.max(...last) / 1000])
        return {bar: 'rollback', what: `until the last runs it, ${what}`, wall: slowest, limit: LIMIT_S, unit: 's'}
      }),
    )
    options.print(table.toString())
    return rows
  },
}
