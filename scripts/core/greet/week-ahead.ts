import type {ChosenSlot, Query} from '../model/choice.js'
import type {Greeter} from './create-greeter.js'
import type {Rehearsal} from './rehearse.js'
import {stretchesOf} from './stretches.js'

/** One stretch of a timeline; half-open. */
export interface TimelineRow {
  readonly fromMs: number
  readonly untilMs: number
  readonly template: string | null
  readonly silent: boolean
  readonly schedule: string | null
  readonly slot: ChosenSlot | null
}

/** What is said from the query's instant up to `untilMs`, stretch by stretch. */
export function timelineOf(greeter: Greeter, query: Query, untilMs: number): TimelineRow[] {
  const stretches = stretchesOf(greeter, {query, untilMs})
  return stretches.map(({atMs, template, silent, schedule, slot}, at) => ({
    fromMs: atMs,
    untilMs: stretches[at + 1]?.atMs ?? untilMs,
    template,
    silent,
    schedule,
    slot,
  }))
}

/** One timeline and everybody it holds for. */
export interface SharedTimeline {
  readonly members: readonly string[]
  /** `null` is a customer who came through no code. */
  readonly states: readonly (string | null)[]
  /** Check-in says they are off duty. */
  readonly offDuty: boolean
  readonly rows: readonly TimelineRow[]
}

export const WEEK_MS = 7 * 86_400_000

/** The next seven days of every lane; lanes that look alike are one timeline. */
export function weekAhead({greeter, lanes}: Pick<Rehearsal, 'greeter' | 'lanes'>, fromMs: number): SharedTimeline[] {
  const found = new Map<string, {members: Set<string>; states: Set<string | null>; timeline: SharedTimeline}>()
  for (const {query, untilMs, members, states} of lanes) {
    const ends = Math.min(untilMs, fromMs + WEEK_MS)
    if (query.atMs >= ends) continue
    const rows = timelineOf(greeter, query, ends)
    const offDuty = query.onDuty === false
    const key = JSON.stringify([offDuty, rows])
    let shared = found.get(key)
    if (!shared) {
      const timeline = {members: [], states: [], offDuty, rows}
      found.set(key, (shared = {members: new Set(), states: new Set(), timeline}))
    }
    for (const id of members) shared.members.add(id)
    for (const state of states) shared.states.add(state)
  }
  return [...found.values()].map(({members, states, timeline}) => ({
    ...timeline,
    members: [...members],
    states: [...states],
  }))
}
