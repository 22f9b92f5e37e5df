import type {Choice, Query} from '../model/choice.js'
import type {Greeter} from './create-greeter.js'

const HORIZON_DAYS = 400
const DAY_MS = 86_400_000

export interface NextChange {
  readonly atMs: number
  /** What is said from then on; `null` when nothing is said on purpose or the built-in text is. */
  readonly template: string | null
}

/** A stretch in which nothing changes, and what ends it; `null` where the search stopped without a change. */
interface Quiet {
  readonly fromMs: number
  readonly untilMs: number
  readonly next: NextChange | null
}

/**
 * Finds the first instant after a query at which the member says something else; `null` within the next 400 days. What
 * was searched for one question is not searched again for a later one about the same member and state.
 */
export function createNextChangeFinder(greeter: Greeter): (query: Query) => NextChange | null {
  const known = new Map<string, Quiet>()
  return (query) => {
    const key = JSON.stringify([query.member.toLowerCase(), query.state ?? '', query.onDuty ?? null])
    const quiet = known.get(key)
    const isCovered = quiet !== undefined && query.atMs >= quiet.fromMs && query.atMs < quiet.untilMs
    if (isCovered && quiet.next) return quiet.next
    const untilMs = query.atMs + HORIZON_DAYS * DAY_MS
    const next = search(greeter, query, isCovered ? quiet.untilMs : query.atMs, untilMs)
    known.set(key, {fromMs: isCovered ? quiet.fromMs : query.atMs, untilMs: next?.atMs ?? untilMs, next})
    return next
  }
}

function search(greeter: Greeter, query: Query, fromMs: number, untilMs: number): NextChange | null {
  const now = greeter.choose(query)
  for (const then of greeter.choicesUntil({...query, atMs: fromMs}, untilMs))
    if (!saysTheSame(now, then)) return {atMs: then.atMs, template: then.template}
  return null
}

/** Whether a customer hears the same template, or the same silence. */
export const saysTheSame = (a: Choice, b: Choice): boolean => a.template === b.template && a.silent === b.silent
