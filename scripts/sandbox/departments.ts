import type {Department} from './state-organization.js'
import {departmentsUnder, visibleRange} from './visible-range.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {Refusal} from './wire.js'

/** Departments as far as the app sees them (90208, 95350, 95351). */
export const departmentEndpoints: EndpointTable = {
  '/cgi-bin/department/list': {
    method: 'GET',
    needs: ['contacts'],
    empty: {department: []},
    run: (world, call) => ({department: findDepartments(world, call).map(renderFull)}),
  },
  '/cgi-bin/department/simplelist': {
    method: 'GET',
    needs: ['contacts'],
    empty: {department_id: []},
    run: (world, call) => ({
      department_id: findDepartments(world, call).map(({id, parentid, order}) => ({id, parentid, order})),
    }),
  },
  '/cgi-bin/department/get': {
    method: 'GET',
    needs: ['contacts'],
    run: (world, call) => ({department: renderFull(requireDepartment(world, call, call.query.get('id') ?? ''))}),
  },
}

const renderFull = ({id, name, parentid, order}: Department): object => ({
  id,
  name,
  name_en: '',
  department_leader: [],
  parentid,
  order,
})

/** All visible ones, or those under `id`. Contact sync sees the whole tree. */
function findDepartments(world: World, call: ApiCall): Department[] {
  const asked = call.query.get('id') ?? ''
  const seen = visibleDepartments(world, call)
  const wanted = asked === '' ? seen : departmentsUnder(world.state, [requireDepartment(world, call, asked).id])
  return [...world.state.departments.values()].filter(
    (department) => seen.has(department.id) && wanted.has(department.id),
  )
}

function visibleDepartments(world: World, call: ApiCall): ReadonlySet<number> {
  if (call.app.kind === 'contact-sync') return new Set(world.state.departments.keys())
  return visibleRange(world.state, call.app).departments
}

export function requireDepartment(world: World, call: ApiCall, written: string): Department {
  const id = Number(written)
  if (written === '' || !Number.isInteger(id)) throw new Refusal(60123)
  const department = world.state.departments.get(id)
  if (department === undefined) throw new Refusal(60003)
  if (!visibleDepartments(world, call).has(id)) throw new Refusal(60011)
  return department
}
