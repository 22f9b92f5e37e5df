import type {CanaryDecision} from '../core/canary/evaluate-canary.js'
import type {Words, Language} from '../core/model/words.js'
import {foldReports} from '../core/observe/fold-reports.js'
import {type ApplyOutcome, applyExpand, takeBackFirst} from '../pipeline/apply.js'
import type {StepReport} from '../pipeline/apply-steps/run-steps.js'
import {runCanary} from '../pipeline/canary.js'
import {createSystemRandomness} from '../runtime/system-randomness.js'
import {configureApplyRun, withApplyRun} from './apply-run.js'
import type {CommandSpec} from './door.js'

export const command: CommandSpec = {
  name: 'canary',
  summary: {
    zh: '先发给 5% 的客户，观察，再决定放量或回滚',
    en: '5 % of customers first; watches; promotes, holds or rolls back',
  },
  example: 'yingbin canary --plan plan.json --token "$TOKEN"',
  configure: configureApplyRun,
  run: (door, options, language) =>
    withApplyRun('canary', door, options, language, async (run) => {
      const {config, tongue, store, clock, ports, request, watched} = run
      const expanded = await watched(applyExpand(ports, request))
      const hindrance = hindranceOf(expanded)
      if (hindrance || expanded.kind === 'refused') {
        const reason = hindrance?.[tongue] ?? ''
        const takenBack = expanded.kind === 'refused' ? [] : await takeBackFirst(ports, request)
        door.out(
          options.json
            ? `${JSON.stringify({command: 'canary', verdict: 'refused', findings: [], reason, takenBack: takenBack.map(({key}) => key)})}\n`
            : `${[reason, ...takenBackLines(takenBack, tongue)].join('\n')}\n`,
        )
        return 1
      }
      const {decision, canary, reports} = await runCanary(
        {store, clock, randomness: createSystemRandomness()},
        {
          plan: request.plan,
          policy: config.policy.value,
          timezone: config.enterprise.value.timezone,
          manifest: request.manifest,
          unlocks: expanded.unlocks,
          signal: door.signal,
          onLook: createLookPrinter((text) => door.err(text), tongue),
          onWiden: ({perMyriad}) => door.err(`${widened(perMyriad)[tongue]}\n`),
        },
      )
      const takenBack = decision.verdict === 'rollback' ? await takeBackFirst(ports, request) : []
      const verdict = decision.verdict === 'promote' ? 'ok' : 'refused'
      const {arms} = foldReports(reports)
      if (options.json)
        door.out(
          `${JSON.stringify({command: 'canary', verdict, findings: [], decision: {verdict: decision.verdict, because: decision.because[tongue], needs: decision.needs ?? null}, canary, arms, evidence: decision.evidence, takenBack: takenBack.map(({key}) => key)})}\n`,
        )
      else door.out(`${[renderDecision(decision, tongue), ...takenBackLines(takenBack, tongue)].join('\n')}\n`)
      return verdict === 'ok' ? 0 : 1
    }),
}

const takenBackLines = (reports: readonly StepReport[], language: Language): string[] =>
  reports.map(({key, says}) => `  ${key}  ${says[language]}`)

const widened = (perMyriad: number): Words => ({
  zh: `证据够了，灰度扩大到 ${perMyriad / 100}%`,
  en: `the evidence is enough: the canary widens to ${perMyriad / 100} %`,
})

/**
 * Why no canary may begin: the plan was not agreed to, a medium that its texts need is not there, or one of the things that
 * went first was refused. A create in doubt blocks its own key only.
 */
export function hindranceOf(expanded: ApplyOutcome): Words | null {
  if (expanded.kind === 'refused') return expanded.reason
  const lacking = expanded.reports.filter(({status}) => status === 'failed' || status === 'skipped')
  if (lacking.length === 0) return null
  const list = (language: Language): string => lacking.map(({key, says}) => `${key}: ${says[language]}`).join('; ')
  return {
    zh: `先行的几步没有做成，先不灰度；修好后再运行一次，会接着做完。${list('zh')}`,
    en: `what has to go first could not be done, so no canary begins; mend it and run it again, it goes on from here. ${list('en')}`,
  }
}

/** `HOLD  …  (还需 40 次)`. */
export function renderDecision({verdict, because, needs}: CanaryDecision, language: Language): string {
  const zh = language === 'zh'
  const minutes = needs === undefined || needs.etaMs === null ? null : Math.max(1, Math.ceil(needs.etaMs / 60_000))
  const eta =
    minutes === null ? '' : zh ? `，按现在的速度约 ${minutes} 分钟后` : `, in about ${minutes} min at today's rate`
  const more =
    needs && needs.moreSends > 0
      ? zh
        ? `（还需 ${needs.moreSends} 次灰度发送${eta}）`
        : ` (${needs.moreSends} more canary sends${eta})`
      : ''
  return `${verdict.toUpperCase()}  ${because[language]}${more}`
}

/** Prints a look only when it says something new. */
export function createLookPrinter(
  print: (text: string) => void,
  language: Language,
): (decision: CanaryDecision) => void {
  let last = ''
  return (decision) => {
    const text = renderDecision(decision, language)
    if (text !== last) print(`${text}\n`)
    last = text
  }
}
