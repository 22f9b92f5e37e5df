import {createHash} from 'node:crypto'
import {join} from 'node:path'
import {sha256} from '../core/model/sha256.js'
import type {Validated} from './check-loaded.js'
import {readKept, type ValidateReport, writeKept} from './kept-report.js'
import {type ConfigFolder, readConfigFolder} from './read-config-folder.js'
import {checkFolder} from './validate.js'

/** Where reports are kept, and which program made them: another version of the program may judge differently. */
export interface Keeping {
  readonly cacheFolder: string
  readonly program: string
}

/**
 * Checks a folder, or answers with the report kept from the last time when program, files and assets are the same to the
 * byte and no instant has passed at which a finding may change. Keeping fails silently: then it is checked again.
 */
export async function reportOnFolder(folder: string, nowMs: number, keeping?: Keeping): Promise<ValidateReport> {
  if (!keeping) return reportOf(await checkFolder(await readConfigFolder(folder), nowMs))
  const {key, read} = await readWithKey(folder, keeping.program)
  const file = join(keeping.cacheFolder, `validate-${sha256(read.folder).slice(0, 32)}.json`)
  const kept = readKept(file)
  if (kept?.key === key && kept.storedAtMs <= nowMs && nowMs < kept.holdsUntilMs) return kept.report
  const validated = await checkFolder(read, nowMs)
  const report = reportOf(validated)
  const {findHoldsUntil} = await import('../core/validate/holds-until.js')
  writeKept(file, {key, storedAtMs: nowMs, holdsUntilMs: findHoldsUntil(validated.loaded.config, nowMs), report})
  return report
}

/** The key covers everything the findings follow from: program, every path with its bytes, and what could not be read. */
async function readWithKey(folder: string, program: string): Promise<{key: string; read: ConfigFolder}> {
  const hash = createHash('sha256').update(`${program}\0`)
  const read = await readConfigFolder(folder, (path, bytes) =>
    hash.update(`${Buffer.byteLength(path)} ${bytes.length} ${path}`).update(bytes),
  )
  hash.update(JSON.stringify([read.remarks, [...read.unreadable]]))
  return {key: hash.digest('hex'), read}
}

function reportOf({loaded: {config}, findings}: Validated): ValidateReport {
  const {templates, schedules, channels, groupWelcomes} = config
  return {
    findings,
    counts: {
      templates: templates.size,
      schedules: schedules.size,
      channels: channels.size,
      groupWelcomes: groupWelcomes.size,
      members: (config.organization.value.members ?? []).length,
    },
    locale: config.enterprise.value.locale === 'en' ? 'en' : 'zh',
  }
}
