import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {APPS, CORPID, DAY, DEPARTMENTS, MEMBERS, START, startPlayground, type Playground} from './playground.js'
import {startReceiver, type Receiver} from './receiver.js'

describe('callbacks', () => {
  let world: Playground
  let receiver: Receiver
  beforeEach(async () => {
    world = await startPlayground({settings: {callbackRepeatGapMs: 1}})
    receiver = await startReceiver()
    await world.control('/apps', {
      apps: [
        {...APPS[0], callback: receiver.callback},
        {...APPS[4], callback: receiver.callback},
      ],
    })
  })
  afterEach(async () => {
    await world.close()
    await receiver.close()
  })

  const pair = {userid: 'lina', external_userid: 'wmTEST1'}
  const add = (more: object = {}) => world.control('/customers/add', {...pair, ...more})
  const changes = () => receiver.events.map((_, index) => receiver.field(index, 'ChangeType'))

  it('carry a good signature, the app’s id and the documented elements', async () => {
    await add({state: 'rc-spring'})
    const [event] = receiver.events
    expect(event?.signatureHolds).toBe(true)
    expect(event?.body).toMatch(
      /^<xml><ToUserName><!\[CDATA\[wwemulator0000000001\]\]><\/ToUserName><AgentID><!\[CDATA\[1000002\]\]><\/AgentID><Encrypt><!\[CDATA\[[A-Za-z0-9+/=]+\]\]><\/Encrypt><\/xml>$/,
    )
    expect(event?.plaintext).toMatch(
      new RegExp(
        `^<xml><ToUserName><!\\[CDATA\\[${CORPID}\\]\\]></ToUserName><FromUserName><!\\[CDATA\\[sys\\]\\]></FromUserName><CreateTime>${START}</CreateTime>` +
          '<MsgType><!\\[CDATA\\[event\\]\\]></MsgType><Event><!\\[CDATA\\[change_external_contact\\]\\]></Event><ChangeType><!\\[CDATA\\[add_external_contact\\]\\]></ChangeType>' +
          '<UserID><!\\[CDATA\\[lina\\]\\]></UserID><ExternalUserID><!\\[CDATA\\[wmTEST1\\]\\]></ExternalUserID><State><!\\[CDATA\\[rc-spring\\]\\]></State>' +
          '<WelcomeCode><!\\[CDATA\\[CODE[0-9a-f]{40}\\]\\]></WelcomeCode></xml>$',
      ),
    )
  })

  it('leave State out when there is none', async () => {
    await add()
    expect(receiver.events[0]?.plaintext).not.toContain('State')
  })

  it.each([
    ['edit_external_contact', () => world.control('/customers/edit', {...pair, remark: '老客户'})],
    ['del_external_contact', () => world.control('/customers/delete', {...pair, by: 'member'})],
    ['del_follow_user', () => world.control('/customers/delete', {...pair, by: 'customer'})],
    ['msg_audit_approved', () => world.control('/customers/consent', pair)],
  ])('tell of %s', async (changeType, act) => {
    await add()
    await act()
    expect(changes()).toEqual(['add_external_contact', changeType])
    expect([receiver.field(1, 'UserID'), receiver.field(1, 'ExternalUserID')]).toEqual(['lina', 'wmTEST1'])
  })

  it('tell of a half add and of its completion', async () => {
    await add({half: true})
    await world.control('/customers/complete', pair)
    expect(changes()).toEqual(['add_half_external_contact', 'add_external_contact'])
  })

  it('tell of a finished transfer on both sides, without a code', async () => {
    await add()
    await world.post('externalcontact/transfer_customer', {
      handover_userid: 'lina',
      takeover_userid: 'WangWei',
      external_userid: ['wmTEST1'],
    })
    await world.advance(DAY * 1000)
    expect(changes()).toEqual(['add_external_contact', 'del_external_contact', 'add_external_contact'])
    expect(receiver.field(1, 'Source')).toBe('DELETE_BY_TRANSFER')
    expect(receiver.field(2, 'UserID')).toBe('WangWei')
    expect(receiver.field(2, 'WelcomeCode')).toBeUndefined()
  })

  it('tell of a refused transfer', async () => {
    await add()
    await world.post('externalcontact/transfer_customer', {
      handover_userid: 'lina',
      takeover_userid: 'WangWei',
      external_userid: ['wmTEST1'],
    })
    await world.control('/transfers/fail', {external_userid: 'wmTEST1'})
    expect([receiver.field(1, 'FailReason'), receiver.field(1, 'UserID')]).toEqual(['customer_refused', 'WangWei'])
  })

  it('tell of tags changed in the console, but of nothing done through the API', async () => {
    await add()
    const reply = await world.post('externalcontact/add_corp_tag', {group_name: '来源', tag: [{name: 'a'}]})
    const [tag] = (reply['tag_group'] as {tag: {id: string}[]}).tag
    await world.post('externalcontact/mark_tag', {...pair, add_tag: [tag?.id]})
    await world.post('externalcontact/remark', {...pair, remark: 'x'})
    await world.control('/tags/console', {group_name: '控制台', tags: ['老']})
    expect(receiver.events).toHaveLength(2)
    expect([receiver.field(1, 'Event'), receiver.field(1, 'TagType'), receiver.field(1, 'ChangeType')]).toEqual([
      'change_external_tag',
      'tag_group',
      'create',
    ])
  })

  it('tell the app who enters and leaves its range, in the member’s name', async () => {
    await world.control('/organization', {
      departments: DEPARTMENTS,
      members: [...MEMBERS.slice(1), {userid: 'newbie', department: [9]}],
    })
    const seen = receiver.events.map((_, index) => [
      receiver.field(index, 'Event'),
      receiver.field(index, 'FromUserName'),
    ])
    expect(seen.toSorted()).toEqual([
      ['subscribe', 'newbie'],
      ['unsubscribe', 'boss'],
    ])
    expect(receiver.field(0, 'AgentID')).toBe('1000002')
  })

  it('say nothing about the range when the change is made quietly', async () => {
    await world.control('/organization', {departments: DEPARTMENTS, members: MEMBERS.slice(1), quiet: true})
    expect(receiver.events).toEqual([])
  })

  it.each([
    ['create_user', {UserID: 'newbie', Department: '7,9'}],
    ['update_user', {UserID: 'lina', NewUserID: 'lina2'}],
    ['delete_user', {UserID: 'lina'}],
    ['create_party', {Id: 10, ParentId: 1}],
    ['update_tag', {TagId: 3, AddUserItems: 'lina'}],
  ])('tell contact sync alone of %s, without AgentID', async (changeType, fields) => {
    await world.control('/contact-changes', {changeType, fields})
    expect(receiver.events).toHaveLength(1)
    expect([receiver.field(0, 'Event'), receiver.field(0, 'ChangeType')]).toEqual(['change_contact', changeType])
    for (const [name, value] of Object.entries(fields)) expect(receiver.field(0, name)).toBe(String(value))
    expect(receiver.events[0]?.body).not.toContain('AgentID')
  })

  it('reach an app only for events it ticked', async () => {
    await world.control('/apps', {apps: [{...APPS[0], callback: {...receiver.callback, events: ['subscribe']}}]})
    await add()
    expect(receiver.events).toEqual([])
  })

  it('are repeated up to three times after the first, encrypted anew, with the same plaintext', async () => {
    await world.control('/settings', {callbackPatienceMs: 500})
    receiver.answers.push(500, 'silent', 502)
    expect(await add()).toMatchObject({pushed: [{delivery: 'delivered'}]})
    expect(receiver.events).toHaveLength(4)
    expect(new Set(receiver.events.map(({plaintext}) => plaintext)).size).toBe(1)
    expect(new Set(receiver.events.map(({nonce}) => nonce)).size).toBe(4)
    expect(new Set(receiver.events.map(({encrypted}) => encrypted)).size).toBe(4)
  })

  it('are given up after the fourth push', async () => {
    receiver.answers.push(500, 500, 500, 500)
    expect(await add()).toMatchObject({pushed: [{delivery: 'failed'}]})
    expect(receiver.events).toHaveLength(4)
    expect(await world.read('/deliveries')).toMatchObject({events: 1, failed: 1, delivered: 0, pushes: 4})
  })

  it('fail at once when nobody listens', async () => {
    await receiver.close()
    expect(await add()).toMatchObject({pushed: [{delivery: 'failed'}]})
  })

  it('come twice, get lost, or turn round when the sandbox is told to', async () => {
    await world.control('/settings', {callbackDuplicateEvery: 2, callbackLoseEvery: 3})
    expect(
      await world.control('/customers/add-many', {count: 4, members: ['lina'], prefix: 'wm', concurrency: 1}),
    ).toMatchObject({delivered: 3, lost: 1})
    const customers = () => receiver.events.map((_, index) => receiver.field(index, 'ExternalUserID')?.slice(-1))
    expect(customers()).toEqual(['1', '2', '2', '4', '4'])
    receiver.events.length = 0
    await world.control('/settings', {
      callbackDuplicateEvery: 0,
      callbackLoseEvery: 0,
      callbackReorderGroup: 3,
      callbackConcurrency: 1,
    })
    await world.control('/customers/add-many', {count: 3, members: ['lina'], prefix: 'wx'})
    expect(customers()).toEqual(['3', '2', '1'])
  })

  it('wait for a group no longer than the batch lasts', async () => {
    await world.control('/settings', {callbackReorderGroup: 10})
    expect(await world.control('/customers/add-many', {count: 3, members: ['lina']})).toMatchObject({delivered: 3})
  })

  it('travel for a while when the sandbox is told to', async () => {
    await world.control('/settings', {callbackDelayMs: 30})
    await add()
    expect(receiver.events).toHaveLength(1)
  })

  it('check the URL by GET as the console does', async () => {
    expect(await world.control('/apps/callback-check', {agentid: 1000002})).toMatchObject({ok: true, status: 200})
    await receiver.close()
    expect(await world.control('/apps/callback-check', {agentid: 1000002})).toMatchObject({ok: false})
  })

  it('drive two thousand adds in one call', async () => {
    const summary = await world.control('/customers/add-many', {
      count: 2000,
      members: ['lina', 'WangWei'],
      concurrency: 64,
    })
    expect(summary).toMatchObject({adds: 2000, withCode: 2000, delivered: 2000, failed: 0})
    expect(receiver.events).toHaveLength(2000)
  })
})
