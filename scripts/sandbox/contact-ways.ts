import {beijingDay, DAY_SECONDS} from './beijing-time.js'
import {checkConclusions, checkWayFields, checkWayMembers} from './contact-way-checks.js'
import {makeId} from './ids.js'
import {pageOf} from './paging.js'
import type {ContactWay} from './state-resources.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {Refusal} from './wire.js'

/** 联系我 contact ways (92228). An app sees and edits only the ways it made; creating is not idempotent. */
export const contactWayEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/add_contact_way': {method: 'POST', needs: ['customer-contact'], run: addWay},
  '/cgi-bin/externalcontact/get_contact_way': {
    method: 'POST',
    needs: ['customer-contact'],
    run: (world, call) => ({contact_way: renderWay(requireWay(world, call))}),
  },
  '/cgi-bin/externalcontact/list_contact_way': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {contact_way: []},
    run: listWays,
  },
  '/cgi-bin/externalcontact/update_contact_way': {method: 'POST', needs: ['customer-contact'], run: updateWay},
  '/cgi-bin/externalcontact/del_contact_way': {
    method: 'POST',
    needs: ['customer-contact'],
    run: (world, call) => {
      world.state.contactWays.delete(requireWay(world, call).config_id)
      world.touched()
      return {}
    },
  },
}

function addWay(world: World, call: ApiCall): object {
  const {state} = world
  const fields = checkWayFields(world, call.body)
  checkWayMembers(world, call.app, fields)
  requireRoom(world, fields.is_temp)
  const config_id = makeId(state, 'cfg', 32)
  const seconds = nowSeconds(world)
  const conclusions = fields.is_temp ? checkConclusions(world, call.body) : undefined
  const way: ContactWay = {
    ...fields,
    config_id,
    createdBy: call.app.agentid,
    createdAtSeconds: seconds,
    scans: 0,
    ...(fields.scene === 2 ? {qr_code: `https://p.qpic.example/wwhead/${config_id}/0`} : {}),
    ...(conclusions === undefined ? {} : {conclusions}),
  }
  state.contactWays.set(config_id, way)
  if (way.is_temp) {
    const day = beijingDay(seconds)
    state.temporaryWaysByDay.set(day, (state.temporaryWaysByDay.get(day) ?? 0) + 1)
  }
  world.touched()
  return {config_id, ...(way.qr_code === undefined ? {} : {qr_code: way.qr_code})}
}

/** Lasting ways count towards the corp's cap; temporary ones have a cap per day (its errcode is unconfirmed). */
function requireRoom(world: World, temporary: boolean): void {
  const {state, limits} = world
  if (temporary) {
    const today = state.temporaryWaysByDay.get(beijingDay(nowSeconds(world))) ?? 0
    if (today >= limits.temporaryWaysPerDay) throw new Refusal(41045)
    return
  }
  const temporaries = state.temporaryWaysByDay.size === 0 ? 0 : countTemporary(world)
  const lasting = state.contactWays.size - temporaries + state.occupied.contactWays
  if (lasting >= limits.contactWaysPerCorp) throw new Refusal(41045)
}

const countTemporary = (world: World): number =>
  [...world.state.contactWays.values()].filter((way) => way.is_temp).length

function requireWay(world: World, call: ApiCall): ContactWay {
  const configId = call.body.text('config_id')
  if (configId === undefined || configId === '') throw new Refusal(41043)
  const way = world.state.contactWays.get(configId)
  if (way === undefined || way.createdBy !== call.app.agentid) throw new Refusal(41044)
  return way
}

function renderWay(way: ContactWay): object {
  const {createdBy: _creator, createdAtSeconds: _made, scans: _scans, ...shown} = way
  return shown
}

/** Ways made before this day are not listed (2021-07-10 00:00 Beijing time). */
const LISTED_SINCE_SECONDS = 1_625_846_400
const DEFAULT_WINDOW_SECONDS = 90 * DAY_SECONDS

function listWays(world: World, call: ApiCall): object {
  const now = nowSeconds(world)
  const from = Math.max(call.body.integer('start_time') ?? now - DEFAULT_WINDOW_SECONDS, LISTED_SINCE_SECONDS)
  const to = call.body.integer('end_time') ?? now
  const ways = [...world.state.contactWays.values()].filter(
    (way) =>
      way.createdBy === call.app.agentid && !way.is_temp && way.createdAtSeconds >= from && way.createdAtSeconds <= to,
  )
  const page = pageOf(ways, call.body, {usual: 100, most: world.limits.contactWayPage})
  return {contact_way: page.rows.map(({config_id}) => ({config_id})), next_cursor: page.next_cursor}
}

/** user and party replace the lists; type and scene stay as they were. An expired temporary way cannot be edited. */
function updateWay(world: World, call: ApiCall): object {
  const way = requireWay(world, call)
  const temporaryUntil = way.createdAtSeconds + (way.expires_in ?? 0)
  if (way.is_temp && nowSeconds(world) >= temporaryUntil) throw new Refusal(41044, 'temporary way expired')
  const kept = world.settings.contactWayUpdateKeeps ? way : {...way, remark: '', state: '', user: [], party: []}
  const fields = checkWayFields(world, call.body, kept)
  checkWayMembers(world, call.app, fields)
  const conclusions = way.is_temp ? checkConclusions(world, call.body) : undefined
  Object.assign(way, fields, conclusions === undefined ? {} : {conclusions})
  world.touched()
  return {}
}
