import type {JsonObject} from './wire.js'

/** Robots, messages to staff, check-in rows and audit rows as the sandbox keeps them. */

export interface Robot {
  key: string
  disabled: boolean
}

export interface SentMessage {
  atSeconds: number
  /** agentid of the sending app, or -1 for a robot. */
  agentid: number
  key?: string
  msgid?: string
  msgtype: string
  /** Members that got it; frequency overflow is already left out. */
  users: string[]
  content: JsonObject
}

export interface CheckinRow {
  userid: string
  checkin_time: number
  row: JsonObject
}

export interface ScheduleRow {
  userid: string
  /** For example 202611. */
  yearmonth: number
  row: JsonObject
}

export interface AdminLogRow {
  time: number
  userid: string
  oper_type: number
  detail_type: number
  detail_info: string
  ip: string
}
