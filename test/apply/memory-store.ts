import type {JournalEntry, MediaEntry, State} from '../../scripts/core/model/plan.js'
import type {SignedManifest} from '../../scripts/core/model/release.js'
import {StoreConflict, StoreLocked, type AuditEntry, type Store} from '../../scripts/core/ports.js'
import {Killed} from './fake-wecom.js'

const copy = <T>(value: T): T => structuredClone(value)

export interface MemoryStore extends Store {
  /** Before every write; may throw. */
  beforeWrite: (what: string) => void
  /** What a new process finds: the data, and a lock that has run out. */
  restart(): void
}

/** A store without a disk, for journeys of many runs. `isDead` makes it refuse everything, as after a kill. */
export function createMemoryStore(isDead: () => boolean = () => false): MemoryStore {
  let state: State = {
    format: 1,
    lineage: 'lineage-1',
    serial: 0,
    stable: null,
    promoted: [],
    quarantined: [],
    directory: null,
    resources: {},
    ambiguous: {},
    orphans: [],
    underway: null,
    pending: null,
  }
  let holder: string | null = null
  let fence = 0
  let manifest: SignedManifest | null = null
  const journal: JournalEntry[] = []
  const documents = new Map<string, string>()
  const assets = new Map<string, Uint8Array>()
  const media = new Map<string, MediaEntry>()
  const audit: AuditEntry[] = []

  // An async function turns a throw into a rejection, as a store on a disk would.
  const read = async <T>(answer: () => T): Promise<T> => {
    await Promise.resolve()
    if (isDead()) throw new Killed('the process is dead')
    return answer()
  }
  const write = <T>(what: string, work: () => T): Promise<T> =>
    read(() => {
      store.beforeWrite(what)
      return work()
    })

  const store: MemoryStore = {
    beforeWrite: () => undefined,
    restart: () => {
      holder = null
    },
    readState: () => read(() => copy(state)),
    writeState: (next, expectedSerial) =>
      write('state', () => {
        if (state.serial !== expectedSerial) throw new StoreConflict(expectedSerial, state.serial)
        state = copy({...next, serial: expectedSerial + 1})
        return copy(state)
      }),
    lock: (who) =>
      write('lock', () => {
        if (holder !== null) throw new StoreLocked(holder)
        holder = who
        return {
          fence: ++fence,
          renew: () => Promise.resolve(),
          release: () => {
            holder = null
            return Promise.resolve()
          },
        }
      }),
    appendJournal: (entry) =>
      write('journal', () => {
        journal.push(copy(entry))
      }),
    readJournal: (plan) => read(() => copy(journal.filter((entry) => entry.plan === plan))),
    writeDocument: (digest, text) =>
      write('document', () => {
        documents.set(digest, text)
      }),
    readDocument: (digest) => read(() => documents.get(digest) ?? null),
    writeAsset: (digest, bytes) =>
      write('asset', () => {
        assets.set(digest, bytes)
      }),
    readAsset: (digest) => read(() => assets.get(digest) ?? null),
    readManifest: () => read(() => copy(manifest)),
    writeManifest: (signed) =>
      write('manifest', () => {
        const top = manifest?.manifest.version ?? 0
        if (signed.manifest.version <= top) throw new StoreConflict(signed.manifest.version - 1, top)
        manifest = copy(signed)
      }),
    readMedia: () => read(() => [...media.values()]),
    writeMedia: (entries) =>
      write('media', () => {
        for (const entry of entries) media.set(`${entry.sha256} ${entry.use} ${entry.name ?? ''}`, copy(entry))
      }),
    writeReport: () => Promise.resolve(),
    readReports: () => Promise.resolve([]),
    appendAudit: (entry) =>
      write('audit', () => {
        audit.push(copy(entry))
      }),
    readAudit: () => read(() => copy(audit)),
    close: () => Promise.resolve(),
  }
  return store
}
