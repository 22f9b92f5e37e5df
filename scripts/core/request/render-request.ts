import {stringify} from 'yaml'
import type {Finding} from '../model/finding.js'
import {hasErrors} from '../model/finding.js'
import type {Language} from '../model/words.js'
import type {WrittenGrant} from '../model/written.js'
import {codeSpan} from '../render/markdown.js'

/** The grant file as it will stand in the repository; the library quotes whatever could mean something. */
export const renderGrantFile = (grant: WrittenGrant): string => stringify([grant], {lineWidth: 0})

const MOST_FINDINGS = 30

const findingLines = (findings: readonly Finding[], language: Language): string[] => [
  ...findings
    .slice(0, MOST_FINDINGS)
    .map(({line, says, fix}) => `- L${line} ${codeSpan(says[language])} ${codeSpan(fix[language])}`),
  ...(findings.length > MOST_FINDINGS ? ['- …'] : []),
]

/** What stands in the proposal; every word somebody wrote is code. */
export function renderProposal(
  grant: WrittenGrant,
  number: number,
  findings: readonly Finding[],
  language: Language,
): string {
  const zh = language === 'zh'
  const {role, to, over = {}, from, until, ticket, note = ''} = grant
  const all = zh ? '全部' : 'all'
  const list = (texts: readonly string[] | undefined): string => texts?.map(codeSpan).join(' ') ?? all
  const rows: readonly (readonly [string, string, string])[] = [
    ['角色', 'role', codeSpan(role)],
    ['给谁', 'to', list(to)],
    ['文件', 'files', list(over.files)],
    ['部门', 'departments', list(over.departments)],
    ['期限', 'window', `${codeSpan(from ?? (zh ? '合并后' : 'once merged'))} → ${codeSpan(until)}`],
    ['工单', 'ticket', codeSpan(ticket)],
    ['理由', 'reason', codeSpan(note)],
  ]
  return [
    zh
      ? `由权限申请 #${number} 生成。批准前请核对工单。`
      : `Made from permission request #${number}. Check the ticket before agreeing.`,
    '',
    ...rows.map(([zhName, enName, value]) => `- ${zh ? zhName : enName}: ${value}`),
    ...(findings.length > 0 ? ['', zh ? '请注意：' : 'Note:', ...findingLines(findings, language)] : []),
    '',
    `Closes #${number}`,
  ].join('\n')
}

export interface Answer {
  readonly proposal: number | null
  readonly findings: readonly Finding[]
}

/** The answer below the issue: what has to be mended, or where the proposal is. */
export function renderAnswer({proposal, findings}: Answer, language: Language): string {
  const zh = language === 'zh'
  const notes = findings.length > 0 ? ['', ...findingLines(findings, language)] : []
  if (hasErrors(findings))
    return [
      zh
        ? '还不能变成授权，请编辑议题改好，会自动再看一次：'
        : 'This cannot become a grant yet; edit the issue and it is looked at again:',
      ...notes,
    ].join('\n')
  const done =
    proposal === null
      ? zh
        ? '这份授权已经在主干里了。'
        : 'This grant is in the base branch already.'
      : zh
        ? `已变成合并请求 #${proposal}：由规矩里写的部门批准，合并后才生效。`
        : `It is pull request #${proposal} now: the departments that the policy names agree to it, and it holds only once merged.`
  return [done, ...notes].join('\n')
}
