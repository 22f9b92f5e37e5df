import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {charsOf, DAY, MEMBERS, START, startPlayground, type Playground} from './playground.js'

const AT = 'externalcontact'

describe('handing customers over', () => {
  let world: Playground
  const transfer = {handover_userid: 'lina', takeover_userid: 'WangWei', external_userid: ['wmTEST1']}
  beforeEach(async () => {
    world = await startPlayground()
    await world.control('/customers/add', {userid: 'lina', external_userid: 'wmTEST1'})
  })
  afterEach(() => world.close())

  const start = (more: object = {}, resigned = '') =>
    world.post(`${AT}/${resigned}transfer_customer`, {...transfer, ...more})
  const result = (resigned = '') => world.post(`${AT}/${resigned}transfer_result`, transfer)

  it.each([
    ['nobody', {external_userid: []}, 40058],
    ['100 customers', {external_userid: Array.from({length: 100}, (_, index) => `wm${index}`)}, 0],
    ['101 customers', {external_userid: Array.from({length: 101}, (_, index) => `wm${index}`)}, 40058],
    ['a message of 200 characters', {transfer_success_msg: charsOf(200)}, 0],
    ['a message of 201 characters', {transfer_success_msg: charsOf(201)}, 40058],
    ['a giver nobody knows', {handover_userid: 'ghost'}, 40003],
    ['a taker nobody knows', {takeover_userid: 'ghost'}, 40003],
    ['the same member', {takeover_userid: 'LINA'}, 40130],
    ['a taker who never logged in', {takeover_userid: 'sleeper'}, 41054],
    ['a taker who is not verified', {takeover_userid: 'anon'}, 40098],
    ['a taker without customer contact', {takeover_userid: 'plain'}, 84074],
  ])('with %s', async (_what, more, errcode) => {
    expect((await start(more)).errcode).toBe(errcode)
  })

  it('is answered per customer', async () => {
    await world.control('/customers', {customers: [{external_userid: 'wmFREE', name: 'x'}]})
    const reply = await start({external_userid: ['wmTEST1', 'wmFREE', 'wmNONE']})
    expect(reply['customer']).toEqual([
      {external_userid: 'wmTEST1', errcode: 0},
      {external_userid: 'wmFREE', errcode: 40131},
      {external_userid: 'wmNONE', errcode: 40096},
    ])
    expect(await start()).toMatchObject({customer: [{errcode: 40129}]})
  })

  it('takes effect by itself after 24 hours', async () => {
    await start()
    await world.advance(DAY * 1000 - 1)
    expect(await result()).toMatchObject({customer: [{external_userid: 'wmTEST1', status: 2}]})
    await world.advance(1)
    expect(await result()).toMatchObject({customer: [{status: 1, takeover_time: START + DAY}]})
    expect(await world.read('/relations?external_userid=wmTEST1')).toMatchObject({
      relations: [{userid: 'WangWei', add_way: 202}],
    })
  })

  it('shows its results in pages of 1000', async () => {
    await world.control('/customers/add-many', {count: 1001, members: ['lina'], prefix: 'wm'})
    const ids = Array.from({length: 1001}, (_, index) => `wm${String(index + 1).padStart(8, '0')}`)
    for (let from = 0; from < ids.length; from += 100) await start({external_userid: ids.slice(from, from + 100)})
    const first = await result()
    expect(first['customer']).toHaveLength(1000)
    const second = await world.post(`${AT}/transfer_result`, {...transfer, cursor: first['next_cursor']})
    expect(second).toMatchObject({customer: [{external_userid: ids[1000], status: 2}], next_cursor: ''})
  })

  it.each([
    ['customer_refused', 3],
    ['customer_limit_exceed', 4],
  ])('fails with %s as status %i', async (reason, status) => {
    await start()
    await world.control('/transfers/fail', {external_userid: 'wmTEST1', reason})
    expect(await result()).toMatchObject({customer: [{status}]})
  })

  it('of one customer works twice in 90 days and then is 40128', async () => {
    for (const [handover_userid, takeover_userid] of [
      ['lina', 'WangWei'],
      ['WangWei', 'lina'],
    ]) {
      expect(await start({handover_userid, takeover_userid})).toMatchObject({customer: [{errcode: 0}]})
      await world.advance(DAY * 1000)
    }
    expect(await start()).toMatchObject({customer: [{errcode: 40128}]})
    await world.advance(88 * DAY * 1000)
    expect(await start()).toMatchObject({customer: [{errcode: 0}]})
  })

  it('after someone left needs him to have left (40097)', async () => {
    expect((await start({}, 'resigned/')).errcode).toBe(40097)
    await world.control('/members/leave', {userids: ['lina']})
    expect(await start({}, 'resigned/')).toMatchObject({errcode: 0, customer: [{errcode: 0}]})
    expect(await result('resigned/')).toMatchObject({customer: [{status: 2}]})
    expect((await start()).errcode).toBe(40003)
  })

  it('starts from the list of those whom nobody serves', async () => {
    await world.control('/organization', {
      departments: [{id: 1, parentid: 0}],
      members: MEMBERS.filter(({userid}) => userid !== 'lina'),
    })
    const list = (body: object = {}) => world.post(`${AT}/get_unassigned_list`, body)
    expect(await list()).toMatchObject({
      info: [{handover_userid: 'lina', external_userid: 'wmTEST1', dimission_time: START}],
      is_last: true,
    })
    expect((await list({page_size: 1000})).errcode).toBe(0)
    expect((await list({page_size: 1001})).errcode).toBe(40058)
    expect((await list({page_id: 49, page_size: 1000})).errcode).toBe(0)
    expect((await list({page_id: 50, page_size: 1000})).errcode).toBe(40058)
  })
})
