import type {Resource} from '../model/config.js'
import type {Member} from '../model/directory.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {isInDepartments} from './coverage.js'
import {type Checked, remark} from './rule.js'
import {someWritten, writtenTexts} from '../model/written-texts.js'

export interface WordingList {
  readonly words: readonly string[]
  readonly where: readonly string[] | undefined
  readonly says: string | undefined
}

export const forbiddenLists = ({config}: Checked): readonly WordingList[] =>
  (config.policy.value.text?.forbidden ?? []).map((entry) =>
    typeof entry === 'string'
      ? {words: [entry.normalize('NFC')], where: undefined, says: undefined}
      : {where: entry.where, says: entry.says, words: entry.words.map((word) => word.normalize('NFC'))},
  )

export function forbiddenWords(
  template: Resource<WrittenTemplate>,
  members: readonly Member[],
  lists: readonly WordingList[],
): Remark[] {
  // Nearly every template is clean, and who says it matters only for the others.
  const used = lists.filter(({words}) =>
    words.some((word) => someWritten(template.value, (text) => text.includes(word))),
  )
  if (used.length === 0) return []
  const texts = writtenTexts(template.value)
  return used
    .filter(({where}) => where === undefined || members.some((member) => isInDepartments(member, where)))
    .flatMap(({words, says}) =>
      texts.flatMap(({pointer, text}) =>
        words
          .filter((word) => text.includes(word))
          .map((word) =>
            remark(
              template,
              pointer,
              'wording-list',
              'error',
              {
                zh: `用了禁用词「${word}」${says ? `：${says}` : ''}`,
                en: `the forbidden wording "${word}" is used${says ? `: ${says}` : ''}`,
              },
              {
                zh: '换一种说法（词表在 policy.yaml 的 text.forbidden）',
                en: 'say it differently (the list is text.forbidden in policy.yaml)',
              },
            ),
          ),
      ),
    )
}

export function requiredClauses(
  template: Resource<WrittenTemplate>,
  members: readonly Member[],
  {config}: Checked,
): Remark[] {
  return (config.policy.value.text?.required ?? [])
    .filter(
      ({clause, departments}) =>
        !template.value.text.includes(clause) &&
        (departments === undefined || members.some((member) => isInDepartments(member, departments))),
    )
    .map(({clause}) =>
      remark(
        template,
        '/text',
        'required-clause-missing',
        'error',
        {zh: `正文里缺少必须出现的句子「${clause}」`, en: `the text lacks the required sentence "${clause}"`},
        {
          zh: '把它原样写进正文（规定在 policy.yaml 的 text.required）',
          en: 'write it into the text as it stands (text.required in policy.yaml)',
        },
      ),
    )
}
