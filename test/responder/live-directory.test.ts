import {describe, expect, it} from '@jest/globals'
import type {Directory, Member} from '../../scripts/core/model/directory.js'
import {type LiveMember, overlayDirectory} from '../../scripts/core/respond/overlay-directory.js'
import {createDepartmentFinder} from '../../scripts/core/respond/find-departments.js'
import {aWorld, textsOf} from './a-responder.js'

const aMember = (changes: Partial<Member> = {}): Member => ({
  id: 'zhang.san',
  departments: ['/总部/华南区'],
  roles: ['店员'],
  attributes: {星级: 3, 区域: '南'},
  status: 'active',
  facts: {门店电话: '400-000-0001'},
  ...changes,
})

const mirror = (...members: Member[]): Directory => ({members, transfers: []})

const overlaid = (member: Partial<Member>, live: Partial<LiveMember>): Member | undefined =>
  overlayDirectory(mirror(aMember(member)), [{id: 'zhang.san', ...live}]).members[0]

describe('live members over the mirror', () => {
  it.each<[string, Partial<Member>, Partial<LiveMember>, Partial<Member>]>([
    ['departments are the live ones', {}, {departments: ['/总部/华北区']}, {departments: ['/总部/华北区']}],
    ['departments nobody shows stay', {}, {departments: []}, {departments: ['/总部/华南区']}],
    ['tags are the roles, an empty list too', {}, {roles: []}, {roles: []}],
    ['unknown tags leave the roles', {}, {}, {roles: ['店员']}],
    ['attributes are laid over one by one', {}, {attributes: {星级: '5'}}, {attributes: {星级: 5, 区域: '南'}}],
    [
      'a text that only looks like a number stays one',
      {},
      {attributes: {工号: '1e3'}},
      {attributes: {星级: 3, 区域: '南', 工号: '1e3'}},
    ],
    ['a disabled member is disabled', {}, {status: 'disabled'}, {status: 'disabled'}],
    ['a leaver of the mirror stays one', {status: 'left'}, {status: 'active'}, {status: 'left'}],
    ['a name nobody wrote is the live one', {}, {name: '张三'}, {displayName: '张三'}],
    ['a name written in the mirror wins', {displayName: '张顾问'}, {name: '张三'}, {displayName: '张顾问'}],
    ['his own facts stay', {}, {departments: ['/x']}, {facts: {门店电话: '400-000-0001'}}],
  ])('%s', (_promise, member, live, expected) => {
    expect(overlaid(member, live)).toMatchObject(expected)
  })

  it('an empty live name is no name', () => {
    expect(overlaid({}, {name: ''})).not.toHaveProperty('displayName')
  })

  it('ids compare without regard to case', () => {
    const {members} = overlayDirectory(mirror(aMember()), [{id: 'Zhang.San', roles: ['销冠']}])
    expect(members.map(({id, roles}) => [id, roles])).toEqual([['zhang.san', ['销冠']]])
  })

  it('members the mirror lacks are added, members WeCom does not show stay', () => {
    const {members} = overlayDirectory(mirror(aMember()), [{id: 'new.one', departments: ['/总部'], name: '新人'}])
    expect(members.map(({id}) => id)).toEqual(['zhang.san', 'new.one'])
    expect(members[1]).toMatchObject({status: 'active', roles: [], displayName: '新人', facts: {}})
  })

  it('nobody live changes nothing', () => {
    const same = mirror(aMember())
    expect(overlayDirectory(same, [])).toBe(same)
  })
})

describe('departments for a kill switch', () => {
  it('are those of the member and of a transfer in force, half-open', () => {
    const find = createDepartmentFinder({
      members: [aMember()],
      transfers: [{member: 'Zhang.San', to: '/总部/华北区', fromMs: 10, untilMs: 20}],
    })
    expect([9, 10, 19, 20].map((atMs) => find('ZHANG.SAN', atMs).length)).toEqual([1, 2, 2, 1])
    expect(find('nobody', 15)).toEqual([])
  })
})

describe('the live directory in a responder', () => {
  const BY_DEPARTMENT = {
    'templates/south.yaml': {title: '南', text: '华南您好'},
    'templates/north.yaml': {title: '北', text: '华北您好'},
    'schedules/south.yaml': {title: '南', audience: {departments: ['/总部/华南区']}, template: 'south'},
    'schedules/north.yaml': {title: '北', audience: {departments: ['/总部/华北区']}, template: 'north'},
  }
  const LIVE_MS = 15 * 60_000

  it('a member who moved is answered for where he is now, within 15 minutes', async () => {
    let department = '/总部/华南区/天河店'
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: [department]}]),
    })
    await world.clock.settle()
    await world.deliver({customer: 'wm1', code: 'A'})
    department = '/总部/华北区/西单店'
    await world.clock.advance(LIVE_MS)
    await world.deliver({customer: 'wm2', code: 'B'})
    expect(textsOf(world)).toEqual(['华南您好', '华北您好'])
  })

  it('a failure keeps the last picture', async () => {
    let isDown = false
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () =>
        isDown
          ? Promise.reject(new Error('60020'))
          : Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
    })
    isDown = true
    await world.clock.advance(2 * LIVE_MS)
    await world.deliver()
    expect(textsOf(world)).toEqual(['华北您好'])
    expect(world.counter('live_directory_failed')).toBe(2)
  })

  it('a directory that hangs keeps nobody waiting', async () => {
    const world = await aWorld({changes: BY_DEPARTMENT, fetchLiveMembers: () => new Promise(() => undefined)})
    await world.deliver()
    expect(textsOf(world)).toEqual(['华南您好'])
  })

  it('the same picture again costs no new compiling', async () => {
    let compiled = 0
    const {createGreeter} = await import('../../scripts/core/greet/create-greeter.js')
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
      createGreeter: (...args) => {
        compiled += 1
        return createGreeter(...args)
      },
    })
    await world.clock.advance(4 * LIVE_MS)
    expect(compiled).toBe(2)
  })

  it('a picture the greeter cannot take does not spoil later releases', async () => {
    const {createGreeter} = await import('../../scripts/core/greet/create-greeter.js')
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/坏']}]),
      createGreeter: (release, directory) => {
        if (directory.members.some(({departments}) => departments.includes('/坏'))) throw new RangeError('no such path')
        return createGreeter(release, directory)
      },
    })
    await world.clock.settle()
    world.publish({})
    await world.clock.advance(15_000)
    await world.deliver()
    expect(world.lastOutcome()).toMatchObject({manifestVersion: 2, template: 'south'})
  })

  it('a later release is overlaid too', async () => {
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
    })
    await world.clock.settle()
    world.publish({})
    await world.clock.advance(15_000)
    await world.deliver()
    expect(world.lastOutcome()).toMatchObject({manifestVersion: 2, template: 'north'})
  })
})
