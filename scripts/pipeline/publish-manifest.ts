import {createPublicKey} from 'node:crypto'
import type {CanaryShare, Lockdown, Manifest, SignedManifest} from '../core/model/release.js'
import {StoreConflict, StoreDamaged, type Clock, type Store} from '../core/ports.js'
import {signManifest, verifyManifest} from '../core/release/manifest.js'

export const MANIFEST_TTL_MS = 7 * 86_400_000
const MAX_ATTEMPTS = 8

/** What the next manifest says differently; what is absent stays as it is. */
export interface ManifestChanges {
  readonly stable?: string | null
  readonly canary?: CanaryShare | null
  readonly directory?: string | null
  /** The whole list, or how it follows from the last one: then two who change it at once lose nothing of each other. */
  readonly lockdown?: readonly Lockdown[] | ((last: readonly Lockdown[]) => readonly Lockdown[])
}

export interface PublishPorts {
  readonly store: Pick<Store, 'readManifest' | 'writeManifest' | 'readState' | 'appendAudit'>
  readonly clock: Pick<Clock, 'nowMs'>
}

export interface PublishRequest {
  /** Ed25519, PKCS#8 PEM. */
  readonly privateKeyPem: string
  /** Public keys beside our own whose manifests may be built upon, while keys are changed. */
  readonly alsoTrusted?: readonly string[]
  /** For the audit: `apply`, `canary`, a login … */
  readonly who: string
  /** In a person's words, for the audit. */
  readonly reason?: string
  readonly ttlMs?: number
}

/**
 * Signs and stores the next manifest. Two publishers at once both succeed, one after the other: the later one builds on the
 * earlier one. Throws StoreDamaged when the stored manifest is of another lineage or signed by nobody we trust.
 */
export async function publishManifest(
  {store, clock}: PublishPorts,
  changes: ManifestChanges,
  request: PublishRequest,
): Promise<SignedManifest> {
  const {lineage} = await store.readState()
  // Versions whose files were damaged are used up: responders may have seen them.
  let used = 0
  for (let attempt = 1; ; attempt++) {
    const last = await store.readManifest()
    checkLast(last, lineage, request)
    const signed = signManifest(
      nextManifest(last?.manifest ?? null, lineage, used, changes, clock, request),
      request.privateKeyPem,
    )
    // The audit comes first: nothing is ever heard that it does not know of.
    await store.appendAudit(auditEntry(signed, changes, request, clock.nowMs()))
    try {
      await store.writeManifest(signed)
      return signed
    } catch (error) {
      if (!(error instanceof StoreConflict) || attempt === MAX_ATTEMPTS) throw error
      used = error.foundSerial
    }
  }
}

function checkLast(last: SignedManifest | null, lineage: string, request: PublishRequest): void {
  if (!last) return
  const ours = createPublicKey(request.privateKeyPem).export({type: 'spki', format: 'pem'}).toString()
  const isSigned = [ours, ...(request.alsoTrusted ?? [])].some((key) => verifyManifest(last, key))
  if (!isSigned) throw new StoreDamaged('the stored manifest', 'no key that is trusted here signed it')
  if (last.manifest.lineage !== lineage)
    throw new StoreDamaged('the stored manifest', `it is of lineage ${last.manifest.lineage}, the state of ${lineage}`)
}

function nextManifest(
  last: Manifest | null,
  lineage: string,
  used: number,
  {stable, canary, directory, lockdown}: ManifestChanges,
  clock: Pick<Clock, 'nowMs'>,
  {ttlMs = MANIFEST_TTL_MS}: PublishRequest,
): Manifest {
  const issuedAtMs = clock.nowMs()
  const version = Math.max(last?.version ?? 0, used) + 1
  return {
    format: 1,
    lineage,
    version,
    issuedAtMs,
    expiresAtMs: issuedAtMs + ttlMs,
    stable: stable === undefined ? (last?.stable ?? null) : stable,
    canary: canary === undefined ? (last?.canary ?? null) : canary && {...canary, since: {version, atMs: issuedAtMs}},
    directory: directory === undefined ? (last?.directory ?? null) : directory,
    lockdown: typeof lockdown === 'function' ? lockdown(last?.lockdown ?? []) : (lockdown ?? last?.lockdown ?? []),
  }
}

function auditEntry({manifest}: SignedManifest, changes: ManifestChanges, {who, reason}: PublishRequest, atMs: number) {
  return {
    atMs,
    what: 'manifest-signed',
    who,
    details: {
      version: manifest.version,
      changed: Object.keys(changes).sort().join(' '),
      stable: manifest.stable,
      canary: manifest.canary?.digest ?? null,
      canaryPerMyriad: manifest.canary?.perMyriad ?? 0,
      directory: manifest.directory,
      lockdown: manifest.lockdown.length,
      ...(reason === undefined ? {} : {reason}),
    },
  }
}
