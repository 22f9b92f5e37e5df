import type {Query} from '../model/choice.js'
import {collectClasses, type MemberClass, type Stay} from './collect-classes.js'
import type {Greeter} from './create-greeter.js'

/** A question that stands for everybody who gets the same answers to it, from its instant up to `untilMs`. */
export interface LaneQuestion {
  readonly query: Query
  readonly untilMs: number
  readonly isLeaver: boolean
  /** Whom it stands for, in the directory's order. */
  readonly members: readonly string[]
  /** Through which codes; `null` is none. */
  readonly states: readonly (string | null)[]
}

/** Members of one class who are so for the same time, or one who is on a roster. */
interface Alike {
  readonly isLeaver: boolean
  readonly fromMs: number
  readonly untilMs: number
  readonly members: string[]
}

/**
 * Every member, state and word of check-in, each lane of answers asked once: equal people are one question, and so are
 * states between which nothing makes a difference.
 */
export function collectLanes(
  greeter: Greeter,
  classOf: Parameters<typeof collectClasses>[1],
  rostered: ReadonlySet<string>,
  states: readonly (string | undefined)[],
  fromMs: number,
  untilMs: number,
): LaneQuestion[] {
  const lanes = new Map<string, Lane>()
  const classes = collectClasses(greeter.people, classOf, fromMs, untilMs)
  for (const alike of classes.flatMap((one) => splitByTime(one, rostered)))
    for (const state of states) {
      const [first = ''] = alike.members
      const query = {member: first, atMs: alike.fromMs, ...(state === undefined ? {} : {state})}
      const lane = greeter.laneOf(query)
      for (const onDuty of lane.asksDuty ? [undefined, false] : [undefined]) {
        const key = `${alike.fromMs} ${alike.untilMs} ${String(onDuty)} ${lane.key}`
        let found = lanes.get(key)
        if (!found) {
          const asked = {...query, ...(onDuty === undefined ? {} : {onDuty})}
          lanes.set(key, (found = {query: asked, alike, members: new Set(), states: new Set()}))
        }
        found.states.add(state ?? null)
        for (const id of alike.members) found.members.add(id)
      }
    }
  return [...lanes.values()].map(({query, alike, members, states: through}) => ({
    query,
    untilMs: alike.untilMs,
    isLeaver: alike.isLeaver,
    members: [...members],
    states: [...through],
  }))
}

interface Lane {
  readonly query: Query
  readonly alike: Alike
  readonly members: Set<string>
  readonly states: Set<string | null>
}

/** Leavers and whoever is on a roster speak for themselves; everybody else of a class together with his equals in time. */
function splitByTime({stays, isLeaver}: MemberClass, rostered: ReadonlySet<string>): Alike[] {
  const groups = new Map<string, Alike>()
  for (const stay of stays) {
    const own = isLeaver || rostered.has(stay.member.id.toLowerCase()) ? stay.member.id : ''
    const key = `${stay.fromMs} ${stay.untilMs} ${own}`
    const found = groups.get(key)
    if (found) found.members.push(stay.member.id)
    else groups.set(key, alikeOf(stay, isLeaver))
  }
  return [...groups.values()]
}

const alikeOf = ({member, fromMs, untilMs}: Stay, isLeaver: boolean): Alike => ({
  isLeaver,
  fromMs,
  untilMs,
  members: [member.id],
})
