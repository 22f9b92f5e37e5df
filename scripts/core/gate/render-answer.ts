import {createExplainer} from '../greet/explain-query.js'
import type {Config} from '../model/config.js'
import type {Language, Words} from '../model/words.js'
import {renderInstant, type Zone, zoneOf} from '../model/zone.js'
import {heardWords} from '../render/heard-words.js'
import {assembleDirectory, assembleRelease} from '../release/assemble-release.js'
import type {CommentCommand} from './comment-commands.js'
import {codeCell, escapeMarkdown, fence} from '../render/markdown.js'

/** Answers in one comment; `config` is `null` where the proposal has faults that make choosing meaningless. */
export function renderAnswer(commands: readonly CommentCommand[], config: Config | null, language: Language): string {
  return `${commands.map((command) => answer(command, config, language)).join('\n\n---\n\n')}\n`
}

function answer(command: CommentCommand, config: Config | null, language: Language): string {
  if (command.verb === 'unknown') return `${UNKNOWN[language]} ${codeCell(command.written)}\n\n${HELP[language]}`
  if (command.verb !== 'explain') return HELP[language]
  if (config === null) return BROKEN[language]
  const release = assembleRelease(config)
  const zone = zoneOf(release.timezone)
  const atMs = readTime(command.at, zone)
  if (atMs === null) return `${BAD_TIME[language]} ${codeCell(command.at)}`
  const {member, state} = command
  const explained = createExplainer(release, assembleDirectory(config)).explain({
    member,
    atMs,
    ...(state === undefined ? {} : {state}),
  })
  const silent = explained.outcome === 'silent_by_rule'
  const attachments = explained.attachments.map(({type}, index) => `${index + 1}. ${type}`)
  const next = explained.next
    ? language === 'zh'
      ? `下一次变化：${explained.next.at} → ${explained.next.template ?? '—'}`
      : `next change: ${explained.next.at} → ${explained.next.template ?? '—'}`
    : ''
  return [
    `**${escapeMarkdown(member)}** · ${renderInstant(atMs, zone)} · ${escapeMarkdown(heardWords({template: explained.template, silent}, language))}`,
    '',
    ...explained.because.map((because) => `- ${escapeMarkdown(because[language])}`),
    '',
    ...(silent ? [] : [fence(explained.text, 'text'), ...attachments]),
    escapeMarkdown(next),
  ].join('\n')
}

/** With an offset as written; without one, the company's own time. */
function readTime(written: string, zone: Zone): number | null {
  const [, date, hours, minutes, seconds = '0', offset] =
    /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2}))?([Zz]|[+-]\d{2}:\d{2})?$/.exec(written) ?? []
  if (date === undefined || Number.isNaN(Date.parse(`${date}T00:00:00Z`))) return null
  if (new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().slice(0, 10) !== date) return null
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)]
  if (hour > 23 || minute > 59 || second > 59) return null
  if (offset === undefined) return zone.instantOf(date, hour * 3600 + minute * 60 + second)
  const ms = Date.parse(written.toUpperCase())
  return Number.isNaN(ms) ? null : ms
}

const HELP: Words = {
  zh: [
    '可用命令（每条独占一行）：',
    '- `/yingbin explain 成员 2026-11-28T02:00 [渠道state]` 这个合并请求合并后，某成员某时刻说什么，为什么',
    '- `/yingbin unlock 模板 原因` 由其他部门的安全员解锁',
    '- `/yingbin check` 重新判定',
  ].join('\n'),
  en: [
    'Commands, one on a line of its own:',
    '- `/yingbin explain USERID 2026-11-28T02:00 [STATE]` what a member says once this is merged, and why',
    '- `/yingbin unlock TEMPLATE REASON` by holders of unlock of other departments',
    '- `/yingbin check` decides again',
  ].join('\n'),
}
const UNKNOWN: Words = {zh: '不认识的命令', en: 'Unknown command'}
const BROKEN: Words = {
  zh: '这个合并请求的配置还有错误，先改好才能回答。',
  en: 'The configuration of this pull request has errors; mend them first.',
}
const BAD_TIME: Words = {
  zh: '看不懂这个时刻（例如 2026-11-28T02:00 或 2026-11-28T02:00:00+08:00）：',
  en: 'This is no instant (such as 2026-11-28T02:00 or 2026-11-28T02:00:00+08:00):',
}
