import {createPeople} from '../greet/member-context.js'
import {createReach, type Reach} from '../greet/reach.js'
import {templatesOf} from '../greet/say-at.js'
import {canonicalText} from '../model/canonical.js'
import type {Change, ChangeKind} from '../model/change.js'
import type {Config} from '../model/config.js'
import {putUnder} from '../model/group.js'
import {isSame} from '../model/is-same.js'
import type {Release} from '../model/release.js'
import type {Capability, WrittenMember} from '../model/written.js'
import {worldOf} from '../release/assemble-release.js'
import type {Target} from './rights.js'

/** What the author of each kind of change has to hold; a deletion needs what the change beside it needs. */
export const CAPABILITY_FOR: Readonly<Record<Exclude<ChangeKind, 'deletion'>, Capability>> = {
  text: 'edit-text',
  link: 'edit-link',
  attachment: 'edit-attachment',
  schedule: 'edit-schedule',
  audience: 'edit-schedule',
  channel: 'edit-channel',
  'group-welcome': 'edit-group-welcome',
  facts: 'edit-facts',
  links: 'edit-links',
  calendar: 'edit-calendar',
  grant: 'edit-grant',
  role: 'edit-policy',
  policy: 'edit-policy',
  enterprise: 'edit-policy',
  organization: 'edit-organization',
}

/**
 * Finds whose customers a change touches, on the side before it and the side after it: who takes a department out of an
 * audience touches that department too.
 */
export function createTargetFinder(base: Config, head: Config, nowMs: number): (change: Change) => Target {
  const sides = [createSide(base, nowMs), createSide(head, nowMs)]
  const known = new Map<string, Target['departments']>()
  return ({kind, id, file, before, after}) => {
    const key = `${kind}/${id}`
    let departments = known.get(key)
    if (departments === undefined) {
      departments = union(
        sides.map((side) => side.touchedBy(kind, id)),
        before,
        after,
        kind,
      )
      known.set(key, departments)
    }
    return {file: file.normalize('NFC'), departments}
  }
}

interface Side {
  touchedBy(kind: string, id: string): readonly string[] | 'everywhere'
}

function union(
  sides: readonly (readonly string[] | 'everywhere')[],
  before: unknown,
  after: unknown,
  kind: string,
): Target['departments'] {
  if (kind === 'facts') return differingKeys(before, after)
  if (kind === 'organization') return differingPeople(before, after)
  if (sides.includes('everywhere')) return 'everywhere'
  return [...new Set(sides.flat())].sort()
}

function createSide(config: Config, nowMs: number): Side {
  const {release, directory} = worldOf(config)
  const people = createPeople(directory, release)
  const reach = createReach(people, nowMs)
  const sayers = new Map<string, string[]>()
  for (const [id, schedule] of Object.entries(release.schedules))
    for (const template of new Set(templatesOf(schedule))) putUnder(sayers, template, id)
  const bySchedule = new Map<string, readonly string[]>()
  const ofSchedule = (id: string): readonly string[] => {
    let paths = bySchedule.get(id)
    const schedule = release.schedules[id]
    if (paths === undefined) bySchedule.set(id, (paths = schedule ? audienceDepartments(schedule.audience, reach) : []))
    return paths
  }
  const departmentsOf = (members: readonly string[]): readonly string[] =>
    members.flatMap((id) => {
      const member = people.find(id)
      return member ? people.contextOf(member, nowMs).departments.slice(0, 1) : []
    })
  return {
    touchedBy: (kind, id) => {
      switch (kind) {
        case 'template':
          return (sayers.get(id) ?? []).flatMap(ofSchedule)
        case 'schedule':
          return ofSchedule(id)
        case 'channel': {
          const staff = config.channels.get(id)?.value.staff
          return [...(staff?.departments ?? []), ...departmentsOf(staff?.members ?? [])]
        }
        case 'calendar':
          return Object.entries(release.schedules)
            .filter(([, schedule]) => schedule.calendar === id)
            .flatMap(([schedule]) => ofSchedule(schedule))
        case 'roster':
          return departmentsOf(
            Object.values(config.rosters.get(id)?.value.days ?? {}).flatMap((shifts) => Object.values(shifts).flat()),
          )
        case 'asset':
          return [...config.templates]
            .filter(([, {value}]) => canonicalText(value.attachments ?? []).includes(JSON.stringify(id)))
            .flatMap(([template]) => (sayers.get(template) ?? []).flatMap(ofSchedule))
        case 'group-welcome':
          return []
        default:
          return 'everywhere'
      }
    },
  }
}

type ReleaseAudience = Release['schedules'][string]['audience']

/** The departments an audience names; where it names people or roles, the main departments of whom it meets. */
function audienceDepartments(audience: ReleaseAudience, reach: Reach): readonly string[] {
  if (audience.departments.length > 0) return audience.departments
  const met = reach.membersOf(audience).flatMap((member) => reach.contextOf(member)?.departments.slice(0, 1) ?? [])
  return [...new Set(met)]
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}

/** Departments whose facts differ. */
function differingKeys(before: unknown, after: unknown): string[] {
  const [old, fresh] = [record(before), record(after)]
  return [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (key) => key.startsWith('/') && !isSame(old[key], fresh[key]),
  )
}

/** Departments of people and entries that differ; whatever is neither touches everybody. */
function differingPeople(before: unknown, after: unknown): Target['departments'] {
  const [old, fresh] = [record(before), record(after)]
  const touched = new Set<string>()
  for (const key of new Set([...Object.keys(old), ...Object.keys(fresh)])) {
    if (isSame(old[key], fresh[key])) continue
    const [was, is] = [listOf(old[key]), listOf(fresh[key])]
    const same = new Set(was.map(canonicalText))
    const kept = new Set(is.map(canonicalText).filter((text) => same.has(text)))
    for (const entry of [...was, ...is]) {
      if (kept.has(canonicalText(entry))) continue
      const {departments, path, to} = record(entry) as Partial<WrittenMember> & {path?: unknown; to?: unknown}
      const paths = [...(departments ?? []), ...[path, to].filter((one) => typeof one === 'string')]
      if (paths.length === 0) return 'everywhere'
      for (const one of paths) touched.add(one)
    }
  }
  return [...touched].sort()
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]
