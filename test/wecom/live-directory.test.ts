import {describe, expect, it} from '@jest/globals'
import type {WeComClient} from '../../scripts/wecom/client.js'
import {WeComRejected} from '../../scripts/wecom/errors.js'
import {assembleDepartments, fetchLiveDirectory} from '../../scripts/wecom/live-directory.js'
import type {WireDepartment, WireMember, WireMemberTag, WireTagHolders} from '../../scripts/wecom/wire.js'

const department = (id: number, name: string, parentId: number, leaders: string[] = []): WireDepartment => ({
  id,
  name,
  parentId,
  order: 0,
  leaders,
})

const member = (userId: string, departmentIds: number[], changes: Partial<WireMember> = {}): WireMember => ({
  userId,
  name: userId,
  departmentIds,
  mainDepartmentId: departmentIds[0] ?? 0,
  isLeaderIn: [],
  directLeaders: [],
  position: '',
  status: 1,
  attributes: {},
  ...changes,
})

interface Company {
  readonly departments: readonly WireDepartment[]
  readonly members: readonly WireMember[]
  readonly visibleByName?: readonly string[]
  readonly tags?: readonly (WireMemberTag & WireTagHolders)[]
}

type DirectoryClient = Parameters<typeof fetchLiveDirectory>[0]

/** The part of the client that reads the directory, over a company held in memory. */
function aCompany({departments, members, visibleByName = [], tags = []}: Company): DirectoryClient & {most(): number} {
  let [running, most] = [0, 0]
  const counted = async <T>(value: () => T): Promise<T> => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return value()
  }
  const agent: Awaited<ReturnType<WeComClient['fetchAgent']>> = {
    agentId: 1,
    name: '',
    closed: false,
    userIds: visibleByName,
    departmentIds: [],
    tagIds: [],
  }
  return {
    most: () => most,
    fetchAgent: () => Promise.resolve(agent),
    fetchDepartments: () => Promise.resolve([...departments]),
    fetchMemberTags: () => Promise.resolve([...tags]),
    fetchDepartmentMembers: (id) => counted(() => members.filter(({departmentIds}) => departmentIds.includes(id))),
    fetchTagHolders: (id) =>
      counted(() => tags.find(({tagId}) => tagId === id) ?? {name: '', userIds: [], departmentIds: []}),
    fetchMember: (id) =>
      counted(() => {
        const found = members.find(({userId}) => userId === id)
        if (found === undefined) throw new WeComRejected('user/get', 60111, '')
        return found
      }),
  }
}

const COMPANY: Company = {
  departments: [department(1, '总部', 0), department(7, '华南区', 1, ['boss']), department(12, '广州天河店', 7)],
  members: [
    member('lina', [12, 7], {directLeaders: ['boss'], attributes: {星级: '3'}}),
    member('boss', [7], {status: 2}),
    member('alone', [99]),
  ],
  visibleByName: ['alone', 'LINA', 'ghost'],
  tags: [
    {tagId: 3, name: '销冠', userIds: ['LINA'], departmentIds: []},
    {tagId: 4, name: '门店', userIds: [], departmentIds: [7]},
  ],
}

