import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import Table from 'cli-table3'
import {hasRedis} from '../support/redis-server.js'
import type {Row} from './bars.js'
import type {Bench, BenchOptions} from './bench.js'
import type {LoadPlan, LoadResult} from './load-job.js'
import {spreadOf} from './take-turns.js'
import {ROOT} from './workspace.js'

/** WeCom's quota of one API a minute (90312). */
const QUOTA = 10_000
const RAISED = 100_000
const PER_SECOND = 200
const BURST = 10_000
const CONNECTIONS = 64
/** A code is good for so long (92137). */
const CODE_MS = 20_000
const PLAIN = '您好，我是您的顾问，欢迎联系我们。'
const BY_NAME = '[客户昵称]您好，我是[员工姓名]，欢迎联系我们。'
const REPLICAS = [1, 2, 4]

type Given = Pick<LoadPlan, 'post' | 'sendsPerMinute' | 'isHeld' | 'text'> & {readonly replicas?: number}

function runLoad({workspace}: BenchOptions, name: string, given: Given): LoadResult {
  const plan: LoadPlan = {
    ...{root: ROOT, folder: join(workspace.folder, name), stub: workspace.stub, replicas: 1},
    ...given,
  }
  const {status, stdout, stderr} = spawnSync(process.execPath, [workspace.load, JSON.stringify(plan)], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`the load ${name} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as LoadResult
}

/** Of all that were posted: what never arrived took for ever. */
function quantile(times: readonly number[], posted: number, share: number): number {
  return [...times].sort((a, b) => a - b)[Math.ceil(posted * share) - 1] ?? Number.POSITIVE_INFINITY
}

const HEAD = 'posted,put off,ack p99 ms,p50 s,p99 s,max s,in 20 s,shed,refused,repeated,CPU s,drained s,MiB,outcomes'

function renderLoads(title: string, loads: ReadonlyMap<string, LoadResult>): string {
  const table = new Table({head: [title, ...HEAD.split(',')], style: {head: [], border: []}})
  for (const [name, {posted, putOff, ackMs, arrivalMs, shed, stub, cpuMs, drainMs, rssMiB, outcomes}] of loads)
    table.push([
      ...[name, posted, putOff, quantile(ackMs, posted, 0.99).toFixed(1)],
      ...[0.5, 0.99].map((share) => (quantile(arrivalMs, posted, share) / 1000).toFixed(2)),
      (arrivalMs.reduce((most, ms) => Math.max(most, ms), 0) / 1000).toFixed(2),
      ...[arrivalMs.filter((ms) => ms <= CODE_MS).length, shed, stub.refused, stub.repeated],
      ...[(cpuMs / 1000).toFixed(1), (drainMs / 1000).toFixed(1)],
      `${rssMiB.atStart.toFixed(0)}→${rssMiB.atEnd.toFixed(0)}`,
      JSON.stringify(outcomes).replaceAll(/[{}"]/g, ''),
    ])
  return table.toString()
}

function row(bar: string, what: string, value: number, limit: number, unit: string): Row {
  return {bar, what, wall: spreadOf([value]), limit, unit}
}

/**
 * 200 adds a second against the command, WeCom taking 50–150 ms to answer. The quota is raised for the bar, since 200 a second
 * are 12,000 a minute; with the real one, and with a nickname looked up for each, it is only told.
 */
export const load: Bench = {
  bar: 'load',
  run(options) {
    const post = {perSecond: PER_SECOND, seconds: options.seconds}
    const given = {
      raised: {post, sendsPerMinute: RAISED, isHeld: false, text: PLAIN},
      'raised, by name': {post, sendsPerMinute: RAISED, isHeld: false, text: BY_NAME},
      'real quota': {post, sendsPerMinute: QUOTA, isHeld: true, text: PLAIN},
    }
    const loads = new Map(
      Object.entries(given).map(([name, each], index) => [name, runLoad(options, `load-${index}`, each)]),
    )
    options.print(renderLoads(`${PER_SECOND} adds/s for ${options.seconds} s`, loads))
    const raised = loads.get('raised')
    if (raised === undefined) return []
    const p99 = quantile(raised.arrivalMs, raised.posted, 0.99) / 1000
    return [row('load', `p99 until the send arrived, quota raised to ${RAISED} a minute`, p99, 3, 's')]
  },
}

function replicasAsked({print}: BenchOptions): readonly number[] {
  const written = process.env['YINGBIN_BENCH_REPLICAS']
  const asked = written === undefined ? REPLICAS : written.split(',').map(Number)
  if (hasRedis) return asked
  print('several responders need redis-server; there is none')
  return asked.filter((replicas) => replicas === 1)
}

/** 10,000 adds of one moment under the real quota, which the stub holds; nobody may hear twice, and nothing be refused. */
export const burst: Bench = {
  bar: 'burst',
  run(options) {
    const given = {
      ...{post: {atOnce: BURST, connections: CONNECTIONS}, sendsPerMinute: QUOTA},
      ...{isHeld: true, text: PLAIN},
    }
    const loads = new Map(
      replicasAsked(options).map((replicas) => [
        `replicas: ${replicas}`,
        runLoad(options, `burst-${replicas}`, {...given, replicas}),
      ]),
    )
    options.print(renderLoads(`${BURST} adds at once, ${QUOTA} a minute`, loads))
    return [...loads].flatMap(([name, {stub, arrivalMs}]) => {
      const inTime = arrivalMs.filter((ms) => ms <= CODE_MS).length
      return [
        row('burst', `within the quota and not served in time, ${name}`, Math.min(BURST, QUOTA) - inTime, 0, 'adds'),
        row('burst', `sends WeCom refused, ${name}`, stub.refused, 0, 'sends'),
      ]
    })
  },
}
