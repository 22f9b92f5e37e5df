import {DAY_SECONDS} from './beijing-time.js'
import {pageOf} from './paging.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {Refusal} from './wire.js'

/** security/admin_oper_log/list (100179). What the API does is never in it; rows come from the control API only. */
export const adminLogEndpoints: EndpointTable = {
  '/cgi-bin/security/admin_oper_log/list': {
    method: 'POST',
    needs: ['audit-log'],
    perMinute: (limits) => limits.operLogPerMinute,
    empty: {has_more: false, next_cursor: '', record_list: []},
    run: listAdminLog,
  },
}

function listAdminLog(world: World, call: ApiCall): object {
  const {limits} = world
  const start = call.body.integer('start_time')
  const end = call.body.integer('end_time')
  if (start === undefined || end === undefined || end < start) throw new Refusal(701100)
  if (end - start > limits.operLogSpanDays * DAY_SECONDS) throw new Refusal(701100)
  if (start < nowSeconds(world) - limits.operLogHistoryDays * DAY_SECONDS) throw new Refusal(701100)
  const operType = call.body.integer('oper_type') ?? 0
  const userid = call.body.text('userid') ?? ''
  const rows = world.state.adminLog.filter(
    (row) =>
      row.time >= start &&
      row.time <= end &&
      (operType === 0 || row.oper_type === operType) &&
      (userid === '' || row.userid === userid),
  )
  const page = pageOf(rows, call.body, {
    usual: limits.operLogPage,
    most: limits.operLogPage,
    tooMany: 701101,
    badCursor: 701105,
  })
  return {has_more: page.next_cursor !== '', next_cursor: page.next_cursor, record_list: page.rows}
}
