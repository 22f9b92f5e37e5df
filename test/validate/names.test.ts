import {describe, expect, it} from '@jest/globals'
import {
  type Changes,
  describeRemarks,
  enterprise,
  NOW_MS,
  organization,
  remarksOf,
  remarksOfRule,
  rulesOf,
} from '../support/a-config.js'

const found = (changes: Changes): string[] => describeRemarks(remarksOf(changes))
const schedule = (audience: object, body: object = {template: 'hello'}): Changes => ({
  'schedules/all.yaml': {title: '全员', audience, ...body},
})

/** Everybody whom a narrower schedule leaves out. */
const REST: Changes = {'schedules/rest.yaml': {title: '其余', audience: {}, template: 'hello'}}

describe('names that lead nowhere', () => {
  it('of templates are errors wherever they stand, with the nearest name', () => {
    const body = {
      slots: [{from: '09:00', to: '18:00', template: ['hello', 'helo']}],
      dates: [{on: '2026-12-01', slots: [{from: '09:00', to: '18:00', template: 'gone'}]}],
      default: 'nope',
    }
    expect(describeRemarks(remarksOfRule('template-exists', schedule({}, body)))).toEqual([
      'template-exists schedules/all.yaml /default',
      'template-exists schedules/all.yaml /slots/0/template/1',
      'template-exists schedules/all.yaml /dates/0/slots/0/template',
    ])
    expect(remarksOfRule('template-exists', schedule({}, {template: 'helo'}))[0]?.fix.zh).toBe('是否想写「hello」？')
  })
  it('of the text for leavers is an error', () => {
    expect(found({'enterprise.yaml': enterprise({greet: {successor: 'gone'}})})).toEqual([
      'template-exists enterprise.yaml /greet/successor',
    ])
  })
  it('in an audience are errors, roles a warning', () => {
    const audience = {
      members: ['zhang.san', 'nobody'],
      departments: ['/总部/华南区/天河店/二柜'],
      channels: ['poster'],
      roles: ['审批人', '影子'],
      exclude: {members: ['ghost'], departments: ['/分部'], channels: ['flyer'], roles: ['幻影']},
    }
    expect(found(schedule(audience))).toEqual([
      'department-exists schedules/all.yaml /audience/departments/0',
      'member-exists schedules/all.yaml /audience/members/1',
      'channel-exists schedules/all.yaml /audience/channels/0',
      'role-exists schedules/all.yaml /audience/roles/1',
      'department-exists schedules/all.yaml /audience/exclude/departments/0',
      'member-exists schedules/all.yaml /audience/exclude/members/0',
      'channel-exists schedules/all.yaml /audience/exclude/channels/0',
      'role-exists schedules/all.yaml /audience/exclude/roles/0',
    ])
    expect(remarksOfRule('role-exists', schedule(audience)).every(({level}) => level === 'warning')).toBe(true)
  })
  it('are not those of departments above or around what is listed', () => {
    expect(found(schedule({departments: ['/总部/华南区', '/总部/华北区']}))).toEqual([])
  })
  it('are not those that only differ in case', () => {
    expect(found({...schedule({members: ['Zhang.SAN']}), ...REST})).toEqual([])
  })
  it('in the organization are errors', () => {
    const people = {
      departments: [{path: '/总部', leader: 'nobody'}],
      members: [{id: 'a', departments: ['/总部'], leader: 'ghost', successor: 'shade'}],
      transfers: [{member: 'spirit', to: '/总部', from: '2026-12-01T00:00:00Z', until: '2026-12-02T00:00:00Z'}],
    }
    expect(found({'organization.yaml': people, 'facts.yaml': null})).toEqual([
      'member-exists organization.yaml /departments/0/leader',
      'member-exists organization.yaml /members/0/leader',
      'member-exists organization.yaml /members/0/successor',
      'member-exists organization.yaml /transfers/0/member',
    ])
  })
  it('of staff and of grants are errors', () => {
    const files = {
      'channels/c.yaml': {title: 'c', state: 'c', staff: {members: ['nobody'], departments: ['/分部']}},
      'grants/g.yaml': [
        {
          role: '影子',
          to: ['member:ghost', 'department:/分部', 'github:anyone', 'role:any'],
          over: {departments: ['/别处']},
          until: '2027-06-30',
          ticket: 'OA-1',
        },
      ],
    }
    expect(found(files)).toEqual([
      'member-exists channels/c.yaml /staff/members/0',
      'department-exists channels/c.yaml /staff/departments/0',
      'role-exists grants/g.yaml /0/role',
      'member-exists grants/g.yaml /0/to/0',
      'department-exists grants/g.yaml /0/to/1',
      'department-exists grants/g.yaml /0/over/departments/0',
    ])
  })
  it('of a file that is broken in itself are no second finding', () => {
    expect(rulesOf(remarksOf({'templates/hello.yaml': {title: 'x', texts: 'x'}}))).toEqual([
      'field-is-present',
      'key-is-known',
    ])
    expect(rulesOf(remarksOf({...schedule({channels: ['c']}), 'channels/c.yaml': {title: 'c'}}))).toEqual([
      'field-is-present',
    ])
    expect(rulesOf(remarksOf({...schedule({departments: ['/别处']}), 'organization.yaml': '{'}))).toEqual([
      'yaml-well-formed',
    ])
  })
})

