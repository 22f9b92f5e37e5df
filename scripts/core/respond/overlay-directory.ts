import type {Directory, Member} from '../model/directory.js'
import {createPathPlacer} from './place-departments.js'

/** A member as WeCom shows him now. Absent fields are unknown and leave the mirror's word standing. */
export interface LiveMember {
  readonly id: string
  /** The main one first; empty when the main one is not known. */
  readonly departments?: readonly string[]
  /** Names of his WeCom member tags. */
  readonly roles?: readonly string[]
  readonly attributes?: Readonly<Record<string, string | number>>
  readonly status?: Member['status']
  readonly name?: string
  readonly leader?: string
}

/** One reading of the company. */
export interface LivePicture {
  readonly members: readonly LiveMember[]
  /** Names of the member tags whose holders are all known; a role that is none of them is the mirror's to take. */
  readonly tags: readonly string[]
  /** What WeCom would not show the app, as `tag/get 60011`; holds no ids. */
  readonly refused: readonly string[]
}

/** Attributes come as text from WeCom; levels compare numbers. */
const attributeValue = (value: string | number): string | number =>
  typeof value === 'string' && /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value

const attributesOf = (live: LiveMember): Record<string, string | number> =>
  Object.fromEntries(Object.entries(live.attributes ?? {}).map(([name, value]) => [name, attributeValue(value)]))

/** WeCom gives the userid in place of a name the app may not see (WeCom 90196). */
const nameOf = ({id, name = ''}: LiveMember): string | undefined =>
  name === '' || name.toLowerCase() === id.toLowerCase() ? undefined : name

function newcomer(live: LiveMember): Member {
  const displayName = nameOf(live)
  return {
    id: live.id,
    departments: live.departments ?? [],
    roles: live.roles ?? [],
    attributes: attributesOf(live),
    status: live.status ?? 'active',
    facts: {},
    ...(live.leader !== undefined && {leader: live.leader}),
    ...(displayName !== undefined && {displayName}),
  }
}

/**
 * A leaver of the mirror stays one: who has left is decided by offboarding, and WeCom may show him for days. One whom WeCom
 * shows as gone has left now, whatever day the mirror names. What customers see as his name is the mirror's when it gives one.
 */
function overlayMember({leftAtMs, ...member}: Member, live: LiveMember, tags: ReadonlySet<string>): Member {
  const displayName = member.displayName ?? nameOf(live)
  const leader = live.leader ?? member.leader
  const hasDepartments = live.departments !== undefined && live.departments.length > 0
  const untagged = member.roles.filter((role) => live.roles === undefined || !tags.has(role))
  return {
    ...member,
    departments: hasDepartments ? (live.departments ?? []) : member.departments,
    roles: [...new Set([...untagged, ...(live.roles ?? [])])],
    attributes: {...member.attributes, ...attributesOf(live)},
    status: member.status === 'left' ? 'left' : (live.status ?? member.status),
    ...(leftAtMs !== undefined && live.status !== 'left' && {leftAtMs}),
    ...(displayName !== undefined && {displayName}),
    ...(leader !== undefined && {leader}),
  }
}

/** Departments as the mirror would write them. Without a place for the main one they say nothing. */
function createPlacedMember(mirror: Directory): (live: LiveMember) => LiveMember {
  const place = createPathPlacer(mirror)
  return (live) => {
    const [main, ...others] = (live.departments ?? []).map(place)
    if (live.departments === undefined) return live
    if (main === undefined || main === null) return {...live, departments: []}
    return {...live, departments: [main, ...others.filter((other) => other !== null)]}
  }
}

/** Departments nobody can place, for whoever looks after the responder. */
export function findUnplaced(mirror: Directory, live: readonly LiveMember[]): string[] {
  const place = createPathPlacer(mirror)
  const paths = new Set(live.flatMap(({departments = []}) => departments))
  return [...paths].filter((path) => place(path) === null).sort()
}

/**
 * The mirror with what WeCom says live laid over it. Members the mirror does not know yet are added; members WeCom does
 * not show (outside the app's visible range) stay as the mirror has them, and so do transfers: they have dates and win over
 * the live main department while they last. Ids compare without regard to case (WeCom 90195).
 */
export function overlayDirectory(
  mirror: Directory,
  {members: live, tags}: Pick<LivePicture, 'members' | 'tags'>,
): Directory {
  if (live.length === 0) return mirror
  const liveById = new Map(live.map(createPlacedMember(mirror)).map((member) => [member.id.toLowerCase(), member]))
  const known = new Set(mirror.members.map(({id}) => id.toLowerCase()))
  const tagged = new Set(tags)
  const members = mirror.members.map((member) => {
    const found = liveById.get(member.id.toLowerCase())
    return found === undefined ? member : overlayMember(member, found, tagged)
  })
  const newcomers = [...liveById].filter(([id]) => !known.has(id)).map(([, member]) => newcomer(member))
  return {...mirror, members: [...members, ...newcomers]}
}
