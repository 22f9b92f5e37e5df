import {parseShare} from '../model/instant.js'
import type {Words} from '../model/words.js'
import type {WrittenPolicy} from '../model/written.js'
import type {Compared} from './compare-organization.js'

const DEFAULT_LIMIT = 0.2

/** A share of the company that leaves or moves at once is more often a wrong answer than a fact; exactly the limit passes. */
export function checkSize({touched, total}: Pick<Compared, 'touched' | 'total'>, {guard}: WrittenPolicy): Words | null {
  const limit = parseShare(guard?.deletions ?? DEFAULT_LIMIT)
  if (total === 0 || touched <= limit * total) return null
  const percent = `${Math.round(limit * 1000) / 10}%`
  return {
    zh: `会有 ${touched}/${total} 名成员离职、停用或调动，超过 ${percent}（policy.yaml 的 guard.deletions）：没有写`,
    en: `${touched}/${total} members would leave, be disabled or move, above ${percent} (guard.deletions of policy.yaml): nothing was written`,
  }
}

export const ACCEPT_LARGE: Words = {
  zh: '核对下面的名单；确实如此就加 --accept-large',
  en: 'check the list below; if it is so, add --accept-large',
}
