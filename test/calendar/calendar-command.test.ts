import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import type {WrittenCalendar} from '../../scripts/core/model/written.js'
import {aConfig, type Changes, inFolder} from '../support/a-config.js'
import {documentOf, type JsonObject, listOf, type Ran, runCommand} from '../support/run-command.js'

const BLOCK_2026 = `  "2026":
    holidays:
      - ["2026-01-01", "2026-01-03"] # 元旦
      - ["2026-02-15", "2026-02-23"] # 春节
      - ["2026-04-04", "2026-04-06"] # 清明
      - ["2026-05-01", "2026-05-05"] # 劳动节
      - ["2026-06-19", "2026-06-21"] # 端午
      - ["2026-09-25", "2026-09-27"] # 中秋
      - ["2026-10-01", "2026-10-07"] # 国庆节
    workdays: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    source: chinese-days 1.5.7，待与国务院办公厅通知核对
    reviewedBy: 待复核
`

/** 2025 and 2027 as people write them, with remarks. */
const FILE = `title: 中国法定节假日 # 全公司
years:
  # 去年
  "2025":
    holidays: ["2025-01-01"]
    workdays: []
    source: 通知
    reviewedBy: 周值班
  # 明年
  "2027":
    holidays: [["2027-01-01", "2027-01-03"]] # 元旦
    workdays: []
    source: 通知
    reviewedBy: 周值班
note: 每年十一月更新
`

interface Calendar {
  run(...argv: readonly string[]): Promise<Ran>
  ask(...argv: readonly string[]): Promise<JsonObject & {code: number}>
  text(): string
  write(text: string): void
}

const withCalendar = <T>(file: string | null, use: (calendar: Calendar) => Promise<T>, changes: Changes = {}) => {
  const files = aConfig({...(file === null ? {} : {'calendars/cn.yaml': file}), ...changes})
  return inFolder(Object.fromEntries(Object.entries(files).map(([path, text]) => [`config/${path}`, text])), (cwd) => {
    const path = join(cwd, 'config/calendars/cn.yaml')
    const run = (...argv: readonly string[]): Promise<Ran> => runCommand(argv, {cwd})
    return use({
      run,
      ask: async (...argv) => {
        const ran = await run('calendar', ...argv, '--json')
        return {...documentOf(ran), code: ran.code}
      },
      text: () => readFileSync(path, 'utf8'),
      write: (text) => writeFileSync(path, text),
    })
  })
}

const rulesIn = (document: JsonObject): string[] =>
  listOf(document, 'findings').map(({rule, level, line}) => `${level as string} ${rule as string} ${line as number}`)

describe('a year the library knows', () => {
  it('is shown first, and not written', () =>
    withCalendar(FILE, async ({run, text}) => {
      const {code, out, err} = await run('calendar', '--year', '2026')
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain(BLOCK_2026)
      expect(out).toContain('没有写；加 --write 写入 config/calendars/cn.yaml')
      expect(text()).toBe(FILE)
    }))
  it('is written at its place; every other line stays', () =>
    withCalendar(FILE, async ({ask, text}) => {
      const document = await ask('--year', '2026', '--into', 'calendars/cn.yaml', '--write')
      expect(document).toMatchObject({
        ...{command: 'calendar', verdict: 'ok', code: 0, year: '2026', outcome: 'add'},
        ...{into: 'config/calendars/cn.yaml', written: true, block: BLOCK_2026},
      })
      expect(text()).toBe(FILE.replace('  "2027"', `${BLOCK_2026}  "2027"`))
      expect(rulesIn(document)).toEqual(['info calendar-not-reviewed 10'])
    }))
  it.each([
    ['before all', '2024', ['2024', '2025', '2027']],
    ['after those before it', '2026', ['2025', '2026', '2027']],
  ])('goes %s', (_what, year, order) =>
    withCalendar(FILE, async ({ask, text}) => {
      await ask('--year', year, '--write')
      expect([...text().matchAll(/^ {2}"(\d{4})":/gm)].map(([, found]) => found)).toEqual(order)
    }),
  )
  it('goes last where the years end the file, with line ends as they are', () =>
    withCalendar(
      'title: x\r\nyears:\r\n  "2025": {holidays: [], workdays: [], source: x, reviewedBy: x}\r\n',
      async ({ask, text}) => {
        expect((await ask('--year', '2026', '--write')).code).toBe(0)
        expect(text().endsWith('reviewedBy: x}\r\n' + BLOCK_2026.replaceAll('\n', '\r\n'))).toBe(true)
      },
    ))
  it('makes the file where there is none', () =>
    withCalendar(null, async ({ask, text}) => {
      expect(await ask('--year', '2026', '--write')).toMatchObject({code: 0, outcome: 'add'})
      expect(text()).toBe(`title: 中国法定节假日\nyears:\n${BLOCK_2026}`)
    }))
  it('holds holidays that run into each other in one line', () =>
    withCalendar(null, async ({ask}) => {
      expect((await ask('--year', '2025'))['block']).toContain('["2025-10-01", "2025-10-08"] # 国庆节、中秋')
    }))
  it('waits for review: validate refuses it until somebody signs', () =>
    withCalendar(null, async ({ask, run, text, write}) => {
      await ask('--year', '2026', '--write')
      const refused = await run('validate')
      expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('calendar-not-reviewed')])
      write(text().replace('待复核', '周值班'))
      expect((await run('validate')).code).toBe(0)
    }))
})

