import type {Words} from './words.js'

/** Measures of how much changed, which lock above a limit. */
export type MeasureKind = 'links' | 'key-facts' | 'deletions'

/** What locks however little changed. */
export type DangerKind =
  | 'host-not-in-registry'
  | 'idn-homoglyph'
  | 'lookalike'
  | 'ip-literal'
  | 'user-info'
  | 'shortener'
  | 'open-redirect-param'
  | 'text-url-mismatch'
  | 'registry-change-needs-own-pr'
  | 'payment-account'
  | 'last-admin'
  | 'bot-loses-rights'
  | 'printed-code-deleted'

/** Nothing of the change ships until it is made smaller, or unlocked by the right people. */
export interface Lock {
  /** `release`, `template:` and its id (or another kind and its id), or the kind that loses too many. */
  readonly scope: string
  /** `quarantine`: it is not what changes that locks, but what a canary found. */
  readonly kind: MeasureKind | DangerKind | 'quarantine'
  readonly changed: number
  readonly total: number
  /** Share above which it locks; 0 for what locks whatever the ratio. */
  readonly limit: number
  /** Days over which the change was measured; absent for the change by itself. */
  readonly days?: number
  readonly places: readonly {
    readonly file: string
    readonly pointer: string
    readonly before: string | null
    readonly after: string | null
  }[]
  readonly says: Words
  readonly fix: Words
}
