import {NO_CHANNEL} from '../greet/channel-match.js'
import {ancestry} from '../greet/member-context.js'
import {type CompiledSchedule, compileSchedules, templatesOf} from '../greet/say-at.js'
import {createStandings, type Standings} from '../greet/standings.js'
import {isValid, isOver} from '../greet/validity.js'
import {putUnder} from '../model/group.js'
import type {Member} from '../model/directory.js'
import type {Checked} from './rule.js'
import {alwaysSettles} from './sayers.js'

/**
 * Departments nobody is in yet, such as a new shop, under the templates their first member would say because a schedule
 * names a department above them. Only the lowest are looked at: those above need no people of their own.
 */
export function saidInEmptyDepartments(checked: Checked): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, string[]>()
  const empty = emptyDepartments(checked)
  if (empty.length === 0) return said
  const standings = createStandings(compileSchedules(checked.release))
  for (const path of empty) for (const id of templatesSaidAt(path, standings, checked)) putUnder(said, id, path)
  return said
}

/** A department without people is known only because it is listed or because somebody will be moved there. */
function emptyDepartments({config, reach}: Checked): readonly string[] {
  const {departments = [], transfers = []} = config.organization.value
  const listed = new Set([...departments.map(({path}) => path), ...transfers.map(({to}) => to)])
  const above = new Set([...listed].flatMap((path) => ancestry(path).slice(1)))
  return [...listed].filter((path) => !above.has(path) && !reach.isAnybodyIn(path)).sort()
}

const NEWCOMER: Omit<Member, 'departments'> = {id: '', roles: [], attributes: {}, status: 'active', facts: {}}

function templatesSaidAt(path: string, standings: Standings, checked: Checked): ReadonlySet<string> {
  const context = checked.people.contextOf({...NEWCOMER, departments: [path]}, checked.nowMs)
  const found = new Set<string>()
  for (const level of ['role', 'department'] as const) {
    const settled = standings.at(level, context, NO_CHANNEL).some((group) => takeFrom(group, found, checked))
    if (settled) break
  }
  return found
}

/** Takes what the schedules may say now or later; true where nothing behind them is ever asked. */
function takeFrom(group: readonly CompiledSchedule[], found: Set<string>, {release, nowMs}: Checked): boolean {
  for (const {schedule} of group) if (!isOver(schedule, nowMs)) for (const id of templatesOf(schedule)) found.add(id)
  return group.some(({schedule}) => isValid(schedule, nowMs) && alwaysSettles(schedule, release))
}
