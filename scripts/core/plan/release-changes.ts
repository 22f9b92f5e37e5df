import {isSame} from '../model/is-same.js'
import type {ReleaseChange} from '../model/plan.js'
import type {Release} from '../model/release.js'
import {byText, sortedUnique} from './plan-part.js'

const SETTINGS = ['corpId', 'agentId', 'timezone', 'edition', 'greet'] as const
const PARTS = ['templates', 'schedules', 'channels', 'calendars', 'rosters', 'facts', 'assets'] as const

/** Differences between two releases, part by part, in a fixed order. */
export function releaseChanges(before: Release | null, after: Release): ReleaseChange[] {
  const changes = PARTS.flatMap((part) => partChanges(part, before?.[part] ?? {}, after[part]))
  const settings = (release: Release): Record<string, unknown> =>
    Object.fromEntries(SETTINGS.map((name) => [name, release[name]]))
  return [
    ...partChanges('settings', before ? settings(before) : {}, settings(after)),
    ...changes,
    ...partChanges('roleGrants', grantsById(before), grantsById(after)),
  ]
}

function partChanges(
  part: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ReleaseChange[] {
  return sortedUnique([...Object.keys(before), ...Object.keys(after)])
    .filter((id) => !isSame(before[id], after[id]))
    .map((id) => ({
      part,
      id,
      action: before[id] === undefined ? 'create' : after[id] === undefined ? 'delete' : 'update',
      before: before[id] ?? null,
      after: after[id] ?? null,
    }))
}

/** Grants have no id of their own: the same role to the same people is the same grant. */
function grantsById(release: Release | null): Record<string, unknown> {
  const grants: Record<string, unknown> = {}
  for (const grant of release?.roleGrants ?? []) {
    const people = [...grant.members, ...grant.departments].sort(byText).join(' ')
    let id = `${grant.role} → ${people}`
    while (id in grants) id += ' *'
    grants[id] = grant
  }
  return grants
}
