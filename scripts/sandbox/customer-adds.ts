import {pushCustomerEvent, type Pushed} from './customer-events.js'
import {makeId} from './ids.js'
import {countDay, findRelation, putRelation} from './relations.js'
import {memberKey} from './state.js'
import type {AddRecord, Customer, Relation} from './state-customers.js'
import type {Member} from './state-organization.js'
import {findLatestAdd, recordAdd} from './welcome-codes.js'
import {nowSeconds, type World} from './world.js'
import {ControlMistake} from './wire.js'

/** What people do in their clients: a customer adds a member, the two start to chat, one deletes the other. */

export interface AddWish {
  userid: string
  external_userid: string
  /** Nickname of a customer who is not known yet. */
  name: string
  type: 1 | 2
  state: string
  add_way: number
  half: boolean
}

export interface AddResult {
  userid: string
  external_userid: string
  withCode: boolean
  pushed: Pushed[]
}

/** Makes the relation, gives out codes and pushes the event to every entitled app. Resolves when the pushes are over. */
export async function addCustomer(world: World, wish: AddWish): Promise<AddResult> {
  const {state} = world
  const member = state.members.get(memberKey(wish.userid))
  if (member === undefined || member.status === 5) throw new ControlMistake(`there is no member "${wish.userid}"`)
  const external = wish.external_userid === '' ? makeId(state, 'wm', 30) : wish.external_userid
  const customer = findOrMakeCustomer(world, external, wish)
  const before = findRelation(state, member.userid, external)
  const relation = makeRelation(world, member, wish, customer, before)
  const add = mayHaveCode(world, member, relation, customer) ? startAdd(world, relation) : undefined
  putRelation(state, relation)
  if (!relation.half) countDay(state, member.userid, relation.createtime, {new_contact_cnt: 1, new_apply_cnt: 1})
  world.touched()
  const pushed = await pushCustomerEvent(world, {
    changeType: wish.half ? 'add_half_external_contact' : 'add_external_contact',
    userid: member.userid,
    external_userid: external,
    ...(relation.state === '' ? {} : {after: [['State', relation.state] as const]}),
    ...(add === undefined ? {} : {codeFor: add}),
  })
  return {userid: member.userid, external_userid: external, withCode: add !== undefined, pushed}
}

/** The member adds a half-added customer back: add_external_contact, with a code only if the first one was not used. */
export async function completeHalfAdd(world: World, userid: string, external: string): Promise<AddResult> {
  const relation = findRelation(world.state, userid, external)
  if (relation === undefined || !relation.half) throw new ControlMistake(`"${userid}" has no half add of "${external}"`)
  relation.half = false
  relation.createtime = nowSeconds(world)
  const customer = world.state.customers.get(external)
  const member = world.state.members.get(memberKey(userid))
  const used = findLatestAdd(world.state, relation)?.status === 'delivered'
  const may = customer !== undefined && member !== undefined && !used && mayHaveCode(world, member, relation, customer)
  countDay(world.state, relation.userid, relation.createtime, {new_contact_cnt: 1})
  world.touched()
  const pushed = await pushCustomerEvent(world, {
    changeType: 'add_external_contact',
    userid: relation.userid,
    external_userid: external,
    ...(relation.state === '' ? {} : {after: [['State', relation.state] as const]}),
    ...(may ? {codeFor: startAdd(world, relation)} : {}),
  })
  return {userid: relation.userid, external_userid: external, withCode: may, pushed}
}

/** No code when a console welcome covers the member, the two already chat, or the other side is a WeCom user. */
function mayHaveCode(world: World, member: Member, relation: Relation, customer: Customer): boolean {
  if (world.state.consoleWelcomeMembers.has(memberKey(member.userid))) return false
  if (relation.add_way === 202 && !world.settings.transferCarriesCode) return false
  return customer.type === 1 && !relation.chatting && member.customerContact
}

export function startAdd(world: World, relation: Relation): AddRecord {
  const add = recordAdd(world, {
    userid: relation.userid,
    external_userid: relation.external_userid,
    eventAtMs: world.clock.nowMs(),
    half: relation.half,
    needsConsent: world.state.consentMembers.has(memberKey(relation.userid)),
  })
  relation.addId = add.addId
  return add
}

function findOrMakeCustomer(world: World, external: string, wish: AddWish): Customer {
  const found = world.state.customers.get(external)
  if (found) return found
  const made: Customer = {external_userid: external, name: wish.name, type: wish.type, gender: 0}
  world.state.customers.set(external, made)
  return made
}

/** A customer who comes back starts anew; only the State may survive, which is unconfirmed. */
function makeRelation(
  world: World,
  member: Member,
  wish: AddWish,
  customer: Customer,
  before: Relation | undefined,
): Relation {
  const oldState = before !== undefined && world.settings.readdKeepsOldState ? before.state : ''
  return {
    userid: member.userid,
    external_userid: customer.external_userid,
    createtime: nowSeconds(world),
    state: wish.state === '' ? oldState : wish.state,
    add_way: wish.add_way,
    oper_userid: customer.external_userid,
    remark: before?.remark ?? customer.name,
    description: before?.description ?? '',
    remark_company: before?.remark_company ?? '',
    remark_mobiles: before?.remark_mobiles ?? [],
    tags: before?.tags ?? [],
    half: wish.half,
    deletedByCustomer: false,
    chatting: false,
    consented: false,
  }
}
