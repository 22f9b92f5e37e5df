import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {codeOf, startPlayground, textOf, type Playground} from './playground.js'
import {startReceiver, type Receiver} from './receiver.js'

const SEND = 'externalcontact/send_welcome_msg'
const text = {content: '您好'}

describe('a welcome code', () => {
  let world: Playground
  let receiver: Receiver

  beforeEach(async () => {
    world = await startPlayground()
    receiver = await startReceiver()
    await world.control('/apps', {
      apps: [
        {agentid: 1000002, secret: 'secret-a', callback: receiver.callback},
        {agentid: 1000003, secret: 'secret-b', callback: receiver.callback},
      ],
    })
  })

  afterEach(async () => {
    await world.close()
    await receiver.close()
  })

  const add = (more: object = {}) =>
    world.control('/customers/add', {userid: 'lina', external_userid: 'wmTEST1', ...more})
  const send = (welcome_code: string, app = 1000002) => world.post(SEND, {welcome_code, text}, {app})

  it('sends once and is then used up (41051)', async () => {
    const code = codeOf(await add())
    expect((await send(code)).errcode).toBe(0)
    expect((await send(code)).errcode).toBe(41051)
  })

  it('works at exactly 20 seconds', async () => {
    const code = codeOf(await add())
    await world.advance(20_000)
    expect((await send(code)).errcode).toBe(0)
  })

  it('is refused with 41050 a millisecond after 20 seconds', async () => {
    const code = codeOf(await add())
    await world.advance(20_001)
    expect((await send(code)).errcode).toBe(41050)
  })

  it('is refused with 41050 when nobody knows it', async () => {
    expect((await send('CODE-unknown')).errcode).toBe(41050)
  })

  it.each([undefined, ''])('is asked for with 41049 when it is %p', async (welcome_code) => {
    expect((await world.post(SEND, {welcome_code, text})).errcode).toBe(41049)
  })

  it('differs between two apps, and the second to send meets 41051', async () => {
    const added = await add()
    const [first, second] = [codeOf(added, 0), codeOf(added, 1)]
    expect(first).not.toBe(second)
    expect((await send(first, 1000002)).errcode).toBe(0)
    expect((await send(second, 1000003)).errcode).toBe(41051)
  })

  it('belongs to the app it was given to', async () => {
    expect((await send(codeOf(await add(), 0), 1000003)).errcode).toBe(41050)
  })

  it('is the same for both apps when the sandbox is set so', async () => {
    await world.control('/settings', {welcomeCodes: 'shared'})
    const added = await add()
    expect(codeOf(added, 0)).toBe(codeOf(added, 1))
    expect((await send(codeOf(added), 1000003)).errcode).toBe(0)
  })

  it('is answered with 41096 while another send is under way, and 41051 afterwards', async () => {
    await world.control('/settings', {welcomeSendingMs: 500})
    const added = await add()
    const replies = await Promise.all([send(codeOf(added, 0), 1000002), send(codeOf(added, 1), 1000003)])
    expect(replies.map((reply) => reply.errcode).toSorted()).toEqual([0, 41096])
    expect((await send(codeOf(added, 1), 1000003)).errcode).toBe(41051)
  })

  it('is dead with 41051 once the two talk', async () => {
    const code = codeOf(await add())
    await world.control('/customers/chat', {userid: 'lina', external_userid: 'wmTEST1'})
    expect((await send(code)).errcode).toBe(41051)
  })

  it.each([
    ['a text too long', {text: {content: 'a'.repeat(4001)}}, 45002],
    ['an unknown attachment type', {text, attachments: [{msgtype: 'voice', voice: {}}]}, 41065],
    ['a foreign mini program', {text, attachments: [{msgtype: 'file', file: {media_id: 'gone'}}]}, 40007],
    ['nothing to say', {}, 44004],
  ])('stays fresh after %s', async (_what, content, errcode) => {
    const code = codeOf(await add())
    expect((await world.post(SEND, {welcome_code: code, ...content})).errcode).toBe(errcode)
    expect((await send(code)).errcode).toBe(0)
  })

  it('is not given out when a console welcome covers the member', async () => {
    await world.control('/console-welcome', {members: ['LINA']})
    expect(await add()).toMatchObject({withCode: false})
    expect(receiver.field(0, 'ChangeType')).toBe('add_external_contact')
    expect(receiver.events[0]?.plaintext).not.toContain('WelcomeCode')
  })

  it.each([
    ['a WeCom user of another corp', {type: 2}],
    ['a transferred customer', {add_way: 202}],
  ])('is not given out for %s', async (_what, more) => {
    expect(await add(more)).toMatchObject({withCode: false})
  })

  it('waits for consent with 41053, and consent brings a new code', async () => {
    await world.control('/consent-members', {members: ['lina']})
    const code = codeOf(await add())
    expect((await send(code)).errcode).toBe(41053)
    const consent = await world.control('/customers/consent', {userid: 'lina', external_userid: 'wmTEST1'})
    expect((await send(codeOf(consent))).errcode).toBe(0)
  })

  it('does not come with consent when the chat has begun', async () => {
    await world.control('/consent-members', {members: ['lina']})
    await add()
    await world.control('/customers/chat', {userid: 'lina', external_userid: 'wmTEST1'})
    const consent = await world.control('/customers/consent', {userid: 'lina', external_userid: 'wmTEST1'})
    expect(JSON.stringify(consent)).not.toContain('code')
  })

  it('comes with a half add, and not again when it was used there', async () => {
    const half = await add({half: true})
    expect((await send(codeOf(half))).errcode).toBe(0)
    const full = await world.control('/customers/complete', {userid: 'lina', external_userid: 'wmTEST1'})
    expect(full).toMatchObject({withCode: false})
  })

  it('comes again with the full add when the half add was not answered', async () => {
    await add({half: true})
    const full = await world.control('/customers/complete', {userid: 'lina', external_userid: 'wmTEST1'})
    expect((await send(codeOf(full))).errcode).toBe(0)
  })

  it.each([
    [
      'the member left the visible range',
      () => world.control('/apps/visible-range', {agentid: 1000002, users: ['boss']}),
      60011,
    ],
    [
      'the member deleted the customer',
      () => world.control('/customers/delete', {userid: 'lina', external_userid: 'wmTEST1', by: 'member'}),
      84061,
    ],
    [
      'the member lost customer contact',
      () => world.control('/members', {members: [{userid: 'lina', department: [7], customerContact: false}]}),
      84074,
    ],
    [
      'the member is not active any more',
      () => world.control('/members', {members: [{userid: 'lina', department: [7], status: 4}]}),
      41054,
    ],
  ])('cannot be used when %s', async (_what, change, errcode) => {
    const code = codeOf(await add())
    await change()
    expect((await send(code)).errcode).toBe(errcode)
  })

  it('leaves a record of what the customer got and how long it took', async () => {
    const code = codeOf(await add({state: 'rc-spring'}))
    await world.advance(1500)
    await send(code)
    expect(await world.read('/welcomes')).toMatchObject({
      total: 1,
      welcomes: [
        {
          code,
          userid: 'lina',
          external_userid: 'wmTEST1',
          state: 'rc-spring',
          elapsedMs: 1500,
          text: '您好',
          attachments: [],
        },
      ],
    })
  })

  it('does not reach an app that does not see the member', async () => {
    await world.control('/apps/visible-range', {agentid: 1000003, users: ['boss']})
    const {pushed} = await add()
    expect(pushed).toMatchObject([{agentid: 1000002}])
  })

  it('goes out with an id that can be read back', async () => {
    const added = await world.control('/customers/add', {userid: 'lina'})
    expect(textOf(added, 'external_userid')).toMatch(/^wm[0-9a-f]{30}$/)
  })
})