describe('names that must be unique', () => {
  it('are departments, their ids, members and logins', () => {
    const people = {
      departments: [
        {path: '/总部', id: 1},
        {path: '/总部', id: 2},
        {path: '/总部/别处', id: 1},
      ],
      members: [
        {id: 'zhang', departments: ['/总部'], github: 'Lin-Mkt'},
        {id: 'ZHANG', departments: ['/总部'], github: 'lin-mkt'},
      ],
    }
    expect(found({'organization.yaml': people, 'facts.yaml': null})).toEqual([
      'department-is-unique organization.yaml /departments/1/path',
      'department-id-is-unique organization.yaml /departments/2/id',
      'member-is-unique organization.yaml /members/1/id',
      'github-login-is-unique organization.yaml /members/1/github',
    ])
  })
  it('are the states of channels and their prefixes, each among themselves', () => {
    const channel = (body: object): object => ({title: 'c', kind: 'external', ...body})
    expect(
      found({
        'channels/a.yaml': channel({state: 'x'}),
        'channels/b.yaml': channel({state: 'x'}),
        'channels/c.yaml': channel({statePrefix: 'x'}),
        'channels/d.yaml': channel({statePrefix: 'x'}),
        'channels/e.yaml': channel({state: 'X'}),
      }),
    ).toEqual(['state-is-unique channels/b.yaml /state', 'state-prefix-is-unique channels/d.yaml /statePrefix'])
  })
})

describe('circles of people', () => {
  const circle = (...members: readonly object[]): string[] =>
    remarksOfRule('people-form-no-circle', {
      'organization.yaml': {members: members.map((member) => ({departments: ['/总部'], ...member}))},
      'facts.yaml': null,
    }).map(({says}) => says.en)
  it('of leaders are refused, each once, with the way round', () => {
    expect(
      circle({id: 'a', leader: 'b'}, {id: 'b', leader: 'C'}, {id: 'c', leader: 'a'}, {id: 'd', leader: 'a'}),
    ).toEqual(['leaders form a circle: a → b → c → a'])
    expect(circle({id: 'a', leader: 'a'})).toEqual(['leaders form a circle: a → a'])
  })
  it('of successors are refused', () => {
    expect(circle({id: 'a', successor: 'b'}, {id: 'b', successor: 'a'})).toEqual([
      'successors form a circle: a → b → a',
    ])
  })
  it('are none where the way ends', () => {
    expect(circle({id: 'a', leader: 'b', successor: 'b'}, {id: 'b', leader: 'c'}, {id: 'c'})).toEqual([])
  })
})

