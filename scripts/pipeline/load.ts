import {assembleConfig, type AssembledConfig, type SourceFile} from '../core/load/assemble-config.js'
import {createPlaceFinder} from '../core/load/find-place.js'
import type {Finding, Remark} from '../core/model/finding.js'
import {type ConfigFolder, readConfigFolder} from './read-config-folder.js'

export interface LoadedConfig extends AssembledConfig {
  readonly folder: ConfigFolder
}

/** Reads and parses a configuration folder. Throws ENOENT or ENOTDIR only when the folder itself cannot be read. */
export async function loadConfig(folder: string): Promise<LoadedConfig> {
  return understandConfig(await readConfigFolder(folder))
}

export function understandConfig(read: ConfigFolder): LoadedConfig {
  const assembled = assembleConfig(read.files, read.assets, read.unreadable)
  return {...assembled, remarks: [...read.remarks, ...assembled.remarks], folder: read}
}

/** Gives remarks their line and column; only files with remarks are parsed a second time. */
export function placeRemarks(remarks: readonly Remark[], files: readonly SourceFile[]): Finding[] {
  const texts = new Map(files.map(({path, text}) => [path, text]))
  const finders = new Map<string, ReturnType<typeof createPlaceFinder>>()
  const placed = remarks.map(({rule, level, at, says, fix}): Finding => {
    if ('line' in at) return {rule, level, file: at.file, line: at.line, column: at.column, says, fix}
    const text = texts.get(at.file)
    let find = finders.get(at.file)
    if (!find && text !== undefined) finders.set(at.file, (find = createPlaceFinder(text)))
    return {
      rule,
      level,
      file: at.file,
      ...(find ? find(at.pointer, at.atKey ?? false) : {line: 1, column: 1}),
      says,
      fix,
    }
  })
  return placed.sort(byPlace)
}

const byPlace = (a: Finding, b: Finding): number =>
  (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
  a.line - b.line ||
  a.column - b.column ||
  (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
