import {parseTimeOfDay} from '../model/instant.js'
import type {Parting, Trial} from '../model/outcome.js'
import type {Words} from '../model/words.js'
import {zoneOf} from '../model/zone.js'
import {harmEvidence, safetyEvidence, sendsUntilSafe} from './betting.js'

export type CanaryVerdict = 'promote' | 'hold' | 'rollback'

export interface CanaryQuestion {
  /** Of one manifest, in order of finishing. */
  readonly trials: readonly Trial[]
  /** Customers of the same manifest who deleted the member soon after their welcome, in the order of leaving. */
  readonly partings?: readonly Parting[]
  /** In (0, 1). */
  readonly share: number
  /** Error rate of every verdict, for example 0.01. */
  readonly alpha: number
  readonly startedAtMs: number
  readonly nowMs: number
  readonly observeMinMs: number
  /** `HH:MM` from and to, in the enterprise's zone; no promotion by itself in between. */
  readonly notBetween?: readonly [from: string, to: string]
  readonly timezone: string
  /** Name of the freeze window in force; nothing is promoted in it. */
  readonly freeze?: string | null
}

export interface ArmEvidence {
  readonly sends: number
  readonly failures: number
  /** Refusals that can only come from the content. */
  readonly hard: number
  /** Customers who deleted the member soon after the welcome. */
  readonly partings: number
}

export interface CanaryEvidence {
  readonly canary: ArmEvidence
  readonly control: ArmEvidence
  /** Wealth of the bet that the canary does harm; it rolls back at 1/α. */
  readonly harm: number
  /** Wealth of the bet that it does not; it may promote at 1/α. */
  readonly safety: number
  /** Wealth of the bet that its customers delete the member more often; it rolls back at 10/α, an error rate of its own. */
  readonly partings: number
  readonly threshold: number
  /** Measured share of canary sends, and how many standard deviations it is off. */
  readonly measuredShare: number
  readonly shareDeviations: number
}

export interface CanaryDecision {
  readonly verdict: CanaryVerdict
  readonly because: Words
  readonly evidence: CanaryEvidence
  /** While holding: further clean canary sends until it will be known, and in how many milliseconds at today's rate. */
  readonly needs?: {readonly moreSends: number; readonly etaMs: number | null}
}

/** A canary that fails so much more often than the control (in rate, not in ratio) must not pass. */
export const HARM_MARGIN = 0.1
/** Content refusals that are enough at the start, where the control has none. */
const HARD_FAILURES = 2
/** Beyond so many standard deviations the split itself is broken and nothing measured by it counts. */
const MAX_SHARE_DEVIATIONS = 4
const MIN_SENDS_FOR_SHARE = 100
/** Deletions are judged beside failures; with a tenth of their error rate the two together stay near α. */
const PARTINGS_STRICTER = 10

/** Judges one canary at one instant. No data is hold: never a pass and never a failure. */
export function evaluateCanary(question: CanaryQuestion): CanaryDecision {
  const {share} = question
  // From the first diverted customer on the budget decides who hears what, and the shares no longer hold.
  const diverted = question.trials.findIndex((trial) => trial.diverted)
  const trials = diverted < 0 ? question.trials : question.trials.slice(0, diverted)
  const endMs = question.trials[diverted]?.atMs ?? Number.POSITIVE_INFINITY
  const partings = (question.partings ?? []).filter(({welcomedAtMs}) => welcomedAtMs < endMs)
  const evidence = measure(trials, partings, question)
  const {canary, control, harm, safety, threshold} = evidence
  const decide = (verdict: CanaryVerdict, because: Words): CanaryDecision => ({verdict, because, evidence})

  if (trials.length >= MIN_SENDS_FOR_SHARE && evidence.shareDeviations > MAX_SHARE_DEVIATIONS)
    return decide('hold', brokenSplit(evidence, share))
  if (canary.hard >= HARD_FAILURES && control.hard === 0) return decide('rollback', hardFailures(canary))
  if (harm >= threshold) return decide('rollback', harmful(evidence))
  if (evidence.partings >= threshold * PARTINGS_STRICTER) return decide('rollback', sentAway(evidence))
  if (safety < threshold) return {...decide('hold', tooEarly(canary)), needs: forecast(trials, question, evidence)}
  const waited = question.nowMs - question.startedAtMs
  if (waited < question.observeMinMs)
    return {
      ...decide('hold', notLongEnough(question.observeMinMs - waited)),
      needs: {moreSends: 0, etaMs: question.observeMinMs - waited},
    }
  if (question.freeze) return decide('hold', frozen(question.freeze))
  if (isNight(question)) return decide('hold', night(question.notBetween ?? ['', '']))
  return decide('promote', good(evidence))
}

function measure(
  trials: readonly Trial[],
  partings: readonly Parting[],
  {share, alpha}: CanaryQuestion,
): CanaryEvidence {
  const arm = (name: Trial['arm']): ArmEvidence => {
    const own = trials.filter((trial) => trial.arm === name)
    return {
      sends: own.length,
      failures: own.filter(({failed}) => failed).length,
      hard: own.filter(({hard}) => hard).length,
      partings: partings.filter((parting) => parting.arm === name).length,
    }
  }
  const [canary, control] = [arm('canary'), arm('stable')]
  const failures = trials.filter(({failed}) => failed).map((trial) => ({isCanary: trial.arm === 'canary'}))
  const deviation = Math.sqrt(trials.length * share * (1 - share))
  return {
    canary,
    control,
    harm: harmEvidence(failures, share, alpha),
    safety: safetyEvidence(canaryFailures(trials), marginFor(control)),
    partings: harmEvidence(
      partings.map((parting) => ({isCanary: parting.arm === 'canary'})),
      share,
      alpha / PARTINGS_STRICTER,
    ),
    threshold: 1 / alpha,
    measuredShare: trials.length === 0 ? 0 : canary.sends / trials.length,
    shareDeviations: deviation === 0 ? 0 : Math.abs(canary.sends - trials.length * share) / deviation,
  }
}

