import picomatch from 'picomatch'
import {createPeople, isLeaver, isWithin, type MemberContext} from '../greet/member-context.js'
import {capabilitiesOf} from '../model/capabilities.js'
import type {Config, GrantResource} from '../model/config.js'
import type {Member} from '../model/directory.js'
import {putUnder} from '../model/group.js'
import type {Capability} from '../model/written.js'
import {assembleDirectory, grantWindow, releaseRoleGrants} from '../release/assemble-release.js'

/** What somebody wants to do it to. */
export interface Target {
  /** Below the configuration folder, Unicode NFC: `templates/south/store.yaml`. */
  readonly file: string
  /** Departments whose customers hear it; `everywhere` for what has no department of its own, such as the policy. */
  readonly departments: readonly string[] | 'everywhere'
}

/** One grant as it applies to one account. */
export interface Holding {
  readonly role: string
  readonly ticket: string
  readonly until: string
  readonly fromMs: number | undefined
  readonly untilMs: number
  covers(target: Target): boolean
}

/** Why an account may not: it holds nothing of the kind, or what it holds does not reach or count. */
export type Denial =
  | {readonly why: 'none' | 'left'}
  | {readonly why: 'elsewhere' | 'expired' | 'not-yet' | 'no-ticket'; readonly holding: Holding}

/** Who may do what, as one commit of the configuration says it at one instant. */
export interface Rights {
  /** The grant that allows it, or `null`. Logins compare without regard to case. */
  find(login: string, capability: Capability, target: Target): Holding | null
  /** The grant that gives the role over all targets, or `null`. */
  findRole(login: string, role: string, targets: readonly Target[]): Holding | null
  /** Only asked where `find` says `null`. */
  explainDenial(login: string, capability: Capability, target: Target): Denial
  memberOf(login: string): MemberContext | undefined
  /** Logins of active members who hold the capability, or the role, for all targets; without any, those who hold it at all. */
  holders(
    wanted: {readonly capability: Capability} | {readonly role: string},
    targets: readonly Target[],
  ): readonly string[]
}

type Holdings = Map<string, Holding[]>

interface Held {
  readonly byCapability: Holdings
  readonly byRole: Holdings
  /** Grants that are over, not yet begun, or without a ticket; by capability. */
  readonly idle: Holdings
}

/**
 * Rights come from grants alone: a member tag in WeCom gives nobody the right to change or approve anything, it can only
 * be named by a grant (`role:…`). Somebody who left holds nothing, whatever names him.
 */
export function createRights(config: Config, nowMs: number): Rights {
  const people = createPeople(assembleDirectory(config), {roleGrants: releaseRoleGrants(config)})
  const byLogin = membersByLogin(config, (id) => people.find(id))
  const contexts = new Map([...byLogin].map(([login, member]) => [login, people.contextOf(member, nowMs)] as const))
  const isGone = (login: string): boolean => {
    const member = byLogin.get(login)
    return member !== undefined && isLeaver(member, nowMs)
  }
  const held = new Map<string, Held>()
  for (const grant of config.grants) {
    const holding = readHolding(grant, config)
    const isIdle = idleness(holding, nowMs) !== null
    const may = capabilitiesOf(config, grant.value.role)
    for (const login of subjectsOf(grant, contexts)) {
      let own = held.get(login)
      if (!own) held.set(login, (own = {byCapability: new Map(), byRole: new Map(), idle: new Map()}))
      if (!isIdle) putUnder(own.byRole, grant.value.role, holding)
      for (const capability of may) putUnder(isIdle ? own.idle : own.byCapability, capability, holding)
    }
  }
  for (const login of held.keys()) if (isGone(login)) held.delete(login)

  const find: Rights['find'] = (login, capability, target) =>
    firstCovering(held.get(login.toLowerCase())?.byCapability.get(capability), target)
  const findRole: Rights['findRole'] = (login, role, targets) =>
    held
      .get(login.toLowerCase())
      ?.byRole.get(role)
      ?.find((holding) => targets.every((target) => holding.covers(target))) ?? null
  return {
    find,
    findRole,
    explainDenial: (login, capability, target) => {
      const name = login.toLowerCase()
      if (isGone(name)) return {why: 'left'}
      const own = held.get(name)
      const [elsewhere] = own?.byCapability.get(capability) ?? []
      if (elsewhere) return {why: 'elsewhere', holding: elsewhere}
      const idle = firstCovering(own?.idle.get(capability), target) ?? own?.idle.get(capability)?.[0]
      const why = idle ? idleness(idle, nowMs) : null
      return idle && why ? {why, holding: idle} : {why: 'none'}
    },
    memberOf: (login) => contexts.get(login.toLowerCase()),
    holders: (wanted, targets) =>
      [...contexts]
        .filter(([login]) =>
          'role' in wanted
            ? findRole(login, wanted.role, targets) !== null
            : targets.length === 0
              ? held.get(login)?.byCapability.has(wanted.capability) === true
              : targets.every((target) => find(login, wanted.capability, target) !== null),
        )
        .filter(([login]) => !isGone(login))
        .map(([login, {member}]) => loginOf(config, member) ?? login)
        .sort(),
  }
}

