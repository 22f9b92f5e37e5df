import {dateFinding, monthMissing} from './date-findings.js'
import {isWeekdayRow, type WideLayout} from './find-layout.js'
import {isNoPerson, leftOutFinding} from './left-out.js'
import type {Entry, RowReader, SheetContent} from './read-rows.js'
import {cellFinding, type CellPlace, type Sheet, type SheetFinding, textAt} from './sheet.js'

interface Day {
  readonly column: number
  readonly date: string
}

/** One row a person, one column a date. */
export function parseWide(reader: RowReader, layout: WideLayout): SheetContent {
  const {sheet} = reader
  const days = daysOf(reader, layout)
  const rows = peopleRows(reader, layout)
  const entries: Entry[] = []
  for (const row of rows) {
    const member = reader.memberAt(row, layout.member)
    for (const {column, date} of days) {
      const shifts = reader.shiftsAt({row, column})
      if (member !== null) entries.push(...shifts.map((shift) => ({date, shift, member, row, column})))
    }
  }
  const isSpokenOf = ({column}: Day): boolean => rows.some((row) => textAt(sheet, row, column) !== '')
  for (const finding of silentDays(
    sheet,
    layout,
    days.filter((day) => !isSpokenOf(day)),
  ))
    reader.keep(finding)
  return {
    entries,
    dates: days
      .filter(isSpokenOf)
      .map(({date}) => date)
      .sort(),
    named: reader.named,
  }
}

/** Rows with something under a date; sums, notes and repeated headers are not people. */
function peopleRows(reader: RowReader, {firstRow, headerRow, dateRow, dates, member}: WideLayout): number[] {
  const {sheet} = reader
  const columns = dates.map(({column}) => column)
  const textsOf = (row: number): string =>
    [...member, ...columns].map((column) => textAt(sheet, row, column)).join('\0')
  const headers = [textsOf(headerRow), textsOf(dateRow)]
  const rows: number[] = []
  const leftOut: number[] = []
  for (let row = firstRow; row < sheet.rows.length; row++) {
    if (isWeekdayRow(sheet, row, columns) || headers.includes(textsOf(row))) continue
    if ((sheet.rows[row] ?? []).slice(0, columns[0]).some(isNoPerson)) leftOut.push(row)
    else if (columns.some((column) => textAt(sheet, row, column) !== '')) rows.push(row)
  }
  for (const finding of leftOutFinding(sheet, leftOut)) reader.keep(finding)
  return rows
}

/** Columns with real dates, each once; the rest are findings. */
function daysOf(reader: RowReader, {dates, dateRow, firstRow}: WideLayout): Day[] {
  const {sheet} = reader
  const days: Day[] = []
  const undated: CellPlace[] = []
  const isEmptyBelow = (column: number): boolean =>
    sheet.rows.every((cells, row) => row < firstRow || (cells[column] ?? '') === '')
  for (const {column, date} of dates) {
    const place = {row: dateRow, column}
    if (date.kind === 'month-missing') undated.push(place)
    else if (date.kind === 'no-such-date') {
      // A form with columns up to 31 serves short months too.
      if (!(date.isBareDay && isEmptyBelow(column)))
        reader.keep(dateFinding(sheet, place, textAt(sheet, dateRow, column), date))
    } else if (days.some((day) => day.date === date.date)) reader.keep(dateTwice(sheet, place, date.date))
    else days.push({column, date: date.date})
  }
  const [firstUndated] = undated
  if (firstUndated) reader.keep(monthMissing(sheet, firstUndated, undated.length))
  return days
}

const dateTwice = (sheet: Sheet, place: CellPlace, date: string): SheetFinding =>
  cellFinding(
    sheet,
    place,
    'roster-date-stands-once',
    'error',
    {zh: `${date} 有两列`, en: `${date} has two columns`},
    {
      zh: '一天只留一列；一人两个班写在一格里，如 早班/晚班',
      en: 'keep one column a day; two shifts of one person go into one cell, such as early/late',
    },
  )

/** An empty column is a form not yet filled in, not a day on which all rest: it changes nothing. */
function silentDays(sheet: Sheet, layout: WideLayout, silent: readonly Day[]): SheetFinding[] {
  const [first] = silent
  if (!first) return []
  const dates = silent.map(({date}) => date).sort()
  return [
    cellFinding(
      sheet,
      {row: layout.dateRow, column: first.column},
      'roster-day-is-filled-in',
      'info',
      {
        zh: `这些日期一格也没有填，保持原样：${dates.join('、')}`,
        en: `nothing is filled in under these dates, so they stay as they are: ${dates.join(', ')}`,
      },
      {zh: '若全员休息，请填 休', en: 'if everybody rests, write OFF'},
    ),
  ]
}
