import type {Directory, Member} from '../model/directory.js'

/** A member as WeCom shows him now. Absent fields are unknown and leave the mirror's word standing. */
export interface LiveMember {
  readonly id: string
  readonly departments?: readonly string[]
  /** Names of his WeCom member tags. */
  readonly roles?: readonly string[]
  readonly attributes?: Readonly<Record<string, string | number>>
  readonly status?: Member['status']
  readonly name?: string
  readonly leader?: string
}

/** Attributes come as text from WeCom; levels compare numbers. */
const attributeValue = (value: string | number): string | number =>
  typeof value === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value

const attributesOf = (live: LiveMember): Record<string, string | number> =>
  Object.fromEntries(Object.entries(live.attributes ?? {}).map(([name, value]) => [name, attributeValue(value)]))

const newcomer = (live: LiveMember): Member => ({
  id: live.id,
  departments: live.departments ?? [],
  roles: live.roles ?? [],
  attributes: attributesOf(live),
  status: live.status ?? 'active',
  facts: {},
  ...(live.leader !== undefined && {leader: live.leader}),
  ...(live.name !== undefined && live.name !== '' && {displayName: live.name}),
})

/**
 * A leaver of the mirror stays one: who has left is decided by offboarding, and WeCom may show him for days. What
 * customers see as his name is the mirror's when it gives one.
 */
function overlayMember(member: Member, live: LiveMember): Member {
  const displayName = member.displayName ?? (live.name === '' ? undefined : live.name)
  const leader = live.leader ?? member.leader
  const hasDepartments = live.departments !== undefined && live.departments.length > 0
  return {
    ...member,
    departments: hasDepartments ? (live.departments ?? []) : member.departments,
    roles: live.roles ?? member.roles,
    attributes: {...member.attributes, ...attributesOf(live)},
    status: member.status === 'left' ? 'left' : (live.status ?? member.status),
    ...(displayName !== undefined && {displayName}),
    ...(leader !== undefined && {leader}),
  }
}

/**
 * The mirror with what WeCom says live laid over it. Members the mirror does not know yet are added; members WeCom does
 * not show (outside the app's visible range) stay as the mirror has them. Ids compare without regard to case (WeCom 90195).
 */
export function overlayDirectory(mirror: Directory, live: readonly LiveMember[]): Directory {
  if (live.length === 0) return mirror
  const liveById = new Map(live.map((member) => [member.id.toLowerCase(), member]))
  const members = mirror.members.map((member) => {
    const found = liveById.get(member.id.toLowerCase())
    liveById.delete(member.id.toLowerCase())
    return found === undefined ? member : overlayMember(member, found)
  })
  return {...mirror, members: [...members, ...[...liveById.values()].map(newcomer)]}
}