describe('transfers', () => {
  const at = (day: number): string => `2026-12-${String(day).padStart(2, '0')}T00:00:00+08:00`
  const transfers = (...list: readonly (readonly [string, number, number])[]): string[] =>
    found({
      'organization.yaml': organization({
        transfers: list.map(([member, from, until]) => ({member, to: '/总部', from: at(from), until: at(until)})),
      }),
    })
  it('of one member do not overlap; they may touch', () => {
    expect(transfers(['zhang.san', 1, 5], ['zhang.san', 5, 9], ['li.si', 1, 9])).toEqual([])
    expect(transfers(['zhang.san', 1, 5], ['ZHANG.san', 4, 9])).toEqual([
      'transfers-do-not-overlap organization.yaml /transfers/1',
    ])
  })
  it('end after they start', () => {
    expect(transfers(['zhang.san', 5, 5])).toEqual(['window-is-not-empty organization.yaml /transfers/0/until'])
  })
})

describe('leavers', () => {
  const left = organization({
    members: [
      {id: 'zhang.san', departments: ['/总部'], status: 'left', leftAt: '2026-11-24T12:00:00+08:00'},
      {id: 'li.si', departments: ['/总部'], status: 'disabled'},
    ],
  })
  const files = {
    'organization.yaml': left,
    'facts.yaml': null,
    ...schedule({members: ['zhang.san', 'li.si']}),
    'channels/c.yaml': {title: 'c', state: 'c', staff: {members: ['zhang.san']}, printedUntil: '2027-02-28'},
  }
  it('named in audiences or as staff of a code are warnings, from the instant they leave', () => {
    const at = (nowMs: number): string[] => describeRemarks(remarksOf(files, {nowMs}))
    expect(at(NOW_MS - 1)).toEqual(['audience-names-active-members schedules/all.yaml /audience/members/1'])
    expect(at(NOW_MS)).toEqual([
      'audience-names-active-members schedules/all.yaml /audience/members/0',
      'audience-names-active-members schedules/all.yaml /audience/members/1',
      'channel-staff-is-active channels/c.yaml /staff/members/0',
    ])
  })
  it('as staff are named with how long the code is in print', () => {
    expect(remarksOfRule('channel-staff-is-active', files)[0]?.says.zh).toContain('2027-02-28')
  })
  it('must say when they left', () => {
    const people = organization({members: [{id: 'a', departments: ['/总部'], status: 'left'}]})
    expect(rulesOf(remarksOf({'organization.yaml': people}))).toContain('field-is-present')
  })
})

describe('channels', () => {
  const channel = (body: object): Changes => ({'channels/c.yaml': {title: 'c', ...body}})
  const staff = {members: ['zhang.san']}
  it.each([
    ['30 characters', '字'.repeat(30), []],
    ['31 characters', '字'.repeat(31), ['text-short-enough']],
    ['30 faces', '😊'.repeat(30), []],
    ['nothing', '', ['text-long-enough']],
  ])('a state of %s', (_what, state, expected) => {
    expect(rulesOf(remarksOf(channel({state, staff})))).toEqual(expected)
    expect(rulesOf(remarksOf(channel({statePrefix: state, staff})))).toEqual(expected)
  })
  it('have a state or a prefix, not both', () => {
    expect(rulesOf(remarksOf(channel({staff})))).toEqual(['field-is-present'])
    expect(rulesOf(remarksOf(channel({state: 'a', statePrefix: 'b', staff})))).toEqual(['fields-go-together'])
  })
  it('that are managed elsewhere have no staff, and codes of ours should', () => {
    expect(found(channel({state: 'a', kind: 'external', staff}))).toEqual([
      'external-channel-has-no-staff channels/c.yaml /staff',
    ])
    expect(found(channel({state: 'a', kind: 'external'}))).toEqual([])
    expect(found(channel({state: 'a'}))).toEqual(['channel-has-staff channels/c.yaml '])
    expect(found(channel({state: 'a', kind: 'link'}))).toEqual([])
  })
  it.each([
    ['来源/桌贴', true],
    ['来源', false],
    ['来源/', false],
    ['a/b/c', false],
    [`${'组'.repeat(30)}/${'签'.repeat(30)}`, true],
    [`${'组'.repeat(31)}/签`, false],
    [`组/${'签'.repeat(31)}`, false],
  ])('a tag is written group/tag: %s %s', (tag, fits) => {
    expect(rulesOf(remarksOf(channel({state: 'a', staff, tags: [tag]})))).toEqual(fits ? [] : ['value-has-form'])
  })
})

