import type {Action, State, StepKind} from '../model/plan.js'
import type {Words} from '../model/words.js'

/** How one thing was brought back, in words. */
export interface Healed {
  readonly key: string
  readonly status: 'done' | 'failed' | 'skipped' | 'ambiguous'
  readonly says: Words
}

interface Ended extends Healed {
  readonly kind: StepKind
  readonly action: Action
}

/** A code that was made anew has another address: whatever was printed leads nowhere, and people must hear of it. */
export function healedRow({key, kind, action, status, says}: Ended, before: State, after: State): Healed {
  if (status !== 'done') return {key, status, says}
  if (kind !== 'contact-way') return {key, status, says: action === 'create' ? (MADE_ANEW[kind] ?? SET_BACK) : SET_BACK}
  if (action === 'update') return {key, status, says: SAME_CODE}
  return {key, status, says: newCode(before.resources[key]?.remoteId, after.resources[key]?.remoteId)}
}

const SET_BACK: Words = {zh: '已恢复成上次应用的样子', en: 'is again as it was applied last'}
const SAME_CODE: Words = {
  zh: '已改回上次应用的样子，二维码不变',
  en: 'is again as it was applied last; the QR code is the same',
}
const MADE_ANEW: Readonly<Partial<Record<StepKind, Words>>> = {
  'corp-tag': {
    zh: '已重新创建；从前打在客户身上的随旧标签一起没有了',
    en: 'was made anew; customers who carried the old one do not carry it',
  },
  'member-tag': {zh: '已重新创建', en: 'was made anew'},
  'group-welcome': {
    zh: '已重新创建，是一个新模板：选了旧模板的群要重新选',
    en: 'was made anew as another template: groups that had chosen the old one have to choose again',
  },
}

const newCode = (old = '?', made = '?'): Words => ({
  zh: `已重新创建：旧码 ${old} 失效，印出去的都要换；新码是 ${made}`,
  en: `was made anew: the old code ${old} is dead and everything printed with it must be replaced; the new one is ${made}`,
})
