import {describe, expect, it} from '@jest/globals'
import {type Capability} from '../../scripts/core/model/written.js'
import {createRights, type Target} from '../../scripts/core/gate/rights.js'
import {type Changes, configOf, NOW_MS} from '../support/a-config.js'
import {ALL_THREE, aCommit, BANK, decide, failing, person, pullRequest} from './a-gate.js'

const ORGANIZATION = {
  departments: [{path: '/总部/华南区/天河店'}, {path: '/总部/华北区'}],
  members: [
    {id: 'lin', departments: ['/总部/华南区/天河店'], github: 'Lin-Mkt', roles: ['店长']},
    {id: 'gao', departments: ['/总部/华北区'], github: 'gao-bei'},
    {id: 'zou', departments: ['/总部/华南区'], github: 'zou-le', status: 'left', leftAt: '2026-11-24T12:00:00+08:00'},
  ],
}
const rightsOf = (grants: readonly object[], nowMs = NOW_MS, more: Changes = {}) =>
  createRights(
    configOf({
      'organization.yaml': ORGANIZATION,
      'roles.yaml': {编辑: {may: ['edit-text']}, 审批人: {may: ['approve']}},
      'grants/all.yaml': grants.map((grant) => ({role: '编辑', until: '2027-06-30', ticket: 'OA-1', ...grant})),
      ...more,
    }),
    nowMs,
  )
const SOUTH: Target = {file: 'templates/south/store.yaml', departments: ['/总部/华南区/天河店']}
const may = (grant: object, login = 'lin-mkt', target = SOUTH, capability: Capability = 'edit-text', nowMs = NOW_MS) =>
  rightsOf([grant], nowMs).find(login, capability, target) !== null

describe('a grant', () => {
  it.each([
    ['an account, whatever its case', 'github:LIN-mkt'],
    ['a member by userid, whatever its case', 'member:LIN'],
    ['a department above the member’s', 'department:/总部/华南区'],
    ['a role the member has', 'role:店长'],
  ])('reaches %s', (_what, subject) => {
    expect(may({to: [subject]})).toBe(true)
    expect(may({to: [subject]}, 'gao-bei')).toBe(false)
  })
  it('gives what its role may, and nothing else', () => {
    expect(may({to: ['github:lin-mkt']}, 'lin-mkt', SOUTH, 'edit-link')).toBe(false)
  })
  it.each([
    ['templates/**', true],
    ['templates/south/*.yaml', true],
    ['templates/north/**', false],
    ['**/../templates/**', false],
    ['!templates/north/**', false],
    ['templates/south/store.yaml', true],
  ])('over files %s reaches the southern template: %s', (pattern, expected) => {
    expect(may({to: ['github:lin-mkt'], over: {files: [pattern]}})).toBe(expected)
  })
  it('over departments reaches only changes that touch none beside them', () => {
    const over = {to: ['github:lin-mkt'], over: {departments: ['/总部/华南区']}}
    expect(may(over)).toBe(true)
    expect(may(over, 'lin-mkt', {...SOUTH, departments: []})).toBe(true)
    expect(may(over, 'lin-mkt', {...SOUTH, departments: ['/总部/华南区/天河店', '/总部/华北区']})).toBe(false)
    expect(may(over, 'lin-mkt', {...SOUTH, departments: ['/总部/华南区域']})).toBe(false)
    expect(may(over, 'lin-mkt', {...SOUTH, departments: ['/总部']})).toBe(false)
    expect(may(over, 'lin-mkt', {...SOUTH, departments: 'everywhere'})).toBe(false)
  })
  it('holds from the first second of its first day to the last of its last, in the company’s zone', () => {
    const grant = {to: ['github:lin-mkt'], from: '2026-11-24', until: '2026-11-25'}
    const at = (instant: string): boolean => may(grant, 'lin-mkt', SOUTH, 'edit-text', Date.parse(instant))
    expect([
      at('2026-11-23T23:59:59.999+08:00'),
      at('2026-11-24T00:00:00+08:00'),
      at('2026-11-25T23:59:59.999+08:00'),
      at('2026-11-26T00:00:00+08:00'),
    ]).toEqual([false, true, true, false])
  })
  it('without a ticket gives nothing, and the denial says so', () => {
    const rights = rightsOf([{to: ['github:lin-mkt'], ticket: ' '}])
    expect(rights.find('lin-mkt', 'edit-text', SOUTH)).toBeNull()
    expect(rights.explainDenial('lin-mkt', 'edit-text', SOUTH)).toMatchObject({why: 'no-ticket'})
  })
  it.each([
    ['is over', {until: '2026-11-23'}, 'expired'],
    ['has not begun', {from: '2026-11-25'}, 'not-yet'],
    ['lies elsewhere', {over: {files: ['templates/north/**']}}, 'elsewhere'],
  ])('that %s is named in the denial', (_what, changes, why) => {
    const rights = rightsOf([{to: ['github:lin-mkt'], ...changes}])
    expect(rights.explainDenial('lin-mkt', 'edit-text', SOUTH)).toMatchObject({why})
  })
  it('ends for a leaver at the second he leaves', () => {
    const grant = {to: ['github:zou-le', 'member:zou', 'department:/总部']}
    const at = (ms: number): boolean => may(grant, 'zou-le', SOUTH, 'edit-text', ms)
    const left = Date.parse('2026-11-24T12:00:00+08:00')
    expect([at(left - 1), at(left)]).toEqual([true, false])
  })
  it('is not made by a member tag: a role of the organization gives no right by itself', () => {
    const rights = rightsOf([], NOW_MS, {'roles.yaml': {店长: {may: ['edit-text', 'approve']}}})
    expect(rights.find('lin-mkt', 'edit-text', SOUTH)).toBeNull()
  })
})

