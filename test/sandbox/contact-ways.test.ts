import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {charsOf, DAY, DEPARTMENTS, MEMBERS, START, startPlayground, textOf, type Playground} from './playground.js'

const AT = 'externalcontact'
const way = {type: 2, scene: 2, user: ['lina'], state: 'rc-spring', remark: 'spring'}
const crowd = (count: number) => Array.from({length: count}, (_, index) => ({userid: `staff${index}`, department: [9]}))

describe('a contact way', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  const add = (more: object = {}, app = 1000002) => world.post(`${AT}/add_contact_way`, {...way, ...more}, {app})
  const get = async (config_id: string) => (await world.post(`${AT}/get_contact_way`, {config_id}))['contact_way']
  const temp = {type: 1, is_temp: true}

  it.each([
    ['as it is', {}, 0],
    ['without type', {type: undefined}, 41037],
    ['of type 3', {type: 3}, 41039],
    ['without scene', {scene: undefined}, 41038],
    ['of scene 3', {scene: 3}, 41040],
    ['with style 3 of a button', {scene: 1, style: 3}, 0],
    ['with style 4 of a button', {scene: 1, style: 4}, 41042],
    ['with a remark of 30 characters', {remark: charsOf(30)}, 0],
    ['with a remark of 31 characters', {remark: charsOf(31)}, 40058],
    ['with a state of 30 characters', {state: charsOf(30)}, 0],
    ['with a state of 31 characters', {state: charsOf(31)}, 40058],
    ['with nobody', {user: []}, 40058],
    ['of one member with two', {type: 1, user: ['lina', 'boss']}, 40058],
    ['of one member with a department', {type: 1, party: [7]}, 40058],
    ['of one member', {type: 1}, 0],
    ['with an unknown member', {user: ['ghost']}, 40003],
    ['with a member who never logged in', {user: ['sleeper']}, 41054],
    ['with a member who is not real-name verified', {user: ['anon']}, 40098],
    ['with a member without customer contact', {user: ['plain']}, 84074],
    ['with a department only', {user: [], party: [9]}, 0],
    ['with an unknown department', {party: [404]}, 60003],
    ['for a short time with several members', {is_temp: true}, 40058],
    ['for 14 days', {...temp, expires_in: 14 * DAY}, 0],
    ['for a second more than 14 days', {...temp, expires_in: 14 * DAY + 1}, 40058],
    ['with 14 days of chat', {...temp, chat_expires_in: 14 * DAY}, 0],
    ['with a second more than 14 days of chat', {...temp, chat_expires_in: 14 * DAY + 1}, 40058],
    ['with a closing text of 4000 bytes', {...temp, conclusions: {text: {content: 'a'.repeat(4000)}}}, 0],
    ['with a closing text of 4001 bytes', {...temp, conclusions: {text: {content: 'a'.repeat(4001)}}}, 45002],
  ])('%s is answered with the right errcode', async (_what, more, errcode) => {
    expect((await add(more)).errcode).toBe(errcode)
  })

  it('cannot lead to members or departments outside the app’s range', async () => {
    expect((await add({user: ['boss']}, 1000004)).errcode).toBe(60011)
    expect((await add({party: [7]}, 1000004)).errcode).toBe(60011)
    expect((await add({}, 1000004)).errcode).toBe(0)
  })

  it.each([
    [100, 0],
    [101, 41041],
  ])('of a department with %i members is answered with %i', async (count, errcode) => {
    await world.control('/organization', {departments: DEPARTMENTS, members: [...MEMBERS.slice(0, 1), ...crowd(count)]})
    expect((await add({user: [], party: [9]})).errcode).toBe(errcode)
  })

  it('fits as number 500,000 of the corp and is refused with 41045 as the next', async () => {
    await world.control('/occupied', {contactWays: 499_999})
    expect((await add()).errcode).toBe(0)
    expect((await add()).errcode).toBe(41045)
    expect((await add({...temp})).errcode).toBe(0)
  })

  it('for a short time has a cap per day instead', async () => {
    await world.control('/limits', {temporaryWaysPerDay: 2})
    for (const errcode of [0, 0, 41045]) expect((await add(temp)).errcode).toBe(errcode)
    await world.advance(DAY * 1000)
    expect((await add(temp)).errcode).toBe(0)
  })

  it('has a QR code in scene 2 only', async () => {
    expect(await add()).toHaveProperty('qr_code')
    expect(await add({scene: 1})).not.toHaveProperty('qr_code')
  })

  it('reads back as it was made', async () => {
    const added = await add()
    expect(await get(textOf(added, 'config_id'))).toEqual({
      config_id: added['config_id'],
      qr_code: added['qr_code'],
      type: 2,
      scene: 2,
      remark: 'spring',
      state: 'rc-spring',
      skip_verify: true,
      user: ['lina'],
      party: [],
      is_temp: false,
      is_exclusive: false,
      mark_source: true,
    })
  })

  it('changes its members and text and keeps its code and what was not sent', async () => {
    const added = await add()
    const config_id = textOf(added, 'config_id')
    const update = await world.post(`${AT}/update_contact_way`, {config_id, user: ['WangWei'], remark: 'summer'})
    expect(update.errcode).toBe(0)
    expect(await get(config_id)).toMatchObject({
      user: ['WangWei'],
      remark: 'summer',
      state: 'rc-spring',
      qr_code: added['qr_code'],
    })
  })

  it('cannot change once its short time is over', async () => {
    const config_id = textOf(await add({...temp, expires_in: 60}), 'config_id')
    await world.advance(59_999)
    expect((await world.post(`${AT}/update_contact_way`, {config_id, remark: 'x'})).errcode).toBe(0)
    await world.advance(1)
    expect((await world.post(`${AT}/update_contact_way`, {config_id, remark: 'y'})).errcode).toBe(41044)
  })

  it.each(['get_contact_way', 'update_contact_way', 'del_contact_way'])(
    'of another app or unknown is 41044 to %s',
    async (verb) => {
      const config_id = textOf(await add(), 'config_id')
      expect((await world.post(`${AT}/${verb}`, {})).errcode).toBe(41043)
      expect((await world.post(`${AT}/${verb}`, {config_id: 'cfg-unknown'})).errcode).toBe(41044)
      expect((await world.post(`${AT}/${verb}`, {config_id}, {app: 1000003})).errcode).toBe(41044)
    },
  )

  it('is made twice by two equal calls, and both are listed by id only', async () => {
    const ids = [textOf(await add(), 'config_id'), textOf(await add(), 'config_id')]
    await add({}, 1000003)
    await add(temp)
    expect(await world.post(`${AT}/list_contact_way`)).toMatchObject({
      contact_way: ids.map((config_id) => ({config_id})),
      next_cursor: '',
    })
  })

  it('is listed page by page', async () => {
    for (let count = 0; count < 3; count += 1) await add()
    const first = await world.post(`${AT}/list_contact_way`, {limit: 2})
    expect(first['contact_way']).toHaveLength(2)
    const second = await world.post(`${AT}/list_contact_way`, {limit: 2, cursor: first['next_cursor']})
    expect(second).toMatchObject({contact_way: [{}], next_cursor: ''})
  })

  it.each([
    [{limit: 1000}, 0],
    [{limit: 1001}, 40058],
    [{limit: 0}, 40058],
    [{cursor: 'nonsense'}, 50100],
  ])('listed with %j is answered with %i', async (body, errcode) => {
    expect((await world.post(`${AT}/list_contact_way`, body)).errcode).toBe(errcode)
  })

  it('is listed for 90 days unless an earlier start is asked for', async () => {
    await add()
    await world.advance(90 * DAY * 1000)
    expect(await world.post(`${AT}/list_contact_way`)).toMatchObject({contact_way: [{}]})
    await world.advance(1000)
    expect(await world.post(`${AT}/list_contact_way`)).toMatchObject({contact_way: []})
    expect(await world.post(`${AT}/list_contact_way`, {start_time: START})).toMatchObject({contact_way: [{}]})
  })

  it('leads a customer to its members in turn, with its state', async () => {
    const config_id = textOf(await add({user: ['lina', 'WangWei']}), 'config_id')
    const scan = async () => (await world.control('/customers/add', {config_id}))['userid']
    expect([await scan(), await scan(), await scan()]).toEqual(['lina', 'WangWei', 'lina'])
    expect(await world.read('/relations?userid=WangWei')).toMatchObject({relations: [{state: 'rc-spring', add_way: 1}]})
  })

  it('leads nowhere once it is deleted', async () => {
    const config_id = textOf(await add(), 'config_id')
    expect((await world.post(`${AT}/del_contact_way`, {config_id})).errcode).toBe(0)
    expect((await world.post(`${AT}/del_contact_way`, {config_id})).errcode).toBe(41044)
    expect(await world.control('/customers/add', {config_id})).toMatchObject({
      error: expect.stringContaining('leads nowhere'),
    })
  })
})
