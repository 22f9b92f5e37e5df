import type {Member} from '../model/directory.js'
import type {World} from '../model/world.js'
import {groupBy, putUnder} from '../model/group.js'
import {createPeople} from './member-context.js'
import {createReach} from './reach.js'
import {templatesOf} from './say-at.js'

/** Who says what at one instant; made only when it is first asked. */
export interface Sayers {
  membersOf(template: string): readonly Member[]
  /** Every department of theirs, each once. */
  departmentsOf(template: string): readonly string[]
}

export function createSayers({release, directory}: World, nowMs: number): Sayers {
  const open = () => {
    const reach = createReach(createPeople(directory, release), nowMs)
    const schedules = new Map<string, string[]>()
    for (const [id, schedule] of Object.entries(release.schedules))
      for (const template of new Set(templatesOf(schedule))) putUnder(schedules, template, id)
    return {reach, schedules}
  }
  let opened: ReturnType<typeof open> | undefined
  const membersOf = (template: string): readonly Member[] => {
    const {reach, schedules} = (opened ??= open())
    const found = (schedules.get(template) ?? []).flatMap((id) => {
      const schedule = release.schedules[id]
      return schedule ? reach.membersOf(schedule.audience) : []
    })
    return [...groupBy(found, ({id}) => id).values()].flatMap(([member]) => member ?? [])
  }
  return {
    membersOf,
    departmentsOf: (template) => [
      ...new Set(
        membersOf(template).flatMap((member) => opened?.reach.contextOf(member)?.departments ?? member.departments),
      ),
    ],
  }
}
