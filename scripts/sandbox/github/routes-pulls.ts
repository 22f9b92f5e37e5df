import {created, noContent, notFound, ok, optionalText, Refusal, type Routes, textOf} from './answer.js'
import type {IssueRecord} from './records.js'
import {
  addReview,
  branchTip,
  changesOf,
  commitOf,
  commitsOf,
  type MergeMethod,
  mergePull,
  openPull,
  pullOf,
  pullsWith,
  type World,
} from './world.js'

const REPO = '/repos/:owner/:repo'
const PULL = `${REPO}/pulls/:number`

/** Pull requests, their reviews, and statuses of commits. */
export function pullRoutes(world: World): Routes {
  const {git, shapes} = world
  const whole = (issue: IssueRecord): object => {
    if (!issue.pull) throw notFound()
    const {pull} = issue
    const tip = branchTip(world, pull.baseRef)
    return shapes.pull(issue, pull, {
      comments: world.comments.filter(({on}) => on === issue.number).length,
      commits: commitsOf(world, pull).length,
      files: changesOf(world, pull).length,
      mergeable: tip !== null && git.mergeTree(tip, pull.head) !== null,
    })
  }
  const simple = (issue: IssueRecord): object[] => (issue.pull ? [shapes.pullSimple(issue, issue.pull)] : [])
  const reviewOf = (number: string | undefined, id: string | undefined) => {
    const {issue, pull} = pullOf(world, number ?? '')
    const review = pull.reviews.find((one) => one.id === Number(id))
    if (!review) throw notFound()
    return {issue, review}
  }
  return {
    [`GET ${REPO}/pulls`]: ({query}) => {
      const [state, head, base] = [query.get('state') ?? 'open', query.get('head'), query.get('base')]
      const found = world.issues.filter(
        ({pull, state: own}) =>
          pull !== null &&
          (state === 'all' || own === state) &&
          (base === null || pull.baseRef === base) &&
          (head === null || `${pull.fork ?? world.owner}:${pull.headRef}` === head),
      )
      return {list: found.reverse().flatMap(simple)}
    },
    [`POST ${REPO}/pulls`]: ({body, by}) =>
      created(
        whole(
          openPull(world, {
            head: textOf(body, 'head'),
            base: textOf(body, 'base'),
            title: textOf(body, 'title'),
            body: optionalText(body, 'body') ?? '',
            by,
            isDraft: body['draft'] === true,
            fork: null,
          }),
        ),
      ),
    [`GET ${PULL}`]: ({params}) => ok(whole(pullOf(world, params['number'] ?? '').issue)),
    [`PATCH ${PULL}`]: ({params, body}) => {
      const {issue} = pullOf(world, params['number'] ?? '')
      const state = optionalText(body, 'state')
      Object.assign(issue, {
        title: optionalText(body, 'title') ?? issue.title,
        body: optionalText(body, 'body') ?? issue.body,
        updatedAtMs: world.nowMs(),
        ...(state === 'closed' || state === 'open'
          ? {state, closedAtMs: state === 'closed' ? world.nowMs() : null}
          : {}),
      })
      return ok(whole(issue))
    },
    [`PUT ${PULL}/merge`]: ({params, body, by}) => {
      const method = optionalText(body, 'merge_method') ?? 'merge'
      const {pull} = pullOf(world, params['number'] ?? '')
      const expected = optionalText(body, 'sha')
      if (expected !== undefined && expected !== pull.head)
        throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
      const sha = mergePull(world, Number(params['number']), by, method as MergeMethod)
      return ok({sha, merged: true, message: 'Pull Request successfully merged'})
    },
    [`GET ${PULL}/commits`]: ({params}) => ({
      list: commitsOf(world, pullOf(world, params['number'] ?? '').pull).map((sha) =>
        shapes.commit(git.readCommit(sha)),
      ),
    }),
    [`GET ${PULL}/files`]: ({params}) => ({
      list: changesOf(world, pullOf(world, params['number'] ?? '').pull).map(shapes.file),
    }),
    [`GET ${PULL}/reviews`]: ({params}) => {
      const {issue, pull} = pullOf(world, params['number'] ?? '')
      return {list: pull.reviews.map((review) => shapes.review(issue.number, review))}
    },
    [`POST ${PULL}/reviews`]: ({params, body, by}) => {
      const number = Number(params['number'])
      const review = addReview(world, {
        pull: number,
        by,
        event: textOf(body, 'event'),
        body: optionalText(body, 'body') ?? '',
        commit: optionalText(body, 'commit_id'),
      })
      return ok(shapes.review(number, review))
    },
    [`PUT ${PULL}/reviews/:review`]: ({params, body}) => {
      const {issue, review} = reviewOf(params['number'], params['review'])
      Object.assign(review, {body: textOf(body, 'body'), updatedAtMs: world.nowMs()})
      return ok(shapes.review(issue.number, review))
    },
    [`PUT ${PULL}/reviews/:review/dismissals`]: ({params}) => {
      const {issue, review} = reviewOf(params['number'], params['review'])
      Object.assign(review, {state: 'DISMISSED', updatedAtMs: world.nowMs()})
      return ok(shapes.review(issue.number, review))
    },
    [`GET ${REPO}/commits/:sha/pulls`]: ({params}) => ({
      list: pullsWith(world, commitOf(world, params['sha'] ?? '')).flatMap(simple),
    }),
    [`GET ${REPO}/commits/:ref/statuses`]: ({params}) => {
      const commit = commitOf(world, params['ref'] ?? '')
      return {
        list: world.statuses
          .filter(({sha}) => sha === commit)
          .reverse()
          .map(shapes.status),
      }
    },
    [`POST ${REPO}/statuses/:sha`]: ({params, body, by}) => {
      const status = {
        id: world.nextId(),
        sha: commitOf(world, params['sha'] ?? ''),
        context: optionalText(body, 'context') ?? 'default',
        state: textOf(body, 'state'),
        description: optionalText(body, 'description') ?? null,
        by,
        atMs: world.nowMs(),
      }
      world.statuses.push(status)
      return created(shapes.status(status))
    },
    [`GET ${REPO}/deployments`]: () => ({list: [...world.deployments].reverse().map(shapes.deployment)}),
    [`POST ${REPO}/deployments`]: ({body, by}) => {
      const ref = textOf(body, 'ref')
      const deployment = {
        id: world.nextId(),
        sha: commitOf(world, ref),
        ref,
        environment: optionalText(body, 'environment') ?? 'production',
        by,
        atMs: world.nowMs(),
        states: [],
      }
      world.deployments.push(deployment)
      return created(shapes.deployment(deployment))
    },
    [`POST ${REPO}/actions/workflows/:workflow/dispatches`]: ({body}) => {
      textOf(body, 'ref')
      return noContent()
    },
  }
}
