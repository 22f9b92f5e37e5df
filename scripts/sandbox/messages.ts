import {createHash} from 'node:crypto'
import type {Fields} from './fields.js'
import {HOUR_MS, MINUTE_MS} from './frequency.js'
import {makeId} from './ids.js'
import {checkMessage} from './message-checks.js'
import {memberKey} from './state.js'
import {isVisible, membersUnder, visibleRange} from './visible-range.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {Refusal, type JsonObject} from './wire.js'

/** message/send (90236): messages of an app to staff. */
export const messageEndpoints: EndpointTable = {
  '/cgi-bin/message/send': {
    method: 'POST',
    needs: ['message'],
    empty: {invaliduser: '', invalidparty: '', invalidtag: '', msgid: ''},
    run: sendMessage,
  },
}

interface Recipients {
  users: string[]
  invaliduser: string
  invalidparty: string
  invalidtag: string
}

function sendMessage(world: World, call: ApiCall): object {
  const {body, app} = call
  const agentid = body.integer('agentid')
  if (agentid === undefined) throw new Refusal(41011)
  if (agentid !== app.agentid) throw new Refusal(301002)
  const content = checkMessage(world, body, app.callback !== undefined)
  const recipients = resolveRecipients(world, call)
  const {invaliduser, invalidparty, invalidtag} = recipients
  const reply = {invaliduser, invalidparty, invalidtag, unlicenseduser: ''}
  const before = findDuplicate(world, call)
  if (before !== undefined) return {...reply, msgid: before, response_code: ''}
  const msgid = makeId(world.state, 'm', 32)
  rememberForDuplicates(world, call, msgid)
  recordMessage(world, call, {
    msgid,
    msgtype: body.text('msgtype') ?? '',
    content,
    users: recipients.users.filter((userid) => mayReach(world, userid)),
  })
  return {...reply, msgid, response_code: isInteractive(body) ? makeId(world.state, 'rc', 32) : ''}
}

const isInteractive = (body: Fields): boolean =>
  ['button_interaction', 'vote_interaction', 'multiple_interaction'].includes(
    body.object('template_card')?.text('card_type') ?? '',
  )

/** Partly invalid recipients are named, all invalid is 81013. The invalid list comes back in lower case. */
function resolveRecipients(world: World, call: ApiCall): Recipients {
  const {state, limits} = world
  const [users, parties, tags] = (['touser', 'toparty', 'totag'] as const).map((name) =>
    splitList(call.body.text(name)),
  )
  if (users === undefined || parties === undefined || tags === undefined) throw new Refusal(82001)
  if (users.length === 0 && parties.length === 0 && tags.length === 0) throw new Refusal(82001)
  if (users.length > limits.messageUsers) throw new Refusal(40032)
  if (parties.length > limits.messageParties) throw new Refusal(82002)
  if (tags.length > limits.messageTags) throw new Refusal(82003)
  const range = visibleRange(state, call.app)
  if (users[0] === '@all') return {users: [...range.members], invaliduser: '', invalidparty: '', invalidtag: ''}
  const badUsers = users.filter((userid) => !range.members.has(memberKey(userid)))
  const badParties = parties.filter((id) => !range.departments.has(Number(id)))
  const badTags = tags.filter((id) => !state.memberTags.has(Number(id)))
  const bad = badUsers.length + badParties.length + badTags.length
  if (bad === users.length + parties.length + tags.length) throw new Refusal(81013)
  const goodParties = parties.map(Number).filter((id) => range.departments.has(id))
  const tagged = tags.flatMap((id) => tagMembers(world, Number(id))).filter((key) => isVisible(state, call.app, key))
  const byParty = membersUnder(state, goodParties).map((member) => memberKey(member.userid))
  return {
    users: [...new Set([...users.map(memberKey).filter((key) => range.members.has(key)), ...byParty, ...tagged])],
    invaliduser: badUsers.map(memberKey).join('|'),
    invalidparty: badParties.join('|'),
    invalidtag: badTags.join('|'),
  }
}

function tagMembers(world: World, tagid: number): string[] {
  const tag = world.state.memberTags.get(tagid)
  if (tag === undefined) return []
  const byParty = membersUnder(world.state, [...tag.parties]).map((member) => memberKey(member.userid))
  return [...tag.users, ...byParty]
}

const splitList = (text: string | undefined): string[] => (text ?? '').split('|').filter((item) => item !== '')

/** Beyond 30 a minute or 1000 an hour a member silently gets nothing. */
function mayReach(world: World, userid: string): boolean {
  const rules = [
    {max: world.limits.messagePerMemberMinute, windowMs: MINUTE_MS},
    {max: world.limits.messagePerMemberHour, windowMs: HOUR_MS},
  ]
  return world.frequency.take(`member ${userid}`, rules, world.clock.nowMs())
}

/** The platform's own protection against sending twice (enable_duplicate_check); the interval is at most four hours. */
function findDuplicate(world: World, call: ApiCall): string | undefined {
  if (call.body.flag('enable_duplicate_check') !== true) return undefined
  const found = world.state.recentMessages.get(fingerprint(call))
  return found !== undefined && world.clock.nowMs() < found.untilMs ? found.msgid : undefined
}

function rememberForDuplicates(world: World, call: ApiCall, msgid: string): void {
  if (call.body.flag('enable_duplicate_check') !== true) return
  const seconds = call.body.integer('duplicate_check_interval') ?? 1800
  if (seconds < 1 || seconds > world.limits.duplicateCheckSeconds) throw new Refusal(40058, 'duplicate_check_interval')
  const nowMs = world.clock.nowMs()
  for (const [key, {untilMs}] of world.state.recentMessages)
    if (untilMs <= nowMs) world.state.recentMessages.delete(key)
  world.state.recentMessages.set(fingerprint(call), {msgid, untilMs: nowMs + seconds * 1000})
}

const fingerprint = (call: ApiCall): string =>
  createHash('sha256')
    .update(`${call.app.agentid} ${JSON.stringify(call.body.values)}`)
    .digest('hex')

function recordMessage(
  world: World,
  call: ApiCall,
  sent: {msgid: string; msgtype: string; users: string[]; content: JsonObject},
): void {
  const {state, settings} = world
  state.messagesTotal += 1
  state.messages.push({...sent, atSeconds: nowSeconds(world), agentid: call.app.agentid})
  if (state.messages.length > settings.historyKept * 1.1)
    state.messages.splice(0, state.messages.length - settings.historyKept)
  world.touched()
}
