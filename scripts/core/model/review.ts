/** Somebody on the code host. A login is shown as its owner writes it and compared without regard to case. */
export interface Account {
  readonly login: string
  /** An app or machine: it may propose changes, and its approval counts for nothing. */
  readonly isBot: boolean
}

export interface PullRequest {
  readonly number: number
  readonly author: Account
  readonly state: 'open' | 'closed' | 'merged'
  readonly isDraft: boolean
  readonly isFork: boolean
  /** The newest commit of the proposal. */
  readonly head: string
  /** The tip of the base branch while the request is open; after the merge, the commit the branch stood at before it. */
  readonly base: string
  readonly baseRef: string
  /** The branch that ships; a request into any other decides nothing. */
  readonly defaultBranch: string
  readonly mergedAtMs: number | null
  readonly mergeCommit: string | null
  readonly labels: readonly string[]
}

/** One commit of a proposal with everybody who had a hand in it. */
export interface ProposedCommit {
  readonly sha: string
  /** Author, committer (unless the host itself committed) and co-authors; `login: null` where the host knows nobody by that address. */
  readonly people: readonly (Account | {readonly login: null; readonly isBot: false})[]
  /** Paths from the top of the repository, old names of renamed files included. */
  readonly files: readonly string[]
}

export interface Review {
  readonly id: number
  readonly by: Account
  readonly state: 'approved' | 'changes-requested' | 'dismissed' | 'commented'
  /** The commit that was looked at. */
  readonly commit: string
  readonly submittedAtMs: number
  /** Its text was changed after it was submitted. */
  readonly isEdited: boolean
}

export interface ReviewComment {
  readonly id: number
  readonly by: Account
  /** As written by anybody: data, never markup or code of ours. */
  readonly body: string
  readonly createdAtMs: number
  readonly isEdited: boolean
}

/** A commit status: nobody can change one, and the host vouches for who made it and when. */
export interface CommitNote {
  readonly context: string
  readonly state: 'success' | 'failure' | 'pending' | 'error'
  readonly description: string
  readonly by: Account
  readonly atMs: number
}
