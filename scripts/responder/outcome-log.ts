import type {OutcomeRecord} from '../core/model/outcome.js'
import type {Tally} from '../core/respond/create-tally.js'
import type {Log, OwnDisk} from './ports.js'

/** Records kept while the disk refuses them; beyond that the oldest are given up and counted. */
const MAX_WAITING = 50_000

/** Appends outcomes in order, many at a time, without anybody waiting for the disk. */
export class OutcomeLog {
  private waiting: OutcomeRecord[] = []
  private writing: Promise<void> | null = null

  constructor(
    private readonly disk: Pick<OwnDisk, 'appendOutcomes'>,
    private readonly tally: Tally,
    private readonly log: Log,
    /** Told of what is on disk. */
    private readonly onWritten: (records: readonly OutcomeRecord[]) => void,
  ) {}

  add(record: OutcomeRecord): void {
    this.waiting.push(record)
    const tooMany = this.waiting.length - MAX_WAITING
    if (tooMany > 0) {
      this.waiting.splice(0, tooMany)
      this.tally.count('outcome_log_lost', tooMany)
    }
    this.writing ??= this.write()
  }

  /** Waits until everything is on disk, or until the disk has refused once more. */
  async flush(): Promise<void> {
    await this.writing
    if (this.waiting.length === 0) return
    this.writing = this.write()
    await this.writing
  }

  private async write(): Promise<void> {
    // When everything at hand has been worked on, so that the outcomes of one burst share one write.
    await new Promise((done) => setImmediate(done))
    while (this.waiting.length > 0) {
      const batch = this.waiting
      this.waiting = []
      try {
        await this.disk.appendOutcomes(batch)
        this.onWritten(batch)
      } catch (error) {
        this.waiting = [...batch, ...this.waiting]
        this.tally.count('outcome_log_failed')
        this.log.error(
          {reason: error instanceof Error ? error.message : String(error)},
          'the outcome log cannot be written',
        )
        break
      }
    }
    this.writing = null
  }
}
