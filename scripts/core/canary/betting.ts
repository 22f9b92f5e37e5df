/**
 * Tests that may be looked at after every send: their wealth is a martingale under the hypothesis they bet against, so it
 * passes 1/α with probability at most α whenever one stops (Ville's inequality).
 */
import {chanceToCross, drawHarmLine, type HarmLine, isCrossedNext} from './harm-line.js'

/** The bet on the line may cost so much of the wealth; what is left is kept in hand. */
const MOST_ON_LINE = 0.95
/** How many times likelier a canary send fails, if it does harm. */
const ODDS = [3, 8, 20]
/**
 * Of what is in hand, so much is bet at every failure: a text that is said only at night, or a page that breaks later, does
 * harm when the line and all early bets are lost.
 */
const BET_AT_A_TIME = 0.005
const DEFAULT_ALPHA = 0.01

export interface Failure {
  readonly isCanary: boolean
}

/** What is bet against a canary that does no harm, after the failures seen so far. */
export interface HarmBets {
  /** In (0, 1). */
  readonly share: number
  readonly alpha: number
  readonly line: HarmLine
  readonly canaryFailures: number
  readonly controlFailures: number
  readonly hasCrossed: boolean
  readonly inHand: number
  /** Wealth on each of the odds. */
  readonly onOdds: readonly number[]
}

/** Before the first failure the wealth is 1. */
export function placeHarmBets(share: number, alpha: number = DEFAULT_ALPHA): HarmBets {
  const line = drawHarmLine(share, MOST_ON_LINE * alpha)
  return {
    ...{share, alpha, line, canaryFailures: 0, controlFailures: 0, hasCrossed: false},
    inHand: 1 - chanceToCross(line, 0, 0) / alpha,
    onOdds: ODDS.map(() => 0),
  }
}

/** Given that a send failed, it was a canary send with probability `share` if both fail alike, whatever the common rate is. */
export function afterFailure(bets: HarmBets, {isCanary}: Failure): HarmBets {
  const {share, alpha, line, canaryFailures, controlFailures, hasCrossed, inHand} = bets
  const crosses = !hasCrossed && isCanary && isCrossedNext(line, canaryFailures, controlFailures)
  const placed = (BET_AT_A_TIME * inHand) / ODDS.length
  const prize = (crosses ? 1 / alpha : 0) / ODDS.length
  return {
    ...bets,
    canaryFailures: canaryFailures + (isCanary ? 1 : 0),
    controlFailures: controlFailures + (isCanary ? 0 : 1),
    hasCrossed: hasCrossed || crosses,
    inHand: (1 - BET_AT_A_TIME) * inHand,
    onOdds: ODDS.map((odds, index) => {
      const factor = (isCanary ? odds : 1) / (share * odds + 1 - share)
      return ((bets.onOdds[index] ?? 0) + placed) * factor + prize
    }),
  }
}

/**
 * The bet on the line is worth 1/α at the crossing, and until then so much less as it is unlikely to come to it. What it has
 * won is bet on again: a control that fails as often later on takes it away.
 */
export function harmWealth(bets: HarmBets): number {
  const {alpha, line, canaryFailures, controlFailures, hasCrossed, inHand, onOdds} = bets
  const onLine = hasCrossed ? 0 : chanceToCross(line, canaryFailures, controlFailures) / alpha
  return onLine + inHand + sumOf(onOdds)
}

/**
 * Evidence that the canary fails more often than the control. Only which arm failed counts, so a common failure rate may be
 * anything and move as it likes.
 */
export const harmEvidence = (failures: readonly Failure[], share: number, alpha?: number): number =>
  harmWealth(failures.reduce(afterFailure, placeHarmBets(share, alpha)))

/** Parts of the largest bet that can never lose everything. */
const BETS = [0.5, 0.75, 0.95]

export interface Sent {
  readonly sends: number
  readonly failures: number
}

/** Evidence that the canary's failure rate is below `margin`: each success wins a little, each failure costs much. */
export function safetyWealth({sends, failures}: Sent, margin: number): number {
  const wealth = BETS.map((part) => {
    const bet = part / (1 - margin)
    return (1 + bet * margin) ** (sends - failures) * (1 - part) ** failures
  })
  return sumOf(wealth) / wealth.length
}

/** The same, send by send; in which order they came makes no difference. */
export const safetyEvidence = (failed: readonly boolean[], margin: number): number =>
  safetyWealth({sends: failed.length, failures: failed.filter(Boolean).length}, margin)

/** Further canary sends without a failure until safety is shown; each of them adds to it, so it is found by halving. */
export function sendsUntilSafe(failed: readonly boolean[], margin: number, threshold: number): number {
  const failures = failed.filter(Boolean).length
  let [fewest, most] = [0, MOST_FORECAST]
  while (fewest < most) {
    const middle = Math.floor((fewest + most) / 2)
    if (safetyWealth({sends: failed.length + middle, failures}, margin) >= threshold) most = middle
    else fewest = middle + 1
  }
  return most
}

const MOST_FORECAST = 100_000

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
