import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {DAY, START, startPlayground, type Playground} from './playground.js'

const times = <T>(count: number, item: T): T[] => Array.from({length: count}, () => item)

describe('the admin log', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
    await world.control('/admin-log', {
      rows: times(401, {time: START - DAY, userid: 'boss', oper_type: 13, detail_info: '加客户'}),
    })
  })
  afterEach(() => world.close())

  const list = (more: object = {}) =>
    world.post('security/admin_oper_log/list', {start_time: START - 7 * DAY, end_time: START, ...more})

  it.each([
    ['7 days', {}, 0],
    ['a second more', {start_time: START - 7 * DAY - 1}, 701100],
    ['180 days ago', {start_time: START - 180 * DAY, end_time: START - 179 * DAY}, 0],
    ['a second before that', {start_time: START - 180 * DAY - 1, end_time: START - 179 * DAY}, 701100],
    ['an end before the start', {end_time: START - 8 * DAY}, 701100],
    ['400 rows', {limit: 400}, 0],
    ['401 rows', {limit: 401}, 701101],
    ['a strange cursor', {cursor: 'x'}, 701105],
  ])('of %s', async (_what, more, errcode) => {
    expect((await list(more)).errcode).toBe(errcode)
  })

  it('comes in pages', async () => {
    const first = await list()
    expect(first['record_list']).toHaveLength(400)
    expect(await list({cursor: first['next_cursor']})).toMatchObject({has_more: false, record_list: [{userid: 'boss'}]})
    expect(await list({oper_type: 2})).toMatchObject({record_list: []})
  })

  it('does not show what an app does', async () => {
    await world.post('tag/create', {tagname: '销冠'})
    expect(await list({userid: 'lina'})).toMatchObject({record_list: []})
  })

  it('is answered 600 times a minute', async () => {
    await world.control('/frequency/used', {path: 'security/admin_oper_log/list', rule: 'operLogPerMinute', calls: 599})
    expect((await list()).errcode).toBe(0)
    expect((await list()).errcode).toBe(45009)
  })
})
