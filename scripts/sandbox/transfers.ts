import {DAY_SECONDS} from './beijing-time.js'
import {findRelation} from './relations.js'
import {cursorAt, slicePage} from './paging.js'
import {memberKey} from './state.js'
import type {TransferRecord} from './state-customers.js'
import type {Member} from './state-organization.js'
import {settleTransfers} from './transfer-settling.js'
import {requireVisibleMember} from './visible-range.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {charLength, Refusal} from './wire.js'

/** Handing customers over: on the job (92125, 94088) and after someone left (94081, 94082, 92124). */
export const transferEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/transfer_customer': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {customer: []},
    run: (world, call) => startTransfers(world, call, false),
  },
  '/cgi-bin/externalcontact/resigned/transfer_customer': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {customer: []},
    run: (world, call) => startTransfers(world, call, true),
  },
  '/cgi-bin/externalcontact/transfer_result': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {customer: []},
    run: (world, call) => transferResult(world, call, false),
  },
  '/cgi-bin/externalcontact/resigned/transfer_result': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {customer: []},
    run: (world, call) => transferResult(world, call, true),
  },
  '/cgi-bin/externalcontact/get_unassigned_list': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {info: []},
    run: unassignedList,
  },
}

async function startTransfers(world: World, call: ApiCall, resigned: boolean): Promise<object> {
  await settleTransfers(world)
  const {body} = call
  const externals = body.texts('external_userid')
  if (externals.length === 0 || externals.length > world.limits.transferCustomers)
    throw new Refusal(40058, 'external_userid')
  const message = resigned ? '' : (body.text('transfer_success_msg') ?? '')
  if (charLength(message) > world.limits.transferMessageChars) throw new Refusal(40058, 'transfer_success_msg')
  const handover = requireHandover(world, call, resigned)
  const takeover = requireTakeover(world, call)
  if (memberKey(handover.userid) === memberKey(takeover.userid)) throw new Refusal(40130)
  const customer = externals.map((external_userid) => {
    const errcode = checkTransfer(world, handover, external_userid)
    if (errcode === 0) recordTransfer(world, {handover, takeover, external_userid, message, resigned})
    return {external_userid, errcode}
  })
  world.touched()
  return {customer}
}

function requireHandover(world: World, call: ApiCall, resigned: boolean): Member {
  const userid = call.body.text('handover_userid') ?? ''
  const member = world.state.members.get(memberKey(userid))
  if (member === undefined) throw new Refusal(40003, 'handover_userid')
  if (resigned && member.status !== 5) throw new Refusal(40097)
  if (!resigned) requireVisibleMember(world.state, call.app, userid, 40003)
  return member
}

function requireTakeover(world: World, call: ApiCall): Member {
  const member = requireVisibleMember(world.state, call.app, call.body.text('takeover_userid') ?? '', 40003)
  if (!member.customerContact) throw new Refusal(84074)
  if (member.status !== 1) throw new Refusal(41054)
  if (!member.realNameVerified) throw new Refusal(40098)
  return member
}

/** Per customer: 40096 unknown, 40131 not followed, 40129 under way, 40128 twice within 90 days, 0 started. */
function checkTransfer(world: World, handover: Member, external: string): number {
  const {state, limits} = world
  if (!state.customers.has(external)) return 40096
  const relation = findRelation(state, handover.userid, external)
  if (relation === undefined) return 40131
  const waiting = state.transfers.some((transfer) => transfer.external_userid === external && transfer.status === 2)
  if (waiting) return 40129
  const since = nowSeconds(world) - limits.transferWindowDays * DAY_SECONDS
  const recent = state.transfers.filter(
    (transfer) => transfer.external_userid === external && transfer.startedAtSeconds > since,
  )
  return recent.length >= limits.transfersPerCustomer ? 40128 : 0
}

interface Start {
  handover: Member
  takeover: Member
  external_userid: string
  message: string
  resigned: boolean
}

function recordTransfer(world: World, start: Start): void {
  world.state.transfers.push({
    handover_userid: start.handover.userid,
    takeover_userid: start.takeover.userid,
    external_userid: start.external_userid,
    startedAtSeconds: nowSeconds(world),
    resigned: start.resigned,
    status: 2,
    takeover_time: 0,
    message: start.message,
  })
}

async function transferResult(world: World, call: ApiCall, resigned: boolean): Promise<object> {
  await settleTransfers(world)
  const handover = memberKey(call.body.text('handover_userid') ?? '')
  const takeover = memberKey(call.body.text('takeover_userid') ?? '')
  if (handover === '' || takeover === '') throw new Refusal(40003)
  const latest = new Map<string, TransferRecord>()
  for (const transfer of world.state.transfers) {
    if (transfer.resigned !== resigned) continue
    if (memberKey(transfer.handover_userid) !== handover || memberKey(transfer.takeover_userid) !== takeover) continue
    latest.set(transfer.external_userid, transfer)
  }
  const page = slicePage([...latest.values()], call.body.text('cursor') ?? '', world.limits.transferResultPage)
  const customer = page.rows.map(({external_userid, status, takeover_time}) => ({
    external_userid,
    status,
    takeover_time,
  }))
  return {customer, next_cursor: page.next_cursor}
}

/** Customers of leavers who wait for somebody, last leaver first. */
function unassignedList(world: World, call: ApiCall): object {
  const {state, limits} = world
  const size = call.body.integer('page_size') ?? limits.unassignedPage
  const pageId = call.body.integer('page_id') ?? 0
  if (size < 1 || size > limits.unassignedPage) throw new Refusal(40058, 'page_size')
  const cursor = call.body.text('cursor') ?? ''
  if (pageId < 0 || (cursor === '' && pageId * size >= limits.unassignedReach)) throw new Refusal(40058, 'page_id')
  const leavers = [...state.members.values()]
    .filter((member) => member.status === 5)
    .sort((a, b) => (b.leftAtSeconds ?? 0) - (a.leftAtSeconds ?? 0))
  const rows = leavers.flatMap((member) =>
    [...(state.customersOf.get(memberKey(member.userid)) ?? [])].map((external_userid) => ({
      handover_userid: member.userid,
      external_userid,
      dimission_time: member.leftAtSeconds ?? 0,
    })),
  )
  const page = slicePage(rows, cursor === '' ? cursorAt(pageId * size) : cursor, size)
  return {info: page.rows, is_last: page.next_cursor === '', next_cursor: page.next_cursor}
}
