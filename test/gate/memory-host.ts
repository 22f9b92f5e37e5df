import {join} from 'node:path'
import type {CommitNote, ProposedCommit, PullRequest, Review, ReviewComment} from '../../scripts/core/model/review.js'
import type {CodeHost} from '../../scripts/core/ports.js'
import {aConfig, type Changes, writeInto} from '../support/a-config.js'
import {aCommit, HEAD, pullRequest} from './a-gate.js'

export const BASE = 'c'.repeat(40)
const GATE = {login: 'yingbin-gate[bot]', isBot: true}

/** One pull request on a code host that remembers everything in memory. */
export interface MemoryHost extends CodeHost {
  pull: PullRequest
  /** Configuration files by commit, changed from the small start. */
  readonly trees: Map<string, Changes>
  readonly reviews: Review[]
  readonly comments: ReviewComment[]
  readonly statuses: CommitNote[]
  readonly kept: Map<string, string>
  readonly labels: Set<string>
  commits: ProposedCommit[]
  changedFiles: string[]
  /** First-parent commits of the base branch with their times, newest first. */
  readonly line: {readonly sha: string; readonly atMs: number}[]
  /** Every write, in order. */
  readonly writes: string[]
}

export function createMemoryHost(nowMs: () => number): MemoryHost {
  let pull = pullRequest({base: BASE})
  const host: MemoryHost = {
    get pull() {
      return pull
    },
    set pull(next) {
      pull = next
    },
    trees: new Map(),
    reviews: [],
    comments: [],
    statuses: [],
    kept: new Map(),
    labels: new Set(),
    commits: [aCommit('xiao-wen', 'templates/hello.yaml')],
    changedFiles: ['config/templates/hello.yaml'],
    line: [{sha: BASE, atMs: 0}],
    writes: [],
    ownLogin: () => Promise.resolve(GATE.login),
    readPull: () => Promise.resolve(host.pull),
    findPullOf: () => Promise.resolve(host.pull.number),
    readCommits: () => Promise.resolve(host.commits),
    readChangedFiles: () => Promise.resolve(host.changedFiles),
    readReviews: () => Promise.resolve(host.reviews),
    readComments: () => Promise.resolve(host.comments),
    countBehind: () => Promise.resolve(0),
    readStatuses: (commit, context) =>
      Promise.resolve(commit === HEAD ? host.statuses.filter((note) => note.context === context) : []),
    writeStatus: (_commit, status) => {
      host.writes.push(`status ${status.context} ${status.state}`)
      host.statuses.unshift({...status, by: GATE, atMs: nowMs()})
      return Promise.resolve()
    },
    keepComment: (_number, marker, body) => {
      host.writes.push('comment')
      host.kept.set(marker, body)
      return Promise.resolve()
    },
    addComment: () => Promise.resolve(),
    setLabel: (_number, label, isOn) => {
      if (isOn) host.labels.add(label)
      else host.labels.delete(label)
      return Promise.resolve()
    },
    readFolder: (commit, folder, target) => {
      const changes = host.trees.get(commit)
      if (!changes || folder !== 'config') throw new Error(`there is no ${folder} at ${commit}`)
      for (const [path, text] of Object.entries(aConfig(changes))) writeInto(target, join('.', path), text)
      return Promise.resolve()
    },
    commitAt: (_from, atMs) =>
      Promise.resolve((host.line.find((commit) => commit.atMs <= atMs) ?? host.line.at(-1))?.sha ?? BASE),
    readTip: () => Promise.resolve(BASE),
    propose: () => Promise.resolve(null),
    keepIssue: () => Promise.resolve(),
    readIssue: () => Promise.reject(new Error('there are no issues here')),
  }
  return host
}
