import {areOneUnit} from '../../../core/gate/department-unit.js'
import {renderNotice} from '../../../core/gate/render-notice.js'
import {createRights} from '../../../core/gate/rights.js'
import {summaryOf} from '../../../core/gate/summary.js'
import {renderComment} from '../../../core/gate/render-comment.js'
import {shortScope} from '../../../core/gate/verdict-words.js'
import {decideGate, type GatePorts, type GateReport, publishVerdict} from '../../../pipeline/gate.js'
import {inTemporaryFolder} from '../../../runtime/temporary-folder.js'
import {gateDocument} from '../../gate/document.js'
import {mintFor} from '../../gate/mint.js'
import {securityPeople} from '../../gate/report.js'
import {commentFacts} from '../../gate/words.js'
import type {Show} from '../show.js'
import type {Run} from '../stages.js'
import type {ReviewDesk} from './review-desk.js'

const FOLDER = 'config'
const MAX_BYTES = 2048
/** An attack fails for many reasons; a few tell enough. */
const MOST_REASONS = 4

/** A pull request that was agreed to and merged; each writing step gets a token of its own, decided anew. */
export interface Merged {
  mint(): Promise<string>
  readonly commit: string
  readonly unlocks: readonly string[]
}

const portsOf = ({store, clock}: Run, {host}: ReviewDesk): GatePorts => ({
  host,
  store,
  clock,
  inFolder: inTemporaryFolder,
})

const decide = (run: Run, desk: ReviewDesk, number: number): Promise<GateReport> =>
  decideGate(portsOf(run, desk), {number, folder: FOLDER, publishes: true})

async function publish(run: Run, desk: ReviewDesk, report: GateReport, show: Show): Promise<void> {
  await publishVerdict(desk.host, report, {
    comment: renderComment(commentFacts(report, run.clock.nowMs(), null), show.language),
    summary: summaryOf(report.verdict, show.language),
  })
}

/** Reviewers who may, agree one after the other; `null` when it cannot be merged, after saying why. */
export async function playReview(
  run: Run,
  desk: ReviewDesk,
  number: number,
  show: Show,
  unlocks: boolean,
): Promise<Merged | null> {
  let report = await decide(run, desk, number)
  await publish(run, desk, report, show)
  const {result} = report.guarded
  const people = result?.people ?? {before: 0, after: 0}
  show.stage('gate', {
    zh: `合并请求 #${number}（${report.pull.author.login}）：${result?.changes.length ?? 0} 处改动，影响成员 ${people.before} → ${people.after}；${summaryOf(report.verdict, 'zh')}`,
    en: `pull request #${number} by ${report.pull.author.login}: ${result?.changes.length ?? 0} changes, members ${people.before} → ${people.after}; ${summaryOf(report.verdict, 'en')}`,
  })
  if (unlocks) report = await playUnlocks(run, desk, report, show)
  for (let next = nextReviewer(report); next !== null; next = nextReviewer(report)) {
    desk.standIn.control.review({pull: number, by: next, state: 'APPROVE'})
    report = await decide(run, desk, number)
    const by = next
    show.line({
      zh: `✔ ${by} 批准；${summaryOf(report.verdict, 'zh')}`,
      en: `✔ ${by} approves; ${summaryOf(report.verdict, 'en')}`,
    })
  }
  await publish(run, desk, report, show)
  if (!report.verdict.holds) {
    showReasons(report, show)
    return null
  }
  const commit = desk.standIn.control.merge({pull: number, by: report.pull.author.login})
  return {
    commit,
    unlocks: report.verdict.unlocked,
    mint: async () => mintFor(await decide(run, desk, number), run.secrets.approval.privateKeyPem, run.clock.nowMs()),
  }
}

