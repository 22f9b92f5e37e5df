import {appendFile, mkdir, readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import {sha256} from '../core/model/canonical.js'
import type {SignedManifest} from '../core/model/release.js'
import type {MediaEntry} from '../core/model/plan.js'
import {createEventFiles} from './event-files.js'
import {isMissing} from './is-missing.js'
import {createOutcomeFiles} from './outcome-files.js'
import type {LastGood, OwnDisk} from './ports.js'

const OWNER_ONLY = 0o600

interface Pointer {
  readonly signed: SignedManifest
  readonly documents: readonly string[]
  readonly media: readonly MediaEntry[]
}

async function readTextIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/**
 * `last-good.json` points at documents by content and is replaced as a whole after they are complete, so a half-written
 * release is never read. `outcomes-DAY.ndjson` and `exposed-CANARY` only grow; `events-START.ndjson` holds what is under way.
 */
export function createOwnDisk(folder: string): OwnDisk {
  const pointerFile = join(folder, 'last-good.json')
  const documentFile = (digest: string) => join(folder, 'documents', `${digest}.json`)
  const exposedFile = (canary: string) => join(folder, `exposed-${sha256(canary).slice(0, 16)}`)
  const events = createEventFiles(folder)
  const outcomes = createOutcomeFiles(folder)
  const writeWhole = (file: string, text: string) => writeFileAtomic(file, text, {mode: OWNER_ONLY, fsync: true})

  return {
    async readLastGood(): Promise<LastGood | null> {
      const text = await readTextIfThere(pointerFile)
      if (text === null) return null
      const {signed, documents, media} = JSON.parse(text) as Pointer
      const texts = await Promise.all(
        documents.map(async (digest) => [digest, (await readTextIfThere(documentFile(digest))) ?? ''] as const),
      )
      return {signed, documents: Object.fromEntries(texts), media}
    },
    async writeLastGood({signed, documents, media}) {
      await mkdir(join(folder, 'documents'), {recursive: true})
      const stored = new Set(await readdir(join(folder, 'documents')))
      for (const [digest, text] of Object.entries(documents)) {
        if (!stored.has(`${digest}.json`)) await writeWhole(documentFile(digest), text)
      }
      const pointer: Pointer = {signed, documents: Object.keys(documents), media}
      await writeWhole(pointerFile, JSON.stringify(pointer))
      const kept = new Set(pointer.documents.map((digest) => `${digest}.json`))
      const old = [...stored].filter((name) => name.endsWith('.json') && !kept.has(name))
      await Promise.all(old.map((name) => rm(join(folder, 'documents', name), {force: true})))
    },
    appendOutcomes: (records) => outcomes.append(records),
    noteEvents: (kept, closed) => events.note(kept, closed),
    async readKept(sinceMs) {
      const open = await events.readOpen()
      const oldestMs = open.reduce((oldest, {receivedAtMs}) => Math.min(oldest, receivedAtMs), sinceMs)
      return {open, answered: await outcomes.readKeysSince(oldestMs)}
    },
    async readExposed(canary) {
      const text = (await readTextIfThere(exposedFile(canary))) ?? ''
      return text.split('\n').filter((line) => line !== '')
    },
    async appendExposed(canary, person) {
      await mkdir(folder, {recursive: true})
      await appendFile(exposedFile(canary), `${person}\n`, {mode: OWNER_ONLY})
    },
  }
}
