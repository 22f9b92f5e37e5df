import {createHash} from 'node:crypto'
import type {CallbackEvent, EventFacts} from './callback-event-types.js'
import {xmlChild, xmlCommaList, xmlItems, xmlNumber, xmlText, xmlTextOrNull, type XmlFields} from './callback-xml.js'

type Reader = (fields: XmlFields, common: EventFacts) => CallbackEvent | null

const numbers = (fields: XmlFields, name: string): number[] => xmlCommaList(fields, name).map(Number)

/** Reads the plaintext of a callback. Every document with a root gives an event, if only an unknown one. */
export function readEvent(fields: XmlFields): CallbackEvent {
  const event = xmlText(fields, 'Event')
  const change = xmlText(fields, 'ChangeType')
  const common = {createdAtSeconds: xmlNumber(fields, 'CreateTime')}
  return READERS.get(event)?.(fields, common) ?? {kind: 'unknown', event, change, ...common}
}

const readRelationChange: Reader = (fields, common) => {
  const userId = xmlText(fields, 'UserID')
  const externalUserId = xmlText(fields, 'ExternalUserID')
  if (userId === '' || externalUserId === '') return null
  const relation = {...common, userId, externalUserId}
  const state = xmlTextOrNull(fields, 'State')
  const welcomeCode = xmlTextOrNull(fields, 'WelcomeCode')
  const kind = xmlText(fields, 'ChangeType')
  switch (kind) {
    case 'add_external_contact':
    case 'add_half_external_contact':
      return {kind, ...relation, state, welcomeCode}
    case 'msg_audit_approved':
      return {kind, ...relation, welcomeCode}
    case 'edit_external_contact':
      return {kind, ...relation, state}
    case 'del_external_contact':
      return {kind, ...relation, byTransfer: xmlText(fields, 'Source') === 'DELETE_BY_TRANSFER'}
    case 'del_follow_user':
      return {kind, ...relation}
    case 'transfer_fail':
      return {kind, ...relation, reason: xmlText(fields, 'FailReason')}
    default:
      return null
  }
}

const readContactChange: Reader = (fields, common) => {
  const kind = xmlText(fields, 'ChangeType')
  switch (kind) {
    case 'create_user':
    case 'update_user':
    case 'delete_user': {
      const userId = xmlText(fields, 'UserID')
      // Both spellings of the new id are on the wire.
      const newUserId = xmlTextOrNull(fields, 'NewUserID') ?? xmlTextOrNull(fields, 'NewUserId')
      const departmentIds = xmlTextOrNull(fields, 'Department') === null ? null : numbers(fields, 'Department')
      return userId === '' ? null : {kind, ...common, userId, newUserId, departmentIds}
    }
    case 'create_party':
    case 'update_party':
    case 'delete_party': {
      const [id, parent] = [xmlNumber(fields, 'Id'), xmlNumber(fields, 'ParentId')]
      const parentId = parent === 0 ? null : parent
      return id === 0 ? null : {kind, ...common, id, name: xmlTextOrNull(fields, 'Name'), parentId}
    }
    case 'update_tag':
      return {
        kind,
        ...common,
        tagId: xmlNumber(fields, 'TagId'),
        addedUserIds: xmlCommaList(fields, 'AddUserItems'),
        removedUserIds: xmlCommaList(fields, 'DelUserItems'),
        addedDepartmentIds: numbers(fields, 'AddPartyItems'),
        removedDepartmentIds: numbers(fields, 'DelPartyItems'),
      }
    default:
      return null
  }
}

const readVisibility: Reader = (fields, common) => {
  const userId = xmlText(fields, 'FromUserName')
  const kind = xmlText(fields, 'Event') === 'subscribe' ? 'subscribe' : 'unsubscribe'
  return userId === '' ? null : {kind, ...common, userId}
}

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['change_external_contact', readRelationChange],
  ['change_contact', readContactChange],
  ['subscribe', readVisibility],
  ['unsubscribe', readVisibility],
  [
    'change_external_chat',
    (fields, common) => ({
      kind: 'change_external_chat',
      ...common,
      change: xmlText(fields, 'ChangeType'),
      detail: xmlTextOrNull(fields, 'UpdateDetail'),
      chatId: xmlText(fields, 'ChatId'),
      memberIds: xmlItems(fields, 'MemChangeList'),
    }),
  ],
  [
    'change_external_tag',
    (fields, common) => ({
      kind: 'change_external_tag',
      ...common,
      change: xmlText(fields, 'ChangeType'),
      tagType: xmlText(fields, 'TagType'),
      id: xmlText(fields, 'Id'),
    }),
  ],
  [
    'customer_acquisition',
    (fields, common) => ({
      kind: 'customer_acquisition',
      ...common,
      change: xmlText(fields, 'ChangeType'),
      linkId: xmlTextOrNull(fields, 'LinkId'),
      state: xmlTextOrNull(fields, 'State'),
      userId: xmlTextOrNull(fields, 'UserID'),
      externalUserId: xmlTextOrNull(fields, 'ExternalUserID'),
    }),
  ],
  [
    'batch_job_result',
    (fields, common) => {
      const job = xmlChild(fields, 'BatchJob')
      const [jobId, jobType] = [xmlText(job, 'JobId'), xmlText(job, 'JobType')]
      return {kind: 'batch_job_result', ...common, jobId, jobType, errcode: xmlNumber(job, 'ErrCode')}
    },
  ],
  [
    'sys_approval_change',
    (fields, common) => {
      const info = xmlChild(fields, 'ApprovalInfo')
      // The plain number exceeds what some parsers can hold; the text is the same number.
      const number = xmlTextOrNull(info, 'SpNoStr') ?? xmlText(info, 'SpNo')
      const status = xmlNumber(info, 'SpStatus')
      return {kind: 'sys_approval_change', ...common, number, status, templateId: xmlText(info, 'TemplateId')}
    },
  ],
  [
    'template_card_event',
    (fields, common) => ({
      kind: 'template_card_event',
      ...common,
      userId: xmlText(fields, 'FromUserName'),
      eventKey: xmlText(fields, 'EventKey'),
      taskId: xmlText(fields, 'TaskId'),
      responseCode: xmlText(fields, 'ResponseCode'),
    }),
  ],
  [
    'upload_media_job_finish',
    (fields, common) => ({kind: 'upload_media_job_finish', ...common, jobId: xmlText(fields, 'JobId')}),
  ],
])

/**
 * The key under which a repeated delivery is the same event. Events have no id and the sender is always `sys`, so it is
 * made of what happened to whom and when. A digest: it may stand in a log, the ids in it may not.
 */
export function eventKeyOf(event: CallbackEvent): string {
  const {kind, createdAtSeconds, ...rest} = event
  const facts = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify([kind, createdAtSeconds, facts]))
    .digest('hex')
}
