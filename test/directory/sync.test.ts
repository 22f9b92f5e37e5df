import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import fc from 'fast-check'
import type {Change} from '../../scripts/core/directory/changes.js'
import {checkSize} from '../../scripts/core/directory/check-size.js'
import {applyEdits, type Edit} from '../../scripts/core/directory/edits.js'
import {editOrganizationText} from '../../scripts/core/directory/edit-organization-text.js'
import {renderChanges, syncBody, syncTitle} from '../../scripts/core/directory/render-changes.js'
import type {WrittenOrganization} from '../../scripts/core/model/written.js'
import {ROOT} from '../support/launch.js'
import {BOSS, company, compare, compared, LINA, lineChanges, member, MIRROR, synced, WANG} from './a-company.js'

const whats = (changes: readonly Change[]): string[] => changes.map(({what}) => what)

describe('a mirror that agrees with WeCom', () => {
  it('stays byte for byte as it is', () => {
    expect(compared(company())).toMatchObject({changes: [], edits: [], touched: 0, total: 3})
    expect(synced(company())).toBe(MIRROR)
  })

  it('whatever order WeCom answers in, and however it writes userids', () => {
    const members = [{...WANG, id: 'wangwei'}, {...LINA, departmentIds: [7, 9], mainDepartmentId: 9}, BOSS]
    expect(synced(company({members, departments: [...company().departments].reverse()}))).toBe(MIRROR)
  })
})

describe('members', () => {
  it('who moved keep everything but their departments', () => {
    const after = synced(company({members: [BOSS, LINA, {...WANG, departmentIds: [7], mainDepartmentId: 7}]}))
    expect(lineChanges(MIRROR, after)).toEqual([
      '-  - {id: WangWei, departments: [/总部/门店/华南], roles: [店员], attributes: {星级: 2}}',
      '+  - {id: WangWei, departments: [/总部/门店], roles: [店员], attributes: {星级: 2}}',
    ])
  })

  it('who are gone have left now; nobody is taken out of the file', () => {
    const after = synced(company({members: [BOSS, WANG], gone: ['lina']}))
    expect(lineChanges(MIRROR, after)).toEqual(['+    status: left', '+    leftAt: 2026-11-24T12:00:00+08:00'])
  })

  it('who are not shown and not gone stay as they are', () => {
    const found = compared(company({members: [BOSS, WANG]}))
    expect([found.edits, found.unseen]).toEqual([[], 1])
  })

  it.each(['active', 'disabled', 'left'] as const)(
    'who have left long ago stay so, though WeCom shows them as %s',
    (status) => {
      expect(synced(company({members: [BOSS, LINA, WANG, member('old.one', [7], {status})]}))).toBe(MIRROR)
    },
  )

  it('whose last day was still to come and who are gone have left now', () => {
    const text = MIRROR.replace('leftAt: 2026-01-01', 'leftAt: 2026-12-31')
    const after = synced(company({members: [BOSS, LINA, WANG, member('old.one', [7], {status: 'left'})]}), text)
    expect(after).toContain('status: left, leftAt: 2026-11-24T12:00:00+08:00')
  })

  it('who are disabled and later active again', () => {
    const disabled = synced(company({members: [BOSS, LINA, {...WANG, status: 'disabled'}]}))
    expect(disabled).toContain('attributes: {星级: 2}, status: disabled}')
    expect(synced(company({members: [BOSS, LINA, {...WANG, status: 'active'}]}), disabled)).toBe(MIRROR)
  })

  it('who come stand behind their department, without name and phone', () => {
    const fresh = member('new.one', [1], {
      ...{name: '张三', leader: 'boss', tags: ['店员']},
      attributes: {星级: '1', 手机: '13900000000'},
    })
    const after = synced(company({members: [BOSS, LINA, WANG, fresh]}))
    expect(after).toContain(
      'displayName: 王总}\n  - {id: new.one, departments: [/总部], roles: [店员], attributes: {星级: 1}, leader: boss}\n  # 门店的人',
    )
    expect(after).not.toMatch(/张三|139|手机/)
  })

  it('without a place, without a valid userid or gone already do not come', () => {
    const strangers = [member('a', [99]), member('有 空格', [1]), member('b', [1], {status: 'left'})]
    expect(compared(company({members: [BOSS, LINA, WANG, ...strangers]})).edits).toEqual([])
  })

  it('who are led by somebody else, or by nobody the app sees', () => {
    const led = (leader: string | undefined) => {
      const {leader: _old, ...lina} = LINA
      return compared(company({members: [BOSS, leader === undefined ? lina : {...lina, leader}, WANG]})).edits
    }
    expect(led('WangWei')).toEqual([{op: 'set', list: 'members', index: 1, field: 'leader', value: 'WangWei'}])
    expect([led(undefined), led('stranger'), led('lina')]).toEqual([[], [], []])
  })

  it('lent for a time keep their own department while it lasts', () => {
    const text = MIRROR.replace('until: 2026-02-01', 'until: 2027-02-01')
    expect(synced(company({members: [BOSS, LINA, {...WANG, departmentIds: [7], mainDepartmentId: 7}]}), text)).toBe(
      text,
    )
  })

  it('keep departments that the app does not see', () => {
    const text = MIRROR.replace('[/总部/门店/华南, /总部/门店]', '[/总部/门店/华南, /外部/顾问]')
    const after = synced(company({members: [BOSS, LINA, WANG]}), text)
    expect(after).toContain('departments: [/总部/门店/华南, /外部/顾问, /总部/门店]')
  })

  it('get no new display name by themselves, and a new one only where one stands', () => {
    const after = synced(company({members: [{...BOSS, name: '王老板'}, {...LINA, name: '李小娜'}, WANG]}))
    expect(after).toContain('displayName: 王老板')
    expect(after).not.toContain('李小娜')
    expect(synced(company({members: [{...BOSS, name: 'boss'}, LINA, WANG]}))).toBe(MIRROR)
  })
})

