import type {CallbackEvent as GreetingEvent} from '../core/respond/callback-event.js'
import type {LiveMember as DirectoryMember} from '../core/model/live-company.js'
import type {Clock} from '../core/ports.js'
import type {LiveMember, LivePicture} from '../core/respond/overlay-directory.js'
import type {CallbackPort, CheckInAnswer, CheckInQuestion, WeComPort} from '../responder/ports.js'
import type {CallbackReader} from './callback.js'
import type {CallbackEvent} from './callback-event-types.js'
import type {WeComClient} from './client.js'
import {WeComRejected} from './errors.js'
import {createTagFinder} from './tag-finder.js'
import {uploadChecked} from './upload-checked.js'
import {fetchLiveDirectory, type LiveDirectorySettings} from './live-directory.js'

/** The client's calls as the responder asks for them. A stale token is replaced once inside the client. */
export function createResponderPort(client: WeComClient, clock: Pick<Clock, 'nowMs'>): WeComPort {
  const findTags = createTagFinder(client, clock)
  return {
    async sendWelcome(welcomeCode, {text, attachments}, {timeoutMs, signal}) {
      const {outcome, errcode} = await client.sendWelcome(
        {welcomeCode, text, attachments},
        {budgetMs: timeoutMs, signal, hasSlot: true, isBounded: true},
      )
      if (outcome === 'unknown' || errcode === null) return {kind: 'lost'}
      return {kind: 'answered', errcode}
    },
    async takeRoom(signal) {
      try {
        await client.takeWelcomeSlot(signal)
        return true
      } catch (error) {
        if (signal.aborted) return false
        throw error
      }
    },
    async fetchNickname(customer, {timeoutMs, signal}) {
      const {name} = await client.fetchCustomer(customer, {budgetMs: timeoutMs, signal})
      return name === '' ? null : name
    },
    sendMedia: ({use, fileName}, bytes) => uploadChecked(client, use, {fileName, bytes}),
    async tagCustomer(member, customer, tags) {
      await client.sendCustomerTags(member, customer, {add: await findTags(tags)})
    },
  }
}

/** Callbacks as the responder takes them: the few fields greeting needs, under one name each. */
export const createCallbackPort = (reader: CallbackReader, corpId: string): CallbackPort => ({
  readEcho: (query) => reader.readEcho(query),
  readDelivery(query, body) {
    const read = reader.readDelivery(query, body)
    return read.ok ? {ok: true, event: greetingEvent(read.event, corpId), sealed: read.sealed} : read
  },
  readSealed(sealed) {
    const event = reader.readSealed(sealed)
    return event === null ? null : greetingEvent(event, corpId)
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

/** Members as WeCom shows them now, with department paths, the main one first, and the member tags it shows. */
export async function fetchLivePicture(
  client: WeComClient,
  settings: LiveDirectorySettings = {},
): Promise<LivePicture> {
  const {departments, members, tags, gone, refused} = await fetchLiveDirectory(client, settings)
  const pathOf = new Map(departments.map(({id, path}) => [id, path]))
  const left = gone.map((id): LiveMember => ({id, status: 'left'}))
  return {tags, refused, members: [...members.map((member) => livePerson(member, pathOf)), ...left]}
}

function livePerson(
  {id, name, departmentIds, mainDepartmentId, leader, status, tags, attributes}: DirectoryMember,
  pathOf: ReadonlyMap<number, string>,
): LiveMember {
  const main = pathOf.get(mainDepartmentId)
  const others = departmentIds.filter((other) => other !== mainDepartmentId)
  return {
    id,
    name,
    // Without the main one the others would pass for it.
    departments: main === undefined ? [] : [main, ...others.flatMap((own) => pathOf.get(own) ?? [])],
    roles: tags,
    attributes,
    ...(status !== undefined && {status: STATUS[status]}),
    ...(leader === undefined ? {} : {leader}),
  }
}

/** Punches of at most 100 members (WeCom 90262). An answer that says no is a value; anything else that fails throws. */
export async function fetchCheckInAnswer(
  client: Pick<WeComClient, 'fetchCheckIns'>,
  {members, fromMs, untilMs}: CheckInQuestion,
  signal: AbortSignal,
): Promise<CheckInAnswer> {
  try {
    const [fromSeconds, untilSeconds] = [Math.floor(fromMs / 1000), Math.ceil(untilMs / 1000)]
    const rows = await client.fetchCheckIns({userIds: members, fromSeconds, untilSeconds}, {signal})
    return {kind: 'rows', rows}
  } catch (error) {
    if (error instanceof WeComRejected) return {kind: 'refused', errcode: error.errcode, says: error.message}
    throw error
  }
}
