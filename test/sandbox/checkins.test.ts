import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {DAY, START, startPlayground, type Playground} from './playground.js'

const times = <T>(count: number, item: T): T[] => Array.from({length: count}, () => item)

describe('check-in and shifts', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
    await world.control('/checkins', {
      rows: [{userid: 'lina', checkin_time: START, checkin_type: '上班打卡', exception_type: ''}],
    })
    await world.control('/schedules', {
      rows: [{userid: 'lina', yearmonth: 202611, groupid: 11, schedule: {scheduleList: []}}],
    })
  })
  afterEach(() => world.close())

  const data = (more: object = {}) =>
    world.post('checkin/getcheckindata', {
      opencheckindatatype: 3,
      starttime: START - DAY,
      endtime: START,
      useridlist: ['lina'],
      ...more,
    })
  const shifts = (more: object = {}) =>
    world.post('checkin/getcheckinschedulist', {starttime: START, endtime: START, useridlist: ['lina'], ...more})

  it.each([
    ['one member', {}, 0],
    ['nobody', {useridlist: []}, 301023],
    ['100 members', {useridlist: times(100, 'lina')}, 0],
    ['101 members', {useridlist: times(101, 'lina')}, 301023],
    ['an unknown member', {useridlist: ['lina', 'ghost']}, 301021],
    ['30 days', {starttime: START - 30 * DAY}, 0],
    ['a second more', {starttime: START - 30 * DAY - 1}, 301024],
    ['an end before the start', {endtime: START - 2 * DAY}, 301024],
    ['no kind', {opencheckindatatype: undefined}, 40058],
    ['kind 4', {opencheckindatatype: 4}, 40058],
  ])('data of %s', async (_what, more, errcode) => {
    expect((await data(more)).errcode).toBe(errcode)
  })

  it.each([
    ['one member', {}, 0],
    ['31 days', {endtime: START + 31 * DAY}, 0],
    ['a second more', {endtime: START + 31 * DAY + 1}, 301075],
    ['milliseconds', {starttime: START * 1000, endtime: START * 1000}, 301075],
    ['101 members', {useridlist: times(101, 'lina')}, 301023],
    ['an unknown member', {useridlist: ['ghost']}, 301021],
  ])('shifts of %s', async (_what, more, errcode) => {
    expect((await shifts(more)).errcode).toBe(errcode)
  })

  it('answer their rows', async () => {
    expect(await data()).toMatchObject({checkindata: [{checkin_type: '上班打卡'}]})
    expect(await data({opencheckindatatype: 2})).toMatchObject({checkindata: []})
    expect(await shifts()).toMatchObject({schedule_list: [{yearmonth: 202611, groupid: 11}]})
    expect(await shifts({starttime: START + 30 * DAY, endtime: START + 30 * DAY})).toMatchObject({schedule_list: []})
  })

  it.each([
    ['checkin/getcheckindata', data, 600, 'checkinPerMinute'],
    ['checkin/getcheckinschedulist', shifts, 60, 'schedulePerMinute'],
  ])('%s is answered so many times a minute', async (path, call, perMinute, rule) => {
    await world.control('/frequency/used', {path, rule, calls: perMinute - 1})
    expect((await call()).errcode).toBe(0)
    expect((await call()).errcode).toBe(45009)
    await world.advance(60_000)
    expect((await call()).errcode).toBe(0)
  })

  it('need their permission (48002)', async () => {
    expect((await world.post('checkin/getcheckindata', {}, {app: 1000005})).errcode).toBe(48002)
    expect((await world.post('security/admin_oper_log/list', {}, {app: 1000005})).errcode).toBe(48002)
  })
})
