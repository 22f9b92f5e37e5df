/**
 * Tests that may be looked at after every send: their wealth is a martingale under the hypothesis they bet against, so it
 * passes 1/α with probability at most α whenever one stops (Ville's inequality).
 */

/**
 * How many times likelier a canary send fails, if it does harm. The stakes add up to 1 and lie mostly on great harm, which
 * must be seen after few sends; small harm is seen too, only later.
 */
const HARM_BETS = [
  {odds: 2, stake: 0.05},
  {odds: 4, stake: 0.2},
  {odds: 12, stake: 0.2},
  {odds: 24, stake: 0.25},
  {odds: 48, stake: 0.3},
]

export interface Failure {
  readonly isCanary: boolean
}

/**
 * Evidence that the canary fails more often than the control. Given that a send failed, it was a canary send with
 * probability `share` if both fail alike, whatever the common rate is and however it moves.
 */
export function harmEvidence(failures: readonly Failure[], share: number): number {
  const wealth = HARM_BETS.map(({odds, stake}) => {
    const norm = share * odds + 1 - share
    return failures.reduce((product, {isCanary}) => product * ((isCanary ? odds : 1) / norm), stake)
  })
  return wealth.reduce((sum, one) => sum + one, 0)
}

/** Parts of the largest bet that can never lose everything. */
const BETS = [0.5, 0.75, 0.95]

/** Evidence that the canary's failure rate is below `margin`: each success wins a little, each failure costs much. */
export function safetyEvidence(failed: readonly boolean[], margin: number): number {
  const wealth = BETS.map((part) => {
    const bet = part / (1 - margin)
    return failed.reduce((product, isFailure) => product * (1 + bet * (margin - (isFailure ? 1 : 0))), 1)
  })
  return wealth.reduce((sum, one) => sum + one, 0) / wealth.length
}

/** Further canary sends without a failure until safety is shown. */
export function sendsUntilSafe(failed: readonly boolean[], margin: number, threshold: number): number {
  const wealth = BETS.map((part) => {
    const bet = part / (1 - margin)
    return {
      now: failed.reduce((product, isFailure) => product * (1 + bet * (margin - (isFailure ? 1 : 0))), 1),
      factor: 1 + bet * margin,
    }
  })
  for (let more = 0; more <= MOST_FORECAST; more++) {
    const then = wealth.reduce((sum, {now, factor}) => sum + now * factor ** more, 0) / wealth.length
    if (then >= threshold) return more
  }
  return MOST_FORECAST
}

const MOST_FORECAST = 100_000
