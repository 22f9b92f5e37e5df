import type {WrittenOrganization} from '../model/written.js'
import {type Change, type Found, join} from './changes.js'
import type {Edit} from './edits.js'
import type {LiveDepartment} from '../model/live-company.js'
import type {Placement} from './place-live.js'

/** Departments by id: renamed, removed, added, and who leads them. Whoever leads has to be `isKnown`. */
export function compareDepartments(
  {departments = [], transfers = []}: WrittenOrganization,
  live: readonly LiveDepartment[],
  placement: Placement,
  isKnown: (member: string) => boolean,
): Found {
  const {pathOf, renamed, isInView} = placement
  const liveById = new Map(live.map((department) => [department.id, department]))
  const idByPath = new Map([...pathOf].map(([id, path]) => [path, id]))
  const written = new Set(departments.flatMap(({id}) => (id === undefined ? [] : [id])))
  const own = departments.map((department, index): Found => {
    const {path, id} = department
    if (id !== undefined && !liveById.has(id) && isInView(path))
      return {changes: [{what: 'department-removed', path}], edits: [{op: 'remove', list: 'departments', index}]}
    const to = renamed(path)
    const found = id ?? idByPath.get(to)
    const number = id === undefined && found !== undefined && !written.has(found) ? found : undefined
    const isNews =
      to !== path && to !== `${renamed(path.slice(0, path.lastIndexOf('/')))}${path.slice(path.lastIndexOf('/'))}`
    const leader = found === undefined ? undefined : liveById.get(found)?.leader
    const isLed = leader !== undefined && isKnown(leader) && leader.toLowerCase() !== department.leader?.toLowerCase()
    const set = (field: string, value: unknown): Edit => ({op: 'set', list: 'departments', index, field, value})
    const changes: Change[] = [
      ...(isNews ? [{what: 'department-renamed', path, to} as const] : []),
      ...(number === undefined ? [] : [{what: 'department-numbered', path: to} as const]),
      ...(isLed ? [{what: 'department-led', path: to} as const] : []),
    ]
    const edits = [
      ...(to === path ? [] : [set('path', to)]),
      ...(number === undefined ? [] : [set('id', number)]),
      ...(isLed ? [set('leader', leader)] : []),
    ]
    return {changes, edits}
  })
  const moved = transfers.flatMap(({to}, index): Edit[] =>
    renamed(to) === to ? [] : [{op: 'set', list: 'transfers', index, field: 'to', value: renamed(to)}],
  )
  return join([...own, added(departments, live, placement, isKnown), {changes: [], edits: moved}])
}

/** A new department stands behind the last one at or below its parent. */
function added(
  departments: NonNullable<WrittenOrganization['departments']>,
  live: readonly LiveDepartment[],
  {pathOf, renamed}: Placement,
  isKnown: (member: string) => boolean,
): Found {
  const ids = new Set(departments.map(({id}) => id))
  const paths = departments.map(({path}) => renamed(path))
  const fresh = live
    .flatMap(({id, leader}) => ({id, leader, path: pathOf.get(id) ?? ''}))
    .filter(({id, path}) => !ids.has(id) && !paths.includes(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return {
    changes: fresh.map(({path}) => ({what: 'department-added', path})),
    edits: fresh.map(({id, path, leader}) => {
      const parent = path.slice(0, path.lastIndexOf('/'))
      const beside = paths.findLastIndex((other) => other === parent || other.startsWith(`${parent}/`))
      const after = beside >= 0 ? beside : departments.length - 1
      const value = {path, id, ...(leader !== undefined && isKnown(leader) ? {leader} : {})}
      return {op: 'insert', list: 'departments', after: after < 0 ? null : after, value}
    }),
  }
}
