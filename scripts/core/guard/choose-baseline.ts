interface Dated {
  readonly commit: string
  readonly atMs: number
}

const DAY_MS = 86_400_000

/** Days that changes are taken together over, where the policy says nothing. */
export const DEFAULT_ROLLING_DAYS: readonly number[] = [7, 30]

/**
 * The commit a window of so many days is measured from: what the branch was when it began, or its first commit where all
 * are younger; later, what was last fully approved with its locks opened. `line` is the branch, newest first.
 */
export function chooseBaseline(
  line: readonly Dated[],
  unlocked: readonly Dated[],
  days: number,
  nowMs: number,
): {readonly commit: string | null; readonly isWhole: boolean} {
  const fromMs = nowMs - days * DAY_MS
  const opened = unlocked.filter(({atMs}) => atMs > fromMs && atMs <= nowMs)
  const newest = opened.reduce<Dated | null>((best, one) => (best === null || one.atMs > best.atMs ? one : best), null)
  if (newest) return {commit: newest.commit, isWhole: true}
  const before = line.find(({atMs}) => atMs <= fromMs)
  return {commit: (before ?? line.at(-1))?.commit ?? null, isWhole: before !== undefined}
}
