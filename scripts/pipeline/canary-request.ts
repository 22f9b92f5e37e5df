import type {CanaryDecision} from '../core/canary/evaluate-canary.js'
import type {ResponderReport} from '../core/model/outcome.js'
import type {Plan} from '../core/model/plan.js'
import type {CanaryShare} from '../core/model/release.js'
import type {WrittenPolicy} from '../core/model/written.js'
import type {Clock, Randomness, Store} from '../core/ports.js'
import type {PublishRequest} from './publish-manifest.js'

export interface CanaryPorts {
  readonly store: Store
  readonly clock: Clock
  readonly randomness: Randomness
}

export interface CanaryRequest {
  readonly plan: Plan
  readonly policy: WrittenPolicy
  readonly timezone: string
  readonly manifest: Omit<PublishRequest, 'who'>
  /** Scopes of the locks that people opened; two of them may override what an earlier canary found. */
  readonly unlocks?: readonly string[]
  readonly lookEveryMs?: number
  /** Shortens the shortest observation, for a demonstration that says so. */
  readonly observeMinMs?: number
  readonly onLook?: (decision: CanaryDecision, canary: CanaryShare) => void
  /** A wider share begins. */
  readonly onWiden?: (canary: CanaryShare) => void
  readonly signal?: AbortSignal
}

export interface CanaryResult {
  readonly decision: CanaryDecision
  /** `null` when nobody had to hear anything first. */
  readonly canary: CanaryShare | null
  readonly reports: readonly ResponderReport[]
}
