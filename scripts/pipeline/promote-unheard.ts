import {MYRIAD} from '../core/canary/arm.js'
import type {CanarySettings} from '../core/canary/canary-settings.js'
import {evaluateCanary} from '../core/canary/evaluate-canary.js'
import {quarantineScope} from '../core/gate/quarantine-lock.js'
import type {Words} from '../core/model/words.js'
import type {CanaryPorts, CanaryRequest, CanaryResult} from './canary-request.js'
import {changeState} from './change-state.js'

/** The audit's word for a release that people let pass although its canary had been rolled back. */
export const OVERRIDDEN = 'rollback-overridden'

/** Promotes what nobody has to hear first; `null` for everything that needs a canary. */
export async function promoteUnheard(
  {store, clock}: CanaryPorts,
  {plan, unlocks = []}: CanaryRequest,
  {stages: [{perMyriad}], alpha}: CanarySettings,
): Promise<CanaryResult | null> {
  const release = plan.release.after
  const nowMs = clock.nowMs()
  const scope = quarantineScope(release)
  const isSame = plan.release.before === release
  const isOverridden = unlocks.includes(scope) && (await store.readState()).quarantined.includes(release)
  if (!isSame && !isOverridden) return null
  const nothing = {trials: [], share: perMyriad / MYRIAD, alpha, startedAtMs: nowMs, nowMs, observeMinMs: 0}
  const {evidence} = evaluateCanary({...nothing, timezone: 'UTC'})
  if (isOverridden) {
    await store.appendAudit({atMs: nowMs, what: OVERRIDDEN, who: 'canary', details: {release, unlocks: scope}})
    await changeState(store, (state) => ({
      ...state,
      quarantined: state.quarantined.filter((digest) => digest !== release),
      pending: {planDigest: plan.digest, release, verdict: 'promote'},
    }))
  }
  const because = isOverridden ? PEOPLE_OVERRIDE : NOTHING_NEW_IS_SAID
  return {decision: {verdict: 'promote', because, evidence}, canary: null, reports: await store.readReports()}
}

const NOTHING_NEW_IS_SAID: Words = {
  zh: '应答服务说的话没有变，先行的几项已改好，其余可以继续',
  en: 'what responders say does not change, and what went first is done: the rest may follow',
}
const PEOPLE_OVERRIDE: Words = {
  zh: '两个部门各有一人否决了上次灰度的回滚，直接放量（已记入审计）',
  en: 'two people overrode the rollback of the last canary: promoted at once (it is in the audit)',
}
