import type {Manifest} from '../model/release.js'

/** Why a manifest or its documents are not taken over. */
export type RefusalReason =
  | 'bad-signature'
  | 'bad-shape'
  | 'wrong-lineage'
  | 'lower-version'
  | 'version-reused'
  | 'missing-document'
  | 'wrong-digest'
  | 'damaged-document'
  | 'wrong-corp'
  | 'unusable-release'

const isDigest = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)

const isDigestOrNull = (value: unknown): boolean => value === null || isDigest(value)

const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

function isCanary(canary: Manifest['canary']): boolean {
  if (canary === null) return true
  const {digest, perMyriad, salt, maxPeople, since} = canary
  const isShare = isDigest(digest) && isCount(perMyriad) && perMyriad <= 10_000 && isCount(maxPeople)
  return isShare && typeof salt === 'string' && (since === undefined || (isCount(since.version) && isCount(since.atMs)))
}

function isLockdown({scope, mode, notice, untilMs}: Manifest['lockdown'][number]): boolean {
  const isScope =
    scope === 'corp' || (typeof scope === 'object' && Object.values(scope).every((at) => typeof at === 'string'))
  const isMode = mode === 'pinned' ? typeof notice === 'string' : mode === 'text-only' || mode === 'silent'
  return isScope && isMode && (untilMs === undefined || isCount(untilMs))
}

/** A signature proves who wrote it, not that this version of the program understands it. */
export function isManifestShape(manifest: Manifest): boolean {
  const {format, lineage, version, issuedAtMs, expiresAtMs, stable, canary, directory, lockdown} = manifest
  const hasNumbers = format === 1 && isCount(version) && isCount(issuedAtMs) && isCount(expiresAtMs)
  return (
    hasNumbers &&
    typeof lineage === 'string' &&
    isDigestOrNull(stable) &&
    isDigestOrNull(directory) &&
    isCanary(canary) &&
    Array.isArray(lockdown) &&
    lockdown.every(isLockdown)
  )
}

export interface ManifestFacts {
  readonly isSigned: boolean
  /** What runs now, with its signature, if anything. */
  readonly running: {readonly manifest: Manifest; readonly signature: string} | null
  readonly signature: string
  /** The lineage this responder belongs to; absent before the first manifest. */
  readonly lineage?: string | undefined
}

/** Nothing but a signed, newer manifest of our own lineage is taken over; the same one again is no news. */
export function checkManifest(manifest: Manifest, facts: ManifestFacts): 'newer' | 'same' | RefusalReason {
  if (!facts.isSigned) return 'bad-signature'
  if (!isManifestShape(manifest)) return 'bad-shape'
  const lineage = facts.running?.manifest.lineage ?? facts.lineage
  if (lineage !== undefined && manifest.lineage !== lineage) return 'wrong-lineage'
  const version = facts.running?.manifest.version ?? -1
  if (manifest.version < version) return 'lower-version'
  if (manifest.version > version) return 'newer'
  return facts.signature === facts.running?.signature ? 'same' : 'version-reused'
}

/** Digests of the documents a manifest needs, each once. */
export const documentsOf = ({stable, canary, directory}: Manifest): string[] => [
  ...new Set([stable, canary?.digest ?? null, directory].filter((digest) => digest !== null)),
]
