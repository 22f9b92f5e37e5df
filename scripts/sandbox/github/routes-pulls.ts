import {created, notFound, ok, optionalText, Refusal, type Routes, textOf, invalid} from './answer.js'
import {isMergeMethod, mergePull} from './merges.js'
import {changesOf, commitsOf, openPull, pullsWith} from './pull-requests.js'
import type {IssueRecord} from './records.js'
import {branchTip, checkBody, commitOf, pullOf, setState, type World} from './world.js'

const REPO = '/repos/:owner/:repo'
const PULL = `${REPO}/pulls/:number`
/** GitHub shows no more of either. */
const MOST_COMMITS = 250
const MOST_FILES = 3000

/** Pull requests: opened, changed, merged; their commits and files. */
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
    [`POST ${REPO}/pulls`]: ({body, by}) => {
      const opened = openPull(world, {
        head: textOf(body, 'head'),
        base: textOf(body, 'base'),
        title: textOf(body, 'title'),
        body: optionalText(body, 'body') ?? '',
        by,
        isDraft: body['draft'] === true,
        fork: null,
      })
      return created(whole(opened))
    },
    [`GET ${PULL}`]: ({params}) => ok(whole(pullOf(world, params['number'] ?? '').issue)),
    [`PATCH ${PULL}`]: ({params, body, by}) => {
      const {issue, pull} = pullOf(world, params['number'] ?? '')
      const state = optionalText(body, 'state')
      if (state === 'open' && pull.merged) throw invalid('PullRequest', 'state')
      setState(world, issue, state, by)
      Object.assign(issue, {
        title: optionalText(body, 'title') ?? issue.title,
        body: checkBody('PullRequest', optionalText(body, 'body') ?? issue.body),
        updatedAtMs: world.nowMs(),
      })
      return ok(whole(issue))
    },
    [`PUT ${PULL}/merge`]: ({params, body, by}) => {
      const method = optionalText(body, 'merge_method') ?? 'merge'
      if (!isMergeMethod(method)) throw invalid('PullRequest', 'merge_method')
      const {issue, pull} = pullOf(world, params['number'] ?? '')
      const expected = optionalText(body, 'sha')
      if (expected !== undefined && expected !== pull.head)
        throw new Refusal(409, 'Head branch was modified. Review and try the merge again.')
      const sha = mergePull(world, issue.number, by, method)
      return ok({sha, merged: true, message: 'Pull Request successfully merged'})
    },
    [`GET ${PULL}/commits`]: ({params}) => ({
      names: commitsOf(world, pullOf(world, params['number'] ?? '').pull).slice(0, MOST_COMMITS),
      show: (page) => git.readCommits(page).map(shapes.commit),
    }),
    [`GET ${PULL}/files`]: ({params}) => ({
      list: changesOf(world, pullOf(world, params['number'] ?? '').pull)
        .slice(0, MOST_FILES)
        .map(shapes.file),
    }),
    [`GET ${REPO}/commits/:sha/pulls`]: ({params}) => ({
      list: pullsWith(world, commitOf(world, params['sha'] ?? '')).flatMap(simple),
    }),
  }
}
