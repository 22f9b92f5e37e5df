import {Refusal} from './answer.js'
import type {GitCommit} from './git-answers.js'
import type {WrittenEntry} from './git-repository.js'
import {moveBranch} from './pull-requests.js'
import type {IssueRecord} from './records.js'
import {branchTip, personOf, pullOf, tell, webFlow, type World} from './world.js'

export type MergeMethod = 'merge' | 'squash' | 'rebase'

const METHODS: readonly string[] = ['merge', 'squash', 'rebase'] satisfies MergeMethod[]

export const isMergeMethod = (written: string): written is MergeMethod => METHODS.includes(written)

/** Merges as GitHub does: it commits itself, and refuses drafts, conflicts and missing checks. */
export function mergePull(world: World, number: number, by: string, method: MergeMethod): string {
  const {git} = world
  const {issue, pull} = pullOf(world, number)
  const onto = branchTip(world, pull.baseRef)
  if (issue.state === 'open' && pull.isDraft) throw new Refusal(405, 'Pull Request is still a draft')
  const tree = onto === null ? null : git.mergeTree(onto, pull.head)
  if (issue.state !== 'open' || onto === null || tree === null) throw new Refusal(405, 'Pull Request is not mergeable')
  checkRequired(world, pull.baseRef, pull.head)
  const atMs = world.nowMs()
  const commits = git.list(pull.head, `^${onto}`).reverse()
  const made = git.readCommits(commits)
  const sha =
    method === 'rebase'
      ? rebase(world, onto, made, by)
      : commitMerge(world, {issue, onto, head: pull.head, tree, made, by, method})
  pull.merged = {atMs, by, sha, onto, commits}
  Object.assign(issue, {state: 'closed', closedAtMs: atMs, updatedAtMs: atMs})
  tell(world, issue, by, 'merged', {commit: sha})
  tell(world, issue, by, 'closed')
  moveBranch(world, pull.baseRef, sha)
  return sha
}

function checkRequired({required, statuses}: World, branch: string, head: string): void {
  const needed = required.get(branch)
  const last = statuses.findLast(({sha, context}) => sha === head && context === needed)
  if (needed !== undefined && last?.state !== 'success')
    throw new Refusal(405, `Required status check "${needed}" is expected.`)
}

interface OneMerge {
  readonly issue: IssueRecord
  readonly onto: string
  readonly head: string
  readonly tree: string
  readonly made: readonly GitCommit[]
  readonly by: string
  readonly method: 'merge' | 'squash'
}

/** A squash is its author's; whoever else wrote one of the commits is named as co-author. */
function commitMerge(world: World, {issue, onto, head, tree, made, by, method}: OneMerge): string {
  const atMs = world.nowMs()
  const author = personOf(world, method === 'merge' ? by : issue.by, atMs)
  const others = new Map(
    made.flatMap(({author: {name, email}}) => (email === author.email ? [] : [[email, name] as const])),
  )
  const trailers = [...others].map(([email, name]) => `\nCo-authored-by: ${name} <${email}>`)
  return world.git.commit({
    tree,
    parents: method === 'merge' ? [onto, head] : [onto],
    message:
      method === 'merge'
        ? `Merge pull request #${issue.number} from ${issue.pull?.fork ?? world.owner}/${issue.pull?.headRef}\n\n${issue.title}`
        : `${issue.title} (#${issue.number})${trailers.length > 0 ? `\n${trailers.join('')}` : ''}`,
    author,
    committer: webFlow(atMs),
  })
}

/** Every commit once more upon the branch, merges left out; whoever merged is their committer, as on GitHub. */
function rebase(world: World, onto: string, made: readonly GitCommit[], by: string): string {
  const {git} = world
  let sha = onto
  for (const commit of made.filter(({parents}) => parents.length === 1)) {
    const tree = git.writeTree(git.readCommit(sha).tree, changesIn(world, commit))
    if (tree === null) throw new Refusal(405, 'This branch can’t be rebased')
    sha = git.commit({
      tree,
      parents: [sha],
      message: commit.message,
      author: commit.author,
      committer: personOf(world, by, world.nowMs()),
    })
  }
  return sha
}

/** What a commit changed, as entries to lay over another tree. */
function changesIn({git}: World, {sha, tree, parents}: GitCommit): WrittenEntry[] {
  const entries = new Map((git.readTree(tree, true) ?? []).map((entry) => [entry.path, entry]))
  return git.diff(parents[0] ?? null, sha).flatMap(({status, path, previous}) => {
    const entry = status === 'removed' ? undefined : entries.get(path)
    return [
      ...(previous === undefined ? [] : [{path: previous, mode: '100644', sha: null}]),
      {path, mode: entry?.mode ?? '100644', sha: entry?.sha ?? null},
    ]
  })
}
