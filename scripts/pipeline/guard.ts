import {evaluateGuard, type GuardHistory, type GuardResult} from '../core/guard/evaluate-guard.js'
import {digestOf} from '../core/model/canonical.js'
import type {Config} from '../core/model/config.js'
import {hasErrors} from '../core/model/finding.js'
import type {Finding} from '../core/model/finding.js'
import type {State} from '../core/model/plan.js'
import {assembleRelease} from '../core/release/assemble-release.js'
import {validateConfig} from './validate.js'
import {type LoadedConfig, placeRemarks} from './load.js'

export type {Baseline} from '../core/guard/rolling.js'
export type {GuardHistory} from '../core/guard/evaluate-guard.js'

export interface Guarded {
  readonly head: LoadedConfig
  readonly base: LoadedConfig
  /** Faults of the head that make a comparison meaningless, and what the guard finds beside locks, with their places. */
  readonly findings: readonly Finding[]
  /** `null` when the head cannot be understood. */
  readonly result: GuardResult | null
}

/** What a change is measured against beside its base; asked only once both sides are understood. */
export type AskHistory = (head: LoadedConfig, base: LoadedConfig) => Promise<GuardHistory>

/** Compares two configuration folders in meaning. */
export async function guardChange(
  headFolder: string,
  baseFolder: string,
  nowMs: number,
  askHistory?: AskHistory,
): Promise<Guarded> {
  const head = await validateConfig(headFolder, nowMs, 'structure')
  const base = await validateConfig(baseFolder, nowMs, 'structure')
  if (hasErrors(head.findings)) return {head: head.loaded, base: base.loaded, findings: head.findings, result: null}
  return guardLoaded(head.loaded, base.loaded, nowMs, await askHistory?.(head.loaded, base.loaded))
}

/** The same of configurations that are read already; `findings` are the guard's own. */
export function guardLoaded(head: LoadedConfig, base: LoadedConfig, nowMs: number, history?: GuardHistory): Guarded {
  const result = evaluateGuard(base.config, head.config, nowMs, history)
  return {head, base, findings: placeRemarks(result.findings, head.folder.files), result}
}

/**
 * True when the release of the base is left for one that was once fully promoted and never taken back, be it the one that is
 * said now: then the base holds what was taken back.
 */
export function isReturn(head: Config, base: LoadedConfig, {promoted, quarantined}: State): boolean {
  const digest = digestOf(assembleRelease(head))
  if (quarantined.includes(digest) || !promoted.some((one) => one.digest === digest)) return false
  return hasErrors(base.remarks) || digestOf(assembleRelease(base.config)) !== digest
}
