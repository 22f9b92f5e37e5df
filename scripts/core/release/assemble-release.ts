import {attachmentFiles} from '../model/attachment-files.js'
import type {Config, GrantResource} from '../model/config.js'
import type {Directory, Member} from '../model/directory.js'
import {isDate, parseInstant, parseTimeOfDay} from '../model/instant.js'
import type {
  Release,
  ReleaseAsset,
  ReleaseAudience,
  ReleaseCalendarYear,
  ReleaseChannel,
  ReleaseRoleGrant,
  ReleaseRoster,
  ReleaseSchedule,
  ReleaseSlot,
  ReleaseTemplate,
  Said,
} from '../model/release.js'
import type {
  Audience,
  WrittenCalendar,
  WrittenChannel,
  WrittenMember,
  WrittenRoster,
  WrittenSchedule,
  WrittenSlot,
  WrittenTemplate,
} from '../model/written.js'
import type {World} from '../model/world.js'
import {addDays, zoneOf} from '../model/zone.js'

export const BUILT_IN_GREETING = '您好，已收到您的添加，稍后回复您。'
const DEFAULT_STALE_AFTER_DAYS = 8
const DAY_MS = 86_400_000

/** Makes the release of a checked configuration: windows as instants, defaults filled in, nothing about persons. */
export function assembleRelease(config: Config): Release {
  const {value: enterprise} = config.enterprise
  const templates = mapValues(config.templates, ({value}) => releaseTemplate(value))
  return {
    format: 1,
    corpId: enterprise.corpId,
    agentId: enterprise.agentId,
    timezone: enterprise.timezone,
    edition: enterprise.edition ?? 'industry',
    greet: {
      ...(enterprise.greet?.successor ? {successor: enterprise.greet.successor} : {}),
      unknown: enterprise.greet?.unknown ?? '',
      builtIn: enterprise.greet?.builtIn ?? BUILT_IN_GREETING,
    },
    templates,
    schedules: mapValues(config.schedules, ({value}) => releaseSchedule(value, enterprise.timezone)),
    channels: mapValues(config.channels, ({value}) => releaseChannel(value)),
    calendars: mapValues(config.calendars, ({value}) => releaseCalendar(value)),
    rosters: mapValues(config.rosters, ({value}) => releaseRoster(value)),
    facts: departmentFacts(config),
    roleGrants: releaseRoleGrants(config),
    assets: usedAssets(templates, config),
  }
}

export const worldOf = (config: Config): World => ({
  release: assembleRelease(config),
  directory: assembleDirectory(config),
})

/** The mirror of `organization.yaml` as decisions use it. */
export function assembleDirectory(config: Config): Directory {
  const {members = [], transfers = []} = config.organization.value
  return {
    members: members.map(directoryMember).sort((a, b) => (a.id < b.id ? -1 : 1)),
    transfers: transfers.map(({member, to, from, until}) => ({
      member,
      to,
      fromMs: parseInstant(from),
      untilMs: parseInstant(until),
    })),
  }
}

function directoryMember(written: WrittenMember): Member {
  return {
    id: written.id,
    departments: written.departments,
    roles: written.roles ?? [],
    attributes: written.attributes ?? {},
    status: written.status ?? 'active',
    ...(written.leftAt ? {leftAtMs: parseInstant(written.leftAt)} : {}),
    ...(written.leader ? {leader: written.leader} : {}),
    ...(written.successor ? {successor: written.successor} : {}),
    ...(written.displayName ? {displayName: written.displayName} : {}),
    ...(written.number ? {number: written.number} : {}),
    facts: written.facts ?? {},
  }
}

function mapValues<T, R>(from: ReadonlyMap<string, T>, make: (value: T) => R): Record<string, R> {
  const entries = [...from].sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([id, value]) => [id, make(value)]))
}

/** Optional validity, only where written. */
const validity = ({validFrom, validTo}: {validFrom?: string; validTo?: string}) => ({
  ...(validFrom ? {validFromMs: parseInstant(validFrom)} : {}),
  ...(validTo ? {validToMs: parseInstant(validTo)} : {}),
})

const releaseTemplate = (written: WrittenTemplate): ReleaseTemplate => ({
  title: written.title,
  text: written.text,
  attachments: written.attachments ?? [],
  ...(written.fallback ? {fallback: written.fallback} : {}),
  ...(written.language ? {language: written.language} : {}),
  ...validity(written),
})

function releaseSchedule(written: WrittenSchedule, enterpriseZone: string): ReleaseSchedule {
  return {
    title: written.title,
    audience: releaseAudience(written.audience),
    ...(written.mode ? {mode: written.mode} : {}),
    ...(written.template ? {says: said(written.template)} : {}),
    slots: (written.slots ?? []).map(releaseSlot),
    dates: (written.dates ?? []).map(({on, range = [], slots}) => ({
      first: on ?? range[0] ?? '',
      last: on ?? range[1] ?? '',
      slots: slots.map(releaseSlot),
    })),
    ...(written.default ? {default: said(written.default)} : {}),
    timezone: written.timezone ?? enterpriseZone,
    ...(written.calendar ? {calendar: written.calendar} : {}),
    priority: written.priority ?? 0,
    ...validity(written),
  }
}

