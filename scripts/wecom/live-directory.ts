import PQueue from 'p-queue'
import type {WeComClient} from './client.js'
import {WeComRejected} from './errors.js'
import type {CallOptions} from './transport.js'
import type {WireDepartment, WireMember, WireTagHolders} from './wire.js'

export interface LiveDepartment {
  readonly id: number
  /** Names from the topmost visible department down: `/总部/华南区`. */
  readonly path: string
  readonly leader?: string
}

export interface LiveMember {
  readonly id: string
  readonly name: string
  readonly departmentIds: readonly number[]
  readonly mainDepartmentId: number
  readonly leader?: string
  readonly status: 'active' | 'disabled' | 'inactive' | 'left'
  /** Names of his WeCom member tags, sorted. */
  readonly tags: readonly string[]
  readonly attributes: Readonly<Record<string, string>>
}

export interface LiveDirectory {
  readonly departments: readonly LiveDepartment[]
  readonly members: readonly LiveMember[]
}

export interface LiveDirectorySettings {
  /**
   * Whether a tag on a department counts for everybody in and below it. Unconfirmed, no page says; the default `none`
   * gives nobody a tag he may not have.
   */
  readonly departmentTags?: 'none' | 'subtree' | undefined
  readonly concurrency?: number | undefined
  readonly signal?: AbortSignal | undefined
}

type DirectoryClient = Pick<
  WeComClient,
  'fetchAgent' | 'fetchDepartments' | 'fetchDepartmentMembers' | 'fetchMember' | 'fetchMemberTags' | 'fetchTagHolders'
>

const DEFAULT_CONCURRENCY = 8
/** Not there, not visible, or gone since the list was made (documents 90196, 90313). */
const NOT_FOUND: ReadonlySet<number> = new Set([40003, 46004, 60011, 60021, 60111])
const STATUS: ReadonlyMap<number, LiveMember['status']> = new Map([
  [1, 'active'],
  [2, 'disabled'],
  [5, 'left'],
] as const)

/** Reads everything the app may see: departments with their paths, members with their tags. Sorted, so that equal companies give equal answers. */
export async function fetchLiveDirectory(
  client: DirectoryClient,
  {departmentTags = 'none', concurrency = DEFAULT_CONCURRENCY, signal}: LiveDirectorySettings = {},
): Promise<LiveDirectory> {
  const queue = new PQueue({concurrency})
  const options: CallOptions = {signal}
  const fetchAll = async <In, Out>(items: readonly In[], fetchOne: (item: In) => Promise<Out>): Promise<Out[]> => {
    try {
      return await queue.addAll(items.map((item) => () => fetchOne(item)))
    } catch (error) {
      // One failure fails the whole picture; what has not started yet need not start.
      queue.clear()
      throw error
    }
  }

  const [departments, agent, tags] = await Promise.all([
    client.fetchDepartments(options),
    client.fetchAgent(options),
    client.fetchMemberTags(options),
  ])
  const lists = await fetchAll(departments, ({id}) => client.fetchDepartmentMembers(id, options))
  const members = uniqueMembers(lists.flat())
  // Members can be in the visible range by name, without their department.
  const missing = agent.userIds.filter((id) => !members.has(id.toLowerCase()))
  for (const member of await fetchAll(missing, (id) => fetchMemberOrNone(client, id, options))) {
    if (member !== null) members.set(member.userId.toLowerCase(), member)
  }
  const holders = await fetchAll(tags, ({tagId}) => client.fetchTagHolders(tagId, options))
  const tagsOf = collectTags(holders, [...members.values()], departments, departmentTags)
  return {
    departments: assembleDepartments(departments),
    members: [...members.values()].map((member) => assembleMember(member, tagsOf)).sort(byId),
  }
}

async function fetchMemberOrNone(
  client: DirectoryClient,
  id: string,
  options: CallOptions,
): Promise<WireMember | null> {
  try {
    return await client.fetchMember(id, options)
  } catch (error) {
    if (error instanceof WeComRejected && NOT_FOUND.has(error.errcode)) return null
    throw error
  }
}

const byId = (a: {id: string}, b: {id: string}): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** By id in lower case: ids are unique ignoring case, and some answers come back lower-cased. */
const uniqueMembers = (members: readonly WireMember[]) =>
  new Map(members.map((member) => [member.userId.toLowerCase(), member]))

/** Department ids from one up to the topmost visible one. */
function lineage(id: number, byDepartmentId: ReadonlyMap<number, WireDepartment>): number[] {
  const line: number[] = []
  for (
    let at = byDepartmentId.get(id);
    at !== undefined && !line.includes(at.id);
    at = byDepartmentId.get(at.parentId)
  ) {
    line.push(at.id)
  }
  return line
}

const indexDepartments = (departments: readonly WireDepartment[]) => new Map(departments.map((one) => [one.id, one]))

/** Pure: paths from names, root name first. A slash inside a name would cut the path, so it becomes a full-width one. */
export function assembleDepartments(departments: readonly WireDepartment[]): LiveDepartment[] {
  const byDepartmentId = indexDepartments(departments)
  const nameOf = (id: number) => (byDepartmentId.get(id)?.name ?? '').normalize('NFC').replaceAll('/', '／')
  return departments
    .map(({id, leaders: [leader]}) => ({
      id,
      path: `/${lineage(id, byDepartmentId).reverse().map(nameOf).join('/')}`,
      ...(leader === undefined ? {} : {leader}),
    }))
    .sort((a, b) => a.id - b.id)
}

function assembleMember(member: WireMember, tagsOf: ReadonlyMap<string, ReadonlySet<string>>): LiveMember {
  const [leader] = member.directLeaders
  return {
    id: member.userId,
    name: member.name,
    departmentIds: member.departmentIds,
    mainDepartmentId: member.mainDepartmentId,
    ...(leader === undefined ? {} : {leader}),
    status: STATUS.get(member.status) ?? 'inactive',
    tags: [...(tagsOf.get(member.userId.toLowerCase()) ?? [])].sort(),
    attributes: member.attributes,
  }
}

function collectTags(
  tags: readonly WireTagHolders[],
  members: readonly WireMember[],
  departments: readonly WireDepartment[],
  reach: 'none' | 'subtree',
): Map<string, Set<string>> {
  const tagsOf = new Map<string, Set<string>>()
  const give = (userId: string, tag: string) => {
    const key = userId.toLowerCase()
    tagsOf.set(key, (tagsOf.get(key) ?? new Set()).add(tag))
  }
  for (const {name, userIds} of tags) userIds.forEach((userId) => give(userId, name))
  if (reach === 'none') return tagsOf
  const byDepartmentId = indexDepartments(departments)
  const isIn = (member: WireMember, ids: readonly number[]) =>
    member.departmentIds.some((id) => lineage(id, byDepartmentId).some((above) => ids.includes(above)))
  for (const {name, departmentIds} of tags) {
    if (departmentIds.length === 0) continue
    members.filter((member) => isIn(member, departmentIds)).forEach((member) => give(member.userId, name))
  }
  return tagsOf
}
