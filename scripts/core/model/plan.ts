import type {Words} from './words.js'

/** What a step works on. `release`, `directory` and `media` belong to the responders, the rest to WeCom itself. */
export type StepKind =
  'media' | 'release' | 'directory' | 'corp-tag' | 'contact-way' | 'group-welcome' | 'member-tag' | 'member-tag-users'

export type Action = 'create' | 'update' | 'delete'

/** `expand` adds what nothing depends on yet, `flip` moves one pointer, `contract` takes away what nothing needs. */
export type Phase = 'expand' | 'flip' | 'contract'

/** One effect on one key. `before` and `after` are canonical values without rendered text or timestamps. */
export interface Step {
  /** `kind/id`, unique in a plan: `contact-way/tianhe`. */
  readonly key: string
  readonly kind: StepKind
  readonly id: string
  readonly action: Action
  readonly phase: Phase
  /** Key under which the state knows the thing so far, when its id was renamed (`was:`). */
  readonly was?: string
  readonly before: unknown
  readonly after: unknown
  /** Keys of steps that must have succeeded first. */
  readonly needs: readonly string[]
  /** WeCom calls the step will make, by API name, for the quota forecast. */
  readonly calls: Readonly<Record<string, number>>
}

/** One difference between two releases, for people to read; the release digests already stand for it in the plan digest. */
export interface ReleaseChange {
  /** `templates`, `schedules`, `facts` … as the release names its parts. */
  readonly part: string
  readonly id: string
  readonly action: Action
  readonly before: unknown
  readonly after: unknown
}

/** An ordered list of effects with the digest that approvals are bound to. */
export interface Plan {
  readonly format: 1
  /** SHA-256 over the canonical effects, windows, policy version and state serial. */
  readonly digest: string
  readonly lineage: string
  readonly serial: number
  readonly policyDigest: string
  readonly release: {readonly before: string | null; readonly after: string}
  readonly steps: readonly Step[]
  /** What the release step changes inside the release; empty when the old release is not at hand. */
  readonly changes: readonly ReleaseChange[]
  readonly people: {readonly before: number; readonly after: number}
  /** What cannot be done by API or was left out on purpose, in words. */
  readonly notes: readonly Words[]
}

/** A contact way as wanted, applied or read back; without the ids WeCom gives. */
export interface ContactWayValue {
  readonly type: 1 | 2
  readonly state: string
  readonly remark: string
  readonly skipVerify: boolean
  readonly users: readonly string[]
  readonly parties: readonly number[]
}

/** A file by content, uploaded before it is used. */
export interface MediaValue {
  readonly use: MediaEntry['use']
  readonly sha256: string
  /** Path under the configuration folder, for people and for the upload's file name. */
  readonly file: string
  /** The file name customers see; only for `file`. */
  readonly name?: string
}

/** The part beside the text of a group welcome; files are named by content. */
export type GroupWelcomeAttachment =
  | {readonly type: 'image' | 'video' | 'file'; readonly media: MediaValue}
  | {
      readonly type: 'link'
      readonly title: string
      readonly url: string
      readonly description?: string
      readonly cover?: MediaValue | {readonly url: string}
    }
  | {
      readonly type: 'miniprogram'
      readonly title: string
      readonly appid: string
      readonly page: string
      readonly media: MediaValue
    }

export interface GroupWelcomeValue {
  /** With `%NICKNAME%` as WeCom wants it. */
  readonly text: string
  readonly attachment?: GroupWelcomeAttachment
  /** Only when it is made: an edit tells nobody (92366). */
  readonly notify?: boolean
  /** Template id of a free slot it is put into by an edit, instead of being made. */
  readonly slot?: string
}

export interface CorpTagValue {
  readonly group: string
  readonly name: string
}

export interface MemberTagUsersValue {
  readonly tag: string
  readonly users: readonly string[]
}

/** What WeCom says now of things the pipeline made; what is absent was not looked at. */
export interface LiveFacts {
  /** `组/标签` of every customer tag. */
  readonly corpTags: readonly string[]
  /** By config_id; `null` where WeCom has none of that id any more. */
  readonly contactWays: Readonly<Record<string, ContactWayValue | null>>
  /** Member tags by name with their users. */
  readonly memberTags: Readonly<Record<string, readonly string[]>>
}