const said = (written: string | readonly string[]): Said =>
  written === 'silent' ? 'silent' : typeof written === 'string' ? [written] : written

const releaseSlot = (written: WrittenSlot, index: number): ReleaseSlot => ({
  index,
  ...(written.shift ? {shift: written.shift} : {days: written.days ?? 'all'}),
  ...(written.from ? {from: parseTimeOfDay(written.from)} : {}),
  ...(written.to ? {to: parseTimeOfDay(written.to)} : {}),
  ...(written.onDuty ? {onDuty: true as const} : {}),
  says: said(written.template),
})

const releaseAudience = (written: Audience): ReleaseAudience => ({
  members: written.members ?? [],
  departments: written.departments ?? [],
  roles: written.roles ?? [],
  levels: written.levels ?? {},
  channels: written.channels ?? [],
  exclude: {
    members: written.exclude?.members ?? [],
    departments: written.exclude?.departments ?? [],
    roles: written.exclude?.roles ?? [],
    channels: written.exclude?.channels ?? [],
  },
})

const releaseChannel = (written: WrittenChannel): ReleaseChannel => ({
  ...(written.state ? {state: written.state} : {}),
  ...(written.statePrefix ? {statePrefix: written.statePrefix} : {}),
  facts: written.facts ?? {},
  tags: written.tags ?? [],
})

function releaseCalendar(written: WrittenCalendar): Record<string, ReleaseCalendarYear> {
  return Object.fromEntries(
    Object.entries(written.years).map(([year, {holidays, workdays}]) => [
      year,
      {
        holidays: holidays
          .flatMap((days) => (typeof days === 'string' ? [days] : datesBetween(days[0] ?? '', days[1] ?? '')))
          .sort(),
        workdays: [...workdays].sort(),
      },
    ]),
  )
}

/** Both ends included; a range of more than a year is cut there, validate says so. */
export function datesBetween(first: string, last: string): string[] {
  const dates: string[] = []
  for (let date = first; date <= last && dates.length <= 366; date = addDays(date, 1)) dates.push(date)
  return dates
}

function releaseRoster(written: WrittenRoster): ReleaseRoster {
  return {
    shifts: Object.fromEntries(
      Object.entries(written.shifts).map(([name, {from, to}]) => [
        name,
        {from: parseTimeOfDay(from), to: parseTimeOfDay(to)},
      ]),
    ),
    staleAfterMs: parseInstant(written.importedAt) + (written.staleAfterDays ?? DEFAULT_STALE_AFTER_DAYS) * DAY_MS,
    days: written.days,
  }
}

/** `title`, `owner` and `note` stand beside the departments, whose paths start with a slash. */
function departmentFacts(config: Config): Record<string, Readonly<Record<string, string>>> {
  const facts: Record<string, Readonly<Record<string, string>>> = {}
  for (const [path, values] of Object.entries(config.facts.value))
    if (path.startsWith('/') && typeof values === 'object') facts[path] = values
  return facts
}

/** A grant's first instant in force, and its half-open end: a date means the whole day in the enterprise's zone. */
export function grantWindow(
  {value}: GrantResource,
  timezone: string,
): {readonly fromMs?: number; readonly untilMs: number} {
  const zone = zoneOf(timezone)
  const {from, until} = value
  return {
    ...(from ? {fromMs: isDate(from) ? zone.instantOf(from, 0) : parseInstant(from)} : {}),
    untilMs: isDate(until) ? zone.instantOf(addDays(until, 1), 0) : parseInstant(until),
  }
}

/** Who holds which role from when to when, in the order the files give them. */
export const releaseRoleGrants = (config: Config): ReleaseRoleGrant[] =>
  config.grants.map((grant) => releaseRoleGrant(grant, config))

/** As audiences see it: `member:` and `github:` name a member, `department:` all of a subtree; `role:` names nobody. */
function releaseRoleGrant(grant: GrantResource, config: Config): ReleaseRoleGrant {
  const byLogin = new Map(
    (config.organization.value.members ?? []).flatMap(({github, id}) => (github ? [[github.toLowerCase(), id]] : [])),
  )
  const subjects = grant.value.to.map((subject) => {
    const colon = subject.indexOf(':')
    return {kind: subject.slice(0, colon), name: subject.slice(colon + 1)}
  })
  const logins = subjects.flatMap(({kind, name}) =>
    kind === 'github' ? [byLogin.get(name.toLowerCase()) ?? []].flat() : [],
  )
  return {
    role: grant.value.role,
    members: [...subjects.filter(({kind}) => kind === 'member').map(({name}) => name), ...logins],
    departments: subjects.filter(({kind}) => kind === 'department').map(({name}) => name),
    ...grantWindow(grant, config.enterprise.value.timezone),
  }
}

function usedAssets(
  templates: Readonly<Record<string, ReleaseTemplate>>,
  config: Config,
): Record<string, ReleaseAsset> {
  const paths = Object.values(templates).flatMap(({attachments}) => attachments.flatMap(attachmentFiles))
  const used: Record<string, ReleaseAsset> = {}
  for (const path of [...new Set(paths)].sort()) {
    const asset = config.assets.get(path)
    if (asset) used[path] = {sha256: asset.sha256, bytes: asset.bytes, mime: asset.mime}
  }
  return used
}
