import type {Fields} from './fields.js'
import {makeId} from './ids.js'
import type {CorpTag, CorpTagGroup} from './state-resources.js'
import {nowSeconds, type ApiCall, type EndpointTable, type World} from './world.js'
import {charLength, Refusal} from './wire.js'

/** The corp's customer tag library (92117). An app edits and deletes only what it made (81011). */
export const corpTagEndpoints: EndpointTable = {
  '/cgi-bin/externalcontact/get_corp_tag_list': {
    method: 'POST',
    needs: ['customer-contact'],
    empty: {tag_group: []},
    run: (world, call) => ({tag_group: findGroups(world, call.body).map(renderGroup)}),
  },
  '/cgi-bin/externalcontact/add_corp_tag': {method: 'POST', needs: ['customer-contact'], run: addTags},
  '/cgi-bin/externalcontact/edit_corp_tag': {method: 'POST', needs: ['customer-contact'], run: editTag},
  '/cgi-bin/externalcontact/del_corp_tag': {method: 'POST', needs: ['customer-contact'], run: deleteTags},
}

/** With tag ids the group ids are ignored; with neither everything is answered. Unknown ids are left out. */
function findGroups(world: World, body: Fields): CorpTagGroup[] {
  const groups = [...world.state.tagGroups.values()]
  const tagIds = new Set(body.texts('tag_id'))
  const groupIds = new Set(body.texts('group_id'))
  if (tagIds.size > 0) {
    return groups
      .map((group) => ({...group, tags: group.tags.filter((tag) => tagIds.has(tag.id))}))
      .filter((group) => group.tags.length > 0)
  }
  return groupIds.size === 0 ? groups : groups.filter((group) => groupIds.has(group.group_id))
}

function renderGroup(group: CorpTagGroup): object {
  const byOrder = [...group.tags].sort((a, b) => b.order - a.order)
  return {
    group_id: group.group_id,
    group_name: group.group_name,
    create_time: group.create_time,
    order: group.order,
    deleted: false,
    tag: byOrder.map(({id, name, create_time, order}) => ({id, name, create_time, order, deleted: false})),
  }
}

function addTags(world: World, call: ApiCall): object {
  const {body} = call
  const wanted = dropRepeats(
    body.objects('tag').map((tag) => ({name: checkName(world, tag), order: checkOrder(world, tag)})),
  )
  if (wanted.length === 0) throw new Refusal(40058, 'tag')
  const group = findOrDraftGroup(world, call)
  const present = new Set(group.tags.map((tag) => tag.name))
  const fresh = wanted.filter((tag) => !present.has(tag.name))
  requireRoom(world, fresh.length)
  for (const {name, order} of fresh) {
    group.tags.push({
      id: makeId(world.state, 'et', 30),
      name,
      create_time: nowSeconds(world),
      order,
      createdBy: call.app.agentid,
    })
  }
  world.state.tagGroups.set(group.group_id, group)
  world.touched()
  const names = new Set(wanted.map((tag) => tag.name))
  return {tag_group: renderGroup({...group, tags: group.tags.filter((tag) => names.has(tag.name))})}
}

/** Names given twice are made once. */
function dropRepeats(tags: {name: string; order: number}[]): {name: string; order: number}[] {
  return [...new Map(tags.toReversed().map((tag) => [tag.name, tag])).values()].toReversed()
}

function findOrDraftGroup(world: World, call: ApiCall): CorpTagGroup {
  const groupId = call.body.text('group_id')
  if (groupId !== undefined && groupId !== '') {
    const found = world.state.tagGroups.get(groupId)
    if (found === undefined) throw new Refusal(40068)
    return found
  }
  const groupName = call.body.text('group_name')
  if (groupName === undefined || groupName === '') throw new Refusal(40058, 'group_name')
  requireNameLength(world, groupName)
  const found = [...world.state.tagGroups.values()].find((group) => group.group_name === groupName)
  if (found) return found
  return {
    group_id: makeId(world.state, 'et', 30),
    group_name: groupName,
    create_time: nowSeconds(world),
    order: checkOrder(world, call.body),
    createdBy: call.app.agentid,
    tags: [],
  }
}

function checkName(world: World, tag: Fields): string {
  const name = tag.text('name')
  if (name === undefined || name === '') throw new Refusal(40058, 'tag.name')
  return requireNameLength(world, name)
}

function requireNameLength(world: World, name: string): string {
  if (charLength(name) > world.limits.corpTagNameChars) throw new Refusal(40072)
  return name
}

function checkOrder(world: World, fields: Fields): number {
  const order = fields.integer('order') ?? 0
  if (order < 0 || order > world.limits.corpTagOrder) throw new Refusal(40058, 'order')
  return order
}

function requireRoom(world: World, more: number): void {
  let used = world.state.occupied.corpTags
  for (const group of world.state.tagGroups.values()) used += group.tags.length
  if (used + more > world.limits.corpTagsPerCorp) throw new Refusal(40126)
}

function editTag(world: World, call: ApiCall): object {
  const {state} = world
  const id = call.body.text('id') ?? ''
  const group = state.tagGroups.get(id)
  const home = group ?? [...state.tagGroups.values()].find(({tags}) => tags.some((tag) => tag.id === id))
  const tag = home?.tags.find((candidate) => candidate.id === id)
  if (home === undefined) throw new Refusal(40068)
  const target = tag ?? home
  if (target.createdBy !== call.app.agentid) throw new Refusal(81011)
  const name = call.body.text('name')
  if (name !== undefined && name !== '') rename(world, home, tag, name)
  if (call.body.has('order')) target.order = checkOrder(world, call.body)
  world.touched()
  return {}
}

function rename(world: World, home: CorpTagGroup, tag: CorpTag | undefined, name: string): void {
  requireNameLength(world, name)
  const rivals =
    tag === undefined
      ? [...world.state.tagGroups.values()].map((group) => group.group_name)
      : home.tags.map(({name: other}) => other)
  const own = tag?.name ?? home.group_name
  if (name !== own && rivals.includes(name)) throw new Refusal(40071)
  if (tag === undefined) home.group_name = name
  else tag.name = name
}

/** Deleting the last tag of a group removes the group. Nothing is deleted when one of the ids may not be. */
function deleteTags(world: World, call: ApiCall): object {
  const {state} = world
  const tagIds = new Set(call.body.texts('tag_id'))
  const groupIds = new Set(call.body.texts('group_id'))
  if (tagIds.size === 0 && groupIds.size === 0) throw new Refusal(40058, 'tag_id and group_id are both empty')
  const groups = [...state.tagGroups.values()]
  const hit = groups.flatMap((group) => [
    ...group.tags.filter((tag) => tagIds.has(tag.id)),
    ...(groupIds.has(group.group_id) ? [group] : []),
  ])
  if (hit.length < tagIds.size + groupIds.size) throw new Refusal(40068)
  if (hit.some((target) => target.createdBy !== call.app.agentid)) throw new Refusal(81011)
  for (const group of groups) {
    if (groupIds.has(group.group_id)) group.tags = []
    group.tags = group.tags.filter((tag) => !tagIds.has(tag.id))
    if (group.tags.length === 0) state.tagGroups.delete(group.group_id)
  }
  world.touched()
  return {}
}
