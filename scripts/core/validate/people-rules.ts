import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {createFactLookup} from './facts-rules.js'
import {append, type Checked, remark, type Rule} from './rule.js'
import {findSayers} from './sayers.js'
import {createHolderLookup, rightsToSend} from './send-rights.js'
import {forbiddenLists, forbiddenWords, requiredClauses} from './wording-rules.js'

/** Wording lists, required sentences, facts and rights to send all ask who says a template; that is found once. */
export const templatesSuitTheirSayers: Rule = (checked) => {
  const saidBy = findSayers(checked)
  const holes = createFactLookup(checked)
  const lists = forbiddenLists(checked)
  const holders = createHolderLookup(checked)
  const remarks: Remark[] = []
  for (const template of checked.config.templates.values()) {
    const uses = saidBy.get(template.id) ?? []
    const members = uses.length === 1 ? (uses[0]?.members ?? []) : [...new Set(uses.flatMap((use) => use.members))]
    append(remarks, unusedTemplate(template, uses.length > 0, checked))
    append(remarks, forbiddenWords(template, members, lists))
    append(remarks, requiredClauses(template, members, checked))
    append(remarks, holes(template, members))
    append(remarks, rightsToSend(template, uses, holders, checked))
  }
  return remarks
}

function unusedTemplate(template: Resource<WrittenTemplate>, isUsed: boolean, {config, broken}: Checked): Remark[] {
  if (isUsed || config.enterprise.value.greet?.successor === template.id) return []
  // What a broken schedule wants to say is not known.
  if ([...broken].some((key) => key.startsWith('schedule/') || key === 'enterprise/enterprise')) return []
  return [
    remark(
      template,
      '',
      'template-is-used',
      'warning',
      {zh: '没有排班使用这条模板', en: 'no schedule uses this template'},
      {zh: '在排班里引用它，或删除它', en: 'name it in a schedule, or delete it'},
    ),
  ]
}
