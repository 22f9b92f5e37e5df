import {createHash} from 'node:crypto'
import type {GitChange, GitCommit, GitPerson} from './git-repository.js'
import type {
  CommentRecord,
  DeploymentRecord,
  IssueRecord,
  PullRecord,
  ReviewRecord,
  StandInAccount,
  StatusRecord,
} from './records.js'

/** What the shapes need to know of the world. */
export interface ShapeContext {
  /** API root without a slash at its end. */
  readonly api: string
  readonly owner: string
  readonly repo: string
  readonly account: (login: string) => StandInAccount | undefined
  readonly byEmail: (email: string) => StandInAccount | undefined
}

export const isoOf = (ms: number): string => `${new Date(Math.floor(ms / 1000) * 1000).toISOString().slice(0, 19)}Z`

const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString('base64')

/** A number that stays the same for a name. */
const numberOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE(0)

const REPOSITORY_LINKS =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees hooks'.split(
    ' ',
  )

/** GitHub's JSON of everything it is asked for here, with every field its description requires. */
export function createShapes({api, owner, repo, account, byEmail}: ShapeContext) {
  const root = `${api}/repos/${owner}/${repo}`
  const html = `https://github.example/${owner}/${repo}`

  const user = (login: string) => {
    const url = `${api}/users/${encodeURIComponent(login)}`
    return {
      login,
      id: numberOf(login),
      node_id: nodeId('User', login),
      avatar_url: `https://avatars.github.example/${numberOf(login)}`,
      gravatar_id: '',
      url,
      html_url: `https://github.example/${encodeURIComponent(login)}`,
      followers_url: `${url}/followers`,
      following_url: `${url}/following{/other_user}`,
      gists_url: `${url}/gists{/gist_id}`,
      starred_url: `${url}/starred{/owner}{/repo}`,
      subscriptions_url: `${url}/subscriptions`,
      organizations_url: `${url}/orgs`,
      repos_url: `${url}/repos`,
      events_url: `${url}/events{/privacy}`,
      received_events_url: `${url}/received_events`,
      type: account(login)?.type ?? (login.endsWith('[bot]') ? 'Bot' : 'User'),
      site_admin: false,
    }
  }
  /** A deleted account is nobody. */
  const userOrNull = (login: string) => (account(login) ? user(login) : null)
  const known = ({email, name}: GitPerson) => {
    if (name === 'GitHub' && email === 'noreply@github.com') return user('web-flow')
    const found = byEmail(email)
    return found ? user(found.login) : null
  }

  const repository = (repositoryOwner = owner) => ({
    id: numberOf(`${repositoryOwner}/${repo}`),
    node_id: nodeId('Repository', `${repositoryOwner}/${repo}`),
    name: repo,
    full_name: `${repositoryOwner}/${repo}`,
    owner: user(repositoryOwner),
    private: true,
    html_url: `https://github.example/${repositoryOwner}/${repo}`,
    description: null,
    fork: repositoryOwner !== owner,
    url: `${api}/repos/${repositoryOwner}/${repo}`,
    ...Object.fromEntries(REPOSITORY_LINKS.map((name) => [`${name}_url`, `${root}/${name}`])),
    git_url: `git://github.example/${repositoryOwner}/${repo}.git`,
    ssh_url: `git@github.example:${repositoryOwner}/${repo}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    forks: 0,
    forks_count: 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    size: 0,
    default_branch: 'main',
    open_issues_count: 0,
    open_issues: 0,
    has_issues: true,
    has_projects: false,
    has_wiki: false,
    has_pages: false,
    has_downloads: false,
    has_discussions: false,
    archived: false,
    disabled: false,
    visibility: 'private',
    pushed_at: null,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  })

  const gitUser = ({name, email, atMs}: GitPerson) => ({name, email, date: isoOf(atMs)})
  const verification = {verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null}

  const file = ({status, path, previous, sha}: GitChange) => ({
    sha: status === 'removed' ? null : sha,
    filename: path,
    status,
    additions: 0,
    deletions: 0,
    changes: 0,
    blob_url: `${html}/blob/${encodeURIComponent(path)}`,
    raw_url: `${html}/raw/${encodeURIComponent(path)}`,
    contents_url: `${root}/contents/${encodeURIComponent(path)}`,
    ...(previous === undefined ? {} : {previous_filename: previous}),
  })

  const commit = (made: GitCommit) => ({
    url: `${root}/commits/${made.sha}`,
    sha: made.sha,
    node_id: nodeId('Commit', made.sha),
    html_url: `${html}/commit/${made.sha}`,
    comments_url: `${root}/commits/${made.sha}/comments`,
    commit: {
      url: `${root}/git/commits/${made.sha}`,
      author: gitUser(made.author),
      committer: gitUser(made.committer),
      message: made.message,
      comment_count: 0,
      tree: {sha: made.tree, url: `${root}/git/trees/${made.tree}`},
      verification,
    },
    author: known(made.author),
    committer: known(made.committer),
    parents: made.parents.map((sha) => ({sha, url: `${root}/commits/${sha}`, html_url: `${html}/commit/${sha}`})),
  })

  const gitCommit = (made: GitCommit) => ({
    sha: made.sha,
    node_id: nodeId('Commit', made.sha),
    url: `${root}/git/commits/${made.sha}`,
    html_url: `${html}/commit/${made.sha}`,
    author: gitUser(made.author),
    committer: gitUser(made.committer),
    message: made.message,
    tree: {sha: made.tree, url: `${root}/git/trees/${made.tree}`},
    parents: made.parents.map((sha) => ({sha, url: `${root}/git/commits/${sha}`, html_url: `${html}/commit/${sha}`})),
    verification,
  })

  const label = (name: string) => ({
    id: numberOf(`label ${name}`),
    node_id: nodeId('Label', name),
    url: `${root}/labels/${encodeURIComponent(name)}`,
    name,
    description: '',
    color: 'b60205',
    default: false,
  })

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

  const issue = (one: IssueRecord, comments: number) => ({
    id: numberOf(`issue ${one.number}`),
    node_id: nodeId('Issue', one.number),
    url: `${root}/issues/${one.number}`,
    repository_url: root,
    labels_url: `${root}/issues/${one.number}/labels{/name}`,
    comments_url: `${root}/issues/${one.number}/comments`,
    events_url: `${root}/issues/${one.number}/events`,
    html_url: `${html}/issues/${one.number}`,
    number: one.number,
    state: one.state,
    title: one.title,
    user: userOrNull(one.by),
    body: one.body,
    labels: one.labels.map(label),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: false,
    comments,
    closed_at: one.closedAtMs === null ? null : isoOf(one.closedAtMs),
    created_at: isoOf(one.createdAtMs),
    updated_at: isoOf(one.updatedAtMs),
    author_association: 'MEMBER',
    ...(one.pull
      ? {
          pull_request: {
            url: `${root}/pulls/${one.number}`,
            html_url: `${html}/pull/${one.number}`,
            diff_url: `${html}/pull/${one.number}.diff`,
            patch_url: `${html}/pull/${one.number}.patch`,
          },
        }
      : {}),
  })

  return {
    user,
    repository,
    commit,
    gitCommit,
    file,
    label,
    pullSimple,
    review,
    issue,
    commitWithFiles: (made: GitCommit, changes: readonly GitChange[]) => ({
      ...commit(made),
      stats: {additions: 0, deletions: 0, total: 0},
      files: changes.map(file),
    }),
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
    comment: ({id, on, by, body, createdAtMs, updatedAtMs}: CommentRecord) => ({
      id,
      node_id: nodeId('IssueComment', id),
      url: `${root}/issues/comments/${id}`,
      html_url: `${html}/issues/${on}#issuecomment-${id}`,
      issue_url: `${root}/issues/${on}`,
      user: userOrNull(by),
      body,
      created_at: isoOf(createdAtMs),
      updated_at: isoOf(updatedAtMs),
      author_association: 'MEMBER',
    }),
    status: ({id, sha, context, state, description, by, atMs}: StatusRecord) => ({
      url: `${root}/statuses/${sha}`,
      avatar_url: null,
      id,
      node_id: nodeId('Status', id),
      state,
      description,
      target_url: null,
      context,
      created_at: isoOf(atMs),
      updated_at: isoOf(atMs),
      creator: user(by),
    }),
    branch: (name: string, made: GitCommit, isProtected: boolean) => ({
      name,
      commit: commit(made),
      _links: {html: `${html}/tree/${name}`, self: `${root}/branches/${name}`},
      protected: isProtected,
      protection: {enabled: isProtected},
      protection_url: `${root}/branches/${name}/protection`,
    }),
    ref: (ref: string, sha: string) => ({
      ref,
      node_id: nodeId('Ref', ref),
      url: `${root}/git/${ref}`,
      object: {type: 'commit', sha, url: `${root}/git/commits/${sha}`},
    }),
    deployment: ({id, sha, ref, environment, by, atMs}: DeploymentRecord) => ({
      url: `${root}/deployments/${id}`,
      id,
      node_id: nodeId('Deployment', id),
      sha,
      ref,
      task: 'deploy',
      payload: {},
      environment,
      description: null,
      creator: user(by),
      created_at: isoOf(atMs),
      updated_at: isoOf(atMs),
      statuses_url: `${root}/deployments/${id}/statuses`,
      repository_url: root,
    }),
    root,
    html,
  }
}

export type Shapes = ReturnType<typeof createShapes>
