import {MANIFEST_TTL_MS, publishManifest, type PublishPorts, type PublishRequest} from './publish-manifest.js'

const DAY_MS = 86_400_000
/** Renewed when a day of its week is gone. */
const FRESH_MS = MANIFEST_TTL_MS - DAY_MS

export type RenewOutcome =
  | {readonly kind: 'nothing'}
  | {readonly kind: 'fresh' | 'renewed'; readonly version: number; readonly expiresAtMs: number}

/**
 * Signs what is said now for another week, and changes nothing of it: a company that ships nothing for a while goes on
 * greeting, and a canary goes on being watched.
 */
export async function renewManifest({store, clock}: PublishPorts, request: PublishRequest): Promise<RenewOutcome> {
  const running = (await store.readManifest())?.manifest ?? null
  if (running === null) return {kind: 'nothing'}
  const leftMs = running.expiresAtMs - clock.nowMs()
  if (leftMs > FRESH_MS) return {kind: 'fresh', version: running.version, expiresAtMs: running.expiresAtMs}
  const {manifest} = await publishManifest({store, clock}, {}, request)
  return {kind: 'renewed', version: manifest.version, expiresAtMs: manifest.expiresAtMs}
}
