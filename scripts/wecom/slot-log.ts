import type {WindowRule} from './quotas.js'

/** A learned cap is this share of what was seen to pass, and never less than that share of the cap. */
const LEARNED_SHARE = 0.95
const LOWEST_SHARE = 0.5
/**
 * A learned cap has grown back to what had passed after so many windows: growing past it costs a block of a whole window
 * if the other still calls. It grows ever faster, so that a cap nobody else uses any more is soon had in full.
 */
const REGROWN_AFTER_WINDOWS = 50

interface LearningRule extends WindowRule {
  learnedCap: number
  learnedAtMs: number
}

/**
 * Remembers when calls of one API were sent and says when the next may go, so that no stretch of a window ever holds more
 * than its cap. It knows no clock: every instant is an argument.
 *
 * Other programs may use up the same quota unseen. When the platform refuses early, the cap drops to a little below what
 * had passed, never under half, and grows back slowly at first.
 */
export class SlotLog {
  private readonly rules: LearningRule[]
  private sentAtMs: number[] = []
  private blockedUntilMs = 0
  private strikes = 0
  private readonly longestMemory: number

  constructor(
    windows: readonly WindowRule[],
    private readonly blocksMs: readonly number[],
    private readonly guardMs: number,
  ) {
    this.rules = windows.map((rule) => ({...rule, learnedCap: rule.cap, learnedAtMs: 0}))
    this.longestMemory = Math.max(0, ...windows.map(({cap}) => cap))
  }

  /** Milliseconds until a call may be sent; 0 = now. */
  waitMs(nowMs: number): number {
    const waits = this.rules.map((rule) => this.waitForRule(rule, nowMs))
    return Math.max(0, this.blockedUntilMs - nowMs, ...waits)
  }

  take(nowMs: number): void {
    this.sentAtMs.push(nowMs)
    // Cut rarely, so that a call costs the same whatever the length of the memory.
    if (this.sentAtMs.length > 2 * this.longestMemory + 1000) this.sentAtMs = this.sentAtMs.slice(-this.longestMemory)
  }

  /**
   * The platform answered 45009.
   * @param underway calls sent and not answered yet, the refused one among them: they have not passed
   */
  noteRefusal(nowMs: number, underway = 0): void {
    // Calls that were under way when the API was shut say nothing new.
    if (nowMs < this.blockedUntilMs) return
    const block = this.blocksMs[Math.min(this.strikes, this.blocksMs.length - 1)] ?? 0
    const hit = this.rules.find(({windowMs}) => windowMs === block)
    if (hit !== undefined) this.learn(hit, nowMs, underway)
    this.strikes += 1
    this.blockedUntilMs = nowMs + block + this.guardMs
  }

  /** The platform answered anything but 45009: the API is open, so the next refusal starts at the short block again. */
  noteAnswer(nowMs: number): void {
    if (nowMs >= this.blockedUntilMs) this.strikes = 0
  }

  private waitForRule(rule: LearningRule, nowMs: number): number {
    const oldest = this.sentAtMs[this.sentAtMs.length - this.currentCap(rule, nowMs)]
    return oldest === undefined ? 0 : oldest + rule.windowMs + this.guardMs - nowMs
  }

  private currentCap(rule: LearningRule, nowMs: number): number {
    if (rule.learnedCap >= rule.cap) return rule.cap
    const windows = Math.floor((nowMs - rule.learnedAtMs) / rule.windowMs)
    const regrown = (1 / LEARNED_SHARE - 1) * (windows / REGROWN_AFTER_WINDOWS) ** 2
    return Math.min(rule.cap, Math.floor(rule.learnedCap * (1 + regrown)))
  }

  private learn(rule: LearningRule, nowMs: number, underway: number): void {
    const passed = this.sentAtMs.filter((at) => at > nowMs - rule.windowMs).length - underway
    const lowest = Math.max(1, Math.ceil(rule.cap * LOWEST_SHARE))
    rule.learnedCap = Math.min(rule.cap, Math.max(lowest, Math.floor(passed * LEARNED_SHARE)))
    rule.learnedAtMs = nowMs
  }
}
