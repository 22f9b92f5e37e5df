import {findCommit, git, GitRefused} from './git-tree.js'

export interface DatedCommit {
  readonly commit: string
  /** Committer date. */
  readonly atMs: number
}

export interface BranchHistory {
  /** First parents of the ref, newest first, itself included. */
  readonly line: readonly DatedCommit[]
  /** The clone ends somewhere: what lies before the last commit of the line is not here. */
  readonly isShallow: boolean
}

/** What a branch was, one merge at a time. Throws GitRefused when there is no repository or no such ref. */
export function readBranchHistory(folder: string, ref: string): BranchHistory {
  const commit = findCommit(folder, ref)
  const lines = git(folder, 'read-history', ['log', '--first-parent', '--format=%H %ct', commit])
  return {
    line: lines.trim().split('\n').map(parseLine),
    isShallow: git(folder, 'read-history', ['rev-parse', '--is-shallow-repository']).trim() === 'true',
  }
}

/** A commit that `ref` rests on, with its date; `null` where it is unknown here or not part of its history. */
export function findPast(folder: string, ref: string, commit: string): DatedCommit | null {
  try {
    const found = findCommit(folder, commit)
    git(folder, 'read-history', ['merge-base', '--is-ancestor', found, findCommit(folder, ref)])
    return parseLine(git(folder, 'read-history', ['log', '-1', '--format=%H %ct', found]).trim())
  } catch (error) {
    if (error instanceof GitRefused && error.doing !== 'find-repository') return null
    throw error
  }
}

function parseLine(line: string): DatedCommit {
  const [commit = '', seconds = ''] = line.split(' ')
  return {commit, atMs: Number(seconds) * 1000}
}
