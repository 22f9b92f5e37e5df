import {describe, expect, it} from '@jest/globals'
import {readZipEntries, ZipBroken, ZipTooLarge} from '../../scripts/sheets/read-zip-entries.js'
import {listOf} from '../support/run-command.js'
import {day, differenceOf, errorsOf, IMPORT, inProject, xlsx, xlsxOf} from './a-project.js'
import {rawXlsx, textCells, zipOf} from './a-zip.js'

const HEADER = ['姓名', '日期', '班次']
const LATE = ['李顾问', '2026-12-02', '中班']
const BROUGHT = ['added 2026-12-02 li.si →中班']

const changesOf = (bytes: Uint8Array, ...flags: readonly string[]): Promise<string[]> =>
  inProject({'hr.xlsx': bytes}, async ({ask}) => differenceOf(await ask(...IMPORT('hr.xlsx', ...flags))).changes)
const refused = (bytes: Uint8Array, ...flags: readonly string[]): Promise<string[]> =>
  inProject({'hr.xlsx': bytes}, async ({ask, run}) => {
    const document = await ask(...IMPORT('hr.xlsx', ...flags, '--write'))
    expect(document).toMatchObject({verdict: 'refused', code: 1, difference: null, written: false})
    expect((await run(...IMPORT('hr.xlsx', ...flags))).err).toBe('')
    return errorsOf(document)
  })

