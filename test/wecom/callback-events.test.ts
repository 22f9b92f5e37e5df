import {describe, expect, it} from '@jest/globals'
import type {CallbackEvent} from '../../scripts/wecom/callback-event-types.js'
import {eventKeyOf, readEvent} from '../../scripts/wecom/callback-events.js'
import {parseXml} from '../../scripts/wecom/callback-xml.js'

const AT = 1_700_000_000

function read(event: string, inside: string, from = 'sys'): CallbackEvent {
  const head = `<FromUserName><![CDATA[${from}]]></FromUserName><CreateTime>${AT}</CreateTime><MsgType><![CDATA[event]]></MsgType>`
  return readEvent(parseXml(`<xml>${head}<Event><![CDATA[${event}]]></Event>${inside}</xml>`) ?? {})
}

const RELATION = '<UserID><![CDATA[lina]]></UserID><ExternalUserID><![CDATA[wmTEST1]]></ExternalUserID>'
const relation = {createdAtSeconds: AT, userId: 'lina', externalUserId: 'wmTEST1'}
const changed = (type: string, inside = RELATION) =>
  read('change_external_contact', `<ChangeType><![CDATA[${type}]]></ChangeType>${inside}`)
const contact = (type: string, inside: string) => read('change_contact', `<ChangeType>${type}</ChangeType>${inside}`)

describe('events about customers', () => {
  it.each(['add_external_contact', 'add_half_external_contact'])('%s with and without code and state', (kind) => {
    expect(changed(kind)).toEqual({kind, ...relation, state: null, welcomeCode: null})
    const inside = `${RELATION}<State><![CDATA[007]]></State><WelcomeCode><![CDATA[CODE]]></WelcomeCode>`
    expect(changed(kind, inside)).toEqual({kind, ...relation, state: '007', welcomeCode: 'CODE'})
    expect(changed(kind, `${RELATION}<State/><WelcomeCode/>`)).toMatchObject({state: null, welcomeCode: null})
  })

  it('edit, deletion by either side, transfer and consent', () => {
    expect(changed('edit_external_contact')).toEqual({kind: 'edit_external_contact', ...relation, state: null})
    expect(changed('del_external_contact')).toMatchObject({byTransfer: false})
    const handed = `${RELATION}<Source><![CDATA[DELETE_BY_TRANSFER]]></Source>`
    expect(changed('del_external_contact', handed)).toMatchObject({byTransfer: true})
    expect(changed('del_follow_user')).toEqual({kind: 'del_follow_user', ...relation})
    const failed = `${RELATION}<FailReason><![CDATA[customer_refused]]></FailReason>`
    expect(changed('transfer_fail', failed)).toEqual({kind: 'transfer_fail', ...relation, reason: 'customer_refused'})
    expect(changed('msg_audit_approved', `${RELATION}<WelcomeCode>C</WelcomeCode>`)).toMatchObject({welcomeCode: 'C'})
  })

  it('an add without the member or with two members is no add', () => {
    const customerOnly = '<ExternalUserID>wmTEST1</ExternalUserID>'
    expect(changed('add_external_contact', customerOnly)).toMatchObject({
      kind: 'unknown',
      change: 'add_external_contact',
    })
    expect(changed('add_external_contact', `${RELATION}<UserID>mallory</UserID>`).kind).toBe('unknown')
  })

  it('groups with one and with several members in the list', () => {
    const group = (items: string) =>
      read(
        'change_external_chat',
        `<ChatId>wr1</ChatId><ChangeType>update</ChangeType><UpdateDetail>add_member</UpdateDetail><MemChangeList>${items}</MemChangeList>`,
      )
    expect(group('<Item>wm1</Item>')).toMatchObject({chatId: 'wr1', detail: 'add_member', memberIds: ['wm1']})
    expect(group('<Item>wm1</Item><Item>wm2</Item>')).toMatchObject({memberIds: ['wm1', 'wm2']})
    expect(group('')).toMatchObject({memberIds: []})
  })

  it('tags and the acquisition assistant', () => {
    const tag = '<Id><![CDATA[etT1]]></Id><TagType><![CDATA[tag]]></TagType><ChangeType>update</ChangeType>'
    expect(read('change_external_tag', tag)).toMatchObject({id: 'etT1', tagType: 'tag', change: 'update'})
    expect(read('customer_acquisition', '<ChangeType>balance_low</ChangeType>')).toEqual({
      kind: 'customer_acquisition',
      createdAtSeconds: AT,
      change: 'balance_low',
      linkId: null,
      state: null,
      userId: null,
      externalUserId: null,
    })
  })
})

