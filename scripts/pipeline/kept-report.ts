import {mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import type {Finding} from '../core/model/finding.js'
import type {Language} from '../core/model/words.js'

/** What validate says about a folder, without the configuration itself. */
export interface ValidateReport {
  /** Sorted by file, line and column. */
  readonly findings: readonly Finding[]
  readonly counts: Readonly<Record<'templates' | 'schedules' | 'channels' | 'groupWelcomes' | 'members', number>>
  /** What `enterprise.yaml` wants to be spoken to in. */
  readonly locale: Language
}

export interface KeptReport {
  readonly key: string
  readonly storedAtMs: number
  /** Exclusive. */
  readonly holdsUntilMs: number
  readonly report: ValidateReport
}

/** The kept report, or null where there is none that can be read: it is only ever a shortcut. */
export function readKept(file: string): KeptReport | null {
  const text = attempt(() => readFileSync(file, 'utf8'))
  const value = text === null ? null : attempt(() => JSON.parse(text) as unknown)
  return isKept(value) ? value : null
}

/** Written beside and renamed, so that a reader sees the old one or the new one. */
export function writeKept(file: string, kept: KeptReport): void {
  const beside = `${file}.${process.pid}`
  const written = attempt(() => {
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(beside, JSON.stringify(kept), {mode: 0o600})
    renameSync(beside, file)
    return true
  })
  if (written === null) attempt(() => rmSync(beside, {force: true}))
}

/** A folder that cannot be written, a full disk or a damaged file only mean that the work is done again. */
function attempt<T>(act: () => T): T | null {
  try {
    return act()
  } catch {
    return null
  }
}

function isKept(value: unknown): value is KeptReport {
  if (typeof value !== 'object' || value === null) return false
  const {key, storedAtMs, holdsUntilMs, report} = value as Record<string, unknown>
  return (
    typeof key === 'string' &&
    typeof storedAtMs === 'number' &&
    typeof holdsUntilMs === 'number' &&
    typeof report === 'object' &&
    report !== null &&
    'findings' in report &&
    Array.isArray(report.findings) &&
    'counts' in report &&
    'locale' in report
  )
}
