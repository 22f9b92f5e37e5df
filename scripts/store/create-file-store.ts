import {join} from 'node:path'
import {sha256} from '../core/model/canonical.js'
import type {ResponderReport} from '../core/model/outcome.js'
import type {JournalEntry, MediaEntry, State} from '../core/model/plan.js'
import type {SignedManifest} from '../core/model/release.js'
import {StoreConflict, StoreDamaged, type Clock, type Randomness, type Store} from '../core/ports.js'
import {findNames, readIfThere, writeWhole} from './atomic-file.js'
import {appendAudit, readAudit, type AuditLink} from './audit-files.js'
import {parseChecked, renderChecked} from './checked-json.js'
import type {OnDamage} from './damage.js'
import {createHolderProcess, type HolderProcess} from './holder-process.js'
import {appendLine, readLines} from './line-file.js'
import {createLock, type Holding} from './lock-files.js'
import {createNumberedFiles, type NumberedFiles} from './numbered-files.js'
import {createStateFiles} from './state-files.js'

const SUFFIX_BYTES = 8
const KEPT_MANIFESTS = 200

export interface FileStoreOptions {
  readonly clock: Clock
  readonly randomness: Randomness
  /** Told of everything that was passed over because it could not be trusted. */
  readonly onDamage?: OnDamage
  /** How a lock's holder is known to be gone. */
  readonly holders?: HolderProcess
}

/**
 * The embedded store: one folder of small readable files, safe with several processes on one machine and after a crash at
 * any point. Errors: StoreConflict, StoreDamaged, StoreLocked, and those of the file system.
 */
export function createFileStore(folder: string, options: FileStoreOptions): Store {
  const {clock, randomness, onDamage = () => undefined, holders = createHolderProcess()} = options
  const suffix = (): string => randomness.hex(SUFFIX_BYTES)
  const numbered = <T>(name: string): NumberedFiles<T> => createNumberedFiles<T>(join(folder, name), suffix)
  const state = createStateFiles(numbered<State>('state'), randomness, onDamage)
  const manifests = numbered<SignedManifest>('manifests')
  const audit = numbered<AuditLink>('audit')
  const lock = createLock(numbered<Holding>('lock'), clock, holders)
  const journalFile = (plan: string): string => join(folder, 'journal', `${checkDigest(plan)}.ndjson`)

  return {
    readState: () => state.read(),
    async writeState(next, expectedSerial) {
      await lock.checkFence()
      return state.write(next, expectedSerial)
    },
    lock: (holder, ttlMs) => lock.acquire(holder, ttlMs),
    async appendJournal(entry) {
      await lock.checkFence()
      await appendLine(journalFile(entry.plan), entry)
    },
    async readJournal(planDigest) {
      const {values, torn, damaged} = await readLines<JournalEntry>(journalFile(planDigest))
      const what = `journal/${planDigest}.ndjson`
      if (damaged !== null) throw new StoreDamaged(what, `line ${damaged} cannot be read`)
      for (const line of torn) onDamage({what, why: `line ${line} was cut off by a crash`})
      return values
    },
    writeDocument: (digest, bytes) => writeByContent(join(folder, 'documents'), digest, bytes, '.json'),
    readDocument: async (digest) =>
      (await readByContent(join(folder, 'documents'), digest, '.json'))?.toString('utf8') ?? null,
    writeAsset: (digest, bytes) => writeByContent(join(folder, 'assets'), digest, bytes, ''),
    readAsset: (digest) => readByContent(join(folder, 'assets'), digest, ''),
    readManifest: () => readManifest(manifests, onDamage),
    async writeManifest(signed) {
      await lock.checkFence()
      await writeManifest(manifests, signed)
    },
    readMedia: () => readEntries<MediaEntry>(join(folder, 'media'), 'media', onDamage),
    async writeMedia(entries) {
      for (const entry of entries) await writeWhole(join(folder, 'media', mediaName(entry)), renderChecked(entry))
    },
    writeReport: (report) =>
      writeWhole(join(folder, 'reports', `${encodeURIComponent(report.responder)}.json`), renderChecked(report)),
    readReports: () => readEntries<ResponderReport>(join(folder, 'reports'), 'reports', onDamage),
    appendAudit: (entry) => appendAudit(audit, entry),
    readAudit: () => readAudit(audit),
    close: () => Promise.resolve(),
  }
}

/** Digests become file names, so nothing else may. */
function checkDigest(digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError(`expected a lower-case SHA-256 in hex, got ${digest}`)
  return digest
}

async function writeByContent(
  folder: string,
  digest: string,
  content: string | Uint8Array,
  ending: string,
): Promise<void> {
  const file = join(folder, `${checkDigest(digest)}${ending}`)
  if (sha256(content) !== digest) throw new StoreDamaged(digest, 'the content to be written does not fit its digest')
  const stored = await readIfThere(file)
  if (stored === null || sha256(stored) !== digest) await writeWhole(file, content)
}

async function readByContent(folder: string, digest: string, ending: string): Promise<Buffer | null> {
  const bytes = await readIfThere(join(folder, `${checkDigest(digest)}${ending}`))
  if (bytes && sha256(bytes) !== digest) throw new StoreDamaged(digest, 'its content does not fit its digest')
  return bytes
}

/** The highest version that can be read; a responder that has seen a higher one refuses it and keeps what it has. */
async function readManifest(files: NumberedFiles<SignedManifest>, onDamage: OnDamage): Promise<SignedManifest | null> {
  for await (const file of files.newestFirst()) {
    if (file.ok) return file.value
    onDamage({what: `manifests/${file.name}`, why: file.why})
  }
  return null
}

/** A version number is used once for ever, even when its file was damaged later: responders may have seen it. */
async function writeManifest(files: NumberedFiles<SignedManifest>, signed: SignedManifest): Promise<void> {
  const {version} = signed.manifest
  const top = (await files.findNumbers()).at(-1) ?? 0
  if (version <= top) throw new StoreConflict(version - 1, top)
  if (!(await files.create(version, signed))) throw new StoreConflict(version - 1, version)
  await files.prune(KEPT_MANIFESTS)
}

const mediaName = ({sha256: digest, use, name}: MediaEntry): string =>
  `${checkDigest(digest)}.${use}${name === undefined ? '' : `.${sha256(name).slice(0, 16)}`}.json`

/** A folder of independent entries: a damaged one is passed over and made again by whoever owns it. */
async function readEntries<T>(folder: string, called: string, onDamage: OnDamage): Promise<T[]> {
  const values: T[] = []
  for (const name of (await findNames(folder)).filter((each) => each.endsWith('.json'))) {
    const bytes = await readIfThere(join(folder, name))
    if (!bytes) continue
    const checked = parseChecked<T>(bytes.toString('utf8'))
    if (checked.ok) values.push(checked.value)
    else onDamage({what: `${called}/${name}`, why: checked.why})
  }
  return values
}
