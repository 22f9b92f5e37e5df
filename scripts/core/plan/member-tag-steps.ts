import {canonicalText} from '../model/canonical.js'
import type {Config} from '../model/config.js'
import type {Directory, Member} from '../model/directory.js'
import type {LiveFacts, MemberTagUsersValue, State, Step} from '../model/plan.js'
import type {Release, ReleaseRoleGrant} from '../model/release.js'
import {byText, sortedUnique, type PlanPart} from './plan-part.js'

export interface MemberTagFacts {
  readonly config: Pick<Config, 'roles'>
  readonly release: Pick<Release, 'roleGrants'>
  readonly directory: Directory
  readonly state: State
  readonly live: LiveFacts | null
  readonly nowMs: number
}

/** 90214 takes at most 1000 userids in one call. */
const USERS_A_CALL = 1000

const tagKey = (tag: string): string => `member-tag/${tag}`
const usersKey = (tag: string): string => `member-tag-users/${tag}`

/** Roles with a `wecomTag` become member tags; whoever holds the role by a grant in force now carries the tag. */
export function memberTagSteps(facts: MemberTagFacts): PlanPart {
  const {state, live} = facts
  const rolesByTag = wantedTags(facts.config)
  const steps = [...rolesByTag].flatMap(([tag, roles]): Step[] => {
    const isNew = live ? !(tag in live.memberTags) : !state.resources[tagKey(tag)]
    const users = usersStep(tag, {tag, users: holders(roles, facts)}, isNew, facts)
    return [...(isNew ? [createTag(tag)] : []), ...(users ? [users] : [])]
  })
  const dropped = Object.values(state.resources).filter(
    ({kind, id}) => kind === 'member-tag-users' && !rolesByTag.has(id),
  )
  const deletions = dropped.map(({id, value}) => deleteUsers(id, value as MemberTagUsersValue))
  return {steps: [...steps, ...deletions], notes: []}
}

function wantedTags(config: Pick<Config, 'roles'>): Map<string, string[]> {
  const tags = new Map<string, string[]>()
  for (const [role, written] of Object.entries(config.roles.value).sort(([a], [b]) => byText(a, b)))
    if (typeof written === 'object' && written.wecomTag)
      tags.set(written.wecomTag, [...(tags.get(written.wecomTag) ?? []), role])
  return new Map([...tags].sort(([a], [b]) => byText(a, b)))
}

/** Active members named by a grant in force, themselves or through a department above one of theirs. */
function holders(roles: readonly string[], {release, directory, nowMs}: MemberTagFacts): string[] {
  const inForce = release.roleGrants.filter(
    ({role, fromMs, untilMs}) => roles.includes(role) && (fromMs === undefined || nowMs >= fromMs) && nowMs < untilMs,
  )
  if (inForce.length === 0) return []
  const moved = new Map(
    directory.transfers
      .filter(({fromMs, untilMs}) => nowMs >= fromMs && nowMs < untilMs)
      .map(({member, to}) => [member.toLowerCase(), to]),
  )
  return sortedUnique(
    directory.members
      .filter((member) => isActive(member, nowMs) && inForce.some((grant) => isNamed(member, grant, moved)))
      .map(({id}) => id),
  )
}

const isActive = ({status, leftAtMs}: Member, nowMs: number): boolean =>
  status === 'active' || (status === 'left' && leftAtMs !== undefined && nowMs < leftAtMs)

function isNamed(member: Member, grant: ReleaseRoleGrant, moved: ReadonlyMap<string, string>): boolean {
  const id = member.id.toLowerCase()
  if (grant.members.some((named) => named.toLowerCase() === id)) return true
  const to = moved.get(id)
  const departments = to === undefined ? member.departments : [to, ...member.departments.slice(1)]
  return grant.departments.some((above) => departments.some((path) => path === above || path.startsWith(`${above}/`)))
}

const createTag = (tag: string): Step => ({
  key: tagKey(tag),
  kind: 'member-tag',
  id: tag,
  action: 'create',
  phase: 'expand',
  before: null,
  after: {name: tag},
  needs: [],
  calls: {'tag/create': 1},
})

function usersStep(
  tag: string,
  after: MemberTagUsersValue,
  isNew: boolean,
  {state, live}: MemberTagFacts,
): Step | null {
  const applied = state.resources[usersKey(tag)]?.value as MemberTagUsersValue | undefined
  const seen = live?.memberTags[tag]
  // Users somebody else tagged by hand are theirs: only those the pipeline added may be taken away.
  const users = isNew ? [] : sortedUnique((applied?.users ?? []).filter((user) => !seen || seen.includes(user)))
  const before: MemberTagUsersValue | null = applied ? {tag, users} : null
  if (canonicalText(users) === canonicalText(after.users)) return null
  return {
    key: usersKey(tag),
    kind: 'member-tag-users',
    id: tag,
    action: before ? 'update' : 'create',
    phase: 'expand',
    before,
    after,
    needs: isNew ? [tagKey(tag)] : [],
    calls: userCalls(users, after.users),
  }
}

const deleteUsers = (tag: string, before: MemberTagUsersValue): Step => ({
  key: usersKey(tag),
  kind: 'member-tag-users',
  id: tag,
  action: 'delete',
  phase: 'contract',
  before,
  after: null,
  needs: [],
  calls: userCalls(before.users, []),
})

function userCalls(before: readonly string[], after: readonly string[]): Record<string, number> {
  const added = after.filter((user) => !before.includes(user)).length
  const removed = before.filter((user) => !after.includes(user)).length
  return {
    ...(added > 0 ? {'tag/addtagusers': Math.ceil(added / USERS_A_CALL)} : {}),
    ...(removed > 0 ? {'tag/deltagusers': Math.ceil(removed / USERS_A_CALL)} : {}),
  }
}
