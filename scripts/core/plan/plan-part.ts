import type {Step} from '../model/plan.js'
import type {Words} from '../model/words.js'

/** What one kind of thing contributes to a plan. */
export interface PlanPart {
  readonly steps: readonly Step[]
  readonly notes: readonly Words[]
}

export const joinParts = (parts: readonly PlanPart[]): PlanPart => ({
  steps: parts.flatMap(({steps}) => steps),
  notes: parts.flatMap(({notes}) => notes),
})

/** By UTF-16 code units, the same on every machine whatever its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export const sortedUnique = (texts: Iterable<string>): string[] => [...new Set(texts)].sort(byText)
