import {createHash} from 'node:crypto'
import type {GitPerson} from './git-answers.js'
import type {StandInAccount} from './records.js'

/** What the shapes need to know of the world. */
export interface ShapeContext {
  /** API root without a slash at its end. */
  readonly api: string
  readonly owner: string
  readonly repo: string
  readonly account: (login: string) => StandInAccount | undefined
  readonly byEmail: (email: string) => StandInAccount | undefined
}

/** To the second, as GitHub writes times. */
export const isoOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

export const nodeId = (kind: string, id: number | string): string => Buffer.from(`${kind}:${id}`).toString('base64')

/** A number that stays the same for a name. */
export const numberOf = (name: string): number => createHash('sha256').update(name).digest().readUInt32BE(0)

const REPOSITORY_LINKS =
  'archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads events forks git_commits git_refs git_tags issue_comment issue_events issues keys labels languages merges milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees hooks'.split(
    ' ',
  )

/** Accounts and the repository itself. */
export function createRepositoryShapes({api, owner, repo, account, byEmail}: ShapeContext) {
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
    network_count: 0,
    subscribers_count: 0,
    pushed_at: '2026-01-01T00:00:00Z',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
  })

  return {root, html, owner, user, userOrNull, known, repository}
}

export type RepositoryShapes = ReturnType<typeof createRepositoryShapes>
