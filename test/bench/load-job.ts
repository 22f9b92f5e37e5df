/**
 * Responders under load in a process that only posts: `node load.mjs PLAN` starts the stub, what is shared and the
 * responders, posts, waits until nothing is pending, and prints a {@link LoadResult} as JSON.
 */
import {mkdirSync} from 'node:fs'
import type {OutcomeCode} from '../../scripts/core/model/outcome.js'
import {nowMs, numberOf, postAtOnce, type Posted, postEvenly} from './post-deliveries.js'
import {
  countOutcomes,
  publish,
  readReports,
  type RunningResponder,
  shareOf,
  startResponder,
  startStub,
  type Stub,
  type StubCounts,
} from './responder-stack.js'

export interface LoadPlan {
  readonly root: string
  /** Of this run alone. */
  readonly folder: string
  readonly stub: string
  readonly replicas: number
  readonly post:
    {readonly perSecond: number; readonly seconds: number} | {readonly atOnce: number; readonly connections: number}
  /** The quota the responders are told. */
  readonly sendsPerMinute: number
  /** Whether the stub holds them to it. */
  readonly isHeld: boolean
  readonly text: string
}

export interface LoadResult {
  readonly posted: number
  /** Answers that were not 200. */
  readonly putOff: number
  readonly ackMs: readonly number[]
  /** From posting to the send's arrival, of those that arrived. */
  readonly arrivalMs: readonly number[]
  readonly outcomes: Readonly<Partial<Record<OutcomeCode, number>>>
  readonly shed: number
  readonly stub: StubCounts
  /** From the first post until nothing was pending. */
  readonly drainMs: number
  readonly cpuMs: number
  /** Of all responders together. */
  readonly rssMiB: {readonly atStart: number; readonly atEnd: number}
}

const SEED = 20_261_124
const ANSWERED_MS = [50, 150] as const
const POLL_MS = 100
/** The 20 seconds of a code, and some for what was being done. */
const LONGEST_DRAIN_MS = 40_000
/** A report is written once a second. */
const REPORTED_MS = 1500

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const sumOf = async (responders: readonly RunningResponder[], metric: string): Promise<number> =>
  (await Promise.all(responders.map((each) => each.metric(metric)))).reduce((sum, value) => sum + value, 0)

const MIB = 2 ** 20
const memoryOf = async (responders: readonly RunningResponder[]): Promise<number> =>
  (await sumOf(responders, 'process_resident_memory_bytes')) / MIB

async function untilDone(responders: readonly RunningResponder[]): Promise<void> {
  const untilMs = nowMs() + LONGEST_DRAIN_MS
  for (;;) {
    const pending = await sumOf(responders, 'yingbin_pending')
    if (pending === 0) return
    if (nowMs() > untilMs)
      throw new Error(`${pending} events have no outcome ${LONGEST_DRAIN_MS} ms after the last post`)
    await pause(POLL_MS)
  }
}

function postAll(plan: LoadPlan, responders: readonly RunningResponder[]): Promise<Posted> {
  const urls = responders.map(({url}) => url)
  return 'atOnce' in plan.post
    ? postAtOnce(urls, plan.post.atOnce, plan.post.connections)
    : postEvenly(urls, plan.post.perSecond, plan.post.seconds)
}

async function measure(plan: LoadPlan, store: string, stub: Stub, responders: readonly RunningResponder[]) {
  const rssAtStart = await memoryOf(responders)
  const cpuAtStart = await sumOf(responders, 'process_cpu_seconds_total')
  const startedAt = nowMs()
  const posted = await postAll(plan, responders)
  await untilDone(responders)
  const drainMs = nowMs() - startedAt
  const cpuMs = ((await sumOf(responders, 'process_cpu_seconds_total')) - cpuAtStart) * 1000
  const rssAtEnd = await memoryOf(responders)
  await pause(REPORTED_MS)
  const arrivals = await stub.arrivals()
  const reports = await readReports(store, plan.folder)
  const result: LoadResult = {
    posted: posted.atMs.length,
    putOff: posted.putOff,
    ackMs: posted.ackMs,
    arrivalMs: [...arrivals].map(([code, atMs]) => atMs - (posted.atMs[numberOf(code)] ?? Number.NaN)),
    outcomes: countOutcomes(responders),
    shed: reports.reduce((sum, {counters}) => sum + (counters['shed'] ?? 0), 0),
    stub: await stub.counts(),
    drainMs,
    cpuMs,
    rssMiB: {atStart: rssAtStart, atEnd: rssAtEnd},
  }
  return result
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const {root, folder, replicas, sendsPerMinute} = plan
  mkdirSync(folder, {recursive: true})
  const share = await shareOf(replicas)
  const running: {stop(): Promise<void>}[] = [share]
  try {
    await publish(share.store, folder, {'templates/hello.yaml': {title: '问候', text: plan.text}})
    const quota = plan.isHeld ? sendsPerMinute : null
    const stub = await startStub(plan.stub, {delayMs: ANSWERED_MS, seed: SEED, sendsPerMinute: quota})
    running.push(stub)
    const args = ['--responders', String(replicas), '--sends-per-minute', String(sendsPerMinute)]
    const responders: RunningResponder[] = []
    for (let index = 1; index <= replicas; index++) {
      const place = {root, folder, store: share.store, wecom: stub.url, args, name: `r${index}`}
      const responder = await startResponder(place)
      running.push(responder)
      responders.push(responder)
    }
    return await measure(plan, share.store, stub, responders)
  } finally {
    for (const each of running.reverse()) await each.stop()
  }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as LoadPlan)))