describe('a workbook', () => {
  it('in long layout is read, dates and numbers as they are shown', async () => {
    const bytes = await xlsx([
      ['工号', '日期', '班次'],
      [123, day('2026-12-02'), '中班'],
      ['00123', '12月3日', '早班'],
    ])
    expect(await changesOf(bytes, '--month', '2026-12')).toEqual([
      'added 2026-12-02 zhang.san →中班',
      'added 2026-12-03 zhang.san →早班',
    ])
  })
  it('in wide layout is read, with real dates over the columns', async () => {
    const bytes = await xlsx([
      ['2026年12月排班'],
      ['部门', '姓名', day('2026-11-30'), day('2026-12-01'), day('2026-12-02')],
      ['', '', '一', '二', '三'],
      ['天河', '李顾问', '夜班', '夜班\n早班', '休'],
      ['天河', '张顾问', '早班', '中班', ''],
    ])
    // The night of 30 November ends at six, when the early shift starts; an empty cell is rest.
    expect(await changesOf(bytes)).toEqual(['added 2026-12-01 li.si →早班+夜班'])
  })
  it('in wide layout with bare days takes them from --month', async () => {
    const bytes = await xlsx([
      ['userid', 1, 2, 31],
      ['li.si', '夜班', null, '早班'],
      ['zhang.san', '中班', '休', null],
    ])
    expect(await changesOf(bytes, '--month', '2026-12')).toEqual([
      'added 2026-12-01 li.si →夜班',
      'added 2026-12-31 li.si →早班',
    ])
    expect(await refused(bytes, '--month', '2026-11')).toEqual(['roster-date-exists 1:4'])
  })
  it('of which one sheet is a roster is read, and the others are said', async () => {
    const bytes = await xlsxOf({说明: [['填写说明']], 空: [], 十二月: [HEADER, LATE]})
    await inProject({'hr.xlsx': bytes}, async ({ask}) => {
      const document = await ask(...IMPORT('hr.xlsx'))
      expect(differenceOf(document).changes).toEqual(BROUGHT)
      expect(listOf(document, 'findings')).toEqual([
        expect.objectContaining({rule: 'roster-sheet-is-chosen', level: 'info', says: '没有读这些工作表：「说明」'}),
      ])
    })
  })
  it('with several rosters asks which one is meant', async () => {
    const bytes = await xlsxOf({十一月: [HEADER, ['李顾问', '2026-11-30', '早班']], 十二月: [HEADER, LATE]})
    expect(await refused(bytes)).toEqual(['roster-sheet-is-chosen 1:1'])
    expect(await changesOf(bytes, '--sheet', '十二月')).toEqual(BROUGHT)
    expect(await refused(bytes, '--sheet', '一月')).toEqual(['roster-sheet-exists 1:1'])
  })
  it('says the sheet, the row and the column of what it cannot read', async () => {
    const bytes = await xlsxOf({十二月: [HEADER, LATE, ['无此人', '2026-12-03', '早班']]})
    await inProject({'hr.xlsx': bytes}, async ({ask}) => {
      expect(listOf(await ask(...IMPORT('hr.xlsx')), 'findings')).toEqual([
        expect.objectContaining({
          ...{rule: 'roster-member-is-known', file: 'hr.xlsx', sheet: '十二月', line: 3, column: 1},
          says: '工作表「十二月」A3（第 3 行第 1 列）：通讯录里没有 「无此人」',
        }),
      ])
    })
  })
  it('with merged days is refused, since only the first cell would count', async () => {
    const wide = await xlsx([
      ['姓名', '2026-12-01', '2026-12-02', '2026-12-03'],
      ['李顾问', {value: '早班', columnSpan: 3}, null, null],
    ])
    expect(await refused(wide)).toEqual(['roster-cells-are-not-merged 2:2'])
    const long = await xlsx([
      HEADER,
      [{value: '李顾问', rowSpan: 2}, '2026-12-02', '早班'],
      [null, '2026-12-03', '早班'],
    ])
    expect(await refused(long)).toEqual(['roster-cells-are-not-merged 2:1', 'roster-row-has-member 3:1'])
  })
  it('may have a merged title', async () => {
    expect(await changesOf(await xlsx([[{value: '十二月排班', columnSpan: 3}, null, null], HEADER, LATE]))).toEqual(
      BROUGHT,
    )
  })
  it('does not read sheets that are hidden', async () => {
    const sheets = [
      {name: '旧', state: 'hidden', cells: textCells([HEADER, ['李顾问', '2026-12-02', '夜班']])},
      {name: '新', cells: textCells([HEADER, LATE])},
    ]
    expect(await changesOf(rawXlsx(sheets))).toEqual(BROUGHT)
  })
  it('with an error in a cell names the cell, which would read as rest', async () => {
    const cells = `${textCells([HEADER])}<row r="2"><c r="A2" t="inlineStr"><is><t>李顾问</t></is></c><c r="B2" t="inlineStr"><is><t>2026-12-02</t></is></c><c r="C2" t="e"><v>#REF!</v></c></row>`
    expect(await refused(rawXlsx([{name: '表', cells}]))).toEqual([
      'roster-cell-has-value 2:3',
      'roster-row-has-shift 2:3',
    ])
  })
  it('with a formula that has no result names its cell', async () => {
    const name = '<c r="A2" t="inlineStr"><is><t>李顾问</t></is></c>'
    const wide = (cell: string): Buffer =>
      rawXlsx([{name: '表', cells: `${textCells([['姓名', '2026-12-02']])}<row r="2">${name}${cell}</row>`}])
    for (const type of ['', ' t="str"', ' t="n"'])
      expect(await refused(wide(`<c r="B2"${type}><f>A1</f></c>`))).toEqual(['roster-cell-has-value 2:2'])
    expect(await changesOf(wide('<c r="B2" t="str"><f>A1</f><v>中班</v></c>'))).toEqual(BROUGHT)
  })
})