describe('events about the company', () => {
  it('members, with both spellings of the new id, with and without CDATA', () => {
    const created = contact('create_user', '<UserID><![CDATA[lina]]></UserID><Department><![CDATA[7,9]]></Department>')
    expect(created).toMatchObject({kind: 'create_user', userId: 'lina', departmentIds: [7, 9], newUserId: null})
    for (const name of ['NewUserID', 'NewUserId']) {
      const renamed = contact('update_user', `<UserID>lina</UserID><${name}>lina2</${name}>`)
      expect(renamed).toMatchObject({kind: 'update_user', newUserId: 'lina2', departmentIds: null})
    }
    expect(contact('delete_user', '<UserID>lina</UserID>')).toMatchObject({kind: 'delete_user'})
  })

  it('departments and member tags', () => {
    expect(contact('create_party', '<Id>7</Id><Name><![CDATA[门店]]></Name><ParentId>1</ParentId>')).toMatchObject({
      id: 7,
      name: '门店',
      parentId: 1,
    })
    expect(contact('delete_party', '<Id>7</Id>')).toMatchObject({kind: 'delete_party', id: 7, parentId: null})
    const tag =
      '<TagId>3</TagId><AddUserItems>lina,boss</AddUserItems><DelUserItems/><AddPartyItems>7</AddPartyItems><DelPartyItems/>'
    expect(contact('update_tag', tag)).toMatchObject({
      tagId: 3,
      addedUserIds: ['lina', 'boss'],
      removedUserIds: [],
      addedDepartmentIds: [7],
    })
  })

  it('subscribe and unsubscribe name the member as the sender', () => {
    const left = read('unsubscribe', '<AgentID>1000002</AgentID>', 'lina')
    expect(left).toEqual({kind: 'unsubscribe', createdAtSeconds: AT, userId: 'lina'})
    expect(read('subscribe', '', 'lina').kind).toBe('subscribe')
  })

  it('jobs, approvals, cards and uploads', () => {
    const job = '<BatchJob><JobId>j1</JobId><JobType>sync_user</JobType><ErrCode>0</ErrCode></BatchJob>'
    expect(read('batch_job_result', job)).toMatchObject({jobId: 'j1', jobType: 'sync_user', errcode: 0})
    const approval =
      '<ApprovalInfo><SpNo>20261122000000000001</SpNo><SpStatus>2</SpStatus><TemplateId>T</TemplateId></ApprovalInfo>'
    expect(read('sys_approval_change', approval)).toMatchObject({number: '20261122000000000001', status: 2})
    expect(read('template_card_event', '<EventKey>k</EventKey><TaskId>t</TaskId>', 'boss')).toMatchObject({
      userId: 'boss',
      eventKey: 'k',
      taskId: 't',
    })
    expect(read('upload_media_job_finish', '<JobId>j2</JobId>')).toMatchObject({jobId: 'j2'})
  })

  it('anything else is unknown, not an error', () => {
    expect(read('brand_new', '<ChangeType>x</ChangeType>')).toEqual({
      kind: 'unknown',
      createdAtSeconds: AT,
      event: 'brand_new',
      change: 'x',
    })
    expect(readEvent({})).toMatchObject({kind: 'unknown', event: '', createdAtSeconds: 0})
  })
})

describe('eventKeyOf', () => {
  const add = changed('add_external_contact', `${RELATION}<WelcomeCode>A</WelcomeCode>`)

  it('is the same for a delivery that is repeated and another for another code, person or time', () => {
    expect(eventKeyOf(add)).toBe(eventKeyOf(changed('add_external_contact', `${RELATION}<WelcomeCode>A</WelcomeCode>`)))
    const others = [
      changed('add_external_contact', `${RELATION}<WelcomeCode>B</WelcomeCode>`),
      changed('add_half_external_contact', `${RELATION}<WelcomeCode>A</WelcomeCode>`),
      {...add, createdAtSeconds: AT + 1},
    ]
    expect(new Set([add, ...others].map(eventKeyOf)).size).toBe(4)
  })

  it('shows nothing of the people it is about', () => {
    expect(eventKeyOf(add)).toMatch(/^[0-9a-f]{64}$/)
  })
})
