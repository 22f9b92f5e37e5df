import {describe, expect, it} from '@jest/globals'
import {
  type Changes,
  describeRemarks,
  NOW_MS,
  organization,
  remarksOf,
  remarksOfRule,
  rulesOf,
  startDocument,
} from '../support/a-config.js'

/** A second schedule beside the one for everybody. */
const second = (audience: object, body: object = {template: 'hello'}): Changes => ({
  'schedules/second.yaml': {title: '其二', audience, ...body},
})
const people = (...members: object[]): Changes => ({'organization.yaml': organization({members}), 'facts.yaml': null})
const found = (rule: string, changes: Changes, nowMs = NOW_MS): string[] =>
  describeRemarks(remarksOfRule(rule, changes, {nowMs}))
const nobody = (changes: Changes, nowMs?: number): string[] => found('audience-meets-nobody', changes, nowMs)
const AT = 'audience-meets-nobody schedules/second.yaml'

const zhang = {id: 'zhang.san', departments: ['/总部/华南区/天河店'], roles: ['店员'], attributes: {星级: 3}}
const li = {id: 'li.si', departments: ['/总部/华北区/西单店'], roles: ['店长'], attributes: {星级: 2}}
const two = people(zhang, li)
const defined = {'roles.yaml': {店员: {may: ['send-link']}, 店长: {may: ['send-link']}, 督导: {may: ['send-link']}}}

describe('an audience without anybody', () => {
  it.each([
    ['a department nobody is in', {departments: ['/总部/财务部']}, '/audience/departments'],
    ['a role nobody has', {roles: ['督导']}, '/audience/roles'],
    ['a level nobody meets', {levels: {星级: '>=4'}}, '/audience/levels'],
    ['a role that is not in the department', {roles: ['店长'], departments: ['/总部/华南区']}, '/audience'],
    ['everybody excluded', {exclude: {departments: ['/总部']}}, '/audience/exclude'],
    ['the only shop excluded', {departments: ['/总部/华北区'], exclude: {members: ['LI.si']}}, '/audience/exclude'],
  ])('is a warning at what empties it: %s', (_what, audience, pointer) => {
    const [remark] = remarksOfRule('audience-meets-nobody', {...two, ...defined, ...second(audience)})
    expect(describeRemarks(remark ? [remark] : [])).toEqual([`${AT} ${pointer}`])
    expect(remark?.level).toBe('warning')
    expect(remark?.fix).toMatchObject({
      zh: expect.stringContaining('改正范围'),
      en: expect.stringContaining('audience'),
    })
  })
  it.each([
    ['a department with somebody', {departments: ['/总部/华北区']}],
    ['a level just met', {levels: {星级: '>=3'}}],
    ['somebody left after an exclusion', {departments: ['/总部'], exclude: {departments: ['/总部/华北区']}}],
  ])('is not one with %s', (_what, audience) => {
    expect(nobody({...two, ...defined, ...second(audience)})).toEqual([])
  })
  it('is told from the instant its last member leaves', () => {
    const left = people(zhang, {...li, status: 'left', leftAt: '2026-11-24T12:00:00+08:00'})
    const files = {...left, ...second({departments: ['/总部/华北区']})}
    expect(nobody(files, NOW_MS - 1)).toEqual([])
    expect(nobody(files, NOW_MS)).toEqual([`${AT} /audience/departments`])
  })
  it('is no second finding for unknown names or for leavers that are named', () => {
    expect(nobody({...two, ...second({departments: ['/分部']})})).toEqual([])
    expect(nobody({...people(zhang, {...li, status: 'disabled'}), ...second({members: ['li.si']})})).toEqual([])
  })
  it('is none where somebody comes in later, while the schedule holds', () => {
    const moved = {
      'organization.yaml': organization({
        members: [zhang, li],
        transfers: [
          {member: 'li.si', to: '/总部/财务部', from: '2026-12-01T00:00:00+08:00', until: '2026-12-15T00:00:00+08:00'},
        ],
      }),
    }
    const until = (validTo: string): Changes => second({departments: ['/总部/财务部']}, {template: 'hello', validTo})
    expect(nobody({...moved, ...until('2026-12-01T00:00:01+08:00')})).toEqual([])
    expect(nobody({...moved, ...until('2026-12-01T00:00:00+08:00')})).toEqual([`${AT} /audience/departments`])
  })
  it('is not looked for in a company whose mirror is still empty, nor in a schedule that is over', () => {
    expect(nobody({...people(), ...second({departments: ['/总部/财务部']})})).toEqual([])
    const over = {template: 'hello', validTo: '2026-11-01T00:00:00+08:00'}
    expect(nobody({...two, ...second({departments: ['/总部/财务部']}, over)})).toEqual([])
  })
})

