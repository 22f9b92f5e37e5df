import {open} from 'node:fs/promises'
import type {Workbook} from '../core/roster/sheet.js'
import {parseCsv} from './parse-csv.js'
import {parseXlsx} from './parse-xlsx.js'
import {oldWorkbook, tooLarge} from './refusals.js'

/** A year of shifts of ten thousand people has about 1 MB. */
const MAX_FILE_BYTES = 5 * 1024 * 1024
const ZIP = Buffer.from('PK\x03\x04', 'latin1')
/** Of old .xls files and of workbooks with a password ([MS-CFB] 2.2). */
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex')

/**
 * Reads a CSV (UTF-8 with or without BOM, UTF-16 with BOM, GB18030) or an .xlsx file, told apart by content. Throws the
 * file system's error when the file cannot be opened.
 * @param shown the file as the user named it
 */
export async function readWorkbook(file: string, shown: string): Promise<Workbook> {
  const bytes = await readBounded(file)
  if (bytes === null) return {findings: [tooLarge(shown, MAX_FILE_BYTES)]}
  if (bytes.subarray(0, ZIP.length).equals(ZIP)) return parseXlsx(bytes, shown)
  return bytes.subarray(0, COMPOUND.length).equals(COMPOUND) ? {findings: [oldWorkbook(shown)]} : parseCsv(bytes, shown)
}

async function readBounded(file: string): Promise<Buffer | null> {
  const handle = await open(file, 'r')
  try {
    const shelf = Buffer.alloc(MAX_FILE_BYTES + 1)
    let filled = 0
    for (;;) {
      const {bytesRead} = await handle.read(shelf, filled, shelf.length - filled)
      filled += bytesRead
      if (filled === shelf.length) return null
      if (bytesRead === 0) return shelf.subarray(0, filled)
    }
  } finally {
    await handle.close()
  }
}
