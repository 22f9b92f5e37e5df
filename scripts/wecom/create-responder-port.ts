import type {CallbackEvent as GreetingEvent} from '../core/respond/callback-event.js'
import type {LiveMember} from '../core/respond/overlay-directory.js'
import type {CallbackPort, WeComPort} from '../responder/ports.js'
import type {CallbackReader} from './callback.js'
import type {CallbackEvent} from './callback-event-types.js'
import type {WeComClient} from './client.js'
import {fetchLiveDirectory} from './live-directory.js'

/** The client's calls as the responder asks for them. A stale token is replaced once inside the client. */
export function createResponderPort(client: WeComClient): WeComPort {
  return {
    async sendWelcome(welcomeCode, {text, attachments}, {timeoutMs, signal}) {
      const {outcome, errcode} = await client.sendWelcome(
        {welcomeCode, text, attachments},
        {budgetMs: timeoutMs, signal},
      )
      if (outcome === 'unknown' || errcode === null) return {kind: 'lost'}
      return {kind: 'answered', errcode}
    },
    async fetchNickname(customer, {timeoutMs, signal}) {
      const {name} = await client.fetchCustomer(customer, {budgetMs: timeoutMs, signal})
      return name === '' ? null : name
    },
    async sendMedia({use, fileName}, bytes) {
      return (await client.sendMedia(use, {fileName, bytes})).mediaId
    },
  }
}

/** Callbacks as the responder takes them: the few fields greeting needs, under one name each. */
export const createCallbackPort = (reader: CallbackReader, corpId: string): CallbackPort => ({
  readEcho: (query) => reader.readEcho(query),
  readDelivery(query, body) {
    const read = reader.readDelivery(query, body)
    return read.ok ? {ok: true, event: greetingEvent(read.event, corpId)} : read
  },
})

function greetingEvent(event: CallbackEvent, corpId: string): GreetingEvent {
  const base = {corpId, kind: event.kind, createTimeSeconds: event.createdAtSeconds, member: '', customer: ''}
  if ('userId' in event && 'externalUserId' in event)
    return {
      ...base,
      member: event.userId ?? '',
      customer: event.externalUserId ?? '',
      ...('state' in event && event.state ? {state: event.state} : {}),
      ...('welcomeCode' in event && event.welcomeCode ? {welcomeCode: event.welcomeCode} : {}),
    }
  return 'userId' in event ? {...base, member: event.userId} : base
}

const STATUS = {active: 'active', disabled: 'disabled', left: 'left', inactive: 'active'} as const

/** Members as WeCom shows them now, with department paths, the main one first. */
export async function fetchLiveMembers(client: WeComClient): Promise<readonly LiveMember[]> {
  const {departments, members} = await fetchLiveDirectory(client)
  const pathOf = new Map(departments.map(({id, path}) => [id, path]))
  return members.map(({id, name, departmentIds, mainDepartmentId, leader, status, tags, attributes}) => {
    const ids = [mainDepartmentId, ...departmentIds.filter((other) => other !== mainDepartmentId)]
    return {
      id,
      name,
      departments: ids.flatMap((own) => pathOf.get(own) ?? []),
      roles: tags,
      attributes,
      status: STATUS[status],
      ...(leader === undefined ? {} : {leader}),
    }
  })
}
