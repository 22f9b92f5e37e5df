/** Fisher's exact test of two arms, one-sided, with the hypergeometric distribution in log space. */
import type {Sent} from '../../scripts/core/canary/betting.js'

const logFactorials: number[] = [0]

export function logFactorial(n: number): number {
  for (let next = logFactorials.length; next <= n; next++)
    logFactorials.push((logFactorials[next - 1] ?? 0) + Math.log(next))
  return logFactorials[n] ?? Number.NaN
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** Chance that exactly so many of all failures are the canary's, when failures fall on sends at random. */
export function hypergeometric(canaryFailures: number, canarySends: number, failures: number, sends: number): number {
  return Math.exp(
    logChoose(canarySends, canaryFailures) +
      logChoose(sends - canarySends, failures - canaryFailures) -
      logChoose(sends, failures),
  )
}

/** Chance that the canary has so many failures or more, given how many there are in all. */
export function fisherP(canary: Sent, control: Sent): number {
  const failures = canary.failures + control.failures
  const sends = canary.sends + control.sends
  let p = 0
  for (let own = canary.failures; own <= Math.min(canary.sends, failures); own++)
    p += hypergeometric(own, canary.sends, failures, sends)
  return Math.min(1, p)
}

/** Whether the test rejects at `alpha`; the first term alone is too much most of the time, which spares the sum. */
export function fisherRejects(canary: Sent, control: Sent, alpha: number): boolean {
  if (canary.failures * control.sends <= control.failures * canary.sends) return false
  const [failures, sends] = [canary.failures + control.failures, canary.sends + control.sends]
  return hypergeometric(canary.failures, canary.sends, failures, sends) <= alpha && fisherP(canary, control) <= alpha
}
