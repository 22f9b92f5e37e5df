import {isSame} from '../model/is-same.js'
import type {Member} from '../model/directory.js'
import type {World} from '../model/world.js'
import {createPeople} from './member-context.js'
import {createReach} from './reach.js'
import {templatesOf} from './say-at.js'

/** Members a change touches on one side, each once, with the department each belongs to first at that instant. */
export type TouchedPeople = readonly {readonly member: Member; readonly department: string}[]

/** Ids that only one side has, or whose values differ. */
export const changedIds = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Set<string> =>
  new Set([...Object.keys(before), ...Object.keys(after)].filter((id) => !isSame(before[id], after[id])))

/** Members covered by a schedule that changed, or that may say a template that changed, on either side. */
export function findTouchedPeople(
  before: World | null,
  after: World,
  nowMs: number,
): {readonly before: TouchedPeople; readonly after: TouchedPeople} {
  const schedules = changedIds(before?.release.schedules ?? {}, after.release.schedules)
  const templates = changedIds(before?.release.templates ?? {}, after.release.templates)
  const find = ({release, directory}: World): TouchedPeople => {
    const reach = createReach(createPeople(directory, release), nowMs)
    const found = new Map<string, TouchedPeople[number]>()
    for (const [id, schedule] of Object.entries(release.schedules))
      if (schedules.has(id) || templatesOf(schedule).some((said) => templates.has(said)))
        for (const member of reach.membersOf(schedule.audience))
          if (!found.has(member.id))
            found.set(member.id, {member, department: reach.contextOf(member)?.departments[0] ?? ''})
    return [...found.values()]
  }
  return {before: before ? find(before) : [], after: find(after)}
}

export function countTouchedPeople(
  before: World | null,
  after: World,
  nowMs: number,
): {readonly before: number; readonly after: number} {
  const touched = findTouchedPeople(before, after, nowMs)
  return {before: touched.before.length, after: touched.after.length}
}
