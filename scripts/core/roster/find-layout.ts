import {isWeekday, parseSheetDate, type SheetDate} from './sheet-date.js'
import {type Sheet, textAt} from './sheet.js'

/** One row a person and day. */
export interface LongLayout {
  readonly kind: 'long'
  readonly headerRow: number
  readonly firstRow: number
  readonly dateColumn: number
  readonly shiftColumn: number
  /** Columns that say who, the most telling first: userid, number, name. */
  readonly member: readonly number[]
}

/** One row a person, one column a date. */
export interface WideLayout {
  readonly kind: 'wide'
  readonly headerRow: number
  /** The row the dates stand in: the header row or a neighbour of it. */
  readonly dateRow: number
  readonly firstRow: number
  readonly dates: readonly {readonly column: number; readonly date: SheetDate}[]
  readonly member: readonly number[]
}

export type Layout = LongLayout | WideLayout

/** How far down a header is looked for; above it stand titles. */
const HEADER_ROWS = 15

const ID_WORDS = ['账号', '帐号', '成员账号', '员工账号', '企业微信账号', '企微账号', 'userid', 'user_id']
const NUMBER_WORDS = ['工号', '员工号', '员工编号', '员工工号', '编号', 'number', 'employeenumber', 'employeeid']
const NAME_WORDS = ['姓名', '员工姓名', '成员', '成员姓名', '人员', '员工', 'name', 'member']
const DATE_WORDS = ['日期', '排班日期', '上班日期', 'date']
const SHIFT_WORDS = ['班次', '班别', '班次名称', 'shift']

const headerWord = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s:*]/g, '')

const findColumn = (row: readonly string[], words: readonly string[]): number =>
  row.findIndex((text) => words.includes(headerWord(text)))

/** Recognises the layout by its header; `null` when no row is one. */
export function findLayout(sheet: Pick<Sheet, 'rows'>, month: string | undefined): Layout | null {
  for (let row = 0; row < Math.min(sheet.rows.length, HEADER_ROWS); row++) {
    const cells = sheet.rows[row] ?? []
    const member = [ID_WORDS, NUMBER_WORDS, NAME_WORDS].map((words) => findColumn(cells, words)).filter((at) => at >= 0)
    if (member.length === 0) continue
    const [dateColumn, shiftColumn] = [findColumn(cells, DATE_WORDS), findColumn(cells, SHIFT_WORDS)]
    if (dateColumn >= 0 && shiftColumn >= 0)
      return {kind: 'long', headerRow: row, firstRow: row + 1, dateColumn, shiftColumn, member}
    const wide = findWide(sheet, row, member, month)
    if (wide) return wide
  }
  return null
}

/** Dates stand in the row of 姓名, or in the one above or below it where 姓名 spans two rows. */
function findWide(
  sheet: Pick<Sheet, 'rows'>,
  row: number,
  member: readonly number[],
  month: string | undefined,
): WideLayout | null {
  const isBelowFree = member.every((column) => textAt(sheet, row + 1, column) === '')
  for (const dateRow of [row, ...(row > 0 ? [row - 1] : []), ...(isBelowFree ? [row + 1] : [])]) {
    const dates = (sheet.rows[dateRow] ?? []).flatMap((text, column) => {
      const date = member.includes(column) ? null : parseSheetDate(text, month)
      return date ? [{column, date}] : []
    })
    if (dates.length === 0) continue
    const columns = dates.map(({column}) => column)
    let firstRow = Math.max(row, dateRow) + 1
    while (isWeekdayRow(sheet, firstRow, columns)) firstRow++
    return {kind: 'wide', headerRow: row, dateRow, firstRow, dates, member}
  }
  return null
}

export function isWeekdayRow(sheet: Pick<Sheet, 'rows'>, row: number, columns: readonly number[]): boolean {
  const written = columns.map((column) => textAt(sheet, row, column)).filter((text) => text !== '')
  return written.length > 0 && written.every(isWeekday)
}
