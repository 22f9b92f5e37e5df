import type {PromotedRelease, State} from '../model/plan.js'
import type {AuditEntry} from '../ports.js'

/** The audit's word for a rollback by a person. */
export const ROLLED_BACK = 'rolled-back'

export interface PastRelease extends PromotedRelease {
  readonly isStable: boolean
  /** Not to be promoted again as it is. */
  readonly isQuarantined: boolean
}

export interface PastRollback {
  readonly atMs: number
  readonly who: string
  readonly by: 'person' | 'canary'
  /** `null` for a canary: its evidence was the reason. */
  readonly reason: string | null
  readonly from: string | null
  readonly to: string | null
  /** Of the manifest that took the release back. */
  readonly version: number
}

export interface History {
  /** Everything that was once fully promoted, newest first. */
  readonly releases: readonly PastRelease[]
  /** Newest first. */
  readonly rollbacks: readonly PastRollback[]
}

export const assembleHistory = (
  {promoted, stable, quarantined}: Pick<State, 'promoted' | 'stable' | 'quarantined'>,
  audit: readonly AuditEntry[],
): History => ({
  releases: promoted
    .map((release) => ({
      ...release,
      isStable: release.digest === stable,
      isQuarantined: quarantined.includes(release.digest),
    }))
    .reverse(),
  rollbacks: audit.flatMap((entry) => personRollback(entry) ?? canaryRollback(entry) ?? []).reverse(),
})

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function personRollback({what, atMs, who, details}: AuditEntry): PastRollback | null {
  if (what !== ROLLED_BACK) return null
  const {reason, from, to, version} = details
  return {
    ...{atMs, who, by: 'person', version: Number(version)},
    ...{reason: textOrNull(reason), from: textOrNull(from), to: textOrNull(to)},
  }
}

/** A canary takes itself out of the manifest and leaves everything else of it alone. */
function canaryRollback({what, atMs, who, details}: AuditEntry): PastRollback | null {
  const {changed, canary, stable, version} = details
  if (what !== 'manifest-signed' || who !== 'canary' || changed !== 'canary' || canary !== null) return null
  return {atMs, who, by: 'canary', reason: null, from: null, to: textOrNull(stable), version: Number(version)}
}

/** The release everybody heard at an instant, by promotions and rollbacks; `null` before the first. */
export function stableAt({releases, rollbacks}: History, atMs: number): string | null {
  const turns = [
    ...releases.map(({atMs: since, digest}) => ({since, digest})),
    ...rollbacks.flatMap(({by, atMs: since, to}) => (by === 'person' && to !== null ? [{since, digest: to}] : [])),
  ].sort((a, b) => a.since - b.since)
  return turns.filter(({since}) => since <= atMs).at(-1)?.digest ?? null
}
