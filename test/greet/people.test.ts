import {describe, expect, it} from '@jest/globals'
import {aGreeter, type AskedGreeter, BARE, members, schedule, templates} from '../support/a-greeter.js'

const AT = '2026-11-25T15:00:00'
const SAYINGS = {
  ...templates('south', 'north', 'role', 'own', 'wide', 'next'),
  ...schedule('south', {departments: ['/总部/华南']}, {template: 'south'}),
  ...schedule('north', {departments: ['/总部/华北']}, {template: 'north'}),
  ...schedule('role', {roles: ['销冠']}, {template: 'role'}),
  ...schedule('wide', {}, {template: 'wide'}),
}
const over = (files: Record<string, object>): AskedGreeter => aGreeter({...BARE, ...SAYINGS, ...files})
const SUCCESSION = {
  'enterprise.yaml': {corpId: 'ww1', agentId: 1, timezone: 'Asia/Shanghai', greet: {successor: 'next'}},
}

describe('members', () => {
  it('ids compare without regard to case', () => {
    const {says} = over(members({id: 'Zhang.San', departments: ['/总部/华南']}))
    expect(says({member: 'zhang.SAN', at: AT})).toBe('south')
  })
  it('an audience names members without regard to case', () => {
    const {says} = over({
      ...members({id: 'Zhang.San', departments: ['/总部/华南']}),
      ...schedule('own', {members: ['zhang.san']}, {template: 'own'}),
    })
    expect(says({member: 'Zhang.San', at: AT})).toBe('own')
  })
  it('a member the directory does not know hears only what is for everybody, and it is reported', () => {
    const {choose} = over({
      ...members({id: 'li', departments: ['/总部/华南']}),
      'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'},
      ...schedule('code', {channels: ['c']}, {template: 'own'}),
    })
    expect(choose({member: 'nobody', state: 'c', at: AT})).toMatchObject({
      template: 'wide',
      level: 'everybody',
      notices: ['unknown-member'],
    })
  })
  it('a department covers its subtree by whole names only', () => {
    const {says} = over(
      members(
        {id: 'a', departments: ['/总部/华南/一店/二柜']},
        {id: 'b', departments: ['/总部/华南区']},
        {id: 'c', departments: ['/总部']},
      ),
    )
    expect(['a', 'b', 'c'].map((member) => says({member, at: AT}))).toEqual(['south', 'wide', 'wide'])
  })
})