describe('a year that is written already', () => {
  const written = `title: x\nyears:\n${BLOCK_2026}`
  it('with the same dates leaves nothing to do, reviewed or not, however they are written', () =>
    withCalendar(written, async ({ask, run, write, text}) => {
      expect(await ask('--year', '2026', '--write')).toMatchObject({code: 0, outcome: 'nothing', written: false})
      const reviewed = written
        .replace('待复核', '周值班')
        .replace('["2026-06-19", "2026-06-21"]', '"2026-06-19"\n      - ["2026-06-20", "2026-06-21"]')
      write(reviewed)
      expect(await ask('--year', '2026', '--write')).toMatchObject({code: 0, outcome: 'nothing', findings: []})
      expect((await run('calendar', '--year', '2026')).out).toBe('config/calendars/cn.yaml 已有 2026 年，无事可做\n')
      expect(text()).toBe(reviewed)
    }))
  it('and reviewed is never overwritten; the dates that differ are said', () =>
    withCalendar(
      written
        .replace('待复核', '周值班')
        .replace('"2026-10-10"', '"2026-10-11"')
        .replace('"2026-01-03"', '"2026-01-02"'),
      async ({ask, text}) => {
        const before = text()
        const document = await ask('--year', '2026', '--write')
        expect(document).toMatchObject({
          ...{verdict: 'refused', code: 1, outcome: 'refused', written: false},
          differing: [
            {date: '2026-01-03', written: 'ordinary', known: 'holiday'},
            {date: '2026-10-10', written: 'ordinary', known: 'workday'},
            {date: '2026-10-11', written: 'workday', known: 'ordinary'},
          ],
        })
        expect(listOf(document, 'findings')).toEqual([
          expect.objectContaining({
            ...{rule: 'calendar-year-is-reviewed', line: 3, file: 'config/calendars/cn.yaml'},
            says: expect.stringContaining('2026-10-10 平常日子 → 调休上班'),
          }),
        ])
        expect(text()).toBe(before)
      },
    ))
  it('and not reviewed is brought up to date, and the rest stays', () =>
    withCalendar(
      FILE.replace('"2025":', '"2026":').replace('"2025-01-01"', '"2026-01-01"').replace('周值班', '待复核'),
      async ({ask, text}) => {
        expect(await ask('--year', '2026', '--write')).toMatchObject({code: 0, outcome: 'replace', written: true})
        const {years} = load(text()) as WrittenCalendar
        expect(Object.keys(years)).toEqual(['2026', '2027'])
        expect(years['2026']?.workdays).toHaveLength(6)
        for (const remark of ['# 全公司', '# 去年', '# 明年', '# 元旦', 'note: 每年十一月更新'])
          expect(text()).toContain(remark)
        expect(await ask('--year', '2026', '--write')).toMatchObject({outcome: 'nothing'})
      },
    ))
})

