import {hasErrors} from '../model/finding.js'
import type {WrittenMember} from '../model/written.js'
import {checkCells} from './check-cells.js'
import {chooseSheet} from './choose-sheet.js'
import {createMemberFinder} from './find-member.js'
import {parseLong} from './parse-long.js'
import {parseWide} from './parse-wide.js'
import {createRowReader, type SheetContent} from './read-rows.js'
import {cellFinding, type Sheet, type SheetFinding} from './sheet.js'
import {createShiftParser} from './shift-words.js'

export interface RosterWords {
  readonly members: readonly Pick<WrittenMember, 'id' | 'displayName' | 'number'>[]
  readonly shifts: readonly string[]
  /** Other words for a shift, or `null` for rest. */
  readonly words: ReadonlyMap<string, string | null>
  /** `YYYY-MM`, for dates written without year or month. */
  readonly month: string | undefined
  /** The sheet to read, where the workbook has several. */
  readonly sheet: string | undefined
}

export interface ParsedRoster extends SheetContent {
  /** The sheet that was read; `null` when none was. */
  readonly sheet: Sheet | null
  /** In the order of the sheet. */
  readonly findings: readonly SheetFinding[]
}

/** Reads the roster a workbook holds. Everything that cannot be read is a finding with its cell; it never throws. */
export function parseRoster(sheets: readonly Sheet[], words: RosterWords): ParsedRoster {
  const chosen = chooseSheet(sheets, words.sheet, words.month)
  if (!('sheet' in chosen)) return {sheet: null, entries: [], dates: [], named: new Set(), findings: chosen.findings}
  const {sheet, layout} = chosen
  const reader = createRowReader(
    sheet,
    words.month,
    createMemberFinder(words.members),
    createShiftParser(words.shifts, words.words),
    words.shifts,
  )
  const content = layout.kind === 'long' ? parseLong(reader, layout) : parseWide(reader, layout)
  const found = [...reader.findings(), ...checkCells(sheet, layout)].sort(
    (a, b) => a.line - b.line || a.column - b.column || (a.rule < b.rule ? -1 : 1),
  )
  const empty = content.dates.length === 0 && !hasErrors(found) ? [noDays(sheet, layout.headerRow)] : []
  return {...content, sheet, findings: [...chosen.findings, ...found, ...empty]}
}

const noDays = (sheet: Sheet, headerRow: number): SheetFinding =>
  cellFinding(
    sheet,
    {row: headerRow, column: 0},
    'roster-sheet-has-days',
    'error',
    {zh: '表头下面没有任何排班', en: 'there is no shift below the header'},
    {zh: '确认选对了文件和工作表（--sheet）', en: 'check that this is the right file and sheet (--sheet)'},
  )
