import {evaluateGuard, type GuardResult} from '../core/guard/evaluate-guard.js'
import {hasErrors} from '../core/model/finding.js'
import type {Finding} from '../core/model/finding.js'
import {validateConfig} from './validate.js'
import type {LoadedConfig} from './load.js'

export interface Guarded {
  readonly head: LoadedConfig
  readonly base: LoadedConfig
  /** Faults of the head that make a comparison meaningless, with their places. */
  readonly findings: readonly Finding[]
  /** `null` when the head cannot be understood. */
  readonly result: GuardResult | null
}

/** Compares two configuration folders in meaning. */
export async function guardChange(headFolder: string, baseFolder: string, nowMs: number): Promise<Guarded> {
  const head = await validateConfig(headFolder, nowMs, 'structure')
  const base = await validateConfig(baseFolder, nowMs, 'structure')
  const result = hasErrors(head.findings) ? null : evaluateGuard(base.loaded.config, head.loaded.config, nowMs)
  return {head: head.loaded, base: base.loaded, findings: head.findings, result}
}
