import {describe, expect, it} from '@jest/globals'
import {csv, differenceOf, errorsOf, IMPORT, inProject, ROSTER} from './a-project.js'

const LONG = csv([
  ['姓名', '工号', 'userid', '日期', '班次'],
  ['', '', 'ZHANG.SAN', '2026-11-30', '早班'],
  ['李顾问', '', '', '2026/11/30', '中班'],
  ['', '00123', '', '2026年12月1日', '休'],
  ['王店长', '', '', '2026-12-01 周二', '夜班'],
])

/** What LONG changes: li.si moves to the middle shift, zhang.san rests, wang.dian comes. */
const CHANGES = [
  'changed 2026-11-30 li.si 夜班→中班',
  'added 2026-12-01 wang.dian →夜班',
  'removed 2026-12-01 zhang.san 中班→',
]

/** The same text as spreadsheet programs in China save it. */
const gb18030 = (text: string): Uint8Array => {
  // Only the characters of this file; the table is made by decoding every pair of bytes.
  const table = new Map<string, number[]>()
  const decoder = new TextDecoder('gb18030')
  for (let first = 0x81; first <= 0xfe; first++)
    for (let second = 0x40; second <= 0xfe; second++)
      if (second !== 0x7f) table.set(decoder.decode(Uint8Array.of(first, second)), [first, second])
  return Uint8Array.from([...text].flatMap((letter) => table.get(letter) ?? [letter.codePointAt(0) ?? 0]))
}

describe('a dry run', () => {
  it('shows what changes for each member and date, and writes nothing', () =>
    inProject({'a.csv': LONG}, async ({run, ask, text}) => {
      const document = await ask(...IMPORT('a.csv'))
      expect(document).toMatchObject({command: 'roster', verdict: 'ok', code: 0, written: false, findings: []})
      expect(differenceOf(document)).toEqual({counts: [1, 1, 1, 1], changes: CHANGES})
      expect(text()).toBe(ROSTER)
      const {code, out, err} = await run(...IMPORT('a.csv'))
      expect([code, err]).toEqual([0, ''])
      expect(out).toBe(
        `${[
          '新增 1，减少 1，改动 1，不变 1（按人按天计）',
          '~ 2026-11-30  li.si  夜班 → 中班',
          '+ 2026-12-01  wang.dian  休 → 夜班',
          '- 2026-12-01  zhang.san  中班 → 休',
          '只看差别，没有写；加 --write 写入 config/rosters/stores.yaml',
        ].join('\n')}\n`,
      )
    }))
  it('says so in English', () =>
    inProject({'a.csv': LONG}, async ({run}) => {
      const {out} = await run(...IMPORT('a.csv', '--lang', 'en'))
      expect(out).toContain('1 added, 1 removed, 1 changed, 1 unchanged (members by date)')
      expect(out).toContain('nothing was written; add --write')
    }))
})

