import type {ReleaseAttachment} from './release.js'

/** The levels of choosing, most specific first (rules of choosing, section 2). */
export type ChoiceLevel = 'leaver' | 'channel' | 'member' | 'role' | 'department' | 'everybody' | 'built-in'

export interface Query {
  /** WeCom userid; compared without regard to case. */
  readonly member: string
  /** The event's time in epoch milliseconds. */
  readonly atMs: number
  readonly state?: string
  /** Check-in's word on whether the member is at work; absent when unknown, then the roster alone decides. */
  readonly onDuty?: boolean
}

/** Which slot of a schedule held. */
export interface ChosenSlot {
  /** `slots[1]`, `dates[0].slots[2]` or `default`. */
  readonly name: string
  readonly from?: string
  readonly to?: string
  readonly shift?: string
  /** The local date the slot started on, `YYYY-MM-DD`. */
  readonly startsOn?: string
}

export type ChoiceNotice =
  'ambiguous' | 'unknown-member' | 'unknown-state' | 'calendar-missing' | 'roster-stale' | 'successor-missing'

export interface Choice {
  readonly member: string
  readonly atMs: number
  readonly level: ChoiceLevel
  /** `null` with `silent` true when nothing is said on purpose; `null` and not silent means the built-in text. */
  readonly template: string | null
  readonly silent: boolean
  readonly schedule: string | null
  readonly slot: ChosenSlot | null
  /** Channels the state belongs to, best first. */
  readonly channels: readonly string[]
  /** Who follows a leaver; only at level `leaver`. */
  readonly successor?: string
  readonly notices: readonly ChoiceNotice[]
}

/** What is to be sent. */
export interface Welcome {
  readonly text: string
  readonly attachments: readonly ReleaseAttachment[]
  readonly outcome: 'sent' | 'sent_text_fallback' | 'silent_by_rule'
  /** Plain text that cannot fail, for when the platform refuses the payload. */
  readonly fallback: string
  /** Facts the template needs and nobody defines; then `text` is the fallback. */
  readonly missingFacts: readonly string[]
}