describe('fetchLiveDirectory', () => {
  it('builds paths from the root down and joins members with tags and leaders', async () => {
    expect(await fetchLiveDirectory(aCompany(COMPANY))).toEqual({
      departments: [
        {id: 1, path: '/总部'},
        {id: 7, path: '/总部/华南区', leader: 'boss'},
        {id: 12, path: '/总部/华南区/广州天河店'},
      ],
      members: [
        {
          id: 'alone',
          name: 'alone',
          departmentIds: [99],
          mainDepartmentId: 99,
          status: 'active',
          tags: [],
          attributes: {},
        },
        {
          id: 'boss',
          name: 'boss',
          departmentIds: [7],
          mainDepartmentId: 7,
          status: 'disabled',
          tags: [],
          attributes: {},
        },
        {
          id: 'lina',
          name: 'lina',
          departmentIds: [12, 7],
          mainDepartmentId: 12,
          leader: 'boss',
          status: 'active',
          tags: ['销冠'],
          attributes: {星级: '3'},
        },
      ],
      // Who carries 门店 by his department is not known.
      tags: ['销冠'],
      gone: ['ghost'],
      refused: [],
    })
  })

  it('gives a tag on a department to nobody unless told to', async () => {
    const {members, tags} = await fetchLiveDirectory(aCompany(COMPANY), {departmentTags: 'subtree'})
    expect(tags).toEqual(['销冠', '门店'])
    expect(members.map(({id, tags}) => [id, tags])).toEqual([
      ['alone', []],
      ['boss', ['门店']],
      ['lina', ['销冠', '门店']],
    ])
  })

  it.each([
    [1, 'active'],
    [2, 'disabled'],
    [4, 'inactive'],
    [5, 'left'],
    [77, 'inactive'],
  ])('status %i is %s', async (status, word) => {
    const company = aCompany({departments: [department(1, 'a', 0)], members: [member('x', [1], {status})]})
    expect((await fetchLiveDirectory(company)).members[0]?.status).toBe(word)
  })

  it('asks for no more departments at once than allowed', async () => {
    const departments = Array.from({length: 40}, (_one, index) => department(index + 1, `d${index}`, 0))
    const company = aCompany({departments, members: []})
    await fetchLiveDirectory(company, {concurrency: 3})
    expect(company.most()).toBe(3)
  })

  it('fails as a whole when one department cannot be read now', async () => {
    const company = aCompany(COMPANY)
    const broken = {...company, fetchDepartmentMembers: () => Promise.reject(new WeComRejected('user/list', 45009, ''))}
    await expect(fetchLiveDirectory(broken)).rejects.toMatchObject({errcode: 45009})
  })

  it.each([48002, 60011])('leaves out and names a department the app may not see (%i)', async (errcode) => {
    const company = aCompany(COMPANY)
    const {members, refused} = await fetchLiveDirectory({
      ...company,
      fetchDepartmentMembers: (id) =>
        id === 12 ? Promise.reject(new WeComRejected('user/list', errcode, '')) : company.fetchDepartmentMembers(id),
    })
    expect(members.map(({id}) => id)).toEqual(['alone', 'boss', 'lina'])
    expect(refused).toEqual([`user/list ${errcode}`])
  })

  it('leaves out a tag the app may not see, and its name', async () => {
    const company = aCompany(COMPANY)
    const {members, tags, refused} = await fetchLiveDirectory({
      ...company,
      fetchTagHolders: (id) =>
        id === 3 ? Promise.reject(new WeComRejected('tag/get', 60011, '')) : company.fetchTagHolders(id),
    })
    expect([tags, members.flatMap((one) => one.tags), refused]).toEqual([[], [], ['tag/get 60011']])
  })

  it('goes on without any tags, and without the app’s own range', async () => {
    const {members, tags, refused} = await fetchLiveDirectory({
      ...aCompany(COMPANY),
      fetchMemberTags: () => Promise.reject(new WeComRejected('tag/list', 48002, '')),
      fetchAgent: () => Promise.reject(new WeComRejected('agent/get', 48002, '')),
    })
    expect([members.map(({id}) => id), tags]).toEqual([['boss', 'lina'], []])
    expect(refused).toEqual(['agent/get 48002', 'tag/list 48002'])
  })

  it('cannot say anything without the departments', async () => {
    const fetchDepartments = () => Promise.reject(new WeComRejected('department/list', 48002, ''))
    await expect(fetchLiveDirectory({...aCompany(COMPANY), fetchDepartments})).rejects.toMatchObject({errcode: 48002})
  })

  it.each([
    [60111, ['went']],
    [46004, ['went']],
    [60011, []],
  ])('a suspect answered with %i: gone are %j', async (errcode, gone) => {
    const fetchMember = () => Promise.reject(new WeComRejected('user/get', errcode, ''))
    const suspects = ['LINA', 'went']
    expect(await fetchLiveDirectory({...aCompany(COMPANY), fetchMember}, {suspects})).toMatchObject({
      gone: expect.arrayContaining(gone),
      refused: [],
    })
  })

  it('a status that is not shown is none', async () => {
    const company = aCompany({departments: [department(1, 'a', 0)], members: [member('x', [1], {status: 0})]})
    expect((await fetchLiveDirectory(company)).members[0]).not.toHaveProperty('status')
  })
})

describe('assembleDepartments', () => {
  it('starts at the topmost department that is visible', () => {
    expect(assembleDepartments([department(12, '店', 7), department(7, '华南区', 1)])).toEqual([
      {id: 7, path: '/华南区'},
      {id: 12, path: '/华南区/店'},
    ])
  })

  it('survives a circle and keeps a slash in a name from cutting the path', () => {
    const [first] = assembleDepartments([department(1, '直营/加盟', 2), department(2, 'b', 1)])
    expect(first?.path).toBe('/b/直营／加盟')
  })
})
