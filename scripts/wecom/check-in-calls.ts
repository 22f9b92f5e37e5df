import {numberOf, recordOf, recordsOf, textOf} from './answer.js'
import type {CallOptions, Send} from './transport.js'
import type {CheckInQuery, OperationQuery, WireCheckIn, WireOperation, WireShiftDay} from './wire.js'

type Fields = Readonly<Record<string, unknown>>

const ON_AND_OFF_DUTY_AND_OUTSIDE = 3
const LOG_PAGE = 400

const encodeQuery = ({userIds, fromSeconds, untilSeconds}: CheckInQuery) => ({
  starttime: fromSeconds,
  endtime: untilSeconds,
  useridlist: userIds,
})

const readCheckIn = (row: Fields): WireCheckIn => ({
  userId: textOf(row, 'userid'),
  type: textOf(row, 'checkin_type'),
  exception: textOf(row, 'exception_type'),
  atSeconds: numberOf(row, 'checkin_time'),
  scheduleId: numberOf(row, 'schedule_id'),
})

function readShiftDays(month: Fields): WireShiftDay[] {
  return recordsOf(recordOf(month, 'schedule'), 'scheduleList').map((row) => {
    const info = recordOf(row, 'schedule_info')
    return {
      userId: textOf(month, 'userid'),
      yearMonth: numberOf(month, 'yearmonth'),
      day: numberOf(row, 'day'),
      scheduleId: numberOf(info, 'schedule_id'),
      scheduleName: textOf(info, 'schedule_name'),
      sections: recordsOf(info, 'time_section').map((section) => ({
        fromSecondOfDay: numberOf(section, 'work_sec'),
        untilSecondOfDay: numberOf(section, 'off_work_sec'),
      })),
    }
  })
}

/** Check-in: documents 90262 (600 calls a minute) and 93380 (60 a minute); at most 100 members and about a month a call. */
export function createCheckInCalls(send: Send) {
  return {
    async fetchCheckIns(query: CheckInQuery, options?: CallOptions): Promise<WireCheckIn[]> {
      const body = {opencheckindatatype: ON_AND_OFF_DUTY_AND_OUTSIDE, ...encodeQuery(query)}
      const {fields} = await send({call: 'getcheckindata', body}, options)
      return recordsOf(fields, 'checkindata').map(readCheckIn)
    },
    /** Only members under a shift rule (按班次上下班) appear. */
    async fetchShiftDays(query: CheckInQuery, options?: CallOptions): Promise<WireShiftDay[]> {
      const {fields} = await send({call: 'getcheckinschedulist', body: encodeQuery(query)}, options)
      return recordsOf(fields, 'schedule_list').flatMap(readShiftDays)
    },
  }
}

/** What admins did in the console, document 100179, all pages. */
export function createLogCalls(send: Send) {
  return {
    async fetchAdminOperations(query: OperationQuery, options?: CallOptions): Promise<WireOperation[]> {
      const rows: WireOperation[] = []
      let cursor = ''
      for (;;) {
        const body = {
          start_time: query.fromSeconds,
          end_time: query.untilSeconds,
          oper_type: query.operationType,
          limit: LOG_PAGE,
          ...(cursor === '' ? {} : {cursor}),
        }
        const {fields} = await send({call: 'admin_oper_log/list', body}, options)
        rows.push(...recordsOf(fields, 'record_list').map(readOperation))
        const next = textOf(fields, 'next_cursor')
        if (fields['has_more'] !== true || next === '' || next === cursor) return rows
        cursor = next
      }
    },
  }
}

const readOperation = (row: Fields): WireOperation => ({
  atSeconds: numberOf(row, 'time'),
  userId: textOf(row, 'userid'),
  operationType: numberOf(row, 'oper_type'),
  detailType: numberOf(row, 'detail_type'),
  detail: textOf(row, 'detail_info'),
})
