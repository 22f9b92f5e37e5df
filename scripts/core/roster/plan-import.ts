import {hasErrors} from '../model/finding.js'
import type {WrittenRoster} from '../model/written.js'
import {assembleRoster, type RosterDifference} from './assemble-roster.js'
import {checkOverlaps} from './check-overlaps.js'
import {checkUnnamed} from './check-unnamed.js'
import {editRosterText} from './edit-roster-text.js'
import {parseRoster, type RosterWords} from './parse-roster.js'
import {type Sheet, type SheetFinding, wholeFinding} from './sheet.js'

/** The roster file as it is now. */
export interface RosterFile {
  readonly text: string
  readonly roster: WrittenRoster
}

export interface ImportQuestion extends Omit<RosterWords, 'shifts'> {
  readonly sheets: readonly Sheet[]
  /** The file's shifts and those the command line adds. */
  readonly shifts: WrittenRoster['shifts']
  readonly file: RosterFile | null
  /** The title of a file that does not exist yet. */
  readonly title: string
  /** What a configuration file may hold. */
  readonly maxBytes: number
  /** RFC 3339 with offset. */
  readonly importedAt: string
}

/** What an import would do. With an error among the findings nothing may be written, and there is nothing to show. */
export interface RosterImport {
  readonly findings: readonly SheetFinding[]
  readonly difference: RosterDifference | null
  /** The file's new text. */
  readonly text: string | null
}

export function planImport(question: ImportQuestion): RosterImport {
  const {sheets, shifts, file, title, importedAt, maxBytes, ...words} = question
  const names = Object.keys(shifts)
  const parsed = parseRoster(sheets, {...words, shifts: names})
  if (!parsed.sheet || hasErrors(parsed.findings)) return {findings: parsed.findings, difference: null, text: null}
  const {days, difference} = assembleRoster(file?.roster.days ?? {}, names, parsed)
  const findings = [
    ...parsed.findings,
    ...checkOverlaps(parsed.sheet, parsed.entries, days, shifts),
    ...checkUnnamed(parsed.sheet, difference.changes, parsed.named),
  ]
  if (hasErrors(findings)) return {findings, difference: null, text: null}
  const after = {...(file?.roster ?? {title}), shifts, importedAt, days}
  const text = editRosterText(file?.text ?? null, file?.roster ?? null, after)
  return new TextEncoder().encode(text).length > maxBytes
    ? {findings: [...findings, tooMuch(parsed.sheet, maxBytes)], difference: null, text: null}
    : {findings, difference, text}
}

const tooMuch = (sheet: Sheet, maxBytes: number): SheetFinding =>
  wholeFinding(
    sheet,
    'file-size-within-limit',
    {
      zh: `导入后班表文件会超过 ${maxBytes} 字节，读不进来`,
      en: `the roster file would have more than ${maxBytes} bytes and could not be read`,
    },
    {
      zh: '按门店分成几个班表文件，或删去其中过去的日子',
      en: 'split it into a roster file for each store, or take days that are past out of it',
    },
  )
