import type {Remark} from '../model/finding.js'
import type {PullRequest} from '../model/review.js'
import type {Words} from '../model/words.js'
import type {Freeze} from '../model/freeze.js'
import type {VerdictNode} from './verdict-node.js'
import type {NeedState, RuleVerdict} from './review-places.js'
import type {UnlockVerdict} from './unlocks.js'

const leaf = (name: string, holds: boolean, zh: string, en: string): VerdictNode => ({
  name,
  holds,
  says: {zh, en},
  children: [],
})

const branch = (name: string, says: Words, children: readonly VerdictNode[]): VerdictNode => ({
  name,
  holds: children.every(({holds}) => holds),
  says,
  children,
})

export const nothingChanged = (): VerdictNode =>
  leaf(
    'nothing-changed',
    true,
    '配置没有语义上的改动，这里没有要审批的；程序本身的改动由代码负责人审查',
    'the configuration does not change in meaning, so there is nothing to agree to here; changes of the program are its owners’ to review',
  )

export const sound = (errorCount: number): VerdictNode =>
  errorCount === 0
    ? leaf('validate', true, '检查通过', 'the checks pass')
    : leaf('validate', false, `检查有 ${errorCount} 个错误，先改好`, `${errorCount} errors to mend first`)

/** The proposal itself: open or merged, up to date, by people the host knows, and about the configuration alone. */
export function proposal(
  {state, isDraft, number, baseRef, defaultBranch}: PullRequest,
  commitsBehind: number,
  strangers: number,
  outside: readonly string[],
  unshipped: readonly string[],
): VerdictNode {
  const listed = shortList(outside)
  const children = [
    ...(state === 'closed' ? [leaf('closed', false, '已关闭而未合并', 'it is closed and was not merged')] : []),
    ...(isDraft && state === 'open'
      ? [leaf('draft', false, '还是草稿；写好后点「Ready for review」', 'it is a draft; mark it ready for review')]
      : []),
    ...(baseRef !== defaultBranch
      ? [
          leaf(
            'other-base',
            false,
            `只有合并到 ${defaultBranch} 的请求才会发布，这个要合并到 ${baseRef}`,
            `only requests into ${defaultBranch} ship; this one goes into ${baseRef}`,
          ),
        ]
      : []),
    ...(unshipped.length > 0
      ? [
          leaf(
            'base-not-shipped',
            false,
            `主干里有还没有发布的内容（${shortList(unshipped)}）；等它发布完，或先用合并请求撤回，否则会跟着这次一起发布`,
            `the base branch holds what has not shipped yet (${shortList(unshipped)}); let it ship or take it back by a pull request first, or it would ship along with this`,
          ),
        ]
      : []),
    ...(commitsBehind > 0 && state === 'open'
      ? [
          leaf(
            'behind-base',
            false,
            `落后主干 ${commitsBehind} 个提交；先更新分支，看到的才是将要发布的`,
            `${commitsBehind} commits behind the base; update the branch, so that what is seen is what ships`,
          ),
        ]
      : []),
    ...(strangers > 0
      ? [
          leaf(
            'co-author-unknown',
            false,
            `有 ${strangers} 个提交的作者或合作者 GitHub 不认识，无法确认审批人没有参与；请改用登记在 GitHub 的邮箱`,
            `GitHub does not know an author or co-author of ${strangers} commits, so nobody can tell that approvers took no part; use addresses registered with GitHub`,
          ),
        ]
      : []),
    ...(outside.length > 0
      ? [
          leaf(
            'mixed-pull-request',
            false,
            `配置和程序不能在同一个合并请求里改（${listed}）；请分开提`,
            `what is said and the program change together (${listed}); propose them separately`,
          ),
        ]
      : []),
  ]
  return children.length === 0
    ? leaf('proposal', true, `#${number} 可以审批`, `#${number} can be decided`)
    : branch('proposal', {zh: `#${number} 还不能审批`, en: `#${number} cannot be decided yet`}, children)
}

const shortList = (names: readonly string[]): string => names.slice(0, 3).join('、') + (names.length > 3 ? ' …' : '')

export const authorRights = (denied: readonly Remark[]): VerdictNode =>
  denied.length === 0
    ? leaf('author-rights', true, '作者有权改这些内容', 'the authors may change what they change')
    : branch(
        'author-rights',
        {zh: `作者缺少 ${denied.length} 项权限`, en: `the authors lack ${denied.length} rights`},
        denied.map(({rule, says}) => leaf(rule, false, says.zh, says.en)),
      )

