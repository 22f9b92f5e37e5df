import type {SheetDate} from './sheet-date.js'
import {cellFinding, type CellPlace, type Sheet, type SheetFinding, shownCell} from './sheet.js'

/** A cell where a date belongs that is none; `date` is what was read in it. */
export function dateFinding(sheet: Sheet, place: CellPlace, text: string, date: SheetDate | null): SheetFinding {
  const shown = shownCell(text)
  return date
    ? cellFinding(
        sheet,
        place,
        'roster-date-exists',
        'error',
        // What reads as a date is no telephone number.
        {zh: `没有「${text}」这一天`, en: `there is no date "${text}"`},
        {zh: '改正日期，或检查 --month', en: 'correct the date, or check --month'},
      )
    : cellFinding(
        sheet,
        place,
        'roster-date-has-form',
        'error',
        text === ''
          ? {zh: '这一行没有写日期', en: 'this row has no date'}
          : {zh: `${shown.zh} 不是认得出的日期`, en: `${shown.en} is not a date that can be read`},
        {zh: '写作 2026-11-25、2026/11/25、11/25 或 11月25日', en: 'write 2026-11-25, 2026/11/25 or 11/25'},
      )
}

/** One finding for all of them: the same flag mends them together. */
export const monthMissing = (sheet: Sheet, place: CellPlace, cells: number): SheetFinding =>
  cellFinding(
    sheet,
    place,
    'roster-month-is-given',
    'error',
    {
      zh: `日期没有写全（共 ${cells} 处），不知道是哪一年哪一月`,
      en: `${cells} ${cells === 1 ? 'date lacks' : 'dates lack'} year or month`,
    },
    {zh: '加 --month，例如 --month 2026-12', en: 'add --month, such as --month 2026-12'},
  )
