import type {Release} from '../model/release.js'
import {isLevelMet, type MemberContext} from './member-context.js'

/**
 * Gives members a key that is equal where no audience can tell them apart: the nearest departments that some audience
 * names, the roles and level conditions that are asked for, and a name of his own for whoever is named.
 */
export function createClassifier(release: Pick<Release, 'schedules'>): (context: MemberContext) => string {
  const asked = whatAudiencesAsk(release)
  const anchors = new Map<string, string>()
  const anchorOf = (path: string): string => {
    let anchor = anchors.get(path)
    if (anchor === undefined) anchors.set(path, (anchor = nearestNamed(path, asked.departments)))
    return anchor
  }
  return ({member, departments, roles}) => {
    let key = anchorOf(departments[0] ?? '')
    if (departments.length > 1) key += `|${[...new Set(departments.slice(1).map(anchorOf))].sort().join('|')}`
    for (const role of asked.roles) if (roles.has(role)) key += `\n+${role}`
    for (let at = 0; at < asked.conditions.length; at++) {
      const condition = asked.conditions[at]
      if (condition && isLevelMet(condition.wanted, member.attributes[condition.attribute])) key += `\n${at}`
    }
    const id = asked.members.size > 0 ? member.id.toLowerCase() : ''
    return asked.members.has(id) ? `${key}\n@${id}` : key
  }
}

interface Condition {
  readonly attribute: string
  readonly wanted: string | readonly (string | number)[]
}

interface Asked {
  readonly departments: ReadonlySet<string>
  readonly roles: readonly string[]
  readonly members: ReadonlySet<string>
  readonly conditions: readonly Condition[]
}

function whatAudiencesAsk({schedules}: Pick<Release, 'schedules'>): Asked {
  const departments = new Set<string>()
  const roles = new Set<string>()
  const members = new Set<string>()
  const conditions = new Map<string, Condition>()
  for (const {audience} of Object.values(schedules)) {
    for (const path of audience.departments) departments.add(path)
    for (const path of audience.exclude.departments) departments.add(path)
    for (const role of audience.roles) roles.add(role)
    for (const role of audience.exclude.roles) roles.add(role)
    for (const id of audience.members) members.add(id.toLowerCase())
    for (const id of audience.exclude.members) members.add(id.toLowerCase())
    for (const [attribute, wanted] of Object.entries(audience.levels))
      conditions.set(`${attribute}\n${JSON.stringify(wanted)}`, {attribute, wanted})
  }
  return {departments, roles: [...roles].sort(), members, conditions: [...conditions.values()]}
}

/** The path itself or the nearest above it that is named; empty where none is. */
function nearestNamed(path: string, named: ReadonlySet<string>): string {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) if (named.has(at)) return at
  return ''
}
