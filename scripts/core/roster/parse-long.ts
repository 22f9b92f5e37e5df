import {dateFinding, monthMissing} from './date-findings.js'
import type {LongLayout} from './find-layout.js'
import {isNoPerson, leftOutFinding} from './left-out.js'
import type {Entry, RowReader, SheetContent} from './read-rows.js'
import {parseSheetDate} from './sheet-date.js'
import {cellFinding, type CellPlace, type Sheet, type SheetFinding, textAt} from './sheet.js'

/** One row a person and day. */
export function parseLong(reader: RowReader, layout: LongLayout): SheetContent {
  const {sheet} = reader
  const {dateColumn, shiftColumn, member} = layout
  const used = [...member, dateColumn, shiftColumn]
  const textsOf = (row: number): string[] => used.map((column) => textAt(sheet, row, column))
  const header = textsOf(layout.headerRow).join('\0')
  const entries: Entry[] = []
  const dates = new Set<string>()
  const undated: CellPlace[] = []
  const leftOut: number[] = []
  for (let row = layout.firstRow; row < sheet.rows.length; row++) {
    const written = textsOf(row)
    // A sheet printed page by page repeats its header.
    if (written.every((text) => text === '') || written.join('\0') === header) continue
    if (isNoPerson(written.find((text) => text !== '') ?? '')) {
      leftOut.push(row)
      continue
    }
    const date = dateOf(reader, {row, column: dateColumn}, undated)
    const shifts = reader.shiftsAt({row, column: shiftColumn})
    if (textAt(sheet, row, shiftColumn) === '') reader.keep(shiftMissing(sheet, {row, column: shiftColumn}))
    const id = reader.memberAt(row, member)
    if (date === null) continue
    dates.add(date)
    if (id !== null) entries.push(...shifts.map((shift) => ({date, shift, member: id, row, column: shiftColumn})))
  }
  const [firstUndated] = undated
  if (firstUndated) reader.keep(monthMissing(sheet, firstUndated, undated.length))
  for (const finding of leftOutFinding(sheet, leftOut)) reader.keep(finding)
  return {entries, dates: [...dates].sort(), named: reader.named}
}

function dateOf(reader: RowReader, place: CellPlace, undated: CellPlace[]): string | null {
  const text = textAt(reader.sheet, place.row, place.column)
  const date = parseSheetDate(text, reader.month)
  if (date?.kind === 'date') return date.date
  if (date?.kind === 'month-missing') undated.push(place)
  else reader.keep(dateFinding(reader.sheet, place, text, date))
  return null
}

const shiftMissing = (sheet: Sheet, place: CellPlace): SheetFinding =>
  cellFinding(
    sheet,
    place,
    'roster-row-has-shift',
    'error',
    {zh: '这一行没有写班次', en: 'this row does not say which shift'},
    {zh: '写上班次，休息写 休', en: 'write the shift, or OFF for rest'},
  )
