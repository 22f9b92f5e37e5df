import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {parseRoster} from '../../scripts/core/roster/parse-roster.js'
import {planImport} from '../../scripts/core/roster/plan-import.js'
import {createMemberFinder} from '../../scripts/core/roster/find-member.js'
import {organization, speaksBothLanguages} from '../support/a-config.js'
import {listOf} from '../support/run-command.js'
import {csv, errorsOf, IMPORT, inProject, ROSTER} from './a-project.js'

const HEADER = ['userid', '日期', '班次']
const errors = (rows: readonly (readonly string[])[], ...flags: readonly string[]): Promise<string[]> =>
  inProject({'a.csv': csv(rows)}, async ({ask, text}) => {
    const document = await ask(...IMPORT('a.csv', ...flags, '--write'))
    const found = errorsOf(document)
    expect(document['code']).toBe(found.length > 0 ? 1 : 0)
    if (found.length > 0) expect([document['difference'], text()]).toEqual([null, ROSTER])
    return found
  })

describe('what cannot be read', () => {
  it('is listed all at once with its cell, and nothing is written', async () => {
    const rows = [
      HEADER,
      ['nobody', '2026-12-02', '早班'],
      ['li.si', '2026-02-30', '早班'],
      ['li.si', '明天', '早班'],
      ['li.si', '2026-12-02', '晚班'],
      ['nobody', '2026-12-03', '晚班'],
      ['', '2026-12-04', '早班'],
      ['li.si', '', '早班'],
      ['li.si', '2026-12-05', ''],
      ['li.si', '12-06', '早班'],
    ]
    expect(await errors(rows)).toEqual([
      'roster-member-is-known 2:1',
      'roster-date-exists 3:2',
      'roster-date-has-form 4:2',
      'roster-shift-is-known 5:3',
      'roster-row-has-member 7:1',
      'roster-date-has-form 8:2',
      'roster-row-has-shift 9:3',
      'roster-month-is-given 10:2',
    ])
  })
  it('is said once for a name or a word, with the number of cells', () =>
    inProject({'a.csv': csv([HEADER, ['x', '2026-12-02', 'Y'], ['x', '2026-12-03', 'Y']])}, async ({ask}) => {
      const found = listOf(await ask(...IMPORT('a.csv')), 'findings').map(({says}) => says)
      expect(found).toEqual([expect.stringContaining('「x」（共 2 处）'), expect.stringContaining('「Y」（共 2 处）')])
    }))
  it('never repeats what may be a telephone number', () =>
    inProject({'a.csv': csv([HEADER, ['138 0000 0000', '2026-12-02', '早班']])}, async ({run}) => {
      const {out} = await run(...IMPORT('a.csv'))
      expect(out).toContain('roster-member-is-known')
      expect(out).not.toContain('138')
    }))
  it('a header that is none says what a header is', async () => {
    expect(
      await errors([
        ['谁', '哪天'],
        ['li.si', '2026-12-02'],
      ]),
    ).toEqual(['roster-header-is-known 1:1'])
  })
  it('two columns of one date are one too many', async () => {
    expect(
      await errors([
        ['姓名', '2026-12-01', '2026/12/1'],
        ['李顾问', '早班', '夜班'],
      ]),
    ).toEqual(['roster-date-stands-once 1:3'])
  })
  it('a row whose cells name two people is of nobody', async () => {
    const rows = [
      ['userid', '姓名', '日期', '班次'],
      ['li.si', '张顾问', '2026-12-02', '早班'],
    ]
    expect(await errors(rows)).toEqual(['roster-row-is-one-person 2:2'])
    // Colleagues know a member by a name the mirror does not hold.
    expect(await errors([rows[0] ?? [], ['li.si', '李四', '2026-12-02', '早班']])).toEqual([])
  })
  it('a name two members carry needs the userid', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '日期', '班次'],
          ['小李', '2026-12-02', '早班'],
        ]),
      },
      async ({ask}) => {
        const [found] = listOf(await ask(...IMPORT('a.csv')), 'findings')
        expect(found).toMatchObject({rule: 'roster-member-is-known', says: expect.stringContaining('li.er、li.si')})
      },
      {
        'rosters/stores.yaml': {
          ...{
            title: 'x',
            shifts: {早班: {from: '06:00', to: '14:00'}},
            importedAt: '2026-11-20T18:00:00+08:00',
            days: {},
          },
        },
        'organization.yaml': organization({
          members: [
            {id: 'li.si', departments: ['/总部/华南区'], displayName: '小李'},
            {id: 'li.er', departments: ['/总部/华南区'], displayName: '小李'},
            {id: 'zhang.san', departments: ['/总部/华南区']},
          ],
        }),
      },
    ))
})

