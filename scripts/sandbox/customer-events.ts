import type {Delivery} from './callback-outbox.js'
import {renderEvent, type XmlNode} from './callback-xml.js'
import {issueCode} from './welcome-codes.js'
import {isVisible} from './visible-range.js'
import type {AddRecord} from './state-customers.js'
import type {AppRecord} from './state-organization.js'
import {nowSeconds, type World} from './world.js'

/** Pushing change_external_contact and its relatives to every app that is entitled to them (92130). */

export interface Pushed {
  agentid: number
  delivery: Delivery | 'no-callback'
  code?: string
}

/** Apps that get an event about a member: permission, range, and the event ticked in the receive settings. */
function entitledApps(world: World, userid: string, event: string): AppRecord[] {
  return [...world.state.apps.values()].filter(
    (app) =>
      app.kind === 'app' &&
      !app.disabled &&
      app.permissions.includes('customer-contact') &&
      (app.callback?.events.includes(event) ?? false) &&
      isVisible(world.state, app, userid),
  )
}

interface CustomerEvent {
  changeType: string
  userid: string
  external_userid: string
  /** Elements between ChangeType and UserID (transfer_fail's FailReason). */
  before?: readonly XmlNode[]
  /** Elements after ExternalUserID. */
  after?: readonly XmlNode[]
  /** Each app gets its own code for this add. */
  codeFor?: AddRecord
}

export async function pushCustomerEvent(world: World, event: CustomerEvent): Promise<Pushed[]> {
  const createTime = nowSeconds(world)
  const apps = entitledApps(world, event.userid, 'change_external_contact')
  return Promise.all(
    apps.map(async (app) => {
      const code = event.codeFor === undefined ? undefined : issueCode(world, event.codeFor, app.agentid)
      const plaintext = renderEvent(world.state.corpid, createTime, 'change_external_contact', [
        ['ChangeType', event.changeType],
        ...(event.before ?? []),
        ['UserID', event.userid],
        ['ExternalUserID', event.external_userid],
        ...(event.after ?? []),
        ...(code === undefined ? [] : [['WelcomeCode', code] as const]),
      ])
      const delivery = await world.outbox.send({app, plaintext})
      return {agentid: app.agentid, delivery, ...(code === undefined ? {} : {code})}
    }),
  )
}

/** Pushes an event that is about no particular member to every app that ticked it. */
export async function pushToApps(world: World, event: string, fields: readonly XmlNode[]): Promise<Pushed[]> {
  const plaintext = renderEvent(world.state.corpid, nowSeconds(world), event, fields)
  const kind = event === 'change_contact' ? 'contact-sync' : 'app'
  const apps = [...world.state.apps.values()].filter(
    (app) => app.kind === kind && !app.disabled && (app.callback?.events.includes(event) ?? false),
  )
  return Promise.all(
    apps.map(async (app) => ({agentid: app.agentid, delivery: await world.outbox.send({app, plaintext})})),
  )
}
