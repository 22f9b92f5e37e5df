import type {GitChange, GitPerson, GitRepository} from './git-repository.js'
import {notFound, Refusal} from './answer.js'
import type {
  CommentRecord,
  DeploymentRecord,
  IssueRecord,
  PullRecord,
  ReviewRecord,
  StandInAccount,
  StatusRecord,
} from './records.js'
import type {Shapes} from './shapes.js'

/** Everything the stand-in remembers beside git. */
export interface World {
  readonly git: GitRepository
  readonly shapes: Shapes
  readonly owner: string
  readonly repo: string
  readonly nowMs: () => number
  readonly accounts: readonly StandInAccount[]
  readonly issues: IssueRecord[]
  readonly comments: CommentRecord[]
  readonly statuses: StatusRecord[]
  readonly deployments: DeploymentRecord[]
  readonly labels: Set<string>
  readonly required: Map<string, string>
  treeLimit: number
  nextId(): number
}

export const accountOf = (world: World, login: string): StandInAccount | undefined =>
  world.accounts.find((one) => one.login.toLowerCase() === login.toLowerCase())

export function issueOf({issues}: World, written: string | number): IssueRecord {
  const found = issues.find(({number}) => number === Number(written))
  if (!found) throw notFound()
  return found
}

export function pullOf(
  world: World,
  written: string | number,
): {readonly issue: IssueRecord; readonly pull: PullRecord} {
  const issue = issueOf(world, written)
  if (!issue.pull) throw notFound()
  return {issue, pull: issue.pull}
}

export function commitOf({git}: World, name: string): string {
  const sha = git.resolve(name) ?? git.resolve(`refs/heads/${name}`)
  if (sha === null) throw notFound()
  return sha
}

export const branchTip = ({git}: World, branch: string): string | null => git.resolve(`refs/heads/${branch}`)

/** Commits of the head that the base lacks, oldest first. */
export function commitsOf({git}: World, {head, base, merged}: PullRecord): readonly string[] {
  return merged?.commits ?? git.list(head, `^${base}`).reverse()
}

/** Against the point where the branch left its base. */
export function changesOf({git}: World, {head, base}: PullRecord): GitChange[] {
  return git.diff(git.mergeBase(base, head) ?? base, head)
}

export function personOf(world: World, login: string, atMs: number): GitPerson {
  const account = accountOf(world, login)
  return {name: login, email: account?.email ?? `${login}@nowhere.example`, atMs}
}

/** GitHub itself commits merges. */
export const webFlow = (atMs: number): GitPerson => ({name: 'GitHub', email: 'noreply@github.com', atMs})

/** Moves a branch, and with it the open requests from it and the bases of those to it. */
export function moveBranch(world: World, branch: string, sha: string): void {
  world.git.setRef(`refs/heads/${branch}`, sha)
  for (const {pull, state} of world.issues)
    if (pull && state === 'open' && pull.headRef === branch) {
      pull.head = sha
      pull.base = branchTip(world, pull.baseRef) ?? pull.base
    }
}

