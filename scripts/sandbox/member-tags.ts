import type {MemberTag} from './state-organization.js'
import {memberKey} from './state.js'
import {isVisible, organizationChanged, visibleRange} from './visible-range.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {charLength, Refusal} from './wire.js'

/** Member tags (90210–90216): only the app that made a tag may change it. */
export const memberTagEndpoints: EndpointTable = {
  '/cgi-bin/tag/create': {method: 'POST', needs: ['contacts'], run: createTag},
  '/cgi-bin/tag/update': {method: 'POST', needs: ['contacts'], run: updateTag},
  '/cgi-bin/tag/delete': {
    method: 'GET',
    needs: ['contacts'],
    run: (world, call) => {
      const tag = requireOwnTag(world, call, Number(call.query.get('tagid') ?? Number.NaN))
      world.state.memberTags.delete(tag.tagid)
      organizationChanged(world.state)
      world.touched()
      return {}
    },
  },
  '/cgi-bin/tag/list': {
    method: 'GET',
    needs: ['contacts'],
    empty: {taglist: []},
    run: (world) => ({taglist: [...world.state.memberTags.values()].map(({tagid, tagname}) => ({tagid, tagname}))}),
  },
  '/cgi-bin/tag/get': {method: 'GET', needs: ['contacts'], empty: {userlist: [], partylist: []}, run: getTag},
  '/cgi-bin/tag/addtagusers': {
    method: 'POST',
    needs: ['contacts'],
    run: (world, call) => changeUsers(world, call, 'add'),
  },
  '/cgi-bin/tag/deltagusers': {
    method: 'POST',
    needs: ['contacts'],
    run: (world, call) => changeUsers(world, call, 'delete'),
  },
}

function createTag(world: World, call: ApiCall): object {
  const {state, limits} = world
  const tagname = checkTagName(world, call.body.text('tagname'))
  const tagid = call.body.integer('tagid') ?? Math.max(0, ...state.memberTags.keys()) + 1
  if (tagid < 0) throw new Refusal(40068)
  // Unconfirmed: the errcode of a chosen tagid that is taken, and that of the cap.
  if (state.memberTags.has(tagid)) throw new Refusal(40071, 'tagid')
  if (state.memberTags.size + state.occupied.memberTags >= limits.memberTags) throw new Refusal(40058, 'too many tags')
  state.memberTags.set(tagid, {tagid, tagname, createdBy: call.app.agentid, users: new Set(), parties: new Set()})
  world.touched()
  return {tagid}
}

function checkTagName(world: World, tagname: string | undefined): string {
  if (tagname === undefined || tagname === '') throw new Refusal(41018)
  if (charLength(tagname) > world.limits.memberTagNameChars) throw new Refusal(40072)
  if ([...world.state.memberTags.values()].some((tag) => tag.tagname === tagname)) throw new Refusal(40071)
  return tagname
}

function updateTag(world: World, call: ApiCall): object {
  const tag = requireOwnTag(world, call, call.body.integer('tagid'))
  const tagname = call.body.text('tagname')
  if (tagname !== tag.tagname) tag.tagname = checkTagName(world, tagname)
  world.touched()
  return {}
}

function requireTag(world: World, tagid: number | undefined): MemberTag {
  if (tagid === undefined || Number.isNaN(tagid)) throw new Refusal(41017)
  const tag = world.state.memberTags.get(tagid)
  if (tag === undefined) throw new Refusal(40068)
  return tag
}

/** Contact sync may also edit tags of the console (agentid 0). */
function requireOwnTag(world: World, call: ApiCall, tagid: number | undefined): MemberTag {
  const tag = requireTag(world, tagid)
  const ofConsole = call.app.kind === 'contact-sync' && tag.createdBy === 0
  if (tag.createdBy !== call.app.agentid && !ofConsole) throw new Refusal(81011)
  return tag
}

function getTag(world: World, call: ApiCall): object {
  const tag = requireTag(world, Number(call.query.get('tagid') ?? Number.NaN))
  const {departments} = visibleRange(world.state, call.app)
  const userlist: object[] = []
  for (const key of tag.users) {
    const member = world.state.members.get(key)
    if (member && member.status !== 5 && isVisible(world.state, call.app, key))
      userlist.push({userid: member.userid, name: member.name})
  }
  return {tagname: tag.tagname, userlist, partylist: [...tag.parties].filter((id) => departments.has(id))}
}

/** Partly invalid lists succeed and name the invalid ones; 40070 (add) or 40031 (delete) when nothing is valid. */
function changeUsers(world: World, call: ApiCall, how: 'add' | 'delete'): object {
  const {state, limits} = world
  const tag = requireOwnTag(world, call, call.body.integer('tagid'))
  const users = call.body.texts('userlist', 40035)
  const parties = call.body.integers('partylist', 40035)
  if (users.length === 0 && parties.length === 0) throw new Refusal(40035, 'userlist and partylist are both empty')
  if (users.length > limits.memberTagUsers || parties.length > limits.memberTagParties) throw new Refusal(81014)
  const range = visibleRange(state, call.app)
  const goodUsers = users.filter((userid) => range.members.has(memberKey(userid)))
  const goodParties = parties.filter((id) => range.departments.has(id))
  if (goodUsers.length === 0 && goodParties.length === 0) throw new Refusal(how === 'add' ? 40070 : 40031)
  for (const userid of goodUsers) tag.users[how](memberKey(userid))
  for (const id of goodParties) tag.parties[how](id)
  organizationChanged(state)
  world.touched()
  const badUsers = users.filter((userid) => !range.members.has(memberKey(userid)))
  const badParties = parties.filter((id) => !range.departments.has(id))
  return {
    ...(badUsers.length === 0 ? {} : {invalidlist: badUsers.join('|')}),
    ...(badParties.length === 0 ? {} : {invalidparty: badParties}),
  }
}
