import type {Change} from '../model/change.js'
import type {Remark} from '../model/finding.js'
import type {ProposedCommit, PullRequest} from '../model/review.js'
import type {Words} from '../model/words.js'
import type {Capability} from '../model/written.js'
import type {Denial, Rights, Target} from './rights.js'
import {CAPABILITY_FOR} from './touched-departments.js'

export interface AuthorFacts {
  readonly pull: Pick<PullRequest, 'author'>
  readonly commits: readonly Pick<ProposedCommit, 'people' | 'files'>[]
  readonly changes: readonly Change[]
  /** Of the base: what the change itself grants gives nobody anything yet. */
  readonly rights: Rights
  readonly targetOf: (change: Change) => Target
  /** Where the configuration lies in the repository, without a slash at its end. */
  readonly folder: string
}

/**
 * Every change in meaning needs the matching capability of who proposes it, and of everybody else whose commits touched
 * its file.
 */
export function checkAuthorRights(facts: AuthorFacts): Remark[] {
  const {changes, rights, targetOf} = facts
  const writersOf = createWriterLookup(facts)
  const denied: Remark[] = []
  for (const change of changes) {
    if (change.on === 'deletion') continue
    const capability = CAPABILITY_FOR[change.on]
    const target = targetOf(change)
    for (const login of writersOf(change.file))
      if (!rights.find(login, capability, target))
        denied.push(denial(change, login, capability, target, rights.explainDenial(login, capability, target)))
  }
  return denied
}

/** Who has to hold the right over a file: the author of the request, and whoever wrote in it. */
function createWriterLookup({pull, commits, folder}: AuthorFacts): (file: string) => readonly string[] {
  const byFile = new Map<string, Map<string, string>>()
  for (const {people, files} of commits)
    for (const file of files) {
      const path = file.normalize('NFC')
      const writers = byFile.get(path) ?? new Map<string, string>()
      byFile.set(path, writers)
      for (const {login} of people) if (login !== null) writers.set(login.toLowerCase(), login)
    }
  const author = pull.author.login
  return (file) => {
    const writers = byFile.get(`${folder}/${file}`.normalize('NFC'))
    if (!writers) return [author]
    return [...new Map([[author.toLowerCase(), author], ...writers]).values()]
  }
}

function denial(change: Change, login: string, capability: Capability, target: Target, why: Denial): Remark {
  const reason = explain(why)
  const where = whereOf(target)
  return {
    rule: why.why === 'expired' ? 'grant-expired' : why.why === 'no-ticket' ? 'grant-no-ticket' : 'grant-denied',
    level: 'error',
    at: {file: change.file, pointer: ''},
    says: {
      zh: `${login} 不能改 ${change.id} 的「${change.on}」：需要 ${capability}${where.zh}，${reason.zh}`,
      en: `${login} may not change "${change.on}" of ${change.id}: it takes ${capability}${where.en}, and ${reason.en}`,
    },
    fix: {
      zh: '请有权限的同事来提，或先凭工单申请授权（另开合并请求，合并后才生效）',
      en: 'have somebody with the right propose it, or ask for a grant on a ticket first (a pull request of its own, in force once merged)',
    },
  }
}

function whereOf({departments}: Target): Words {
  if (departments === 'everywhere' || departments.length === 0) return {zh: '', en: ''}
  const shown = departments.slice(0, 4).join('、') + (departments.length > 4 ? ` …（${departments.length}）` : '')
  return {zh: `（涉及 ${shown}）`, en: ` over ${shown}`}
}

function explain(denied: Denial): Words {
  switch (denied.why) {
    case 'none':
      return {zh: '而没有任何授权给他', en: 'no grant gives it to them'}
    case 'left':
      return {zh: '而此人已离职或停用', en: 'they have left or are disabled'}
    case 'elsewhere':
      return {
        zh: `而授权「${denied.holding.role}」（工单 ${denied.holding.ticket}）不含这个文件或部门`,
        en: `the grant "${denied.holding.role}" (ticket ${denied.holding.ticket}) does not reach this file or department`,
      }
    case 'expired':
      return {
        zh: `而授权「${denied.holding.role}」（工单 ${denied.holding.ticket}）已于 ${denied.holding.until} 到期`,
        en: `the grant "${denied.holding.role}" (ticket ${denied.holding.ticket}) expired on ${denied.holding.until}`,
      }
    case 'not-yet':
      return {
        zh: `而授权「${denied.holding.role}」（工单 ${denied.holding.ticket}）还没有开始`,
        en: `the grant "${denied.holding.role}" (ticket ${denied.holding.ticket}) has not begun yet`,
      }
    case 'no-ticket':
      return {
        zh: `而授权「${denied.holding.role}」没有工单号，不算数`,
        en: `the grant "${denied.holding.role}" carries no ticket and does not count`,
      }
  }
}
