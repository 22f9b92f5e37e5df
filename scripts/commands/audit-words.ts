import type {Words} from '../core/model/words.js'

/** Help of `--reason` and `--who`, wherever a command writes into the audit. */
export const AUDIT_HELP = {
  reason: {zh: '为什么，记进审计', en: 'why; goes into the audit'},
  who: {zh: '谁在操作（默认 GITHUB_ACTOR）', en: 'who does it (default: GITHUB_ACTOR)'},
} satisfies Record<string, Words>
