import {slicePage, pageOf} from './paging.js'
import {findRelation} from './relations.js'
import {memberKey, type SandboxState} from './state.js'
import type {Customer, Relation} from './state-customers.js'
import {isVisible, requireVisibleMember, visibleRange} from './visible-range.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {charLength, Refusal} from './wire.js'

/** Customers and the members who serve them (92571, 92113, 92114, 92994, 92115). */
export const externalContactEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/get_follow_user_list': {
    method: 'GET',
    needs: ['customer-contact'],
    empty: {follow_user: []},
    run: (world, call) => ({follow_user: followUsers(world, call)}),
  },
  '/cgi-bin/externalcontact/list': {
    method: 'GET',
    needs: ['customer-contact'],
    empty: {external_userid: []},
    run: listCustomers,
  },
  '/cgi-bin/externalcontact/get': {
    method: 'GET',
    needs: ['customer-contact'],
    empty: {follow_user: []},
    run: getCustomer,
  },
  '/cgi-bin/externalcontact/batch/get_by_user': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {external_contact_list: []},
    run: batchGet,
  },
  '/cgi-bin/externalcontact/remark': {method: 'POST', needs: ['customer-contact'], run: remark},
}

function followUsers(world: World, call: ApiCall): string[] {
  const users: string[] = []
  for (const key of visibleRange(world.state, call.app).members) {
    const member = world.state.members.get(key)
    if (member?.customerContact) users.push(member.userid)
  }
  return users
}

/** A member without customers answers 84061 rather than an empty list. */
function listCustomers(world: World, call: ApiCall): object {
  const userid = call.query.get('userid') ?? ''
  if (userid === '') throw new Refusal(41009)
  const member = requireVisibleMember(world.state, call.app, userid, 40003)
  if (!member.customerContact) throw new Refusal(84074)
  const customers = shownCustomers(world, member.userid).map(({relation}) => relation.external_userid)
  if (customers.length === 0) throw new Refusal(84061)
  return {external_userid: customers}
}

/** Relations of a member that the API shows; half adds may be hidden until the member adds back. */
function shownCustomers(world: World, userid: string): {relation: Relation; customer: Customer}[] {
  const shown: {relation: Relation; customer: Customer}[] = []
  for (const external of world.state.customersOf.get(memberKey(userid)) ?? []) {
    const relation = findRelation(world.state, userid, external)
    const customer = world.state.customers.get(external)
    if (relation && customer && isShown(world, relation)) shown.push({relation, customer})
  }
  return shown
}

const isShown = (world: World, relation: Relation): boolean => !(relation.half && world.settings.halfAddHidesCustomer)

function getCustomer(world: World, call: ApiCall): object {
  const external = call.query.get('external_userid') ?? ''
  if (external === '') throw new Refusal(41035)
  const customer = world.state.customers.get(external)
  if (customer === undefined) throw new Refusal(40096)
  const followers = [...(world.state.relations.get(external)?.values() ?? [])].filter(
    (relation) => isShown(world, relation) && isVisible(world.state, call.app, relation.userid),
  )
  if (followers.length === 0) throw new Refusal(84061)
  const page = slicePage(followers, call.query.get('cursor') ?? '', world.limits.followUserPage)
  const names = tagNames(world.state)
  return {
    external_contact: renderCustomer(customer),
    follow_user: page.rows.map((relation) => renderFollower(relation, names)),
    next_cursor: page.next_cursor,
  }
}

function renderCustomer(customer: Customer): object {
  return {
    external_userid: customer.external_userid,
    name: customer.name,
    avatar: '',
    type: customer.type,
    gender: customer.gender,
    ...(customer.unionid === undefined ? {} : {unionid: customer.unionid}),
  }
}

function renderFollowInfo(relation: Relation): object {
  return {
    userid: relation.userid,
    remark: relation.remark,
    description: relation.description,
    createtime: relation.createtime,
    remark_corp_name: relation.remark_company,
    remark_mobiles: relation.remark_mobiles,
    oper_userid: relation.oper_userid,
    add_way: relation.add_way,
    ...(relation.state === '' ? {} : {state: relation.state}),
  }
}

type TagNames = ReadonlyMap<string, {group_name: string; tag_name: string}>

function tagNames(state: SandboxState): TagNames {
  const groups = [...state.tagGroups.values()]
  return new Map(
    groups.flatMap((group) =>
      group.tags.map((tag) => [tag.id, {group_name: group.group_name, tag_name: tag.name}] as const),
    ),
  )
}

/** Tags deleted from the library vanish from the customers too. */
function renderFollower(relation: Relation, names: TagNames): object {
  const tags = relation.tags.flatMap((id) => {
    const name = names.get(id)
    return name === undefined ? [] : [{...name, tag_id: id, type: 1}]
  })
  return {...renderFollowInfo(relation), tags}
}

function batchGet(world: World, call: ApiCall): object {
  const users = call.body.texts('userid_list')
  if (users.length === 0) throw new Refusal(40058, 'userid_list')
  if (users.length > world.limits.batchGetMembers) throw new Refusal(40058, 'userid_list')
  const rows = users.flatMap((userid) => {
    const member = requireVisibleMember(world.state, call.app, userid, 40003)
    return shownCustomers(world, member.userid)
  })
  const page = pageOf(rows, call.body, {usual: 50, most: world.limits.batchGetPage})
  const external_contact_list = page.rows.map(({relation, customer}) => ({
    external_contact: renderCustomer(customer),
    follow_info: {...renderFollowInfo(relation), tag_id: relation.tags},
  }))
  return {external_contact_list, next_cursor: page.next_cursor, fail_info: {unlicensed_userid_list: []}}
}

/** Omitted fields stay; sending none is an error. */
function remark(world: World, call: ApiCall): object {
  const {body} = call
  const {limits} = world
  const member = requireVisibleMember(world.state, call.app, body.text('userid') ?? '', 40003)
  const external = body.text('external_userid') ?? ''
  if (external === '') throw new Refusal(41035)
  const relation = findRelation(world.state, member.userid, external)
  if (relation === undefined) throw new Refusal(84061)
  const given = ['remark', 'description', 'remark_company', 'remark_mobiles', 'remark_pic_mediaid'].some((name) =>
    body.has(name),
  )
  if (!given) throw new Refusal(40058, 'nothing to change')
  const checked = {
    remark: checkChars(body.text('remark') ?? relation.remark, limits.remarkChars, 'remark'),
    description: checkChars(
      body.text('description') ?? relation.description,
      limits.remarkDescriptionChars,
      'description',
    ),
    remark_company: checkChars(
      body.text('remark_company') ?? relation.remark_company,
      limits.remarkCompanyChars,
      'remark_company',
    ),
    // Unconfirmed: a list with one empty text clears the phone numbers.
    remark_mobiles: body.has('remark_mobiles')
      ? body.texts('remark_mobiles').filter((text) => text !== '')
      : relation.remark_mobiles,
  }
  Object.assign(relation, checked)
  world.touched()
  return {}
}

function checkChars(text: string, most: number, name: string): string {
  if (charLength(text) > most) throw new Refusal(40058, name)
  return text
}