describe('tags and attributes', () => {
  it('a tag given and one taken away change the roles; a role no tag stands for stays, and so does its comment', () => {
    const after = synced(company({members: [BOSS, {...LINA, tags: ['星选']}, WANG], tags: ['店员', '星选']}))
    expect(lineChanges(MIRROR, after)).toEqual([
      '-    roles: [店员, 督导]   # 督导没有标签',
      '+    roles: [督导, 星选] # 督导没有标签',
    ])
  })

  it('a tag whose holders the app may not see takes nothing away', () => {
    expect(synced(company({members: [BOSS, {...LINA, tags: []}, {...WANG, tags: []}], tags: []}))).toBe(MIRROR)
  })

  it('a tag that a grant gives is not mirrored: it would outlive the grant', () => {
    const live = company({members: [BOSS, {...LINA, tags: ['店员', '销冠']}, WANG], tags: ['店员', '销冠']})
    expect(synced(live, MIRROR, new Set(['销冠']))).toBe(MIRROR)
    expect(synced(live)).toContain('[店员, 督导, 销冠]')
  })

  it('an attribute the mirror knows follows as a number; one it does not know stays out', () => {
    const after = synced(company({members: [BOSS, {...LINA, attributes: {星级: '5', 手机: '138'}}, WANG]}))
    expect(lineChanges(MIRROR, after)).toEqual(['-    attributes: {星级: 3}', '+    attributes: {星级: 5}'])
  })

  it('the last role that goes takes the field with it', () => {
    expect(synced(company({members: [BOSS, LINA, {...WANG, tags: []}]}))).toContain(
      '- {id: WangWei, departments: [/总部/门店/华南], attributes: {星级: 2}}',
    )
  })
})

