/** Who judges a canary: the code that ships, and what others do. */
import {afterFailure, harmWealth, placeHarmBets, safetyWealth} from '../../scripts/core/canary/betting.js'
import {evaluateCanary, HARM_MARGIN} from '../../scripts/core/canary/evaluate-canary.js'
import {ALPHA, type Judge, type Seen, SHARE} from './canary-simulation.js'
import {fisherRejects} from './fisher.js'
import {isHigh} from './mann-whitney.js'

const QUESTION = {
  ...{share: SHARE, alpha: ALPHA, timezone: 'Asia/Shanghai'},
  ...{startedAtMs: 0, nowMs: 86_400_000, observeMinMs: 0},
}

const judge = (seen: Seen) => evaluateCanary({...QUESTION, trials: seen.trials}).verdict

/** Judges all trials anew after every send, as the canary command does. */
export const oursPatiently: Judge = {name: 'yingbin, every send', begin: () => judge, atEnd: 'hold'}

/** The same verdicts at a fraction of the cost: nothing but news like this can end a hold. */
export const ours: Judge = {
  name: 'yingbin',
  begin() {
    const follow = followHarm()
    return (seen) => {
      const harm = follow(seen)
      const isHard = seen.trials.at(-1)?.hard === true
      return isHard || harm >= 1 / ALPHA || mayBeSafe(seen) ? judge(seen) : 'hold'
    }
  },
  atEnd: 'hold',
}

/** What its evidence of harm alone would do: whoever promotes early, as ours does, cannot catch what is seen late. */
export const evidence: Judge = {
  name: 'yingbin, never promoting',
  begin() {
    const follow = followHarm()
    return (seen) => (follow(seen) >= 1 / ALPHA ? 'rollback' : 'hold')
  },
  atEnd: 'promote',
}

const PLACED = placeHarmBets(SHARE, ALPHA)

function followHarm(): (seen: Seen) => number {
  let bets = PLACED
  let wealth = harmWealth(bets)
  return ({trials}) => {
    const last = trials.at(-1)
    if (last?.failed) {
      bets = afterFailure(bets, {isCanary: last.arm === 'canary'})
      wealth = harmWealth(bets)
    }
    return wealth
  }
}

function mayBeSafe({canary, control}: Seen): boolean {
  const margin = HARM_MARGIN + (control.sends === 0 ? 0 : control.failures / control.sends)
  return safetyWealth(canary, margin) >= 1 / ALPHA
}

/** @param looks how often α is divided; 1 leaves it uncorrected */
export function fisher(looks: number): Judge {
  return {
    name: looks === 1 ? 'Fisher, uncorrected' : `Fisher, α / ${looks}`,
    begin:
      () =>
      ({canary, control}) =>
        fisherRejects(canary, control, ALPHA / looks) ? 'rollback' : 'hold',
    atEnd: 'promote',
  }
}

const MIN_SUCCESS = 0.99
const LEAST_SENDS = 20

/** Flagger and Argo Rollouts compare the canary with a number: here its success until now, from the 20th canary send on. */
export const threshold: Judge = {
  name: `below ${MIN_SUCCESS * 100} % from ${LEAST_SENDS} sends`,
  begin:
    () =>
    ({canary: {sends, failures}}) =>
      sends >= LEAST_SENDS && 1 - failures / sends < MIN_SUCCESS ? 'rollback' : 'hold',
  atEnd: 'promote',
}

const SENDS_A_SAMPLE = 200

/** Kayenta compares samples of a metric: here the failure rate of each arm in every 200 sends, looked at after each sample. */
export const mannWhitney: Judge = {
  name: `Mann–Whitney, ${SENDS_A_SAMPLE} a sample`,
  begin() {
    const samples = {canary: [] as number[], control: [] as number[]}
    let before = {canary: {sends: 0, failures: 0}, control: {sends: 0, failures: 0}}
    return ({trials, canary, control}) => {
      if (trials.length % SENDS_A_SAMPLE !== 0) return 'hold'
      const sends = [canary.sends - before.canary.sends, control.sends - before.control.sends] as const
      if (sends[0] > 0) samples.canary.push((canary.failures - before.canary.failures) / sends[0])
      if (sends[1] > 0) samples.control.push((control.failures - before.control.failures) / sends[1])
      before = {canary: {...canary}, control: {...control}}
      return isHigh(samples.canary, samples.control) ? 'rollback' : 'hold'
    }
  },
  atEnd: 'promote',
}
