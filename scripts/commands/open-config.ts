import {statSync} from 'node:fs'
import type {SourceFile} from '../core/load/assemble-config.js'
import type {Config} from '../core/model/config.js'
import {hasErrors} from '../core/model/finding.js'
import type {Language} from '../core/model/words.js'
import type {LoadedConfig} from '../pipeline/load.js'
import {validateConfig} from '../pipeline/validate.js'
import {type CommonOptions, CouldNotRun, type Door, type ExitCode} from './door.js'
import {languageFor, renderFindings, type ShownFinding, showFindings} from './show-findings.js'

/** The configuration folder must be there before anything is said about its content. */
export function requireFolder(folder: string): void {
  const found = statSync(folder, {throwIfNoEntry: false})
  if (!found?.isDirectory())
    throw new CouldNotRun(
      {zh: `没有配置文件夹 ${folder}`, en: `there is no configuration folder ${folder}`},
      {zh: '用 --config 指明文件夹', en: 'name the folder with --config'},
    )
}

/** `--now` makes a run repeatable; without it the clock decides. */
export function instantOption(value: unknown, otherwise: number, flag: string): number {
  if (value === undefined) return otherwise
  const ms =
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.test(value) &&
    isRealDate(value.slice(0, 10))
      ? Date.parse(value.toUpperCase().replace(' ', 'T'))
      : Number.NaN
  if (Number.isNaN(ms))
    throw new CouldNotRun(
      {
        zh: `${flag} 不是带时区的时刻：${JSON.stringify(value)}`,
        en: `${flag} is not an instant with an offset: ${JSON.stringify(value)}`,
      },
      {zh: `例如 ${flag} 2026-11-25T06:00:00+08:00`, en: `for example ${flag} 2026-11-25T06:00:00+08:00`},
    )
  return ms
}

/** `Date.parse` rolls 30 February over to March without a word. */
function isRealDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}

/** The configuration when validate has nothing against it; otherwise its findings are printed and the answer is no. */
export async function openCheckedConfig(
  name: string,
  door: Door,
  options: CommonOptions,
  language: Language | undefined,
  nowMs: number,
): Promise<
  | {
      readonly config: Config
      /** As they were read, for the places of what is found later. */
      readonly files: readonly SourceFile[]
      readonly loaded: LoadedConfig
      readonly tongue: Language
      readonly warnings: readonly ShownFinding[]
    }
  | {readonly exitCode: ExitCode}
> {
  requireFolder(options.config)
  const {loaded, findings} = await validateConfig(options.config, nowMs)
  const tongue = languageFor(language, loaded.config)
  const shown = showFindings(findings, options.config, door, tongue)
  if (!hasErrors(findings)) return {config: loaded.config, files: loaded.folder.files, loaded, tongue, warnings: shown}
  door.out(
    options.json
      ? `${JSON.stringify({command: name, verdict: 'refused', findings: shown})}\n`
      : renderFindings(shown, tongue),
  )
  return {exitCode: 1}
}
