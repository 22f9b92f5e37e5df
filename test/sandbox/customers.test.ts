import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {charsOf, START, startPlayground, type Playground} from './playground.js'

const AT = 'externalcontact'
const many = (count: number) => Array.from({length: count}, () => 'lina')

describe('customers', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
    await world.control('/customers', {
      customers: [{external_userid: 'wmTEST1', name: '小王', gender: 1, unionid: 'o1'}],
    })
    await world.control('/customers/add', {userid: 'lina', external_userid: 'wmTEST1', state: 'rc-spring'})
  })
  afterEach(() => world.close())

  const get = (external_userid: string, app = 1000002) => world.get(`${AT}/get`, {external_userid}, {app})
  const list = (userid: string, app = 1000002) => world.get(`${AT}/list`, {userid}, {app})

  it('are served by the members the app sees who have customer contact', async () => {
    const {follow_user} = await world.get(`${AT}/get_follow_user_list`)
    expect(follow_user).toEqual(['boss', 'lina', 'WangWei', 'sleeper', 'anon'])
    expect(await world.get(`${AT}/get_follow_user_list`, {}, {app: 1000004})).toMatchObject({follow_user: ['lina']})
  })

  it.each([
    ['lina', 0],
    ['WangWei', 84061],
    ['ghost', 40003],
    ['plain', 84074],
    ['', 41009],
  ])('of "%s" are listed with %i', async (userid, errcode) => {
    expect((await list(userid)).errcode).toBe(errcode)
  })

  it('of a member outside the range are 60011', async () => {
    expect((await list('boss', 1000004)).errcode).toBe(60011)
  })

  it('are read with nickname, state, and how they came', async () => {
    expect(await get('wmTEST1')).toMatchObject({
      external_contact: {external_userid: 'wmTEST1', name: '小王', type: 1, gender: 1, unionid: 'o1'},
      follow_user: [
        {userid: 'lina', createtime: START, state: 'rc-spring', add_way: 1, oper_userid: 'wmTEST1', tags: []},
      ],
      next_cursor: '',
    })
  })

  it.each([
    ['', 41035],
    ['wmUNKNOWN', 40096],
  ])('"%s" are answered with %i', async (external, errcode) => {
    expect((await get(external)).errcode).toBe(errcode)
  })

  it('of invisible members only are 84061', async () => {
    await world.control('/customers/add', {userid: 'boss', external_userid: 'wmBOSS'})
    expect((await get('wmBOSS', 1000004)).errcode).toBe(84061)
    expect((await get('wmBOSS')).errcode).toBe(0)
  })

  it.each([
    [true, 84061],
    [false, 0],
  ])('who are half added are hidden when halfAddHidesCustomer is %p', async (halfAddHidesCustomer, errcode) => {
    await world.control('/settings', {halfAddHidesCustomer})
    await world.control('/customers/add', {userid: 'lina', external_userid: 'wmHALF', half: true})
    expect((await get('wmHALF')).errcode).toBe(errcode)
  })

  it('who deleted the member are still read; those the member deleted are not', async () => {
    const pair = {userid: 'lina', external_userid: 'wmTEST1'}
    await world.control('/customers/delete', {...pair, by: 'customer'})
    expect((await get('wmTEST1')).errcode).toBe(0)
    await world.control('/customers/delete', {...pair, by: 'member'})
    expect((await get('wmTEST1')).errcode).toBe(84061)
  })

  it.each([
    [false, undefined],
    [true, 'rc-spring'],
  ])('who come back show their old state when readdKeepsOldState is %p', async (readdKeepsOldState, state) => {
    await world.control('/settings', {readdKeepsOldState})
    await world.control('/customers/delete', {userid: 'lina', external_userid: 'wmTEST1', by: 'customer'})
    await world.control('/customers/add', {userid: 'lina', external_userid: 'wmTEST1'})
    const [follower] = (await get('wmTEST1'))['follow_user'] as {state?: string}[]
    expect(follower?.state).toBe(state)
  })

  it.each([
    [500, ''],
    [501, expect.stringMatching(/./)],
  ])('with %i followers come in pages of 500', async (count, next_cursor) => {
    const staff = Array.from({length: count}, (_, index) => ({userid: `staff${index}`, department: [9]}))
    await world.control('/members', {members: staff})
    const adds = staff.map(({userid}) => ({userid, external_userid: 'wmPOPULAR'}))
    await world.control('/customers/add-many', {adds})
    const first = await get('wmPOPULAR')
    expect(first['follow_user']).toHaveLength(500)
    expect(first).toMatchObject({next_cursor})
    if (count === 501) {
      const second = await world.get(`${AT}/get`, {external_userid: 'wmPOPULAR', cursor: String(first['next_cursor'])})
      expect(second).toMatchObject({follow_user: [{}], next_cursor: ''})
    }
  })

  it.each([
    ['one member', {userid_list: ['lina']}, 0],
    ['nobody', {userid_list: []}, 40058],
    ['100 members', {userid_list: many(100)}, 0],
    ['101 members', {userid_list: many(101)}, 40058],
    ['100 rows a page', {userid_list: ['lina'], limit: 100}, 0],
    ['101 rows a page', {userid_list: ['lina'], limit: 101}, 40058],
    ['an unknown member', {userid_list: ['ghost']}, 40003],
  ])('read by member with %s', async (_what, body, errcode) => {
    expect((await world.post(`${AT}/batch/get_by_user`, body)).errcode).toBe(errcode)
  })

  it('by member come in pages of 50', async () => {
    await world.control('/customers/add-many', {count: 51, members: ['WangWei'], prefix: 'wm'})
    const first = await world.post(`${AT}/batch/get_by_user`, {userid_list: ['WangWei']})
    expect(first['external_contact_list']).toHaveLength(50)
    const second = await world.post(`${AT}/batch/get_by_user`, {userid_list: ['WangWei'], cursor: first['next_cursor']})
    expect(second).toMatchObject({external_contact_list: [{follow_info: {userid: 'WangWei'}}], next_cursor: ''})
  })

  it.each([
    ['a remark of 20 characters', {remark: charsOf(20)}, 0],
    ['a remark of 21 characters', {remark: charsOf(21)}, 40058],
    ['a description of 150 characters', {description: charsOf(150)}, 0],
    ['a description of 151 characters', {description: charsOf(151)}, 40058],
    ['a company of 20 characters', {remark_company: charsOf(20)}, 0],
    ['a company of 21 characters', {remark_company: charsOf(21)}, 40058],
    ['nothing', {}, 40058],
    ['another customer', {external_userid: 'wmX', remark: 'x'}, 84061],
  ])('are remarked with %s', async (_what, more, errcode) => {
    const body = {userid: 'lina', external_userid: 'wmTEST1', ...more}
    expect((await world.post(`${AT}/remark`, body)).errcode).toBe(errcode)
  })
})
