import {groupBy, putUnder} from '../model/group.js'
import type {Directory, Member, Transfer} from '../model/directory.js'
import type {Release, ReleaseAudience, ReleaseRoleGrant} from '../model/release.js'

/** Who the member is at one instant: transfers and grants with dates already applied. */
export interface MemberContext {
  readonly member: Member
  /** The first is the main one; a transfer in force replaces it. */
  readonly departments: readonly string[]
  readonly roles: ReadonlySet<string>
}

export interface People {
  find(id: string): Member | undefined
  contextOf(member: Member, atMs: number): MemberContext
  /** Who follows a leaver: successor, else leader, and so on upward past people who left too. */
  successorOf(member: Member, atMs: number): Member | undefined
  /** Instants at which this member's departments, roles or status change. */
  edgesOf(member: Member): readonly number[]
  /** The same for everybody in a leaver's line of succession, himself included. */
  successionEdges(member: Member): readonly number[]
  readonly members: readonly Member[]
}

export const isLeaver = (member: Member, atMs: number): boolean =>
  member.status === 'disabled' ||
  (member.status === 'left' && (member.leftAtMs === undefined || atMs >= member.leftAtMs))

/** True where `path` is `ancestor` or lies below it. */
export const isWithin = (path: string, ancestor: string): boolean =>
  path === ancestor || path.startsWith(`${ancestor}/`)

const NO_GRANTS: readonly ReleaseRoleGrant[] = []
const NO_TRANSFERS: readonly Transfer[] = []
const NO_EDGES: readonly number[] = []
const NO_ROLES: ReadonlySet<string> = new Set()

/** Indexes a directory once; ids compare without regard to case (WeCom 90195). */
export function createPeople(directory: Directory, release: Pick<Release, 'roleGrants'>): People {
  const byId = new Map(directory.members.map((member) => [member.id.toLowerCase(), member]))
  const transfers = groupBy(directory.transfers, ({member}) => member.toLowerCase())
  const grantsByMember = new Map<string, ReleaseRoleGrant[]>()
  const grantsByDepartment = new Map<string, ReleaseRoleGrant[]>()
  for (const grant of release.roleGrants) {
    for (const id of grant.members) putUnder(grantsByMember, id.toLowerCase(), grant)
    for (const path of grant.departments) putUnder(grantsByDepartment, path, grant)
  }
  const hasGrants = grantsByMember.size + grantsByDepartment.size > 0
  const grantsOf = (id: string, departments: readonly string[]): readonly ReleaseRoleGrant[] =>
    hasGrants
      ? [
          ...(grantsByMember.get(id.toLowerCase()) ?? []),
          ...(grantsByDepartment.size === 0
            ? []
            : departments.flatMap((path) => ancestry(path).flatMap((above) => grantsByDepartment.get(above) ?? []))),
        ]
      : NO_GRANTS
  const people: People = {
    members: directory.members,
    find: (id) => byId.get(id.toLowerCase()),
    contextOf: (member, atMs) => {
      const moves = transfers.size === 0 ? undefined : transfers.get(member.id.toLowerCase())
      const departments = departmentsAt(member, moves, atMs)
      if (!hasGrants) return {member, departments, roles: member.roles.length === 0 ? NO_ROLES : new Set(member.roles)}
      const held = grantsOf(member.id, departments).filter(
        ({fromMs, untilMs}) => (fromMs === undefined || atMs >= fromMs) && atMs < untilMs,
      )
      return {member, departments, roles: new Set([...member.roles, ...held.map(({role}) => role)])}
    },
    successorOf: (member, atMs) => {
      const seen = new Set<string>([member.id.toLowerCase()])
      for (let next = member.successor ?? member.leader; next !== undefined && !seen.has(next.toLowerCase());) {
        seen.add(next.toLowerCase())
        const person = people.find(next)
        if (person && !isLeaver(person, atMs)) return person
        next = person?.successor ?? person?.leader
      }
      return undefined
    },
    successionEdges: (member) => {
      const edges: number[] = []
      const seen = new Set<string>()
      for (let next: string | undefined = member.id; next !== undefined && !seen.has(next.toLowerCase());) {
        seen.add(next.toLowerCase())
        const person = people.find(next)
        if (person) edges.push(...people.edgesOf(person))
        next = person?.successor ?? person?.leader
      }
      return edges
    },
    edgesOf: (member) => {
      const moves = (transfers.size === 0 ? undefined : transfers.get(member.id.toLowerCase())) ?? NO_TRANSFERS
      // Members may be a million, and nearly none of them ever changes.
      if (!hasGrants && moves.length === 0 && member.leftAtMs === undefined) return NO_EDGES
      const paths = [...member.departments, ...moves.map(({to}) => to)]
      return [
        ...(member.leftAtMs === undefined ? [] : [member.leftAtMs]),
        ...moves.flatMap(({fromMs, untilMs}) => [fromMs, untilMs]),
        ...grantsOf(member.id, paths).flatMap(({fromMs, untilMs}) =>
          fromMs === undefined ? [untilMs] : [fromMs, untilMs],
        ),
      ]
    },
  }
  return people
}

function departmentsAt(member: Member, transfers: readonly Transfer[] | undefined, atMs: number): readonly string[] {
  const transfer = transfers?.find(({fromMs, untilMs}) => atMs >= fromMs && atMs < untilMs)
  return transfer ? [transfer.to, ...member.departments.slice(1)] : member.departments
}

/** `/a/b` → `/a/b`, `/a`. */
export function ancestry(path: string): string[] {
  const paths: string[] = []
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) paths.push(at)
  return paths
}

/** Whether a level condition holds; a missing attribute never matches, and only numbers are greater or smaller. */
export function isLevelMet(
  condition: string | readonly (string | number)[],
  value: string | number | undefined,
): boolean {
  if (value === undefined) return false
  if (typeof condition !== 'string') return condition.some((wanted) => String(wanted) === String(value))
  const [, operator = '', operand = ''] = /^(>=|<=|>|<|=)\s*(.*)$/.exec(condition) ?? []
  if (operator === '=') return operand === String(value) || (typeof value === 'number' && Number(operand) === value)
  if (typeof value !== 'number') return false
  const wanted = Number(operand)
  return operator === '>='
    ? value >= wanted
    : operator === '<='
      ? value <= wanted
      : operator === '>'
        ? value > wanted
        : value < wanted
}

/** Whether the audience covers the member when the event came through `channels`. Dimensions are ANDed, values ORed. */
export function isInAudience(audience: ReleaseAudience, context: MemberContext, channels: readonly string[]): boolean {
  const {member, departments, roles} = context
  const names = (ids: readonly string[]): boolean => ids.some((id) => id.toLowerCase() === member.id.toLowerCase())
  const covers = (paths: readonly string[]): boolean =>
    paths.some((path) => departments.some((own) => isWithin(own, path)))
  const {exclude} = audience
  return (
    (audience.members.length === 0 || names(audience.members)) &&
    (audience.departments.length === 0 || covers(audience.departments)) &&
    (audience.roles.length === 0 || audience.roles.some((role) => roles.has(role))) &&
    Object.entries(audience.levels).every(([name, condition]) => isLevelMet(condition, member.attributes[name])) &&
    (audience.channels.length === 0 || audience.channels.some((id) => channels.includes(id))) &&
    !names(exclude.members) &&
    !covers(exclude.departments) &&
    !exclude.roles.some((role) => roles.has(role)) &&
    !exclude.channels.some((id) => channels.includes(id))
  )
}
