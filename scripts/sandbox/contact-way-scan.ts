import {memberKey} from './state.js'
import type {ContactWay} from './state-resources.js'
import type {Member} from './state-organization.js'
import {membersUnder} from './visible-range.js'
import type {World} from './world.js'
import {ControlMistake} from './wire.js'

/** Members a way can lead to now: listed ones and those of its departments who can take customers. */
function membersOfWay(world: World, way: ContactWay): Member[] {
  const listed = way.user
    .map((userid) => world.state.members.get(memberKey(userid)))
    .filter((member) => member !== undefined)
  const all = new Map(
    [...listed, ...membersUnder(world.state, way.party)].map((member) => [memberKey(member.userid), member]),
  )
  return [...all.values()].filter((member) => member.status === 1 && member.customerContact)
}

/** A customer scans the code: members take turns. A deleted way, or one without usable members, leads nowhere. */
export function pickWayMember(world: World, configId: string): {userid: string; state: string} {
  const way = world.state.contactWays.get(configId)
  if (way === undefined) throw new ControlMistake(`the code of contact way "${configId}" leads nowhere`, 404)
  const members = membersOfWay(world, way)
  const member = members[way.scans % members.length]
  if (member === undefined)
    throw new ControlMistake(`contact way "${configId}" has no member who can take customers`, 409)
  way.scans += 1
  return {userid: member.userid, state: way.state}
}