describe('two shifts of one person', () => {
  const at = (...shifts: readonly (readonly [string, string])[]): Promise<string[]> =>
    errors([HEADER, ...shifts.map(([date, shift]) => ['li.si', date, shift])], '--shift', '值守=13:59-15:00')
  it('may meet, and must not overlap by a minute', async () => {
    expect(await at(['2026-12-05', '早班'], ['2026-12-05', '中班'])).toEqual([])
    expect(await at(['2026-12-05', '早班'], ['2026-12-05', '值守'])).toEqual(['roster-shifts-do-not-overlap 3:3'])
  })
  it('are held against each other across midnight', async () => {
    expect(await at(['2026-12-05', '夜班'], ['2026-12-06', '早班'])).toEqual([])
    const early = ['--shift', '晨=05:59-07:00']
    const rows = [HEADER, ['li.si', '2026-12-05', '夜班'], ['li.si', '2026-12-06', '晨']]
    expect(await errors(rows, ...early)).toEqual(['roster-shifts-do-not-overlap 3:3'])
  })
  it('are held against days that are in the file already', async () => {
    // li.si has the night of 30 November, until six.
    expect(await errors([HEADER, ['LI.SI', '2026-12-01', '早班']])).toEqual([])
    expect(await errors([HEADER, ['LI.SI', '2026-12-01', '晨']], '--shift', '晨=05:00-09:00')).toEqual([
      'roster-shifts-do-not-overlap 2:3',
    ])
  })
  it('written twice are one', async () => {
    expect(await at(['2026-12-05', '早班'], ['2026-12-05', '早班'])).toEqual([])
  })
})

describe('wrong use', () => {
  it.each([
    ['no file', ['--into', 'rosters/stores.yaml']],
    ['a file that is not there', IMPORT('nowhere.csv').slice(1)],
    ['a folder for a file', IMPORT('config').slice(1)],
    ['no roster to write to', ['--from', 'a.csv']],
    ['a roster outside rosters/', ['--from', 'a.csv', '--into', 'calendars/x.yaml']],
    ['a roster outside the configuration', ['--from', 'a.csv', '--into', 'rosters/../../x.yaml']],
    ['a roster that would be hidden', ['--from', 'a.csv', '--into', 'rosters/.x.yaml']],
    ['an absolute path elsewhere', ['--from', 'a.csv', '--into', '/rosters/x.yaml']],
    ['a roster of another type', ['--from', 'a.csv', '--into', 'rosters/x.csv']],
    ['a month that is none', IMPORT('a.csv', '--month', '2026-13').slice(1)],
    ['a shift without a word', IMPORT('a.csv', '--shift', '=早班').slice(1)],
    ['a shift without a meaning', IMPORT('a.csv', '--shift', '早').slice(1)],
    ['a meaning that is no shift', IMPORT('a.csv', '--shift', '早=晚班').slice(1)],
    ['a time that is none', IMPORT('a.csv', '--shift', '晚=25:00-26:00').slice(1)],
    ['a shift that starts when it ends', IMPORT('a.csv', '--shift', '晚=20:00-20:00').slice(1)],
    ['other times for a shift of the file', IMPORT('a.csv', '--shift', '早班=07:00-14:00').slice(1)],
  ])('%s could not run, with a line that says how to go on', (_what, argv) =>
    inProject({'a.csv': csv([HEADER, ['li.si', '2026-12-02', '早班']])}, async ({run, text}) => {
      const {code, out, err} = await run('roster', ...argv)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^.+\n {2}怎么办: .+\n$/)
      expect(text()).toBe(ROSTER)
    }),
  )
  it('a roster file with faults is refused with their places', () =>
    inProject(
      {'a.csv': csv([HEADER, ['li.si', '2026-12-02', '早班']])},
      async ({ask, text}) => {
        const document = await ask(...IMPORT('a.csv', '--write'))
        expect(document).toMatchObject({verdict: 'refused', code: 1, written: false})
        expect(listOf(document, 'findings')).toEqual([
          expect.objectContaining({file: 'config/rosters/stores.yaml', rule: 'yaml-well-formed', line: 2}),
        ])
        expect(text()).toBe('title: [\n')
      },
      {'rosters/stores.yaml': 'title: [\n'},
    ))
  it('faults of other files do not hinder an import', () =>
    inProject(
      {'a.csv': csv([HEADER, ['li.si', '2026-12-02', '早班']])},
      async ({ask}) => expect((await ask(...IMPORT('a.csv'))).code).toBe(0),
      {'templates/hello.yaml': 'title: [\n'},
    ))
})

