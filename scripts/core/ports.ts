import type {ResponderReport} from './model/outcome.js'
import type {ContactWayValue, JournalEntry, MediaEntry, State} from './model/plan.js'
import type {SignedManifest} from './model/release.js'
import type {CommitNote, ProposedCommit, PullRequest, Review, ReviewComment} from './model/review.js'

/** The only sources of time and chance; decisions take their values as arguments. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Randomness {
  /** In [0, 1). */
  fraction(): number
  /** Lower-case hex of `bytes` random bytes. */
  hex(bytes: number): string
}

/** Somebody else wrote the state since it was read. */
export class StoreConflict extends Error {
  override readonly name = 'StoreConflict'
  constructor(
    readonly expectedSerial: number,
    readonly foundSerial: number,
  ) {
    super(`the state moved from serial ${expectedSerial} to ${foundSerial} since it was read`)
  }
}

/** A file or key of the store cannot be trusted; nothing was overwritten. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged'
  constructor(
    readonly what: string,
    why: string,
  ) {
    super(`${what} is damaged: ${why}`)
  }
}

/** Another runner holds the lock, or the lock cannot be read (which blocks too). */
export class StoreLocked extends Error {
  override readonly name = 'StoreLocked'
  constructor(readonly holder: string) {
    super(`the store is locked by ${holder}`)
  }
}

/** A held lock; `fence` grows with every holder, and a write with an older fence is refused. */
export interface Lease {
  readonly fence: number
  renew(): Promise<void>
  release(): Promise<void>
}

