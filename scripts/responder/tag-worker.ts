import PQueue from 'p-queue'
import type {Tally} from '../core/respond/create-tally.js'
import {describeTrouble, TooLate} from './describe-trouble.js'
import type {ResponderPorts} from './ports.js'
import {pause} from './run-loop.js'
import {withDeadline} from './with-deadline.js'

/** Tags that go on a customer of a member, after the welcome of the event with this key. */
export interface TagJob {
  readonly key: string
  readonly member: string
  readonly customer: string
  readonly tags: readonly string[]
}

/** WeCom takes about five at once (92118, unconfirmed); half of that leaves room for apply. */
const AT_ONCE = 2
const MOST_WAITING = 20_000
const CALL_TIMEOUT_MS = 10_000
/** Waits before the second and third try. */
const RETRY_WAITS_MS: readonly number[] = [5_000, 60_000]
/** While customers wait for their welcome, tags wait too, looking again so often. */
const YIELD_MS = 250

interface TagParts {
  readonly ports: Pick<ResponderPorts, 'clock' | 'wecom' | 'log'>
  readonly tally: Tally
  /** Customers wait for their welcome. */
  isBusy(): boolean
  /** The event needs no more work, whatever came of its tags. */
  onDone(key: string): void
}

/** Puts tags on customers behind every welcome; nothing waits for it. */
export class TagWorker {
  private readonly jobs = new PQueue({concurrency: AT_ONCE})
  private readonly stopping = new AbortController()

  constructor(private readonly parts: TagParts) {}

  get waiting(): number {
    return this.jobs.size + this.jobs.pending
  }

  add(job: TagJob): void {
    if (this.waiting >= MOST_WAITING) {
      this.parts.tally.count('tags_dropped')
      return this.parts.onDone(job.key)
    }
    void this.jobs.add(() => this.work(job))
  }

  /** Begins nothing new; what is left is done after the next start. */
  async stop(): Promise<void> {
    this.stopping.abort()
    this.jobs.clear()
    await this.jobs.onIdle()
  }

  private async work(job: TagJob): Promise<void> {
    const {ports, tally} = this.parts
    for (const waitMs of [...RETRY_WAITS_MS, null]) {
      if (!(await this.untilQuiet())) return
      const error = await this.tryOnce(job)
      if (error === null) return this.parts.onDone(job.key)
      if (waitMs === null) {
        tally.count('tags_failed')
        ports.log.warn(describeTrouble(error), 'tags could not be put on a customer')
        return this.parts.onDone(job.key)
      }
      if (!(await this.pause(waitMs))) return
    }
  }

  private async tryOnce({member, customer, tags}: TagJob): Promise<unknown> {
    const {ports, tally} = this.parts
    try {
      const done = await withDeadline(ports.clock, CALL_TIMEOUT_MS, () =>
        ports.wecom.tagCustomer(member, customer, tags),
      )
      if (!done.ended) throw new TooLate(`no answer in ${CALL_TIMEOUT_MS} ms`)
      tally.count('tagged')
      return null
    } catch (error) {
      return error
    }
  }

  private async untilQuiet(): Promise<boolean> {
    while (this.parts.isBusy()) if (!(await this.pause(YIELD_MS))) return false
    return !this.stopping.signal.aborted
  }

  /** False when the worker is to stop. */
  private async pause(ms: number): Promise<boolean> {
    const {signal} = this.stopping
    await pause(this.parts.ports.clock, ms, signal)
    return !signal.aborted
  }
}
