import {requireDepartment} from './departments.js'
import {pageOf} from './paging.js'
import type {Member} from './state-organization.js'
import {memberKey} from './state.js'
import {isVisible} from './visible-range.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {Refusal} from './wire.js'

/** Members as far as the app sees them (90196, 90200, 90201, 96067). No phone, mail or avatar: those went in 2022. */
export const memberEndpoints: EndpointTable = {
  '/cgi-bin/user/get': {method: 'GET', needs: ['contacts'], run: getMember},
  '/cgi-bin/user/simplelist': {
    method: 'GET',
    needs: ['contacts'],
    empty: {userlist: []},
    run: (world, call) => ({
      userlist: membersOf(world, call).map(({userid, name, department}) => ({
        userid,
        name,
        department,
        open_userid: '',
      })),
    }),
  },
  '/cgi-bin/user/list': {
    method: 'GET',
    needs: ['contacts'],
    empty: {userlist: []},
    run: (world, call) => {
      refuseDetailsToContactSync(call)
      return {userlist: membersOf(world, call).map(renderMember)}
    },
  },
  '/cgi-bin/user/list_id': {method: 'POST', needs: ['contact-sync'], empty: {dept_user: []}, run: listIds},
}

function getMember(world: World, call: ApiCall): object {
  refuseDetailsToContactSync(call)
  const userid = call.query.get('userid') ?? ''
  if (userid === '') throw new Refusal(41009)
  const member = world.state.members.get(memberKey(userid))
  if (member === undefined || member.status === 5) throw new Refusal(60111)
  if (!isVisible(world.state, call.app, userid)) throw new Refusal(60011)
  return renderMember(member)
}

/** Addresses added since 2022-08-15 may not read details with the contact-sync secret; ours all count as added since. */
function refuseDetailsToContactSync(call: ApiCall): void {
  if (call.app.kind === 'contact-sync') throw new Refusal(48009)
}

/** Direct members of one department: fetch_child is no longer a parameter. */
function membersOf(world: World, call: ApiCall): Member[] {
  const {id} = requireDepartment(world, call, call.query.get('department_id') ?? '')
  return [...world.state.members.values()].filter(
    (member) =>
      member.department.includes(id) &&
      member.status !== 5 &&
      (call.app.kind === 'contact-sync' || isVisible(world.state, call.app, member.userid)),
  )
}

function renderMember(member: Member): object {
  const attrs = Object.entries(member.attributes).map(([name, value]) => ({type: 0, name, value, text: {value}}))
  return {
    userid: member.userid,
    name: member.name,
    department: member.department,
    order: member.department.map(() => 0),
    position: member.position,
    is_leader_in_dept: member.department.map(() => 0),
    direct_leader: member.direct_leader,
    main_department: member.main_department,
    status: member.status,
    enable: member.status === 2 ? 0 : 1,
    alias: '',
    telephone: '',
    extattr: {attrs},
  }
}

/** One row per member and department. */
function listIds(world: World, call: ApiCall): object {
  const rows = [...world.state.members.values()]
    .filter((member) => member.status !== 5)
    .flatMap((member) => member.department.map((department) => ({userid: member.userid, department})))
  const page = pageOf(rows, call.body, {usual: world.limits.listIdPage, most: world.limits.listIdPage})
  return {next_cursor: page.next_cursor, dept_user: page.rows}
}
