import type {Directory} from '../core/model/directory.js'
import type {OutcomeRecord} from '../core/model/outcome.js'
import type {MediaEntry} from '../core/model/plan.js'
import type {Release, SignedManifest} from '../core/model/release.js'
import type {Clock, Randomness, Store} from '../core/ports.js'
import type {WelcomeMessage} from '../core/respond/assemble-message.js'
import type {CallbackEvent} from '../core/respond/callback-event.js'
import type {Greeting} from '../core/respond/decide-greeting.js'
import type {CheckInRow} from '../core/respond/duty.js'
import type {MediaNeed} from '../core/respond/media-shelf.js'
import type {LivePicture} from '../core/respond/overlay-directory.js'
import type {SendAnswer} from '../core/respond/send-progress.js'

/** The query of a callback, percent-decoded once; a `+` stays a `+`. */
export type CallbackQuery = Readonly<Record<string, string | undefined>>

export type CallbackRead<T> = ({readonly ok: true} & T) | {readonly ok: false; readonly reason: string}

/** An event, and the text WeCom encrypted it in: what may be kept until it is answered, for it tells nobody anything. */
export interface Delivery {
  readonly event: CallbackEvent
  readonly sealed: string
}

/** Verifies, decrypts and parses; never throws for what a stranger may send. */
export interface CallbackPort {
  readEcho(query: CallbackQuery): CallbackRead<{readonly echo: string}>
  readDelivery(query: CallbackQuery, body: Uint8Array): CallbackRead<Delivery>
  /** The event of a text that was verified when it came; `null` when no key opens it any more. */
  readSealed(sealed: string): CallbackEvent | null
}

export interface SendOptions {
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** The last token was refused: a fresh one, once. */
  readonly refreshToken: boolean
}

/** What the responder asks of WeCom. */
export interface WeComPort {
  /** One attempt (WeCom 92137); an answer of any kind is a value, only a bug throws. */
  sendWelcome(welcomeCode: string, message: WelcomeMessage, options: SendOptions): Promise<SendAnswer>
  /** `null` when the platform does not know the name yet (WeCom 92114); may throw. */
  fetchNickname(
    customer: string,
    options: {readonly timeoutMs: number; readonly signal: AbortSignal},
  ): Promise<string | null>
  /**
   * Waits until the quota of sends has room and takes one place; the send after it takes none. Ends with `false` when the
   * signal says so.
   */
  takeRoom(signal: AbortSignal): Promise<boolean>
  /** Uploads temporary media (WeCom 90253), reads it back (90254) and gives the media id; throws unless both are the same. */
  sendMedia(need: MediaNeed, bytes: Uint8Array): Promise<string>
  /** Puts tags of these names on a customer of this member (WeCom 92118); may throw. Naming a tag that is not there throws. */
  tagCustomer(member: string, customer: string, tags: readonly string[]): Promise<void>
}

export interface CheckInQuestion {
  /** Userids, at most 100. */
  readonly members: readonly string[]
  readonly fromMs: number
  readonly untilMs: number
}

/** `says` holds nothing secret and may be logged. */
export type CheckInAnswer =
  | {readonly kind: 'rows'; readonly rows: readonly CheckInRow[]}
  | {readonly kind: 'refused'; readonly errcode: number; readonly says: string}

/** Whose an event is: ours, or that of another responder, which has ended it or has not. */
export type Claimed =
  | {readonly is: 'mine'}
  | {readonly is: 'others'}
  /** `record` stands there until its owner has it on disk. */
  | {readonly is: 'done'; readonly record: OutcomeRecord | null}

/** An event by its key, as it is kept until it has its outcome. */
export interface KeptEvent {
  readonly key: string
  readonly receivedAtMs: number
  readonly sealed: string
}

/**
 * What the responders of one company share. Every method may throw, and may take longer than anybody waits: whoever asks
 * goes on with what it knows alone.
 */
