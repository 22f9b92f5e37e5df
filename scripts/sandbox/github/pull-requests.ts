import {invalid, Refusal} from './answer.js'
import type {GitChange} from './git-answers.js'
import type {IssueRecord, PullRecord, ReviewRecord} from './records.js'
import {branchTip, checkBody, DEFAULT_BRANCH, openIssue, pullOf, tell, type World} from './world.js'

/** Commits of the head that the base lacks, oldest first. */
export const commitsOf = ({git}: World, {head, base, merged}: PullRecord): readonly string[] =>
  merged?.commits ?? git.list(head, `^${base}`).reverse()

/** Against the point where the branch left its base. */
export function changesOf({git}: World, {head, base, merged}: PullRecord): GitChange[] {
  const before = merged?.onto ?? base
  return git.diff(git.mergeBase(before, head) ?? before, head)
}

/** Moves a branch, and with it the open requests from it; those to it keep the base they knew. */
export function moveBranch(world: World, branch: string, sha: string): void {
  world.git.setRef(`refs/heads/${branch}`, sha)
  for (const {pull, state} of world.issues)
    if (pull && state === 'open' && pull.headRef === branch) {
      pull.head = sha
      pull.base = branchTip(world, pull.baseRef) ?? pull.base
    }
}

export interface NewPull {
  readonly head: string
  readonly base: string
  readonly title: string
  readonly body: string
  readonly by: string
  readonly isDraft: boolean
  /** Owner of the fork it comes from; its branch is kept beside ours. */
  readonly fork: string | null
}

export function openPull(world: World, {head, base, title, body, by, isDraft, fork}: NewPull): IssueRecord {
  const [headSha, baseSha] = [branchTip(world, head), branchTip(world, base)]
  if (headSha === null) throw invalid('PullRequest', 'head')
  if (baseSha === null) throw invalid('PullRequest', 'base')
  if (world.git.list(headSha, `^${baseSha}`).length === 0)
    throw invalid('PullRequest', null, 'custom', `No commits between ${base} and ${head}`)
  const isOpen = world.issues.some(
    ({state, pull}) => state === 'open' && pull?.headRef === head && pull.baseRef === base && pull.fork === fork,
  )
  if (isOpen)
    throw invalid('PullRequest', null, 'custom', `A pull request already exists for ${fork ?? world.owner}:${head}.`)
  return openIssue(world, {
    title,
    body: checkBody('PullRequest', body),
    by,
    labels: [],
    pull: {headRef: head, head: headSha, baseRef: base, base: baseSha, fork, isDraft, reviews: [], merged: null},
  })
}

const EVENTS: Readonly<Record<string, ReviewRecord['state']>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

export interface NewReview {
  readonly pull: number
  readonly by: string
  readonly event: string
  readonly body: string
  /** The head where absent. */
  readonly commit?: string | undefined
}

export function addReview(world: World, {pull: number, by, event, body, commit}: NewReview): ReviewRecord {
  const {issue, pull} = pullOf(world, number)
  const state = EVENTS[event]
  if (!state) throw invalid('PullRequestReview', 'event')
  const isOwn = issue.by.toLowerCase() === by.toLowerCase()
  if (state === 'APPROVED' && isOwn)
    throw new Refusal(422, 'Unprocessable Entity', ['Can not approve your own pull request'])
  if (state === 'CHANGES_REQUESTED' && isOwn)
    throw new Refusal(422, 'Unprocessable Entity', ['Can not request changes on your own pull request'])
  if (commit !== undefined && !commitsOf(world, pull).includes(commit)) throw invalid('PullRequestReview', 'commit_id')
  const atMs = world.nowMs()
  const review = {
    id: world.nextId(),
    by,
    state,
    body,
    commit: commit ?? pull.head,
    submittedAtMs: atMs,
    updatedAtMs: atMs,
  }
  pull.reviews.push(review)
  return review
}

export function dismissReview(
  world: World,
  {issue, review, by}: {issue: IssueRecord; review: ReviewRecord; by: string},
): void {
  if (review.state === 'COMMENTED' || review.state === 'DISMISSED')
    throw new Refusal(422, 'Unprocessable Entity', ['Can not dismiss a commented pull request review'])
  review.state = 'DISMISSED'
  review.updatedAtMs = world.nowMs()
  tell(world, issue, by, 'review_dismissed', {review: review.id})
}

/**
 * The merged request that brought a commit to the default branch; for a commit that is not there, merged and open ones
 * that hold it.
 */
export function pullsWith(world: World, sha: string): IssueRecord[] {
  const {git} = world
  const main = branchTip(world, DEFAULT_BRANCH)
  const isOnMain = main !== null && git.mergeBase(sha, main) === sha
  return world.issues.filter(({pull, state}) => {
    if (!pull) return false
    if (pull.merged)
      return pull.merged.commits.includes(sha) || git.list(pull.merged.sha, `^${pull.merged.onto}`).includes(sha)
    return !isOnMain && state === 'open' && commitsOf(world, pull).includes(sha)
  })
}
