import {XMLParser} from 'fast-xml-parser'
import readExcelFile from 'read-excel-file/node'
import type {SheetFinding, Workbook} from '../core/roster/sheet.js'
import {cellText} from './cell-text.js'
import {areaOf, mergesOf, unreadCells} from './sheet-xml.js'
import {readZipEntries, ZipBroken, ZipTooLarge} from './read-zip-entries.js'
import {brokenCell, brokenWorkbook, unpacksTooLarge} from './refusals.js'

const MAX_UNPACKED_BYTES = 64 * 1024 * 1024
/** The reader fills every row up to the last column in use. */
const MAX_CELLS = 4_000_000

/**
 * Reads the visible sheets of a workbook. The values come from read-excel-file, which knows neither hidden sheets nor
 * merged cells nor a bound, and for which an error is an empty cell: those are asked of the archive first.
 */
export async function parseXlsx(bytes: Buffer, file: string): Promise<Workbook> {
  try {
    const parts = readZipEntries(bytes, (path) => /\.(xml|rels)$/.test(path), MAX_UNPACKED_BYTES)
    const shown = visibleSheets(parts)
    if (shown.some(({xml}) => areaOf(xml) > MAX_CELLS)) return {findings: [unpacksTooLarge(file)]}
    const read = await readExcelFile(bytes)
    return {
      sheets: shown.map(({name, xml}) => ({
        file,
        name: cellText(name),
        rows: (read.find(({sheet}) => sheet === name)?.data ?? []).map((row) => row.map(cellText)),
        merges: mergesOf(xml),
        unread: unreadCells(xml),
      })),
    }
  } catch (error) {
    const finding = refusalOf(error, file)
    if (!finding) throw error
    return {findings: [finding]}
  }
}

function refusalOf(error: unknown, file: string): SheetFinding | null {
  if (error instanceof ZipTooLarge) return unpacksTooLarge(file)
  // By name: the package is free to come in another copy.
  const isItsOwn = error instanceof Error && /^(InvalidInputError|InvalidSpreadsheetError)$/.test(error.name)
  if (!(error instanceof ZipBroken) && !isItsOwn) return null
  // A formula without its result, where a text should be: the reader gives up on the whole workbook.
  const [, row, column] = /row (\d+), col (\d+)/.exec(error.message) ?? []
  return row && column ? brokenCell(file, Number(row), Number(column)) : brokenWorkbook(file)
}

interface Part {
  readonly name: string
  readonly xml: string
}

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  removeNSPrefix: true,
  parseAttributeValue: false,
  isArray: (name) => name === 'sheet' || name === 'Relationship',
})

type Attributes = Readonly<Record<string, string | undefined>>

/** Name and content of the sheets that are not hidden (ECMA-376 18.2.19). */
function visibleSheets(parts: ReadonlyMap<string, string>): Part[] {
  const list = <T>(path: string, pick: (tree: Readonly<Record<string, T | undefined>>) => T | undefined): T => {
    const found = pick(XML.parse(parts.get(path) ?? '') as Readonly<Record<string, T | undefined>>)
    if (found === undefined) throw new ZipBroken(`expected ${path}`)
    return found
  }
  const {sheets} = list<{readonly sheets?: {readonly sheet?: readonly Attributes[]}}>(
    'xl/workbook.xml',
    ({workbook}) => workbook,
  )
  const {Relationship: relations = []} = list<{readonly Relationship?: readonly Attributes[]}>(
    'xl/_rels/workbook.xml.rels',
    ({Relationships}) => Relationships,
  )
  const targets = new Map(relations.map(({Id, Target = ''}) => [Id, Target.replace(/^\/?(xl\/)?/, 'xl/')]))
  return (sheets?.sheet ?? [])
    .filter(({state}) => state === undefined || state === 'visible')
    .map(({name = '', id}) => ({name, xml: parts.get(targets.get(id) ?? '') ?? ''}))
}
