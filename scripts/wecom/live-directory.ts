import PQueue from 'p-queue'
import type {LiveCompany, LiveDepartment, LiveMember} from '../core/model/live-company.js'
import type {WeComClient} from './client.js'
import {WeComRejected} from './errors.js'
import type {CallOptions} from './transport.js'
import type {WireDepartment, WireMember, WireTagHolders} from './wire.js'

export interface LiveDirectorySettings {
  /**
   * Whether a tag on a department counts for everybody in and below it. Unconfirmed, no page says; the default `none`
   * gives nobody a tag he may not have, and does not say that all its holders are known.
   */
  readonly departmentTags?: 'none' | 'subtree' | undefined
  /** Members who may have left: who is not in the lists is asked about by name. */
  readonly suspects?: readonly string[] | undefined
  readonly concurrency?: number | undefined
  readonly signal?: AbortSignal | undefined
}

type DirectoryClient = Pick<
  WeComClient,
  'fetchAgent' | 'fetchDepartments' | 'fetchDepartmentMembers' | 'fetchMember' | 'fetchMemberTags' | 'fetchTagHolders'
>

const DEFAULT_CONCURRENCY = 8
/** WeCom knows no such member, or not any more (documents 90196, 90313). */
const UNKNOWN: ReadonlySet<number> = new Set([40003, 46004, 60111])
const UNKNOWN_OR_UNSEEN: ReadonlySet<number> = new Set([...UNKNOWN, 60011, 60021])
/** Not for this app: no right to the call, or outside its visible range. Asking again would change nothing. */
const NOT_SHOWN: ReadonlySet<number> = new Set([48002, 48009, 60011, 60021])
const STATUS: ReadonlyMap<number, NonNullable<LiveMember['status']>> = new Map([
  [1, 'active'],
  [2, 'disabled'],
  [5, 'left'],
] as const)

/**
 * Reads everything the app may see: departments with their paths, members with their tags. What it may not see is left
 * out and named; without the departments nothing can be said and it throws, and so it does for any other trouble. Sorted,
 * so that equal companies give equal answers.
 */
export async function fetchLiveDirectory(
  client: DirectoryClient,
  {departmentTags = 'none', suspects = [], concurrency = DEFAULT_CONCURRENCY, signal}: LiveDirectorySettings = {},
): Promise<LiveCompany> {
  const queue = new PQueue({concurrency})
  const options: CallOptions = {signal}
  const [refused, gone] = [new Set<string>(), new Set<string>()]
  const orRefused = (error: unknown): null => {
    if (!(error instanceof WeComRejected && NOT_SHOWN.has(error.errcode))) throw error
    refused.add(`${error.call} ${error.errcode}`)
    return null
  }
  const fetchAll = async <In, Out>(
    items: readonly In[],
    fetchOne: (item: In) => Promise<Out | null>,
  ): Promise<Out[]> => {
    try {
      const found = await queue.addAll(items.map((item) => () => fetchOne(item).catch(orRefused)))
      return found.filter((one) => one !== null)
    } catch (error) {
      // One failure fails the whole picture; what has not started yet need not start.
      queue.clear()
      throw error
    }
  }
  const fetchMemberOrNone = async (id: string): Promise<WireMember | null> => {
    try {
      return await client.fetchMember(id, options)
    } catch (error) {
      if (!(error instanceof WeComRejected && UNKNOWN_OR_UNSEEN.has(error.errcode))) throw error
      if (UNKNOWN.has(error.errcode)) gone.add(id)
      return null
    }
  }

  const [departments, agent, allTags] = await Promise.all([
    client.fetchDepartments(options),
    client.fetchAgent(options).catch(orRefused),
    client.fetchMemberTags(options).catch(orRefused),
  ])
  const members = uniqueMembers(
    (await fetchAll(departments, ({id}) => client.fetchDepartmentMembers(id, options))).flat(),
  )
  // Members can be in the visible range by name, without their department.
  const missing = uniqueIds([...(agent?.userIds ?? []), ...suspects]).filter((id) => !members.has(id.toLowerCase()))
  for (const member of await fetchAll(missing, fetchMemberOrNone)) members.set(member.userId.toLowerCase(), member)
  const holders = await fetchAll(allTags ?? [], ({tagId}) => client.fetchTagHolders(tagId, options))
  const tagsOf = collectTags(holders, [...members.values()], departments, departmentTags)
  return {
    departments: assembleDepartments(departments),
    members: [...members.values()].map((member) => assembleMember(member, tagsOf)).sort(byId),
    tags: holders
      .filter(({departmentIds}) => departmentTags === 'subtree' || departmentIds.length === 0)
      .map(({name}) => name)
      .sort(),
    gone: [...gone].sort(),
    refused: [...refused].sort(),
  }
}

const byId = (a: {id: string}, b: {id: string}): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const uniqueIds = (ids: readonly string[]): string[] => [...new Map(ids.map((id) => [id.toLowerCase(), id])).values()]

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
  const isStatusShown = member.status !== 0
  return {
    id: member.userId,
    name: member.name,
    departmentIds: member.departmentIds,
    mainDepartmentId: member.mainDepartmentId,
    ...(leader === undefined ? {} : {leader}),
    ...(isStatusShown && {status: STATUS.get(member.status) ?? 'inactive'}),
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