export interface AuditEntry {
  readonly atMs: number
  readonly what: string
  readonly who: string
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

/** State, journal, releases, manifest, reports and audit behind one port; `file:` embedded, `redis:` for several machines. */
export interface Store {
  /** A new store answers with an empty state of a new lineage and serial 0. */
  readState(): Promise<State>
  /** Writes `next` with serial `expectedSerial + 1`; throws StoreConflict when the stored serial is another. */
  writeState(next: State, expectedSerial: number): Promise<State>
  /**
   * Throws StoreLocked while somebody else's lock lasts. Once this store object holds a lock, its writes of state, journal
   * and manifest are refused with StoreLocked as soon as somebody else has taken the lock over.
   */
  lock(holder: string, ttlMs: number): Promise<Lease>
  appendJournal(entry: JournalEntry): Promise<void>
  readJournal(planDigest: string): Promise<readonly JournalEntry[]>
  /** Content-addressed documents: releases and directories. The digest is checked on reading. */
  writeDocument(digest: string, canonicalBytes: string): Promise<void>
  /** `null` when there is none; throws StoreDamaged when the bytes do not fit the digest. */
  readDocument(digest: string): Promise<string | null>
  writeAsset(sha256: string, bytes: Uint8Array): Promise<void>
  readAsset(sha256: string): Promise<Uint8Array | null>
  readManifest(): Promise<SignedManifest | null>
  /** Throws StoreConflict (with versions in place of serials) unless its version is above every stored one. */
  writeManifest(signed: SignedManifest): Promise<void>
  readMedia(): Promise<readonly MediaEntry[]>
  /** Adds or replaces entries by content, use and name. */
  writeMedia(entries: readonly MediaEntry[]): Promise<void>
  writeReport(report: ResponderReport): Promise<void>
  readReports(): Promise<readonly ResponderReport[]>
  appendAudit(entry: AuditEntry): Promise<void>
  readAudit(): Promise<readonly AuditEntry[]>
  close(): Promise<void>
}

/** WeCom answered an errcode: nothing was done. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(
    readonly errcode: number,
    says: string,
    options?: ErrorOptions,
  ) {
    super(says, options)
  }
}

/** The call may or may not have been carried out: its answer never came. */
export class AnswerLost extends Error {
  override readonly name = 'AnswerLost'
}

export interface UploadFile {
  readonly bytes: Uint8Array
  readonly name: string
  readonly mime: string | null
}

export interface CorpTag {
  readonly id: string
  readonly group: string
  readonly name: string
}

/** The one part beside the text of a group welcome (92366), with media already uploaded. */
export type GroupWelcomePart =
  | {readonly type: 'image'; readonly picUrl: string}
  | {
      readonly type: 'link'
      readonly title: string
      readonly url: string
      readonly desc?: string
      readonly picUrl?: string
    }
  | {
      readonly type: 'miniprogram'
      readonly title: string
      readonly appid: string
      readonly page: string
      readonly picMediaId: string
    }
  | {readonly type: 'video' | 'file'; readonly mediaId: string}

export interface GroupWelcomeSpec {
  readonly text: string
  readonly part?: GroupWelcomePart
}

/** A group welcome as WeCom tells it: pictures only as addresses, other media not at all (92366). */
export interface SeenGroupWelcome {
  readonly text: string
  /** Kinds of the parts beside the text. */
  readonly parts: readonly ('image' | 'link' | 'miniprogram' | 'video' | 'file')[]
  /** Its link, when that is what it has. */
  readonly link?: {readonly title: string; readonly url: string; readonly description: string; readonly cover: string}
}

/** A contact way as WeCom tells it, with what an import has to know besides (92228). */
export interface SeenContactWay {
  readonly configId: string
  readonly value: ContactWayValue
  /** True for a button inside a mini program: it has no QR code. */
  readonly isButton: boolean
}

/** What an import asks besides; throws like {@link WeComWriter}. */
export interface WaySeer {
  /** `null` when there is none of that id any more. */
  seeContactWay(configId: string): Promise<SeenContactWay | null>
}

export interface MemberTag {
  readonly id: number
  readonly name: string
}

/**
 * The calls apply makes to WeCom and nothing else. Every method throws {@link Refused} or {@link AnswerLost}; reads and
 * calls that are safe to repeat may have been repeated inside.
 */
export interface WeComWriter {
  /** media/uploadimg (90256): a URL that never expires. */
  uploadPicture(file: UploadFile): Promise<string>
  /** media/upload (90253): a media id that lives three days. */
  uploadMedia(type: 'image' | 'video' | 'file', file: UploadFile): Promise<string>
  listCorpTags(): Promise<readonly CorpTag[]>
  /** Adds tags to a group, making the group when it is new (92117); answers with the tags added. */
  addCorpTags(group: string, names: readonly string[]): Promise<readonly CorpTag[]>
  /** The config_id; the scene is always 2, a QR code (92228). */
  addContactWay(spec: ContactWayValue): Promise<string>
  /** config_ids of ways made since then, every page. */
  listContactWays(sinceMs: number): Promise<readonly string[]>
  /** `null` when there is none of that id. */
  getContactWay(configId: string): Promise<ContactWayValue | null>
  updateContactWay(configId: string, spec: ContactWayValue): Promise<void>
  deleteContactWay(configId: string): Promise<void>
  /** The template_id. */
  addGroupWelcome(spec: GroupWelcomeSpec, notify: boolean): Promise<string>
  editGroupWelcome(templateId: string, spec: GroupWelcomeSpec): Promise<void>
  deleteGroupWelcome(templateId: string): Promise<void>
  /** `null` when there is none of that id (92366). */
  getGroupWelcome(templateId: string): Promise<SeenGroupWelcome | null>
  listMemberTags(): Promise<readonly MemberTag[]>
  createMemberTag(name: string): Promise<number>
  getMemberTagUsers(tagId: number): Promise<readonly string[]>
  /** Userids WeCom did not take (not visible, unknown); at most 1000 go into one call (90214). */
  addMemberTagUsers(tagId: number, users: readonly string[]): Promise<readonly string[]>
  deleteMemberTagUsers(tagId: number, users: readonly string[]): Promise<readonly string[]>
}

/** Something an administrator did in the console (100179). What it was about stays behind: the text may hold names. */
export interface AdminOperation {
  readonly atMs: number
  /** Userid of the administrator. */
  readonly operator: string
  /** The platform's number of the kind: 2 permissions, 8 apps, 13 external contacts … */
  readonly operType: number
}

/** The console's own log; throws {@link Refused} and {@link AnswerLost}. What is done through the API is not in it. */
export interface AdminLog {
  /** At most seven days at once, of the last 180; oldest and newest instant included. */
  listOperations(fromMs: number, untilMs: number): Promise<readonly AdminOperation[]>
}

/** The code host said no, or could not be asked. Holds neither token nor address. */
export class HostRefused extends Error {
  override readonly name = 'HostRefused'
  /** @param status the HTTP status; `null` when there was no answer */
  constructor(
    readonly status: number | null,
    says: string,
  ) {
    super(says)
  }
}

/** Files to write (text or bytes) or to delete (`null`), by path from the top of the repository. */
export type ProposedFiles = Readonly<Record<string, string | Uint8Array | null>>

export interface Proposal {
  /** A branch of ours; an open proposal from it is brought up to date instead of opening a second one. */
  readonly branch: string
  readonly baseRef: string
  readonly title: string
  readonly body: string
  readonly files: ProposedFiles
  readonly labels: readonly string[]
}

/** One repository on the code host, as the gate and the bots use it. Every method throws {@link HostRefused}. */
export interface CodeHost {
  /** Whom this client speaks as; apps end in `[bot]`. */
  ownLogin(): Promise<string>
  readPull(number: number): Promise<PullRequest>
  /** The request into the default branch that a commit came from, or that it is the head of. */
  findPullOf(commit: string): Promise<number | null>
  /** Every commit of the proposal, oldest first. */
  readCommits(number: number): Promise<readonly ProposedCommit[]>
  /** Paths that differ between base and head, old names of renamed files included. */
  readChangedFiles(number: number): Promise<readonly string[]>
  /** Oldest first. */
  readReviews(number: number): Promise<readonly Review[]>
  /** Comments below the proposal, oldest first. */
  readComments(number: number): Promise<readonly ReviewComment[]>
  /** How many commits of `base` the head does not hold. */
  countBehind(base: string, head: string): Promise<number>
  /** Newest first. */
  readStatuses(commit: string, context: string): Promise<readonly CommitNote[]>
  writeStatus(commit: string, status: Pick<CommitNote, 'context' | 'state' | 'description'>): Promise<void>
  /** Edits the own comment that carries `marker`, or writes the first one. */
  keepComment(number: number, marker: string, body: string): Promise<void>
  addComment(number: number, body: string): Promise<void>
  setLabel(number: number, label: string, isOn: boolean): Promise<void>
  /** Writes the files of one folder as they stand at a commit below `target`. */
  readFolder(commit: string, folder: string, target: string): Promise<void>
  /** The newest commit on the first-parent line of `from` that is not younger than `atMs`; the oldest one when all are. */
  commitAt(from: string, atMs: number): Promise<string>
  /** The tip of a branch. */
  readTip(branch: string): Promise<string>
  /** `null` when the files are already so on the base branch. */
  propose(proposal: Proposal): Promise<{readonly number: number; readonly isNew: boolean} | null>
  /** Keeps one open issue with `marker` in its body up to date, or closes it when `body` is `null`. */
  keepIssue(
    marker: string,
    issue: {readonly title: string; readonly body: string | null; readonly labels: readonly string[]},
  ): Promise<void>
  /** The form fields of an issue as its body holds them. */
  readIssue(
    number: number,
  ): Promise<{readonly by: ReviewComment['by']; readonly body: string; readonly labels: readonly string[]}>
}
