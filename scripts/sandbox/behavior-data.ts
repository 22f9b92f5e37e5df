import {beijingDay, beijingDayStart} from './beijing-time.js'
import {dayCountsOf, sumCounts} from './relations.js'
import {membersUnder, requireVisibleMember, visibleRange} from './visible-range.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {Refusal} from './wire.js'

/** get_user_behavior_data (92132): daily sums over all members asked for; the running day is not there yet. */
export const behaviorDataEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/get_user_behavior_data': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {behavior_data: []},
    run: behaviorData,
  },
}

function behaviorData(world: World, call: ApiCall): object {
  const members = membersAsked(world, call)
  const {firstDay, lastDay} = checkDays(world, call)
  const today = beijingDay(nowSeconds(world))
  const behavior_data: object[] = []
  for (let day = firstDay; day <= Math.min(lastDay, today - 1); day += 1) {
    const counts = members
      .map((userid) => dayCountsOf(world.state, userid, day))
      .reduce(sumCounts, {new_contact_cnt: 0, new_apply_cnt: 0, negative_feedback_cnt: 0, chat_cnt: 0, message_cnt: 0})
    const {chat_cnt, message_cnt, ...rest} = counts
    // A day without chats lacks the chat fields.
    const chats = chat_cnt === 0 ? {} : {chat_cnt, message_cnt, reply_percentage: 100, avg_reply_time: 1}
    behavior_data.push({stat_time: beijingDayStart(day), ...chats, ...rest})
  }
  return {behavior_data}
}

function membersAsked(world: World, call: ApiCall): string[] {
  const {state, limits} = world
  const users = call.body.texts('userid')
  const parties = call.body.integers('partyid')
  if (users.length === 0 && parties.length === 0) throw new Refusal(40058, 'userid and partyid are both empty')
  if (users.length > limits.behaviorMembers) throw new Refusal(40058, 'userid')
  if (parties.length > limits.behaviorMembers) throw new Refusal(40058, 'partyid')
  const named = users.map((userid) => requireVisibleMember(state, call.app, userid, 40003).userid)
  const range = visibleRange(state, call.app)
  for (const party of parties) if (!range.departments.has(party)) throw new Refusal(60011, `party ${party}`)
  const byParty = membersUnder(state, parties).map((member) => member.userid)
  return [...new Set([...named, ...byParty])]
}

/** Instants are floored to the Beijing day; both ends belong to the interval. */
function checkDays(world: World, call: ApiCall): {firstDay: number; lastDay: number} {
  const {limits} = world
  const start = call.body.integer('start_time')
  const end = call.body.integer('end_time')
  if (start === undefined || end === undefined) throw new Refusal(40058, 'start_time')
  const firstDay = beijingDay(start)
  const lastDay = beijingDay(end)
  const today = beijingDay(nowSeconds(world))
  if (firstDay > lastDay || lastDay - firstDay > limits.behaviorSpanDays) throw new Refusal(40058, 'end_time')
  if (firstDay < today - limits.behaviorHistoryDays) throw new Refusal(40058, 'start_time')
  return {firstDay, lastDay}
}
