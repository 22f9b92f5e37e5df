import {LRUCache} from 'lru-cache'
import type {OutcomeRecord} from '../core/model/outcome.js'
import type {Clock} from '../core/ports.js'
import {type CallbackEvent, eventText, findPurpose} from '../core/respond/callback-event.js'
import type {Tally} from '../core/respond/create-tally.js'
import {keyedHash} from '../core/respond/keyed-hash.js'
import {createPartingBook} from '../core/respond/parting-book.js'
import type {NoCodeWatch} from '../core/respond/watch-no-code.js'
import {greetCustomer, type GreetingParts} from './greet-customer.js'
import type {Inbox} from './inbox.js'
import type {LiveKeeper} from './live-keeper.js'
import type {OutcomeLog} from './outcome-log.js'
import type {Delivery, KeptEvent, ResponderPorts} from './ports.js'
import type {ResponderSettings} from './settings.js'
import type {ShareKeeper} from './share-keeper.js'
import type {TagWorker} from './tag-worker.js'

export interface IntakeParts extends GreetingParts {
  readonly ports: GreetingParts['ports'] & Pick<ResponderPorts, 'callback'>
  readonly inbox: Inbox
  readonly share: ShareKeeper
  readonly tags: Pick<TagWorker, 'add'>
  readonly outcomes: OutcomeLog
  readonly live: Pick<LiveKeeper, 'noteEvent'>
  readonly noCodes: NoCodeWatch
  readonly settings: GreetingParts['settings'] & Pick<ResponderSettings, 'dedupeMax' | 'dedupeWindowMs' | 'maxPending'>
}

/** An event that is new to this responder. */
export interface Taken {
  /** Resolves when it may be acknowledged. */
  readonly kept: Promise<void>
  /** To be called once the answer is on its way. */
  begin(): void
}

/** Relations remembered between two events of one customer. */
const MAX_REMEMBERED = 10_000

/** Keys of events taken in the last minutes, by the clock that is handed in. */
function createSeenEvents(clock: Pick<Clock, 'nowMs'>, {dedupeMax, dedupeWindowMs}: IntakeParts['settings']) {
  return new LRUCache<string, true>({
    max: dedupeMax,
    ttl: dedupeWindowMs,
    ttlResolution: 0,
    perf: {now: () => clock.nowMs()},
  })
}

/** Takes events over and gives each exactly one outcome, whoever dies on the way. */
export class Intake {
  private readonly seen: LRUCache<string, true>
  /** Channels of customers who have not agreed to chat archive yet. */
  private readonly stateOfPending = new LRUCache<string, string>({max: MAX_REMEMBERED})
  /** Customers whose half add came with a code. */
  private readonly halfAdded = new LRUCache<string, true>({max: MAX_REMEMBERED})
  private readonly partings = createPartingBook()
  private readonly working = new Map<string, Promise<void>>()
  /** Answered, but their customers are still to be tagged: closed after that. */
  private readonly tagging = new Set<string>()

  constructor(
    private readonly parts: IntakeParts,
    private readonly tally: Tally,
  ) {
    this.seen = createSeenEvents(parts.ports.clock, parts.settings)
  }

  get pending(): number {
    return this.working.size
  }

  get isFull(): boolean {
    return this.working.size >= this.parts.settings.maxPending
  }

  /** Keys of events that have no outcome yet. */
  get openKeys(): readonly string[] {
    return [...this.working.keys()]
  }

  /** `null` when there is nothing more to do about it. */
  take({event, sealed}: Delivery, receivedAtMs: number): Taken | null {
    const purpose = findPurpose(event)
    if (purpose.kind !== 'greet') {
      this.tally.count(purpose.counter)
      if (purpose.kind === 'look-again') this.parts.live.noteEvent(purpose.mayHaveLeft ? event.member : null)
      if (event.kind === 'del_follow_user') this.noteParting(event, receivedAtMs)
      return null
    }
    const key = this.hash(eventText(event))
    if (this.seen.has(key)) {
      this.tally.count('duplicate')
      return null
    }
    this.seen.set(key, true)
    const kept = {key, receivedAtMs, sealed}
    return {
      kept: this.parts.inbox.keep(kept),
      begin: () => this.start(kept, () => this.answer(event, kept, false)),
    }
  }

  /** Goes on with what an earlier run left, or a responder that fell silent: it may have been sent already. */
  resume(kept: KeptEvent, isAnswered: boolean): void {
    if (this.working.has(kept.key)) return
    this.seen.set(kept.key, true)
    const event = this.parts.ports.callback.readSealed(kept.sealed)
    if (event === null) {
      this.tally.count('event_unreadable')
      return this.parts.inbox.close([kept.key])
    }
    this.tally.count('event_resumed')
    if (!isAnswered) return this.start(kept, () => this.answer(event, kept, true))
    if (!this.tag(event, kept.key)) this.parts.inbox.close([kept.key])
  }

