import {sha256} from '../model/canonical.js'
import type {Plan, Step, StepKind} from '../model/plan.js'

/** What WeCom shows to every customer alike: no share of them can see it first. */
const WHOLE: ReadonlySet<StepKind> = new Set<StepKind>(['contact-way', 'group-welcome'])

/** Renames stay out: they are no change for a customer, and taking one back would part a thing from its id. */
const canGoFirst = ({kind, phase, was}: Step): boolean => WHOLE.has(kind) && phase === 'expand' && was === undefined

/**
 * Keys of the things that are changed ahead of the others, at least one where there are any: the canary of what cannot be split
 * by customer. The same ones for the same plan.
 * @param share in (0, 1)
 */
export function chooseFirstObjects({digest, steps}: Pick<Plan, 'digest' | 'steps'>, share: number): readonly string[] {
  const place = new Map(steps.filter(canGoFirst).map(({key}) => [key, sha256(`${digest}\0${key}`)]))
  const keys = [...place.keys()].sort((a, b) => ((place.get(a) ?? '') < (place.get(b) ?? '') ? -1 : 1))
  return keys.slice(0, Math.ceil(keys.length * share))
}

/** The keys and everything they wait for. */
export function withNeeds(steps: readonly Step[], keys: readonly string[]): ReadonlySet<string> {
  const byKey = new Map(steps.map((step) => [step.key, step]))
  const all = new Set<string>()
  const waiting = [...keys]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (all.has(key)) continue
    all.add(key)
    waiting.push(...(byKey.get(key)?.needs ?? []))
  }
  return all
}
