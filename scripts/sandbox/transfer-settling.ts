import {addCustomer} from './customer-adds.js'
import {pushCustomerEvent, type Pushed} from './customer-events.js'
import {dropRelation, findRelation} from './relations.js'
import type {TransferRecord} from './state-customers.js'
import {nowSeconds, type World} from './world.js'
import {ControlMistake} from './wire.js'

const ADD_WAY_TRANSFER = 202

/** Carries out the transfers whose 24 hours are over. Called whenever somebody looks or time is moved. */
export async function settleTransfers(world: World): Promise<void> {
  const now = nowSeconds(world)
  const due = world.state.transfers.filter(
    (transfer) => transfer.status === 2 && now >= transfer.startedAtSeconds + world.limits.transferDelaySeconds,
  )
  for (const transfer of due) transfer.status = 1
  await Promise.all(due.map((transfer) => finish(world, transfer)))
}

/** The old side gets del_external_contact by transfer, the new one add_external_contact unless they were friends already. */
async function finish(world: World, transfer: TransferRecord): Promise<void> {
  const {state} = world
  const {handover_userid: from, takeover_userid: to, external_userid: external} = transfer
  transfer.takeover_time = nowSeconds(world)
  const before = findRelation(state, from, external)
  const friends = findRelation(state, to, external) !== undefined
  dropRelation(state, from, external)
  world.touched()
  await pushCustomerEvent(world, {
    changeType: 'del_external_contact',
    userid: from,
    external_userid: external,
    after: [['Source', 'DELETE_BY_TRANSFER']],
  })
  if (friends) return
  await addCustomer(world, {
    userid: to,
    external_userid: external,
    name: before?.remark ?? '',
    type: 1,
    state: before?.state ?? '',
    add_way: ADD_WAY_TRANSFER,
    half: false,
  })
}

/** The customer says no, or the new member's customers are full: transfer_fail goes to the takeover side. */
export async function failTransfer(
  world: World,
  external: string,
  reason: 'customer_refused' | 'customer_limit_exceed',
): Promise<Pushed[]> {
  const transfer = world.state.transfers.find(
    (candidate) => candidate.external_userid === external && candidate.status === 2,
  )
  if (transfer === undefined) throw new ControlMistake(`no transfer of "${external}" is waiting`, 404)
  transfer.status = reason === 'customer_refused' ? 3 : 4
  world.touched()
  return pushCustomerEvent(world, {
    changeType: 'transfer_fail',
    before: [['FailReason', reason]],
    userid: transfer.takeover_userid,
    external_userid: external,
  })
}