describe('departments', () => {
  const renamed = company({
    departments: [
      {id: 1, path: '/总部'},
      {id: 7, path: '/总部/零售'},
      {id: 9, path: '/总部/零售/华南'},
    ],
  })
  it('that are renamed keep their id; whoever is in them is not counted as moved', () => {
    const found = compared(renamed)
    expect([found.touched, found.changes]).toEqual([
      0,
      [{what: 'department-renamed', path: '/总部/门店', to: '/总部/零售'}],
    ])
    const after = synced(renamed)
    expect(after).not.toContain('/总部/门店')
    expect(after).toContain('{path: /总部/零售/华南, id: 9} # 改过两次名')
    expect(after).toContain('{member: WangWei, to: /总部/零售,')
  })

  it('that are added stand below their parent, and that are removed take no heading with them', () => {
    const departments = [
      {id: 1, path: '/总部'},
      {id: 7, path: '/总部/门店'},
      {id: 9, path: '/总部/门店/华南'},
      {id: 8, path: '/总部/客服', leader: 'lina'},
    ]
    expect(synced(company({departments}))).toContain(
      '# 改过两次名\n  - {path: /总部/客服, id: 8, leader: lina}\nmembers:',
    )
    const headed = MIRROR.replace(
      '  - {path: /总部/门店, id: 7}',
      '  # 一线\n  - {path: /总部/门店/华北, id: 5}\n  - {path: /总部/门店, id: 7}',
    )
    const after = synced(company(), headed)
    expect(after).toContain('  # 一线\n  - {path: /总部/门店, id: 7}')
    expect(after).not.toContain('华北')
  })

  it('outside of what the app sees are left alone', () => {
    const partly = company({
      departments: [
        {id: 7, path: '/门店'},
        {id: 9, path: '/门店/华南'},
      ],
      members: [LINA, WANG],
    })
    expect(synced(partly)).toBe(MIRROR)
  })

  it('written without an id get it', () => {
    expect(synced(company(), MIRROR.replace('{path: /总部/门店, id: 7}', '{path: /总部/门店}'))).toBe(MIRROR)
  })
})

describe('what is not trusted', () => {
  it.each([
    ['no departments', company({departments: []})],
    ['no members', company({members: []})],
    ['a department whose members are not shown', company({refused: ['user/list 60011']})],
    ['nobody whom the mirror knows', company({members: [member('other', [1])]})],
    [
      'two topmost departments of one name',
      company({
        departments: [
          {id: 7, path: '/门店'},
          {id: 8, path: '/门店'},
        ],
      }),
    ],
  ])('%s', (_what, live) => {
    expect(compare(live)).toMatchObject({problem: {zh: expect.any(String)}})
  })

  it('tags that are not shown are no hindrance', () => {
    expect(compare(company({refused: ['tag/get 60011']}))).toMatchObject({changes: []})
  })

  it.each([
    [2, 10, false],
    [3, 10, true],
    [0, 0, false],
  ])('%i of %i members gone or moved: refused %p', (touched, total, isRefused) => {
    const words = checkSize({touched, total}, {})
    expect(words !== null).toBe(isRefused)
    if (words) expect([words.zh, words.en]).toEqual([expect.stringContaining('3/10'), expect.stringContaining('3/10')])
  })

  it('the limit is that of the policy', () => {
    expect(checkSize({touched: 3, total: 10}, {guard: {deletions: '30%'}})).toBeNull()
  })

  it('somebody who moved and was disabled counts once', () => {
    const members = [BOSS, LINA, {...WANG, departmentIds: [7], mainDepartmentId: 7, status: 'disabled' as const}]
    expect(compared(company({members})).touched).toBe(1)
  })
})

