import {mintToken} from '../../core/gate/token.js'
import {changeState} from '../../pipeline/change-state.js'
import {validateConfig} from '../../pipeline/validate.js'
import {inTemporaryFolder} from '../../runtime/temporary-folder.js'
import {MAIN, type ReviewDesk} from './review/review-desk.js'
import type {Show} from './show.js'
import {applyPart, planRun, type Run} from './stages.js'

/** Whose agreement stands in for that of last week. */
const LAST_WEEK = {approvers: [{login: 'last-week', place: 'demo'}], unlocks: []}

/**
 * The demonstration begins in the middle of a company's life: what main held last week is shipped as release 1, without
 * review and canary, so that today's canary has a real control and there is something to go back to.
 */
export async function shipLastWeek(
  run: Run,
  {host}: Pick<ReviewDesk, 'host'>,
  folder: string,
  show: Show,
): Promise<void> {
  const {store, clock, secrets} = run
  if ((await store.readState()).stable !== null) return
  const commit = await host.readTip(MAIN)
  await inTemporaryFolder(async (target) => {
    await host.readFolder(commit, folder, target)
    const {config} = (await validateConfig(target, clock.nowMs(), 'structure')).loaded
    const then: Run = {...run, folder: target, config}
    const {made, sources} = await planRun(then)
    const {plan} = made
    const mint = (jti: string): Promise<string> =>
      mintToken(
        {...LAST_WEEK, planDigest: plan.digest, head: commit, base: commit, jti, nowMs: clock.nowMs()},
        secrets.approval.privateKeyPem,
      )
    const onProgress = show.progress
    await applyPart(then, plan, sources, {part: 'expand', token: await mint('last-week-1'), commit, onProgress})
    const pending = {planDigest: plan.digest, release: plan.release.after, verdict: 'promote' as const}
    await changeState(store, (state) => ({...state, pending}))
    await applyPart(then, plan, sources, {part: 'rest', token: await mint('last-week-2'), commit, onProgress})
    show.stage('apply', {
      zh: `上周的第 1 号发布：${plan.steps.length} 步，演示里直接做完（活码、标签、入群欢迎语都已在企业微信）`,
      en: `release 1 of last week: ${plan.steps.length} steps, done at once for the demonstration (contact ways, tags and group welcomes are in WeCom)`,
    })
  })
}
