import type {GitRepository} from './git-repository.js'

const ONLY_SHAS = /^(?:\^?[0-9a-f]{40},?)+$/

/**
 * Asks git once about objects named by their sha, which never change; starting git is what costs time here. What is named
 * otherwise, or is not there yet, is asked for every time.
 */
export function rememberObjects(git: GitRepository): GitRepository {
  const commits = new Set<string>()
  const lists = memory<readonly string[]>()
  const trees = memory<NonNullable<ReturnType<GitRepository['readTree']>>>()
  const changes = memory<ReturnType<GitRepository['diff']>>()
  const bases = memory<string>()
  const merges = memory<string>()
  return {
    ...git,
    resolve: (name) => {
      if (commits.has(name)) return name
      const sha = git.resolve(name)
      if (sha !== null) commits.add(sha)
      return sha
    },
    list: (...names) => [...(lists(names.join(), () => git.list(...names)) ?? [])],
    readTree: (sha, isRecursive) =>
      isRecursive ? trees(sha, () => git.readTree(sha, true)) : git.readTree(sha, false),
    diff: (from, to) => changes(from === null ? to : `${from},${to}`, () => git.diff(from, to)) ?? [],
    mergeBase: (a, b) => bases(`${a},${b}`, () => git.mergeBase(a, b)),
    mergeTree: (a, b) => merges(`${a},${b}`, () => git.mergeTree(a, b)),
  }
}

function memory<T>() {
  const known = new Map<string, T>()
  return (key: string, ask: () => T | null): T | null => {
    const remembered = known.get(key)
    if (remembered !== undefined) return remembered
    const answer = ask()
    if (answer !== null && ONLY_SHAS.test(key)) known.set(key, answer)
    return answer
  }
}
