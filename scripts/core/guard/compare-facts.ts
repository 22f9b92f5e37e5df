import {putUnder} from '../model/group.js'
import type {Fact, FactKind} from './template-facts.js'

export interface FactChange {
  readonly kind: FactKind
  readonly before: string | null
  readonly after: string | null
  /** Where the new value stands, or where the old one stood. */
  readonly pointer: string
}

export interface FactComparison {
  readonly kept: number
  /** Σ over kinds of max(removed, added): a replaced fact is one change. */
  readonly changed: number
  /** kept + changed; the ratio is changed ÷ total. */
  readonly total: number
  readonly changes: readonly FactChange[]
}

/** Pairs old and new facts by kind; equal values are kept, as often as both sides have them. */
export function compareFacts(before: readonly Fact[], after: readonly Fact[]): FactComparison {
  const kinds = new Set([...before, ...after].map(({kind}) => kind))
  const parts = [...kinds].map((kind) =>
    compareKind(
      kind,
      before.filter((fact) => fact.kind === kind),
      after.filter((fact) => fact.kind === kind),
    ),
  )
  const kept = parts.reduce((sum, part) => sum + part.kept, 0)
  const changes = parts.flatMap((part) => part.changes)
  return {kept, changed: changes.length, total: kept + changes.length, changes}
}

function compareKind(
  kind: FactKind,
  before: readonly Fact[],
  after: readonly Fact[],
): {readonly kept: number; readonly changes: FactChange[]} {
  const unmatched = new Map<string, number[]>()
  for (const [index, {value}] of after.entries()) putUnder(unmatched, value, index)
  const kept = new Set<number>()
  const removed = before.filter(({value}) => {
    const same = unmatched.get(value)?.shift()
    if (same !== undefined) kept.add(same)
    return same === undefined
  })
  const added = after.filter((_, index) => !kept.has(index))
  const changes = Array.from({length: Math.max(removed.length, added.length)}, (_, index): FactChange => {
    const [old, fresh] = [removed[index], added[index]]
    return {
      kind,
      before: old?.value ?? null,
      after: fresh?.value ?? null,
      pointer: fresh?.pointer ?? old?.pointer ?? '',
    }
  })
  return {kept: before.length - removed.length, changes}
}

/** Strictly above the limit; exactly 20 % does not lock. Compared in whole millionths, never in floating point. */
export const isAbove = (changed: number, total: number, limit: number): boolean =>
  changed * 1_000_000 > Math.round(limit * 1_000_000) * total
