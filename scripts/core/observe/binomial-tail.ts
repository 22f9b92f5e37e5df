/**
 * The probability of at least `least` hits in `tries` tries that each hit with probability `rate` (strictly between 0 and 1).
 * Summed in logarithms, since single terms are too small for a number long before their sum matters.
 */
export function binomialTail(least: number, tries: number, rate: number): number {
  if (least <= 0) return 1
  if (least > tries) return 0
  const odds = Math.log(rate) - Math.log1p(-rate)
  let term = tries * Math.log1p(-rate)
  let tail = 0
  for (let hits = 1; hits <= tries; hits++) {
    term += Math.log(tries - hits + 1) - Math.log(hits) + odds
    if (hits >= least) tail += Math.exp(term)
  }
  return Math.min(1, tail)
}
