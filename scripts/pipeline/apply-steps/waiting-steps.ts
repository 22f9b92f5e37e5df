import TinyQueue from 'tinyqueue'
import {putUnder} from '../../core/model/group.js'
import type {Step} from '../../core/model/plan.js'

/** A step whose turn has come: to be begun, or to be skipped because this need of its was not done. */
export interface Due {
  readonly step: Step
  readonly failedNeed: string | undefined
}

/** Steps that nobody has begun or skipped. */
export interface WaitingSteps {
  /** The next due step in the plan's order; `undefined` while all others wait for a need. */
  take(): Due | undefined
  /** Looks again at the steps that waited for this one, which has a report now. */
  noteReport(key: string): void
  /** Takes all that are left, in the plan's order. */
  takeRest(): Step[]
}

interface Waiting {
  readonly step: Step
  readonly index: number
  /** So many of its needs, from the first, are done. */
  met: number
}

/**
 * Each step waits for the first of its needs that is not done, so that every need is looked at once and not with every
 * step that ends. A need that is not among the steps counts as met.
 */
export function createWaitingSteps(
  steps: readonly Step[],
  reports: ReadonlyMap<string, {readonly status: string}>,
): WaitingSteps {
  const keys = new Set(steps.map(({key}) => key))
  const waiting = new Set<Waiting>()
  const byNeed = new Map<string, Waiting[]>()
  const due = new TinyQueue<Due & {readonly waiting: Waiting}>([], (a, b) => a.waiting.index - b.waiting.index)
  const isMet = (need: string): boolean => !keys.has(need) || reports.get(need)?.status === 'done'

  const place = (one: Waiting): void => {
    const {needs} = one.step
    while (one.met < needs.length && isMet(needs[one.met] ?? '')) one.met += 1
    const unmet = needs[one.met]
    if (unmet === undefined || reports.has(unmet)) due.push({waiting: one, step: one.step, failedNeed: unmet})
    else putUnder(byNeed, unmet, one)
  }
  for (const [index, step] of steps.entries()) {
    const one = {step, index, met: 0}
    waiting.add(one)
    place(one)
  }

  return {
    take() {
      const next = due.pop()
      if (next) waiting.delete(next.waiting)
      return next
    },
    noteReport(key) {
      const freed = byNeed.get(key) ?? []
      byNeed.delete(key)
      for (const one of freed) place(one)
    },
    takeRest() {
      const rest = [...waiting].map(({step}) => step)
      waiting.clear()
      byNeed.clear()
      while (due.length > 0) due.pop()
      return rest
    },
  }
}