export interface SharedState {
  /** Takes an event until `leaseMs` are over without {@link renewClaims}; repeats within `keptMs` find it taken. */
  claim(event: KeptEvent, times: ClaimTimes): Promise<Claimed>
  /** Says that these are still being worked on. */
  renewClaims(keys: readonly string[], leaseMs: number): Promise<void>
  /** Ends an event with its one outcome; `false` when another responder took it over meanwhile, then theirs counts. */
  finish(record: OutcomeRecord, keptMs: number): Promise<boolean>
  /** Outcomes of these are on our disk: nobody has to keep them for us. */
  settle(keys: readonly string[]): Promise<void>
  /** Takes over events whose responder fell silent, at most `most`. */
  takeLapsed(most: number, times: ClaimTimes): Promise<readonly KeptEvent[]>
  /** Lets a person into the exposure of a canary while it has room for `maxPeople`; who is in stays in. */
  admitExposed(canary: string, person: string, maxPeople: number): Promise<boolean>
  /** True for the one who may do a task that is due once in `ttlMs`. */
  takeTask(task: string, ttlMs: number): Promise<boolean>
  close(): Promise<void>
}

export interface ClaimTimes {
  readonly leaseMs: number
  readonly keptMs: number
}

/** What outlives a process without any store: the last good release, events under way, outcomes, who has heard a canary. */
export interface OwnDisk {
  readLastGood(): Promise<LastGood | null>
  writeLastGood(lastGood: LastGood): Promise<void>
  appendOutcomes(records: readonly OutcomeRecord[]): Promise<void>
  /** Keyed hashes of people who have heard the canary of this name. */
  readExposed(canary: string): Promise<readonly string[]>
  appendExposed(canary: string, person: string): Promise<void>
  /** Keeps events until they are closed. Resolves when the system has them: a process that dies then loses none. */
  noteEvents(kept: readonly KeptEvent[], closed: readonly string[]): Promise<void>
  /** Events of earlier runs that were not closed, and the keys of all whose outcome is in the log since then. */
  readKept(sinceMs: number): Promise<{readonly open: readonly KeptEvent[]; readonly answered: ReadonlySet<string>}>
}

export interface LastGood {
  readonly signed: SignedManifest
  /** Canonical texts by digest. */
  readonly documents: Readonly<Record<string, string>>
  readonly media: readonly MediaEntry[]
}

export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface ResponderPorts {
  readonly clock: Clock
  /** How far the platform's time lies before ours; `null` while it has not said. */
  readonly clockSkewMs?: () => number | null
  readonly random: Pick<Randomness, 'fraction'>
  readonly callback: CallbackPort
  readonly wecom: WeComPort
  readonly store: Pick<
    Store,
    'readManifest' | 'readDocument' | 'readMedia' | 'readAsset' | 'writeMedia' | 'writeReport' | 'readReports'
  >
  readonly disk: OwnDisk
  /** Absent for a responder alone. */
  readonly shared?: SharedState
  readonly log: Log
  verifyManifest(signed: SignedManifest): boolean
  /** The emergency file, checked and opened; `null` when there is none. Throws when it cannot be believed. */
  readonly readBundle?: () => Promise<LastGood | null>
  createGreeter(release: Release, directory: Directory): Greeting
  /** Absent when only the mirror is used. Of `suspects`, who is gone altogether is in the picture as `left`. May throw. */
  readonly fetchLivePicture?: (suspects: readonly string[], signal: AbortSignal) => Promise<LivePicture>
  /** A message to the operators' group, in markdown of at most 4096 bytes (WeCom 91770). Absent when there is no robot. May throw. */
  readonly tellOperators?: (markdown: string) => Promise<void>
  /** Absent when check-in is never asked: then the roster alone decides. May throw. */
  readonly fetchCheckIns?: (question: CheckInQuestion, signal: AbortSignal) => Promise<CheckInAnswer>
}
