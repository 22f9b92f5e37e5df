import {isLeaver} from '../greet/member-context.js'
import type {Account, ProposedCommit, PullRequest, Review} from '../model/review.js'
import type {Words} from '../model/words.js'
import type {Rights} from './rights.js'

export type VoidReason =
  | 'author'
  | 'co-author'
  | 'bot'
  | 'unknown-person'
  | 'approver-inactive'
  | 'old-commit'
  | 'edited'
  | 'dismissed'
  | 'before-digest'
  | 'confirm-ttl'
  | 'no-right'

/** An approval that counts for nothing, or for one rule less, and why. */
export interface VoidedApproval {
  readonly login: string
  readonly reason: VoidReason
  readonly says: Words
}

/** An approval of exactly this commit and plan, by somebody who may give one. */
export interface Approval {
  readonly login: string
  /** Main department of the approver, from the base's organization. */
  readonly department: string
  readonly atMs: number
}

export interface ReviewFacts {
  readonly pull: Pick<PullRequest, 'author' | 'head' | 'mergedAtMs'>
  readonly commits: readonly Pick<ProposedCommit, 'people'>[]
  readonly reviews: readonly Review[]
  readonly rights: Rights
  /** When the plan's digest was first shown on this head; `null` when it never was. */
  readonly digestShownAtMs: number | null
  readonly nowMs: number
}

export interface SortedReviews {
  readonly approvals: readonly Approval[]
  readonly voided: readonly VoidedApproval[]
  /** Logins whose last word, on this head, is that it must be changed. */
  readonly objections: readonly string[]
}

/** Each person's last word; a comment in between takes nothing back. */
export function sortReviews({pull, commits, reviews, rights, digestShownAtMs, nowMs}: ReviewFacts): SortedReviews {
  const lastWords = new Map<string, Review>()
  for (const review of [...reviews].sort((a, b) => a.submittedAtMs - b.submittedAtMs || a.id - b.id))
    if (review.state !== 'commented') lastWords.set(review.by.login.toLowerCase(), review)
  const approvals: Approval[] = []
  const voided: VoidedApproval[] = []
  const objections: string[] = []
  for (const review of lastWords.values()) {
    const {by, state} = review
    const person = rights.memberOf(by.login)
    const isActive = person !== undefined && !isLeaver(person.member, nowMs)
    if (state === 'changes-requested') {
      if (isActive && !by.isBot) objections.push(by.login)
      continue
    }
    const reason =
      state === 'dismissed'
        ? 'dismissed'
        : (ownWork(by, pull, commits) ??
          (by.isBot
            ? 'bot'
            : !person
              ? 'unknown-person'
              : !isActive
                ? 'approver-inactive'
                : review.commit !== pull.head
                  ? 'old-commit'
                  : review.isEdited
                    ? 'edited'
                    : digestShownAtMs === null || review.submittedAtMs < digestShownAtMs
                      ? 'before-digest'
                      : null))
    if (reason !== null) voided.push(voidApproval(by.login, reason))
    else if (person)
      approvals.push({login: by.login, department: person.departments[0] ?? '', atMs: review.submittedAtMs})
  }
  return {approvals, voided, objections}
}

/** Nobody agrees to his own work: neither who proposes it nor whoever wrote or co-wrote a commit of it. */
export function ownWork(
  {login}: Account,
  pull: Pick<PullRequest, 'author'>,
  commits: readonly Pick<ProposedCommit, 'people'>[],
): 'author' | 'co-author' | null {
  const name = login.toLowerCase()
  if (pull.author.login.toLowerCase() === name) return 'author'
  return commits.some(({people}) => people.some((person) => person.login?.toLowerCase() === name)) ? 'co-author' : null
}

/**
 * Whether what was said is still fresh: until the merge it is measured now, and then for good at the merge, which is the act
 * it allowed. In whole seconds, as the host tells times: one second over is over.
 */
export function isWithinTtl(
  {atMs}: Pick<Approval, 'atMs'>,
  ttlMs: number,
  mergedAtMs: number | null,
  nowMs: number,
): boolean {
  const until = mergedAtMs !== null && atMs <= mergedAtMs ? mergedAtMs : nowMs
  return Math.floor((until - atMs) / 1000) * 1000 <= ttlMs
}

export const voidApproval = (login: string, reason: VoidReason, detail: Words = NOTHING): VoidedApproval => ({
  login,
  reason,
  says: {zh: `${login}：${REASONS[reason].zh}${detail.zh}`, en: `${login}: ${REASONS[reason].en}${detail.en}`},
})

const NOTHING: Words = {zh: '', en: ''}

const REASONS: Readonly<Record<VoidReason, Words>> = {
  author: {zh: '是这个合并请求的作者，不能批准自己的改动', en: 'proposed the change and cannot approve it'},
  'co-author': {zh: '写过其中的提交，不能批准自己的改动', en: 'wrote a commit of it and cannot approve it'},
  bot: {zh: '是机器账号，它的批准不算', en: 'is a machine, its approval counts for nothing'},
  'unknown-person': {
    zh: '不在 organization.yaml 里（没有成员登记这个 GitHub 账号）',
    en: 'is not in organization.yaml (no member has this GitHub login)',
  },
  'approver-inactive': {zh: '已离职或停用', en: 'has left or is disabled'},
  'old-commit': {zh: '批准的是旧的提交，之后又有新的推送', en: 'approved an older commit; more was pushed since'},
  edited: {zh: '批准后又改过那条审查意见，请重新批准', en: 'edited the review after submitting it; approve again'},
  dismissed: {zh: '批准已被撤销', en: 'the approval was dismissed'},
  'before-digest': {
    zh: '批准时这份计划的摘要还没有公布，请看过新的摘要再批准',
    en: 'approved before the digest of this plan was shown; look at the new digest and approve again',
  },
  'confirm-ttl': {zh: '批准已超过规则规定的时限', en: 'the approval is older than the rule allows'},
  'no-right': {zh: '没有审批这些改动的授权', en: 'holds no grant to approve these changes'},
}
