import {cellFinding, type Sheet, type SheetFinding} from './sheet.js'

/** What stands in the place of a name below a table: sums and notes. */
const NO_PERSON = /^(合计|总计|小计|汇总|人数|备注|说明|注|total|note)s?(\s*[:：].*)?$/is

export const isNoPerson = (text: string): boolean => NO_PERSON.test(text)

/** What was not read is said, so that nobody believes it was. */
export function leftOutFinding(sheet: Sheet, rows: readonly number[]): SheetFinding[] {
  const [first] = rows
  if (first === undefined) return []
  const numbers = rows.map((row) => row + 1)
  return [
    cellFinding(
      sheet,
      {row: first, column: 0},
      'roster-rows-are-people',
      'info',
      {
        zh: `合计、备注一类的行没有读：第 ${numbers.join('、')} 行`,
        en: `sums and notes were not read: row ${numbers.join(', ')}`,
      },
      {zh: '若其中有人，给他单独一行', en: 'if somebody stands there, give him a row of his own'},
    ),
  ]
}
