import {afterAll, afterEach, beforeAll, beforeEach, describe, expect, it} from '@jest/globals'
import {charsOf, startPlayground, type Playground} from './playground.js'

describe('departments and members', () => {
  let world: Playground
  beforeAll(async () => {
    world = await startPlayground()
  })
  afterAll(() => world.close())

  const ids = (reply: Record<string, unknown>, list: string) => (reply[list] as {id: number}[]).map(({id}) => id)

  it('are listed down the tree', async () => {
    expect(ids(await world.get('department/simplelist'), 'department_id')).toEqual([1, 7, 9])
    expect(ids(await world.get('department/simplelist', {id: '7'}), 'department_id')).toEqual([7, 9])
    expect(await world.get('department/list', {id: '9'})).toMatchObject({
      department: [{id: 9, name: '华南', parentid: 7}],
    })
    expect(await world.get('department/get', {id: '9'})).toMatchObject({department: {name: '华南'}})
  })

  it('show themselves only as far as the app sees', async () => {
    expect(ids(await world.get('department/simplelist', {}, {app: 1000004}), 'department_id')).toEqual([])
    expect((await world.get('user/get', {userid: 'lina'}, {app: 1000004})).errcode).toBe(0)
    expect((await world.get('user/get', {userid: 'boss'}, {app: 1000004})).errcode).toBe(60011)
  })

  it.each([
    ['department/get', {id: '404'}, 60003],
    ['department/get', {id: 'x'}, 60123],
    ['department/simplelist', {id: '404'}, 60003],
    ['user/get', {}, 41009],
    ['user/get', {userid: 'ghost'}, 60111],
    ['user/list', {department_id: '404'}, 60003],
    ['user/simplelist', {}, 60123],
  ])('%s with %j is answered with %i', async (path, query, errcode) => {
    expect((await world.get(path, query)).errcode).toBe(errcode)
  })

  it('answer a member without phone and mail, spelled in any case', async () => {
    const reply = await world.get('user/get', {userid: 'LINA'})
    expect(reply).toMatchObject({
      userid: 'lina',
      name: '李娜',
      department: [7, 9],
      direct_leader: ['boss'],
      position: '顾问',
      main_department: 7,
      status: 1,
      extattr: {attrs: [{name: '星级', value: '3'}]},
    })
    expect(reply).not.toHaveProperty('mobile')
  })

  it('list the direct members of one department', async () => {
    const reply = await world.get('user/list', {department_id: '9'})
    expect((reply['userlist'] as {userid: string}[]).map(({userid}) => userid)).toEqual(['lina', 'WangWei'])
  })

  it('list ids with the contact-sync secret only, one row per member and department', async () => {
    expect((await world.post('user/list_id')).errcode).toBe(48002)
    const reply = await world.post('user/list_id', {limit: 10_000}, {app: 2000001})
    expect((reply['dept_user'] as object[]).filter((row) => 'userid' in row && row.userid === 'lina')).toHaveLength(2)
    expect((await world.post('user/list_id', {limit: 10_001}, {app: 2000001})).errcode).toBe(40058)
    expect((await world.post('user/list_id', {limit: 0}, {app: 2000001})).errcode).toBe(40058)
  })

  it('give no details and no messages to contact sync', async () => {
    expect((await world.get('user/get', {userid: 'lina'}, {app: 2000001})).errcode).toBe(48009)
    expect((await world.post('message/send', {}, {app: 2000001})).errcode).toBe(48002)
    expect((await world.get('externalcontact/get_follow_user_list', {}, {app: 2000001})).errcode).toBe(48002)
  })

  it.each([
    [{}, 41011],
    [{agentid: 'x'}, 40056],
    [{agentid: '1000003'}, 301002],
    [{agentid: '1000002'}, 0],
  ])('agent/get with %j is answered with %i', async (query, errcode) => {
    expect((await world.get('agent/get', query)).errcode).toBe(errcode)
  })

  it('show the app its own visible range', async () => {
    expect(await world.get('agent/get', {agentid: '1000004'}, {app: 1000004})).toMatchObject({
      allow_userinfos: {user: [{userid: 'lina'}]},
      allow_partys: {partyid: []},
    })
  })

  it.each(['getcallbackip', 'get_api_domain_ip'])('%s lists addresses', async (path) => {
    expect(await world.get(path)).toMatchObject({errcode: 0, ip_list: expect.arrayContaining(['127.0.0.1'])})
  })
})