  /** Keys of events that an earlier run answered. */
  noteAnswered(keys: Iterable<string>): void {
    for (const key of keys) this.seen.set(key, true)
  }

  /** What another responder left undone: first kept, then like our own. */
  async takeOver(lapsed: readonly KeptEvent[]): Promise<void> {
    for (const kept of lapsed) {
      this.tally.count('event_taken_over')
      await this.parts.inbox.keep(kept)
      this.resume(kept, false)
    }
  }

  /** The outcome log has these on disk. */
  noteWritten(records: readonly OutcomeRecord[]): void {
    const keys = records.map(({key}) => key)
    this.parts.inbox.close(keys.filter((key) => !this.tagging.has(key)))
    void this.parts.share.settle(keys)
  }

  noteTagged(key: string): void {
    this.tagging.delete(key)
    this.parts.inbox.close([key])
  }

  /** Everything taken so far has its outcome. */
  async drain(): Promise<void> {
    while (this.working.size > 0) await Promise.all(this.working.values())
  }

  private start({key}: KeptEvent, answer: () => Promise<void>): void {
    this.working.set(
      key,
      answer().finally(() => this.working.delete(key)),
    )
  }

  private async answer(raw: CallbackEvent, kept: KeptEvent, isResumed: boolean): Promise<void> {
    const {key, receivedAtMs} = kept
    const claimed = await this.parts.share.claim(kept)
    if (claimed.is !== 'mine')
      return this.leaveToOthers(kept, claimed.is === 'done' && isResumed ? claimed.record : null)
    const event = this.withState(raw)
    const record = await greetCustomer(this.parts, {event, key, receivedAtMs, isResumed})
    if (!(await this.parts.share.finish(record))) return this.leaveToOthers(kept, null)
    this.tag(event, key)
    this.conclude(record)
    this.learn(event, record)
  }

  /** @param record the outcome that we gave it before we died, if it did not get onto our disk */
  private leaveToOthers({key}: KeptEvent, record: OutcomeRecord | null): void {
    this.tally.count('duplicate')
    if (record === null) this.parts.inbox.close([key])
    else this.conclude(record)
  }

  private conclude(record: OutcomeRecord): void {
    this.tally.add(record)
    this.partings.welcomed(record)
    this.parts.outcomes.add(record)
  }

  private noteParting({customer, member}: CallbackEvent, atMs: number): void {
    const parting = this.partings.left(this.hash(customer), member, atMs)
    if (parting !== null) this.tally.addParting(parting)
  }

  private learn(event: CallbackEvent, record: OutcomeRecord): void {
    this.remember(event, record)
    if (!this.speaksOfMember(event, record)) return
    if (this.parts.noCodes(event.member, record.outcome !== 'no_code', record.receivedAtMs))
      this.tally.count('member_without_codes')
  }

  /** The relation to tag exists once the add is whole (WeCom 92118). False when there is nothing to put on. */
  private tag(event: CallbackEvent, key: string): boolean {
    const {member, customer, kind, state} = event
    if (kind !== 'add_external_contact' || state === undefined || state === '') return false
    const {running} = this.parts.keeper
    const tags = [running?.stable, running?.canary]
      .map((loaded) => loaded?.greeter.tagsOf(state) ?? [])
      .find((named) => named.length > 0)
    if (tags === undefined) return false
    this.tagging.add(key)
    this.parts.tags.add({key, member, customer, tags})
    return true
  }

  private remember(event: CallbackEvent, record: OutcomeRecord): void {
    if (record.outcome === 'consent_pending' && record.channel !== undefined) {
      this.stateOfPending.set(this.relation(event), record.channel)
    }
    if (event.kind === 'add_half_external_contact' && record.outcome !== 'no_code') {
      this.halfAdded.set(this.relation(event), true)
    }
  }

  /** Whether an add shows if the member gets codes: not when the half add before it had the code (WeCom 92130). */
  private speaksOfMember(event: CallbackEvent, record: OutcomeRecord): boolean {
    if (event.kind !== 'add_external_contact') return false
    return record.outcome !== 'no_code' || !this.halfAdded.delete(this.relation(event))
  }

  /** The event of the consent lacks the channel the customer came by (WeCom 92005); the add before it had it. */
  private withState(event: CallbackEvent): CallbackEvent {
    if (event.kind !== 'msg_audit_approved' || (event.state ?? '') !== '') return event
    const state = this.stateOfPending.get(this.relation(event))
    return state === undefined ? event : {...event, state}
  }

  private relation({member, customer}: CallbackEvent): string {
    return this.hash(`${member.toLowerCase()}\0${customer}`)
  }

  private hash(text: string): string {
    return keyedHash(this.parts.settings.customerKey, text)
  }
}
