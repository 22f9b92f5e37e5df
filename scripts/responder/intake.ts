import {LRUCache} from 'lru-cache'
import type {Clock} from '../core/ports.js'
import {type CallbackEvent, eventText, findPurpose} from '../core/respond/callback-event.js'
import type {Tally} from '../core/respond/create-tally.js'
import {keyedHash} from '../core/respond/keyed-hash.js'
import {createNoCodeWatch} from '../core/respond/watch-no-code.js'
import {greetCustomer, type GreetingParts} from './greet-customer.js'
import type {OutcomeLog} from './outcome-log.js'
import type {Log} from './ports.js'
import type {ResponderSettings} from './settings.js'

export interface IntakeParts extends GreetingParts {
  readonly outcomes: OutcomeLog
  readonly settings: GreetingParts['settings'] & Pick<ResponderSettings, 'dedupeMax' | 'dedupeWindowMs' | 'maxPending'>
}

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
    const key = keyedHash(this.parts.settings.customerKey, eventText(event))
    if (this.seen.has(key)) return this.tally.count('duplicate')
    this.seen.set(key, true)
    const purpose = findPurpose(event)
    if (purpose.kind === 'count') return this.tally.count(purpose.counter)
    const work = this.greet(event, key, receivedAtMs).finally(() => this.working.delete(work))
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
    // The code of a half add is spent there; the add that follows has none and says nothing about the member.
    if (event.kind === 'add_external_contact' && this.isNewlyWithoutCode(event.member, record.outcome !== 'no_code')) {
      this.tally.count('member_without_codes')
      this.log.warn(
        {member: event.member},
        'adds of this member come without a code: does a console welcome cover him?',
      )
    }
  }
}
