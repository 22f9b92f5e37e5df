import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {DAY, START, startPlayground, type Playground} from './playground.js'

const AT = 'externalcontact'
const many = (count: number) => Array.from({length: count}, () => 'lina')

describe('behaviour data', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  const ask = (more: object = {}) =>
    world.post(`${AT}/get_user_behavior_data`, {userid: ['lina'], start_time: START, end_time: START, ...more})

  it.each([
    ['nobody', {userid: []}, 40058],
    ['100 members', {userid: many(100)}, 0],
    ['101 members', {userid: many(101)}, 40058],
    ['100 departments', {userid: [], partyid: Array.from({length: 100}, () => 7)}, 0],
    ['101 departments', {userid: [], partyid: Array.from({length: 101}, () => 7)}, 40058],
    ['30 days', {start_time: START - 30 * DAY}, 0],
    ['31 days', {start_time: START - 31 * DAY}, 40058],
    ['180 days ago', {start_time: START - 180 * DAY, end_time: START - 180 * DAY}, 0],
    ['181 days ago', {start_time: START - 181 * DAY, end_time: START - 181 * DAY}, 40058],
    ['an end before the start', {end_time: START - DAY}, 40058],
    ['no times', {start_time: undefined}, 40058],
    ['an unknown member', {userid: ['ghost']}, 40003],
  ])('of %s', async (_what, more, errcode) => {
    expect((await ask(more)).errcode).toBe(errcode)
  })

  it('of a day is there from the next day on, summed over members', async () => {
    await world.control('/customers/add-many', {count: 3, members: ['lina', 'WangWei'], prefix: 'wm'})
    await world.control('/customers/delete', {userid: 'lina', external_userid: 'wm00000001', by: 'customer'})
    expect(await ask()).toMatchObject({behavior_data: []})
    await world.advance(DAY * 1000)
    expect(await ask({userid: ['lina', 'wangwei']})).toMatchObject({
      behavior_data: [{stat_time: START - 10 * 3600, new_contact_cnt: 3, negative_feedback_cnt: 1}],
    })
    expect(await ask({userid: [], partyid: [9]})).toMatchObject({behavior_data: [{new_contact_cnt: 3}]})
    expect(await ask({userid: ['lina']})).toMatchObject({behavior_data: [{new_contact_cnt: 2}]})
  })
})
