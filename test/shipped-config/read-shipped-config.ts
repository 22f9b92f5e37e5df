/** The example company as it lies on disk, read without the program's own loader so that one bug cannot hide in both. */
import {readdirSync, readFileSync} from 'node:fs'
import {basename, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {load} from 'js-yaml'
import type {
  WrittenCalendar,
  WrittenChannel,
  WrittenEnterprise,
  WrittenFacts,
  WrittenGrants,
  WrittenGroupWelcome,
  WrittenLinks,
  WrittenOrganization,
  WrittenPolicy,
  WrittenRoles,
  WrittenRoster,
  WrittenSchedule,
  WrittenTemplate,
} from '../../scripts/core/model/written.js'

export const CONFIG = fileURLToPath(new URL('../../config/', import.meta.url))
export const SCHEMAS = fileURLToPath(new URL('../../schemas/', import.meta.url))

const FOLDER_KINDS: Readonly<Record<string, string>> = {
  templates: 'template',
  schedules: 'schedule',
  grants: 'grants',
  channels: 'channel',
  'group-welcomes': 'group-welcome',
  calendars: 'calendar',
  rosters: 'roster',
}

/** Every file below `folder`, with `/` between names on every system, sorted. */
export function findFiles(folder: string): string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
    .sort()
}

export const yamlFiles = findFiles(CONFIG).filter((file) => !file.startsWith('assets/'))

export function readYaml(file: string): unknown {
  return load(readFileSync(join(CONFIG, file), 'utf8'), {filename: file, maxAliases: 20})
}

/** The name of the schema a file must fit: that of its folder, or its own name at the top. */
export function findSchemaName(file: string): string {
  const [folder = ''] = file.split('/')
  return file.includes('/') ? (FOLDER_KINDS[folder] ?? folder) : basename(file, '.yaml')
}

function readFolder<T>(folder: string): ReadonlyMap<string, T> {
  const inside = yamlFiles.filter((file) => file.startsWith(`${folder}/`))
  return new Map(inside.map((file) => [file.slice(folder.length + 1, -'.yaml'.length), readYaml(file) as T]))
}

export const enterprise = readYaml('enterprise.yaml') as WrittenEnterprise
export const policy = readYaml('policy.yaml') as WrittenPolicy
export const links = readYaml('links.yaml') as WrittenLinks
export const organization = readYaml('organization.yaml') as WrittenOrganization
export const roles = readYaml('roles.yaml') as WrittenRoles
export const facts = readYaml('facts.yaml') as WrittenFacts
export const templates = readFolder<WrittenTemplate>('templates')
export const schedules = readFolder<WrittenSchedule>('schedules')
export const channels = readFolder<WrittenChannel>('channels')
export const groupWelcomes = readFolder<WrittenGroupWelcome>('group-welcomes')
export const calendars = readFolder<WrittenCalendar>('calendars')
export const rosters = readFolder<WrittenRoster>('rosters')
export const grants = [...readFolder<WrittenGrants>('grants').values()].flat()

/** Every string anywhere inside a value. */
export function findStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap((inner) => findStrings(inner))
}

/** The ids of the templates a schedule may say. */
export function findTemplates(schedule: WrittenSchedule): string[] {
  const slots = [...(schedule.slots ?? []), ...(schedule.dates ?? []).flatMap((dates) => dates.slots)]
  return [schedule.template, schedule.default, ...slots.map((slot) => slot.template)]
    .flat()
    .filter((id): id is string => id !== undefined && id !== 'silent')
}
