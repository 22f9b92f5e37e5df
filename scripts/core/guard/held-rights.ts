import {isSame} from '../model/is-same.js'
import {createPeople, isLeaver, isWithin, type MemberContext} from '../greet/member-context.js'
import {capabilitiesOf} from '../model/capabilities.js'
import type {Config} from '../model/config.js'
import type {Capability} from '../model/written.js'
import {assembleDirectory, grantWindow, releaseRoleGrants} from '../release/assemble-release.js'

/** One subject of one grant in force. */
export interface HeldGrant {
  /** Role and subject: two grants that say the same are one holding. */
  readonly key: string
  readonly role: string
  /** As written: `github:lin`, `department:/总部`. */
  readonly subject: string
  readonly file: string
  readonly pointer: string
}

/** Whether rights can differ at all: nothing they follow from was touched. */
export const hasSameRights = (base: Config, head: Config): boolean =>
  isSame(base.grants, head.grants) &&
  isSame(base.roles.value, head.roles.value) &&
  isSame(base.organization.value, head.organization.value) &&
  base.enterprise.value.timezone === head.enterprise.value.timezone

/** Every (role, subject) pair of grants in force at that instant, in the order of files. */
export function heldGrants(config: Config, nowMs: number): HeldGrant[] {
  const {timezone} = config.enterprise.value
  const grants = [...config.grants].sort((a, b) => (a.file === b.file ? a.index - b.index : a.file < b.file ? -1 : 1))
  return grants.flatMap((grant) => {
    const {fromMs, untilMs} = grantWindow(grant, timezone)
    if (nowMs >= untilMs || (fromMs !== undefined && nowMs < fromMs)) return []
    const {role, to} = grant.value
    return to.map((subject, index) => ({
      key: JSON.stringify([role, comparable(subject)]),
      role,
      subject,
      file: grant.file,
      pointer: `/${grant.index}/to/${index}`,
    }))
  })
}

/** Logins and userids compare without regard to case. */
const comparable = (subject: string): string => (/^(github|member):/.test(subject) ? subject.toLowerCase() : subject)

export const isBot = (subject: string): boolean => subject.startsWith('github:') && subject.endsWith('[bot]')

/** Capabilities that at least one active member of the organization holds; a login nobody owns is no person. */
export function heldByPeople(config: Config, held: readonly HeldGrant[], nowMs: number): Set<Capability> {
  const people = createPeople(assembleDirectory(config), {roleGrants: releaseRoleGrants(config)})
  const logins = new Map((config.organization.value.members ?? []).map(({id, github}) => [id, github?.toLowerCase()]))
  const contexts = people.members
    .filter((member) => !isLeaver(member, nowMs))
    .map((member) => ({...people.contextOf(member, nowMs), login: logins.get(member.id)}))
  const found = new Set<Capability>()
  for (const {subject, role} of held) {
    const missing = capabilitiesOf(config, role).filter((capability) => !found.has(capability))
    if (missing.length > 0 && contexts.some((context) => isNamedBy(subject, context)))
      for (const capability of missing) found.add(capability)
  }
  return found
}

function isNamedBy(
  subject: string,
  {member, departments, roles, login}: MemberContext & {readonly login: string | undefined},
): boolean {
  const colon = subject.indexOf(':')
  const name = subject.slice(colon + 1)
  switch (subject.slice(0, colon)) {
    case 'github':
      return login === name.toLowerCase()
    case 'member':
      return member.id.toLowerCase() === name.toLowerCase()
    case 'department':
      return departments.some((path) => isWithin(path, name))
    default:
      return roles.has(name)
  }
}
