import type {CodeHost} from '../core/ports.js'
import {HostRefused} from '../core/ports.js'
import {type Kit, type Repository, told} from './kit.js'

const PAGE = 100

/** The base branch's own line of commits. */
export function createHistoryCalls(kit: Kit, repository: Repository): Pick<CodeHost, 'commitAt' | 'readTip'> {
  return {
    readTip: (branch) =>
      told(() => kit.rest.repos.getBranch({...repository, branch}).then(({data}) => data.commit.sha)),
    /**
     * Follows first parents only: a commit of a side branch may carry any date, but was nobody's release. Pages are read until
     * the line reaches back far enough.
     */
    commitAt: async (from, atMs) => {
      const known = new Map<string, {readonly parent: string | undefined; readonly atMs: number}>()
      let next: string | undefined = from
      let last = from
      const pages = kit.paginate.iterator(kit.rest.repos.listCommits, {...repository, sha: from, per_page: PAGE})
      const iterator = pages[Symbol.asyncIterator]()
      for (;;) {
        const page = await told(() => iterator.next())
        const isOver = page.done === true
        for (const {sha, parents, commit} of isOver ? [] : page.value.data)
          known.set(sha, {parent: parents[0]?.sha, atMs: Date.parse(commit.committer?.date ?? '')})
        while (next !== undefined) {
          const commit = known.get(next)
          if (!commit) break
          if (commit.atMs <= atMs) return next
          last = next
          next = commit.parent
        }
        if (next === undefined) return last
        if (isOver) throw new HostRefused(null, 'GitHub does not show the whole line of commits')
      }
    },
  }
}
