import {evaluateResume} from '../../core/apply/evaluate-resume.js'
import {quarantineLock} from '../../core/gate/quarantine-lock.js'
import {checkToken, type ApprovalClaims} from '../../core/gate/token.js'
import type {Lock} from '../../core/model/lock.js'
import type {Plan} from '../../core/model/plan.js'
import {digestOfPlan} from '../../core/model/plan-digest.js'
import type {Words} from '../../core/model/words.js'
import {isRolledAway} from '../../core/model/rolled-away.js'
import {ROLLED_AWAY} from '../../core/plan/release-steps.js'
import type {Clock, Store} from '../../core/ports.js'
import {makePlan, type MadePlan, type PlanSources} from '../plan.js'

export const TOKEN_USED = 'token-used'

export interface CheckRequest {
  readonly plan: Plan
  readonly sources: PlanSources
  readonly token: string
  /** Ed25519, SPKI PEM: the public half of the gate's key. */
  readonly tokenKeyPem: string
  /** The commit that is applied; compared with the token's when given. */
  readonly head?: string
}

export interface Leave {
  readonly claims: ApprovalClaims
  readonly made: MadePlan
  /** Keys of approved steps that an earlier run has done. */
  readonly done: ReadonlySet<string>
}

export type CheckVerdict =
  | {readonly ok: true; readonly leave: Leave}
  | {readonly ok: false; readonly reason: Words; readonly differing?: readonly string[]}

/**
 * The one place where leave to write is given: the plan is whole, people agreed to exactly it within the last five minutes
 * with a token never used before, and what would be done now is what they agreed to. The token is used up by this.
 */
export async function checkApply(
  {store, clock}: {readonly store: Store; readonly clock: Pick<Clock, 'nowMs'>},
  request: CheckRequest,
  needsPromotion: boolean,
): Promise<CheckVerdict> {
  const {plan, sources, token, tokenKeyPem, head} = request
  if (!isWhole(plan)) return {ok: false, reason: PLAN_CHANGED}
  const nowMs = clock.nowMs()
  const usedIds = await readUsedIds(store)
  const expected = {planDigest: plan.digest, nowMs, usedIds, ...(head === undefined ? {} : {head})}
  const verdict = await checkToken(token, tokenKeyPem, expected)
  if (!verdict.ok) return verdict
  const {claims} = verdict

  const made = await makePlan({store, clock}, sources)
  const {state} = made.recovered
  const {isSame, differing, done} = evaluateResume(plan, made.fresh, await store.readJournal(plan.digest), state)
  if (!isSame) return {ok: false, reason: otherNow(differing), differing}
  const flips = made.fresh.steps.some(({kind}) => kind === 'release')
  if (flips && isRolledAway(state, plan.release.after)) return {ok: false, reason: ROLLED_AWAY}
  const lock = flips ? quarantineLock(plan.release.after, state) : null
  if (lock && !claims.unlocks.includes(lock.scope)) return {ok: false, reason: quarantined(lock)}
  if (needsPromotion && flips && !isPromoted(plan, state.pending)) return {ok: false, reason: NOT_PROMOTED}

  const details = {
    jti: claims.jti,
    planDigest: plan.digest,
    head: claims.head,
    approvers: approverNames(claims),
    unlocks: claims.unlocks.join(' '),
  }
  await store.appendAudit({atMs: nowMs, what: TOKEN_USED, who: approverNames(claims), details})
  return {ok: true, leave: {claims, made, done}}
}

/** A plan file lies about between plan and apply: its digest has to fit its steps, and each key its kind and id. */
const isWhole = (plan: Plan): boolean =>
  digestOfPlan(plan) === plan.digest && plan.steps.every(({key, kind, id}) => key === `${kind}/${id}`)

async function readUsedIds(store: Pick<Store, 'readAudit'>): Promise<Set<string>> {
  const used = (await store.readAudit()).filter(({what}) => what === TOKEN_USED)
  return new Set(used.map(({details}) => String(details.jti)))
}

const isPromoted = (plan: Plan, pending: MadePlan['recovered']['state']['pending']): boolean =>
  pending?.planDigest === plan.digest && pending.release === plan.release.after

const approverNames = ({approvers}: ApprovalClaims): string => approvers.map(({login}) => login).join(' ')

const PLAN_CHANGED: Words = {
  zh: '计划文件被改过：内容与它的摘要不符，请重新生成计划',
  en: 'the plan file was changed: its content does not fit its digest; make the plan again',
}
const NOT_PROMOTED: Words = {
  zh: '这份计划的灰度还没有通过，不能全量：先运行 canary',
  en: 'the canary of this plan has not been promoted yet; run canary first',
}
const quarantined = ({says, fix}: Lock): Words => ({zh: `${says.zh}：${fix.zh}`, en: `${says.en}: ${fix.en}`})
const otherNow = (differing: readonly string[]): Words => ({
  zh: `现在要做的和审批的不一样，请重新计划和审批：${differing.join('、') || '策略、发布或状态已变'}`,
  en: `what would be done now is not what was approved; plan and approve again: ${differing.join(', ') || 'policy, release or state moved'}`,
})
