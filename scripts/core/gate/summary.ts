import type {Language, Words} from '../model/words.js'
import type {GateVerdict} from './evaluate-gate.js'

const LOCKED: Words = {zh: '已锁定', en: 'locked'}

/** The verdict in one line, for the list of checks. */
export function summaryOf(verdict: GateVerdict, language: Language): string {
  const zh = language === 'zh'
  const locks = verdict.unlocks.states.filter(({isOpen}) => !isOpen).length
  const missing = verdict.needs.reduce((sum, need) => sum + need.missing, 0)
  if (verdict.isEmpty && verdict.holds)
    return zh ? '配置没有语义上的改动' : 'the configuration does not change in meaning'
  if (verdict.holds) return zh ? '可以合并' : 'ready to merge'
  if (locks > 0) return `${LOCKED[language]}${zh ? `：${locks} 处` : `: ${locks}`}`
  return missing > 0
    ? zh
      ? `还差 ${missing} 位审批人`
      : `${missing} approvals missing`
    : zh
      ? '还不能合并，原因见评论'
      : 'not ready to merge; the comment says why'
}

/** Whether an earlier line of ours said that something is locked. */
export const saysLocked = (summary: string): boolean =>
  Object.values(LOCKED).some((word: string) => summary.startsWith(word))
