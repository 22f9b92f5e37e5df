import {beijingDay} from './beijing-time.js'
import {memberKey, type SandboxState} from './state.js'
import type {DayCounts, Relation} from './state-customers.js'

/** Reading and changing who is whose customer. */

export function findRelation(state: SandboxState, userid: string, external: string): Relation | undefined {
  return state.relations.get(external)?.get(memberKey(userid))
}

export function putRelation(state: SandboxState, relation: Relation): void {
  const key = memberKey(relation.userid)
  const followers = state.relations.get(relation.external_userid)
  if (followers) followers.set(key, relation)
  else state.relations.set(relation.external_userid, new Map([[key, relation]]))
  const customers = state.customersOf.get(key)
  if (customers) customers.add(relation.external_userid)
  else state.customersOf.set(key, new Set([relation.external_userid]))
}

export function dropRelation(state: SandboxState, userid: string, external: string): void {
  const key = memberKey(userid)
  state.relations.get(external)?.delete(key)
  state.customersOf.get(key)?.delete(external)
}

const NOTHING: DayCounts = {new_contact_cnt: 0, new_apply_cnt: 0, negative_feedback_cnt: 0, chat_cnt: 0, message_cnt: 0}

/** Adds to a member's counters of the day, which get_user_behavior_data reads back. */
export function countDay(state: SandboxState, userid: string, seconds: number, more: Partial<DayCounts>): void {
  const key = `${memberKey(userid)}|${beijingDay(seconds)}`
  const before = state.dayCounts.get(key) ?? NOTHING
  state.dayCounts.set(key, sumCounts(before, {...NOTHING, ...more}))
}

export function sumCounts(a: DayCounts, b: DayCounts): DayCounts {
  return {
    new_contact_cnt: a.new_contact_cnt + b.new_contact_cnt,
    new_apply_cnt: a.new_apply_cnt + b.new_apply_cnt,
    negative_feedback_cnt: a.negative_feedback_cnt + b.negative_feedback_cnt,
    chat_cnt: a.chat_cnt + b.chat_cnt,
    message_cnt: a.message_cnt + b.message_cnt,
  }
}

export const dayCountsOf = (state: SandboxState, userid: string, day: number): DayCounts =>
  state.dayCounts.get(`${memberKey(userid)}|${day}`) ?? NOTHING
