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
  /** What the timeline tells beside commits, comments and reviews. */
  readonly events: EventRecord[]
  readonly pull: PullRecord | null
}

export interface PullRecord {
  /** The branch, without `refs/heads/`. */
  readonly headRef: string
  head: string
  readonly baseRef: string
  /** Where the base branch stood when the request was opened or last pushed to; a merge leaves it. */
  base: string
  /** Owner of the fork it came from, if any. */
  readonly fork: string | null
  isDraft: boolean
  readonly reviews: ReviewRecord[]
  merged: MergeRecord | null
}

export interface MergeRecord {
  readonly atMs: number
  readonly by: string
  readonly sha: string
  /** Where the base branch stood just before. */
  readonly onto: string
  /** What the request held, oldest first. */
  readonly commits: readonly string[]
}

export interface EventRecord {
  readonly id: number
  readonly event: 'labeled' | 'unlabeled' | 'closed' | 'reopened' | 'merged' | 'review_dismissed'
  readonly by: string
  readonly atMs: number
  readonly label?: string
  readonly commit?: string
  readonly review?: number
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
  readonly states: DeploymentStateRecord[]
}

export interface DeploymentStateRecord {
  readonly id: number
  readonly state: string
  readonly description: string
  readonly by: string
  readonly atMs: number
}
