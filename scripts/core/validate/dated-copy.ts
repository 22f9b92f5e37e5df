import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {findDate, mayNameDate} from './date-words.js'
import {createDatedSpans, type DatedSpan} from './dated-spans.js'
import {findRelativeDay} from './relative-days.js'
import {append, remark, type Rule} from './rule.js'
import {someWritten, writtenTexts} from '../model/written-texts.js'

/** Texts that name a day are held to windows of validity, and texts with windows to words that stay true in them. */
export const datedTextsAreSound: Rule = (checked) => {
  const spans = createDatedSpans(checked)
  const remarks: Remark[] = []
  for (const template of checked.config.templates.values()) {
    const mayBeDated = someWritten(template.value, mayNameDate)
    if (mayBeDated) append(remarks, datedWithoutEnd(template))
    const span = spans.of(template.id)
    if (mayBeDated || span !== 'undated') append(remarks, relativeDays(template, span))
  }
  return remarks
}

function datedWithoutEnd(template: Resource<WrittenTemplate>): Remark[] {
  if (template.value.validTo !== undefined) return []
  for (const {pointer, text} of writtenTexts(template.value)) {
    const date = findDate(text)
    if (date !== undefined)
      return [
        remark(
          template,
          pointer,
          'dated-copy-without-valid-to',
          'warning',
          {
            zh: `文案写了日期或活动「${date}」而没有 validTo，过期后仍会发出`,
            en: `the text names "${date}" but has no validTo, so it would still be said afterwards`,
          },
          {zh: '补上 validTo', en: 'add validTo'},
        ),
      ]
  }
  return []
}

/** Where a text is said on several days, a word such as 今晚 promises each of its readers another evening. */
function relativeDays(template: Resource<WrittenTemplate>, span: DatedSpan): Remark[] {
  if (span === 'day') return []
  const texts = writtenTexts(template.value)
  // A date in the text dates it as well as a window does; nothing says then that it is said on one day only.
  if (span === 'undated' && !texts.some(({text}) => findDate(text) !== undefined)) return []
  return texts.flatMap(({pointer, text}) => {
    const found = findRelativeDay(text, span === 'week')
    if (!found) return []
    const {word, unit} = found
    return [
      remark(
        template,
        pointer,
        'relative-date-in-dated-copy',
        'warning',
        {
          zh: `「${word}」说的是某一${unit.zh}，可这条文案会发不止一${unit.zh}，换一${unit.zh}再发就错了`,
          en: `"${word}" means one certain ${unit.en}, but the text is said on more than one and is wrong on the others`,
        },
        {
          zh: '写明日期，例如「10日20:00起」；或把有效期缩到那一天',
          en: 'write the date itself, such as "Nov 10, 20:00"; or shorten the validity to that day',
        },
      ),
    ]
  })
}
