import {evaluateCanary, type CanaryDecision, type CanaryQuestion} from '../../scripts/core/canary/evaluate-canary.js'
import type {Arm, Trial} from '../../scripts/core/model/outcome.js'

/** A plain working noon in Shanghai. */
export const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00')
export const MINUTE_MS = 60_000

export const aTrial = (arm: Arm, changes: Partial<Trial> = {}): Trial => ({
  atMs: NOON_MS,
  arm,
  release: arm === 'canary' ? 'b'.repeat(64) : 'a'.repeat(64),
  failed: false,
  hard: false,
  manifestVersion: 2,
  ...changes,
})

/** So many equal trials. */
export const times = (count: number, trial: Trial): Trial[] => Array.from({length: count}, () => trial)

/** One canary send after every nineteen of the control, as 5 % would have it. */
export const mixed = (canarySends: number): Trial[] =>
  Array.from({length: canarySends}, () => [...times(19, aTrial('stable')), aTrial('canary')]).flat()

/** Judged at noon, ten minutes after a canary of 5 % began. */
export const evaluate = (trials: readonly Trial[], changes: Partial<CanaryQuestion> = {}): CanaryDecision =>
  evaluateCanary({
    trials,
    share: 0.05,
    alpha: 0.01,
    startedAtMs: NOON_MS - 10 * MINUTE_MS,
    nowMs: NOON_MS,
    observeMinMs: 10 * MINUTE_MS,
    timezone: 'Asia/Shanghai',
    ...changes,
  })
