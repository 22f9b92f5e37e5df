import type {Lock} from '../model/lock.js'
import type {State} from '../model/plan.js'
import {isRolledAway} from '../model/rolled-away.js'

const DIGEST_SHOWN = 12

/** As people write it in a comment, and as a token names it. */
export const quarantineScope = (release: string): string => `quarantine:${release.slice(0, DIGEST_SHOWN)}`

/**
 * A release that its canary rolled back ships again only when two people say so: their word stands against the evidence. What
 * everybody heard once and was taken back is no matter of a gate; `rollback` goes back to it.
 */
export function quarantineLock(release: string, state: Pick<State, 'quarantined' | 'promoted'>): Lock | null {
  if (!state.quarantined.includes(release) || isRolledAway(state, release)) return null
  const scope = quarantineScope(release)
  return {
    scope,
    kind: 'quarantine',
    ...{changed: 1, total: 1, limit: 0, places: []},
    says: {
      zh: `这个发布（${release.slice(0, DIGEST_SHOWN)}）被灰度回滚过，原样再发布等于否决灰度的结论`,
      en: `a canary rolled this release (${release.slice(0, DIGEST_SHOWN)}) back; shipping it unchanged overrides what the canary found`,
    },
    fix: {
      zh: `改好再提一个合并请求；确认是误判，就由两个部门各一人评论 /yingbin unlock ${scope} 原因`,
      en: `mend it in another pull request; if the canary was wrong, one person of each of two departments comments /yingbin unlock ${scope} REASON`,
    },
  }
}
