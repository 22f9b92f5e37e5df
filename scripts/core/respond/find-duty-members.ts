import type {Directory, Member} from '../model/directory.js'
import type {Release, ReleaseSchedule, ReleaseSlot} from '../model/release.js'
import {addDays, zoneOf} from '../model/zone.js'

/** Schedules that begin so soon are read for already. */
const AHEAD_MS = 15 * 60_000

/** Somebody in service, with every department he has or may soon have. */
interface Placed {
  readonly member: Member
  readonly departments: readonly string[]
}

/**
 * Ids of members for whom some `onDuty` slot of these releases may ask check-in around that instant. Rather one too many:
 * levels, exclusions and channels are left to the choice itself. Members the directory does not know are not asked about.
 */
export function findDutyMembers(releases: readonly Release[], directory: Directory, nowMs: number): string[] {
  const wanted = releases.flatMap((release) =>
    Object.values(release.schedules)
      .map((schedule) => ({release, schedule, slots: dutySlots(schedule)}))
      .filter(({schedule, slots}) => slots.length > 0 && isNear(schedule, nowMs)),
  )
  if (wanted.length === 0) return []
  const present = findPresent(directory, nowMs)
  const found = wanted.flatMap(({release, schedule, slots}) => {
    const ids = present.filter(createAudienceCheck(schedule, release)).map(({member}) => member.id)
    if (slots.some(({shift}) => shift === undefined)) return ids
    const onShift = new Set(slots.flatMap(({shift = ''}) => rosterOf(release, shift, schedule.timezone, nowMs)))
    return ids.filter((id) => onShift.has(id.toLowerCase()))
  })
  return [...new Set(found)].sort()
}

const dutySlots = ({slots, dates}: ReleaseSchedule): ReleaseSlot[] =>
  [...slots, ...dates.flatMap((entry) => entry.slots)].filter(({onDuty}) => onDuty === true)

const isNear = ({validFromMs, validToMs}: ReleaseSchedule, nowMs: number): boolean =>
  (validFromMs === undefined || validFromMs <= nowMs + AHEAD_MS) && (validToMs === undefined || nowMs < validToMs)

/** Ids in lower case of those who have the shift yesterday, today or tomorrow: a night shift reaches into the next day. */
function rosterOf(release: Release, shift: string, timezone: string, nowMs: number): string[] {
  const {date} = zoneOf(timezone).localTime(nowMs)
  const dates = [addDays(date, -1), date, addDays(date, 1)]
  return Object.values(release.rosters).flatMap(({days}) =>
    dates.flatMap((day) => {
      const shifts = days[day] ?? {}
      // A shift may be called `constructor`; what every object has is no shift.
      return Object.hasOwn(shifts, shift) ? (shifts[shift] ?? []).map((id) => id.toLowerCase()) : []
    }),
  )
}

const isWithin = (path: string, ancestor: string): boolean => path === ancestor || path.startsWith(`${ancestor}/`)

const isGone = ({status, leftAtMs}: Member, nowMs: number): boolean =>
  status === 'disabled' || (status === 'left' && (leftAtMs === undefined || nowMs >= leftAtMs))

function findPresent(directory: Directory, nowMs: number): Placed[] {
  const moves = new Map<string, string[]>()
  for (const {member, to} of directory.transfers) {
    moves.set(member.toLowerCase(), [...(moves.get(member.toLowerCase()) ?? []), to])
  }
  return directory.members
    .filter((member) => !isGone(member, nowMs))
    .map((member) => ({member, departments: [...member.departments, ...(moves.get(member.id.toLowerCase()) ?? [])]}))
}

/** Members, departments and roles of an audience; a grant counts whatever its dates are. */
function createAudienceCheck({audience}: ReleaseSchedule, {roleGrants}: Release): (placed: Placed) => boolean {
  const named = new Set(audience.members.map((id) => id.toLowerCase()))
  const grants = roleGrants.filter(({role}) => audience.roles.includes(role))
  const grantedTo = new Set(grants.flatMap(({members}) => members.map((id) => id.toLowerCase())))
  const grantedIn = grants.flatMap(({departments}) => departments)
  const isInAny = (paths: readonly string[], own: readonly string[]): boolean =>
    paths.some((path) => own.some((at) => isWithin(at, path)))
  const holdsRole = ({member, departments}: Placed): boolean =>
    member.roles.some((role) => audience.roles.includes(role)) ||
    grantedTo.has(member.id.toLowerCase()) ||
    isInAny(grantedIn, departments)
  return (placed) =>
    (named.size === 0 || named.has(placed.member.id.toLowerCase())) &&
    (audience.departments.length === 0 || isInAny(audience.departments, placed.departments)) &&
    (audience.roles.length === 0 || holdsRole(placed))
}