describe('leavers', () => {
  const left = {status: 'left', leftAt: '2026-11-25T15:00:00+08:00'}
  const team = (...changes: readonly object[]): Record<string, object> => {
    const [mei = {}, li = {}, wang = {}] = changes
    return members(
      {id: 'mei', departments: ['/总部/华南'], roles: ['销冠'], ...mei},
      {id: 'li', departments: ['/总部/华南'], ...li},
      {id: 'wang', departments: ['/总部'], ...wang},
    )
  }
  it('before he leaves a member greets as ever, from that instant on his successor is named', () => {
    const {choose} = over({...SUCCESSION, ...team({...left, successor: 'li'})})
    expect(choose({member: 'mei', at: '2026-11-25T14:59:59.999'})).toMatchObject({template: 'role', level: 'role'})
    expect(choose({member: 'mei', at: AT})).toMatchObject({template: 'next', level: 'leaver', successor: 'li'})
  })
  it('a disabled member is a leaver at all times', () => {
    const {choose} = over({...SUCCESSION, ...team({status: 'disabled', leader: 'wang'})})
    expect(choose({member: 'mei', at: AT})).toMatchObject({level: 'leaver', successor: 'wang'})
  })
  it('a successor comes before the leader, and stands in for him when none is named', () => {
    expect(
      over({...SUCCESSION, ...team({...left, successor: 'li', leader: 'wang'})}).choose({member: 'mei', at: AT})
        .successor,
    ).toBe('li')
    expect(over({...SUCCESSION, ...team({...left, leader: 'wang'})}).choose({member: 'mei', at: AT}).successor).toBe(
      'wang',
    )
  })
  it("a channel's text does not hide that somebody has left", () => {
    const {choose} = over({
      ...SUCCESSION,
      ...team({...left, successor: 'li'}),
      'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'},
      ...schedule('code', {channels: ['c']}, {template: 'own'}),
    })
    expect(choose({member: 'mei', state: 'c', at: AT})).toMatchObject({level: 'leaver'})
  })
  it('a chain of leavers is followed to somebody in service', () => {
    const {choose} = over({...SUCCESSION, ...team({...left, successor: 'li'}, {status: 'disabled', leader: 'wang'})})
    expect(choose({member: 'mei', at: AT}).successor).toBe('wang')
  })
  it('a circle of leavers ends at the text for everybody', () => {
    const {choose} = over({...SUCCESSION, ...team({...left, successor: 'li'}, {status: 'disabled', successor: 'mei'})})
    expect(choose({member: 'mei', at: AT})).toMatchObject({
      template: 'wide',
      level: 'everybody',
      notices: ['successor-missing'],
    })
  })
  it('a successor the directory does not know is nobody', () => {
    const {choose} = over({...SUCCESSION, ...team({...left, successor: 'ghost'})})
    expect(choose({member: 'mei', at: AT})).toMatchObject({template: 'wide', notices: ['successor-missing']})
  })
  it('a successor who leaves later is the right one until then', () => {
    const {choose} = over({
      ...SUCCESSION,
      ...team({...left, successor: 'li'}, {status: 'left', leftAt: '2026-12-01T00:00:00+08:00', leader: 'wang'}),
    })
    expect(choose({member: 'mei', at: '2026-11-30T23:59:59'}).successor).toBe('li')
    expect(choose({member: 'mei', at: '2026-12-01T00:00:00'}).successor).toBe('wang')
  })
  it('without a text for leavers the one for everybody is said, never his own', () => {
    const {choose} = over(team({...left, successor: 'li'}))
    expect(choose({member: 'mei', at: AT})).toMatchObject({template: 'wide', level: 'everybody'})
  })
  it('without either the built-in text is said', () => {
    const {choose} = over({
      ...team({...left, successor: 'li'}),
      ...schedule('wide', {members: ['wang']}, {template: 'wide'}),
    })
    expect(choose({member: 'mei', at: AT})).toMatchObject({template: null, silent: false, level: 'built-in'})
  })
  it('a text for leavers out of its validity is not said', () => {
    const {says} = over({
      ...SUCCESSION,
      ...team({...left, successor: 'li'}),
      'templates/next.yaml': {title: '接替', text: '接替', validTo: '2026-11-25T07:00:00Z'},
    })
    expect(says({member: 'mei', at: AT})).toBe('wide')
  })
})

describe('temporary transfers', () => {
  const moved = {
    'organization.yaml': {
      members: [{id: 'mei', departments: ['/总部/华南/一店', '/总部/培训']}],
      transfers: [
        {member: 'MEI', to: '/总部/华北/二店', from: '2026-12-01T00:00:00+08:00', until: '2026-12-15T08:30:01+08:00'},
      ],
    },
    ...schedule('training', {departments: ['/总部/培训']}, {template: 'own'}),
  }
  it.each([
    ['2026-11-30T23:59:59.999', 'south'],
    ['2026-12-01T00:00:00', 'north'],
    ['2026-12-15T08:30:00', 'north'],
    ['2026-12-15T08:30:00.999', 'north'],
    ['2026-12-15T08:30:01', 'south'],
  ])('at %s the member says %s', (at, expected) => {
    expect(over(moved).says({member: 'mei', at})).toBe(expected)
  })
  it('replaces the main department only: the others stay', () => {
    const {says} = over({...moved, ...schedule('north', {members: ['x']}, {template: 'north'})})
    expect(says({member: 'mei', at: '2026-12-05T00:00:00'})).toBe('own')
  })
  it('an exclusion looks at where the member is now', () => {
    const {says} = over({
      ...moved,
      ...schedule('wide', {exclude: {departments: ['/总部/华北']}}, {template: 'wide'}),
      ...schedule('north', {departments: ['/总部/别处']}, {template: 'north'}),
      ...schedule('training', {departments: ['/总部/别处']}, {template: 'own'}),
    })
    expect(says({member: 'mei', at: '2026-12-05T00:00:00'})).toBe('built-in')
    expect(says({member: 'mei', at: '2026-12-16T00:00:00'})).toBe('south')
  })
  it('brings the facts of the other department along', () => {
    const {render} = over({
      ...moved,
      'facts.yaml': {'/总部/华南': {门店: '南店'}, '/总部/华北/二店': {门店: '北二店'}},
      'templates/wide.yaml': {title: 'w', text: '[门店]', fallback: '您好'},
      ...schedule('own', {members: ['mei']}, {template: 'wide'}),
    })
    expect(render({member: 'mei', at: '2026-11-30T00:00:00'}).text).toBe('南店')
    expect(render({member: 'mei', at: '2026-12-02T00:00:00'}).text).toBe('北二店')
  })
})

