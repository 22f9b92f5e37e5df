import type {Language} from '../core/model/words.js'
import {applyRest, type ApplyOutcome} from '../pipeline/apply.js'
import {configureApplyRun, withApplyRun} from './apply-run.js'
import type {CommandSpec} from './door.js'

export const command: CommandSpec = {
  name: 'apply',
  summary: {zh: '执行计划的其余部分；可中断后继续', en: 'the rest of the plan; journaled and resumable'},
  example: 'yingbin apply --plan plan.json --token "$TOKEN"',
  configure: configureApplyRun,
  run: (door, options, language) =>
    withApplyRun('apply', door, options, language, async ({ports, request, tongue, watched}) => {
      const outcome = await watched(applyRest(ports, request))
      const verdict = verdictOf(outcome)
      door.out(
        options.json
          ? `${JSON.stringify({command: 'apply', verdict, findings: [], ...shown(outcome, tongue)})}\n`
          : renderOutcome(outcome, tongue),
      )
      return verdict === 'ok' ? 0 : 1
    }),
}

const verdictOf = (outcome: ApplyOutcome): 'ok' | 'refused' =>
  outcome.kind === 'ran' && outcome.isComplete ? 'ok' : 'refused'

function shown(outcome: ApplyOutcome, language: Language): object {
  if (outcome.kind === 'refused') return {reason: outcome.reason[language], differing: outcome.differing ?? []}
  return {steps: outcome.reports.map(({says, ...report}) => ({...report, says: says[language]}))}
}

function renderOutcome(outcome: ApplyOutcome, language: Language): string {
  const zh = language === 'zh'
  if (outcome.kind === 'refused')
    return `${zh ? '拒绝' : 'refused'}: ${outcome.reason[language]}\n${(outcome.differing ?? []).map((key) => `  ${key}\n`).join('')}`
  const count = (status: string): number => outcome.reports.filter((report) => report.status === status).length
  const rest = outcome.reports
    .filter(({status}) => status !== 'done')
    .map(({key, status, says}) => `  ${status}  ${key}  ${says[language]}\n`)
  const summary = zh
    ? `完成 ${count('done')}，失败 ${count('failed')}，跳过 ${count('skipped')}，待定 ${count('ambiguous')}`
    : `${count('done')} done, ${count('failed')} failed, ${count('skipped')} skipped, ${count('ambiguous')} ambiguous`
  return `${rest.join('')}${summary}\n`
}
