import {DAY_SECONDS} from './beijing-time.js'
import {memberKey} from './state.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {Refusal} from './wire.js'

/** Check-in rows (90262) and shift schedules (93380). */
export const checkinEndpoints: EndpointTable = {
  '/cgi-bin/checkin/getcheckindata': {
    method: 'POST',
    needs: ['check-in'],
    perMinute: (limits) => limits.checkinPerMinute,
    empty: {checkindata: []},
    run: checkinData,
  },
  '/cgi-bin/checkin/getcheckinschedulist': {
    method: 'POST',
    needs: ['check-in'],
    perMinute: (limits) => limits.schedulePerMinute,
    empty: {schedule_list: []},
    run: scheduleList,
  },
}

function checkinData(world: World, call: ApiCall): object {
  const kind = call.body.integer('opencheckindatatype')
  if (kind === undefined || kind < 1 || kind > 3) throw new Refusal(40058, 'opencheckindatatype')
  const users = requireUsers(world, call)
  const {start, end} = requireRange(call, world.limits.checkinSpanDays, 301024)
  const rows = world.state.checkins.filter(
    (row) => users.has(memberKey(row.userid)) && row.checkin_time >= start && row.checkin_time <= end,
  )
  return {
    checkindata: rows
      .map(({row}) => row)
      .filter((row) => kind === 3 || (row['checkin_type'] === '外出打卡') === (kind === 2)),
  }
}

function scheduleList(world: World, call: ApiCall): object {
  const users = requireUsers(world, call)
  const {start, end} = requireRange(call, world.limits.scheduleSpanDays, 301075)
  const from = beijingMonth(start)
  const to = beijingMonth(end)
  const rows = world.state.schedules.filter(
    (row) => users.has(memberKey(row.userid)) && row.yearmonth >= from && row.yearmonth <= to,
  )
  return {schedule_list: rows.map(({row}) => row)}
}

/** 301023 for none or more than 100, 301021 when one is not in the directory. */
function requireUsers(world: World, call: ApiCall): Set<string> {
  const users = call.body.texts('useridlist')
  if (users.length === 0 || users.length > world.limits.checkinMembers) throw new Refusal(301023)
  for (const userid of users) {
    const member = world.state.members.get(memberKey(userid))
    if (member === undefined || member.status === 5) throw new Refusal(301021)
  }
  return new Set(users.map(memberKey))
}

/** Seconds beyond this are milliseconds sent by mistake (the year 2286). */
const LATEST_SECONDS = 9_999_999_999

function requireRange(call: ApiCall, mostDays: number, errcode: number): {start: number; end: number} {
  const start = call.body.integer('starttime')
  const end = call.body.integer('endtime')
  if (start === undefined || end === undefined) throw new Refusal(40058, 'starttime')
  if (end < start || end > LATEST_SECONDS || end - start > mostDays * DAY_SECONDS) throw new Refusal(errcode)
  return {start, end}
}

/** For example 202611. */
function beijingMonth(seconds: number): number {
  const date = new Date((seconds + 8 * 3600) * 1000)
  return date.getUTCFullYear() * 100 + date.getUTCMonth() + 1
}
