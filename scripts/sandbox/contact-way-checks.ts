import {DAY_SECONDS} from './beijing-time.js'
import type {Fields} from './fields.js'
import {checkPart, checkText} from './message-parts.js'
import {memberKey} from './state.js'
import type {AppRecord, Member} from './state-organization.js'
import type {ContactWay} from './state-resources.js'
import {isVisible, membersUnder, visibleRange} from './visible-range.js'
import type {World} from './world.js'
import {charLength, Refusal, type JsonObject} from './wire.js'

/** Checks of contact ways (92228). The order among parameter errors is the sandbox's own. */

type WayFields = Omit<ContactWay, 'config_id' | 'createdBy' | 'createdAtSeconds' | 'scans' | 'qr_code' | 'conclusions'>

const DEFAULT_EXPIRES_SECONDS = 7 * DAY_SECONDS
const DEFAULT_CHAT_SECONDS = DAY_SECONDS

/** Fields of a new way, or of `kept` with the given changes. */
export function checkWayFields(world: World, body: Fields, kept?: ContactWay): WayFields {
  const {limits, settings} = world
  const type = kept?.type ?? checkChoice(body.integer('type'), 41037, 41039)
  const scene = kept?.scene ?? checkChoice(body.integer('scene'), 41038, 41040)
  const style = checkStyle(body.integer('style') ?? kept?.style, scene)
  const is_temp = kept?.is_temp ?? body.flag('is_temp') ?? false
  if (is_temp && type !== 1) throw new Refusal(40058, 'is_temp')
  const unionid = body.text('unionid') ?? kept?.unionid
  return {
    type,
    scene,
    ...(style === undefined ? {} : {style}),
    remark: checkChars(body.text('remark') ?? kept?.remark ?? '', 'remark', limits.contactWayRemarkChars),
    skip_verify: body.flag('skip_verify') ?? kept?.skip_verify ?? true,
    state: checkChars(body.text('state') ?? kept?.state ?? '', 'state', limits.contactWayStateChars),
    user: body.has('user') ? body.texts('user') : (kept?.user ?? []),
    party: body.has('party') ? body.integers('party') : (kept?.party ?? []),
    is_temp,
    ...(is_temp ? checkTimes(world, body, kept) : {}),
    ...(unionid === undefined ? {} : {unionid}),
    is_exclusive: kept?.is_exclusive ?? body.flag('is_exclusive') ?? false,
    mark_source: body.flag('mark_source') ?? kept?.mark_source ?? settings.markSourceDefault,
  }
}

function checkChoice(value: number | undefined, missing: number, invalid: number): 1 | 2 {
  if (value === undefined) throw new Refusal(missing)
  if (value !== 1 && value !== 2) throw new Refusal(invalid)
  return value
}

/** Styles belong to the mini-program button (scene 1); three exist. */
function checkStyle(style: number | undefined, scene: 1 | 2): number | undefined {
  if (style === undefined) return undefined
  if (scene === 1 && (style < 1 || style > 3)) throw new Refusal(41042)
  return style
}

function checkChars(text: string, name: string, most: number): string {
  if (charLength(text) > most) throw new Refusal(40058, name)
  return text
}

function checkTimes(world: World, body: Fields, kept?: ContactWay): {expires_in: number; chat_expires_in: number} {
  const check = (name: string, usual: number) => {
    const seconds = body.integer(name) ?? usual
    if (seconds < 1 || seconds > world.limits.temporaryWaySeconds) throw new Refusal(40058, name)
    return seconds
  }
  return {
    expires_in: check('expires_in', kept?.expires_in ?? DEFAULT_EXPIRES_SECONDS),
    chat_expires_in: check('chat_expires_in', kept?.chat_expires_in ?? DEFAULT_CHAT_SECONDS),
  }
}

/**
 * Who a way leads to. Every listed member must exist, be visible, activated, real-name verified and have customer contact.
 * Members who come by department are only counted: refusing a whole department for one inactive member is not documented.
 */
export function checkWayMembers(world: World, app: AppRecord, way: WayFields): void {
  if (way.type === 1 && (way.user.length !== 1 || way.party.length > 0))
    throw new Refusal(40058, 'type 1 takes exactly one user')
  if (way.user.length === 0 && way.party.length === 0) throw new Refusal(40058, 'user and party are both empty')
  const reached = new Set(way.user.map((userid) => memberKey(checkWayMember(world, app, userid).userid)))
  for (const party of way.party) {
    if (!world.state.departments.has(party)) throw new Refusal(60003, `party ${party}`)
    if (!visibleRange(world.state, app).departments.has(party)) throw new Refusal(60011, `party ${party}`)
  }
  for (const member of membersUnder(world.state, way.party)) reached.add(memberKey(member.userid))
  if (reached.size > world.limits.contactWayMembers) throw new Refusal(41041)
}

function checkWayMember(world: World, app: AppRecord, userid: string): Member {
  const member = world.state.members.get(memberKey(userid))
  if (member === undefined || member.status === 5) throw new Refusal(40003, `userid ${userid}`)
  if (!isVisible(world.state, app, userid)) throw new Refusal(60011, `userid ${userid}`)
  if (member.status !== 1) throw new Refusal(41054)
  if (!member.realNameVerified) throw new Refusal(40098)
  if (!member.customerContact) throw new Refusal(84074)
  return member
}

/** The closing message of a temporary way: one text and the first of image, link, mini program. */
export function checkConclusions(world: World, body: Fields): JsonObject | undefined {
  const conclusions = body.object('conclusions')
  if (conclusions === undefined) return undefined
  const text = checkText(conclusions, world.limits.welcomeTextBytes)
  const kind = (['image', 'link', 'miniprogram'] as const).find((candidate) => conclusions.has(candidate))
  const part = kind === undefined ? undefined : conclusions.object(kind)
  return {
    ...(text === undefined ? {} : {text: {content: text}}),
    ...(kind === undefined || part === undefined ? {} : {[kind]: checkPart(world, kind, part)}),
  }
}
