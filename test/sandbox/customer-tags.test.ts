import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {charsOf, startPlayground, type Playground, type Reply} from './playground.js'

const AT = 'externalcontact'

interface Group {
  group_id: string
  group_name: string
  tag: {id: string; name: string; order: number}[]
}

describe('customer tags', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  const add = (body: object, app = 1000002) => world.post(`${AT}/add_corp_tag`, body, {app})
  const list = async (body: object = {}) => (await world.post(`${AT}/get_corp_tag_list`, body))['tag_group'] as Group[]
  const groupOf = (reply: Reply) => reply['tag_group'] as Group
  const names = (...tags: string[]) => tags.map((name) => ({name}))

  it.each([
    ['a name of 30 characters', {group_name: '来源', tag: names(charsOf(30))}, 0],
    ['a name of 31 characters', {group_name: '来源', tag: names(charsOf(31))}, 40072],
    ['a group name of 30 characters', {group_name: charsOf(30), tag: names('a')}, 0],
    ['a group name of 31 characters', {group_name: charsOf(31), tag: names('a')}, 40072],
    ['no tag', {group_name: '来源', tag: []}, 40058],
    ['no group', {tag: names('a')}, 40058],
    ['an unknown group', {group_id: 'etX', tag: names('a')}, 40068],
    ['the highest order', {group_name: '来源', tag: [{name: 'a', order: 4_294_967_295}]}, 0],
    ['an order above the highest', {group_name: '来源', tag: [{name: 'a', order: 4_294_967_296}]}, 40058],
    ['a negative order', {group_name: '来源', tag: [{name: 'a', order: -1}]}, 40058],
  ])('made with %s are answered with the right errcode', async (_what, body, errcode) => {
    expect((await add(body)).errcode).toBe(errcode)
  })

  it('of one name are made once, and a known group takes new ones', async () => {
    await add({group_name: '来源', tag: names('春季', '春季')})
    await add({group_name: '来源', tag: names('春季', '夏季')})
    expect(await list()).toMatchObject([{group_name: '来源', tag: [{name: '春季'}, {name: '夏季'}]}])
  })

  it('are found by tag id before group id', async () => {
    const one = groupOf(await add({group_name: '来源', tag: names('春季', '夏季')}))
    const two = groupOf(await add({group_name: '等级', tag: names('金')}))
    expect(await list({group_id: [two.group_id]})).toMatchObject([{group_name: '等级'}])
    expect(await list({tag_id: [one.tag[1]?.id], group_id: [two.group_id]})).toMatchObject([
      {group_name: '来源', tag: [{name: '夏季'}]},
    ])
  })

  it.each([
    [9_999, 0],
    [10_000, 40126],
  ])('with %i there already, one more is answered with %i', async (corpTags, errcode) => {
    await world.control('/occupied', {corpTags})
    expect((await add({group_name: '来源', tag: names('a')})).errcode).toBe(errcode)
  })

  it('cannot be renamed to a name of their group (40071)', async () => {
    const {tag} = groupOf(await add({group_name: '来源', tag: names('春季', '夏季')}))
    expect((await world.post(`${AT}/edit_corp_tag`, {id: tag[0]?.id, name: '夏季'})).errcode).toBe(40071)
    expect((await world.post(`${AT}/edit_corp_tag`, {id: tag[0]?.id, name: '秋季', order: 5})).errcode).toBe(0)
    expect((await list())[0]?.tag).toMatchObject([{name: '秋季', order: 5}, {name: '夏季'}])
  })

  it('keep a group name to one group', async () => {
    const one = groupOf(await add({group_name: '来源', tag: names('a')}))
    await add({group_name: '等级', tag: names('a')})
    expect((await world.post(`${AT}/edit_corp_tag`, {id: one.group_id, name: '等级'})).errcode).toBe(40071)
  })

  it.each(['edit_corp_tag', 'del_corp_tag'])(
    'of another app or the console are out of reach of %s (81011)',
    async (verb) => {
      const {tag} = groupOf(await add({group_name: '来源', tag: names('a')}))
      const body = (id: unknown) => ({id, name: 'b', tag_id: [id]})
      expect((await world.post(`${AT}/${verb}`, body(tag[0]?.id), {app: 1000003})).errcode).toBe(81011)
      const made = await world.control('/tags/console', {group_name: '控制台', tags: ['老']})
      const [{id}] = made['tags'] as [{id: string}]
      expect((await world.post(`${AT}/${verb}`, body(id))).errcode).toBe(81011)
      expect((await world.post(`${AT}/${verb}`, body('etX'))).errcode).toBe(40068)
    },
  )

  it('take their group along when the last one is deleted', async () => {
    const {tag} = groupOf(await add({group_name: '来源', tag: names('a', 'b')}))
    await world.post(`${AT}/del_corp_tag`, {tag_id: [tag[0]?.id]})
    expect(await list()).toMatchObject([{tag: [{name: 'b'}]}])
    await world.post(`${AT}/del_corp_tag`, {tag_id: [tag[1]?.id]})
    expect(await list()).toEqual([])
  })

  it('are not deleted by an empty request', async () => {
    expect((await world.post(`${AT}/del_corp_tag`, {})).errcode).toBe(40058)
  })
})