describe('a roster file', () => {
  it('may grow up to what a configuration file may hold, and not a byte further', () => {
    const rows = [HEADER, ['li.si', '2026-12-02', '早班']]
    const planned = (maxBytes: number) =>
      planImport({
        ...{sheets: [{file: 'a.csv', name: null, rows, merges: [], unread: []}], sheet: undefined, month: undefined},
        ...{members: [{id: 'li.si'}], words: new Map(), shifts: {早班: {from: '06:00', to: '14:00'}}},
        ...{file: null, title: 'x', importedAt: '2026-11-24T12:00:00+08:00', maxBytes},
      })
    const bytes = Buffer.byteLength(planned(10_000).text ?? '')
    expect(planned(bytes).findings).toEqual([])
    expect(planned(bytes - 1)).toMatchObject({
      text: null,
      difference: null,
      findings: [{rule: 'file-size-within-limit'}],
    })
  })
})

describe('any sheet', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      '姓名',
      'userid',
      '日期',
      '班次',
      '早班',
      '休',
      'li.si',
      '2026-12-01',
      '12/1',
      '5',
      '三',
      '合计',
      '2026-02-30',
    ),
    fc.string({maxLength: 6, unit: 'grapheme'}),
  )
  it('gives entries and findings that speak both languages, and never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, {maxLength: 6}), {maxLength: 8}), (rows) => {
        const {findings, entries} = parseRoster([{file: 'a.csv', name: null, rows, merges: [], unread: []}], {
          ...{members: [{id: 'li.si'}], shifts: ['早班'], words: new Map(), month: '2026-12', sheet: undefined},
        })
        for (const finding of findings) expect(speaksBothLanguages(finding)).toBe(true)
        for (const {member, date} of entries)
          expect([member, date]).toEqual(['li.si', expect.stringMatching(/^\d{4}-/)])
      }),
    )
  })
})

describe('finding a member', () => {
  const find = createMemberFinder([
    {id: 'Li.Si', number: '00123', displayName: '李顾问'},
    {id: '123', displayName: '王店长'},
    {id: 'wu', number: '0', displayName: 'Li.Si'},
  ])
  it.each([
    ['LI.SI', 'Li.Si'],
    ['00123', 'Li.Si'],
    ['0123', 'Li.Si'],
    ['123', '123'],
    ['李顾问', 'Li.Si'],
    ['000', 'wu'],
  ])('%p is %s: userid before number before name', (text, id) => {
    expect(find(text)).toEqual({kind: 'member', id})
  })
  it('nobody is called constructor', () => {
    expect(find('constructor')).toEqual({kind: 'nobody'})
  })
})
