import type {Finding, Level} from '../model/finding.js'
import type {Words} from '../model/words.js'

/** Rows and columns count from 0 here; people are told the cell's name and both numbers from 1. */
export interface CellPlace {
  readonly row: number
  readonly column: number
}

/** A rectangle of merged cells: only its first cell holds a value. Both ends are included. */
export interface Merge extends CellPlace {
  readonly lastRow: number
  readonly lastColumn: number
}

/** One sheet as text: every cell trimmed and in Unicode NFC, dates as `YYYY-MM-DD`, an empty cell as an empty text. */
export interface Sheet {
  /** The file as the user named it. */
  readonly file: string
  /** The sheet's name inside its workbook; `null` for CSV. */
  readonly name: string | null
  readonly rows: readonly (readonly string[])[]
  readonly merges: readonly Merge[]
  /** Cells that hold something that cannot be read: an error, or a formula without its result. They read as empty. */
  readonly unread: readonly CellPlace[]
}

/** `line` and `column` are the sheet's row and column, from 1. */
export interface SheetFinding extends Finding {
  readonly sheet: string | null
}

/** The sheets people see in a workbook, or why it cannot be read. */
export type Workbook = {readonly sheets: readonly Sheet[]} | {readonly findings: readonly SheetFinding[]}

export const textAt = ({rows}: Pick<Sheet, 'rows'>, row: number, column: number): string => rows[row]?.[column] ?? ''

export const isBlank = ({rows}: Pick<Sheet, 'rows'>): boolean => rows.every((row) => row.every((text) => text === ''))

/** `D` for the fourth column, `AA` for the 27th. */
function columnName(column: number): string {
  const letter = String.fromCharCode(65 + (column % 26))
  return column < 26 ? letter : columnName(Math.floor(column / 26) - 1) + letter
}

/** `D5`, as spreadsheets name a cell. */
export const cellName = ({row, column}: CellPlace): string => `${columnName(column)}${row + 1}`

export function cellFinding(
  {file, name}: Pick<Sheet, 'file' | 'name'>,
  place: CellPlace,
  rule: string,
  level: Level,
  says: Words,
  fix: Words,
): SheetFinding {
  const [line, column] = [place.row + 1, place.column + 1]
  const [zhSheet, enSheet] = name === null ? ['', ''] : [`工作表「${name}」`, `sheet "${name}", `]
  return {
    rule,
    level,
    file,
    sheet: name,
    line,
    column,
    says: {
      zh: `${zhSheet}${cellName(place)}（第 ${line} 行第 ${column} 列）：${says.zh}`,
      en: `${enSheet}${cellName(place)} (row ${line}, column ${column}): ${says.en}`,
    },
    fix,
  }
}

/** A finding about the file or a sheet as a whole. */
export const wholeFinding = (
  {file, name = null}: {readonly file: string; readonly name?: string | null},
  rule: string,
  says: Words,
  fix: Words,
  level: Level = 'error',
): SheetFinding => ({rule, level, file, sheet: name, line: 1, column: 1, says, fix})

/** Cells may hold what belongs to nobody's log: a number that could be a telephone is not repeated. */
export const shownCell = (text: string): Words => {
  if (/\d{7,}/.test(text.replaceAll(/[\s()+-]/g, '')))
    return {zh: '（含一串数字，不在此重复）', en: '(holds a long number, not repeated here)'}
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return {zh: `「${short}」`, en: `"${short}"`}
}
