import {checkAuthorRights} from '../../../core/gate/author-rights.js'
import {createRights} from '../../../core/gate/rights.js'
import {createTargetFinder} from '../../../core/gate/touched-departments.js'
import type {Change} from '../../../core/model/change.js'
import type {Config} from '../../../core/model/config.js'

/** Who may propose these changes, by the grants of the base; where nobody may do all of them, whoever lacks least. */
export function findAuthor(
  base: Config,
  head: Config,
  changes: readonly Change[],
  nowMs: number,
): {readonly login: string; readonly lacks: number} | null {
  const rights = createRights(base, nowMs)
  const targetOf = createTargetFinder(base, head, nowMs)
  const logins = (base.organization.value.members ?? []).flatMap(({github}) => github ?? [])
  const lacks = (login: string): number =>
    checkAuthorRights({
      pull: {author: {login, isBot: false}},
      commits: [],
      changes,
      rights,
      targetOf,
      folder: 'config',
    }).length
  const ranked = logins.map((login) => ({login, lacks: lacks(login)})).sort((a, b) => a.lacks - b.lacks)
  return ranked[0] ?? null
}