describe('holders', () => {
  const rights = rightsOf([
    {to: ['github:lin-mkt', 'github:zou-le'], role: '审批人', over: {files: ['templates/south/**']}},
    {to: ['github:gao-bei']},
  ])
  it('of a right over something are those whose grants reach it and who are still there', () => {
    expect(rights.holders({capability: 'approve'}, [SOUTH])).toEqual(['Lin-Mkt'])
    expect(rights.holders({capability: 'approve'}, [{...SOUTH, file: 'templates/north/store.yaml'}])).toEqual([])
    expect(rights.holders({role: '审批人'}, [SOUTH])).toEqual(['Lin-Mkt'])
  })
  it('of a right at all are those who hold it anywhere, and nobody else', () => {
    expect(rights.holders({capability: 'approve'}, [])).toEqual(['Lin-Mkt'])
    expect(rights.holders({capability: 'unlock'}, [])).toEqual([])
  })
})

describe('the author of a change', () => {
  const approved = {reviews: ALL_THREE()}
  const NEW_LINK: Changes = {
    'templates/hello.yaml': {
      title: '问候',
      text: '您好，理财非存款。',
      fallback: '您好',
      attachments: [{type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}],
    },
  }
  it('needs the right of every kind of change he makes', () => {
    const base = {'roles.yaml': {...(BANK['roles.yaml'] as object), 编辑: {may: ['edit-text']}}}
    const verdict = decide({base, head: NEW_LINK}, approved)
    expect(verdict.remarks.map(({rule, says}) => `${rule} ${/edit-[a-z]+/.exec(says.en)?.[0] ?? ''}`).sort()).toEqual([
      'grant-denied edit-attachment',
      'grant-denied edit-link',
    ])
  })
  it('gains nothing by granting himself the right in the same change', () => {
    const head: Changes = {
      ...NEW_LINK,
      'grants/mine.yaml': [{role: '编辑', to: ['github:lin-shi'], until: '2027-06-30', ticket: 'OA-7'}],
    }
    const verdict = decide(
      {head},
      {...approved, pull: pullRequest({author: person('lin-shi')}), commits: [aCommit('lin-shi')]},
    )
    expect(verdict.holds).toBe(false)
    expect(verdict.remarks.map(({at}) => at.file)).toContain('grants/mine.yaml')
    expect(verdict.remarks.filter(({at}) => at.file === 'templates/hello.yaml')).not.toEqual([])
  })
  it('gains nothing by relaxing the review in the same change', () => {
    const head: Changes = {
      ...NEW_LINK,
      'policy.yaml': {review: [{name: '都行', on: ['link', 'attachment', 'policy'], need: [{count: 1}]}]},
    }
    const verdict = decide({head}, approved)
    expect(verdict.needs.map(({rule}) => rule)).toEqual(['文案或链接', '文案或链接', '文案或链接', '授权'])
    expect(failing(verdict)).toContain('授权')
  })
  it('is told which ticket has run out', () => {
    const base: Changes = {
      'grants/all.yaml': [{role: '编辑', to: ['github:xiao-wen'], until: '2026-11-23', ticket: 'OA-2026-1187'}],
    }
    const [denied] = decide({base}, approved).remarks
    expect(denied).toMatchObject({rule: 'grant-expired', at: {file: 'templates/hello.yaml'}})
    expect(denied?.says.zh).toContain('OA-2026-1187')
  })
  it('answers for nobody else: whoever wrote in a file needs the right too', () => {
    const commits = [aCommit('xiao-wen'), aCommit('lin-shi', 'templates/hello.yaml')]
    expect(decide({}, {...approved, commits}).remarks.map(({says}) => says.en.split(' ')[0])).toEqual(['lin-shi'])
    const elsewhere = [aCommit('xiao-wen'), aCommit('lin-shi', 'templates/other.yaml')]
    expect(decide({}, {...approved, commits: elsewhere}).holds).toBe(true)
  })
  it('touches the department he takes out of an audience', () => {
    const audience = (...departments: readonly string[]): Changes => ({
      'schedules/all.yaml': {title: '零售', audience: {departments}, template: 'hello'},
    })
    const base: Changes = {
      ...audience('/总行/零售金融部', '/总行/合规部'),
      'grants/all.yaml': [
        {
          role: '编辑',
          to: ['github:xiao-wen'],
          over: {departments: ['/总行/零售金融部']},
          until: '2027-06-30',
          ticket: 'OA-1',
        },
      ],
    }
    const shrink = decide({base, head: audience('/总行/零售金融部')}, approved)
    expect(shrink.remarks.map(({rule}) => rule)).toEqual(['grant-denied'])
    expect(shrink.remarks[0]?.says.zh).toContain('/总行/合规部')
    const inside = decide(
      {base: {...base, ...audience('/总行/零售金融部')}, head: audience('/总行/零售金融部/产品组')},
      approved,
    )
    expect(inside.remarks).toEqual([])
  })
})