/** Whether the account's member belongs to the department or one below it. */
export const isMemberOf = (rights: Pick<Rights, 'memberOf'>, login: string, department: string): boolean =>
  (rights.memberOf(login)?.departments ?? []).some((path) => isWithin(path, department))

function firstCovering(holdings: readonly Holding[] | undefined, target: Target): Holding | null {
  if (holdings) for (const holding of holdings) if (holding.covers(target)) return holding
  return null
}

const loginOf = (config: Config, {id}: Member): string | undefined =>
  (config.organization.value.members ?? []).find((member) => member.id === id)?.github

function membersByLogin(config: Config, find: (id: string) => Member | undefined): Map<string, Member> {
  const byLogin = new Map<string, Member>()
  for (const {id, github} of config.organization.value.members ?? []) {
    const member = github === undefined ? undefined : find(id)
    if (github !== undefined && member) byLogin.set(github.toLowerCase(), member)
  }
  return byLogin
}

/** Logins a grant names; departments and roles reach only people whose login the organization knows. */
function subjectsOf({value}: GrantResource, contexts: ReadonlyMap<string, MemberContext>): ReadonlySet<string> {
  const logins = new Set<string>()
  for (const subject of value.to) {
    const colon = subject.indexOf(':')
    const [kind, name] = [subject.slice(0, colon), subject.slice(colon + 1)]
    if (kind === 'github') logins.add(name.toLowerCase())
    else
      for (const [login, {member, departments, roles}] of contexts)
        if (
          kind === 'member'
            ? member.id.toLowerCase() === name.toLowerCase()
            : kind === 'department'
              ? departments.some((path) => isWithin(path, name))
              : roles.has(name)
        )
          logins.add(login)
  }
  return logins
}

function idleness({fromMs, untilMs, ticket}: Holding, nowMs: number): 'expired' | 'not-yet' | 'no-ticket' | null {
  if (ticket.trim() === '') return 'no-ticket'
  if (nowMs >= untilMs) return 'expired'
  return fromMs !== undefined && nowMs < fromMs ? 'not-yet' : null
}

function readHolding(grant: GrantResource, config: Config): Holding {
  const {role, ticket, until, over} = grant.value
  const {fromMs, untilMs} = grantWindow(grant, config.enterprise.value.timezone)
  const fits = over?.files ? createFileCheck(over.files) : () => true
  const departments = over?.departments
  return {
    role,
    ticket,
    until,
    fromMs,
    untilMs,
    covers: (target) =>
      fits(target.file) &&
      (departments === undefined ||
        (target.departments !== 'everywhere' &&
          target.departments.every((path) => departments.some((own) => isWithin(path, own))))),
  }
}

/** Patterns are asked once a file; one that climbs out of the folder fits nothing. */
function createFileCheck(patterns: readonly string[]): (file: string) => boolean {
  const matchers = patterns
    .map((pattern) => pattern.normalize('NFC'))
    .filter((pattern) => !pattern.split('/').includes('..'))
    .map((pattern) => picomatch(pattern, {dot: true, nonegate: true}))
  const known = new Map<string, boolean>()
  return (file) => {
    let fits = known.get(file)
    if (fits === undefined) known.set(file, (fits = matchers.some((matches) => matches(file))))
    return fits
  }
}
