import {describe, expect, it} from '@jest/globals'
import {type Changes, organization} from '../support/a-config.js'
import {guard, says} from './a-change.js'

/** The home furnisher: one text for each region, finance and personnel stay silent. */
const COMPANY: Changes = {
  'facts.yaml': null,
  'organization.yaml': {
    members: [
      {id: 'tianhe', departments: ['/总部/华南区/广州天河店']},
      {id: 'nanshan', departments: ['/总部/华南区/深圳南山店']},
      {id: 'xidan', departments: ['/总部/华北区/北京西单店']},
      {id: 'chuna', departments: ['/总部/财务部']},
      {id: 'hr', departments: ['/总部/人事部']},
    ],
  },
  'policy.yaml': {guard: {audienceGrowth: {factor: 2, people: 500}, protectedDepartments: ['/总部/财务部']}},
  'templates/huanan.yaml': {title: 'huanan', text: '华南'},
  'templates/huabei.yaml': {title: 'huabei', text: '华北'},
  'schedules/all.yaml': {title: '全员', audience: {}, template: 'hello'},
  'schedules/quiet.yaml': {title: '静默', audience: {departments: ['/总部/财务部', '/总部/人事部']}, mode: 'silent'},
  'schedules/huanan.yaml': {title: '华南', audience: {departments: ['/总部/华南区']}, template: 'huanan'},
}
const north = (audience: object, more: object = {}): Changes => ({
  ...COMPANY,
  'schedules/huabei.yaml': {title: '华北', audience, template: 'huabei', ...more},
})
const SMALL = north({departments: ['/总部/华北区']})
const rules = (base: Changes, head: Changes): string[] => guard(base, head).findings.map(({rule}) => rule)

describe('a newcomer who ticks the whole company', () => {
  const result = guard(SMALL, north({departments: ['/总部']}))
  it('is told how many people and which departments are new', () => {
    expect(result.growth).toEqual({
      before: 1,
      after: 5,
      factor: 2,
      people: 500,
      isAbove: true,
      protectedDepartments: ['/总部/财务部'],
      needsOneMore: true,
    })
    const [grew, finance] = result.findings
    expect(grew).toMatchObject({
      rule: 'audience-grew',
      level: 'warning',
      at: {file: 'schedules/huabei.yaml', pointer: '/audience'},
    })
    expect(grew?.says.zh).toContain('1 → 5 (+4)')
    for (const path of ['/总部/人事部', '/总部/华南区/广州天河店', '/总部/华南区/深圳南山店', '/总部/财务部'])
      expect(grew?.says.en).toContain(path)
    expect(grew?.says.en).not.toContain('华北区')
    expect(finance).toMatchObject({rule: 'protected-department', level: 'warning'})
    expect(finance?.says.en).toContain('1 members of the protected department /总部/财务部')
  })
  it('is not locked: one more person has to approve', () => expect(result.locks).toEqual([]))
})

describe('growth of the audience', () => {
  const people = (count: number): object[] =>
    Array.from({length: count}, (_, at) => ({id: `m${at}`, departments: [at < 100 ? '/总部/甲' : '/总部/乙']}))
  const world = (members: number, audience: object, policy: object = {}): Changes => ({
    'facts.yaml': null,
    'organization.yaml': {members: people(members)},
    'policy.yaml': policy,
    'schedules/all.yaml': {title: '全员', audience, template: 'hello'},
  })
  const of = (members: number, policy?: object) =>
    guard(world(members, {departments: ['/总部/甲']}, policy), world(members, {departments: ['/总部']}, policy)).growth
  it('twice as many is not above, one more is', () => {
    expect(of(200)).toMatchObject({before: 100, after: 200, isAbove: false, needsOneMore: false})
    expect(of(201)).toMatchObject({before: 100, after: 201, isAbove: true, needsOneMore: true})
  })
  it('500 more is not above, 501 is; the base says how many', () => {
    const factor = {guard: {audienceGrowth: {factor: 100}}}
    expect(of(600, factor)).toMatchObject({after: 600, isAbove: false})
    expect(of(601, factor)).toMatchObject({after: 601, isAbove: true})
    expect(of(111, {guard: {audienceGrowth: {people: 10}}})).toMatchObject({people: 10, isAbove: true})
  })
  it('of a first schedule has no factor', () => {
    const none = {...world(300, {}), 'schedules/all.yaml': null}
    expect(guard(none, world(300, {})).growth).toMatchObject({before: 0, after: 300, isAbove: false})
    const many = {...world(501, {}), 'schedules/all.yaml': null}
    expect(guard(many, world(501, {})).growth).toMatchObject({before: 0, after: 501, isAbove: true})
  })
  it('is none where fewer are reached, or a text changes', () => {
    expect(rules(north({departments: ['/总部/华北区', '/总部/华南区']}), SMALL)).toEqual([])
    expect(rules(SMALL, {...SMALL, ...says('新的问候')})).toEqual([])
  })
})

