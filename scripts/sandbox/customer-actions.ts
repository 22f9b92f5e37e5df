import {startAdd} from './customer-adds.js'
import {pushCustomerEvent, type Pushed} from './customer-events.js'
import {countDay, dropRelation, findRelation} from './relations.js'
import type {Relation} from './state-customers.js'
import {findLatestAdd} from './welcome-codes.js'
import {nowSeconds, type World} from './world.js'
import {ControlMistake} from './wire.js'

/** What happens to a relation after the add, always in the clients and therefore with an event. */

function requireRelation(world: World, userid: string, external: string): Relation {
  const relation = findRelation(world.state, userid, external)
  if (relation === undefined) throw new ControlMistake(`"${external}" is no customer of "${userid}"`, 404)
  return relation
}

/** The first word of either side. The code of the add is dead from now on (41051); no event is sent for it. */
export function startChat(world: World, userid: string, external: string): void {
  const relation = requireRelation(world, userid, external)
  relation.chatting = true
  const add = findLatestAdd(world.state, relation)
  if (add?.status === 'fresh') add.status = 'chatting'
  countDay(world.state, userid, nowSeconds(world), {chat_cnt: 1, message_cnt: 1})
  world.touched()
}

/** The member deletes the customer: the relation is gone (del_external_contact). */
export function deleteByMember(world: World, userid: string, external: string): Promise<Pushed[]> {
  const relation = requireRelation(world, userid, external)
  dropRelation(world.state, userid, external)
  world.touched()
  return pushCustomerEvent(world, {
    changeType: 'del_external_contact',
    userid: relation.userid,
    external_userid: external,
  })
}

/** The customer deletes the member: the relation lives on one-way (del_follow_user). */
export function deleteByCustomer(world: World, userid: string, external: string): Promise<Pushed[]> {
  const relation = requireRelation(world, userid, external)
  relation.deletedByCustomer = true
  countDay(world.state, userid, nowSeconds(world), {negative_feedback_cnt: 1})
  world.touched()
  return pushCustomerEvent(world, {changeType: 'del_follow_user', userid: relation.userid, external_userid: external})
}

/** The customer agrees to message archive: msg_audit_approved with a fresh code, unless chat or welcome came first (92005). */
export function giveConsent(world: World, userid: string, external: string): Promise<Pushed[]> {
  const relation = requireRelation(world, userid, external)
  relation.consented = true
  const before = findLatestAdd(world.state, relation)
  const fresh = !relation.chatting && before?.status !== 'delivered'
  world.touched()
  return pushCustomerEvent(world, {
    changeType: 'msg_audit_approved',
    userid: relation.userid,
    external_userid: external,
    ...(fresh ? {codeFor: startAdd(world, relation)} : {}),
  })
}

/** Remark or corp tags changed in the client (edit_external_contact). */
export function editInClient(
  world: World,
  userid: string,
  external: string,
  change: {remark?: string; tags?: string[]},
): Promise<Pushed[]> {
  const relation = requireRelation(world, userid, external)
  if (change.remark !== undefined) relation.remark = change.remark
  if (change.tags !== undefined) relation.tags = change.tags
  world.touched()
  return pushCustomerEvent(world, {
    changeType: 'edit_external_contact',
    userid: relation.userid,
    external_userid: external,
    ...(relation.state === '' ? {} : {after: [['State', relation.state] as const]}),
  })
}