describe('mark_tag', () => {
  let world: Playground
  let tags: string[]
  beforeEach(async () => {
    world = await startPlayground()
    await world.control('/customers/add', {userid: 'lina', external_userid: 'wmTEST1'})
    const reply = await world.post(`${AT}/add_corp_tag`, {group_name: '来源', tag: [{name: 'a'}, {name: 'b'}]})
    tags = (reply['tag_group'] as Group).tag.map(({id}) => id)
  })
  afterEach(() => world.close())

  const mark = (body: object) => world.post(`${AT}/mark_tag`, {userid: 'lina', external_userid: 'wmTEST1', ...body})

  it.each([
    ['an unknown member', {userid: 'ghost', add_tag: ['x']}, 40003],
    ['no customer', {external_userid: '', add_tag: ['x']}, 41035],
    ['a customer of nobody', {external_userid: 'wmOTHER', add_tag: ['x']}, 84061],
    ['a customer of another member', {userid: 'WangWei', add_tag: ['x']}, 84061],
    ['an unknown tag', {add_tag: ['etX']}, 40068],
    ['nothing to do', {add_tag: [], remove_tag: []}, 40058],
    ['tags that are no list', {add_tag: 'etX'}, 40058],
  ])('with %s is answered with the right errcode', async (_what, body, errcode) => {
    expect((await mark(body)).errcode).toBe(errcode)
  })

  it('may be repeated, and takes tags off again', async () => {
    const tagsNow = async () => {
      const reply = await world.get(`${AT}/get`, {external_userid: 'wmTEST1'})
      return (reply['follow_user'] as {tags: {tag_name: string}[]}[])[0]?.tags.map((tag) => tag.tag_name)
    }
    for (const _ of [1, 2]) expect((await mark({add_tag: [tags[0]]})).errcode).toBe(0)
    expect(await tagsNow()).toEqual(['a'])
    await mark({add_tag: [tags[1]], remove_tag: [tags[0]]})
    expect(await tagsNow()).toEqual(['b'])
  })

  it.each([
    [3000, 0],
    [3001, 40058],
  ])('up to %i tags of one customer is answered with %i', async (count, errcode) => {
    const many = Array.from({length: count}, (_, index) => ({name: `t${index}`}))
    const reply = await world.post(`${AT}/add_corp_tag`, {group_name: '多', tag: many})
    const add_tag = (reply['tag_group'] as Group).tag.map(({id}) => id)
    expect((await mark({add_tag})).errcode).toBe(errcode)
  })

  it('takes five calls at once and refuses the sixth with 45033', async () => {
    await world.control('/settings', {markTagHoldMs: 600})
    await world.token()
    const replies = await Promise.all(Array.from({length: 6}, () => mark({add_tag: [tags[0]]})))
    expect(replies.map((reply) => reply.errcode).toSorted((a, b) => a - b)).toEqual([0, 0, 0, 0, 0, 45033])
    expect((await mark({add_tag: [tags[0]]})).errcode).toBe(0)
  })
})
