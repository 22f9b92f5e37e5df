import {isWithin} from '../greet/member-context.js'
import type {Sayers} from '../greet/sayers.js'
import type {Config, Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {writtenTexts} from '../model/written-texts.js'

/** Words of the base's lists that were not in the template before, and required sentences that were and are no longer. */
export function wordingFindings(base: Config, head: Config, differing: Iterable<string>, sayers: Sayers): Remark[] {
  return [...differing].flatMap((id) => {
    const [was, is] = [base.templates.get(id), head.templates.get(id)]
    return is ? [...newWords(was, is, base, sayers), ...lostClauses(was, is, base, sayers)] : []
  })
}

const isSaidIn = (id: string, departments: readonly string[] | undefined, sayers: Sayers): boolean =>
  departments === undefined ||
  sayers.departmentsOf(id).some((own) => departments.some((department) => isWithin(own, department)))

function newWords(
  was: Resource<WrittenTemplate> | undefined,
  is: Resource<WrittenTemplate>,
  {policy}: Config,
  sayers: Sayers,
): Remark[] {
  const old = was ? writtenTexts(was.value) : []
  const fresh = writtenTexts(is.value)
  return (policy.value.text?.forbidden ?? []).flatMap((entry) => {
    const {words, where, says} =
      typeof entry === 'string'
        ? {words: [entry], where: undefined, says: undefined}
        : {says: undefined, where: undefined, ...entry}
    return words
      .map((word) => word.normalize('NFC'))
      .filter((word) => !old.some(({text}) => text.includes(word)))
      .flatMap((word) => fresh.filter(({text}) => text.includes(word)).map(({pointer}) => ({word, pointer})))
      .filter(() => isSaidIn(is.id, where, sayers))
      .map(({word, pointer}) => ({
        rule: 'wording-list',
        level: 'error' as const,
        at: {file: is.file, pointer},
        says: {
          zh: `这次改动新用了禁用词「${word}」${says ? `：${says}` : ''}`,
          en: `this change brings in the forbidden wording "${word}"${says ? `: ${says}` : ''}`,
        },
        fix: {
          zh: '换一种说法（词表在 policy.yaml 的 text.forbidden）',
          en: 'say it differently (the list is text.forbidden in policy.yaml)',
        },
      }))
  })
}

function lostClauses(
  was: Resource<WrittenTemplate> | undefined,
  is: Resource<WrittenTemplate>,
  {policy}: Config,
  sayers: Sayers,
): Remark[] {
  if (!was) return []
  const required = (policy.value.text?.required ?? [])
    .filter(({departments}) => isSaidIn(is.id, departments, sayers))
    .map(({clause}) => clause)
  return [...new Set([...required, ...(was.value.clauses ?? [])])]
    .filter((clause) => was.value.text.includes(clause) && !is.value.text.includes(clause))
    .map((clause) => ({
      rule: 'required-clause-missing',
      level: 'error' as const,
      at: {file: is.file, pointer: '/text'},
      says: {
        zh: `这次改动删掉了必须出现的句子「${clause}」`,
        en: `this change removes the required sentence "${clause}"`,
      },
      fix: {
        zh: '把它原样放回正文；要取消规定，先单独改规定',
        en: 'put it back as it stood; to lift the rule, change the rule first by itself',
      },
    }))
}
