/**
 * A line drawn before the first failure is seen: the canary has crossed it when its k-th failure comes after so few
 * failures of the control. How likely a harmless canary crosses it can be counted exactly, at the start and at every point
 * on the way, so a bet on it is a fair one.
 */
export interface HarmLine {
  /** By k - 1: how many failures of the control may come before the canary's k-th for it to cross; -1 where none may. */
  readonly mostControl: readonly number[]
  /** `[canary failures][control failures]`: the chance that a harmless canary still crosses; beyond the table there is none. */
  readonly chances: readonly (readonly number[])[]
}

/** The line ends here: what harms so little that it takes more failures is for the other bets. */
const LAST_FAILURE = 20
/** Keeps the table small where the share is tiny. */
const MOST_CONTROL = 1000
const NARROWER = 0.98

/** The widest line whose chance of being crossed by a harmless canary, at whichever failure, is at most `mostChance`. */
export function drawHarmLine(share: number, mostChance: number): HarmLine {
  for (let level = mostChance / NARROWER; ; level *= NARROWER) {
    const mostControl = controlBefore(share, level)
    const chances = chancesOfCrossing(mostControl, share)
    if (chanceOf(chances, 0, 0) <= mostChance) return {mostControl, chances}
  }
}

/** How likely a harmless canary that has not crossed the line after such failures still does. */
export const chanceToCross = ({chances}: HarmLine, canary: number, control: number): number =>
  chanceOf(chances, canary, control)

/** Where the canary's next failure crosses the line. */
export const isCrossedNext = ({mostControl}: HarmLine, canary: number, control: number): boolean =>
  control <= (mostControl[canary] ?? -1)

const chanceOf = (chances: HarmLine['chances'], canary: number, control: number): number =>
  chances[canary]?.[control] ?? 0

/** The first failure that may cross takes the whole level and the n-th after it a part of 1/n², so that great harm is seen first. */
function controlBefore(share: number, level: number): number[] {
  const mostControl: number[] = []
  let place = 1
  for (let failures = 1; failures <= LAST_FAILURE; failures++) {
    const most = mostWithin(share, failures, level / place ** 2)
    if (most >= 0) place++
    mostControl.push(most)
  }
  return mostControl
}

/** The most failures of the control that come before the `failures`-th of the canary in no more than `chance` of all cases. */
function mostWithin(share: number, failures: number, chance: number): number {
  let term = share ** failures
  let sum = term
  let control = -1
  while (sum <= chance && control < MOST_CONTROL) {
    control++
    term *= ((failures + control) / (control + 1)) * (1 - share)
    sum += term
  }
  return control
}

function chancesOfCrossing(mostControl: readonly number[], share: number): number[][] {
  const widest = Math.max(...mostControl)
  const chances: number[][] = mostControl.map(() => [])
  for (let canary = mostControl.length - 1; canary >= 0; canary--) {
    const row = chances[canary] ?? []
    for (let control = widest; control >= 0; control--) {
      const crosses = control <= (mostControl[canary] ?? -1) ? 1 : chanceOf(chances, canary + 1, control)
      row[control] = share * crosses + (1 - share) * (row[control + 1] ?? 0)
    }
  }
  return chances
}
