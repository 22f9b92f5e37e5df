import type {Tally} from '../core/respond/create-tally.js'
import {describeTrouble} from './describe-trouble.js'
import type {KeptEvent, ResponderPorts} from './ports.js'
import {withDeadline} from './with-deadline.js'

/** WeCom wants its answer within a second; a disk that is slower than this costs the event its second life, not the answer. */
const DISK_PATIENCE_MS = 500

interface Waiting {
  readonly event: KeptEvent
  readonly resolve: () => void
}

/**
 * Events between their arrival and their outcome, on our own disk, many in one write: a process that dies takes none of
 * them along. A disk that refuses or hangs is told, and the events are answered all the same.
 */
export class Inbox {
  private waiting: Waiting[] = []
  private closing: string[] = []
  private writing: Promise<void> | null = null
  /** The write under way has used up everybody's patience. */
  private isSlow = false

  constructor(
    private readonly ports: Pick<ResponderPorts, 'clock' | 'disk' | 'log'>,
    private readonly tally: Tally,
  ) {}

  /** Resolves when the event may be acknowledged. */
  keep(event: KeptEvent): Promise<void> {
    return new Promise((resolve) => {
      const waiting = {event, resolve}
      this.waiting.push(waiting)
      this.writing ??= this.write()
      if (this.isSlow) this.giveUpWaiting([waiting])
    })
  }

  /** To be called once the outcome is on disk, or belongs to somebody else. */
  close(keys: readonly string[]): void {
    if (keys.length === 0) return
    this.closing.push(...keys)
    this.writing ??= this.write()
  }

  async flush(): Promise<void> {
    while (this.writing !== null) await this.writing
  }

  private async write(): Promise<void> {
    // When everything at hand has been worked on, so that what comes together is written together.
    await new Promise((done) => setImmediate(done))
    while (this.waiting.length + this.closing.length > 0) {
      const [batch, keys] = [this.waiting, this.closing]
      this.waiting = []
      this.closing = []
      try {
        await this.note(batch, keys)
      } catch (error) {
        this.tally.count('event_not_kept', batch.length)
        this.ports.log.error(
          describeTrouble(error),
          'events under way cannot be kept on disk; they are answered all the same',
        )
      }
      for (const {resolve} of batch) resolve()
    }
    this.writing = null
  }

  /** One patience for all that are written together, and for those who come meanwhile. */
  private async note(batch: readonly Waiting[], closed: readonly string[]): Promise<void> {
    const writing = this.ports.disk.noteEvents(
      batch.map(({event}) => event),
      closed,
    )
    const done = await withDeadline(this.ports.clock, DISK_PATIENCE_MS, () => writing)
    if (done.ended) return
    this.isSlow = true
    this.giveUpWaiting([...batch, ...this.waiting])
    try {
      await writing
    } finally {
      this.isSlow = false
    }
  }

  /** They are acknowledged without being kept yet. */
  private giveUpWaiting(waiting: readonly Waiting[]): void {
    for (const {resolve} of waiting) {
      this.tally.count('event_kept_late')
      resolve()
    }
  }
}
