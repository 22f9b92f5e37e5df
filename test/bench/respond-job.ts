/**
 * Responders in processes of their own. `node respond.mjs serve KIND [STUB_PORT]` listens and tells its parent the port;
 * `node respond.mjs acknowledge KIND N` and `… send KIND N` post N deliveries to one and print what it took. Loopback only.
 */
import {type ChildProcess, fork} from 'node:child_process'
import {once} from 'node:events'
import {fileURLToPath} from 'node:url'
import autocannon from 'autocannon'
import axios from 'axios'
import {type Delivery, makeDeliveries} from './deliveries.js'
import {startBare, startOurs, startStub} from './respond-servers.js'
import type {Sample} from './take-turns.js'

const CONNECTIONS = 32
const POLL_MS = 20
const LONGEST_DRAIN_MS = 60_000

interface Served {
  readonly child: ChildProcess
  readonly port: number
  /** CPU time and peak memory of that process so far. */
  ask(): Promise<{readonly cpuMs: number; readonly rssMiB: number}>
  stop(): void
}

async function serve(kind: string, stubPort: number | null): Promise<void> {
  const port =
    kind === 'stub' ? await startStub() : kind === 'bare' ? await startBare(stubPort) : await startOurs(stubPort)
  process.on('message', () => {
    const {user, system} = process.cpuUsage()
    process.send?.({cpuMs: (user + system) / 1000, rssMiB: process.memoryUsage().rss / 2 ** 20})
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({port})
}

async function start(kind: string, stubPort: number | null = null): Promise<Served> {
  const child = fork(fileURLToPath(import.meta.url), ['serve', kind, String(stubPort ?? '')], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const [{port}] = (await once(child, 'message')) as [{port: number}]
  return {
    child,
    port,
    async ask() {
      const answer = once(child, 'message')
      child.send('cpu')
      return ((await answer) as [{cpuMs: number; rssMiB: number}])[0]
    },
    stop: () => child.disconnect(),
  }
}

/** Posts every delivery once, as fast as they are acknowledged; all have to be. Gives the instant of the last answer. */
async function post(port: number, deliveries: readonly Delivery[]): Promise<number> {
  let next = 0
  let lastAt = 0
  const request = {
    method: 'POST' as const,
    headers: {'content-type': 'text/xml'},
    setupRequest(asked: autocannon.Request) {
      const delivery = deliveries[next++ % deliveries.length]
      return {...asked, path: delivery?.path ?? '/', body: delivery?.body ?? ''}
    },
  }
  const url = `http://127.0.0.1:${port}`
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const options = {url, connections: CONNECTIONS, amount: deliveries.length, requests: [request]}
    const cannon = autocannon(options, (error: unknown, ended) =>
      error instanceof Error ? reject(error) : resolve(ended),
    )
    // It ends on whole seconds of its own; what counts is when the last answer came.
    cannon.on('response', () => (lastAt = performance.now()))
  })
  if (result['2xx'] !== deliveries.length) throw new Error(`${result['2xx']} of ${deliveries.length} were acknowledged`)
  return lastAt
}

/** The instant at which so many welcomes had arrived. */
async function untilCounted(stub: Served, count: number): Promise<number> {
  const untilMs = Date.now() + LONGEST_DRAIN_MS
  for (;;) {
    const {data} = await axios.get<number>(`http://127.0.0.1:${stub.port}/count`, {proxy: false})
    if (Number(data) >= count) return performance.now()
    if (Date.now() > untilMs) throw new Error(`${count - Number(data)} of ${count} welcomes were never sent`)
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
}

async function measure(what: string, kind: string, count: number): Promise<Sample> {
  const stub = what === 'send' ? await start('stub') : null
  const server = await start(kind, stub?.port ?? null)
  try {
    const deliveries = makeDeliveries(count, Date.now())
    const before = await server.ask()
    const startedAt = performance.now()
    const posted = post(server.port, deliveries)
    const sentAt = stub === null ? null : await untilCounted(stub, count)
    const wallMs = Math.max(await posted, sentAt ?? 0) - startedAt
    const after = await server.ask()
    return {wallMs, cpuMs: after.cpuMs - before.cpuMs, rssMiB: after.rssMiB}
  } finally {
    server.stop()
    stub?.stop()
  }
}

const [what = '', kind = '', third = ''] = process.argv.slice(2)
if (what === 'serve') await serve(kind, third === '' ? null : Number(third))
else {
  process.stdout.write(JSON.stringify(await measure(what, kind, Number(third))))
  process.exit(0)
}
