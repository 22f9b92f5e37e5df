import {spawnSync} from 'node:child_process'

/** A bare repository on this disk, asked through git itself; nothing of this machine's settings matters. */
export interface GitRepository {
  /** `null` where git does not know the name. */
  resolve(name: string): string | null
  readCommit(sha: string): GitCommit
  /** Commits reachable from the first names and from none of the others, newest first. */
  list(...names: readonly string[]): string[]
  readTree(sha: string, isRecursive: boolean): GitEntry[]
  readBlob(sha: string): Buffer
  writeBlob(content: Buffer): string
  /** Entries laid over a tree; a sha of `null` takes one away. */
  writeTree(base: string | null, entries: readonly WrittenEntry[]): string
  commit(commit: WrittenCommit): string
  setRef(ref: string, sha: string): void
  /** What differs between two commits; `null` is the empty tree. */
  diff(from: string | null, to: string): GitChange[]
  mergeBase(a: string, b: string): string | null
  /** The tree of a three-way merge; `null` where it conflicts. */
  mergeTree(a: string, b: string): string | null
}

export interface GitPerson {
  readonly name: string
  readonly email: string
  readonly atMs: number
}

export interface GitCommit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: GitPerson
  readonly committer: GitPerson
  readonly message: string
}

export interface WrittenCommit {
  readonly tree: string
  readonly parents: readonly string[]
  readonly message: string
  readonly author: GitPerson
  readonly committer: GitPerson
}

export interface GitEntry {
  readonly path: string
  readonly mode: string
  readonly type: string
  readonly sha: string
  readonly size?: number
}

export interface WrittenEntry {
  readonly path: string
  readonly mode: string
  readonly sha: string | null
}

export interface GitChange {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed'
  readonly path: string
  readonly previous?: string
  readonly sha: string
}

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
const MAX_BYTES = 256 * 1024 * 1024

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
  const lines = (args: readonly string[]): string[] =>
    git(args)
      .toString()
      .split('\n')
      .filter((line) => line !== '')
  const resolve = (name: string): string | null => {
    const {status, stdout} = run(['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`])
    return status === 0 ? stdout.toString().trim() : null
  }
  const readTree = (sha: string, isRecursive: boolean): GitEntry[] =>
    git(['ls-tree', '-z', '--long', ...(isRecursive ? ['-r', '-t'] : []), sha])
      .toString()
      .split('\0')
      .flatMap((line): GitEntry[] => {
        const [, mode = '', type = '', entry = '', size = '', path = ''] =
          /^(\d+) (\w+) (\w+)\s+(\S+)\t([\s\S]+)$/.exec(line) ?? []
        return path === '' ? [] : [{path, mode, type, sha: entry, ...(type === 'blob' ? {size: Number(size)} : {})}]
      })
  return {
    resolve,
    readTree,
    readCommit: (sha) => parseCommit(sha, git(['cat-file', 'commit', sha]).toString()),
    list: (...names) => lines(['rev-list', '--topo-order', ...names, '--']),
    readBlob: (sha) => git(['cat-file', 'blob', sha]),
    writeBlob: (content) => git(['hash-object', '-w', '--stdin'], content).toString().trim(),
    writeTree: (base, entries) => writeTree(git, readTree, base, entries),
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
    diff: (from, to) =>
      git(['diff-tree', '-z', '-r', '-M', '--raw', '--no-commit-id', from ?? EMPTY_TREE, to])
        .toString()
        .split(':')
        .flatMap(parseChange),
    mergeBase: (a, b) => {
      const {status, stdout} = run(['merge-base', a, b])
      return status === 0 ? stdout.toString().trim() : null
    },
    mergeTree: (a, b) => {
      const {status, stdout} = run(['merge-tree', '--write-tree', '--no-messages', a, b])
      return status === 0 ? stdout.toString().trim() : null
    },
  }
}

const dateOf = ({atMs}: GitPerson): string => `${Math.floor(atMs / 1000)} +0000`

function parseCommit(sha: string, text: string): GitCommit {
  const split = text.indexOf('\n\n')
  const head = text.slice(0, split).split('\n')
  const valueOf = (name: string): string =>
    head.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? ''
  return {
    sha,
    tree: valueOf('tree'),
    parents: head.filter((line) => line.startsWith('parent ')).map((line) => line.slice('parent '.length)),
    author: parsePerson(valueOf('author')),
    committer: parsePerson(valueOf('committer')),
    message: text.slice(split + 2),
  }
}

function parsePerson(written: string): GitPerson {
  const [, name = '', email = '', seconds = '0'] = /^(.*) <([^>]*)> (\d+) [+-]\d+$/.exec(written) ?? []
  return {name, email, atMs: Number(seconds) * 1000}
}

const STATUSES: Readonly<Record<string, GitChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  T: 'modified',
  R: 'renamed',
}

/** `100644 100644 sha sha M\0path\0`, renames with two paths. */
function parseChange(record: string): GitChange[] {
  const [head = '', first, second] = record.split('\0')
  const [, , , sha = '', letter = ''] = head.split(' ')
  const status = STATUSES[letter.charAt(0)]
  if (!status || first === undefined) return []
  return status === 'renamed' ? [{status, path: second ?? '', previous: first, sha}] : [{status, path: first, sha}]
}

/** Git has no command that lays paths over a tree without an index; the index is one file, thrown away afterwards. */
function writeTree(
  git: (args: readonly string[], input?: string, env?: Readonly<Record<string, string>>) => Buffer,
  readTree: GitRepository['readTree'],
  base: string | null,
  entries: readonly WrittenEntry[],
): string {
  const files = new Map<string, {mode: string; sha: string}>()
  for (const {path, mode, type, sha} of base === null ? [] : readTree(base, true))
    if (type !== 'tree') files.set(path, {mode, sha})
  for (const {path, mode, sha} of entries)
    if (sha === null) files.delete(path)
    else files.set(path, {mode, sha})
  return makeTree(
    git,
    [...files].map(([path, {mode, sha}]) => ({path, mode, sha})),
  )
}

interface File {
  readonly path: string
  readonly mode: string
  readonly sha: string
}

/** Folder by folder, the deepest first. */
function makeTree(git: (args: readonly string[], input?: string) => Buffer, files: readonly File[]): string {
  const here: string[] = []
  const below = new Map<string, File[]>()
  for (const {path, mode, sha} of files) {
    const slash = path.indexOf('/')
    if (slash < 0) here.push(`${mode} blob ${sha}\t${path}`)
    else {
      const name = path.slice(0, slash)
      below.set(name, [...(below.get(name) ?? []), {path: path.slice(slash + 1), mode, sha}])
    }
  }
  for (const [name, inside] of below) here.push(`040000 tree ${makeTree(git, inside)}\t${name}`)
  return git(['mktree', '-z'], here.map((line) => `${line}\0`).join(''))
    .toString()
    .trim()
}