describe('the file', () => {
  const SHIPPED = readFileSync(join(ROOT, 'config/organization.yaml'), 'utf8')
  const NORTH: Edit = {op: 'set', list: 'members', index: 1, field: 'leader', value: 'WangWei'}

  it('of the example company differs in the lines of an edit alone', () => {
    const {members = []} = load(SHIPPED) as WrittenOrganization
    const index = members.findIndex(({id}) => id === 'zhang.san')
    const after = editOrganizationText(SHIPPED, [
      {op: 'set', list: 'members', index, field: 'leader', value: 'deng.jun'},
    ])
    expect(lineChanges(SHIPPED, after ?? '')).toHaveLength(2)
  })

  it.each([
    ['Windows line ends', MIRROR.replaceAll('\n', '\r\n')],
    ['lists that are not indented', MIRROR.replace(/^ {2}/gm, '')],
    ['blanks inside braces', MIRROR.replaceAll('{id', '{ id').replaceAll('2}', '2 }')],
    ['blank lines and a document start', `---\n${MIRROR.replaceAll('  # 门店', '\n  # 门店')}`],
  ])('with %s keeps its style', (_what, text) => {
    const after = editOrganizationText(text, [NORTH]) ?? ''
    expect(lineChanges(text, after).map((line) => line.trim().replace(/^([-+])\s+/, '$1'))).toEqual([
      '-leader: boss',
      '+leader: WangWei',
    ])
  })

  it('whose entries share an anchor is not edited blindly', () => {
    const text = MIRROR.replace('roles: [店员, 督导]', 'roles: &r [店员]').replace('roles: [店员],', 'roles: *r,')
    const edit: Edit = {op: 'set', list: 'members', index: 1, field: 'roles', value: ['督导']}
    expect(editOrganizationText(text, [edit])).toBeNull()
  })

  it('says exactly what the edits say, whatever they are', () => {
    const fields = fc.oneof(
      fc.record({
        field: fc.constant('leader'),
        value: fc.option(fc.constantFrom('boss', 'yes', '007', 'a: b'), {nil: undefined}),
      }),
      fc.record({
        field: fc.constant('roles'),
        value: fc.option(fc.array(fc.constantFrom('店员', '#x', '~', 'no')), {nil: undefined}),
      }),
      fc.record({field: fc.constant('displayName'), value: fc.string({minLength: 1, maxLength: 8})}),
      fc.record({field: fc.constant('status'), value: fc.constantFrom('left', 'disabled', undefined)}),
    )
    const edits = fc.oneof(
      fc.tuple(fc.nat(3), fields).map(([index, field]): Edit => ({op: 'set', list: 'members', index, ...field})),
      fc
        .tuple(fc.option(fc.nat(2)), fc.string({minLength: 1, maxLength: 6}))
        .map(([after, path]): Edit => ({op: 'insert', list: 'departments', after, value: {path, id: 77}})),
      fc.nat(2).map((index): Edit => ({op: 'remove', list: 'departments', index})),
    )
    fc.assert(
      fc.property(fc.array(edits, {maxLength: 6}), (list) => {
        const after = editOrganizationText(MIRROR, list)
        expect(after).not.toBeNull()
        expect(load(after ?? '')).toEqual(applyEdits(load(MIRROR) as WrittenOrganization, list))
      }),
    )
  })
})

describe('what is told', () => {
  const changes = compared(
    company({
      members: [
        {...BOSS, name: '王老板'},
        LINA,
        {...WANG, departmentIds: [7], mainDepartmentId: 7},
        member('new.one', [1], {name: '张三'}),
      ],
      departments: [...company().departments, {id: 8, path: '/总部/客服`@all'}],
    }),
  ).changes

  it('names userids and departments and nobody’s name', () => {
    const told = [
      syncTitle(changes),
      syncBody(changes),
      ...renderChanges(changes, 'zh'),
      ...renderChanges(changes, 'en'),
    ].join('\n')
    expect(told).toContain('WangWei')
    expect(told).not.toMatch(/张三|王老板|王总/)
    expect(syncTitle(changes)).toBe('同步组织镜像：入职 1，调动 1，新增部门 1')
  })

  it('mentions nobody', () => {
    expect(syncBody(changes).replace(/`[^`]*`/g, '')).not.toContain('@')
  })

  it('has a word for every kind of change', () => {
    expect(new Set(whats(changes))).toEqual(
      new Set(['department-added', 'member-moved', 'member-named', 'member-added']),
    )
  })
})