describe('an import', () => {
  it('writes the days, keeps all else of the file, and takes the time of the clock', () =>
    inProject({'a.csv': LONG}, async ({ask, text, run}) => {
      expect(await ask(...IMPORT('a.csv', '--write'))).toMatchObject({code: 0, written: true})
      expect(text()).toBe(
        ROSTER.replace('2026-11-20T18:00:00+08:00', '2026-11-24T12:00:00+08:00')
          .replace('{早班: [zhang.san], 夜班: [li.si]}', '{早班: [zhang.san], 中班: [li.si]}')
          .replace('{中班: [zhang.san]}', '{夜班: [wang.dian]}'),
      )
      expect((await run('validate')).code).toBe(0)
    }))
  it('comes to rest: the same sheet a second time changes nobody', () =>
    inProject({'a.csv': LONG}, async ({ask, text}) => {
      await ask(...IMPORT('a.csv', '--write'))
      const once = text()
      const again = await ask(...IMPORT('a.csv', '--write'))
      expect(differenceOf(again)).toEqual({counts: [0, 0, 0, 3], changes: []})
      expect(text()).toBe(once)
    }))
  it('warns of people who lose shifts only because the sheet does not name them', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '日期', '班次'],
          ['张顾问', '2026-11-30', '早班'],
          ['王店长', '2026-12-01', '休'],
        ]),
      },
      async ({ask}) => {
        const document = await ask(...IMPORT('a.csv'))
        expect(document).toMatchObject({
          code: 0,
          findings: [
            {rule: 'roster-sheet-names-everybody', level: 'warning', says: expect.stringMatching(/1 天的班：li\.si$/)},
          ],
        })
        expect(differenceOf(document).counts).toEqual([0, 2, 0, 1])
      },
    ))
  it('leaves days alone that the sheet does not speak of', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '日期', '班次'],
          ['李顾问', '2026-12-02', '早班'],
        ]),
      },
      async ({ask, roster}) => {
        expect(differenceOf(await ask(...IMPORT('a.csv', '--write'))).counts).toEqual([1, 0, 0, 0])
        expect(roster().days).toEqual({
          '2026-11-30': {早班: ['zhang.san'], 夜班: ['li.si']},
          '2026-12-01': {中班: ['zhang.san']},
          '2026-12-02': {早班: ['li.si']},
        })
      },
    ))
  it('takes the line of a day on which everybody rests out of the file', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '日期', '班次'],
          ['张顾问', '2026-12-01', '休息'],
        ]),
      },
      async ({ask, roster}) => {
        await ask(...IMPORT('a.csv', '--write'))
        expect(Object.keys(roster().days)).toEqual(['2026-11-30'])
      },
    ))
  it('makes a new file with the shifts the command line gives', () =>
    inProject({'a.csv': LONG}, async ({ask, roster, run}) => {
      const shifts = ['早班=06:00-14:00', '中班=14:00-22:00', '夜班=22:00-6:00'].flatMap((flag) => ['--shift', flag])
      const argv = ['roster', '--from', 'a.csv', '--into', 'config/rosters/south/new.yaml', ...shifts, '--write']
      expect(await ask(...argv)).toMatchObject({code: 0, into: 'config/rosters/south/new.yaml'})
      expect(roster('rosters/south/new.yaml')).toEqual({
        title: 'south/new',
        shifts: {
          早班: {from: '06:00', to: '14:00'},
          中班: {from: '14:00', to: '22:00'},
          夜班: {from: '22:00', to: '06:00'},
        },
        importedAt: '2026-11-24T12:00:00+08:00',
        days: {'2026-11-30': {早班: ['zhang.san'], 中班: ['li.si']}, '2026-12-01': {夜班: ['wang.dian']}},
      })
      expect((await run('validate')).code).toBe(0)
    }))
  it('adds a new shift to the file beside its comments', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '日期', '班次'],
          ['李顾问', '2026-12-02', '值守'],
        ]),
      },
      async ({ask, text, roster}) => {
        expect((await ask(...IMPORT('a.csv', '--shift', '值守=08:00-20:00', '--write'))).code).toBe(0)
        expect(roster().shifts['值守']).toEqual({from: '08:00', to: '20:00'})
        for (const remark of ['# 由人事每周五发来', '# 跨零点', '# 换班周']) expect(text()).toContain(remark)
      },
    ))
  it('writes a file in block style anew, with everything it says', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '日期', '班次'],
          ['李顾问', '2026-12-02', '早班'],
        ]),
      },
      async ({ask, roster}) => {
        const before = roster()
        expect((await ask(...IMPORT('a.csv', '--write'))).code).toBe(0)
        expect(roster()).toEqual({
          ...before,
          importedAt: '2026-11-24T12:00:00+08:00',
          days: {...before.days, '2026-12-02': {早班: ['li.si']}},
        })
      },
      {
        'rosters/stores.yaml': {
          title: '班表: 天河',
          owner: '人事部',
          shifts: {早班: {from: '06:00', to: '14:00'}},
          days: {'2026-11-30': {早班: ['zhang.san']}},
          staleAfterDays: 3,
          importedAt: '2026-11-20T18:00:00+08:00',
        },
      },
    ))
})

