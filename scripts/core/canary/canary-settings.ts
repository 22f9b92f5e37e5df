import {parseDurationMs, parseShare} from '../model/instant.js'
import type {WrittenPolicy} from '../model/written.js'
import {MYRIAD} from './arm.js'

const DEFAULT_SHARE = 0.05
const DEFAULT_MAX_PEOPLE = 200
const DEFAULT_ALPHA = 0.01
const DEFAULT_OBSERVE = {min: '10m', max: '24h'}

/** How far a canary reaches at one stage. */
export interface CanaryStage {
  /** Below 10,000: everybody is a promotion, not a stage. */
  readonly perMyriad: number
  /** Exposure budget: it grows with the share, since the evidence of the stage before has paid for it. */
  readonly maxPeople: number
}

export interface CanarySettings {
  /** At least one, each wider than the one before. */
  readonly stages: readonly [CanaryStage, ...CanaryStage[]]
  readonly alpha: number
  /** Of every stage. */
  readonly observeMinMs: number
  readonly observeMaxMs: number
  readonly notBetween?: readonly [string, string]
}

/** The policy's canary with its defaults; `steps` counts before `share`. */
export function readCanarySettings({canary}: WrittenPolicy): CanarySettings {
  const {min = DEFAULT_OBSERVE.min, max = DEFAULT_OBSERVE.max} = canary?.observe ?? {}
  const [from, to] = canary?.notBetween ?? []
  return {
    stages: readStages(canary),
    alpha: parseShare(canary?.alpha ?? DEFAULT_ALPHA),
    observeMinMs: parseDurationMs(min),
    observeMaxMs: parseDurationMs(max),
    ...(from !== undefined && to !== undefined ? {notBetween: [from, to] as const} : {}),
  }
}

function readStages(canary: WrittenPolicy['canary']): CanarySettings['stages'] {
  const [start = DEFAULT_SHARE, ...later] = canary?.steps ?? [canary?.share ?? DEFAULT_SHARE]
  const first: CanaryStage = {
    perMyriad: Math.round(parseShare(start) * MYRIAD),
    maxPeople: canary?.maxPeople ?? DEFAULT_MAX_PEOPLE,
  }
  const stages: [CanaryStage, ...CanaryStage[]] = [first]
  let widest = first.perMyriad
  for (const share of later) {
    const perMyriad = Math.round(parseShare(share) * MYRIAD)
    if (perMyriad <= widest || perMyriad >= MYRIAD) continue
    widest = perMyriad
    stages.push({perMyriad, maxPeople: Math.floor((first.maxPeople * perMyriad) / first.perMyriad)})
  }
  return stages
}

/** The stage after the one with that share; `null` when the next one is everybody. */
export const stageAfter = ({stages}: Pick<CanarySettings, 'stages'>, perMyriad: number): CanaryStage | null =>
  stages.find((stage) => stage.perMyriad > perMyriad) ?? null
