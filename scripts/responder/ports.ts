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

/** Verifies, decrypts and parses; never throws for what a stranger may send. */
export interface CallbackPort {
  readEcho(query: CallbackQuery): CallbackRead<{readonly echo: string}>
  readDelivery(query: CallbackQuery, body: Uint8Array): CallbackRead<{readonly event: CallbackEvent}>
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
  /** Uploads temporary media (WeCom 90253) and gives the media id; may throw. */
  sendMedia(need: MediaNeed, bytes: Uint8Array): Promise<string>
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

/** What outlives a process without any store: the last good release, the outcome log, who has heard a canary. */
export interface OwnDisk {
  readLastGood(): Promise<LastGood | null>
  writeLastGood(lastGood: LastGood): Promise<void>
  appendOutcomes(records: readonly OutcomeRecord[]): Promise<void>
  /** Keyed hashes of people who have heard the canary of this name. */
  readExposed(canary: string): Promise<readonly string[]>
  appendExposed(canary: string, person: string): Promise<void>
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
  readonly random: Pick<Randomness, 'fraction'>
  readonly callback: CallbackPort
  readonly wecom: WeComPort
  readonly store: Pick<
    Store,
    'readManifest' | 'readDocument' | 'readMedia' | 'readAsset' | 'writeMedia' | 'writeReport' | 'readReports'
  >
  readonly disk: OwnDisk
  readonly log: Log
  verifyManifest(signed: SignedManifest): boolean
  createGreeter(release: Release, directory: Directory): Greeting
  /** Absent when only the mirror is used. Of `suspects`, who is gone altogether is in the picture as `left`. May throw. */
  readonly fetchLivePicture?: (suspects: readonly string[], signal: AbortSignal) => Promise<LivePicture>
  /** Absent when check-in is never asked: then the roster alone decides. May throw. */
  readonly fetchCheckIns?: (question: CheckInQuestion, signal: AbortSignal) => Promise<CheckInAnswer>
}
