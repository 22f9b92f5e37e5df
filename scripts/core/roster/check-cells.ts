import type {Layout} from './find-layout.js'
import {cellFinding, cellName, type CellPlace, type Merge, type Sheet, type SheetFinding, textAt} from './sheet.js'

/** Cells over people or days that would read as empty, that is as rest, though a person sees something in them. */
export function checkCells(sheet: Sheet, layout: Layout): SheetFinding[] {
  const days = layout.kind === 'wide' ? layout.dates.map(({column}) => column) : [layout.dateColumn, layout.shiftColumn]
  const columns = [...layout.member, ...days]
  const dateRow = layout.kind === 'wide' ? layout.dateRow : layout.headerRow
  const isUsed = ({row, column}: CellPlace): boolean =>
    row === dateRow || (row >= layout.firstRow && columns.includes(column))
  const isHarmful = ({row, column, lastRow, lastColumn}: Merge): boolean =>
    lastRow >= layout.firstRow &&
    textAt(sheet, row, column) !== '' &&
    columns.some((at) => at >= column && at <= lastColumn) &&
    // A line of text below the table is merged from before the first day on.
    !(row === lastRow && lastColumn > column && !days.includes(column))
  return [
    ...sheet.unread.filter(isUsed).map((place) => unread(sheet, place)),
    ...sheet.merges.filter(isHarmful).map((merge) => merged(sheet, merge)),
  ]
}

function merged(sheet: Sheet, merge: Merge): SheetFinding {
  const range = `${cellName(merge)}:${cellName({row: merge.lastRow, column: merge.lastColumn})}`
  return cellFinding(
    sheet,
    merge,
    'roster-cells-are-not-merged',
    'error',
    {
      zh: `合并了单元格 ${range}，只有第一格有内容`,
      en: `the cells ${range} are merged, so only the first holds a value`,
    },
    {zh: '取消合并，每格各自填写', en: 'unmerge them and fill in each cell'},
  )
}

const unread = (sheet: Sheet, place: CellPlace): SheetFinding =>
  cellFinding(
    sheet,
    place,
    'roster-cell-has-value',
    'error',
    {zh: '这一格是错误值，或没有结果的公式', en: 'this cell is an error, or a formula without a result'},
    {
      zh: '直接填写内容，或「选择性粘贴 → 数值」后再保存',
      en: 'write the value itself, or paste it as a value and save again',
    },
  )