describe('a year the library does not know', () => {
  it('is refused with a block to fill in, and nothing is written', () =>
    withCalendar(FILE.replaceAll('2027', '2028'), async ({run, ask, text}) => {
      const before = text()
      const {code, out, err} = await run('calendar', '--year', '2027', '--write')
      expect([code, err]).toEqual([1, ''])
      expect(out).toContain('calendar-year-is-known')
      expect(out).toContain('  "2027":\n    holidays:\n      - ["2027-MM-DD", "2027-MM-DD"] # 元旦\n')
      expect(out).toContain('reviewedBy: 待复核')
      expect(await ask('--year', '2027')).toMatchObject({verdict: 'refused', outcome: 'refused', written: false})
      expect(text()).toBe(before)
    }))
  it('is refused without a file too', () =>
    withCalendar(null, async ({ask}) => {
      expect(rulesIn(await ask('--year', '2027'))).toEqual(['error calendar-year-is-known 1'])
    }))
  it('is held up by validate as long as the block is not filled in', () =>
    withCalendar('title: x\nyears: {}\n', async ({ask, run, write}) => {
      const {block} = await ask('--year', '2027')
      write(`title: x\nyears:\n${block as string}`)
      const {code, out} = await run('validate')
      expect(code).toBe(1)
      // Seven holidays and the make-up workdays, each at its line.
      const lines = new Set([...out.matchAll(/calendars\/cn\.yaml:(\d+):/g)].map(([, line]) => Number(line)))
      expect([...lines]).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
    }))
  it('leaves nothing to do once people have written it', () =>
    withCalendar(FILE, async ({ask}) => {
      expect(await ask('--year', '2027')).toMatchObject({code: 0, outcome: 'nothing', findings: []})
    }))
})

describe('a calendar file', () => {
  it('written in a style that cannot be edited is left alone, with the block to put in by hand', () =>
    withCalendar(
      'title: x\nyears: {"2025": {holidays: [], workdays: [], source: x, reviewedBy: x}}\n',
      async ({ask, text}) => {
        const before = text()
        const document = await ask('--year', '2026', '--write')
        expect(document).toMatchObject({code: 1, written: false, block: BLOCK_2026})
        expect(rulesIn(document)).toEqual(['error calendar-can-be-edited 2'])
        expect(text()).toBe(before)
      },
    ))
  it('with faults is refused with their places', () =>
    withCalendar('title: x\nyears: 3\n', async ({ask, text}) => {
      const document = await ask('--year', '2026', '--write')
      expect([document.code, text()]).toEqual([1, 'title: x\nyears: 3\n'])
      expect(rulesIn(document)).toEqual([expect.stringMatching(/^error \S+ 2$/)])
    }))
})

describe('wrong use', () => {
  it.each([
    ['no year', []],
    ['a year that is none', ['--year', '27']],
    ['a year with a word behind it', ['--year', '2026年']],
    ['a file outside calendars/', ['--year', '2026', '--into', 'rosters/x.yaml']],
    ['a file outside the configuration', ['--year', '2026', '--into', '../calendars/x.yaml']],
  ])('%s could not run', (_what, argv) =>
    withCalendar(FILE, async ({run}) => {
      const {code, out, err} = await run('calendar', ...argv)
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^.+\n {2}怎么办: .+\n$/)
    }),
  )
})

describe('help', () => {
  it.each(['roster', 'calendar'])('of %s speaks the language asked for', (verb) =>
    withCalendar(null, async ({run}) => {
      const [zh, en] = [await run(verb, '--help', '--lang', 'zh'), await run(verb, '--help', '--lang', 'en')]
      expect([zh.code, en.code]).toEqual([0, 0])
      expect(zh.out).toContain(`例:\n  yingbin ${verb}`)
      expect(en.out).toContain(`Example:\n  yingbin ${verb}`)
      expect(zh.out).toMatch(/--write +写入文件/)
      expect(en.out).toMatch(/--write +write the file/)
    }),
  )
})