const canaryFailures = (trials: readonly Trial[]): boolean[] =>
  trials.filter(({arm}) => arm === 'canary').map(({failed}) => failed)

/** What the control suffers anyway is allowed to the canary too. */
const marginFor = ({sends, failures}: ArmEvidence): number =>
  Math.min(0.9, HARM_MARGIN + (sends === 0 ? 0 : failures / sends))

function forecast(
  trials: readonly Trial[],
  {startedAtMs, nowMs}: CanaryQuestion,
  {canary, control, threshold}: CanaryEvidence,
): {moreSends: number; etaMs: number | null} {
  const moreSends = sendsUntilSafe(canaryFailures(trials), marginFor(control), threshold)
  const perMs = canary.sends / Math.max(1, nowMs - startedAtMs)
  return {moreSends, etaMs: perMs === 0 ? null : Math.ceil(moreSends / perMs)}
}

function isNight({notBetween, nowMs, timezone}: CanaryQuestion): boolean {
  if (!notBetween) return false
  const [from, to] = notBetween.map(parseTimeOfDay) as [number, number]
  const {secondOfDay} = zoneOf(timezone).localTime(nowMs)
  return from < to ? secondOfDay >= from && secondOfDay < to : secondOfDay >= from || secondOfDay < to
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`
const rates = ({canary, control}: CanaryEvidence): Words => ({
  zh: `灰度 ${canary.failures}/${canary.sends} 失败，对照 ${control.failures}/${control.sends} 失败`,
  en: `canary failed ${canary.failures}/${canary.sends}, control ${control.failures}/${control.sends}`,
})

const brokenSplit = ({measuredShare, shareDeviations}: CanaryEvidence, share: number): Words => ({
  zh: `实测灰度比例 ${percent(measuredShare)} 与设定 ${percent(share)} 相差 ${shareDeviations.toFixed(1)} 个标准差，分流本身有问题，先不下结论`,
  en: `the measured share ${percent(measuredShare)} is ${shareDeviations.toFixed(1)} standard deviations off the set ${percent(share)}; the split itself is broken, so nothing is concluded`,
})
const hardFailures = ({hard, sends}: ArmEvidence): Words => ({
  zh: `灰度 ${sends} 次发送里有 ${hard} 次内容被平台拒绝，对照没有，立即回滚`,
  en: `the platform refused the content of ${hard} of ${sends} canary sends and of none of the control: rolled back at once`,
})
const harmful = (evidence: CanaryEvidence): Words => ({
  zh: `${rates(evidence).zh}；证据 ${evidence.harm.toFixed(0)} ≥ ${evidence.threshold.toFixed(0)}，新版更容易失败，回滚`,
  en: `${rates(evidence).en}; evidence ${evidence.harm.toFixed(0)} ≥ ${evidence.threshold.toFixed(0)}: the new release fails more often, rolled back`,
})
const sentAway = ({canary, control}: CanaryEvidence): Words => ({
  zh: `听了新版的客户更多在欢迎语之后很快删除员工：灰度 ${canary.partings}/${canary.sends}，对照 ${control.partings}/${control.sends}，回滚`,
  en: `more customers of the new release deleted the member soon after the welcome: canary ${canary.partings}/${canary.sends}, control ${control.partings}/${control.sends}, rolled back`,
})
const tooEarly = ({sends}: ArmEvidence): Words =>
  sends === 0
    ? {zh: '还没有灰度客户，没有数据，先等', en: 'no canary customer yet: no data, so it holds'}
    : {
        zh: `灰度只有 ${sends} 次发送，还不能排除新版更差，先等`,
        en: `only ${sends} canary sends: harm is not ruled out yet, so it holds`,
      }
const notLongEnough = (leftMs: number): Words => ({
  zh: `证据已够，但至少还要观察 ${Math.ceil(leftMs / 1000)} 秒`,
  en: `the evidence is enough, but it has to be observed for ${Math.ceil(leftMs / 1000)} s more`,
})
const night = ([from, to]: readonly [string, string]): Words => ({
  zh: `${from}–${to} 之间不自动放量，等到白天`,
  en: `no promotion by itself between ${from} and ${to}`,
})
const frozen = (name: string): Words => ({
  zh: `冻结期「${name}」内不放量，等它结束`,
  en: `no promotion in the freeze window "${name}": it waits for the end`,
})
const good = (evidence: CanaryEvidence): Words => ({
  zh: `${rates(evidence).zh}；证据 ${evidence.safety.toFixed(0)} ≥ ${evidence.threshold.toFixed(0)}，可以放量`,
  en: `${rates(evidence).en}; evidence ${evidence.safety.toFixed(0)} ≥ ${evidence.threshold.toFixed(0)}: promoted`,
})
