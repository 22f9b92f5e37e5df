import type {PromotedRelease} from '../model/plan.js'
import {plainLine} from '../model/plain-line.js'
import {renderInstant, zoneOf} from '../model/zone.js'
import type {PastRollback} from './history.js'

/** What a proposal to go back is about. */
export interface Revert {
  /** Digest of the release that the branch holds and nobody shall hear. */
  readonly takenBack: string
  /** What is said now. */
  readonly said: PromotedRelease
  /** The release the branch would make once this is merged; `null` when it makes none. */
  readonly becomes: string | null
  /** The rollback it follows; `null` when the audit does not know it. */
  readonly rollback: PastRollback | null
  /** Paths under the configuration folder. */
  readonly files: readonly string[]
}

const DIGEST_SHOWN = 12
const MOST_FILES = 50
const LONGEST_REASON = 200
const short = (digest: string): string => digest.slice(0, DIGEST_SHOWN)

/** Title and body of the pull request, Chinese first. Merging it changes no welcome. */
export function renderRevert({takenBack, said, becomes, rollback, files}: Revert): {title: string; body: string} {
  const {number, digest, commit} = said
  const shown = files.slice(0, MOST_FILES).map((file) => `- \`${file.replaceAll('`', '')}\``)
  const more = files.length - shown.length
  return {
    title: `还原到第 ${number} 号发布 · Back to release ${number}`,
    body: [
      `线上已退回第 ${number} 号发布（\`${short(digest)}\`，提交 \`${commit ?? ''}\`），主干还是被退下的 \`${short(takenBack)}\`。`,
      '合并这个请求，主干就和线上一致：客户听到的话不变；活码、标签和入群欢迎语若随那次发布改过，会照计划改回去。',
      '',
      `Customers hear release ${number} (\`${short(digest)}\`) again; the branch still holds \`${short(takenBack)}\`, which was taken back.`,
      'Merging this makes the branch say what is said: what customers hear stays; contact ways, tags and group welcomes that came with that release go back as the plan says.',
      '',
      ...(rollback ? [...whyLines(rollback), ''] : []),
      ...(becomes === digest ? [] : [...OTHER_RELEASE, '']),
      ...shown,
      ...(more > 0 ? [`- … +${more}`] : []),
      '',
      '组织镜像、权限和策略保持现状 · The mirror, the rights and the policy stay as they are.',
      '',
    ].join('\n'),
  }
}

function whyLines({atMs, who, by, reason}: PastRollback): string[] {
  const at = renderInstant(atMs, zoneOf('UTC'))
  const plainReason = reason === null ? '' : plainLine(reason, LONGEST_REASON).replace(/[`@#<>[\]]/g, ' ')
  return by === 'canary'
    ? [`灰度回滚 · rolled back by its canary: ${at}`]
    : [`回退 · rolled back: ${at}, \`${who.replaceAll('`', '')}\`: ${plainReason}`]
}

const OTHER_RELEASE = [
  '⚠ 镜像或权限之后变过，合并后的发布和线上不是逐字节相同，会再走一次计划和灰度。',
  '⚠ The mirror or the rights changed since: the merged configuration makes another release, which will be planned and canaried.',
]
