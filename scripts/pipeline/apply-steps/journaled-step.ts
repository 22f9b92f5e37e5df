import {canExistTwice} from '../../core/apply/can-exist-twice.js'
import type {JournalEntry, Step} from '../../core/model/plan.js'
import type {Words} from '../../core/model/words.js'
import {AnswerLost, Refused, type Store} from '../../core/ports.js'
import {performStep} from './perform-step.js'
import type {StepReport, StepStatus} from './run-steps.js'
import {StepFailed, type StepTools} from './step-tools.js'

export interface JournalTools {
  readonly store: Pick<Store, 'appendJournal'>
  readonly planDigest: string
}

type Outcome = Omit<StepReport, 'key' | 'kind' | 'action'>

/** Intent → call → result: whatever happens between two lines of the journal, the next run can tell. */
export async function performJournaled(step: Step, tools: StepTools, journal: JournalTools): Promise<StepReport> {
  const line = () => ({at: tools.clock.nowMs(), plan: journal.planDigest, key: step.key})
  const write = (entry: JournalEntry) => journal.store.appendJournal(entry)
  const intend = () => write({...line(), event: 'intent', action: step.action})
  const report = (outcome: Outcome): StepReport => ({
    key: step.key,
    kind: step.kind,
    action: step.action,
    ...outcome,
  })
  try {
    const performed = await performStep(step, tools, intend)
    await write({...line(), event: 'done', ...performed})
    return report({status: 'done', says: DONE})
  } catch (error) {
    if (error instanceof AnswerLost && canExistTwice(step)) {
      await write({...line(), event: 'ambiguous'})
      return report(inDoubt(step))
    }
    const {outcome, holds} = failure(error)
    const errcode = outcome.errcode === undefined ? {} : {errcode: outcome.errcode}
    await write({...line(), event: 'failed', says: outcome.says.en, ...errcode, ...holds})
    return report(outcome)
  }
}

/** What kind of failure an error is. An error that is none of the expected ones is thrown on: it is not the step's. */
function failure(error: unknown): {readonly outcome: Outcome; readonly holds: StepFailed['holds']} {
  const status: StepStatus = 'failed'
  if (error instanceof StepFailed) return {outcome: {status, says: error.says}, holds: error.holds}
  if (error instanceof Refused) {
    const {errcode, message} = error
    const says = {zh: `企业微信拒绝（${errcode}）：${message}`, en: `WeCom refused (${errcode}): ${message}`}
    return {outcome: {status, says, errcode}, holds: {}}
  }
  if (error instanceof AnswerLost) return {outcome: {status, says: noAnswer(error.message)}, holds: {}}
  throw error
}

const noAnswer = (message: string): Words => ({
  zh: `没有收到答复，再执行一次即可，重复不会有副作用：${message}`,
  en: `no answer came; run again, doing it twice does no harm: ${message}`,
})

const inDoubt = ({kind}: Step): Outcome => ({
  status: 'ambiguous',
  says:
    kind === 'group-welcome'
      ? {
          zh: '创建后没有收到答复，企业微信没有列表可查：请用 yingbin settle 认领、重试或登记为孤儿，其他项不受影响',
          en: 'no answer to the create, and WeCom has no list: adopt it, retry or declare it orphan with yingbin settle; nothing else waits for it',
        }
      : {
          zh: '创建后没有收到答复，查找也没有结果：再执行一次会先查找再创建',
          en: 'no answer to the create, and looking for it found nothing: the next run looks again before it creates',
        },
})

const DONE: Words = {zh: '完成', en: 'done'}