describe('a file that is no roster', () => {
  const ARCHIVE = zipOf({'a.txt': 'x'})
  it.each([
    ['an old .xls', Buffer.from('d0cf11e0a1b11ae1000000000000000000000000000000003e000300feff0900', 'hex')],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')],
    ['an archive of something else', ARCHIVE],
    ['bytes of no meaning', Buffer.from([0, 1, 2, 3, 255, 128, 7])],
  ])('%s is refused with its place and its mend', async (_what, bytes) => {
    expect(await refused(bytes)).toEqual(['roster-file-is-table 1:1'])
  })
  it.each([
    ['cut off', (whole: Buffer) => whole.subarray(0, whole.length - 40)],
    ['cut off early', (whole: Buffer) => whole.subarray(0, 200)],
    [
      'spoilt inside',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 60), Buffer.alloc(40, 7), whole.subarray(100)]),
    ],
  ])('a workbook that is %s is refused', async (_what, spoil) => {
    expect(await refused(spoil(await xlsx([HEADER, LATE])))).toEqual(['roster-file-is-table 1:1'])
  })
  it.each([
    ['an empty file', Buffer.from('')],
    ['only blank lines', Buffer.from('\n , ,\n')],
    ['a header and nothing below', Buffer.from('姓名,日期,班次\n')],
  ])('%s has no days', async (_what, bytes) => {
    expect(await refused(bytes)).toEqual(['roster-sheet-has-days 1:1'])
  })
  it('an empty workbook has no days', async () => {
    expect(await refused(await xlsx([]))).toEqual(['roster-sheet-has-days 1:1'])
  })
  it('quotes that do not pair are told with their line', async () => {
    expect(await refused(Buffer.from('姓名,日期,班次\n"李顾问,2026-12-02,早班\n'))).toEqual([
      'roster-file-is-table 2:1',
    ])
  })
})

describe('size', () => {
  const LIMIT = 5 * 1024 * 1024
  const padded = (bytes: number): Buffer => {
    const start = Buffer.from(`姓名,日期,班次\n李顾问,2026-12-02,中班\n`)
    return Buffer.concat([start, Buffer.alloc(bytes - start.length, ' ')])
  }
  it('of exactly 5 MB is read, one byte more is refused', async () => {
    expect(await changesOf(padded(LIMIT))).toEqual(BROUGHT)
    expect(await refused(padded(LIMIT + 1))).toEqual(['file-size-within-limit 1:1'])
  }, 60_000)
  it('of a text counts in rows as well; empty lines at the end do not count', async () => {
    expect(await refused(Buffer.from('x\n'.repeat(250_000)))).toEqual(['roster-header-is-known 1:1'])
    expect(await refused(Buffer.from('x\n'.repeat(250_001)))).toEqual(['file-size-within-limit 1:1'])
    expect(await changesOf(Buffer.from(`姓名,日期,班次\n李顾问,2026-12-02,中班${'\n'.repeat(300_000)}`))).toEqual(
      BROUGHT,
    )
  }, 60_000)
  it('after unpacking is bounded too', async () => {
    const bomb = rawXlsx([{name: '表', cells: ' '.repeat(65 * 1024 * 1024)}])
    expect(bomb.length).toBeLessThan(LIMIT)
    expect(await refused(bomb)).toEqual(['file-size-within-limit 1:1'])
  }, 60_000)
  it('of a sheet with one cell in its farthest corner is too large', async () => {
    const far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    expect(await refused(rawXlsx([{name: '表', cells: textCells([HEADER, LATE]) + far}]))).toEqual([
      'file-size-within-limit 1:1',
    ])
  })
})

describe('an archive', () => {
  const all = (): boolean => true
  it('gives the entries asked for', () => {
    expect([...readZipEntries(zipOf({'a.xml': '一', 'b.bin': '二'}), (path) => path === 'a.xml', 100)]).toEqual([
      ['a.xml', '一'],
    ])
  })
  it('may hold exactly as much as allowed in all, and not a byte more', () => {
    const archive = zipOf({a: 'x'.repeat(600), b: 'y'.repeat(400)})
    expect(readZipEntries(archive, all, 1000).size).toBe(2)
    expect(() => readZipEntries(archive, all, 999)).toThrow(ZipTooLarge)
  })
  it('is bounded by what it unpacks to, whatever it claims', () => {
    expect(() => readZipEntries(zipOf({a: 'x'.repeat(5000)}, 10), all, 1000)).toThrow(ZipTooLarge)
  })
  it('that is none is broken', () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.alloc(21),
      Buffer.alloc(100),
      Buffer.from('PK\x05\x06'.padEnd(22, '\xff'), 'latin1'),
    ])
      expect(() => readZipEntries(bytes, all, 1000)).toThrow(ZipBroken)
  })
})