/** Somebody who could fill what is missing and has not spoken yet. */
function nextReviewer({verdict, pull}: GateReport): string | null {
  const isDecidable = verdict.tree.every(({name, holds}) => holds || name === 'review')
  if (!isDecidable || pull.state !== 'open') return null
  return verdict.needs.find(({missing, couldBe}) => missing > 0 && couldBe.length > 0)?.couldBe[0] ?? null
}

/** In the demonstration security officers of two other departments open what is locked, and say so. */
async function playUnlocks(run: Run, desk: ReviewDesk, report: GateReport, show: Show): Promise<GateReport> {
  const {pull, verdict, guarded} = report
  // What a canary found is overridden by nobody in a demonstration.
  const closed = verdict.unlocks.states.filter(({lock, isOpen}) => !isOpen && lock.kind !== 'quarantine')
  const scopes = [...new Set(closed.map(({lock}) => lock.scope))]
  if (scopes.length === 0) return report
  for (const {lock, isOpen} of verdict.unlocks.states)
    if (!isOpen) show.line({zh: `🔒 ${lock.says.zh}`, en: `🔒 ${lock.says.en}`})
  const rights = createRights(guarded.base.config, run.clock.nowMs())
  const departmentOf = (login: string): string => rights.memberOf(login)?.departments[0] ?? ''
  const officers: string[] = []
  for (const login of rights.holders({capability: 'unlock'}, []))
    if ([pull.author.login, ...officers].every((other) => !areOneUnit(departmentOf(other), departmentOf(login))))
      officers.push(login)
  for (const login of officers.slice(0, 2))
    for (const scope of scopes)
      desk.standIn.control.comment({
        pull: pull.number,
        by: login,
        body: `/yingbin unlock ${shortScope(scope)} 演示：看灰度能否拦住`,
      })
  const after = await decide(run, desk, pull.number)
  show.line({
    zh: `🔓 演示：${officers.slice(0, 2).join('、')}（两个其他部门的安全员）解锁，看灰度能否拦住；${summaryOf(after.verdict, 'zh')}`,
    en: `🔓 demonstration: ${officers.slice(0, 2).join(' and ')}, security officers of two other departments, unlock it; will the canary stop it? ${summaryOf(after.verdict, 'en')}`,
  })
  return after
}

/** Shows an attack that is refused, and tells the security group through WeCom as the notice job would. */
export async function playAttack(run: Run, desk: ReviewDesk, number: number, show: Show): Promise<void> {
  const report = await decide(run, desk, number)
  await publish(run, desk, report, show)
  show.stage('gate', {
    zh: `合并请求 #${number}（${report.pull.author.login}，没有改链接的授权）悄悄把链接换到仿冒域名：${summaryOf(report.verdict, 'zh')}`,
    en: `pull request #${number} by ${report.pull.author.login}, who may not change links, moves one to a look-alike host: ${summaryOf(report.verdict, 'en')}`,
  })
  const {remarks, unlocks} = report.verdict
  for (const says of [...remarks.map((remark) => remark.says), ...unlocks.states.map(({lock}) => lock.says)].slice(
    0,
    MOST_REASONS,
  ))
    show.line({zh: `✖ ${says.zh}`, en: `✖ ${says.en}`})
  const security = securityPeople(report, run.clock.nowMs())
  if (security.length === 0) return
  const document = gateDocument(report, [], {isNewlyLocked: true, security, url: null}, show.language)
  await run.client.sendAppMessage({userIds: security, markdown: renderNotice(document, MAX_BYTES, show.language)})
  show.line({
    zh: `📣 已用企业微信通知安全组：${security.join('、')}`,
    en: `📣 the security group was told through WeCom: ${security.join(', ')}`,
  })
}

function showReasons({verdict}: GateReport, show: Show): void {
  for (const node of verdict.tree)
    if (!node.holds)
      for (const reason of node.children.length === 0 ? [node] : node.children)
        if (!reason.holds) show.line({zh: `✖ ${reason.says.zh}`, en: `✖ ${reason.says.en}`})
}