describe('channels that lead to nobody of the audience', () => {
  const code = (staff?: object): Changes => ({
    'channels/c.yaml': {title: 'c', state: 'c', ...(staff ? {staff} : {kind: 'external'})},
  })
  const south = second({channels: ['c'], departments: ['/总部/华南区']})
  it('are a warning where their staff is elsewhere', () => {
    expect(nobody({...two, ...code({members: ['li.si']}), ...south})).toEqual([`${AT} /audience/channels`])
    expect(nobody({...two, ...code({departments: ['/总部/华北区']}), ...south})).toEqual([`${AT} /audience/channels`])
    expect(nobody({...two, ...code({members: ['li.si', 'Zhang.San']}), ...south})).toEqual([])
    expect(nobody({...two, ...code(), ...south})).toEqual([])
  })
  it('are a warning where the audience excludes each of them again', () => {
    const files = {...two, ...code(), 'channels/d.yaml': {title: 'd', state: 'd', kind: 'external'}}
    const but = (...channels: string[]): Changes => second({channels: ['c', 'd'], exclude: {channels}})
    expect(nobody({...files, ...but('c', 'd')})).toEqual([`${AT} /audience/exclude/channels`])
    expect(nobody({...files, ...but('c')})).toEqual([])
  })
  it('and codes that add only empty departments are a warning of their own', () => {
    const staff = (...departments: string[]): string[] =>
      found('channel-staff-meets-nobody', {...two, ...code({departments})})
    expect(staff('/总部/财务部')).toEqual(['channel-staff-meets-nobody channels/c.yaml /staff/departments'])
    expect(staff('/总部/财务部', '/总部/华南区')).toEqual([])
    expect(staff('/分部')).toEqual([])
    const with1 = code({departments: ['/总部/财务部'], members: ['li.si']})
    expect(found('channel-staff-meets-nobody', {...two, ...with1})).toEqual([])
  })
})

