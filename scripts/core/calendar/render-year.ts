import {NOT_REVIEWED} from '../model/calendar-review.js'
import {type HolidayYear, holidaysInRow} from './holiday-year.js'

/** The seven holidays of every notice (全国年节及纪念日放假办法). */
const HOLIDAYS = ['元旦', '春节', '清明节', '劳动节', '端午节', '中秋节', '国庆节']

/** A year's block as it stands under `years`, ready for review. */
export function renderYear(known: HolidayYear): string[] {
  const holidays = holidaysInRow(known).map(({first, last, name}) =>
    first === last ? `      - "${first}" # ${name}` : `      - ["${first}", "${last}"] # ${name}`,
  )
  return block(known.year, holidays, known.workdays, `${known.source}，待与国务院办公厅通知核对`)
}

/** A block to be filled in by hand; its dates are none, so that validate refuses it until they are real. */
export const renderEmptyYear = (year: string): string[] =>
  block(
    year,
    HOLIDAYS.map((name) => `      - ["${year}-MM-DD", "${year}-MM-DD"] # ${name}`),
    [`${year}-MM-DD`],
    `国务院办公厅关于${year}年部分节假日安排的通知`,
  )

const block = (year: string, holidays: readonly string[], workdays: readonly string[], source: string): string[] => [
  `  "${year}":`,
  '    holidays:',
  ...holidays,
  `    workdays: [${workdays.map((date) => JSON.stringify(date)).join(', ')}]`,
  `    source: ${source}`,
  `    reviewedBy: ${NOT_REVIEWED}`,
]