export function openPull(
  world: World,
  {
    head,
    base,
    title,
    body,
    by,
    isDraft,
    fork,
  }: {
    readonly head: string
    readonly base: string
    readonly title: string
    readonly body: string
    readonly by: string
    readonly isDraft: boolean
    readonly fork: string | null
  },
): IssueRecord {
  const [headSha, baseSha] = [branchTip(world, head), branchTip(world, base)]
  if (headSha === null)
    throw new Refusal(422, 'Validation Failed', [{resource: 'PullRequest', field: 'head', code: 'invalid'}])
  if (baseSha === null)
    throw new Refusal(422, 'Validation Failed', [{resource: 'PullRequest', field: 'base', code: 'invalid'}])
  if (world.git.list(headSha, `^${baseSha}`).length === 0)
    throw new Refusal(422, 'Validation Failed', [
      {resource: 'PullRequest', code: 'custom', message: `No commits between ${base} and ${head}`},
    ])
  const isOpen = world.issues.some(
    ({state, pull}) => state === 'open' && pull?.headRef === head && pull.baseRef === base && pull.fork === fork,
  )
  if (isOpen)
    throw new Refusal(422, 'Validation Failed', [
      {resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${head}.`},
    ])
  return openIssue(world, {
    title,
    body,
    by,
    labels: [],
    pull: {headRef: head, head: headSha, baseRef: base, base: baseSha, fork, isDraft, reviews: [], merged: null},
  })
}

export function openIssue(
  world: World,
  {
    title,
    body,
    by,
    labels,
    pull,
  }: Pick<IssueRecord, 'title' | 'body' | 'by' | 'pull'> & {readonly labels: readonly string[]},
): IssueRecord {
  const atMs = world.nowMs()
  for (const label of labels) world.labels.add(label)
  const issue: IssueRecord = {
    number: world.issues.length + 1,
    by,
    title,
    body,
    state: 'open',
    labels: [...labels],
    createdAtMs: atMs,
    updatedAtMs: atMs,
    closedAtMs: null,
    pull,
  }
  world.issues.push(issue)
  return issue
}

const EVENTS: Readonly<Record<string, ReviewRecord['state']>> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
}

export function addReview(
  world: World,
  {
    pull,
    by,
    event,
    body,
    commit,
  }: {
    readonly pull: number
    readonly by: string
    readonly event: string
    readonly body: string
    readonly commit?: string | undefined
  },
): ReviewRecord {
  const {issue, pull: request} = pullOf(world, pull)
  const state = EVENTS[event]
  if (!state)
    throw new Refusal(422, 'Validation Failed', [{resource: 'PullRequestReview', field: 'event', code: 'invalid'}])
  if (state !== 'COMMENTED' && issue.by.toLowerCase() === by.toLowerCase())
    throw new Refusal(422, 'Unprocessable Entity', [
      {resource: 'PullRequestReview', code: 'custom', message: 'Can not approve your own pull request'},
    ])
  const atMs = world.nowMs()
  const review = {
    id: world.nextId(),
    by,
    state,
    body,
    commit: commit ?? request.head,
    submittedAtMs: atMs,
    updatedAtMs: atMs,
  }
  request.reviews.push(review)
  return review
}

export function addComment(world: World, on: number, by: string, body: string): CommentRecord {
  const {number} = issueOf(world, on)
  const atMs = world.nowMs()
  const comment = {id: world.nextId(), on: number, by, body, createdAtMs: atMs, updatedAtMs: atMs}
  world.comments.push(comment)
  return comment
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'

/** Merges as GitHub does: it commits itself, and refuses conflicts and missing checks. */
export function mergePull(world: World, number: number, by: string, method: MergeMethod): string {
  const {git} = world
  const {issue, pull} = pullOf(world, number)
  const tip = branchTip(world, pull.baseRef)
  const tree = tip === null ? null : git.mergeTree(tip, pull.head)
  if (issue.state !== 'open' || tip === null || tree === null) throw new Refusal(405, 'Pull Request is not mergeable')
  const needed = world.required.get(pull.baseRef)
  const last = world.statuses.filter(({sha, context}) => sha === pull.head && context === needed).at(-1)
  if (needed !== undefined && last?.state !== 'success')
    throw new Refusal(405, `Required status check "${needed}" is expected.`)
  const atMs = world.nowMs()
  const commits = git.list(pull.head, `^${tip}`).reverse()
  const base = git.mergeBase(tip, pull.head) ?? tip
  let sha = tip
  if (method === 'rebase')
    for (const one of commits) {
      const made = git.readCommit(one)
      const [parent = base] = made.parents
      // Replayed as a three-way merge of trees: what this commit changed, laid over the new line.
      const changes = git.diff(parent, one)
      const entries = git.readTree(one, true)
      const laid = changes.flatMap(({status, path, previous}) => {
        const entry = entries.find((found) => found.path === path)
        return [
          ...(previous === undefined ? [] : [{path: previous, mode: '100644', sha: null}]),
          status === 'removed' || !entry ? {path, mode: '100644', sha: null} : {path, mode: entry.mode, sha: entry.sha},
        ]
      })
      sha = git.commit({
        tree: git.writeTree(git.readCommit(sha).tree, laid),
        parents: [sha],
        message: made.message,
        author: made.author,
        committer: webFlow(atMs),
      })
    }
  else
    sha = git.commit({
      tree,
      parents: method === 'merge' ? [tip, pull.head] : [tip],
      message: method === 'merge' ? `Merge pull request #${number}` : `${issue.title} (#${number})`,
      author: personOf(world, by, atMs),
      committer: webFlow(atMs),
    })
  pull.base = tip
  pull.merged = {atMs, by, sha, commits}
  Object.assign(issue, {state: 'closed', closedAtMs: atMs, updatedAtMs: atMs})
  moveBranch(world, pull.baseRef, sha)
  return sha
}

/** Requests that brought a commit to their base branch, or whose branch holds it. */
export function pullsWith(world: World, sha: string): IssueRecord[] {
  const {git} = world
  return world.issues.filter(({pull}) => {
    if (!pull) return false
    if (pull.merged === null) return git.list(pull.head, `^${pull.base}`).includes(sha)
    return pull.merged.commits.includes(sha) || git.list(pull.merged.sha, `^${pull.base}`).includes(sha)
  })
}
