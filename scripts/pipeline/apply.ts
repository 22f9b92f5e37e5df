import {MYRIAD} from '../core/canary/arm.js'
import {readCanarySettings} from '../core/canary/canary-settings.js'
import {chooseFirstObjects, withNeeds} from '../core/canary/first-objects.js'
import {CALLS_AT_ONCE} from '../core/model/calls-at-once.js'
import type {Plan, State, Step} from '../core/model/plan.js'
import type {Words} from '../core/model/words.js'
import type {Clock, Store, WeComWriter} from '../core/ports.js'
import {checkApply, type CheckRequest, type Leave} from './apply-steps/check-apply.js'
import {createCorpTagDesk} from './apply-steps/corp-tag-desk.js'
import {createFlip} from './apply-steps/flip-manifest.js'
import {holdLock, type HeldLock} from './apply-steps/hold-lock.js'
import {performJournaled} from './apply-steps/journaled-step.js'
import {createMediaDesk} from './apply-steps/media-desk.js'
import {runSteps, type Progress, type StepReport} from './apply-steps/run-steps.js'
import {beginRun, saveRun} from './apply-steps/save-run.js'
import type {StepTools} from './apply-steps/step-tools.js'
import {takeBack} from './apply-steps/take-back.js'
import {storeContents} from './apply-steps/store-contents.js'
import type {PublishRequest} from './publish-manifest.js'
import {recoverState} from './recover-state.js'

export interface ApplyPorts {
  readonly store: Store
  readonly writer: WeComWriter
  readonly clock: Clock
  /** Bytes of a file by its path under the configuration folder. */
  readonly readAssetFile: (path: string) => Promise<Uint8Array>
}

export interface ApplyRequest extends CheckRequest {
  /** Signs the manifest that the flip publishes. */
  readonly manifest: Omit<PublishRequest, 'who'>
  /** Who holds the lock, as another runner will read it. */
  readonly holder: string
  readonly commit: string | null
  readonly onProgress?: (progress: Progress) => void
  /** After an abort the calls under way are finished, everything is saved, and the rest is reported as skipped. */
  readonly signal?: AbortSignal
}

export type ApplyOutcome =
  | {readonly kind: 'refused'; readonly reason: Words; readonly differing?: readonly string[]}
  | {
      readonly kind: 'ran'
      /** One for every step of the plan that was looked at, in the plan's order. */
      readonly reports: readonly StepReport[]
      readonly isComplete: boolean
      readonly state: State
      /** Scopes of the locks that people opened for it. */
      readonly unlocks: readonly string[]
    }

/**
 * What a canary needs: media uploaded, release, directory and files in the store, and the first few of the things that WeCom
 * shows to every customer alike. What responders say does not change. Throws StoreLocked while another apply runs.
 */
export function applyExpand(ports: ApplyPorts, request: ApplyRequest): Promise<ApplyOutcome> {
  const first = withNeeds(request.plan.steps, firstObjectsOf(request))
  const isIncluded = ({kind, key}: Step): boolean => kind === 'media' || first.has(key)
  return apply(ports, request, {needsPromotion: false, isIncluded})
}

/** Keys of what {@link applyExpand} changes ahead of the others. */
export function firstObjectsOf({plan, sources}: Pick<ApplyRequest, 'plan' | 'sources'>): readonly string[] {
  const [{perMyriad}] = readCanarySettings(sources.config.policy.value).stages
  return chooseFirstObjects(plan, perMyriad / MYRIAD)
}

/** Takes back what {@link applyExpand} changed ahead of the others, after a canary that did not pass. */
export const takeBackFirst = (ports: ApplyPorts, request: ApplyRequest): Promise<readonly StepReport[]> =>
  holdLock(ports, request.holder, async () => {
    const {state} = await recoverState(ports.store)
    const tools = createTools(ports, request, state)
    const reports = await takeBack(ports.store, request.plan, firstObjectsOf(request), tools)
    if (reports.length > 0) await saveRun(ports.store, request.plan)
    return reports
  })

