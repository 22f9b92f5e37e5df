import {findRelation} from './relations.js'
import {requireVisibleMember} from './visible-range.js'
import type {ApiCall, EndpointTable, World} from './world.js'
import {Refusal} from './wire.js'

/** mark_tag (92118): tags belong to the relation of one member and one customer. Set semantics: repeating is harmless. */
export const markTagEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/mark_tag': {
    method: 'POST',
    needs: ['customer-contact'],
    concurrency: (limits) => limits.markTagConcurrency,
    holdMs: (settings) => settings.markTagHoldMs,
    run: markTag,
  },
}

function markTag(world: World, call: ApiCall): object {
  const userid = call.body.text('userid') ?? ''
  const external = call.body.text('external_userid') ?? ''
  if (userid === '') throw new Refusal(40003)
  if (external === '') throw new Refusal(41035)
  const add = call.body.texts('add_tag')
  const remove = new Set(call.body.texts('remove_tag'))
  if (add.length === 0 && remove.size === 0) throw new Refusal(40058, 'add_tag and remove_tag are both empty')
  const member = requireVisibleMember(world.state, call.app, userid, 40003)
  const relation = findRelation(world.state, member.userid, external)
  if (relation === undefined) throw new Refusal(84061)
  const known = new Set([...world.state.tagGroups.values()].flatMap((group) => group.tags.map((tag) => tag.id)))
  if ([...add, ...remove].some((id) => !known.has(id))) throw new Refusal(40068)
  const tags = [...new Set([...relation.tags, ...add])].filter((id) => !remove.has(id))
  if (tags.length > world.limits.tagsPerRelation) throw new Refusal(40058, 'too many tags of one customer')
  relation.tags = tags
  world.touched()
  return {}
}
