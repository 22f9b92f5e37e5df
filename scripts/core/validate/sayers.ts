import type {Reach} from '../greet/reach.js'
import {templatesOf} from '../greet/say-at.js'
import {compareSpecificity, LEVELS, levelOf, specificity} from '../greet/specificity.js'
import {isValid} from '../greet/validity.js'
import {putUnder} from '../model/group.js'
import type {Member} from '../model/directory.js'
import type {Release, ReleaseSchedule} from '../model/release.js'
import type {Checked} from './rule.js'

export interface Use {
  readonly scheduleId: string
  readonly members: readonly Member[]
}

/** Who may come to say each template as things stand now, with the schedule that brings it about. */
export function findSayers(checked: Checked): ReadonlyMap<string, readonly Use[]> {
  const found = new Map<string, Use[]>()
  const outranked = createOutranked(checked)
  for (const [scheduleId, schedule] of Object.entries(checked.release.schedules)) {
    const isOutranked = outranked(schedule)
    const members = checked.coverage.servingFor(scheduleId).filter((member) => !isOutranked(member))
    const use = {scheduleId, members}
    for (const id of templatesOf(schedule)) putUnder(found, id, use)
  }
  return found
}

/** True where the schedule never hands on: it is silent, or something it says or falls back to is always in validity. */
export function alwaysSettles({mode, says, default: otherwise}: ReleaseSchedule, release: Release): boolean {
  if (mode !== undefined) return mode === 'silent'
  const said = says ?? otherwise
  if (said === 'silent') return true
  return (said ?? []).some((id) => {
    const template = release.templates[id]
    return template?.validFromMs === undefined && template?.validToMs === undefined
  })
}

/** True where another schedule that always settles comes first for the member, so that this one is never asked. */
function createOutranked({
  release,
  reach,
  coverage,
  nowMs,
}: Checked): (schedule: ReleaseSchedule) => (member: Member) => boolean {
  const ranks = new Map(Object.values(release.schedules).map((one) => [one, LEVELS.indexOf(levelOf(one))] as const))
  const rankOf = (schedule: ReleaseSchedule): number => ranks.get(schedule) ?? LEVELS.length
  const settling = new Map<string, ReleaseSchedule>()
  for (const [id, schedule] of Object.entries(release.schedules)) {
    const rank = rankOf(schedule)
    if (rank === CHANNEL_RANK || !isValid(schedule, nowMs) || !alwaysSettles(schedule, release)) continue
    const standing = createStandingBeside(schedule, reach)
    for (const member of coverage.membersOf(id)) {
      const other = settling.get(member.id)
      const before = other === undefined ? -1 : rank - rankOf(other) || standing(other, member)
      if (before < 0) settling.set(member.id, schedule)
    }
  }
  return (schedule) => {
    const rank = rankOf(schedule)
    const standing = createStandingBeside(schedule, reach)
    return (member) => {
      const other = settling.get(member.id)
      if (other === undefined || other === schedule) return false
      return (rank - rankOf(other) || standing(other, member)) > 0
    }
  }
}

const CHANNEL_RANK = LEVELS.indexOf('channel')

/**
 * Below zero where the schedule comes before another of its level for a member, above zero where it comes after. It
 * follows from the member's departments, and the members of an audience stand together by them.
 */
function createStandingBeside(
  schedule: ReleaseSchedule,
  reach: Reach,
): (other: ReleaseSchedule, member: Member) => number {
  let last: {readonly other: ReleaseSchedule; readonly departments: string; readonly order: number} | undefined
  return (other, member) => {
    const context = reach.contextOf(member)
    if (!context) return 0
    const [main = '', ...others] = context.departments
    const departments = others.length === 0 ? main : context.departments.join('\n')
    if (last?.other !== other || last.departments !== departments) {
      const order = compareSpecificity(specificity(schedule, context, []), specificity(other, context, []))
      last = {other, departments, order}
    }
    return last.order
  }
}
