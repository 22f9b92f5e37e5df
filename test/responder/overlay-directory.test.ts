import {describe, expect, it} from '@jest/globals'
import {createPeople} from '../../scripts/core/greet/member-context.js'
import type {Directory, Member} from '../../scripts/core/model/directory.js'
import {createDepartmentFinder} from '../../scripts/core/respond/find-departments.js'
import {findUnplaced, type LiveMember, overlayDirectory} from '../../scripts/core/respond/overlay-directory.js'
import {createPathPlacer} from '../../scripts/core/respond/place-departments.js'

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

const picture = (...members: LiveMember[]) => ({members, tags: ['店员', '销冠']})

const overlaid = (member: Partial<Member>, live: Partial<LiveMember>): Member | undefined =>
  overlayDirectory(mirror(aMember(member)), picture({id: 'zhang.san', ...live})).members[0]

describe('live members over the mirror', () => {
  it.each<[string, Partial<Member>, Partial<LiveMember>, Partial<Member>]>([
    ['departments are the live ones', {}, {departments: ['/总部/华北区']}, {departments: ['/总部/华北区']}],
    ['departments nobody shows stay', {}, {departments: []}, {departments: ['/总部/华南区']}],
    ['tags are the roles, an empty list too', {}, {roles: []}, {roles: []}],
    ['unknown tags leave the roles', {}, {}, {roles: ['店员']}],
    ['a role without a tag stays', {roles: ['值班长', '店员']}, {roles: ['销冠']}, {roles: ['值班长', '销冠']}],
    ['attributes are laid over one by one', {}, {attributes: {星级: '5'}}, {attributes: {星级: 5, 区域: '南'}}],
    [
      'a text that only looks like a number stays one',
      {},
      {attributes: {工号: '1e3'}},
      {attributes: {星级: 3, 区域: '南', 工号: '1e3'}},
    ],
    ['a disabled member is disabled', {}, {status: 'disabled'}, {status: 'disabled'}],
    ['a status the app may not see stays', {status: 'disabled'}, {}, {status: 'disabled'}],
    ['a leader is the live one', {leader: 'old'}, {leader: 'new'}, {leader: 'new'}],
    ['a leader the app may not see stays', {leader: 'old'}, {}, {leader: 'old'}],
    ['a leaver of the mirror stays one', {status: 'left'}, {status: 'active'}, {status: 'left'}],
    ['a name nobody wrote is the live one', {}, {name: '张三'}, {displayName: '张三'}],
    ['a name written in the mirror wins', {displayName: '张顾问'}, {name: '张三'}, {displayName: '张顾问'}],
    ['his own facts stay', {}, {departments: ['/x']}, {facts: {门店电话: '400-000-0001'}}],
  ])('%s', (_promise, member, live, expected) => {
    expect(overlaid(member, live)).toMatchObject(expected)
  })

  it('who is gone in WeCom has left now, whatever day the mirror names', () => {
    expect(overlaid({status: 'left', leftAtMs: 5}, {status: 'left'})).not.toHaveProperty('leftAtMs')
    expect(overlaid({status: 'left', leftAtMs: 5}, {status: 'active'})).toHaveProperty('leftAtMs', 5)
  })

  it('a transfer with dates wins over the live main department while it lasts', () => {
    const transfers = [{member: 'zhang.san', to: '/总部/华东区', fromMs: 10, untilMs: 20}]
    const directory = overlayDirectory(
      {members: [aMember()], transfers},
      picture({id: 'zhang.san', departments: ['/总部/华北区', '/总部/财务部']}),
    )
    const people = createPeople(directory, {roleGrants: []})
    const [member] = directory.members
    const mains = [9, 10, 19, 20].map((atMs) => member && people.contextOf(member, atMs).departments)
    expect(mains).toEqual([
      ['/总部/华北区', '/总部/财务部'],
      ['/总部/华东区', '/总部/财务部'],
      ['/总部/华东区', '/总部/财务部'],
      ['/总部/华北区', '/总部/财务部'],
    ])
  })

  it('an empty live name is no name, and neither is the userid', () => {
    expect(overlaid({}, {name: ''})).not.toHaveProperty('displayName')
    expect(overlaid({}, {name: 'Zhang.San'})).not.toHaveProperty('displayName')
  })

  it('ids compare without regard to case', () => {
    const {members} = overlayDirectory(mirror(aMember()), picture({id: 'Zhang.San', roles: ['销冠']}))
    expect(members.map(({id, roles}) => [id, roles])).toEqual([['zhang.san', ['销冠']]])
  })

  it('members the mirror lacks are added, members WeCom does not show stay', () => {
    const {members} = overlayDirectory(
      mirror(aMember()),
      picture({id: 'new.one', departments: ['/总部'], name: '新人'}),
    )
    expect(members.map(({id}) => id)).toEqual(['zhang.san', 'new.one'])
    expect(members[1]).toMatchObject({status: 'active', roles: [], displayName: '新人', facts: {}})
  })

  it('nobody live changes nothing', () => {
    const same = mirror(aMember())
    expect(overlayDirectory(same, picture())).toBe(same)
  })
})

describe('paths of an app that sees a part of the company', () => {
  const place = createPathPlacer(
    mirror(
      aMember({departments: ['/总部/华南区/天河店']}),
      aMember({id: 'li.si', departments: ['/总部/华北区/旗舰店']}),
    ),
  )

  it.each([
    ['/总部/新区', '/总部/新区'],
    ['/华南区/天河店', '/总部/华南区/天河店'],
    ['/天河店', '/总部/华南区/天河店'],
    ['/和合家居/华南区', null],
  ])('%s is %s in the mirror', (path, expected) => expect(place(path)).toBe(expected))

  it('a root the mirror has twice is placed nowhere', () => {
    const twice = createPathPlacer(mirror(aMember({departments: ['/总部/南/直营', '/总部/北/直营']})))
    expect(twice('/直营/一店')).toBeNull()
  })

  it('an empty mirror takes paths as they are', () => expect(createPathPlacer(mirror())('/a/b')).toBe('/a/b'))

  it('without a place for his main department a member keeps those of the mirror', () => {
    expect(overlaid({}, {departments: ['/别处', '/总部/华南区']})).toMatchObject({departments: ['/总部/华南区']})
    expect(findUnplaced(mirror(aMember()), [{id: 'x', departments: ['/别处', '/总部']}])).toEqual(['/别处'])
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
