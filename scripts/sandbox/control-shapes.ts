import type {Fields} from './fields.js'
import {decodeAesKey} from './callback-crypto.js'
import {
  PERMISSIONS,
  type AppRecord,
  type CallbackTarget,
  type Department,
  type Member,
  type MemberStatus,
  type Permission,
} from './state-organization.js'
import {ControlMistake} from './wire.js'

/** Reading seeds of the control API, with defaults that make a plain member or app usable at once. */

export function readDepartment(fields: Fields): Department {
  return {
    id: requireInteger(fields, 'id'),
    name: fields.text('name') ?? '',
    parentid: fields.integer('parentid') ?? 0,
    order: fields.integer('order') ?? 1,
  }
}

const STATUSES: readonly MemberStatus[] = [1, 2, 4, 5]

export function readMember(fields: Fields): Member {
  const userid = requireText(fields, 'userid')
  if (!/^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/.test(userid)) throw new ControlMistake(`"${userid}" is no valid userid`)
  const status = STATUSES.find((known) => known === (fields.integer('status') ?? 1))
  if (status === undefined) throw new ControlMistake(`status of "${userid}" must be one of ${STATUSES.join(', ')}`)
  const department = fields.integers('department')
  return {
    userid,
    name: fields.text('name') ?? userid,
    department,
    main_department: fields.integer('main_department') ?? department[0] ?? 1,
    direct_leader: readLeaders(fields),
    position: fields.text('position') ?? '',
    status,
    attributes: readAttributes(fields),
    customerContact: fields.flag('customerContact') ?? true,
    realNameVerified: fields.flag('realNameVerified') ?? true,
  }
}

/** One leader as text or a list of them. */
function readLeaders(fields: Fields): string[] {
  const written = fields.values['direct_leader']
  return typeof written === 'string' ? [written] : fields.texts('direct_leader')
}

function readAttributes(fields: Fields): Record<string, string> {
  const written = fields.object('attributes')?.values ?? {}
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => {
      if (typeof value === 'object') throw new ControlMistake(`attribute ${name} must be text, a number or yes/no`)
      return [name, String(value)]
    }),
  )
}

const SELF_BUILT: readonly Permission[] = ['contacts', 'message', 'media']
const ALL_OF_AN_APP: readonly Permission[] = [...SELF_BUILT, 'customer-contact', 'check-in', 'audit-log']
const CONTACT_SYNC: readonly Permission[] = ['contacts', 'contact-sync']
const APP_EVENTS = ['change_external_contact', 'change_external_tag', 'subscribe', 'unsubscribe']

export function readApp(fields: Fields): AppRecord {
  const kind = fields.text('kind') ?? 'app'
  if (kind !== 'app' && kind !== 'contact-sync') throw new ControlMistake('kind is "app" or "contact-sync"')
  const agentid = requireInteger(fields, 'agentid')
  const visible = fields.object('visible')
  const callback = readCallback(fields.object('callback'), kind === 'app' ? APP_EVENTS : ['change_contact'])
  return {
    agentid,
    name: fields.text('name') ?? `app ${agentid}`,
    kind,
    secret: requireText(fields, 'secret'),
    disabled: fields.flag('disabled') ?? false,
    visible: {
      users: visible?.texts('users') ?? [],
      departments: visible?.integers('departments') ?? (visible === undefined ? [1] : []),
      tags: visible?.integers('tags') ?? [],
    },
    permissions: kind === 'app' ? readPermissions(fields) : [...CONTACT_SYNC],
    trustedIps: fields.has('trustedIps') ? fields.texts('trustedIps') : ['127.0.0.1'],
    ...(callback === undefined ? {} : {callback}),
  }
}

/** Contacts, message and media come with every self-built app; the listed ones are added to them. */
function readPermissions(fields: Fields): Permission[] {
  if (!fields.has('permissions')) return [...ALL_OF_AN_APP]
  const listed = fields.texts('permissions').map((written) => {
    const known = PERMISSIONS.find((permission) => permission === written)
    if (known === undefined)
      throw new ControlMistake(`there is no permission "${written}" (known: ${PERMISSIONS.join(', ')})`)
    return known
  })
  return [...new Set([...SELF_BUILT, ...listed])]
}

function readCallback(fields: Fields | undefined, usual: readonly string[]): CallbackTarget | undefined {
  if (fields === undefined) return undefined
  const url = requireText(fields, 'url')
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ControlMistake(`callback url "${url}" is no http(s) URL`)
  const token = requireText(fields, 'token')
  if (!/^[0-9A-Za-z]{1,32}$/.test(token)) throw new ControlMistake('a callback token has up to 32 letters and digits')
  const aesKey = requireText(fields, 'aesKey')
  if (!/^[0-9A-Za-z]{43}$/.test(aesKey) || decodeAesKey(aesKey).length !== 32) {
    throw new ControlMistake('an aesKey has exactly 43 letters and digits')
  }
  return {url, token, aesKey, events: fields.has('events') ? fields.texts('events') : [...usual]}
}

export function requireText(fields: Fields, name: string): string {
  const text = fields.text(name)
  if (text === undefined || text === '') throw new ControlMistake(`${name} is missing`)
  return text
}

export function requireInteger(fields: Fields, name: string): number {
  const value = fields.integer(name)
  if (value === undefined) throw new ControlMistake(`${name} is missing`)
  return value
}
