import type {OutcomeRecord} from '../core/model/outcome.js'
import type {Tally} from '../core/respond/create-tally.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {Claimed, KeptEvent, ResponderPorts, SharedState} from './ports.js'
import type {ResponderSettings} from './settings.js'
import {withDeadline} from './with-deadline.js'

/**
 * Nobody's welcome waits longer for what the others know. Shorter, and a busy moment of this process would pass for a lost
 * Redis: answers that are there are then read too late.
 */
const PATIENCE_MS = 800
/** After trouble, the others are not asked again for so long. */
const PAUSE_MS = 2000
/** Renewed three times before it ends, and short enough that another responder still has most of the 20 seconds. */
export const CLAIM_LEASE_MS = 6000
/** Events taken over at once, a round. */
const MOST_TAKEN_OVER = 200
const MOST_RENEWED = 500
const MOST_UNTOLD = 100_000

interface ShareParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'log' | 'shared'>
  readonly settings: Pick<ResponderSettings, 'dedupeWindowMs'>
  readonly tally: Tally
}

/**
 * What the responders share, as long as it can be reached. Without it each goes on with what it knows alone: customers are
 * greeted, a repeat that reaches another responder may be sent twice to WeCom, which says each code once.
 */
export class ShareKeeper {
  private lostAtMs: number | null = null
  private silentUntilMs = 0
  /** Ended here without the others knowing: told as soon as they can be reached, or their claims would lapse. */
  private readonly untold = new Set<string>()

  constructor(private readonly parts: ShareParts) {}

  /** `null` for a responder alone. */
  get isLost(): boolean | null {
    return this.parts.ports.shared === undefined ? null : this.lostAtMs !== null
  }

  claim(event: KeptEvent): Promise<Claimed> {
    return this.ask<Claimed>((shared) => shared.claim(event, this.times), {is: 'mine'})
  }

  /** `false` when another responder took the event over and ended it. */
  async finish(record: OutcomeRecord): Promise<boolean> {
    const isOurs = await this.ask<boolean | null>((shared) => shared.finish(record, this.times.keptMs), null)
    if (isOurs === null) this.remember([record.key])
    return isOurs ?? true
  }

  async settle(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    const isTold = await this.ask((shared) => shared.settle(keys).then(() => true), false)
    if (!isTold) this.remember(keys)
  }

  /** Tells what could not be told before. */
  async settleUntold(): Promise<void> {
    const keys = [...this.untold]
    if (keys.length === 0) return
    if (await this.ask((shared) => shared.settle(keys).then(() => true), false))
      for (const key of keys) this.untold.delete(key)
  }

  /** In parts, so that no single question holds up the others' for long. */
  async renew(keys: readonly string[]): Promise<void> {
    for (let first = 0; first < keys.length; first += MOST_RENEWED) {
      const part = keys.slice(first, first + MOST_RENEWED)
      await this.ask((shared) => shared.renewClaims(part, CLAIM_LEASE_MS), undefined)
    }
  }

  takeLapsed(): Promise<readonly KeptEvent[]> {
    return this.ask((shared) => shared.takeLapsed(MOST_TAKEN_OVER, this.times), [])
  }

  /** `null` when nobody can say. */
  admitExposed(canary: string, person: string, maxPeople: number): Promise<boolean | null> {
    return this.ask<boolean | null>((shared) => shared.admitExposed(canary, person, maxPeople), null)
  }

  /** For a responder alone, and while nobody can say, every task is its own. */
  takeTask(task: string, ttlMs: number): Promise<boolean> {
    return this.ask((shared) => shared.takeTask(task, ttlMs), true)
  }

  private remember(keys: readonly string[]): void {
    if (this.parts.ports.shared === undefined) return
    for (const key of keys) this.untold.add(key)
    // Claims are kept for minutes; what is older than so many events has lapsed anyway.
    for (const key of this.untold) {
      if (this.untold.size <= MOST_UNTOLD) return
      this.untold.delete(key)
    }
  }

  private get times() {
    return {leaseMs: CLAIM_LEASE_MS, keptMs: this.parts.settings.dedupeWindowMs}
  }

  private async ask<T>(question: (shared: SharedState) => Promise<T>, alone: T): Promise<T> {
    const {shared, clock} = this.parts.ports
    if (shared === undefined || clock.nowMs() < this.silentUntilMs) return alone
    try {
      const answer = await withDeadline(clock, PATIENCE_MS, () => question(shared))
      if (!answer.ended) throw new TooLate(`no answer in ${PATIENCE_MS} ms`)
      this.noteFound()
      return answer.value
    } catch (error) {
      this.noteLost(error)
      return alone
    }
  }

  private noteFound(): void {
    if (this.lostAtMs === null) return
    this.parts.ports.log.info({afterMs: this.parts.ports.clock.nowMs() - this.lostAtMs}, 'the shared state is back')
    this.parts.tally.count('shared_back')
    this.lostAtMs = null
  }

  private noteLost(error: unknown): void {
    const nowMs = this.parts.ports.clock.nowMs()
    this.silentUntilMs = nowMs + PAUSE_MS
    if (this.lostAtMs !== null) return
    this.lostAtMs = nowMs
    this.parts.tally.count('shared_lost')
    this.parts.ports.log.error(
      describeTrouble(error),
      'the shared state cannot be reached; this responder greets on what it knows alone',
    )
  }
}
