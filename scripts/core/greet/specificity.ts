import type {ReleaseSchedule} from '../model/release.js'
import type {ChannelMatch} from './channel-match.js'
import {isWithin, type MemberContext} from './member-context.js'

/** The widening levels of an audience, most specific first. */
export const LEVELS = ['channel', 'member', 'role', 'department', 'everybody'] as const
export type AudienceLevel = (typeof LEVELS)[number]

/** A schedule stands at the level of its most specific dimension. */
export function levelOf({audience}: ReleaseSchedule): AudienceLevel {
  if (audience.channels.length > 0) return 'channel'
  if (audience.members.length > 0) return 'member'
  if (audience.roles.length > 0 || Object.keys(audience.levels).length > 0) return 'role'
  return audience.departments.length > 0 ? 'department' : 'everybody'
}

function dimensions({audience}: ReleaseSchedule): number {
  const {channels, members, roles, levels, departments} = audience
  return [channels, members, roles, Object.keys(levels), departments].filter((dimension) => dimension.length > 0).length
}

/**
 * The order inside a level as a row of numbers, larger first: exact state, prefix length, match on the main
 * department's path, depth of the matching department, dimensions, silence (which beats what it ties with), priority.
 * A schedule without departments ranks below one that matches by department.
 */
export function specificity(
  schedule: ReleaseSchedule,
  context: MemberContext,
  channels: readonly ChannelMatch[],
): readonly number[] {
  const match = channels.find(({id}) => schedule.audience.channels.includes(id))
  const [main = '', ...others] = context.departments
  const depthOn = (path: string): number =>
    Math.max(
      0,
      ...schedule.audience.departments.filter((own) => isWithin(path, own)).map((own) => own.split('/').length - 1),
    )
  const mainDepth = depthOn(main)
  return [
    match?.exact ? 1 : 0,
    match && !match.exact ? match.prefixLength : 0,
    mainDepth > 0 ? 1 : 0,
    mainDepth > 0 ? mainDepth : Math.max(0, ...others.map(depthOn)),
    dimensions(schedule),
    schedule.mode === 'silent' ? 1 : 0,
    schedule.priority,
  ]
}

export function compareSpecificity(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < a.length; index++) {
    const difference = (b[index] ?? 0) - (a[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
