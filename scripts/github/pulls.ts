import type {ProposedCommit, PullRequest, Review} from '../core/model/review.js'
import {type CodeHost, HostRefused} from '../core/ports.js'
import {accountOf} from './accounts.js'
import {addressBook, peopleOf} from './co-authors.js'
import {type Kit, type Repository, told} from './kit.js'

const PAGE = 100
/** GitHub shows no more files of one commit, and does not tell how many there are. */
const MOST_FILES = 3000

type PullCalls = Pick<
  CodeHost,
  'readPull' | 'findPullOf' | 'readCommits' | 'readChangedFiles' | 'readReviews' | 'countBehind'
>

/** What the gate reads of a pull request. Nothing is decided on a part: where GitHub shows only the first of a list, it is refused. */
export function createPullCalls(kit: Kit, repository: Repository): PullCalls {
  const {pulls, repos, issues} = kit.rest
  const get = (number: number) => told(() => pulls.get({...repository, pull_number: number}).then(({data}) => data))
  const pullsOf = (sha: string) =>
    told(() =>
      kit.paginate(repos.listPullRequestsAssociatedWithCommit, {...repository, commit_sha: sha, per_page: PAGE}),
    )

  /** The newest commit of the branch that is not of this pull request: rebase merges put many of its own there. */
  async function commitBefore(merged: string, number: number): Promise<string> {
    let sha = merged
    for (;;) {
      const {parents} = await told(() => repos.getCommit({...repository, ref: sha}).then(({data}) => data))
      const [first] = parents
      if (!first) throw new HostRefused(null, `pull request ${number} has no commit before it`)
      sha = first.sha
      if (!(await pullsOf(sha)).some((pull) => pull.number === number)) return sha
    }
  }

  return {
    readPull: async (number): Promise<PullRequest> => {
      const pull = await get(number)
      const isMerged = pull.merged
      const base = isMerged
        ? await commitBefore(pull.merge_commit_sha ?? pull.head.sha, number)
        : await told(() => repos.getBranch({...repository, branch: pull.base.ref}).then(({data}) => data.commit.sha))
      return {
        number,
        author: accountOf(pull.user),
        state: isMerged ? 'merged' : pull.state === 'open' ? 'open' : 'closed',
        isDraft: pull.draft ?? false,
        isFork: pull.head.repo?.full_name !== pull.base.repo.full_name,
        head: pull.head.sha,
        base,
        baseRef: pull.base.ref,
        defaultBranch: pull.base.repo.default_branch,
        mergedAtMs: pull.merged_at === null ? null : Date.parse(pull.merged_at),
        mergeCommit: isMerged ? pull.merge_commit_sha : null,
        labels: pull.labels.map(({name}) => name),
      }
    },
    findPullOf: async (commit) => {
      const found = (await pullsOf(commit)).filter(({base}) => base.ref === base.repo.default_branch)
      const merged = found
        .filter(({merged_at: mergedAt}) => typeof mergedAt === 'string')
        .sort((one, other) => Number(other.merge_commit_sha === commit) - Number(one.merge_commit_sha === commit))[0]
      const open = found.find(({state, head}) => state === 'open' && head.sha === commit)
      return (merged ?? open)?.number ?? null
    },
    readCommits: async (number): Promise<ProposedCommit[]> => {
      const {commits: count} = await get(number)
      const listed = await told(() =>
        kit.paginate(pulls.listCommits, {...repository, pull_number: number, per_page: PAGE}),
      )
      whole(listed.length, count, 'commits')
      const known = addressBook(listed)
      const proposed: ProposedCommit[] = []
      for (const commit of listed)
        proposed.push({sha: commit.sha, people: peopleOf(commit, known), files: await filesOf(commit.sha)})
      return proposed
    },
    readChangedFiles: async (number) => {
      const {changed_files: count} = await get(number)
      const files = await told(() =>
        kit.paginate(pulls.listFiles, {...repository, pull_number: number, per_page: PAGE}),
      )
      whole(files.length, count, 'files')
      return files.flatMap(namesOf)
    },
    readReviews: async (number): Promise<Review[]> => {
      const reviews = await told(() =>
        kit.paginate(pulls.listReviews, {...repository, pull_number: number, per_page: PAGE}),
      )
      const events = await told(() =>
        kit.paginate(issues.listEventsForTimeline, {...repository, issue_number: number, per_page: PAGE}),
      )
      const edited = new Map(events.flatMap(reviewOnTimeline))
      return reviews.flatMap((review): Review[] => {
        const state = STATES[review.state]
        if (!state || review.submitted_at === undefined) return []
        const id = Number(review.id)
        return [
          {
            id,
            by: accountOf(review.user),
            state,
            commit: review.commit_id ?? '',
            submittedAtMs: Date.parse(review.submitted_at),
            // What the timeline does not show, nothing vouches for.
            isEdited: edited.get(id) ?? true,
          },
        ]
      })
    },
    countBehind: (base, head) =>
      told(() =>
        repos
          .compareCommitsWithBasehead({...repository, basehead: `${base}...${head}`})
          .then(({data}) => data.behind_by),
      ),
  }

  async function filesOf(sha: string): Promise<string[]> {
    const pages = await told(() =>
      kit.paginate(repos.getCommit, {...repository, ref: sha, per_page: PAGE}, ({data}) => [data] as never[]),
    )
    const files = (pages as readonly {files?: readonly NamedFile[]}[]).flatMap((page) => page.files ?? [])
    if (files.length >= MOST_FILES)
      throw new HostRefused(null, `GitHub may show only a part of the files of commit ${sha}; make it smaller`)
    return files.flatMap(namesOf)
  }
}

interface NamedFile {
  readonly filename: string
  readonly previous_filename?: string | undefined
}

const namesOf = ({filename, previous_filename: previous}: NamedFile): string[] =>
  previous === undefined ? [filename] : [filename, previous]

/** Pending reviews are nobody's word yet. */
const STATES: Readonly<Record<string, Review['state']>> = {
  APPROVED: 'approved',
  CHANGES_REQUESTED: 'changes-requested',
  DISMISSED: 'dismissed',
  COMMENTED: 'commented',
}

/** A review's own time of change may lag behind its submission by as much. */
const SETTLE_MS = 2000

/** Reviews themselves tell no time of change; their entry on the timeline does: id, and whether the text was changed. */
function reviewOnTimeline(event: object): [id: number, isEdited: boolean][] {
  const {event: kind, id, submitted_at: submitted, updated_at: updated} = event as Readonly<Record<string, unknown>>
  if (kind !== 'reviewed' || typeof id !== 'number') return []
  const isEdited =
    typeof updated === 'string' &&
    typeof submitted === 'string' &&
    Date.parse(updated) - Date.parse(submitted) > SETTLE_MS
  return [[id, isEdited]]
}

function whole(read: number, count: number, what: string): void {
  if (read < count)
    throw new HostRefused(null, `GitHub shows only ${read} of ${count} ${what}; make the pull request smaller`)
}
