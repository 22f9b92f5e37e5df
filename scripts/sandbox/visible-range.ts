import {memberKey, type SandboxState} from './state.js'
import type {AppRecord, Member} from './state-organization.js'
import {Refusal} from './wire.js'

/** Departments under (and including) the given ones. */
export function departmentsUnder(state: SandboxState, roots: readonly number[]): Set<number> {
  const children = new Map<number, number[]>()
  for (const {id, parentid} of state.departments.values()) {
    const siblings = children.get(parentid)
    if (siblings) siblings.push(id)
    else children.set(parentid, [id])
  }
  const found = new Set<number>()
  const open = roots.filter((id) => state.departments.has(id))
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...(children.get(id) ?? []))
  }
  return found
}

interface VisibleRange {
  members: ReadonlySet<string>
  departments: ReadonlySet<number>
}

/** What one app may see: its users, its departments with all below, and its member tags. Leavers are never in it. */
export function evaluateVisibleRange(state: SandboxState, app: AppRecord): VisibleRange {
  const tags = app.visible.tags.map((tagid) => state.memberTags.get(tagid)).filter((tag) => tag !== undefined)
  const departments = departmentsUnder(state, [...app.visible.departments, ...tags.flatMap((tag) => [...tag.parties])])
  const named = new Set([...app.visible.users.map(memberKey), ...tags.flatMap((tag) => [...tag.users])])
  const members = new Set<string>()
  for (const [key, member] of state.members) {
    if (member.status === 5) continue
    if (named.has(key) || member.department.some((id) => departments.has(id))) members.add(key)
  }
  return {members, departments}
}

/** Ranges are asked on every call and change only with the organization, so they are kept until it changes. */
const kept = new WeakMap<AppRecord, {version: object; range: VisibleRange}>()
const versions = new WeakMap<SandboxState, object>()

export function organizationChanged(state: SandboxState): void {
  versions.set(state, {})
}

export function visibleRange(state: SandboxState, app: AppRecord): VisibleRange {
  const version = versions.get(state) ?? state
  const found = kept.get(app)
  if (found?.version === version) return found.range
  const range = evaluateVisibleRange(state, app)
  kept.set(app, {version, range})
  return range
}

export const isVisible = (state: SandboxState, app: AppRecord, userid: string): boolean =>
  visibleRange(state, app).members.has(memberKey(userid))

/** The member, or a refusal: `unknown` when there is none (or he left), 60011 when the app does not see him. */
export function requireVisibleMember(state: SandboxState, app: AppRecord, userid: string, unknown: number): Member {
  const member = state.members.get(memberKey(userid))
  if (member === undefined || member.status === 5) throw new Refusal(unknown, `userid ${userid}`)
  if (!isVisible(state, app, userid)) throw new Refusal(60011, `userid ${userid}`)
  return member
}

/** Members of departments and all below, leavers left out. */
export function membersUnder(state: SandboxState, roots: readonly number[]): Member[] {
  const departments = departmentsUnder(state, roots)
  return [...state.members.values()].filter(
    (member) => member.status !== 5 && member.department.some((id) => departments.has(id)),
  )
}
