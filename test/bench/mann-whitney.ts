/** The Mann–Whitney U test, one-sided by its normal approximation with ties and continuity, as Kayenta's judge uses it. */

/** Of the upper tail of the normal distribution (Abramowitz and Stegun 26.2.17; off by less than 1e-7). */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z)
  const t = 1 / (1 + 0.2316419 * z)
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
}

/** P value that `greater` is no greater than `other`; 1 when every value is the same. */
export function mannWhitneyP(greater: readonly number[], other: readonly number[]): number {
  const [m, n] = [greater.length, other.length]
  let u = 0
  for (const one of greater) for (const two of other) u += one > two ? 1 : one === two ? 0.5 : 0
  const variance = ((m * n) / 12) * (m + n + 1 - tiesOf([...greater, ...other]) / ((m + n) * (m + n - 1)))
  if (!(variance > 0)) return 1
  return upperTail((u - (m * n) / 2 - 0.5) / Math.sqrt(variance))
}

function tiesOf(values: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + count ** 3 - count, 0)
}

/** By how much one is greater: the median of all differences (Hodges–Lehmann). */
export function shiftOf(greater: readonly number[], other: readonly number[]): number {
  const differences = greater.flatMap((one) => other.map((two) => one - two)).sort((a, b) => a - b)
  const middle = differences.length / 2
  return ((differences[Math.ceil(middle) - 1] ?? 0) + (differences[Math.floor(middle)] ?? 0)) / 2
}

/** Kayenta: the metric is high when the 98 % interval of the shift lies above a quarter of the shift. */
const TOLERANCE = 0.25
const ONE_SIDED = 0.01

export function isHigh(canary: readonly number[], control: readonly number[]): boolean {
  if (mannWhitneyP(canary, control) > ONE_SIDED) return false
  const bound = TOLERANCE * Math.abs(shiftOf(canary, control))
  return (
    mannWhitneyP(
      canary.map((value) => value - bound),
      control,
    ) <= ONE_SIDED
  )
}