/**
 * Everything that is left of the plan: tags, contact ways, group welcomes and member tags, then the flip of the manifest,
 * then deletions. A plan that changes the release needs a promoted canary.
 */
export const applyRest = (ports: ApplyPorts, request: ApplyRequest): Promise<ApplyOutcome> =>
  apply(ports, request, {needsPromotion: true, isIncluded: () => true})

interface Part {
  readonly needsPromotion: boolean
  readonly isIncluded: (step: Step) => boolean
}

const apply = (ports: ApplyPorts, request: ApplyRequest, part: Part): Promise<ApplyOutcome> =>
  holdLock(ports, request.holder, async (lock) => {
    const verdict = await checkApply(ports, request, part.needsPromotion)
    if (!verdict.ok) return {...verdict, kind: 'refused'}
    return run(ports, request, part, verdict.leave, lock)
  })

async function run(
  ports: ApplyPorts,
  request: ApplyRequest,
  part: Part,
  {claims, made, done}: Leave,
  lock: HeldLock,
): Promise<ApplyOutcome> {
  const {store, clock} = ports
  const {plan, sources, commit} = request
  const approvers = claims.approvers.map(({login}) => login)
  const unlocks = claims.unlocks.length > 0 ? {unlocks: claims.unlocks} : {}
  const state = await beginRun(store, plan, made.recovered, {commit, approvers, ...unlocks})
  await storeContents(ports, sources, made.texts, made.fresh.steps)
  // The fresh plan's steps are carried out: their effects are the approved ones, the rest comes from nobody's file.
  const steps = made.fresh.steps.filter(part.isIncluded)
  const tools = createTools(ports, request, state)
  const reports = await runSteps(steps, {
    concurrency: CALLS_AT_ONCE,
    nowMs: () => clock.nowMs(),
    signal: request.signal,
    onProgress: request.onProgress,
    perform: async (step) => {
      await lock.renewIfDue()
      return performJournaled(step, tools, {store, planDigest: plan.digest})
    },
  })
  const saved = await saveRun(store, plan, done)
  const all = inPlanOrder(plan, reports, done, saved)
  const isComplete = all.every(({status}) => status === 'done')
  return {kind: 'ran', reports: all, isComplete, state: saved, unlocks: claims.unlocks}
}

function createTools(ports: ApplyPorts, {sources, manifest}: ApplyRequest, state: State): StepTools {
  const {store, writer, clock} = ports
  const mimes = new Map([...sources.config.assets.values()].map(({sha256, mime}) => [sha256, mime]))
  const media = createMediaDesk({store, writer, clock, mimeOf: (sha256) => mimes.get(sha256) ?? null})
  return {
    writer,
    clock,
    state,
    corpTags: createCorpTagDesk(writer),
    readyMedia: (value) => media.ready(value),
    flip: createFlip(ports, {...manifest, who: 'apply'}),
  }
}

function inPlanOrder(
  plan: Plan,
  reports: readonly StepReport[],
  done: ReadonlySet<string>,
  state: State,
): StepReport[] {
  const byKey = new Map(reports.map((report) => [report.key, report]))
  return plan.steps.flatMap(({key, kind, action}): StepReport[] => {
    const report = byKey.get(key)
    if (report) return [report]
    if (done.has(key)) return [{key, kind, action, status: 'done', says: DONE_BEFORE}]
    return state.ambiguous[key] ? [{key, kind, action, status: 'ambiguous', says: STILL_OPEN}] : []
  })
}

const DONE_BEFORE: Words = {zh: '上次已完成', en: 'done by an earlier run'}
const STILL_OPEN: Words = {
  zh: '上次创建没有收到答复，等待人工认领、确认重试或登记为孤儿',
  en: 'an earlier create got no answer; it waits for a person to adopt it, retry or declare it orphan',
}
