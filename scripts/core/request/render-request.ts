import {dump} from 'js-yaml'
import type {Finding} from '../model/finding.js'
import type {Language} from '../model/words.js'
import type {WrittenGrant} from '../model/written.js'

/** The grant file as it will stand in the repository; the library quotes whatever could mean something. */
export const renderGrantFile = (grant: WrittenGrant): string => dump([grant], {lineWidth: -1})

/** Lines of an answer below the issue: what is missing, or where the proposal is. */
export function renderAnswer(
  outcome: {readonly proposal: number | null; readonly findings: readonly Finding[]; readonly isUnchanged: boolean},
  language: Language,
): string {
  const zh = language === 'zh'
  if (outcome.findings.length > 0)
    return [
      zh ? '还不能变成授权，请编辑议题改好：' : 'This cannot become a grant yet; edit the issue:',
      '',
      ...outcome.findings.map(({line, says, fix}) => `- L${line} ${quiet(says[language])} ${quiet(fix[language])}`),
    ].join('\n')
  if (outcome.isUnchanged) return zh ? '这份授权已经在主干里了。' : 'This grant is in the base branch already.'
  return zh
    ? `已变成合并请求 #${outcome.proposal ?? ''}，由规矩里写的部门批准，合并后生效。`
    : `It is pull request #${outcome.proposal ?? ''} now; the departments that the policy names agree to it, and it holds once merged.`
}

/** What people wrote comes back as plain characters: nobody is mentioned and nothing is linked. */
const quiet = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]()<>&!|~$]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/:(?=\/\/)/g, '&#58;')
    .replace(/(?<!&)([@#])(?=\w)/g, '$1\u200d')
