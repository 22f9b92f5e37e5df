/** Measuring by taking turns: every number the bench prints is a ratio between variants of one round. */

export interface Sample {
  readonly wallMs: number
  readonly cpuMs: number
  /** Peak resident set, where it was asked for. */
  readonly rssMiB?: number
}

export interface Variant {
  readonly name: string
  run(): Sample
}

/** Samples of each variant by name, one a round. */
export type Rounds = ReadonlyMap<string, readonly Sample[]>

export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** Runs every variant once a round; who goes first moves on, so that nobody always has the warm disk. */
export function takeTurns(variants: readonly Variant[], rounds: number): Rounds {
  const taken = new Map<string, Sample[]>(variants.map(({name}) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < variants.length; turn++) {
      const variant = variants[(round + turn) % variants.length]
      if (variant) taken.get(variant.name)?.push(variant.run())
    }
  return taken
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
  return {median, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN}
}

/** One number a round from two variants of that round. */
export function compare(
  rounds: Rounds,
  subject: string,
  against: string,
  measure: 'wallMs' | 'cpuMs',
  combine: (subject: number, against: number) => number = (a, b) => a / b,
): Spread {
  const others = rounds.get(against) ?? []
  return spreadOf(
    (rounds.get(subject) ?? []).flatMap((sample, round) => {
      const other = others[round]
      return other ? [combine(sample[measure], other[measure])] : []
    }),
  )
}

export const peakOf = (rounds: Rounds, name: string): Spread =>
  spreadOf((rounds.get(name) ?? []).flatMap(({rssMiB}) => rssMiB ?? []))
