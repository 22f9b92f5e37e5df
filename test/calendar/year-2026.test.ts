import {spawnSync} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import {compareYear} from '../../scripts/core/calendar/holiday-year.js'
import {createHolidayCalendar, isDayWord} from '../../scripts/core/greet/day-kind.js'
import type {WrittenCalendar} from '../../scripts/core/model/written.js'
import {addDays} from '../../scripts/core/model/zone.js'
import {assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {findKnownYear} from '../../scripts/holidays/known-year.js'
import {configOf} from '../support/a-config.js'
import {ROOT} from '../support/launch.js'

/** From the State Council's notice on the holidays of 2026: first and last day. */
const HOLIDAYS = [
  ['2026-01-01', '2026-01-03'],
  ['2026-02-15', '2026-02-23'],
  ['2026-04-04', '2026-04-06'],
  ['2026-05-01', '2026-05-05'],
  ['2026-06-19', '2026-06-21'],
  ['2026-09-25', '2026-09-27'],
  ['2026-10-01', '2026-10-07'],
] as const
/** Saturdays and Sundays on which people work. */
const MAKE_UP_WORKDAYS = ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10']

type Kind = 'holiday' | 'make-up workday' | 'weekend' | 'workday'

/** Says what a date is without asking any code of ours: 2026-01-01 is a Thursday. */
const DAYS = Array.from({length: 365}, (_, index): readonly [date: string, kind: Kind] => {
  const date = addDays('2026-01-01', index)
  if (HOLIDAYS.some(([first, last]) => date >= first && date <= last)) return [date, 'holiday']
  if (MAKE_UP_WORKDAYS.includes(date)) return [date, 'make-up workday']
  return [date, [2, 3].includes(index % 7) ? 'weekend' : 'workday']
})

/** The library's functions keep time zones apart only at Greenwich and east of it, so they are asked there. */
function askLibrary(dates: readonly string[]): unknown {
  const script = `const {isWorkday} = require('chinese-days'); console.log(JSON.stringify(${JSON.stringify(dates)}.map((date) => isWorkday(date))))`
  const {stdout} = spawnSync(process.execPath, ['-e', script], {cwd: ROOT, env: {TZ: 'UTC'}, encoding: 'utf8'})
  return JSON.parse(stdout)
}

const SHIPPED = readFileSync(`${ROOT}/config/calendars/cn.yaml`, 'utf8')

describe('the 365 days of 2026', () => {
  it('are those of the notice: 33 holidays, 6 make-up workdays', () => {
    const count = (wanted: Kind): number => DAYS.filter(([, kind]) => kind === wanted).length
    expect([DAYS.length, DAYS.at(-1)?.[0]]).toEqual([365, '2026-12-31'])
    expect([count('holiday'), count('make-up workday'), count('weekend'), count('workday')]).toEqual([33, 6, 84, 242])
  })
  it('are so in the calendar that is shipped, as decisions read it', () => {
    const {calendars} = assembleRelease(configOf({'calendars/cn.yaml': SHIPPED}))
    const calendar = createHolidayCalendar(calendars['cn'])
    const kinds = DAYS.map(([date]) => {
      const day = calendar.kindOf(date)
      const words = (['workday', 'weekend', 'holiday'] as const).filter((word) => isDayWord(word, day))
      return [date, day.known, words]
    })
    expect(kinds).toEqual(DAYS.map(([date, kind]) => [date, true, [kind === 'make-up workday' ? 'workday' : kind]]))
  })
  it('are so in the table kept by the library', () => {
    const known = findKnownYear('2026')
    expect(known?.holidays.map(({date}) => date)).toEqual(
      DAYS.filter(([, kind]) => kind === 'holiday').map(([date]) => date),
    )
    expect(known?.workdays).toEqual(MAKE_UP_WORKDAYS)
  })
  it('are so to the functions of the library', () => {
    expect(askLibrary(DAYS.map(([date]) => date))).toEqual(DAYS.map(([, kind]) => /workday/.test(kind)))
  })
  it('do not differ between the shipped file and the library', () => {
    const {years} = load(SHIPPED) as WrittenCalendar
    const [written, known] = [years['2026'], findKnownYear('2026')]
    expect(written && known && compareYear(written, known)).toEqual([])
  })
})

describe('years the library knows', () => {
  it('are those from 2004 to 2026, and no other, though it would answer for all', () => {
    const known = Array.from({length: 40}, (_, index) => String(2000 + index)).filter((year) => findKnownYear(year))
    expect([known[0], known.at(-1), known.length]).toEqual(['2004', '2026', 23])
    expect(askLibrary(['2027-01-01'])).toEqual([true])
  })
})