describe('member tags', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
    await world.post('tag/create', {tagname: '销冠', tagid: 3})
  })
  afterEach(() => world.close())

  it.each([
    ['a name of 32 characters', {tagname: charsOf(32)}, 0],
    ['a name of 33 characters', {tagname: charsOf(33)}, 40072],
    ['no name', {}, 41018],
    ['a name that is taken', {tagname: '销冠'}, 40071],
    ['an id that is taken', {tagname: '新', tagid: 3}, 40071],
  ])('made with %s are answered with the right errcode', async (_what, body, errcode) => {
    expect((await world.post('tag/create', body)).errcode).toBe(errcode)
  })

  it.each([
    [2998, 0],
    [2999, 0],
    [3000, 40058],
  ])('with %i there already, one more is answered with %i', async (present, errcode) => {
    await world.control('/occupied', {memberTags: present - 1})
    expect((await world.post('tag/create', {tagname: '新'})).errcode).toBe(errcode)
  })

  it.each([
    ['1000 users', {userlist: Array.from({length: 1000}, () => 'lina')}, 0],
    ['1001 users', {userlist: Array.from({length: 1001}, () => 'lina')}, 81014],
    ['100 departments', {partylist: Array.from({length: 100}, () => 7)}, 0],
    ['101 departments', {partylist: Array.from({length: 101}, () => 7)}, 81014],
    ['nobody', {userlist: [], partylist: []}, 40035],
    ['a text instead of a list', {userlist: 'lina'}, 40035],
    ['only unknown ones', {userlist: ['ghost'], partylist: [99]}, 40070],
  ])('take %s', async (_what, body, errcode) => {
    expect((await world.post('tag/addtagusers', {tagid: 3, ...body})).errcode).toBe(errcode)
  })

  it('take the valid ones and name the others', async () => {
    const reply = await world.post('tag/addtagusers', {
      tagid: 3,
      userlist: ['lina', 'ghost1', 'ghost2'],
      partylist: [7, 99],
    })
    expect(reply).toMatchObject({errcode: 0, invalidlist: 'ghost1|ghost2', invalidparty: [99]})
    expect(await world.get('tag/get', {tagid: '3'})).toMatchObject({
      tagname: '销冠',
      userlist: [{userid: 'lina'}],
      partylist: [7],
    })
  })

  it('give members back, 40031 when none of them is valid', async () => {
    await world.post('tag/addtagusers', {tagid: 3, userlist: ['lina', 'boss']})
    expect((await world.post('tag/deltagusers', {tagid: 3, userlist: ['ghost']})).errcode).toBe(40031)
    await world.post('tag/deltagusers', {tagid: 3, userlist: ['LINA']})
    expect(await world.get('tag/get', {tagid: '3'})).toMatchObject({userlist: [{userid: 'boss'}]})
  })

  it('are changed by their maker only (81011)', async () => {
    const other = {app: 1000003}
    expect((await world.post('tag/addtagusers', {tagid: 3, userlist: ['lina']}, other)).errcode).toBe(81011)
    expect((await world.post('tag/update', {tagid: 3, tagname: '新'}, other)).errcode).toBe(81011)
    expect((await world.get('tag/delete', {tagid: '3'}, other)).errcode).toBe(81011)
    expect((await world.post('tag/update', {tagid: 3, tagname: '新'})).errcode).toBe(0)
    expect(await world.get('tag/list')).toMatchObject({taglist: [{tagid: 3, tagname: '新'}]})
    expect((await world.get('tag/delete', {tagid: '3'})).errcode).toBe(0)
    expect((await world.get('tag/get', {tagid: '3'})).errcode).toBe(40068)
  })

  it('of the console can be changed by contact sync but not by an app', async () => {
    await world.control('/member-tags/console', {tagid: 9, tagname: '控制台'})
    expect((await world.post('tag/addtagusers', {tagid: 9, userlist: ['lina']})).errcode).toBe(81011)
    expect((await world.post('tag/addtagusers', {tagid: 9, userlist: ['lina']}, {app: 2000001})).errcode).toBe(0)
  })

  it('need an id (41017)', async () => {
    expect((await world.post('tag/addtagusers', {userlist: ['lina']})).errcode).toBe(41017)
    expect((await world.get('tag/get')).errcode).toBe(41017)
  })
})
