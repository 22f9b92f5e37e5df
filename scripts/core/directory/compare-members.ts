import {isDeepStrictEqual} from 'node:util'
import {parseInstant} from '../model/instant.js'
import type {WrittenMember, WrittenOrganization} from '../model/written.js'
import {type Change, type Found, join} from './changes.js'
import type {Edit} from './edits.js'
import type {LiveCompany, LiveMember} from '../model/live-company.js'
import type {Placement} from './place-live.js'

export interface MemberFacts {
  readonly mirror: WrittenOrganization
  readonly live: LiveCompany
  readonly placement: Placement
  /** Tags that follow from grants: they are given and taken by apply, and mirroring them would outlive the grant. */
  readonly grantedTags: ReadonlySet<string>
  readonly nowMs: number
  /** The same instant as it is written into the file. */
  readonly now: string
}

/** Everybody the file names once the edits are made. */
export function createIsKnown({mirror, live, placement}: MemberFacts): (id: string) => boolean {
  const ids = new Set((mirror.members ?? []).map(({id}) => id.toLowerCase()))
  for (const member of newcomers(mirror, live, placement)) ids.add(member.id.toLowerCase())
  return (id) => ids.has(id.toLowerCase())
}

/** Members by userid: where they are, who leads them, what tags they wear, and whether they are still there. */
export function compareMembers(facts: MemberFacts): Found {
  const {mirror, live, placement} = facts
  const members = mirror.members ?? []
  const isKnown = createIsKnown(facts)
  const liveById = new Map(live.members.map((member) => [member.id.toLowerCase(), member]))
  const gone = new Set(live.gone.map((id) => id.toLowerCase()))
  const grades = gradesOf(members)
  const own = members.map((member, index): Found => {
    const id = member.id.toLowerCase()
    const now = liveById.get(id)
    const set = (field: string, value: unknown): Edit => ({op: 'set', list: 'members', index, field, value})
    const standing = now?.status ?? (gone.has(id) ? ('left' as const) : undefined)
    return join([
      compareDepartmentsOf(member, now, facts, set),
      compareStatus(member, standing, facts, set),
      ...(now
        ? [
            compareLeader(member, now, isKnown, set),
            compareRoles(member, now, facts, set),
            compareGrades(member, now, grades, set),
            compareName(member, now, set),
          ]
        : []),
    ])
  })
  return join([
    ...own,
    ...newcomers(mirror, live, placement).map((member) => addMember(member, facts, grades, isKnown)),
  ])
}

type SetField = (field: string, value: unknown) => Edit
const NOTHING: Found = {changes: [], edits: []}

function compareDepartmentsOf(
  {id, departments}: WrittenMember,
  now: LiveMember | undefined,
  facts: MemberFacts,
  set: SetField,
): Found {
  const {renamed} = facts.placement
  const before = departments.map(renamed)
  const after = now ? departmentsNow(before, now, facts) : before
  if (isDeepStrictEqual(after, departments)) return NOTHING
  const isMove = !isDeepStrictEqual(after, before)
  return {
    changes: isMove ? [{what: 'member-moved', id, from: before, to: after}] : [],
    edits: [set('departments', after)],
  }
}

/** Without a place for the main department nothing is said; departments the app does not see are the mirror's. */
function departmentsNow(
  before: readonly string[],
  now: LiveMember,
  {placement, mirror, nowMs}: MemberFacts,
): readonly string[] {
  const {pathOf, renamed, isInView} = placement
  const main = pathOf.get(now.mainDepartmentId)
  if (main === undefined) return before
  const isLent = (mirror.transfers ?? []).some(
    ({member, to, from, until}) =>
      member.toLowerCase() === now.id.toLowerCase() &&
      renamed(to) === main &&
      parseInstant(from) <= nowMs &&
      nowMs < parseInstant(until),
  )
  if (isLent) return before
  const live = new Set(now.departmentIds.flatMap((id) => pathOf.get(id) ?? []))
  const others = [...before.filter((path) => live.has(path) || !isInView(path)), ...live].filter(
    (path) => path !== main,
  )
  return [...new Set([main, ...others])]
}

/** Who has left stays so, however long WeCom goes on showing him; who is gone has left now, whatever day was written. */
function compareStatus(
  {id, status = 'active', leftAt}: WrittenMember,
  standing: LiveMember['status'],
  {nowMs, now}: MemberFacts,
  set: SetField,
): Found {
  if (standing === undefined) return NOTHING
  if (standing === 'left') {
    const isSo = status === 'left' && leftAt !== undefined && parseInstant(leftAt) <= nowMs
    return isSo ? NOTHING : {changes: [{what: 'member-left', id}], edits: [set('status', 'left'), set('leftAt', now)]}
  }
  if (status === 'left') return NOTHING
  if (standing === 'disabled')
    return status === 'disabled'
      ? NOTHING
      : {changes: [{what: 'member-disabled', id}], edits: [set('status', 'disabled')]}
  return status === 'active' ? NOTHING : {changes: [{what: 'member-active', id}], edits: [set('status', undefined)]}
}