describe('a protected department', () => {
  it('is told when a schedule that covers it already changes', () => {
    const covering = north({members: ['chuna']})
    expect(
      rules(covering, {
        ...covering,
        'schedules/huabei.yaml': {title: '华北', audience: {members: ['chuna']}, template: 'huanan'},
      }),
    ).toEqual(['protected-department'])
    expect(rules(covering, {...covering, ...says('新')})).toEqual([])
  })
  it('is told when somebody moves into what a schedule covers', () => {
    const {members} = COMPANY['organization.yaml'] as {members: {id: string; departments: string[]}[]}
    const tagged = members.map((one) => (one.id === 'chuna' ? {...one, roles: ['销冠']} : one))
    const byRole = {...north({roles: ['销冠']}), 'roles.yaml': {销冠: {may: [], wecomTag: '销冠'}}}
    expect(rules(byRole, {...byRole, 'organization.yaml': organization({members: tagged, departments: []})})).toContain(
      'protected-department',
    )
  })
  it('is not told of silence, of what excludes it, or of others', () => {
    expect(
      rules(COMPANY, {...COMPANY, 'schedules/q.yaml': {title: 'q', audience: {members: ['chuna']}, mode: 'silent'}}),
    ).toEqual([])
    expect(
      rules(SMALL, north({departments: ['/总部/华北区'], exclude: {departments: ['/总部/财务部']}}, {priority: 1})),
    ).toEqual([])
  })
  it('is the one the base names: a change cannot unprotect it first', () => {
    expect(rules(SMALL, {...north({members: ['chuna']}), 'policy.yaml': {}})).toContain('protected-department')
  })
})

describe('wording', () => {
  const words = {text: {forbidden: ['稳赚', {words: ['保过'], where: ['/总部/华北区'], says: '不得承诺结果'}]}}
  const clause = {text: {required: [{clause: '理财非存款', departments: ['/总部/华北区']}, {clause: '投资须谨慎'}]}}
  const north2 = (text: string, policy: object, more: object = {}): Changes => ({
    ...SMALL,
    'policy.yaml': policy,
    'templates/huabei.yaml': {title: 'huabei', text, ...more},
  })
  it('of the lists is an error when it is new, at its place', () => {
    const {findings, locks} = guard(north2('您好', words), north2('稳赚，保过', words))
    expect(findings.map(({rule, level, at}) => [rule, level, at])).toEqual([
      ['wording-list', 'error', {file: 'templates/huabei.yaml', pointer: '/text'}],
      ['wording-list', 'error', {file: 'templates/huabei.yaml', pointer: '/text'}],
    ])
    expect(findings[1]?.says.zh).toContain('不得承诺结果')
    expect(locks).toEqual([])
  })
  it('that stood there, or is forbidden to others only, is none', () => {
    expect(rules(north2('稳赚', words), north2('稳赚呀', words))).toEqual([])
    const south = (text: string): Changes => ({
      ...SMALL,
      'policy.yaml': words,
      'templates/huanan.yaml': {title: 'h', text},
    })
    expect(rules(south('您好'), south('保过'))).toEqual([])
  })
  it('is the base’s: a list emptied by the same change still counts', () => {
    expect(rules(north2('您好', words), north2('稳赚', {}))).toEqual(['wording-list'])
  })
  it('that is required and goes is an error; what never stood there is not', () => {
    expect(rules(north2('理财非存款，投资须谨慎', clause), north2('您好', clause))).toEqual([
      'required-clause-missing',
      'required-clause-missing',
    ])
    expect(rules(north2('理财非存款，投资须谨慎', clause), north2('理财非存款', {}))).toEqual([
      'required-clause-missing',
    ])
    expect(rules(north2('您好', clause), north2('您好呀', clause))).toEqual([])
  })
  it('that the template itself demands cannot go together with the demand', () => {
    const own = {clauses: ['欢迎常来']}
    expect(rules(north2('您好，欢迎常来', {}, own), north2('您好', {}))).toEqual(['required-clause-missing'])
    expect(rules(north2('您好，欢迎常来', {}, own), north2('您好，欢迎常来', {}))).toEqual([])
  })
})