describe('roles by grants', () => {
  const granted = (grant: object, zone = 'Asia/Shanghai'): AskedGreeter =>
    over({
      'enterprise.yaml': {corpId: 'ww1', agentId: 1, timezone: zone},
      ...members(
        {id: 'mei', departments: ['/总部/华南/一店'], github: 'Mei-Dev'},
        {id: 'li', departments: ['/总部/华北', '/总部/华南']},
        {id: 'wang', departments: ['/总部/华南区']},
      ),
      'roles.yaml': {销冠: {may: []}, 督导: {may: []}},
      'grants/g.yaml': [{role: '销冠', ticket: 'OA-1', until: '2027-06-30', ...grant}],
    })
  const holders = (grant: object): string[] => {
    const {says} = granted(grant)
    return ['mei', 'li', 'wang'].filter((member) => says({member, at: AT}) === 'role')
  }
  it('names a member, a login or a department with all below it', () => {
    expect(holders({to: ['member:MEI']})).toEqual(['mei'])
    expect(holders({to: ['github:mei-dev']})).toEqual(['mei'])
    expect(holders({to: ['department:/总部/华南']})).toEqual(['mei', 'li'])
    expect(holders({to: ['department:/总部/华北', 'member:wang']})).toEqual(['li', 'wang'])
    expect(holders({to: ['role:督导', 'github:stranger']})).toEqual([])
  })
  it.each([
    ['2026-11-24T23:59:59', 'south'],
    ['2026-11-25T00:00:00', 'role'],
    ['2026-11-30T23:59:59.999', 'role'],
    ['2026-12-01T00:00:00', 'south'],
  ])('dates mean whole days in the enterprise zone: at %s %s', (at, expected) => {
    expect(granted({to: ['member:mei'], from: '2026-11-25', until: '2026-11-30'}).says({member: 'mei', at})).toBe(
      expected,
    )
  })
  it('another zone has other days', () => {
    const {says} = granted({to: ['member:mei'], until: '2026-11-30'}, 'America/New_York')
    expect(says({member: 'mei', at: '2026-12-01T04:59:59Z'})).toBe('role')
    expect(says({member: 'mei', at: '2026-12-01T05:00:00Z'})).toBe('south')
  })
  it('instants are half-open to the second', () => {
    const {says} = granted({to: ['member:mei'], from: '2026-11-25T12:00:00+08:00', until: '2026-11-25T12:00:01+08:00'})
    expect(
      ['11:59:59.999', '12:00:00', '12:00:00.999', '12:00:01'].map((time) =>
        says({member: 'mei', at: `2026-11-25T${time}`}),
      ),
    ).toEqual(['south', 'role', 'role', 'south'])
  })
  it('an excluded role counts grants too', () => {
    const {says} = over({
      ...members({id: 'mei', departments: ['/总部/华南']}),
      'roles.yaml': {新人: {may: []}},
      'grants/g.yaml': [{role: '新人', to: ['member:mei'], ticket: 'OA-1', until: '2026-11-30'}],
      ...schedule('south', {departments: ['/总部/华南'], exclude: {roles: ['新人']}}, {template: 'south'}),
    })
    expect(says({member: 'mei', at: '2026-11-30T12:00:00'})).toBe('wide')
    expect(says({member: 'mei', at: '2026-12-01T12:00:00'})).toBe('south')
  })
  it('a grant for a department follows a transfer', () => {
    const {says} = over({
      'organization.yaml': {
        members: [{id: 'mei', departments: ['/总部/华南']}],
        transfers: [
          {member: 'mei', to: '/总部/华北', from: '2026-12-01T00:00:00+08:00', until: '2026-12-02T00:00:00+08:00'},
        ],
      },
      'roles.yaml': {销冠: {may: []}},
      'grants/g.yaml': [{role: '销冠', to: ['department:/总部/华北'], ticket: 'OA-1', until: '2027-06-30'}],
    })
    expect(
      ['2026-11-30T12:00:00', '2026-12-01T12:00:00', '2026-12-02T12:00:00'].map((at) => says({member: 'mei', at})),
    ).toEqual(['south', 'role', 'south'])
  })
})
