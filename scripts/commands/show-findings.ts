import {isAbsolute, join, relative} from 'node:path'
import type {Config} from '../core/model/config.js'
import type {Finding} from '../core/model/finding.js'
import type {Language, Words} from '../core/model/words.js'
import type {Door} from './door.js'

/** A finding as `--json` shows it, in one language and with the path a person can open. */
export interface ShownFinding {
  readonly rule: string
  readonly level: Finding['level']
  readonly file: string
  readonly line: number
  readonly column: number
  readonly says: string
  readonly fix: string
}

/** `--lang`, else LANG, else the enterprise's locale, else Chinese. */
export const languageFor = (language: Language | undefined, config?: Config): Language =>
  language ?? (config?.enterprise.value.locale === 'en' ? 'en' : 'zh')

/** From where the user stands, when it lies below. */
export function shownPath(door: Door, path: string): string {
  const near = relative(door.cwd, path)
  return near.startsWith('..') || isAbsolute(near) ? path : near
}

/** Files are shown as the folder is. */
export function showFindings(
  findings: readonly Finding[],
  folder: string,
  door: Door,
  language: Language,
): ShownFinding[] {
  const base = shownPath(door, folder)
  return findings.map(({rule, level, file, line, column, says, fix}) => ({
    rule,
    level,
    file: join(base, file),
    line,
    column,
    says: says[language],
    fix: fix[language],
  }))
}

const LEVELS: Readonly<Record<Finding['level'], Words>> = {
  error: {zh: '错误', en: 'error'},
  warning: {zh: '提醒', en: 'warning'},
  info: {zh: '说明', en: 'info'},
}

/** One finding a paragraph: place and rule, what is wrong, how to mend it. */
export function renderFindings(findings: readonly ShownFinding[], language: Language): string {
  return findings
    .map(
      ({rule, level, file, line, column, says, fix}) =>
        `${file}:${line}:${column}  ${LEVELS[level][language]}  ${rule}\n  ${says}\n  ${language === 'zh' ? '怎么改' : 'fix'}: ${fix}\n`,
    )
    .join('\n')
}

/** `3 个错误，1 个提醒`. */
export function countFindings(findings: readonly {level: Finding['level']}[], language: Language): string {
  const count = (level: Finding['level']): number => findings.filter((finding) => finding.level === level).length
  const [errors, warnings] = [count('error'), count('warning')]
  return language === 'zh'
    ? `${errors} 个错误，${warnings} 个提醒`
    : `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}`
}

/** Annotations on the lines of a pull request; escaping is the library's. */
export async function annotate(findings: readonly ShownFinding[]): Promise<void> {
  const {error, warning, notice} = await import('@actions/core')
  for (const {rule, level, file, line, column, says, fix} of findings) {
    const tell = level === 'error' ? error : level === 'warning' ? warning : notice
    tell(`${says}\n${fix}`, {title: rule, file, startLine: line, startColumn: column})
  }
}