/** None is shown both to an app without the right to see leaders and where there is none: then the mirror stands. */
function compareLeader(
  {id, leader}: WrittenMember,
  now: LiveMember,
  isKnown: (id: string) => boolean,
  set: SetField,
): Found {
  const isNews = now.leader !== undefined && now.leader.toLowerCase() !== leader?.toLowerCase()
  if (!isNews || now.leader === undefined || !isKnown(now.leader) || now.leader.toLowerCase() === id.toLowerCase())
    return NOTHING
  return {changes: [{what: 'member-led', id, by: now.leader}], edits: [set('leader', now.leader)]}
}

/** A role that no tag stands for is the mirror's own. */
function compareRoles(
  {id, roles = []}: WrittenMember,
  now: LiveMember,
  {live, grantedTags}: MemberFacts,
  set: SetField,
): Found {
  const isMirrored = (role: string): boolean => live.tags.includes(role) && !grantedTags.has(role)
  const removed = roles.filter((role) => isMirrored(role) && !now.tags.includes(role))
  const added = now.tags.filter((tag) => !roles.includes(tag) && !grantedTags.has(tag))
  if (removed.length === 0 && added.length === 0) return NOTHING
  const after = [...roles.filter((role) => !removed.includes(role)), ...added]
  return {
    changes: [{what: 'member-tagged', id, added, removed}],
    edits: [set('roles', after.length > 0 ? after : undefined)],
  }
}

/** Attribute names the mirror uses, and whether their values are numbers everywhere. Others may be private and stay out. */
type Grades = ReadonlyMap<string, 'number' | 'text'>

function gradesOf(members: readonly WrittenMember[]): Grades {
  const grades = new Map<string, 'number' | 'text'>()
  for (const {attributes = {}} of members)
    for (const [name, value] of Object.entries(attributes))
      grades.set(name, typeof value === 'number' && grades.get(name) !== 'text' ? 'number' : 'text')
  return grades
}

function gradesNow({attributes}: LiveMember, grades: Grades): Record<string, string | number> {
  const shown = Object.entries(attributes).filter(([name]) => grades.has(name))
  return Object.fromEntries(
    shown.map(([name, value]) => [
      name,
      grades.get(name) === 'number' && /^-?\d{1,15}(\.\d{1,6})?$/.test(value) ? Number(value) : value,
    ]),
  )
}

function compareGrades({id, attributes = {}}: WrittenMember, now: LiveMember, grades: Grades, set: SetField): Found {
  const found = Object.entries(gradesNow(now, grades)).filter(
    ([name, value]) => String(attributes[name]) !== String(value),
  )
  if (found.length === 0) return NOTHING
  const names = found.map(([name]) => name).sort()
  return {
    changes: [{what: 'member-graded', id, names}],
    edits: [set('attributes', {...attributes, ...Object.fromEntries(found)})],
  }
}

/** Only where the file shows one already: names do not come into git by themselves. WeCom gives the userid for a hidden name. */
function compareName({id, displayName}: WrittenMember, {name}: LiveMember, set: SetField): Found {
  const isHidden = name === '' || name.toLowerCase() === id.toLowerCase()
  if (displayName === undefined || isHidden || name === displayName) return NOTHING
  return {changes: [{what: 'member-named', id}], edits: [set('displayName', name)]}
}

const USERID = /^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/

const newcomers = ({members = []}: WrittenOrganization, live: LiveCompany, {pathOf}: Placement): LiveMember[] => {
  const known = new Set(members.map(({id}) => id.toLowerCase()))
  return live.members.filter(
    ({id, status, mainDepartmentId}) =>
      !known.has(id.toLowerCase()) && status !== 'left' && USERID.test(id) && pathOf.has(mainDepartmentId),
  )
}

/** Behind the last member of the same main department, so that a file in groups stays in groups. */
function addMember(now: LiveMember, facts: MemberFacts, grades: Grades, isKnown: (id: string) => boolean): Found {
  const {mirror, placement, grantedTags} = facts
  const to = departmentsNow([], now, facts)
  const members = mirror.members ?? []
  const beside = members.findLastIndex(({departments: [main = '']}) => placement.renamed(main) === to[0])
  const after = beside >= 0 ? beside : members.length - 1
  const roles = now.tags.filter((tag) => !grantedTags.has(tag))
  const attributes = gradesNow(now, grades)
  const isLed = now.leader !== undefined && isKnown(now.leader) && now.leader.toLowerCase() !== now.id.toLowerCase()
  const value = {
    id: now.id,
    departments: to,
    ...(roles.length > 0 ? {roles} : {}),
    ...(Object.keys(attributes).length > 0 ? {attributes} : {}),
    ...(isLed ? {leader: now.leader} : {}),
    ...(now.status === 'disabled' ? {status: 'disabled'} : {}),
  }
  const change: Change = {what: 'member-added', id: now.id, to}
  return {changes: [change], edits: [{op: 'insert', list: 'members', after: after < 0 ? null : after, value}]}
}
