/** What git prints, read: commits, trees and differences. */
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

export interface GitEntry {
  readonly path: string
  readonly mode: string
  readonly type: string
  readonly sha: string
  readonly size?: number
}

export interface GitChange {
  readonly status: 'added' | 'removed' | 'modified' | 'renamed'
  readonly path: string
  readonly previous?: string
  readonly sha: string
}

export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Of `ls-tree -z --long`. */
export const parseEntries = (listed: string): GitEntry[] =>
  listed.split('\0').flatMap((line): GitEntry[] => {
    const [, mode = '', type = '', sha = '', size = '', path = ''] =
      /^(\d+) (\w+) (\w+)\s+(\S+)\t([\s\S]+)$/.exec(line) ?? []
    return path === '' ? [] : [{path, mode, type, sha, ...(type === 'blob' ? {size: Number(size)} : {})}]
  })

/** Of `cat-file --batch`: `sha type size`, the bytes, a line end. */
export function splitObjects(printed: Buffer): Map<string, string> {
  const found = new Map<string, string>()
  for (let at = 0; at < printed.length;) {
    const line = printed.indexOf('\n', at)
    const [sha = '', , size] = printed.toString('latin1', at, line).split(' ')
    const end = line + 1 + Number(size)
    found.set(sha, printed.toString('utf8', line + 1, end))
    at = end + 1
  }
  return found
}

export function parseCommit(sha: string, text: string): GitCommit {
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

/** Of `diff-tree -z --raw`: `:100644 100644 sha sha M\0path\0`, renames with two paths. */
export function parseChanges(printed: string): GitChange[] {
  const parts = printed.split('\0')
  const changes: GitChange[] = []
  for (let at = 0; parts[at]?.startsWith(':');) {
    const [, , , sha = '', letter = ''] = (parts[at++] ?? '').split(' ')
    const status = STATUSES[letter.charAt(0)]
    const path = parts[at++] ?? ''
    if (status === 'renamed') changes.push({status, path: parts[at++] ?? '', previous: path, sha})
    else if (status) changes.push({status, path, sha})
  }
  return changes
}