describe('facts that some who say a text lack', () => {
  const files = {'templates/hello.yaml': {title: 'x', text: '[门店地址]', fallback: '您好'}}
  it('are a warning that names their departments', () => {
    const [remark] = remarksOfRule('facts-missing', files)
    expect(remark?.level).toBe('warning')
    expect(remark?.says.zh).toMatch(/\[门店地址\].*\/总部\/华北区\/西单店.*\/总部\/华南区(?!\/)/)
  })
  it('are none where every department or member has them', () => {
    expect(found({...files, 'facts.yaml': {'/总部': {门店地址: '总店'}}})).toEqual([])
    const narrow = schedule({departments: ['/总部/华南区/天河店']})
    expect(remarksOfRule('facts-missing', {...files, ...narrow})).toEqual([])
  })
  it('says nothing of facts while facts.yaml itself is broken', () => {
    const rules = remarksOf({...files, 'facts.yaml': '/总部: {门店名称: 天河店'}).map(({rule}) => rule)
    expect(rules).toContain('yaml-well-formed')
    expect(rules).not.toContain('facts-missing')
  })
  it('may come with a code, and that is said', () => {
    const channel = {'channels/c.yaml': {title: 'c', state: 'c', kind: 'external', facts: {门店地址: '码上'}}}
    expect(remarksOfRule('facts-missing', {...files, ...channel})[0]?.says.zh).toContain('渠道资料里有的除外')
  })
})

describe('templates nobody says', () => {
  const extra = {'templates/b.yaml': {title: 'b', text: 'b'}}
  it('are a warning, unless they are said for leavers', () => {
    expect(found(extra)).toEqual(['template-is-used templates/b.yaml '])
    expect(found({...extra, 'enterprise.yaml': enterprise({greet: {successor: 'b'}})})).toEqual([])
    expect(
      found({...extra, ...schedule({}, {slots: [{from: '09:00', to: '18:00', template: 'b'}], default: 'hello'})}),
    ).toEqual([])
  })
})

describe('editions', () => {
  const approver = {id: 'zhang.san', departments: ['/总部'], roles: ['审批人'], attributes: {星级: 3}}
  const edition = (name: string, changes: Changes): string[] =>
    found({
      'enterprise.yaml': enterprise({edition: name}),
      'organization.yaml': organization({members: [approver]}),
      ...REST,
      ...changes,
    })
  const attachments = {
    'templates/hello.yaml': {
      title: 'x',
      text: 'x',
      fallback: 'x',
      attachments: [{type: 'link', title: 'x', url: 'https://m.hehejj.example/'}],
    },
  }
  const slots = schedule({}, {slots: [{from: '09:00', to: '18:00', template: 'hello'}], default: 'hello'})
  const CASES = [
    ['a plain text for everybody', {}, '', ['basic', 'standard', 'industry']],
    ['a text for a named member', schedule({members: ['zhang.san']}), '', ['basic', 'standard', 'industry']],
    ['attachments', attachments, 'templates/hello.yaml /attachments', ['standard', 'industry']],
    ['slots', slots, 'schedules/all.yaml /slots', ['standard', 'industry']],
    [
      'a text by department',
      schedule({departments: ['/总部']}),
      'schedules/all.yaml /audience/departments',
      ['industry'],
    ],
    ['a text by role', schedule({roles: ['审批人']}), 'schedules/all.yaml /audience/roles', ['industry']],
    ['a text by level', schedule({levels: {星级: '>=3'}}), 'schedules/all.yaml /audience/levels', ['industry']],
  ] as const
  it.each(
    CASES.flatMap(([what, changes, place, allowed]) =>
      ['basic', 'standard', 'industry'].map(
        (name) => [name, what, (allowed as readonly string[]).includes(name), place, changes] as const,
      ),
    ),
  )('%s has %s: %s', (name, _what, allowed, place, changes) => {
    expect(edition(name, changes)).toEqual(allowed ? [] : [`edition-allows ${place}`])
  })
  it('channels are of the industry edition', () => {
    const files = {'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'}, ...schedule({channels: ['c']})}
    expect(edition('standard', files)).toEqual(['edition-allows schedules/all.yaml /audience/channels'])
    expect(edition('industry', files)).toEqual([])
  })
})
