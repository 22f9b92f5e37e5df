import type {IssueRecord, PullRecord, ReviewRecord} from './records.js'
import type {createIssueShapes} from './shape-issues.js'
import {isoOf, nodeId, numberOf, type RepositoryShapes} from './shape-repository.js'

/** Pull requests and their reviews. */
export function createPullShapes(
  {root, html, owner, user, userOrNull, repository}: RepositoryShapes,
  {label}: ReturnType<typeof createIssueShapes>,
) {
  const side = (sideOwner: string, ref: string, sha: string) => ({
    label: `${sideOwner}:${ref}`,
    ref,
    sha,
    user: user(sideOwner),
    repo: repository(sideOwner),
  })

  const pullSimple = (issue: IssueRecord, pull: PullRecord) => {
    const url = `${root}/pulls/${issue.number}`
    const asIssue = `${root}/issues/${issue.number}`
    const page = `${html}/pull/${issue.number}`
    const link = (href: string) => ({href})
    return {
      url,
      id: numberOf(`pull ${issue.number}`),
      node_id: nodeId('PullRequest', issue.number),
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      issue_url: asIssue,
      commits_url: `${url}/commits`,
      review_comments_url: `${url}/comments`,
      review_comment_url: `${root}/pulls/comments{/number}`,
      comments_url: `${asIssue}/comments`,
      statuses_url: `${root}/statuses/${pull.head}`,
      number: issue.number,
      state: issue.state,
      locked: false,
      title: issue.title,
      user: userOrNull(issue.by) ?? user('ghost'),
      body: issue.body,
      labels: issue.labels.map(label),
      milestone: null,
      created_at: isoOf(issue.createdAtMs),
      updated_at: isoOf(issue.updatedAtMs),
      closed_at: issue.closedAtMs === null ? null : isoOf(issue.closedAtMs),
      merged_at: pull.merged === null ? null : isoOf(pull.merged.atMs),
      merge_commit_sha: pull.merged?.sha ?? null,
      assignee: null,
      assignees: [],
      requested_reviewers: [],
      requested_teams: [],
      head: side(pull.fork ?? owner, pull.headRef, pull.head),
      base: side(owner, pull.baseRef, pull.base),
      _links: {
        comments: link(`${asIssue}/comments`),
        commits: link(`${url}/commits`),
        statuses: link(`${root}/statuses/${pull.head}`),
        html: link(page),
        issue: link(asIssue),
        review_comments: link(`${url}/comments`),
        review_comment: link(`${root}/pulls/comments{/number}`),
        self: link(url),
      },
      author_association: 'CONTRIBUTOR',
      auto_merge: null,
      draft: pull.isDraft,
    }
  }

  const review = (number: number, {id, by, state, body, commit: sha, submittedAtMs}: ReviewRecord) => ({
    id,
    node_id: nodeId('Review', id),
    user: userOrNull(by),
    body,
    state,
    html_url: `${html}/pull/${number}#pullrequestreview-${id}`,
    pull_request_url: `${root}/pulls/${number}`,
    _links: {
      html: {href: `${html}/pull/${number}#pullrequestreview-${id}`},
      pull_request: {href: `${root}/pulls/${number}`},
    },
    submitted_at: isoOf(submittedAtMs),
    commit_id: sha,
    author_association: 'MEMBER',
  })

  return {
    pullSimple,
    review,
    pull: (
      one: IssueRecord,
      pull: PullRecord,
      counts: {
        readonly comments: number
        readonly commits: number
        readonly files: number
        readonly mergeable: boolean
      },
    ) => ({
      ...pullSimple(one, pull),
      merged: pull.merged !== null,
      mergeable: pull.merged === null ? counts.mergeable : null,
      mergeable_state: counts.mergeable ? 'clean' : 'dirty',
      merged_by: pull.merged === null ? null : user(pull.merged.by),
      comments: counts.comments,
      review_comments: 0,
      maintainer_can_modify: false,
      commits: counts.commits,
      additions: 0,
      deletions: 0,
      changed_files: counts.files,
    }),
    /** The timeline alone tells when a review was changed. */
    reviewed: (number: number, one: ReviewRecord) => ({
      ...review(number, one),
      event: 'reviewed',
      user: user(one.by),
      state: one.state.toLowerCase(),
      updated_at: isoOf(one.updatedAtMs),
    }),
  }
}