describe('members nobody wrote a greeting for', () => {
  const alone = (audience: object, body: object = {template: 'hello'}): Changes => ({
    'schedules/all.yaml': null,
    ...second(audience, body),
  })
  const forgotten = (changes: Changes, nowMs?: number): string[] => found('member-not-greeted', changes, nowMs)
  it('are a warning at the widest department of whose members none is greeted', () => {
    expect(forgotten({...two, ...alone({departments: ['/总部/华南区']})})).toEqual([
      'member-not-greeted organization.yaml /members/1',
    ])
    expect(forgotten({...two, 'schedules/all.yaml': null})).toEqual([
      'member-not-greeted organization.yaml /departments/0',
    ])
    const shop = {...li, id: 'wang.wu', departments: ['/总部/财务部']}
    expect(forgotten({...people(zhang, shop), ...alone({departments: ['/总部/华南区']})})).toEqual([
      'member-not-greeted organization.yaml /departments/3',
    ])
  })
  it('are named up to five, and counted', () => {
    const many = (count: number): object[] => Array.from({length: count}, (_, index) => ({...li, id: `m${index}`}))
    const says = (count: number): string =>
      remarksOfRule('member-not-greeted', {...people(zhang, ...many(count)), ...alone({members: ['zhang.san']})})[0]
        ?.says.zh ?? ''
    expect(says(5)).toMatch(/\/总部\/华北区 有 5 名成员.*：m0、m1、m2、m3、m4$/)
    expect(says(6)).toMatch(/6 名成员.*m4 …（共 6 个）$/)
  })
  it.each([
    ['a schedule for everybody', {}, {template: 'hello'}],
    ['a silent one: it is meant so', {departments: ['/总部']}, {mode: 'silent'}],
    ['a text that begins later', {}, {template: 'hello', validFrom: '2027-01-01T00:00:00+08:00'}],
    ['slots that fall silent', {}, {slots: [{from: '09:00', to: '18:00', template: 'hello'}], default: 'silent'}],
  ])('are none with %s', (_what, audience, body) => {
    expect(forgotten({...two, ...alone(audience, body)})).toEqual([])
  })
  it.each([
    ['a schedule that is over', {}, {template: 'hello', validTo: '2026-11-24T12:00:00+08:00'}],
    ['one that excludes a shop', {exclude: {departments: ['/总部/华北区']}}, {template: 'hello'}],
    ['one for a level he does not meet', {levels: {星级: '>=3'}}, {template: 'hello'}],
  ])('are some with %s', (_what, audience, body) => {
    expect(forgotten({...two, ...alone(audience, body)})).toHaveLength(1)
  })
  it('are some once the only text has run out, from that instant on', () => {
    const dated = {'templates/hello.yaml': {title: 'x', text: 'x', validTo: '2026-11-24T12:00:00+08:00'}}
    expect(forgotten({...two, ...dated}, NOW_MS - 1)).toEqual([])
    expect(forgotten({...two, ...dated}, NOW_MS)).toHaveLength(1)
  })
  it('are none among those who are met through a code, and leavers are not counted', () => {
    const code = {'channels/c.yaml': {title: 'c', state: 'c', staff: {members: ['zhang.san', 'li.si']}}}
    expect(forgotten({...two, ...code, ...alone({channels: ['c']})})).toEqual([])
    expect(forgotten({...two, ...code, ...alone({channels: ['c']}, {mode: 'inherit'})})).toHaveLength(1)
    expect(forgotten({...people({...li, status: 'disabled'}), 'schedules/all.yaml': null})).toEqual([])
  })
  it('are not guessed at while a schedule is faulty', () => {
    const faulty = {'schedules/all.yaml': {title: '全员', audienc: {}, template: 'hello'}}
    expect(rulesOf(remarksOf({...two, ...faulty}))).not.toContain('member-not-greeted')
    expect(forgotten({...two, ...alone({departments: ['/总部', '/分部'], exclude: {members: ['li.si']}})})).toEqual([])
  })
})

describe('members who lack the attribute a level asks for', () => {
  const plain = {id: 'wang.wu', departments: ['/总部/华南区/天河店']}
  const level = (audience: object): Changes => second({levels: {星级: '>=3'}, ...audience})
  const missing = (changes: Changes): string[] => remarksOfRule('level-missing', changes).map(({says}) => says.zh)
  it('are told of, as they count as not meeting it', () => {
    const files = {...people(zhang, li, plain), ...level({departments: ['/总部/华南区']})}
    const [remark] = remarksOfRule('level-missing', files)
    expect(describeRemarks(remark ? [remark] : [])).toEqual([
      'level-missing schedules/second.yaml /audience/levels/星级',
    ])
    expect([remark?.level, remark?.says.zh, remark?.says.en]).toEqual([
      'info',
      expect.stringContaining('：wang.wu'),
      expect.stringContaining(': wang.wu'),
    ])
  })
  it('are none where everybody in reach has it, however low', () => {
    expect(missing({...people(zhang, li, plain), ...level({departments: ['/总部/华北区']})})).toEqual([])
    expect(missing({...people(zhang, {...plain, attributes: {星级: 0}}), ...level({})})).toEqual([])
  })
  it('in the whole company are only those whose colleagues have it', () => {
    const clerk = {id: 'fan.li', departments: ['/总部/财务部']}
    expect(missing({...people(zhang, li, plain, clerk), ...level({})})).toEqual([expect.stringMatching(/：wang\.wu$/)])
  })
  it('are told of once, although several levels ask', () => {
    const low = {
      'schedules/low.yaml': {title: '低', audience: {levels: {星级: '<3'}, departments: ['/总部']}, template: 'hello'},
    }
    expect(missing({...people(zhang, li, plain), ...level({departments: ['/总部']}), ...low})).toHaveLength(1)
  })
})

