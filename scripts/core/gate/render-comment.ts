import {createTwoFilesPatch} from 'diff'
import {heardWords} from '../render/heard-words.js'
import type {Change} from '../model/change.js'
import type {Finding} from '../model/finding.js'
import type {PullRequest} from '../model/review.js'
import type {Language, Words} from '../model/words.js'
import {renderInstant, zoneOf} from '../model/zone.js'
import type {GateVerdict} from './evaluate-gate.js'
import type {VerdictNode} from './verdict-node.js'
import {codeCell, escapeMarkdown, fence} from '../render/markdown.js'
import type {Previews, TextPreview, WeekPreview} from './preview-change.js'
import {shortScope} from './verdict-words.js'

/** Marks the one comment that is written again and again. */
export const COMMENT_MARKER = '<!-- yingbin:gate -->'
/** GitHub takes 65,536 characters; the rest is left for what it adds itself. */
const MAX_CHARACTERS = 60_000
const MAX_FINDINGS = 30

export interface CommentFacts {
  readonly pull: Pick<PullRequest, 'number' | 'head'>
  readonly verdict: GateVerdict
  readonly planDigest: string | null
  readonly people: {readonly before: number; readonly after: number}
  readonly changes: readonly Change[]
  /** Facts a customer acts on that change, old and new. */
  readonly facts: readonly {
    readonly template: string
    readonly kind: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly findings: readonly Finding[]
  readonly previews: Previews
  readonly timezone: string
  /** Where the whole report and the timeline lie; `null` outside Actions. */
  readonly reportUrl: string | null
}

interface Section {
  readonly name: Words
  readonly text: string
}

/**
 * The comment for people: verdict and who is missing first, then what changes, then everything else folded away. What does
 * not fit is named and stands in the report.
 */
export function renderComment(facts: CommentFacts, language: Language): string {
  const [top, ...sections] = sectionsOf(facts, language)
  const kept: string[] = [COMMENT_MARKER, top?.text ?? '']
  const left: string[] = []
  let size = kept.join('\n\n').length
  for (const {name, text} of sections) {
    if (size + text.length > MAX_CHARACTERS) left.push(name[language])
    else {
      kept.push(text)
      size += text.length + 2
    }
  }
  if (left.length > 0)
    kept.push(
      language === 'zh'
        ? `> 太长，没有放在这里：${left.join('、')}。${where(facts.reportUrl, language)}`
        : `> Too long to stand here: ${left.join(', ')}. ${where(facts.reportUrl, language)}`,
    )
  return `${kept.join('\n\n')}\n`
}

/** The whole of it, whatever its length: what the comment leaves out stands here. */
export const renderReport = (facts: CommentFacts, language: Language): string =>
  `${sectionsOf(facts, language)
    .map(({text}) => text)
    .join('\n\n')}\n`

const where = (url: string | null, language: Language): string =>
  url === null
    ? language === 'zh'
      ? '用 yingbin gate --report 写出全文。'
      : 'yingbin gate --report writes all of it.'
    : language === 'zh'
      ? `全文在[这次运行的产物](${url})里。`
      : `All of it is among [the artifacts of this run](${url}).`

function sectionsOf(facts: CommentFacts, language: Language): Section[] {
  const {previews, changes, verdict} = facts
  return [
    {name: {zh: '结论', en: 'verdict'}, text: renderTop(facts, language)},
    ...optional({zh: '问题', en: 'findings'}, renderFindings(facts.findings, language)),
    ...optional({zh: '关键信息', en: 'key facts'}, renderFacts(facts, language)),
    ...previews.texts.map((preview) => ({
      name: {zh: `文案 ${preview.template}`, en: `text ${preview.template}`},
      text: renderText(preview, language),
    })),
    ...previews.weeks.map((week) => ({
      name: {zh: `一周 ${week.schedule}`, en: `week ${week.schedule}`},
      text: renderWeek(week, facts.timezone, language),
    })),
    ...optional({zh: '改动清单', en: 'changes'}, renderChanges(changes, language)),
    {name: {zh: '判定', en: 'verdict tree'}, text: renderTree(verdict, language)},
    {name: {zh: '可用命令', en: 'commands'}, text: renderCommands(verdict, language)},
  ]
}

const optional = (name: Words, text: string): Section[] => (text === '' ? [] : [{name, text}])

const details = (summary: string, body: string): string =>
  `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`

function renderTop({pull, verdict, planDigest, people, changes, reportUrl}: CommentFacts, language: Language): string {
  const zh = language === 'zh'
  const lacking = verdict.tree.filter(({holds}) => !holds).flatMap(reasons)
  const missing = verdict.needs.reduce((sum, need) => sum + need.missing, 0)
  const headline = verdict.isEmpty
    ? zh
      ? '➖ 配置没有语义上的改动'
      : '➖ The configuration does not change in meaning'
    : verdict.holds
      ? zh
        ? '✅ 可以合并'
        : '✅ Ready to merge'
      : missing > 0 && lacking.every(({name}) => verdict.needs.some(({rule}) => rule === name))
        ? zh
          ? `⏳ 还差 ${missing} 位审批人`
          : `⏳ ${missing} approvals missing`
        : zh
          ? '⛔ 还不能合并'
          : '⛔ Not ready to merge'
  const growth = people.after - people.before
  const grew = `${people.before} → ${people.after} (${growth >= 0 ? '+' : ''}${growth})`
  const voided = verdict.voided.map(({says}) => `- ⚪ ${escapeMarkdown(says[language])}`)
  const digest = planDigest === null ? '—' : `\`${planDigest}\``
  return [
    `## ${headline}`,
    ...lacking.map(({says}) => `- ❌ ${escapeMarkdown(says[language])}`),
    ...voided,
    '',
    zh ? `**影响人数 ${grew}**${growth > 0 ? ' 🔴' : ''}` : `**People reached ${grew}**${growth > 0 ? ' 🔴' : ''}`,
    '',
    zh
      ? `${changes.length} 处改动 · 提交 \`${pull.head.slice(0, 12)}\` · 计划摘要 ${digest}`
      : `${changes.length} changes · commit \`${pull.head.slice(0, 12)}\` · plan digest ${digest}`,
    ...(reportUrl === null
      ? []
      : ['', zh ? `[时间线与完整报告](${reportUrl})` : `[Timeline and full report](${reportUrl})`]),
  ].join('\n')
}

/** The leaves that do not hold. */
const reasons = (node: VerdictNode): VerdictNode[] =>
  node.children.length === 0 ? [node] : node.children.filter(({holds}) => !holds).flatMap(reasons)

const SIGNS: Readonly<Record<Finding['level'], string>> = {error: '❌', warning: '⚠️', info: 'ℹ️'}

function renderFindings(findings: readonly Finding[], language: Language): string {
  if (findings.length === 0) return ''
  const rows = findings
    .slice(0, MAX_FINDINGS)
    .map(
      ({level, file, line, rule, says, fix}) =>
        `- ${SIGNS[level]} \`${rule}\` ${escapeMarkdown(`${file}:${line}`)} ${escapeMarkdown(says[language])}  \n  ${escapeMarkdown(fix[language])}`,
    )
  const more =
    findings.length > MAX_FINDINGS
      ? [language === 'zh' ? `- … 共 ${findings.length} 个` : `- … ${findings.length} in all`]
      : []
  return [language === 'zh' ? '### 问题' : '### Findings', ...rows, ...more].join('\n')
}

const FACT_NAMES: Readonly<Record<string, Words>> = {
  link: {zh: '链接', en: 'link'},
  phone: {zh: '电话', en: 'phone'},
  price: {zh: '价格', en: 'price'},
  date: {zh: '日期', en: 'date'},
  address: {zh: '地址', en: 'address'},
  payment: {zh: '收款方式', en: 'payment'},
}

function renderFacts({facts}: CommentFacts, language: Language): string {
  if (facts.length === 0) return ''
  const cell = (value: string | null): string => (value === null ? '∅' : codeCell(value))
  const head = language === 'zh' ? '| 模板 | 种类 | 原来 | 现在 |' : '| template | kind | before | after |'
  const rows = facts.map(
    ({template, kind, before, after}) =>
      `| ${escapeMarkdown(template)} | ${FACT_NAMES[kind]?.[language] ?? kind} | ${cell(before)} | ${cell(after)} |`,
  )
  return [language === 'zh' ? '### 关键信息' : '### Key facts', '', head, '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  )
}

function renderText({template, member, before, after}: TextPreview, language: Language): string {
  const zh = language === 'zh'
  const [old, fresh] = [before?.text ?? '', after?.text ?? '']
  const who =
    member === null ? (zh ? '现在没有人说它' : 'nobody says it now') : zh ? `以 ${member} 为例` : `as ${member}`
  const patch = createTwoFilesPatch('', '', `${old}\n`, `${fresh}\n`, '', '', {context: 50, timeout: 500})
  const body =
    old === fresh
      ? fence(fresh, 'text')
      : patch === undefined
        ? `${fence(old, 'text')}\n\n${fence(fresh, 'text')}`
        : fence(patch.split('\n').slice(4).join('\n').trimEnd(), 'diff')
  const parts = (after?.attachments ?? []).map(
    (attachment, index) => `${index + 1}. ${escapeMarkdown(attachmentWords(attachment))}`,
  )
  const title = `📱 ${escapeMarkdown(template)} · ${escapeMarkdown(who)} · ${Buffer.byteLength(fresh)} ${zh ? '字节' : 'bytes'}`
  return details(title, [body, ...parts].join('\n'))
}

type Attachment = NonNullable<TextPreview['after']>['attachments'][number]

function attachmentWords(attachment: Attachment): string {
  switch (attachment.type) {
    case 'link':
      return `🔗 ${attachment.title} — ${attachment.url}`
    case 'miniprogram':
      return `🟢 ${attachment.title} — ${attachment.appid}/${attachment.page}`
    default:
      return `📎 ${attachment.file}`
  }
}

/** Mermaid text; GitHub draws it. Names are cut to what its grammar takes. */
function renderWeek({schedule, member, rows}: WeekPreview, timezone: string, language: Language): string {
  const zone = zoneOf(timezone)
  const stamp = (ms: number): string => renderInstant(ms, zone).slice(0, 19)
  const name = (text: string): string => text.replace(/[:;#,"`\r\n]/g, ' ').trim() || '-'
  const lines = rows.map((row) => `  ${name(heardWords(row, language))} :${stamp(row.fromMs)}, ${stamp(row.untilMs)}`)
  const chart = [
    'gantt',
    '  dateFormat YYYY-MM-DDTHH:mm:ss',
    '  axisFormat %m-%d %H:%M',
    `  section ${name(member)}`,
    ...lines,
  ].join('\n')
  const title = `🗓 ${escapeMarkdown(schedule)} · ${language === 'zh' ? '接下来七天' : 'the next seven days'} (${timezone})`
  return details(title, fence(chart, 'mermaid'))
}

function renderChanges(changes: readonly Change[], language: Language): string {
  if (changes.length === 0) return ''
  const sign = {create: '+', update: '~', delete: '-'} as const
  const rows = changes.map(({on, kind, id, action}) => `- \`${sign[action]}\` ${on} · ${kind} ${escapeMarkdown(id)}`)
  return details(language === 'zh' ? `全部 ${changes.length} 处改动` : `All ${changes.length} changes`, rows.join('\n'))
}

function renderTree({tree}: GateVerdict, language: Language): string {
  const lines = (node: VerdictNode, depth: number): string[] => [
    `${'  '.repeat(depth)}- ${node.holds ? '✔' : '✖'} ${escapeMarkdown(node.says[language])}`,
    ...node.children.flatMap((child) => lines(child, depth + 1)),
  ]
  return details(
    language === 'zh' ? '判定过程' : 'How this was decided',
    tree.flatMap((node) => lines(node, 0)).join('\n'),
  )
}

function renderCommands({unlocks}: GateVerdict, language: Language): string {
  const zh = language === 'zh'
  const open = unlocks.states.filter(({isOpen}) => !isOpen).map(({lock}) => shortScope(lock.scope))
  const rows = [
    zh
      ? '- `/yingbin explain 成员 2026-11-28T02:00:00+08:00` 看某成员某时刻说什么'
      : '- `/yingbin explain USERID 2026-11-28T02:00:00+08:00` what a member says at an instant',
    ...[...new Set(open)].map((scope) =>
      zh
        ? `- \`/yingbin unlock ${scope.replaceAll('`', '')} 原因\` 由其他部门的安全员解锁`
        : `- \`/yingbin unlock ${scope.replaceAll('`', '')} reason\` by holders of unlock of other departments`,
    ),
    zh ? '- `/yingbin check` 重新判定' : '- `/yingbin check` decides again',
  ]
  return details(zh ? '可用命令' : 'Commands', rows.join('\n'))
}
