import type {Plan, ReleaseChange, Step} from '../model/plan.js'
import type {Language} from '../model/words.js'
import {fieldChanges} from './field-changes.js'
import {countActions, KIND_WORDS, partWord, renderDuration, renderValue, SIGNS} from './plan-words.js'
import {forecastQuota} from './quota-forecast.js'

const LONGEST_VALUE = 300
/** A comment holds 65,536 characters; the digest's page holds the whole plan. */
const MOST_LINES = 300

/** The plan for a pull-request comment: what it does, whom it reaches, what it costs, and the details folded away. */
export function renderPlanMarkdown(plan: Plan, language: Language): string {
  const zh = language === 'zh'
  const title = zh ? '### 执行计划' : '### Plan'
  const digest = `${zh ? '摘要' : 'Digest'} \`${plan.digest}\``
  if (plan.steps.length === 0)
    return `${title}\n\n${zh ? '没有变化：配置和现状一致。' : 'No changes: configuration and reality agree.'}\n\n${digest}\n`
  const lines = detailLines(plan, language)
  const shown = lines.slice(0, MOST_LINES)
  const more = lines.length - shown.length
  if (more > 0) shown.push(zh ? `… 另有 ${more} 行` : `… and ${more} more lines`)
  const notes = plan.notes.map((note) => `- ${escape(note[language])}`)
  return [
    title,
    '',
    ...table(plan, language),
    '',
    `<details><summary>${zh ? '明细' : 'Details'}</summary>`,
    '',
    fenced(shown),
    '',
    '</details>',
    ...(notes.length > 0 ? ['', ...notes] : []),
    '',
    digest,
    '',
  ].join('\n')
}

function table(plan: Plan, language: Language): string[] {
  const {create, update, delete: removed} = countActions(plan.steps)
  const {total, leastSeconds} = forecastQuota(plan)
  const least = renderDuration(leastSeconds, language)
  const {before, after} = plan.people
  return language === 'zh'
    ? [
        '| 新增 | 修改 | 删除 | 覆盖员工 | 企业微信调用 |',
        '| --- | --- | --- | --- | --- |',
        `| ${create} | ${update} | ${removed} | ${before} → ${after} | ${total} 次，至少 ${least} |`,
      ]
    : [
        '| create | update | delete | people reached | WeCom calls |',
        '| --- | --- | --- | --- | --- |',
        `| ${create} | ${update} | ${removed} | ${before} → ${after} | ${total}, at least ${least} |`,
      ]
}

/** As GitHub colours a diff: the sign stands first on the line. */
const detailLines = (plan: Plan, language: Language): string[] =>
  plan.steps.flatMap((step) => [
    ...thingLines(step, KIND_WORDS[step.kind][language], ''),
    ...(step.kind === 'release'
      ? plan.changes.flatMap((change) => thingLines(change, partWord(change.part, language), '  '))
      : []),
  ])

type Thing = Pick<Step, 'action' | 'id' | 'before' | 'after'> | Omit<ReleaseChange, 'part'>

function thingLines({action, id, before, after}: Thing, kind: string, indent: string): string[] {
  const sign = {create: '+', update: '!', delete: '-'}[action]
  const head = `${sign} ${indent}${SIGNS[action]} ${kind} ${id}`
  if (action !== 'update') return [head]
  const fields = fieldChanges(before, after).flatMap(({path, before: old, after: now}) => {
    const name = path === '' ? '' : `${path}: `
    return [
      ...(old === undefined || old === null ? [] : [`- ${indent}    ${name}${renderValue(old, LONGEST_VALUE)}`]),
      ...(now === undefined || now === null ? [] : [`+ ${indent}    ${name}${renderValue(now, LONGEST_VALUE)}`]),
    ]
  })
  return [head, ...fields]
}

/** A fence longer than any run of backticks inside, so that no text from the configuration ends it. */
function fenced(lines: readonly string[]): string {
  const body = lines.map((line) => line.replace(/[\r\n]+/g, ' ')).join('\n')
  const longest = Math.max(2, ...[...body.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}diff\n${body}\n${fence}`
}

/** Texts of the configuration stay text: no mention, link, HTML or table comes of them. */
const escape = (text: string): string => text.replace(/[\\`*_{}[\]()#+!|<>@~]/g, (sign) => `\\${sign}`)
