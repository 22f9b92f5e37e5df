import type {Fields} from './fields.js'
import {checkPart, checkText, isPartKind} from './message-parts.js'
import {findRelation} from './relations.js'
import {memberKey} from './state.js'
import type {AddRecord} from './state-customers.js'
import {isVisible} from './visible-range.js'
import {requireUsableAdd} from './welcome-codes.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {Refusal, type JsonObject} from './wire.js'

/** send_welcome_msg (92137). */
export const welcomeEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/send_welcome_msg': {method: 'POST', needs: ['customer-contact'], run: sendWelcome},
}

function sendWelcome(world: World, call: ApiCall): object | Promise<object> {
  const code = call.body.text('welcome_code')
  if (code === undefined || code === '') throw new Refusal(41049)
  const add = requireUsableAdd(world, code, call.app.agentid)
  requireSendable(world, call, add)
  const text = checkText(call.body, world.limits.welcomeTextBytes)
  const attachments = checkAttachments(world, call.body)
  if (text === undefined && attachments.length === 0) throw new Refusal(44004)
  add.status = 'sending'
  const deliver = () => {
    recordDelivery(world, call, add, {code, text: text ?? '', attachments})
    return {}
  }
  const {welcomeSendingMs} = world.settings
  return welcomeSendingMs === 0 ? deliver() : world.pause(welcomeSendingMs).then(deliver)
}

/** The member and his relation must still allow it; the order of these checks is inferred. */
function requireSendable(world: World, call: ApiCall, add: AddRecord): void {
  const {state, settings} = world
  const member = state.members.get(memberKey(add.userid))
  if (member === undefined || !isVisible(state, call.app, add.userid)) throw new Refusal(60011)
  if (!member.customerContact) throw new Refusal(84074)
  if (member.status !== 1) throw new Refusal(settings.inactiveMemberErrcode)
  const relation = findRelation(state, add.userid, add.external_userid)
  if (relation === undefined) throw new Refusal(84061)
  if (add.needsConsent && !relation.consented) throw new Refusal(41053)
}

function checkAttachments(world: World, body: Fields): JsonObject[] {
  const attachments = body.objects('attachments')
  if (attachments.length > world.limits.welcomeAttachments) throw new Refusal(41064)
  return attachments.map((attachment) => {
    const kind = attachment.text('msgtype') ?? ''
    if (!isPartKind(kind)) throw new Refusal(41065)
    const part = attachment.object(kind)
    if (part === undefined) throw new Refusal(40058, `attachments.${kind}`)
    return {msgtype: kind, [kind]: checkPart(world, kind, part)}
  })
}

interface Content {
  code: string
  text: string
  attachments: JsonObject[]
}

function recordDelivery(world: World, call: ApiCall, add: AddRecord, content: Content): void {
  const {state, settings} = world
  add.status = 'delivered'
  world.touched()
  state.welcomesTotal += 1
  state.welcomes.push({
    ...content,
    agentid: call.app.agentid,
    userid: add.userid,
    external_userid: add.external_userid,
    state: findRelation(state, add.userid, add.external_userid)?.state ?? '',
    eventAtMs: add.eventAtMs,
    elapsedMs: world.clock.nowMs() - add.eventAtMs,
  })
  if (state.welcomes.length > settings.historyKept * 1.1)
    state.welcomes.splice(0, state.welcomes.length - settings.historyKept)
}
