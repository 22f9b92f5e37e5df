import type {Attachment} from './written.js'

/** Days on which a slot starts. */
export type DayWord = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun' | 'workday' | 'weekend' | 'holiday'

/** A time of day in seconds after midnight; an end may be 86400. */
export type SecondOfDay = number

/** What a slot, a default or a schedule says: template ids of which the first in validity wins, or nothing on purpose. */
export type Said = readonly string[] | 'silent'

export interface ReleaseSlot {
  /** Place in the written list, for explanations. */
  readonly index: number
  readonly days?: 'all' | readonly DayWord[]
  readonly from?: SecondOfDay
  readonly to?: SecondOfDay
  readonly shift?: string
  readonly onDuty?: true
  readonly says: Said
}

export interface ReleaseAudience {
  readonly members: readonly string[]
  readonly departments: readonly string[]
  readonly roles: readonly string[]
  /** Attribute → condition such as `>=3`, or the values that match. */
  readonly levels: Readonly<Record<string, string | readonly (string | number)[]>>
  readonly channels: readonly string[]
  readonly exclude: {
    readonly members: readonly string[]
    readonly departments: readonly string[]
    readonly roles: readonly string[]
    readonly channels: readonly string[]
  }
}

export interface ReleaseSchedule {
  readonly title: string
  readonly audience: ReleaseAudience
  readonly mode?: 'silent' | 'inherit'
  /** Said at all times; absent when there are slots or a mode. */
  readonly says?: Said
  readonly slots: readonly ReleaseSlot[]
  readonly dates: readonly {readonly first: string; readonly last: string; readonly slots: readonly ReleaseSlot[]}[]
  readonly default?: Said
  readonly timezone: string
  readonly calendar?: string
  readonly priority: number
  readonly validFromMs?: number
  readonly validToMs?: number
}

/** An attachment whose files are named by content. `cover` and `file` name an asset by path. */
export type ReleaseAttachment = Attachment

export interface ReleaseTemplate {
  readonly title: string
  readonly text: string
  readonly attachments: readonly ReleaseAttachment[]
  readonly fallback?: string
  readonly language?: string
  readonly validFromMs?: number
  readonly validToMs?: number
}

export interface ReleaseChannel {
  readonly state?: string
  readonly statePrefix?: string
  readonly facts: Readonly<Record<string, string>>
  readonly tags: readonly string[]
}

export interface ReleaseCalendarYear {
  /** Dates `YYYY-MM-DD`, sorted. */
  readonly holidays: readonly string[]
  readonly workdays: readonly string[]
}

export interface ReleaseRoster {
  readonly shifts: Readonly<Record<string, {readonly from: SecondOfDay; readonly to: SecondOfDay}>>
  /** After this instant its shifts count as absent. */
  readonly staleAfterMs: number
  readonly days: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** A role that a grant in force gives to members or whole departments, as audiences see it. */
export interface ReleaseRoleGrant {
  readonly role: string
  readonly members: readonly string[]
  readonly departments: readonly string[]
  readonly fromMs?: number
  /** Half-open end. */
  readonly untilMs: number
}

/** What an asset is, so that media can be warmed and compared by content. */
export interface ReleaseAsset {
  readonly sha256: string
  readonly bytes: number
  readonly mime: string | null
}

/**
 * Everything a decision needs but the directory, as one canonical JSON document. Its digest is the SHA-256 of its
 * RFC 8785 bytes, so two equal configurations give one release on any machine.
 */
export interface Release {
  readonly format: 1
  readonly corpId: string
  readonly agentId: number
  readonly timezone: string
  readonly edition: 'basic' | 'standard' | 'industry'
  readonly greet: {readonly successor?: string; readonly unknown: string; readonly builtIn: string}
  readonly templates: Readonly<Record<string, ReleaseTemplate>>
  readonly schedules: Readonly<Record<string, ReleaseSchedule>>
  readonly channels: Readonly<Record<string, ReleaseChannel>>
  readonly calendars: Readonly<Record<string, Readonly<Record<string, ReleaseCalendarYear>>>>
  readonly rosters: Readonly<Record<string, ReleaseRoster>>
  readonly facts: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly roleGrants: readonly ReleaseRoleGrant[]
  readonly assets: Readonly<Record<string, ReleaseAsset>>
}

/** Which part of the customers hears the new release: `hash(salt, customer) mod 10000 < perMyriad`. */
export interface CanaryShare {
  readonly digest: string
  readonly perMyriad: number
  readonly salt: string
  /** Exposure budget: at most this many people hear the new release until a later manifest raises it. */
  readonly maxPeople: number
  /** The manifest that began it at this share; later ones carry it on. Absent in manifests of earlier versions. */
  readonly since?: {readonly version: number; readonly atMs: number}
}

/** Kill switch by scope; `text-only` drops attachments, `silent` says nothing, `pinned` says one approved notice instead. */
export interface Lockdown {
  readonly scope: 'corp' | {readonly department: string} | {readonly template: string} | {readonly host: string}
  readonly mode: 'text-only' | 'silent' | 'pinned'
  /** Id of the template that is said; only with `pinned`. */
  readonly notice?: string
  readonly untilMs?: number
}

/** The one pointer that is flipped. A rollback is a higher version that points at old content. */
export interface Manifest {
  readonly format: 1
  readonly lineage: string
  /** Strictly growing; a responder refuses a lower one. */
  readonly version: number
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** `null` before the first release was ever promoted: the built-in text is said. */
  readonly stable: string | null
  readonly canary: CanaryShare | null
  readonly directory: string | null
  readonly lockdown: readonly Lockdown[]
}

/** Ed25519 over the RFC 8785 bytes of `manifest`, base64. */
export interface SignedManifest {
  readonly manifest: Manifest
  readonly signature: string
}