describe('facts of a department nobody is in yet', () => {
  const facts = {
    'facts.yaml': {'/总部/华南区/天河店': {门店地址: '体育东路'}, '/总部/华北区': {门店地址: '西单北大街'}},
    'templates/shop.yaml': {title: '店', text: '[门店地址]', fallback: '您好'},
  }
  const listed = (...paths: string[]): Changes => {
    const {departments} = startDocument<{departments: object[]}>('organization.yaml')
    return {
      'organization.yaml': organization({
        departments: [...departments, ...paths.map((path) => ({path}))],
        members: [zhang, li],
      }),
    }
  }
  const south = second({departments: ['/总部/华南区']}, {template: 'shop'})
  const missing = (changes: Changes): string[] =>
    remarksOfRule('facts-missing', {...facts, ...changes}).map(({says}) => says.zh)
  it('are a warning once a schedule covers it: the new shop', () => {
    expect(missing({...listed(), ...south})).toEqual([])
    expect(missing({...listed('/总部/华南区/佛山店'), ...south})).toEqual([
      expect.stringMatching(/\[门店地址\]：\/总部\/华南区\/佛山店；.*fallback/),
    ])
  })
  it('are fine where it has them, or a department above it', () => {
    const north = second({departments: ['/总部/华北区']}, {template: 'shop'})
    expect(missing({...listed('/总部/华北区/朝阳店'), ...north})).toEqual([])
  })
  it('are not asked of departments above others, of excluded ones, or of those that say something else', () => {
    expect(missing({...listed('/总部/华南区/佛山店/一柜'), ...south})).toEqual([
      expect.stringMatching(/：\/总部\/华南区\/佛山店\/一柜；/),
    ])
    const excluding = second(
      {departments: ['/总部/华南区'], exclude: {departments: ['/总部/华南区/佛山店']}},
      {template: 'shop'},
    )
    expect(missing({...listed('/总部/华南区/佛山店'), ...excluding})).toEqual([])
    const own = {
      'schedules/own.yaml': {title: '佛山', audience: {departments: ['/总部/华南区/佛山店']}, template: 'hello'},
    }
    expect(missing({...listed('/总部/华南区/佛山店'), ...south, ...own})).toEqual([])
  })
  it('are not asked of a back office that only the schedule for everybody covers', () => {
    const all = {'schedules/all.yaml': {title: '全员', audience: {}, template: 'shop'}}
    expect(missing({...listed(), ...all})).toEqual([])
  })
})

describe('who says a text', () => {
  const wide = second({departments: ['/总部']}, {template: 'shop'})
  const shop = {'templates/shop.yaml': {title: '店', text: '[门店地址]', fallback: '您好'}}
  const deep = (body: object): Changes => ({
    'schedules/deep.yaml': {title: '天河', audience: {departments: ['/总部/华南区/天河店']}, ...body},
  })
  const facts = {'facts.yaml': {'/总部/华北区': {门店地址: '西单北大街'}, '/总部/财务部': {门店地址: '不对外'}}}
  const lacking = (body: object): boolean =>
    remarksOfRule('facts-missing', {...two, ...shop, ...facts, ...wide, ...deep(body)}).length > 0
  it('is not who has one of his own by a deeper department', () => {
    expect(lacking({template: 'hello'})).toBe(false)
    expect(lacking({mode: 'silent'})).toBe(false)
  })
  it('is who has one only for a time, or only from later on', () => {
    expect(lacking({template: 'hello', validFrom: '2026-11-25T00:00:00+08:00'})).toBe(true)
    expect(lacking({template: 'hello', validTo: '2026-11-24T00:00:00+08:00'})).toBe(true)
  })
})
