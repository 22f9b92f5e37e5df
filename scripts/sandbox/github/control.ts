import {notFound, Refusal} from './answer.js'
import {type MergeMethod, mergePull} from './merges.js'
import {addReview, dismissReview, moveBranch, openPull} from './pull-requests.js'
import type {SeenRequest} from './server.js'
import {addComment, branchTip, commitOf, openIssue, personOf, pullOf, type World} from './world.js'

export interface Push {
  readonly branch: string
  /** Where the branch begins, or goes on from; absent: its own tip, or a new history. */
  readonly from?: string
  readonly files: Readonly<Record<string, string | Uint8Array | null>>
  readonly message: string
  readonly by: string
  readonly committer?: string
  readonly atMs?: number
}

/** What people do in the browser, and what goes wrong; called in this process, never over HTTP. */
export interface StandInControl {
  /** Commits files onto a branch; answers with the commit. */
  push(push: Push): string
  openPull(pull: {
    readonly head: string
    readonly base: string
    readonly title: string
    readonly body?: string
    readonly by: string
    readonly isDraft?: boolean
    readonly fork?: string
  }): number
  review(review: {
    readonly pull: number
    readonly by: string
    readonly state: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT'
    readonly body?: string
    readonly commit?: string
  }): number
  editReview(pull: number, review: number, body: string): void
  dismissReview(pull: number, review: number, by: string): void
  comment(comment: {readonly pull: number; readonly by: string; readonly body: string}): number
  editComment(id: number, body: string): void
  merge(merge: {readonly pull: number; readonly by: string; readonly method?: MergeMethod}): string
  openIssue(issue: {
    readonly title: string
    readonly body: string
    readonly by: string
    readonly labels?: readonly string[]
  }): number
  /** A merge into the branch needs this check to have passed. */
  requireStatus(branch: string, context: string): void
  /** The next so many requests (to paths like this) are answered with the status. */
  failNext(count: number, status: number, path?: RegExp): void
  /** Trees with more entries are cut, as GitHub cuts very large ones. */
  cutTrees(limit: number): void
  readonly requests: readonly SeenRequest[]
  comments(on: number): readonly {readonly id: number; readonly by: string; readonly body: string}[]
  statuses(sha: string): readonly {
    readonly context: string
    readonly state: string
    readonly description: string | null
    readonly by: string
  }[]
  labels(on: number): readonly string[]
  pulls(): readonly {
    readonly number: number
    readonly title: string
    readonly by: string
    readonly state: 'open' | 'closed' | 'merged'
    readonly headRef: string
    readonly head: string
    readonly baseRef: string
  }[]
  issues(): readonly {
    readonly number: number
    readonly title: string
    readonly state: string
    readonly body: string
    readonly isPull: boolean
  }[]
}

export interface Fault {
  left: number
  readonly status: number
  readonly path: RegExp | undefined
}

export function createControl(world: World, requests: readonly SeenRequest[], faults: Fault[]): StandInControl {
  const {git} = world
  const reviewOf = (pull: number, id: number) => {
    const {issue, pull: request} = pullOf(world, pull)
    const review = request.reviews.find((one) => one.id === id)
    if (!review) throw notFound()
    return {issue, review}
  }
  return {
    requests,
    push: ({branch, from, files, message, by, committer, atMs = world.nowMs()}) => {
      const parent = from === undefined ? branchTip(world, branch) : commitOf(world, from)
      const entries = Object.entries(files).map(([path, content]) => ({
        path,
        mode: '100644',
        sha: content === null ? null : git.writeBlob(Buffer.from(content)),
      }))
      const tree = git.writeTree(parent === null ? null : git.readCommit(parent).tree, entries)
      if (tree === null) throw new Refusal(422, 'a path that git does not take')
      const sha = git.commit({
        tree,
        parents: parent === null ? [] : [parent],
        message,
        author: personOf(world, by, atMs),
        committer: personOf(world, committer ?? by, atMs),
      })
      moveBranch(world, branch, sha)
      return sha
    },
    openPull: ({head, base, title, body = '', by, isDraft = false, fork = null}) =>
      openPull(world, {head, base, title, body, by, isDraft, fork}).number,
    review: ({pull, by, state, body = '', commit}) => addReview(world, {pull, by, event: state, body, commit}).id,
    editReview: (pull, id, body) => void Object.assign(reviewOf(pull, id).review, {body, updatedAtMs: world.nowMs()}),
    dismissReview: (pull, id, by) => dismissReview(world, {...reviewOf(pull, id), by}),
    comment: ({pull, by, body}) => addComment(world, pull, by, body).id,
    editComment: (id, body) => {
      const comment = world.comments.find((one) => one.id === id)
      if (!comment) throw notFound()
      Object.assign(comment, {body, updatedAtMs: world.nowMs()})
    },
    merge: ({pull, by, method = 'merge'}) => mergePull(world, pull, by, method),
    openIssue: ({labels = [], ...issue}) => openIssue(world, {...issue, labels, pull: null}).number,
    requireStatus: (branch, context) => void world.required.set(branch, context),
    failNext: (left, status, path) => void faults.push({left, status, path}),
    cutTrees: (limit) => void (world.treeLimit = limit),
    comments: (on) => world.comments.filter((one) => one.on === on).map(({id, by, body}) => ({id, by, body})),
    statuses: (commit) =>
      world.statuses
        .filter(({sha}) => sha === commit)
        .map(({context, state, description, by}) => ({context, state, description, by})),
    labels: (on) => world.issues.find(({number}) => number === on)?.labels ?? [],
    pulls: () =>
      world.issues.flatMap(({number, title, by, state, pull}) =>
        pull
          ? [
              {
                number,
                title,
                by,
                state: pull.merged ? 'merged' : state,
                headRef: pull.headRef,
                head: pull.head,
                baseRef: pull.baseRef,
              },
            ]
          : [],
      ),
    issues: () =>
      world.issues.map(({number, title, state, body, pull}) => ({number, title, state, body, isPull: pull !== null})),
  }
}
