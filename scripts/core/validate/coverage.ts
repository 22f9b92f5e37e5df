import {isWithin} from '../greet/member-context.js'
import type {Reach} from '../greet/reach.js'
import type {Config} from '../model/config.js'
import type {Member} from '../model/directory.js'
import type {Release, ReleaseAudience} from '../model/release.js'

/** Whom each schedule covers now; leavers are covered by none. */
export interface Coverage {
  /** Whatever channel the customer comes through. */
  membersOf(scheduleId: string): readonly Member[]
  /** Only those whom a customer can meet through its channels: the staff of a code, or anybody where none is named. */
  servingFor(scheduleId: string): readonly Member[]
}

/** Several rules ask who is covered; each schedule is walked once. */
export function createCoverage(
  release: Pick<Release, 'schedules'>,
  reach: Reach,
  channels: Config['channels'],
): Coverage {
  const covered = remembered((schedule) => reach.membersOf(schedule.audience), release)
  const serving = remembered(({audience}, id) => {
    const members = covered(id)
    if (audience.channels.length === 0) return members
    const isStaff = createStaffFilter(audience, channels)
    return members.filter(isStaff)
  }, release)
  return {membersOf: covered, servingFor: serving}
}

function remembered(
  find: (schedule: Release['schedules'][string], id: string) => readonly Member[],
  {schedules}: Pick<Release, 'schedules'>,
): (id: string) => readonly Member[] {
  const found = new Map<string, readonly Member[]>()
  return (id) => {
    let members = found.get(id)
    if (!members) {
      const schedule = schedules[id]
      found.set(id, (members = schedule ? find(schedule, id) : []))
    }
    return members
  }
}

/** A code adds only its staff; a channel without staff may lead to anybody. */
function createStaffFilter(audience: ReleaseAudience, channels: Config['channels']): (member: Member) => boolean {
  const staffs = audience.channels.map((id) => channels.get(id)?.value.staff ?? {})
  if (staffs.some(({members = [], departments = []}) => members.length + departments.length === 0)) return () => true
  const named = new Set(staffs.flatMap(({members = []}) => members.map((id) => id.toLowerCase())))
  const departments = staffs.flatMap((staff) => staff.departments ?? [])
  return (member) => named.has(member.id.toLowerCase()) || isInDepartments(member, departments)
}

export const isInDepartments = ({departments}: Pick<Member, 'departments'>, paths: readonly string[]): boolean =>
  departments.some((own) => paths.some((path) => isWithin(own, path)))
