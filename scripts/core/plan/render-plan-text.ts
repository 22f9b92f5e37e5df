import type {Plan, ReleaseChange, Step} from '../model/plan.js'
import type {Language, Words} from '../model/words.js'
import {fieldChanges} from './field-changes.js'
import {countActions, KIND_WORDS, partWord, renderDuration, renderValue, SIGNS} from './plan-words.js'
import {forecastQuota} from './quota-forecast.js'

const LONGEST_VALUE = 100
/** More changes of a first release than this say nothing to a reader; the rest is counted. */
const MOST_CHANGES = 200
const DIGEST_SHOWN = 12

export interface RenderPlanOptions {
  /** Keys of steps that an earlier run has done. */
  readonly done?: ReadonlySet<string>
}

/** The plan as a person reads it on a terminal, in the manner of Terraform. Holds no secret and nobody's customer. */
export function renderPlanText(plan: Plan, language: Language, {done}: RenderPlanOptions = {}): string {
  const say = (words: Words): string => words[language]
  const head = say({
    zh: `计划 ${plan.digest.slice(0, DIGEST_SHOWN)}（状态序号 ${plan.serial}）`,
    en: `Plan ${plan.digest.slice(0, DIGEST_SHOWN)} (state serial ${plan.serial})`,
  })
  if (plan.steps.length === 0) return [head, '', say(NOTHING), ...noteLines(plan, language)].join('\n') + '\n'
  const steps = plan.steps.flatMap((step) => [
    ...stepLines(step, language, done?.has(step.key) ?? false),
    ...(step.kind === 'release' ? changeLines(plan.changes, language) : []),
  ])
  return [head, '', ...steps, '', ...summaryLines(plan, language), ...noteLines(plan, language)].join('\n') + '\n'
}

function stepLines(step: Step, language: Language, isDone: boolean): string[] {
  const {action, kind, id, was, before, after} = step
  const renamed = was === undefined ? '' : {zh: `（原 ${was}）`, en: ` (was ${was})`}[language]
  const done = isDone ? {zh: '  ✓ 上次已完成', en: '  ✓ done by an earlier run'}[language] : ''
  const head = `  ${SIGNS[action]} ${KIND_WORDS[kind][language]} ${id}${renamed}${done}`
  if (action === 'delete') return [head]
  return [head, ...fieldLines(before, after, '      ')]
}

function changeLines(changes: readonly ReleaseChange[], language: Language): string[] {
  const lines = changes.slice(0, MOST_CHANGES).flatMap(({part, id, action, before, after}) => {
    const head = `      ${SIGNS[action]} ${partWord(part, language)} ${id}`
    return action === 'update' ? [head, ...fieldLines(before, after, '          ')] : [head]
  })
  const more = changes.length - MOST_CHANGES
  if (more > 0) lines.push({zh: `      … 另有 ${more} 处`, en: `      … and ${more} more`}[language])
  return lines
}

const fieldLines = (before: unknown, after: unknown, indent: string): string[] =>
  fieldChanges(before, after).map(({path, before: old, after: now}) => {
    const name = path === '' ? '' : `${path}: `
    const isNew = old === undefined || old === null
    const value = isNew ? '' : `${renderValue(old, LONGEST_VALUE)} → `
    return `${indent}${name}${value}${renderValue(now, LONGEST_VALUE)}`
  })

function summaryLines(plan: Plan, language: Language): string[] {
  const counts = countActions(plan.steps)
  const {before, after} = plan.people
  const {calls, total, leastSeconds} = forecastQuota(plan)
  const list = calls.map(({api, count}) => `${api} × ${count}`).join(language === 'zh' ? '、' : ', ')
  const least = renderDuration(leastSeconds, language)
  return language === 'zh'
    ? [
        `合计：新增 ${counts.create}，修改 ${counts.update}，删除 ${counts.delete}`,
        `覆盖员工：${before} → ${after} 人`,
        total === 0 ? '企业微信调用：无' : `企业微信调用：${total} 次（${list}），按频率限制至少 ${least}`,
      ]
    : [
        `Sum: ${counts.create} to create, ${counts.update} to update, ${counts.delete} to delete`,
        `People reached: ${before} → ${after}`,
        total === 0 ? 'WeCom calls: none' : `WeCom calls: ${total} (${list}), at least ${least} under the quotas`,
      ]
}

const noteLines = ({notes}: Plan, language: Language): string[] =>
  notes.length === 0
    ? []
    : ['', {zh: '说明：', en: 'Notes:'}[language], ...notes.map((note) => `  · ${note[language]}`)]

const NOTHING: Words = {zh: '没有变化：配置和现状一致。', en: 'No changes: configuration and reality agree.'}
