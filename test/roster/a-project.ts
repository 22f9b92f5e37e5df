import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {load} from 'js-yaml'
import writeXlsxFile, {type SheetData} from 'write-excel-file/node'
import type {WrittenRoster} from '../../scripts/core/model/written.js'
import {aConfig, type Changes, inFolder} from '../support/a-config.js'
import {documentOf, type Json, type JsonObject, listOf, type Ran, runCommand} from '../support/run-command.js'

/** A roster as a person keeps it, with a remark and two days. */
export const ROSTER = `# 由人事每周五发来
title: 天河店班表
note: 节前加班另行通知
shifts:
  早班: {from: "06:00", to: "14:00"}
  中班: {from: "14:00", to: "22:00"}
  夜班: {from: "22:00", to: "06:00"} # 跨零点
importedAt: 2026-11-20T18:00:00+08:00
staleAfterDays: 8
days:
  # 换班周
  "2026-11-30": {早班: [zhang.san], 夜班: [li.si]}
  "2026-12-01": {中班: [zhang.san]}
`

export interface Project {
  run(...argv: readonly string[]): Promise<Ran>
  /** The JSON document of a run; the exit code stands beside it. */
  ask(...argv: readonly string[]): Promise<JsonObject & {code: number}>
  text(path?: string): string
  roster(path?: string): WrittenRoster
}

/** A configuration with a roster file, and what HR sent beside it. */
export const inProject = <T>(
  sheets: Readonly<Record<string, string | Uint8Array>>,
  use: (project: Project) => Promise<T>,
  changes: Changes = {},
): Promise<T> => {
  const config = aConfig({'rosters/stores.yaml': ROSTER, ...changes})
  const files = Object.fromEntries(Object.entries(config).map(([path, text]) => [`config/${path}`, text]))
  return inFolder({...files, ...sheets}, (cwd) => {
    const run = (...argv: readonly string[]): Promise<Ran> => runCommand(argv, {cwd})
    const text = (path = 'rosters/stores.yaml'): string => readFileSync(join(cwd, 'config', path), 'utf8')
    return use({
      run,
      ask: async (...argv) => {
        const ran = await run(...argv, '--json')
        return {...documentOf(ran), code: ran.code}
      },
      text,
      roster: (path) => load(text(path)) as WrittenRoster,
    })
  })
}

export const IMPORT = (from: string, ...more: readonly string[]): string[] => [
  'roster',
  '--from',
  from,
  '--into',
  'rosters/stores.yaml',
  ...more,
]

/** Rule, row and column of each error, as the document lists them. */
export const errorsOf = (document: JsonObject): string[] =>
  listOf(document, 'findings')
    .filter(({level}) => level === 'error')
    .map(({rule, line, column}) => `${rule as string} ${line as number}:${column as number}`)

/** `kind date member before → after` of every change, and the counts. */
export function differenceOf(document: JsonObject): {counts: Json[]; changes: string[]} {
  const difference = document['difference'] as JsonObject
  const {added, removed, changed, unchanged} = difference
  return {
    counts: [added ?? null, removed ?? null, changed ?? null, unchanged ?? null],
    changes: listOf(difference, 'changes').map(
      ({kind, date, member, before, after}) =>
        `${kind as string} ${date as string} ${member as string} ${(before as string[]).join('+')}→${(after as string[]).join('+')}`,
    ),
  }
}

export const csv = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.join(',')}\r\n`).join('')

export const xlsx = (data: SheetData, sheet = '排班'): Promise<Buffer> => writeXlsxFile(data, {sheet}).toBuffer()

export const xlsxOf = (sheets: Readonly<Record<string, SheetData>>): Promise<Buffer> =>
  writeXlsxFile(Object.entries(sheets).map(([sheet, data]) => ({sheet, data}))).toBuffer()

/** A date cell: midnight in UTC, since a spreadsheet knows no zone. */
export const day = (date: string) => ({value: new Date(`${date}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd'}) as const
