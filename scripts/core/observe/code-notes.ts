import type {Words} from '../model/words.js'
import type {CodeJudgement} from './find-missing-codes.js'

/** From here on it is no longer one member's trouble but the company's. */
const MANY_ADDS = 20
const MANY_SHARE = 0.2

/** What a reader should know of a judgement about missing codes: what it cannot see, and what concerns everybody. */
export function codeNotes({company, unjudged}: CodeJudgement): Words[] {
  const {adds, without} = company
  return [
    ...(adds === 0 ? [NO_ADDS] : []),
    ...(adds >= MANY_ADDS && without >= adds * MANY_SHARE ? [everywhere(without, adds)] : []),
    ...(unjudged > 0 ? [notJudged(unjudged)] : []),
  ]
}

const NO_ADDS: Words = {
  zh: '应答服务近三天没有报告新增客户，看不出后台是否给谁设了欢迎语',
  en: 'responders reported no added customers for three days, so nothing tells whether the console has a welcome for somebody',
}
const everywhere = (without: number, adds: number): Words => ({
  zh: `近三天全公司 ${adds} 次添加里有 ${without} 次没有 code：不是个别成员的事，看看后台是否给很多人设了欢迎语`,
  en: `${without} of the company's ${adds} adds of three days came without a code: that is nobody's in particular; see whether the console has a welcome for many`,
})
const notJudged = (count: number): Words => ({
  zh: `${count} 名成员有添加没有 code，但旧版应答服务的报告里没有他们的添加总数，无法判断`,
  en: `${count} members had adds without a code, but reports of an earlier responder do not count all of their adds: nothing can be said`,
})
