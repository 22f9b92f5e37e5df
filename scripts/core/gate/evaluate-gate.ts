import type {Change} from '../model/change.js'
import type {Config} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import {findFreeze, type Freeze} from '../model/freeze.js'
import type {Lock} from '../model/lock.js'
import type {ProposedCommit, PullRequest, Review, ReviewComment} from '../model/review.js'
import {ownWork, sortReviews, type VoidedApproval} from './approvals.js'
import {checkAuthorRights} from './author-rights.js'
import {fillReview, type NeedState} from './review-places.js'
import {createRights, type Target} from './rights.js'
import type {Approver} from './token.js'
import {createTargetFinder} from './touched-departments.js'
import {evaluateUnlocks, type UnlockVerdict} from './unlocks.js'
import type {VerdictNode} from './verdict-node.js'
import * as words from './verdict-words.js'

/** Everything a verdict rests on, all of it read before: the base decides who may, the head what is asked. */
export interface GateFacts {
  readonly pull: PullRequest
  readonly commits: readonly ProposedCommit[]
  readonly changedFiles: readonly string[]
  readonly reviews: readonly Review[]
  readonly comments: readonly ReviewComment[]
  /** Commits of the base branch that the head does not hold. */
  readonly commitsBehind: number
  /** What the base holds that was never shipped, by the plan's keys: it would ship along, agreed to by nobody here. */
  readonly unshipped: readonly string[]
  /** Where the configuration lies in the repository. */
  readonly folder: string
  readonly base: Config
  readonly head: Config
  readonly changes: readonly Change[]
  readonly locks: readonly Lock[]
  readonly needsOneMore: boolean
  /** The head is a release that was once fully promoted. */
  readonly isReturn: boolean
  /** Our own account proposes that return: it writes what was agreed to once and has no wish of its own. */
  readonly isOwnReturn: boolean
  /** Faults of the head that refuse it by themselves. */
  readonly errorCount: number
  readonly digestShownAtMs: number | null
  readonly nowMs: number
}

export interface GateVerdict {
  readonly holds: boolean
  /** Nothing changes in meaning: there is nothing to agree to, and nothing a token could be for. */
  readonly isEmpty: boolean
  readonly tree: readonly VerdictNode[]
  /** Rights that are lacking, at the files they are about. */
  readonly remarks: readonly Remark[]
  readonly needs: readonly NeedState[]
  readonly voided: readonly VoidedApproval[]
  readonly unlocks: UnlockVerdict
  /** What a token names: who agreed, in which place, and the locks they opened. */
  readonly approvers: readonly Approver[]
  readonly unlocked: readonly string[]
}

/** Whether exactly this may ship, and if not, why and who could change that. */
export function evaluateGate(facts: GateFacts): GateVerdict {
  const {pull, commits, base, head, changes, locks, digestShownAtMs, nowMs} = facts
  const rights = createRights(base, nowMs)
  const targetOf = createTargetFinder(base, head, nowMs)
  const policy = base.policy.value
  const remarks = facts.isOwnReturn
    ? []
    : checkAuthorRights({pull, commits, changes, rights, targetOf, folder: facts.folder})
  const reviews = sortReviews({pull, commits, reviews: facts.reviews, rights, digestShownAtMs, nowMs})
  const review = fillReview({
    policy,
    changes,
    targetOf,
    approvals: reviews.approvals,
    rights,
    mayApprove: (login) => ownWork({login, isBot: false}, pull, commits) === null,
    needsOneMore: facts.needsOneMore,
    mergedAtMs: pull.mergedAtMs,
    nowMs,
  })
  const unlocks = evaluateUnlocks({
    pull,
    commits,
    comments: facts.comments,
    locks,
    policy,
    rights,
    targetOf: lockTarget(locks, changes, targetOf),
    digestShownAtMs,
    nowMs,
  })
  const isEmpty = changes.length === 0
  const tree = isEmpty
    ? [words.nothingChanged(), words.sound(facts.errorCount)]
    : [
        words.sound(facts.errorCount),
        words.proposal(pull, facts.commitsBehind, strangers(commits), outside(facts), facts.unshipped),
        words.authorRights(remarks),
        words.locks(unlocks),
        // What has faults has no plan yet; one reason is enough.
        ...(facts.errorCount === 0 ? [words.shown(digestShownAtMs !== null)] : []),
        words.rules(review),
        words.objections(reviews.objections),
        words.freeze(frozenBy(facts)),
      ]
  return {
    holds: tree.every(({holds}) => holds),
    isEmpty,
    tree,
    remarks,
    needs: review.needs,
    voided: [...reviews.voided, ...review.voided],
    unlocks,
    approvers: review.needs.flatMap(({rule, filledBy}) => filledBy.map(({login}) => ({login, place: rule}))),
    unlocked: unlocks.states.filter(({isOpen}) => isOpen).map(({lock}) => lock.scope),
  }
}

/** What a lock is about, for the right to open it: the files and departments of its changes. */
function lockTarget(
  locks: readonly Lock[],
  changes: readonly Change[],
  targetOf: (change: Change) => Target,
): (lock: Lock) => Target {
  const targets = new Map(
    locks.map((lock) => {
      const files = new Set(lock.places.map(({file}) => file))
      const change = changes.find(({file}) => files.has(file))
      return [lock, change && files.size === 1 ? targetOf(change) : EVERYTHING] as const
    }),
  )
  return (lock) => targets.get(lock) ?? EVERYTHING
}

const EVERYTHING: Target = {file: '', departments: 'everywhere'}

const strangers = (commits: readonly ProposedCommit[]): number =>
  commits.filter(({people}) => people.some(({login}) => login === null)).length

/** Files beside the configuration: what is said and how the program works are never one decision. */
const outside = ({changedFiles, folder}: GateFacts): readonly string[] =>
  changedFiles.filter((file) => !file.normalize('NFC').startsWith(`${folder}/`))

/** The freeze that holds now, unless what is proposed is what it lets through. */
function frozenBy({base, isReturn, nowMs}: GateFacts): Freeze | null {
  const holding = findFreeze(base.policy.value, nowMs)
  return holding && !(isReturn && holding.allow?.includes('rollback')) ? holding : null
}
