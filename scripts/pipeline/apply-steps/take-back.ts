import {readRecords} from '../../core/apply/read-journal.js'
import type {Plan, Step} from '../../core/model/plan.js'
import type {Words} from '../../core/model/words.js'
import {AnswerLost, Refused, type Store} from '../../core/ports.js'
import {performStep} from './perform-step.js'
import type {StepReport} from './run-steps.js'
import {StepFailed, type StepTools} from './step-tools.js'

const noIntent = (): Promise<void> => Promise.resolve()

/**
 * Takes back what steps of a plan have done, one by one: an update is edited to what it was, what was made is deleted. Both
 * may be repeated, so a run that dies in between is simply run again. The journal of the plan says afterwards that they are
 * not done.
 */
export async function takeBack(
  store: Pick<Store, 'appendJournal' | 'readJournal'>,
  plan: Plan,
  keys: readonly string[],
  tools: StepTools,
): Promise<StepReport[]> {
  const records = readRecords(await store.readJournal(plan.digest))
  const reports: StepReport[] = []
  for (const step of plan.steps) {
    if (!keys.includes(step.key) || records.get(step.key)?.status !== 'done') continue
    const back = inverse(step)
    const report = (status: StepReport['status'], says: Words): StepReport => ({
      ...{key: step.key, kind: step.kind, action: back.action},
      ...{status, says},
    })
    try {
      const {remoteId} = await performStep(back, tools, noIntent)
      const holds = {value: step.before, ...(remoteId === undefined ? {} : {remoteId})}
      const line = {at: tools.clock.nowMs(), plan: plan.digest, key: step.key}
      await store.appendJournal({...line, event: 'failed', says: TAKEN_BACK.en, ...holds})
      reports.push(report('done', TAKEN_BACK))
    } catch (error) {
      if (!(error instanceof Refused || error instanceof AnswerLost || error instanceof StepFailed)) throw error
      reports.push(report('failed', stays(error)))
    }
  }
  return reports
}

const inverse = (step: Step): Step =>
  step.action === 'create'
    ? {...step, action: 'delete', before: step.after, after: null}
    : {...step, before: step.after, after: step.before}

const TAKEN_BACK: Words = {zh: '灰度没有通过，已改回', en: 'the canary did not pass: taken back'}

const stays = (error: Refused | AnswerLost | StepFailed): Words => {
  const says = error instanceof StepFailed ? error.says : {zh: error.message, en: error.message}
  return {
    zh: `没能改回，下一次计划会列出：${says.zh}`,
    en: `could not be taken back, the next plan tells it: ${says.en}`,
  }
}
