/** Somebody who may sign in: a person, a machine, or an app. */
export interface StandInAccount {
  readonly login: string
  readonly email: string
  readonly token?: string
  readonly type?: 'User' | 'Bot'
  /** What it may do with the repository; `read` where absent. */
  readonly may?: 'read' | 'write' | 'admin'
  /** An app signs in with a JWT by this key (SPKI, PEM); its login ends in `[bot]`. */
  readonly app?: {readonly id: number; readonly installationId: number; readonly publicKeyPem: string}
}

export interface ReviewRecord {
  readonly id: number
  readonly by: string
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'
  body: string
  readonly commit: string
  readonly submittedAtMs: number
  updatedAtMs: number
}

export interface CommentRecord {
  readonly id: number
  readonly on: number
  readonly by: string
  body: string
  readonly createdAtMs: number
  updatedAtMs: number
}

/** A pull request is an issue with a branch. */
export interface IssueRecord {
  readonly number: number
  readonly by: string
  title: string
  body: string
  state: 'open' | 'closed'
  readonly labels: string[]
  readonly createdAtMs: number
  updatedAtMs: number
  closedAtMs: number | null
  readonly pull: PullRecord | null
}

export interface PullRecord {
  /** The branch, without `refs/heads/`. */
  readonly headRef: string
  head: string
  readonly baseRef: string
  /** Where the base branch stood when the request was last brought up to date. */
  base: string
  /** Owner of the fork it came from, if any. */
  readonly fork: string | null
  isDraft: boolean
  readonly reviews: ReviewRecord[]
  merged: {readonly atMs: number; readonly by: string; readonly sha: string; readonly commits: readonly string[]} | null
}

export interface StatusRecord {
  readonly id: number
  readonly sha: string
  readonly context: string
  readonly state: string
  readonly description: string | null
  readonly by: string
  readonly atMs: number
}

export interface DeploymentRecord {
  readonly id: number
  readonly sha: string
  readonly ref: string
  readonly environment: string
  readonly by: string
  readonly atMs: number
  readonly states: string[]
}
