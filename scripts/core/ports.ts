import type {ResponderReport} from './model/outcome.js'
import type {JournalEntry, MediaEntry, State} from './model/plan.js'
import type {SignedManifest} from './model/release.js'

/** The only sources of time and chance; decisions take their values as arguments. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Randomness {
  /** In [0, 1). */
  fraction(): number
  /** Lower-case hex of `bytes` random bytes. */
  hex(bytes: number): string
}

/** Somebody else wrote the state since it was read. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict'
  constructor(
    readonly expectedSerial: number,
    readonly foundSerial: number,
  ) {
    super(`the state moved from serial ${expectedSerial} to ${foundSerial} since it was read`)
  }
}

/** A file or key of the store cannot be trusted; nothing was overwritten. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
  constructor(
    readonly what: string,
    why: string,
  ) {
    super(`${what} is damaged: ${why}`)
  }
}

/** Another runner holds the lock, or the lock cannot be read (which blocks too). */
export class StoreLocked extends Error {
  override readonly name = 'StoreLocked'
  constructor(readonly holder: string) {
    super(`the store is locked by ${holder}`)
  }
}

/** A held lock; `fence` grows with every holder, and a write with an older fence is refused. */
export interface Lease {
  readonly fence: number
  renew(): Promise<void>
  release(): Promise<void>
}

export interface AuditEntry {
  readonly atMs: number
  readonly what: string
  readonly who: string
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

/** State, journal, releases, manifest, reports and audit behind one port; `file:` embedded, `redis:` for several machines. */
export interface Store {
  /** A new store answers with an empty state of a new lineage and serial 0. */
  readState(): Promise<State>
  /** Writes `next` with serial `expectedSerial + 1`; throws StoreConflict when the stored serial is another. */
  writeState(next: State, expectedSerial: number): Promise<State>
  lock(holder: string, ttlMs: number): Promise<Lease>
  appendJournal(entry: JournalEntry): Promise<void>
  readJournal(planDigest: string): Promise<readonly JournalEntry[]>
  /** Content-addressed documents: releases and directories. The digest is checked on reading. */
  writeDocument(digest: string, canonicalBytes: string): Promise<void>
  /** `null` when there is none; throws StoreDamaged when the bytes do not fit the digest. */
  readDocument(digest: string): Promise<string | null>
  writeAsset(sha256: string, bytes: Uint8Array): Promise<void>
  readAsset(sha256: string): Promise<Uint8Array | null>
  readManifest(): Promise<SignedManifest | null>
  writeManifest(signed: SignedManifest): Promise<void>
  readMedia(): Promise<readonly MediaEntry[]>
  /** Adds or replaces entries by content and use. */
  writeMedia(entries: readonly MediaEntry[]): Promise<void>
  writeReport(report: ResponderReport): Promise<void>
  readReports(): Promise<readonly ResponderReport[]>
  appendAudit(entry: AuditEntry): Promise<void>
  readAudit(): Promise<readonly AuditEntry[]>
  close(): Promise<void>
}