/** A thing the pipeline made in WeCom and must find again. */
export interface AppliedResource {
  readonly kind: StepKind
  readonly id: string
  /** config_id, template_id, tag id; absent for things without one. */
  readonly remoteId?: string
  /** SHA-256 of our own input, since WeCom's answers cannot be compared byte for byte. */
  readonly digest: string
  /** The canonical value that was applied, to show differences. */
  readonly value: unknown
  /** Taken over as it stood and never applied: until then no plan deletes it, since its file may not be merged yet. */
  readonly isImported?: true
}

/** A create whose answer was lost: only this key is blocked until it is adopted, retried or declared orphan. */
export interface AmbiguousResource {
  readonly kind: StepKind
  readonly id: string
  /** Epoch milliseconds of the first call whose answer was lost. */
  readonly since: number
}

/** An apply that was begun; until it is finished its journal counts as part of the state. */
export interface Underway {
  readonly planDigest: string
  /** Digest of the stored document that holds the whole plan. */
  readonly document: string
  /** How many lines of the journal this state holds already; only later ones are folded in. */
  readonly folded: number
  readonly commit: string | null
  readonly approvers: readonly string[]
  /** Locks that were opened for it; absent where there were none, and in states of earlier versions. */
  readonly unlocks?: readonly string[]
}

export interface State {
  readonly format: 1
  /** Fixed at birth: two states of different lineage are never mixed. */
  readonly lineage: string
  /** Grows by one with every write; compare-and-swap compares it. */
  readonly serial: number
  /** The release that is fully promoted. */
  readonly stable: string | null
  /** Every release that was once fully promoted, oldest first. */
  readonly promoted: readonly PromotedRelease[]
  /**
   * Releases a canary rolled back, never promoted again without a new plan; and releases a person rolled away from after
   * their promotion, never promoted again as they are.
   */
  readonly quarantined: readonly string[]
  readonly directory: string | null
  readonly resources: Readonly<Record<string, AppliedResource>>
  readonly ambiguous: Readonly<Record<string, AmbiguousResource>>
  /** Things that may exist in WeCom under an id nobody knows; they count against the platform's caps. */
  readonly orphans: readonly AmbiguousResource[]
  /** Group-welcome templates that are ours and that no group was told of: the next new ones are put into them. */
  readonly slots?: readonly string[]
  readonly underway: Underway | null
  /** The plan whose canary was promoted and that apply may finish, if any. */
  readonly pending: {readonly planDigest: string; readonly release: string; readonly verdict: 'promote'} | null
}

export interface PromotedRelease {
  readonly number: number
  readonly digest: string
  readonly atMs: number
  readonly planDigest: string
  readonly commit: string | null
  readonly approvers: readonly string[]
  /** Locks that were lifted for it, where there were some. */
  readonly unlocks?: readonly string[]
}

/** A line of the journal: intent before each outside write, result after it. */
export type JournalEntry =
  | {
      readonly at: number
      readonly plan: string
      readonly key: string
      readonly event: 'intent'
      readonly action: Action
    }
  | {
      readonly at: number
      readonly plan: string
      readonly key: string
      readonly event: 'done'
      readonly remoteId?: string
      /** What holds now, where it is not exactly what the step asked for. */
      readonly value?: unknown
    }
  | {
      readonly at: number
      readonly plan: string
      readonly key: string
      readonly event: 'failed'
      readonly errcode?: number
      readonly says: string
      /** What holds now after a part of the step was done, and its id where it was found or made. */
      readonly value?: unknown
      readonly remoteId?: string
    }
  | {readonly at: number; readonly plan: string; readonly key: string; readonly event: 'ambiguous'}

/** Uploaded media by content. Picture URLs never expire; a media id is dead after three days (WeCom 90253, 90256). */
export interface MediaEntry {
  readonly sha256: string
  /** `picture` = uploadimg URL; the others are temporary media of that type. */
  readonly use: 'picture' | 'image' | 'video' | 'file'
  readonly value: string
  readonly uploadedAtMs: number
  /** The file name customers see; only for `file`, where WeCom keeps the name given at the upload (90253). */
  readonly name?: string
}