export function locks({states, voided}: UnlockVerdict): VerdictNode {
  if (states.length === 0) return leaf('locks', true, '没有锁定', 'nothing is locked')
  const children = states.map(({lock, isOpen, by, missing}): VerdictNode => {
    const names = by.map(({login}) => login).join('、')
    return isOpen
      ? leaf(
          lock.kind,
          true,
          `${lock.says.zh}；已由 ${names} 解锁`,
          `${lock.says.en}; unlocked by ${by.map(({login}) => login).join(', ')}`,
        )
      : leaf(
          lock.kind,
          false,
          `${lock.says.zh}；还需 ${missing} 位安全员评论 /yingbin unlock ${shortScope(lock.scope)} 原因`,
          `${lock.says.en}; ${missing} more holders of unlock have to comment /yingbin unlock ${shortScope(lock.scope)} reason`,
        )
  })
  const weak = voided.map(({says}) => leaf('unlock-void', true, says.zh, says.en))
  const open = states.filter(({isOpen}) => !isOpen).length
  return branch(
    'locks',
    open > 0 ? {zh: `${open} 处锁定`, en: `${open} locks`} : {zh: '锁定都已解开', en: 'every lock is open'},
    [...children, ...weak],
  )
}

/** As people type it: a template by its id, anything else by its scope. */
export const shortScope = (scope: string): string => scope.replace(/^template:/, '')

export const shown = (isShown: boolean): VerdictNode =>
  isShown
    ? leaf('digest', true, '计划摘要已公布', 'the digest of the plan is public')
    : leaf('digest', false, '计划摘要还没有公布', 'the digest of the plan is not public yet')

export function rules({needs, uncovered}: RuleVerdict): VerdictNode {
  const children = [
    ...uncovered.map((on) =>
      leaf(
        'no-rule',
        false,
        `policy.yaml 没有哪条审批规则管「${on}」；没有规则不等于批准`,
        `no review rule of policy.yaml speaks of "${on}"; silence is no approval`,
      ),
    ),
    ...needs.map(need),
  ]
  return branch('review', {zh: '审批', en: 'review'}, children)
}

function need({rule, need: asked, filledBy, missing, couldBe}: NeedState): VerdictNode {
  const who: Words = {
    zh: `${asked.count} 位${asked.department ? ` ${asked.department} 的` : ''}${asked.role ? `「${asked.role}」` : '审批人'}${asked.distinctDepartments ? '，来自不同部门' : ''}`,
    en: `${asked.count} ${asked.role ? `"${asked.role}"` : 'approver'}${asked.count > 1 ? 's' : ''}${asked.department ? ` of ${asked.department}` : ''}${asked.distinctDepartments ? ' from different departments' : ''}`,
  }
  const have: Words =
    filledBy.length === 0
      ? {zh: '', en: ''}
      : {
          zh: `，已有 ${filledBy.map(({login, holding}) => `${login}${holding ? `（授权至 ${holding.until}）` : ''}`).join('、')}`,
          en: `; given by ${filledBy.map(({login, holding}) => `${login}${holding ? ` (granted until ${holding.until})` : ''}`).join(', ')}`,
        }
  if (missing === 0) return leaf(rule, true, `${rule}：${who.zh}${have.zh}`, `${rule}: ${who.en}${have.en}`)
  const ask: Words =
    couldBe.length === 0
      ? {zh: '；目前没有人能补上，请先授权', en: '; nobody could fill it now, grant somebody the role first'}
      : {
          zh: `；可以请 ${couldBe.slice(0, 6).join('、')}${couldBe.length > 6 ? ' …' : ''}`,
          en: `; ask ${couldBe.slice(0, 6).join(', ')}${couldBe.length > 6 ? ' …' : ''}`,
        }
  return leaf(
    rule,
    false,
    `${rule}：要 ${who.zh}，还差 ${missing} 位${have.zh}${ask.zh}`,
    `${rule}: needs ${who.en}, ${missing} missing${have.en}${ask.en}`,
  )
}

export const objections = (logins: readonly string[]): VerdictNode =>
  logins.length === 0
    ? leaf('objections', true, '没有人要求修改', 'nobody asks for changes')
    : leaf(
        'objections',
        false,
        `${logins.join('、')} 要求修改；请本人重新审查`,
        `${logins.join(', ')} asked for changes; they have to look again`,
      )

export const freeze = (holding: Freeze | null): VerdictNode =>
  holding === null
    ? leaf('freeze', true, '不在冻结期', 'no freeze holds')
    : leaf(
        'freeze',
        false,
        `冻结期「${holding.name}」到 ${holding.until} 为止${holding.reason ? `：${holding.reason}` : ''}`,
        `the freeze "${holding.name}" lasts until ${holding.until}${holding.reason ? `: ${holding.reason}` : ''}`,
      )
