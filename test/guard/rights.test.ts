import {describe, expect, it} from '@jest/globals'
import {assembled, type Changes, organization} from '../support/a-config.js'
import {dangersOf, guard, measuresOf} from './a-change.js'

const ROLES = {
  管理: {may: ['edit-grant', 'edit-policy']},
  审批人: {may: ['approve']},
  安全员: {may: ['unlock']},
  发布人: {may: ['release']},
  机器人: {may: ['edit-organization', 'edit-calendar']},
}
const grant = (role: string, to: string | string[], more: object = {}) => ({
  role,
  to: [to].flat(),
  until: '2027-06-30',
  ticket: 'OA-1',
  ...more,
})
const ALL = [
  grant('管理', 'github:a-dev'),
  grant('审批人', 'member:b'),
  grant('安全员', 'department:/总部/华南区'),
  grant('发布人', 'role:店长'),
  grant('机器人', 'github:mirror[bot]'),
]
const MEMBERS = [
  {id: 'a', departments: ['/总部'], github: 'A-dev'},
  {id: 'b', departments: ['/总部/华北区']},
  {id: 'c', departments: ['/总部/华南区/天河店']},
  {id: 'd', departments: ['/总部'], roles: ['店长']},
]
interface Company {
  readonly grants?: readonly object[]
  readonly members?: readonly object[]
  readonly roles?: object
}
const company = ({grants = ALL, members = MEMBERS, roles = ROLES}: Company = {}): Changes => ({
  'roles.yaml': roles,
  'organization.yaml': organization({members}),
  'grants/all.yaml': grants,
  'facts.yaml': null,
})
const without = (role: string): object[] => ALL.filter((one) => one.role !== role)
const dangers = (head: Changes, base = company()): string[] => dangersOf(guard(base, head))

describe('the last who may', () => {
  it.each([
    ['管理', ['last-admin capability:edit-grant', 'last-admin capability:edit-policy']],
    ['审批人', ['last-admin capability:approve']],
    ['安全员', ['last-admin capability:unlock']],
    ['发布人', ['last-admin capability:release']],
  ])('%s cannot be taken away', (role, expected) => {
    expect(dangers(company({grants: without(role)}))).toEqual(expected)
  })
  it.each([
    ['a login', 'a', 'edit-grant'],
    ['a userid', 'b', 'approve'],
    ['a department', 'c', 'unlock'],
    ['a role', 'd', 'release'],
  ])('named by %s cannot leave', (_what, id, capability) => {
    const members = MEMBERS.map((member) => (member.id === id ? {...member, status: 'disabled'} : member))
    expect(dangers(company({members}))).toContain(`last-admin capability:${capability}`)
    expect(dangers(company({members: MEMBERS.filter((member) => member.id !== id)}))).toContain(
      `last-admin capability:${capability}`,
    )
  })
  it('cannot lose it by a shorter date, a later beginning or a role that may less', () => {
    const others = without('审批人')
    for (const more of [{until: '2026-11-23'}, {from: '2026-12-01'}])
      expect(dangers(company({grants: [...others, grant('审批人', 'member:b', more)]}))).toEqual([
        'last-admin capability:approve',
      ])
    expect(dangers(company({roles: {...ROLES, 审批人: {may: ['edit-text']}}}))).toEqual([
      'last-admin capability:approve',
    ])
  })
  it('may go when somebody else has it, by whatever name', () => {
    const others = without('审批人')
    for (const to of ['member:D', 'github:a-dev', 'department:/总部', 'role:店长'])
      expect([to, dangers(company({grants: [...others, grant('审批人', to)]}))]).toEqual([to, []])
  })
  it('is not replaced by a login nobody owns, a machine or a leaver', () => {
    const others = without('审批人')
    const gone = [...MEMBERS, {id: 'e', departments: ['/总部'], status: 'disabled'}]
    for (const to of ['github:stranger', 'github:mirror[bot]', 'member:e'])
      expect([to, dangers(company({grants: [...others, grant('审批人', to)], members: gone}))]).toEqual([
        to,
        ['last-admin capability:approve'],
      ])
  })
  it('is nobody where nobody had it', () => {
    expect(dangers(company({grants: []}), company({grants: []}))).toEqual([])
    expect(dangers(company({grants: [grant('发布人', 'github:nobody')]}), company({grants: []}))).toEqual([])
  })
  it('a change of texts is not asked', () => {
    expect(dangers({...company(), 'templates/hello.yaml': {title: 'x', text: '新'}})).toEqual([])
  })
})

