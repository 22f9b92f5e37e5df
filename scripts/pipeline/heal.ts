import type {Config} from '../core/model/config.js'
import {findFreeze} from '../core/model/freeze.js'
import type {Plan, State} from '../core/model/plan.js'
import type {Words} from '../core/model/words.js'
import {type Healed, healedRow} from '../core/observe/healed-row.js'
import {isHeal, planHeal} from '../core/observe/plan-heal.js'
import type {Clock, Store, WeComWriter} from '../core/ports.js'
import {createCorpTagDesk} from './apply-steps/corp-tag-desk.js'
import {holdLock, type HeldLock} from './apply-steps/hold-lock.js'
import {createMediaDesk} from './apply-steps/media-desk.js'
import {performJournaled} from './apply-steps/journaled-step.js'
import {runSteps} from './apply-steps/run-steps.js'
import {beginRun, saveRun} from './apply-steps/save-run.js'
import type {StepTools} from './apply-steps/step-tools.js'
import {type DriftPorts, type DriftReport, type DriftSpan, lookForDrift} from './drift.js'
import type {RecoveredState} from './recover-state.js'

/** Calls to WeCom at once; a heal is a handful of them. */
const CONCURRENCY = 4
export const HEALED = 'drift-healed'

export interface HealPorts extends DriftPorts {
  readonly store: Store
  readonly writer: WeComWriter
  readonly clock: Clock
}

export interface HealRequest extends DriftSpan {
  /** Who holds the lock, as another runner will read it. */
  readonly holder: string
  /** For the audit. */
  readonly who: string
  /** In a person's words, for the audit. */
  readonly reason?: string
  /** After an abort the calls under way are finished, everything is saved, and the rest is left. */
  readonly signal?: AbortSignal
}

/** `report` is what differs now: after the heal, where there was one. */
export type HealOutcome =
  | {readonly kind: 'refused'; readonly reason: Words; readonly fix: Words; readonly report: DriftReport}
  | {readonly kind: 'ran'; readonly healed: readonly Healed[]; readonly report: DriftReport}

/**
 * Brings WeCom back to what was applied last, which somebody agreed to, and to nothing else. Throws StoreLocked while an
 * apply runs, Refused and AnswerLost where WeCom did not tell what it has.
 */
export const healDrift = (ports: HealPorts, config: Config, request: HealRequest): Promise<HealOutcome> =>
  holdLock(ports, request.holder, async (lock) => {
    const {report, recovered} = await lookForDrift(ports, config, request)
    const freeze = findFreeze(config.policy.value, ports.clock.nowMs())
    if (freeze) return {kind: 'refused', reason: frozen(freeze.name, freeze.until), fix: WAIT_FOR_THE_END, report}
    if (isApplyUnderway(recovered)) return {kind: 'refused', reason: APPLY_UNDERWAY, fix: FINISH_APPLY, report}
    const plan = planHeal(recovered.state, report.drifts)
    if (plan.steps.length === 0) {
      await endEarlier(ports.store, recovered)
      return {kind: 'ran', healed: [], report}
    }
    const healed = await run(ports, request, {plan, recovered, lock, config})
    return {kind: 'ran', healed, report: (await lookForDrift(ports, config, request)).report}
  })

/** An apply of a release that was rolled back is never gone on with; a heal that died is begun again. */
function isApplyUnderway({state, underway}: RecoveredState): boolean {
  if (state.pending !== null) return true
  return underway !== null && !isHeal(underway.plan) && !state.quarantined.includes(underway.plan.release.after)
}

/** A heal that died after its last call has left nothing to do but to say so. */
async function endEarlier(store: Store, {state, serial, underway}: RecoveredState): Promise<void> {
  if (underway && isHeal(underway.plan)) await store.writeState({...state, underway: null}, serial)
}

interface Work {
  readonly plan: Plan
  readonly recovered: RecoveredState
  readonly lock: HeldLock
  readonly config: Config
}

async function run(
  ports: HealPorts,
  {who, reason, signal}: HealRequest,
  {plan, recovered, lock, config}: Work,
): Promise<Healed[]> {
  const {store, clock} = ports
  const keys = plan.steps.map(({key}) => key).join(' ')
  const details = {planDigest: plan.digest, keys, ...(reason === undefined ? {} : {reason})}
  // The audit comes first: nothing is ever done that it does not know of.
  await store.appendAudit({atMs: clock.nowMs(), what: HEALED, who, details})
  const before = await beginRun(store, plan, recovered, {commit: null, approvers: []})
  const tools = createTools(ports, config, before)
  const reports = await runSteps(plan.steps, {
    concurrency: CONCURRENCY,
    nowMs: () => clock.nowMs(),
    signal,
    perform: async (step) => {
      await lock.renewIfDue()
      return performJournaled(step, tools, {store, planDigest: plan.digest})
    },
  })
  const after = await saveRun(store, plan)
  return reports.map((report) => healedRow(report, before, after))
}

function createTools({store, writer, clock}: HealPorts, {assets}: Config, state: State): StepTools {
  const mimes = new Map([...assets.values()].map(({sha256, mime}) => [sha256, mime]))
  const media = createMediaDesk({store, writer, clock, mimeOf: (sha256) => mimes.get(sha256) ?? null})
  return {
    ...{writer, clock, state},
    corpTags: createCorpTagDesk(writer),
    readyMedia: (value) => media.ready(value),
    flip: () => Promise.reject(new Error('a heal publishes nothing')),
  }
}

const frozen = (name: string, until: string): Words => ({
  zh: `正在冻结期「${name}」，到 ${until} 为止不写企业微信，没有修复`,
  en: `in the freeze window "${name}" until ${until} nothing is written to WeCom: nothing was healed`,
})
const WAIT_FOR_THE_END: Words = {
  zh: '等冻结期结束再运行；不加 --heal 随时可以查看',
  en: 'run it again after the end; without --heal it looks at any time',
}
const APPLY_UNDERWAY: Words = {
  zh: '有一次应用还没有做完，没有修复：修复会和它改同一批东西',
  en: 'an apply is not finished, nothing was healed: both would change the same things',
}
const FINISH_APPLY: Words = {
  zh: '先把那次应用做完（再运行一次 canary 或 apply），或回滚那次灰度',
  en: 'finish that apply first (run canary or apply again), or roll its canary back',
}
