import {spawnSync} from 'node:child_process'
import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {
  EMPTY_TREE,
  type GitChange,
  type GitCommit,
  type GitEntry,
  type GitPerson,
  parseChanges,
  parseCommit,
  parseEntries,
  splitObjects,
} from './git-answers.js'

/** A bare repository on this disk, asked through git itself; nothing of this machine's settings matters. */
export interface GitRepository {
  /** Whether there is any object of that name. */
  has(sha: string): boolean
  /** `null` where git knows no commit of that name. */
  resolve(name: string): string | null
  readCommit(sha: string): GitCommit
  readCommits(shas: readonly string[]): GitCommit[]
  /** Commits reachable from the first names and from none of the others, newest first. */
  list(...names: readonly string[]): string[]
  /** `null` where there is no such tree. */
  readTree(sha: string, isRecursive: boolean): GitEntry[] | null
  /** `null` where there is no such blob. */
  readBlob(sha: string): Buffer | null
  writeBlob(content: Buffer): string
  /** Entries laid over a tree; a sha of `null` takes one away. `null` where git takes no such path, mode or object. */
  writeTree(base: string | null, entries: readonly WrittenEntry[]): string | null
  commit(commit: WrittenCommit): string
  setRef(ref: string, sha: string): void
  removeRef(ref: string): void
  /** What differs between two commits; `null` is the empty tree. */
  diff(from: string | null, to: string): GitChange[]
  mergeBase(a: string, b: string): string | null
  /** The tree of a three-way merge; `null` where it conflicts. */
  mergeTree(a: string, b: string): string | null
}

export interface WrittenCommit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: GitPerson
  readonly committer: GitPerson
}

export interface WrittenEntry {
  readonly path: string
  readonly mode: string
  readonly sha: string | null
}

const MAX_BYTES = 256 * 1024 * 1024
const NOTHING = '0'.repeat(40)

export function openGitRepository(folder: string): GitRepository {
  const run = (args: readonly string[], input?: string | Buffer, env: Readonly<Record<string, string>> = {}) =>
    spawnSync('git', ['-c', 'core.quotePath=false', ...args], {
      cwd: folder,
      maxBuffer: MAX_BYTES,
      ...(input === undefined ? {} : {input}),
      env: {PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', ...env},
    })
  const git = (args: readonly string[], input?: string | Buffer, env?: Readonly<Record<string, string>>): Buffer => {
    const {status, stdout, stderr, error} = run(args, input, env)
    if (status !== 0) throw new Error(`git ${args[0]}: ${error?.message ?? stderr.toString()}`)
    return stdout
  }
  const ask = (...args: readonly string[]): string | null => {
    const {status, stdout} = run(args)
    return status === 0 ? stdout.toString().trim() : null
  }
  /** A commit never changes. */
  const commits = new Map<string, GitCommit>()
  const readCommits = (shas: readonly string[]): GitCommit[] => {
    const unknown = shas.filter((sha) => !commits.has(sha))
    if (unknown.length > 0)
      for (const [sha, text] of splitObjects(git(['cat-file', '--batch'], unknown.join('\n') + '\n')))
        commits.set(sha, parseCommit(sha, text))
    return shas.flatMap((sha) => commits.get(sha) ?? [])
  }
  return {
    has: (sha) => ask('cat-file', '-e', sha) !== null,
    resolve: (name) => ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`),
    readCommits,
    readCommit: (sha) => {
      const [found] = readCommits([sha])
      if (!found) throw new Error(`git knows no commit ${sha}`)
      return found
    },
    list: (...names) =>
      git(['rev-list', '--topo-order', ...names, '--'])
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    readTree: (sha, isRecursive) => {
      const {status, stdout} = run(['ls-tree', '-z', '--long', ...(isRecursive ? ['-r', '-t'] : []), sha])
      return status === 0 ? parseEntries(stdout.toString()) : null
    },
    readBlob: (sha) => {
      const {status, stdout} = run(['cat-file', 'blob', sha])
      return status === 0 ? stdout : null
    },
    writeBlob: (content) => git(['hash-object', '-w', '--stdin'], content).toString().trim(),
    writeTree: (base, entries) => {
      const index = join(folder, `stand-in-${process.pid}.index`)
      const env = {GIT_INDEX_FILE: index}
      const laid = entries.map(({path, mode, sha}) => `${sha === null ? '0' : mode} ${sha ?? NOTHING}\t${path}\0`)
      try {
        const steps = [
          run(['read-tree', base ?? EMPTY_TREE], undefined, env),
          run(['update-index', '-z', '--replace', '--index-info'], laid.join(''), env),
          run(['write-tree'], undefined, env),
        ]
        // Of a path it does not take, git only says so.
        return steps.every(({status, stderr}) => status === 0 && stderr.length === 0)
          ? (steps.at(-1)?.stdout.toString().trim() ?? null)
          : null
      } finally {
        rmSync(index, {force: true})
      }
    },
    commit: ({tree, parents, message, author, committer}) =>
      git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent])], message, {
        GIT_AUTHOR_NAME: author.name,
        GIT_AUTHOR_EMAIL: author.email,
        GIT_AUTHOR_DATE: dateOf(author),
        GIT_COMMITTER_NAME: committer.name,
        GIT_COMMITTER_EMAIL: committer.email,
        GIT_COMMITTER_DATE: dateOf(committer),
      })
        .toString()
        .trim(),
    setRef: (ref, sha) => void git(['update-ref', ref, sha]),
    removeRef: (ref) => void git(['update-ref', '-d', ref]),
    diff: (from, to) =>
      parseChanges(git(['diff-tree', '-z', '-r', '-M', '--raw', '--no-commit-id', from ?? EMPTY_TREE, to]).toString()),
    mergeBase: (a, b) => ask('merge-base', a, b),
    mergeTree: (a, b) => ask('merge-tree', '--write-tree', '--no-messages', a, b),
  }
}

const dateOf = ({atMs}: GitPerson): string => `${Math.floor(atMs / 1000)} +0000`
