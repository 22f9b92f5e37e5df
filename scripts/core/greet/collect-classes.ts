import type {Member} from '../model/directory.js'
import {isLeaver, type MemberContext, type People} from './member-context.js'

/** One member for as long as he is of a class; half-open, inside the time looked at. */
export interface Stay {
  readonly member: Member
  readonly fromMs: number
  readonly untilMs: number
}

/** Everybody whom no audience can tell apart, for as long as that is so. */
export interface MemberClass {
  readonly key: string
  /** Of the first who came; it stands for all of them. */
  readonly context: MemberContext
  readonly isLeaver: boolean
  readonly stays: readonly Stay[]
}

/** Sorts members into classes over a time; one who is transferred stays in several, one after the other. */
export function collectClasses(
  people: People,
  classOf: (context: MemberContext) => string,
  fromMs: number,
  untilMs: number,
): MemberClass[] {
  const classes = new Map<string, {key: string; context: MemberContext; isLeaver: boolean; stays: Stay[]}>()
  for (const member of people.members) {
    const edges = people.edgesOf(member)
    const starts =
      edges.length === 0
        ? [fromMs]
        : [fromMs, ...new Set(edges.filter((edge) => edge > fromMs && edge < untilMs))].sort((a, b) => a - b)
    for (const [at, start] of starts.entries()) {
      const context = people.contextOf(member, start)
      const left = isLeaver(member, start)
      const key = `${left ? 'left' : 'here'}\n${classOf(context)}`
      const stay = {member, fromMs: start, untilMs: starts[at + 1] ?? untilMs}
      const found = classes.get(key)
      if (!found) classes.set(key, {key, context, isLeaver: left, stays: [stay]})
      else add(found.stays, stay)
    }
  }
  return [...classes.values()]
}

/** A stay that only goes on from the one before is one stay. */
function add(stays: Stay[], stay: Stay): void {
  const last = stays.at(-1)
  if (last?.member === stay.member && last.untilMs === stay.fromMs)
    stays[stays.length - 1] = {...last, untilMs: stay.untilMs}
  else stays.push(stay)
}
