/**
 * The clock the sandbox lives on. By default it is the real time plus an offset; a test can set an instant, move on, or
 * freeze it. Every expiry in the sandbox (tokens, welcome codes, media, frequency windows, transfers) reads this clock.
 */
export interface SandboxClock {
  nowMs(): number
}

export interface ClockReading {
  nowMs: number
  offsetMs: number
  frozen: boolean
}

export class AdjustableClock implements SandboxClock {
  private offsetMs = 0
  private frozenAtMs: number | undefined

  constructor(private readonly realNowMs: () => number) {}

  nowMs(): number {
    return this.frozenAtMs ?? this.realNowMs() + this.offsetMs
  }

  setMs(instantMs: number): void {
    this.offsetMs = instantMs - this.realNowMs()
    if (this.frozenAtMs !== undefined) this.frozenAtMs = instantMs
  }

  advanceMs(stepMs: number): void {
    this.setMs(this.nowMs() + stepMs)
  }

  freeze(): void {
    this.frozenAtMs = this.nowMs()
  }

  /** Goes on from the frozen instant, not from where the real time has got to meanwhile. */
  resume(): void {
    if (this.frozenAtMs === undefined) return
    this.offsetMs = this.frozenAtMs - this.realNowMs()
    this.frozenAtMs = undefined
  }

  read(): ClockReading {
    return {nowMs: this.nowMs(), offsetMs: this.offsetMs, frozen: this.frozenAtMs !== undefined}
  }

  restore(reading: ClockReading): void {
    this.offsetMs = reading.offsetMs
    this.frozenAtMs = reading.frozen ? reading.nowMs : undefined
  }
}
