/** Canaries that never were: seeded customers one after the other, judged after every one. */
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'
import type {Sent} from '../../scripts/core/canary/betting.js'
import type {CanaryVerdict} from '../../scripts/core/canary/evaluate-canary.js'
import type {Trial} from '../../scripts/core/model/outcome.js'

export const SHARE = 0.05
export const ALPHA = 0.01

export interface Rates {
  readonly control: number
  readonly canary: number
}

export interface World {
  readonly name: string
  /** Failure rates of both arms at the n-th send, counted from 0. */
  readonly rates: (send: number) => Rates
  /** Whether what the canary suffers beyond the control is a content refusal, which only a text can cause. */
  readonly isRefused?: true
}

export function steady(control: number, canary: number): World['rates'] {
  const rates = {control, canary}
  return () => rates
}

/** All that has happened until now; judges look at it and keep nothing of it. */
export interface Seen {
  readonly trials: readonly Trial[]
  readonly canary: Sent
  readonly control: Sent
}

/** Looks after every send until it says something other than hold. */
export type Look = (seen: Seen) => CanaryVerdict

export interface Judge {
  readonly name: string
  /** For one canary. */
  begin(): Look
  /** What it says when the sends are over. */
  readonly atEnd: CanaryVerdict
}

export interface End {
  readonly verdict: CanaryVerdict
  readonly canarySends: number
}

/** One canary from its first customer on, the same for every judge. Answers with each judge's end, in their order. */
export function playCanary(seed: number, world: World, judges: readonly Judge[], maxSends: number): End[] {
  const fraction = createSeededFraction(seed)
  const trials: Trial[] = []
  const sent = {canary: {sends: 0, failures: 0}, stable: {sends: 0, failures: 0}}
  const seen: Seen = {trials, canary: sent.canary, control: sent.stable}
  const looks = judges.map((judge) => judge.begin())
  const ends: (End | undefined)[] = judges.map(() => undefined)
  let judging = judges.length
  for (let send = 0; send < maxSends && judging > 0; send++) {
    const trial = nextTrial(world, send, fraction)
    trials.push(trial)
    const own = sent[trial.arm]
    own.sends++
    if (trial.failed) own.failures++
    for (let index = 0; index < looks.length; index++) {
      if (ends[index]) continue
      const verdict = looks[index]?.(seen) ?? 'hold'
      if (verdict === 'hold') continue
      ends[index] = {verdict, canarySends: sent.canary.sends}
      judging--
    }
  }
  return judges.map(({atEnd}, index) => ends[index] ?? {verdict: atEnd, canarySends: sent.canary.sends})
}

/** Every trial there can be, made once: no judge looks at when it was. */
const trialsOf = (arm: Trial['arm']) => {
  const made = {arm, atMs: 0, release: null, manifestVersion: 1}
  return {
    fine: {...made, failed: false, hard: false},
    failed: {...made, failed: true, hard: false},
    refused: {...made, failed: true, hard: true},
  } satisfies Record<string, Trial>
}
const TRIALS = {canary: trialsOf('canary'), stable: trialsOf('stable')}

function nextTrial({rates, isRefused}: World, send: number, fraction: () => number): Trial {
  const isCanary = fraction() < SHARE
  const lot = fraction()
  const {control, canary} = rates(send)
  const {fine, failed, refused} = isCanary ? TRIALS.canary : TRIALS.stable
  if (lot >= (isCanary ? canary : control)) return fine
  return isRefused && lot >= control ? refused : failed
}

const SEED = 20_261_124

export interface Plays {
  readonly runs: number
  /** Of both arms together, a canary. */
  readonly maxSends: number
}

/** Each judge's ends, by its name. */
export function playCanaries(world: World, judges: readonly Judge[], {runs, maxSends}: Plays): Map<string, End[]> {
  const ends = new Map<string, End[]>(judges.map(({name}) => [name, []]))
  for (let run = 0; run < runs; run++)
    for (const [index, end] of playCanary(SEED + run, world, judges, maxSends).entries())
      ends.get(judges[index]?.name ?? '')?.push(end)
  return ends
}

export const shareOf = (ends: readonly End[], wanted: CanaryVerdict): number =>
  ends.filter(({verdict}) => verdict === wanted).length / ends.length

/** Canary sends until half of all canaries are rolled back; infinite when fewer are. */
export function medianSends(ends: readonly End[]): number {
  const sends = ends
    .map(({verdict, canarySends}) => (verdict === 'rollback' ? canarySends : Number.POSITIVE_INFINITY))
    .sort((a, b) => a - b)
  return sends[Math.ceil(sends.length / 2) - 1] ?? Number.POSITIVE_INFINITY
}
