import {isInAudience, isLeaver, type MemberContext, type People} from '../greet/member-context.js'
import type {ReleaseSchedule} from '../model/release.js'

/** Whether somebody comes into a schedule's audience later, by a transfer or by a grant that begins, while it holds. */
export type MeetsLater = (schedule: ReleaseSchedule) => boolean

/** Asked only of schedules that cover nobody now, so that most configurations never look. */
export function createMeetsLater(people: People, nowMs: number): MeetsLater {
  let later: readonly {readonly atMs: number; readonly context: MemberContext}[] | undefined
  const findLater = (): NonNullable<typeof later> =>
    people.members.flatMap((member) =>
      people
        .edgesOf(member)
        .filter((atMs) => atMs > nowMs && !isLeaver(member, atMs))
        .map((atMs) => ({atMs, context: people.contextOf(member, atMs)})),
    )
  return ({audience, validToMs}) => {
    later ??= findLater()
    return later.some(
      ({atMs, context}) =>
        (validToMs === undefined || atMs < validToMs) && isInAudience(audience, context, audience.channels),
    )
  }
}