describe('words of a sheet', () => {
  const one = (word: string): string =>
    csv([
      ['姓名', '日期', '班次'],
      ['李顾问', '2026-12-02', word],
    ])
  const shiftsOf = (word: string, ...flags: readonly string[]): Promise<string[]> =>
    inProject({'a.csv': one(word)}, async ({ask}) => {
      const document = await ask(...IMPORT('a.csv', ...flags.flatMap((flag) => ['--shift', flag])))
      return document.code === 0 ? differenceOf(document).changes : errorsOf(document)
    })
  it.each([
    ['早班', []],
    [' 早 班 ', []],
    ['早', ['早=早班']],
    ['E', ['e=早班']],
    ['６点班', ['6点班=早班']],
  ])('%p means the early shift', async (word, flags) => {
    expect(await shiftsOf(word, ...flags)).toEqual(['added 2026-12-02 li.si →早班'])
  })
  it.each([
    ['休', []],
    ['OFF', []],
    ['-', []],
    ['年假', ['年假=休']],
    ['早班', ['早班=休']],
  ])('%p means rest', async (word, flags) => {
    expect(await shiftsOf(word, ...flags)).toEqual([])
  })
  it('name two shifts in one cell', async () => {
    expect(await shiftsOf('早班/夜班')).toEqual(['added 2026-12-02 li.si →早班+夜班'])
    expect(await shiftsOf('早班、夜')).toEqual(['roster-shift-is-known 2:3'])
  })
})

describe('a text file', () => {
  it.each([
    ['UTF-8', Buffer.from(LONG)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\uFEFF${LONG}`)],
    ['UTF-16 with a byte-order mark', Buffer.from(`\uFEFF${LONG.replaceAll(',', '\t')}`, 'utf16le')],
    ['GB18030', gb18030(LONG)],
    ['tabs between the cells', Buffer.from(LONG.replaceAll(',', '\t'))],
    ['semicolons between the cells', Buffer.from(LONG.replaceAll(',', ';'))],
    ['quotes around the cells', Buffer.from(LONG.replaceAll(/[^,\r\n]+/g, '"$&"'))],
  ])('in %s is read', (_what, bytes) =>
    inProject({'a.csv': bytes}, async ({ask}) => {
      expect(differenceOf(await ask(...IMPORT('a.csv'))).changes).toEqual(CHANGES)
    }),
  )
})

describe('a wide sheet', () => {
  const WIDE = csv([
    ['天河店排班表', '', '', '', '', ''],
    ['工号', '姓名', '30', '1', '31', '合计'],
    ['', '', '一', '二', '', ''],
    ['123', '张三', '早班', '', '', '1'],
    ['', '李顾问', '休', '', '', '0'],
    ['合计', '', '1', '0', '', ''],
  ])
  it('is read by its days and the month given; an empty column changes nothing', () =>
    inProject({'a.csv': WIDE}, async ({ask, roster}) => {
      const document = await ask(...IMPORT('a.csv', '--month', '2026-11', '--write'))
      expect(differenceOf(document)).toEqual({counts: [0, 1, 0, 1], changes: ['removed 2026-11-30 li.si 夜班→']})
      expect((document['findings'] as {rule: string}[]).map(({rule}) => rule)).toEqual([
        'roster-day-is-filled-in',
        'roster-rows-are-people',
      ])
      expect(roster().days).toEqual({'2026-11-30': {早班: ['zhang.san']}, '2026-12-01': {中班: ['zhang.san']}})
    }))
  it('without a month says that one is missing, once', () =>
    inProject({'a.csv': WIDE}, async ({ask}) => {
      expect(errorsOf(await ask(...IMPORT('a.csv')))).toEqual(['roster-month-is-given 2:3'])
    }))
  it('of December goes on into January of the next year', () =>
    inProject(
      {
        'a.csv': csv([
          ['姓名', '12/31', '1/1'],
          ['李顾问', '早班', '早班'],
        ]),
      },
      async ({ask}) => {
        expect(differenceOf(await ask(...IMPORT('a.csv', '--month', '2026-12'))).changes).toEqual([
          'added 2026-12-31 li.si →早班',
          'added 2027-01-01 li.si →早班',
        ])
      },
    ))
})
