import {LRUCache} from 'lru-cache'
import type {OutcomeRecord} from '../core/model/outcome.js'
import type {Clock} from '../core/ports.js'
import {type CallbackEvent, eventText, findPurpose} from '../core/respond/callback-event.js'
import type {Tally} from '../core/respond/create-tally.js'
import {keyedHash} from '../core/respond/keyed-hash.js'
import {createNoCodeWatch} from '../core/respond/watch-no-code.js'
import {greetCustomer, type GreetingParts} from './greet-customer.js'
import type {LiveKeeper} from './live-keeper.js'
import type {OutcomeLog} from './outcome-log.js'
import type {Log} from './ports.js'
import type {ResponderSettings} from './settings.js'

export interface IntakeParts extends GreetingParts {
  readonly outcomes: OutcomeLog
  readonly live: Pick<LiveKeeper, 'noteEvent'>
  readonly settings: GreetingParts['settings'] & Pick<ResponderSettings, 'dedupeMax' | 'dedupeWindowMs' | 'maxPending'>
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

/** Takes events over after they were acknowledged, and gives each exactly one outcome. */
export class Intake {
  private readonly seen: LRUCache<string, true>
  /** Channels of customers who have not agreed to chat archive yet. */
  private readonly stateOfPending = new LRUCache<string, string>({max: MAX_REMEMBERED})
  /** Customers whose half add came with a code. */
  private readonly halfAdded = new LRUCache<string, true>({max: MAX_REMEMBERED})
  private readonly isNewlyWithoutCode = createNoCodeWatch()
  private readonly working = new Set<Promise<void>>()

  constructor(
    private readonly parts: IntakeParts,
    private readonly tally: Tally,
    private readonly log: Log,
  ) {
    this.seen = createSeenEvents(parts.ports.clock, parts.settings)
  }

  get pending(): number {
    return this.working.size
  }

  get isFull(): boolean {
    return this.working.size >= this.parts.settings.maxPending
  }

  /** To be called once the answer is on its way. */
  take(event: CallbackEvent, receivedAtMs: number): void {
    const purpose = findPurpose(event)
    if (purpose.kind !== 'greet') {
      this.tally.count(purpose.counter)
      if (purpose.kind === 'look-again') this.parts.live.noteEvent(purpose.mayHaveLeft ? event.member : null)
      return
    }
    const key = this.hash(eventText(event))
    if (this.seen.has(key)) return this.tally.count('duplicate')
    this.seen.set(key, true)
    const work = this.greet(this.withState(event), key, receivedAtMs).finally(() => this.working.delete(work))
    this.working.add(work)
  }

  /** Everything taken so far has its outcome. */
  async drain(): Promise<void> {
    while (this.working.size > 0) await Promise.all(this.working)
  }

  private async greet(event: CallbackEvent, key: string, receivedAtMs: number): Promise<void> {
    const record = await greetCustomer(this.parts, {event, key, receivedAtMs})
    this.tally.add(record)
    this.parts.outcomes.add(record)
    this.remember(event, record)
    if (!this.speaksOfMember(event, record)) return
    if (this.isNewlyWithoutCode(event.member, record.outcome !== 'no_code')) {
      this.tally.count('member_without_codes')
      this.log.warn({member: event.member}, 'adds of this member come without a code: a console welcome may cover him')
    }
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
