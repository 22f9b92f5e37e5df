import type {Store} from '../../core/ports.js'

/** A store that is made when it is first used, for callers that want one at once. Closing an unused one does nothing. */
export function openedLate(make: () => Promise<Store>): Store {
  let made: Promise<Store> | null = null
  const use = (): Promise<Store> => (made ??= make())
  return {
    readState: async () => (await use()).readState(),
    writeState: async (next, expectedSerial) => (await use()).writeState(next, expectedSerial),
    lock: async (holder, ttlMs) => (await use()).lock(holder, ttlMs),
    appendJournal: async (entry) => (await use()).appendJournal(entry),
    readJournal: async (planDigest) => (await use()).readJournal(planDigest),
    writeDocument: async (digest, bytes) => (await use()).writeDocument(digest, bytes),
    readDocument: async (digest) => (await use()).readDocument(digest),
    writeAsset: async (sha256, bytes) => (await use()).writeAsset(sha256, bytes),
    readAsset: async (sha256) => (await use()).readAsset(sha256),
    readManifest: async () => (await use()).readManifest(),
    writeManifest: async (signed) => (await use()).writeManifest(signed),
    readMedia: async () => (await use()).readMedia(),
    writeMedia: async (entries) => (await use()).writeMedia(entries),
    writeReport: async (report) => (await use()).writeReport(report),
    readReports: async () => (await use()).readReports(),
    appendAudit: async (entry) => (await use()).appendAudit(entry),
    readAudit: async () => (await use()).readAudit(),
    async close() {
      if (made === null) return
      const store = await made.catch(() => null)
      await store?.close()
    },
  }
}
