import {CsvError, parse} from 'csv-parse/sync'
import type {Workbook} from '../core/roster/sheet.js'
import {cellText} from './cell-text.js'
import {brokenCsv, notText, tooManyRows} from './refusals.js'

/** Shifts of eight thousand people for a month, a row each. */
const MAX_ROWS = 250_000

export function parseCsv(bytes: Uint8Array, file: string): Workbook {
  const text = decode(bytes)
  if (text === null) return {findings: [notText(file)]}
  try {
    const records: string[][] = parse(text.trimEnd(), {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      to: MAX_ROWS + 1,
    })
    if (records.length > MAX_ROWS) return {findings: [tooManyRows(file, MAX_ROWS)]}
    return {sheets: [{file, name: null, rows: records.map((record) => record.map(cellText)), merges: [], unread: []}]}
  } catch (error) {
    if (!isCsvError(error)) throw error
    return {findings: [brokenCsv(file, error.lines ?? 1)]}
  }
}

/** By name too: the error may come from another copy of the package. */
const isCsvError = (error: unknown): error is CsvError & {lines?: number} =>
  error instanceof CsvError ||
  (typeof error === 'object' && error !== null && 'code' in error && /^CSV_/.test(String(error.code)))

/** UTF-16 by its mark, UTF-8 where every byte fits it, else GB18030, which spreadsheet programs in China write. */
function decode(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs('utf-16le', bytes)
  const text = decodeAs('utf-8', bytes) ?? decodeAs('gb18030', bytes)
  return text?.includes('\0') ? null : text
}

function decodeAs(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, {fatal: true}).decode(bytes)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return null
    throw error
  }
}

/** The separator that stands most often in the first lines. */
function delimiterOf(text: string): string {
  const head = text.split(/\r?\n/, 15).join('\n')
  const count = (separator: string): number => head.split(separator).length
  return [',', '\t', ';'].reduce((best, next) => (count(next) > count(best) ? next : best))
}
