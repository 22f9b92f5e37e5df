import type {Directory} from '../core/model/directory.js'
import type {Release} from '../core/model/release.js'
import type {Tally} from '../core/respond/create-tally.js'
import {type CheckInRow, type DutyReading, evaluateDuty, isPunch, LONGEST_SHIFT_MS} from '../core/respond/duty.js'
import {findDutyMembers} from '../core/respond/find-duty-members.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {ResponderPorts} from './ports.js'
import type {ResponderSettings} from './settings.js'
import {withDeadline} from './with-deadline.js'

/** What runs: its releases and who there is. */
export interface DutyScope {
  readonly releases: readonly Release[]
  readonly directory: Directory | null
}

interface DutyParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'log' | 'fetchCheckIns'>
  readonly settings: Pick<ResponderSettings, 'dutyTimeoutMs' | 'dutyStaleMs'>
  readonly scope: () => DutyScope
  readonly tally: Tally
}

type Fetch = NonNullable<ResponderPorts['fetchCheckIns']>

/** Members in one call (WeCom 90262). */
const MAX_MEMBERS = 100
/** One userid of the call is not in the directory; the whole call is refused for it. */
const UNKNOWN_MEMBER = 301021
/** Somebody whom check-in does not know is not asked about again for so long. */
const SET_ASIDE_MS = 3_600_000
/** More than the platform's clock and ours may differ by. */
const SKEW_MS = 60_000

/** Not called by the right app (48002), the wrong kind of app (48001), no right to this office app (301055 and its like). */
const NOT_PERMITTED = new Set([48001, 48002, 301002, 301055])

const NOT_PERMITTED_WORDS =
  'the app may not read check-in data: add it under 打卡, 可调用接口的应用; until then the roster alone decides who is on duty'
const FAILED_WORDS =
  'check-in data could not be read; once the last are too old the roster alone decides who is on duty'

/** The platform said no. */
class CheckInRefused extends Error {
  override readonly name = 'CheckInRefused'
  readonly code = 'E_CHECK_IN_REFUSED'
  constructor(
    readonly errcode: number,
    says: string,
  ) {
    super(says)
  }
}

/**
 * Reads check-in data in the background, for members whom a running release can ask about and nobody else. Answering
 * takes what is in memory; without fresh data the answer is "unknown".
 */
export class DutyKeeper {
  private readonly readings = new Map<string, DutyReading>()
  private readonly triedAtMs = new Map<string, number>()
  private readonly asideUntilMs = new Map<string, number>()
  private wholeAtMs: number | null = null
  /** Kinds of trouble told since the last good round. */
  private readonly told = new Set<string>()

  constructor(private readonly parts: DutyParts) {}

  /** Check-in's word, by the id the directory knows the member by; `undefined` when it has none. */
  isOnDuty(member: string, atMs: number): boolean | undefined {
    const {ports, settings} = this.parts
    const reading = this.readings.get(member.toLowerCase())
    const duty = evaluateDuty(reading, {atMs, nowMs: ports.clock.nowMs(), staleMs: settings.dutyStaleMs})
    return duty === 'unknown' ? undefined : duty === 'on'
  }

  /** Time since the last whole round; `null` while there was none or none is needed. */
  ageMs(nowMs: number): number | null {
    return this.wholeAtMs === null ? null : nowMs - this.wholeAtMs
  }

  /** One round. It never throws: trouble is counted, and told once. */
  async refresh(): Promise<void> {
    const {ports, settings, tally} = this.parts
    const {fetchCheckIns, clock} = ports
    if (fetchCheckIns === undefined) return
    const startedMs = clock.nowMs()
    try {
      const members = this.findMembers(startedMs)
      if (members.length === 0) return
      const read = await withDeadline(clock, settings.dutyTimeoutMs, (signal) =>
        this.readAll(members, fetchCheckIns, signal),
      )
      if (!read.ended) throw new TooLate(`not all check-in data in ${settings.dutyTimeoutMs} ms`)
      this.wholeAtMs = startedMs
      this.told.clear()
      tally.count('duty_read')
    } catch (error) {
      this.trouble(error)
    }
  }

  /** Those tried longest ago first, so that one bad call cannot keep the others from their turn. */
  private findMembers(nowMs: number): string[] {
    const {releases, directory} = this.parts.scope()
    const found = directory === null ? [] : findDutyMembers(releases, directory, nowMs)
    this.forgetOthers(new Set(found.map((id) => id.toLowerCase())))
    const order = (id: string): number => this.triedAtMs.get(id.toLowerCase()) ?? 0
    return found
      .filter((id) => (this.asideUntilMs.get(id.toLowerCase()) ?? 0) <= nowMs)
      .sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
  }

  private forgetOthers(needed: ReadonlySet<string>): void {
    for (const known of [this.readings, this.triedAtMs, this.asideUntilMs])
      for (const id of known.keys()) if (!needed.has(id)) known.delete(id)
    if (needed.size === 0) this.wholeAtMs = null
  }

  private async readAll(members: readonly string[], fetch: Fetch, signal: AbortSignal): Promise<void> {
    for (let first = 0; first < members.length && !signal.aborted; first += MAX_MEMBERS)
      await this.readSome(members.slice(first, first + MAX_MEMBERS), fetch, signal)
  }

  private async readSome(members: readonly string[], fetch: Fetch, signal: AbortSignal): Promise<void> {
    const readAtMs = this.parts.ports.clock.nowMs()
    for (const id of members) this.triedAtMs.set(id.toLowerCase(), readAtMs)
    const question = {members, fromMs: readAtMs - LONGEST_SHIFT_MS - SKEW_MS, untilMs: readAtMs}
    const answer = await fetch(question, signal)
    // Nobody waits for a late answer any more, and a newer one may be there already.
    if (signal.aborted) return
    if (answer.kind === 'rows') return this.keep(members, answer.rows, readAtMs)
    if (answer.errcode !== UNKNOWN_MEMBER) throw new CheckInRefused(answer.errcode, answer.says)
    if (members.length === 1) return this.setAside(members, readAtMs)
    const half = Math.ceil(members.length / 2)
    await this.readSome(members.slice(0, half), fetch, signal)
    await this.readSome(members.slice(half), fetch, signal)
  }

  private keep(members: readonly string[], rows: readonly CheckInRow[], readAtMs: number): void {
    const byMember = new Map<string, CheckInRow[]>(members.map((id) => [id.toLowerCase(), []]))
    for (const row of rows) if (isPunch(row)) byMember.get(row.userId.toLowerCase())?.push(row)
    for (const [id, own] of byMember) this.readings.set(id, {readAtMs, rows: own})
  }

  private setAside(members: readonly string[], nowMs: number): void {
    this.parts.tally.count('duty_member_unknown', members.length)
    for (const id of members) {
      this.readings.delete(id.toLowerCase())
      this.asideUntilMs.set(id.toLowerCase(), nowMs + SET_ASIDE_MS)
    }
  }

  private trouble(error: unknown): void {
    const {ports, tally} = this.parts
    tally.count('duty_read_failed')
    const {kind, ...fields} = describeTrouble(error)
    const isForbidden = error instanceof CheckInRefused && NOT_PERMITTED.has(error.errcode)
    const key = error instanceof CheckInRefused ? `${kind} ${error.errcode}` : kind
    if (this.told.has(key)) return
    this.told.add(key)
    ports.log.warn({kind, ...fields}, isForbidden ? NOT_PERMITTED_WORDS : FAILED_WORDS)
  }
}
