/**
 * Frequency limits with the platform's punishment: whoever hits one is shut out for a whole window (a minute rule for 60 s,
 * an hour rule for 60 min). Refused calls neither count nor prolong the block.
 */
interface FrequencyRule {
  max: number
  windowMs: number
}

export const MINUTE_MS = 60_000
export const HOUR_MS = 3_600_000

class Window {
  /** Instants of the last `max` calls; a ring once it is full. */
  private readonly stamps: number[] = []
  private oldest = 0
  blockedUntilMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly rule: FrequencyRule,
    private readonly mode: 'sliding' | 'clock',
  ) {}

  isFull(nowMs: number): boolean {
    if (this.stamps.length < this.rule.max) return false
    const first = this.stamps[this.oldest]
    if (first === undefined) return true
    if (this.mode === 'sliding') return first > nowMs - this.rule.windowMs
    return Math.floor(first / this.rule.windowMs) === Math.floor(nowMs / this.rule.windowMs)
  }

  record(nowMs: number): void {
    if (this.stamps.length < this.rule.max) {
      this.stamps.push(nowMs)
      return
    }
    this.stamps[this.oldest] = nowMs
    this.oldest = (this.oldest + 1) % this.rule.max
  }
}

export class FrequencyLimiter {
  private readonly windows = new Map<string, Window>()

  constructor(private readonly mode: () => 'sliding' | 'clock') {}

  /** Counts a call and answers true, or refuses it because a rule of this key is full or still blocks. */
  take(key: string, rules: readonly FrequencyRule[], nowMs: number): boolean {
    const windows = rules.map((rule) => this.windowOf(key, rule))
    if (windows.some((window) => nowMs < window.blockedUntilMs)) return false
    const full = windows.findIndex((window) => window.isFull(nowMs))
    if (full >= 0) {
      const window = windows[full]
      const rule = rules[full]
      if (window && rule) window.blockedUntilMs = nowMs + rule.windowMs
      return false
    }
    for (const window of windows) window.record(nowMs)
    return true
  }

  /** True while a block of one of the rules lasts or one is full; counts nothing. */
  isBlocked(key: string, rules: readonly FrequencyRule[], nowMs: number): boolean {
    return rules.some((rule) => {
      const window = this.windowOf(key, rule)
      return nowMs < window.blockedUntilMs || window.isFull(nowMs)
    })
  }

  /** Counts calls as if they had just been made. */
  prime(key: string, rule: FrequencyRule, calls: number, nowMs: number): void {
    const window = this.windowOf(key, rule)
    for (let index = 0; index < calls; index += 1) window.record(nowMs)
  }

  clear(): void {
    this.windows.clear()
  }

  private windowOf(key: string, rule: FrequencyRule): Window {
    const name = `${key} ${rule.max}/${rule.windowMs}`
    const found = this.windows.get(name)
    if (found) return found
    const window = new Window(rule, this.mode())
    this.windows.set(name, window)
    return window
  }
}
