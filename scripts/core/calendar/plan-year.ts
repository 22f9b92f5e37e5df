import {isReviewed} from '../model/calendar-review.js'
import type {Level, Remark} from '../model/finding.js'
import type {Words} from '../model/words.js'
import type {WrittenCalendar} from '../model/written.js'
import {editCalendarText, newCalendarText} from './edit-calendar-text.js'
import {compareYear, type DayDifference, type DayWord, type HolidayYear} from './holiday-year.js'
import {renderEmptyYear, renderYear} from './render-year.js'

export interface CalendarFile {
  /** Below the configuration folder. */
  readonly path: string
  /** `null` when there is no such file yet. */
  readonly written: {readonly text: string; readonly calendar: WrittenCalendar} | null
}

/** What the command would do for one year. */
export interface YearPlan {
  readonly outcome: 'add' | 'replace' | 'nothing' | 'refused'
  readonly remarks: readonly Remark[]
  /** The year as YAML: what is added, or what is to be filled in by hand. */
  readonly block: string
  /** The file's new text, where something is to be written. */
  readonly text: string | null
  /** Where a written year and the known one do not agree. */
  readonly differing: readonly DayDifference[]
}

/** A year that is there and reviewed is never changed; one still waiting for its review is brought up to date. */
export function planYear(year: string, known: HolidayYear | null, file: CalendarFile): YearPlan {
  const written = file.written?.calendar.years[year]
  const empty = {block: '', text: null, differing: [], remarks: []}
  if (!known) {
    if (written) return {...empty, outcome: 'nothing', remarks: isReviewed(written) ? [] : [toReview(file.path, year)]}
    return {...empty, outcome: 'refused', remarks: [unknownYear(file.path, year)], block: joined(renderEmptyYear(year))}
  }
  const differing = written ? compareYear(written, known) : []
  if (written && differing.length === 0)
    return {...empty, outcome: 'nothing', remarks: isReviewed(written) ? [] : [toReview(file.path, year)]}
  const block = renderYear(known)
  const shown = {block: joined(block), text: null, differing}
  if (written && isReviewed(written))
    return {...shown, outcome: 'refused', remarks: [reviewedDiffers(file.path, year, differing, known.source)]}
  const text = file.written
    ? editCalendarText(file.written.text, file.written.calendar, year, block)
    : newCalendarText('中国法定节假日', block)
  if (text === null) return {...shown, outcome: 'refused', remarks: [writtenOtherwise(file.path, year)]}
  return {...shown, outcome: written ? 'replace' : 'add', text, remarks: [toReview(file.path, year)]}
}

const joined = (lines: readonly string[]): string => `${lines.join('\n')}\n`

const aboutYear = (path: string, year: string, rule: string, level: Level, says: Words, fix: Words): Remark => ({
  rule,
  level,
  at: {file: path, pointer: `/years/${year}`, atKey: true},
  says,
  fix,
})

const unknownYear = (path: string, year: string): Remark => ({
  rule: 'calendar-year-is-known',
  level: 'error',
  at: {file: path, pointer: '/years'},
  says: {
    zh: `还没有 ${year} 年的放假安排（国务院办公厅的通知一般在前一年十一月发布）`,
    en: `the holidays of ${year} are not known yet (the official notice usually comes in November of the year before)`,
  },
  fix: {
    zh: `通知发布后，把下面这段填好，放到 ${path} 的 years 下，由第二人写上 reviewedBy；或更新 chinese-days 后再运行`,
    en: `once the notice is out, fill in the block below, put it under years of ${path}, and let a second person sign it as reviewedBy; or run this again with a newer chinese-days`,
  },
})

const toReview = (path: string, year: string): Remark =>
  aboutYear(
    path,
    year,
    'calendar-not-reviewed',
    'info',
    {zh: `${year} 年尚未复核`, en: `${year} is not reviewed yet`},
    {
      zh: '与国务院办公厅的通知逐日核对后，由复核人把 reviewedBy 改成自己，source 改成通知名称',
      en: 'compare it with the official notice day by day; then the reviewer puts himself as reviewedBy and the notice as source',
    },
  )

const DAY_WORDS: Readonly<Record<DayWord, Words>> = {
  holiday: {zh: '放假', en: 'holiday'},
  workday: {zh: '调休上班', en: 'make-up workday'},
  ordinary: {zh: '平常日子', en: 'ordinary'},
}

function reviewedDiffers(path: string, year: string, days: readonly DayDifference[], source: string): Remark {
  const listed = (language: 'zh' | 'en'): string =>
    days
      .map(({date, written, known}) => `${date} ${DAY_WORDS[written][language]} → ${DAY_WORDS[known][language]}`)
      .join(language === 'zh' ? '；' : '; ')
  return aboutYear(
    path,
    year,
    'calendar-year-is-reviewed',
    'error',
    {
      zh: `${year} 年已复核，与 ${source} 有 ${days.length} 天不同：${listed('zh')}`,
      en: `${year} is reviewed and differs from ${source} on ${days.length} day(s): ${listed('en')}`,
    },
    {
      zh: '对照通知，以通知为准手工修改；已复核的年份不会被覆盖',
      en: 'compare both with the official notice and edit by hand; a reviewed year is not overwritten',
    },
  )
}

const writtenOtherwise = (path: string, year: string): Remark =>
  aboutYear(
    path,
    year,
    'calendar-can-be-edited',
    'error',
    {zh: '这个文件的写法无法自动改', en: 'this file is written in a style that cannot be edited automatically'},
    {zh: `把下面这段手工放到 ${path} 的 years 下`, en: `put the block below under years of ${path} by hand`},
  )
