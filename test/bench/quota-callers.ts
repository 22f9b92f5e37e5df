/** Callers that change so many contact ways, each in the way of its kind. */
import {Agent} from 'node:http'
import axios from 'axios'
import PQueue from 'p-queue'
import {CALLS_AT_ONCE} from '../../scripts/core/model/calls-at-once.js'
import type {Step} from '../../scripts/core/model/plan.js'
import type {Clock} from '../../scripts/core/ports.js'
import {runSteps} from '../../scripts/pipeline/apply-steps/run-steps.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createWeComWriter} from '../../scripts/wecom/create-wecom-writer.js'
import {DEFAULT_QUOTAS, perMinute} from '../../scripts/wecom/quotas.js'

export interface CallerPlan {
  readonly url: string
  readonly calls: number
  /** WeCom's quota, which the caller knows. */
  readonly perMinute: number
  readonly inFlight: number
  /** How much faster than the machine's time the clock runs, where it does. */
  readonly speed: number
}

/** Told of every call that begins and of every one that is done. */
export interface Watcher {
  noteBegun(): void
  noteDone(): void
}

export interface Caller {
  /** Calls of another API, so that what follows is not the first of its kind. */
  warmUp(): Promise<void>
  /** Answers when all calls are done. */
  changeAll(watcher: Watcher): Promise<void>
  close(): void
}

const WARM_UP_CALLS = 300
const MINUTE_MS = 60_000
const TOO_FREQUENT = 45009
const FIRST_BACK_OFF_MS = 1000

const WAY = {type: 2 as const, state: 'bench', remark: 'yb:bench', skipVerify: true, users: ['m1', 'm2'], parties: []}

const stepOf = (index: number): Step => ({
  ...{key: `contact-way/c${index}`, kind: 'contact-way', id: `c${index}`, action: 'update', phase: 'expand'},
  ...{before: null, after: WAY, needs: [], calls: {update_contact_way: 1}},
})

/** What apply does: its steps, as many at once as it has, and the client with the quota it was told. */
function createOurs({url, calls, perMinute: cap, inFlight}: CallerPlan, clock: Clock): Caller {
  const client = createWeComClient({
    ...{baseUrl: url, corpId: 'wwbench0000000001', agentId: 1_000_002, secret: 'made-up-secret'},
    ...{clock, random: () => 0.5, onWarning: () => undefined},
    quotas: {standard: {windows: perMinute(cap), maxInFlight: inFlight}},
  })
  const writer = createWeComWriter(client)
  const steps = Array.from({length: calls}, (_, index) => stepOf(index))
  return {
    warmUp: () => inParallel(WARM_UP_CALLS, inFlight, () => client.fetchContactWay('c')),
    close: () => client.close(),
    async changeAll({noteBegun, noteDone}) {
      await runSteps(steps, {
        concurrency: CALLS_AT_ONCE,
        nowMs: () => clock.nowMs(),
        perform: async ({key, kind, id, action}) => {
          noteBegun()
          await writer.updateContactWay(id, WAY)
          noteDone()
          return {key, kind, action, status: 'done', says: {zh: '完成', en: 'done'}}
        },
      })
    },
  }
}

/** Runs `work` so many times, so many at once. */
async function inParallel(times: number, atOnce: number, work: () => Promise<unknown>): Promise<void> {
  let left = times
  const goOn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      await work()
    }
  }
  await Promise.all(Array.from({length: atOnce}, goOn))
}

/** Calls by the HTTP client the program uses, bare. */
function createBareCalls({url}: CallerPlan) {
  const httpAgent = new Agent({keepAlive: true})
  const post = async (name: string): Promise<number> => {
    const address = `${url}/cgi-bin/externalcontact/${name}?access_token=made-up-token`
    const {data} = await axios.post<{readonly errcode: number}>(address, {config_id: 'c', ...WAY}, {httpAgent})
    return data.errcode
  }
  return {
    warmUp: (atOnce: number) => inParallel(WARM_UP_CALLS, atOnce, () => post('get_contact_way')),
    /** False when it was refused for the quota. */
    async change(): Promise<boolean> {
      const errcode = await post('update_contact_way')
      if (errcode !== 0 && errcode !== TOO_FREQUENT) throw new Error(`the stub answered ${errcode}`)
      return errcode === 0
    },
    close: () => httpAgent.destroy(),
  }
}

/** So many at once and no count of its own: a refused call waits, twice as long each time, and tries again. */
function createProbing(plan: CallerPlan, clock: Clock, atOnce = plan.inFlight): Caller {
  const calls = createBareCalls(plan)
  const insist = async ({noteBegun, noteDone}: Watcher): Promise<void> => {
    noteBegun()
    for (let waitMs = FIRST_BACK_OFF_MS; !(await calls.change()); waitMs = Math.min(2 * waitMs, MINUTE_MS))
      await clock.sleep(waitMs)
    noteDone()
  }
  return {
    warmUp: () => calls.warmUp(atOnce),
    close: calls.close,
    changeAll: (watcher) => inParallel(plan.calls, atOnce, () => insist(watcher)),
  }
}

/** p-queue with the quota as its interval, and the same margin as ours; a refused call waits a minute and queues again. */
function createQueued(plan: CallerPlan, clock: Clock): Caller {
  const {calls, inFlight, perMinute: intervalCap, speed} = plan
  const bare = createBareCalls(plan)
  const queue = new PQueue({concurrency: inFlight, interval: (MINUTE_MS + DEFAULT_QUOTAS.guardMs) / speed, intervalCap})
  const insist = async ({noteBegun, noteDone}: Watcher): Promise<void> => {
    noteBegun()
    while (!(await queue.add(bare.change))) await clock.sleep(MINUTE_MS)
    noteDone()
  }
  return {
    warmUp: () => bare.warmUp(inFlight),
    close: bare.close,
    async changeAll(watcher) {
      await Promise.all(Array.from({length: calls}, () => insist(watcher)))
    },
  }
}

export const CALLERS = {
  ours: createOurs,
  'p-queue': createQueued,
  probing: createProbing,
  sequential: (plan: CallerPlan, clock: Clock): Caller => createProbing(plan, clock, 1),
}
