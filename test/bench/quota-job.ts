/** One caller against the stub, both in one process of their own: `node quota.mjs GIVEN` prints a {@link QuotaResult}. */
import {createScaledClock, createSkippingClock} from './bench-clocks.js'
import {type CallerPlan, CALLERS} from './quota-callers.js'
import {type QuotaCounts, type QuotaStubOptions, startQuotaStub} from './quota-stub.js'

export interface QuotaGiven extends Omit<CallerPlan, 'url'>, QuotaStubOptions {
  readonly caller: keyof typeof CALLERS
}

export interface QuotaResult extends QuotaCounts {
  /** From the beginning to each answer that a call was carried out, on the clock the caller was given. */
  readonly doneMs: readonly number[]
  /** Of caller and stub together. */
  readonly cpuMs: number
}

async function measure(given: QuotaGiven): Promise<QuotaResult> {
  let begun = 0
  const doneMs: number[] = []
  const underway = (): number => Math.min(begun - doneMs.length, given.inFlight)
  // p-queue's intervals run on the machine's time.
  const clock = given.caller === 'p-queue' ? createScaledClock(given.speed) : createSkippingClock(underway)
  const stub = await startQuotaStub(clock, given)
  const caller = CALLERS[given.caller]({...given, url: stub.url}, clock)
  await caller.warmUp()
  const cpuBefore = process.cpuUsage()
  const startedMs = clock.nowMs()
  await caller.changeAll({
    noteBegun: () => void (begun += 1),
    noteDone: () => void doneMs.push(clock.nowMs() - startedMs),
  })
  const {user, system} = process.cpuUsage(cpuBefore)
  caller.close()
  stub.stop()
  clock.stop()
  if (stub.counts.passed !== given.calls) throw new Error(`${stub.counts.passed} calls passed, not ${given.calls}`)
  return {...stub.counts, doneMs, cpuMs: (user + system) / 1000}
}

process.stdout.write(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? '') as QuotaGiven)))