describe('a machine', () => {
  it('that loses a right is told with what it loses, and where that stood', () => {
    const result = guard(company(), company({grants: without('机器人')}))
    const lock = result.locks.find(({kind}) => kind === 'bot-loses-rights')
    expect(lock).toMatchObject({scope: 'bot:mirror[bot]', changed: 1, total: 1})
    expect(lock?.says.en).toContain('edit-calendar')
    expect(lock?.places).toEqual([
      {file: 'grants/all.yaml', pointer: '/4/to/0', before: '机器人 → github:mirror[bot]', after: null},
    ])
    expect(dangers(company({roles: {...ROLES, 机器人: {may: ['edit-organization']}}}))).toEqual([
      'bot-loses-rights bot:mirror[bot]',
    ])
  })
  it('is named as GitHub names it, and in no other way', () => {
    const named = (name: string) => assembled(company({grants: [grant('机器人', name)]})).remarks
    expect(named('github:mirror[bot]')).toEqual([])
    for (const name of ['github:mirror[bot', 'github:[bot]', 'github:mirror[bots]', 'github:mirror[bot]x'])
      expect([name, named(name).length]).toEqual([name, 1])
  })
  it('may be named differently, moved to another grant, or get more', () => {
    const other = [...without('机器人'), grant('机器人', ['github:Mirror[bot]', 'github:other[bot]'])]
    expect(dangers(company({grants: other}))).toEqual([])
  })
  it('is no admin whose leaving would matter, and people may lose single rights', () => {
    expect(dangers(company({roles: {...ROLES, 管理: {may: ['edit-grant', 'edit-policy', 'edit-text']}}}))).toEqual([])
  })
})

describe('grants that go', () => {
  const many = (count: number): Changes =>
    company({grants: [...ALL, ...Array.from({length: count}, (_, at) => grant('审批人', `github:p${at}`))]})
  it('count pairs of role and subject in force; above 20 % they lock', () => {
    expect(measuresOf(guard(many(5), many(3)))).toEqual([])
    expect(measuresOf(guard(many(5), many(2)))).toEqual(['grant deletions 3/10'])
  })
  it('that are over by now, said twice or moved to another file do not count', () => {
    const twice = company({grants: [...ALL, ...ALL, grant('审批人', 'github:old', {until: '2026-11-01'})]})
    expect(measuresOf(guard(twice, company()))).toEqual([])
    const moved: Changes = {...company({grants: []}), 'grants/b.yaml': ALL}
    expect(measuresOf(guard(company(), moved))).toEqual([])
  })
})

describe('a printed code', () => {
  const code = (more: object = {}): Changes => ({
    'channels/c.yaml': {title: 'c', state: 'c', kind: 'external', printedUntil: '2026-11-24', ...more},
    ...Object.fromEntries(
      Array.from({length: 9}, (_, at) => [`channels/n${at}.yaml`, {title: 'n', state: `n${at}`, kind: 'external'}]),
    ),
  })
  const gone = {...code(), 'channels/c.yaml': null}
  const at = (head: Changes, instant: string) => dangersOf(guard(code(), head, {nowMs: Date.parse(instant)}))
  it('cannot be deleted through its last printed day', () => {
    expect(at(gone, '2026-11-24T23:59:59+08:00')).toEqual(['printed-code-deleted channel:c'])
    expect(at(gone, '2026-11-25T00:00:00+08:00')).toEqual([])
  })
  it('may be renamed by was, and its date may be shortened without deleting it', () => {
    const renamed = {...gone, 'channels/d.yaml': {title: 'c', state: 'c', kind: 'external', was: 'c'}}
    expect(at(renamed, '2026-11-24T12:00:00+08:00')).toEqual([])
    expect(at(code({printedUntil: '2026-11-20'}), '2026-11-24T12:00:00+08:00')).toEqual([])
  })
  it('is held to the date the base has', () => {
    expect(
      at({...gone, 'channels/d.yaml': {title: 'c', state: 'c', kind: 'external'}}, '2026-11-24T12:00:00+08:00'),
    ).toEqual(['printed-code-deleted channel:c'])
  })
})
