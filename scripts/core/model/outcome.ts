/** How one event ended (rules of choosing, section 5). Every event gets exactly one. */
export type OutcomeCode =
  | 'sent'
  | 'sent_after_retry'
  | 'already_sent'
  | 'sent_text_fallback'
  | 'no_code'
  | 'expired'
  | 'consent_pending'
  | 'silent_by_rule'
  | 'no_permission'
  | 'rejected_payload'
  | 'token_error'
  | 'rate_limited'
  | 'transport_unknown'
  | 'kill_switch'

export type Arm = 'stable' | 'canary'

/** Why a customer heard less than his template says. */
export type LessBecause =
  'payload-refused' | 'missing-facts' | 'release-expired' | 'lockdown' | 'decision-failed' | 'no-release'

/** One line of the outcome log: no nickname, the customer only as a keyed hash. */
export interface OutcomeRecord {
  readonly key: string
  readonly arm: Arm
  /** Release digest, or `null` when the built-in text was said before any release. */
  readonly release: string | null
  readonly manifestVersion: number
  readonly member: string
  readonly customerHash: string
  readonly channel?: string
  readonly template: string | null
  readonly schedule: string | null
  readonly slot: string | null
  readonly outcome: OutcomeCode
  /** True when the first payload was refused by the platform and the plain fallback was tried. */
  readonly payloadRefused: boolean
  /** Absent when the template was said as it is written. */
  readonly lessBecause?: LessBecause
  /** Parts left out since their media was not at hand; the text went all the same. */
  readonly leftOut?: number
  /** True when the customer belongs to the canary but its exposure budget was spent, so he heard the stable release. */
  readonly diverted?: true
  /** The last errcode that was not 0. */
  readonly errcode?: number
  readonly receivedAtMs: number
  readonly decidedAtMs: number
  readonly finishedAtMs: number
}

/** What one responder has seen of one release in one arm; what the canary is judged by. */
export interface ArmStats {
  readonly release: string | null
  readonly arm: Arm
  /** Distinct customers exposed. */
  readonly people: number
  readonly outcomes: Readonly<Partial<Record<OutcomeCode, number>>>
  /** Events whose first payload the platform refused, whatever came after. */
  readonly payloadRefused: number
  readonly byTemplate: Readonly<Record<string, number>>
}

/** A responder's report, rewritten as a whole by its one owner. */
export interface ResponderReport {
  readonly responder: string
  readonly atMs: number
  readonly manifestVersion: number
  readonly stable: string | null
  readonly canary: string | null
  readonly arms: readonly ArmStats[]
  /** Trials in order of finishing, newest last, at most 20,000: the evidence an any-time-valid test replays. */
  readonly trials: readonly Trial[]
  /** Deletions soon after a welcome, newest last, at most 20,000; absent in reports of earlier versions. */
  readonly partings?: readonly Parting[]
  /** Counts per upper bound in milliseconds from the event to the finished send; the last bound is Infinity as `null`. */
  readonly latency: readonly {readonly upToMs: number | null; readonly count: number}[]
  readonly counters: Readonly<Record<string, number>>
  /** The last days by themselves, newest last, at most three; absent in reports of earlier versions. */
  readonly days?: readonly DayTotals[]
  /** The newest date whose summary this responder told, or knows to be told. */
  readonly summaryTold?: string
}

/** What one responder did on one date of the enterprise's zone; what the daily summary is made of. */
export interface DayTotals {
  /** `YYYY-MM-DD`. */
  readonly date: string
  readonly outcomes: Readonly<Partial<Record<OutcomeCode, number>>>
  /** Events by arm, whatever came of them. */
  readonly arms: Readonly<Record<Arm, number>>
  /** Events whose first payload the platform refused. */
  readonly contentRefused: number
  /** Parts left out since their media was not at hand. */
  readonly leftOut: number
  /** Sends that ended more than three seconds after the event. */
  readonly late: number
  /** Counts per bound as in {@link ResponderReport.latency}; bounds without a send are left out. */
  readonly latency: ResponderReport['latency']
  /** Members with most adds that came without a code, by userid; at most twenty. */
  readonly noCode: Readonly<Record<string, number>>
  /**
   * Of the same members, all adds from the first without a code on, that one included; absent in reports of earlier
   * versions.
   */
  readonly noCodeAdds?: Readonly<Record<string, number>>
  /** Only those that matter on the day after. */
  readonly counters: Readonly<Record<string, number>>
}

/** The first send to one customer in one arm, as the canary's test sees it: one customer is one trial. */
export interface Trial {
  readonly atMs: number
  readonly arm: Arm
  readonly release: string | null
  readonly failed: boolean
  /** True for a refusal that can only come from the content (40058, 41065, 90206 …). */
  readonly hard: boolean
  /** The manifest that decided the arm; shares differ between manifests, so only trials of one are compared. */
  readonly manifestVersion: number
  /** True when the exposure budget sent a canary customer to stable: from here on the shares no longer hold. */
  readonly diverted?: true
}

/** A customer who deleted the member within ten minutes of his welcome (`del_follow_user`, WeCom 92130), and what he had heard. */
export interface Parting extends Pick<Trial, 'arm' | 'release' | 'manifestVersion'> {
  readonly welcomedAtMs: number
  readonly atMs: number
}
