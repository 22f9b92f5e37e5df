/** A big state takes long to write; the pause grows with it so that saving stays a small share of the time. */
const PAUSE_PER_WRITE = 5

/** Saves after changes, at most once per pause, and once more on close; never two writes at a time. */
export class StateSaver {
  private dirty = false
  private running: Promise<void> | undefined
  private timer: NodeJS.Timeout | undefined
  private failure: unknown

  constructor(
    private readonly write: () => Promise<void>,
    private pauseMs: number,
  ) {}

  touched(): void {
    this.dirty = true
    if (this.timer !== undefined || this.running !== undefined) return
    this.timer = setTimeout(() => {
      this.timer = undefined
      void this.save()
    }, this.pauseMs)
    this.timer.unref()
  }

  /** Writes what is unsaved and throws what went wrong in this or an earlier write. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    await this.running
    if (this.dirty) await this.save()
    if (this.failure !== undefined) throw new Error('the sandbox could not save its state', {cause: this.failure})
  }

  private async save(): Promise<void> {
    this.dirty = false
    const startedMs = performance.now()
    this.running = this.write().then(
      () => {
        this.failure = undefined
      },
      (error: unknown) => {
        this.failure = error
      },
    )
    await this.running
    this.running = undefined
    this.pauseMs = Math.max(this.pauseMs, (performance.now() - startedMs) * PAUSE_PER_WRITE)
    if (this.dirty) this.touched()
  }
}
