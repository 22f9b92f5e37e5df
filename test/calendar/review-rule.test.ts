import {describe, expect, it} from '@jest/globals'
import {NOT_REVIEWED} from '../../scripts/core/model/calendar-review.js'
import type {Remark} from '../../scripts/core/model/finding.js'
import {type Changes, enterprise, remarksOf} from '../support/a-config.js'

const DAY_MS = 86_400_000

const rows = (reviewedBy: string): object => ({holidays: [], workdays: [], source: '通知', reviewedBy})
const calendar = (years: Readonly<Record<string, object>>): Changes => ({'calendars/cn.yaml': {title: '日历', years}})
const SCHEDULE = (timezone?: string): Changes => ({
  'schedules/all.yaml': {
    ...{title: '全员', audience: {}, calendar: 'cn', default: 'hello'},
    slots: [{days: ['workday'], from: '09:00', to: '18:00', template: 'hello'}],
    ...(timezone === undefined ? {} : {timezone}),
  },
})
const about = (rule: string, changes: Changes, nowMs: number): Remark[] =>
  remarksOf(changes, {nowMs}).filter((remark) => remark.rule === rule)

const shanghai = (date: string): number => Date.parse(`${date}T00:00:00+08:00`)
/** Sixty days before the new year begins in Shanghai. */
const NOTICE = shanghai('2026-11-02')

describe('a missing 2027', () => {
  const only2026 = {...SCHEDULE(), ...calendar({'2026': rows('周')})}
  it('is a finding from 2026-11-02 on, the sixtieth day before, and not on the sixty-first', () => {
    expect(shanghai('2027-01-01') - NOTICE).toBe(60 * DAY_MS)
    expect(about('calendar-year-missing', only2026, shanghai('2026-11-01'))).toEqual([])
    expect(about('calendar-year-missing', only2026, NOTICE - 1)).toEqual([])
    expect(about('calendar-year-missing', only2026, NOTICE)).toHaveLength(1)
  })
  it('names the command that mends it', () => {
    const [found] = about('calendar-year-missing', only2026, NOTICE)
    for (const words of [found?.fix.zh, found?.fix.en])
      expect(words).toContain('yingbin calendar --year 2027 --into calendars/cn.yaml --write')
  })
})

describe('a year nobody has reviewed', () => {
  const levelsAt = (nowMs: number, changes: Changes = calendar({'2027': rows(NOT_REVIEWED)})): string[] =>
    about('calendar-not-reviewed', changes, nowMs).map(({level}) => level)
  it('is a warning until 60 days before it begins, and an error from then until it ends', () => {
    expect(levelsAt(shanghai('2026-06-01'))).toEqual(['warning'])
    expect(levelsAt(NOTICE - 1)).toEqual(['warning'])
    expect(levelsAt(NOTICE)).toEqual(['error'])
    expect(levelsAt(shanghai('2027-07-01'))).toEqual(['error'])
    expect(levelsAt(shanghai('2028-01-01') - 1)).toEqual(['error'])
    expect(levelsAt(shanghai('2028-01-01'))).toEqual([])
  })
  it('says so at its reviewedBy', () => {
    const [found] = about('calendar-not-reviewed', calendar({'2027': rows(` ${NOT_REVIEWED} `)}), NOTICE)
    expect(found?.at).toEqual({file: 'calendars/cn.yaml', pointer: '/years/2027/reviewedBy'})
  })
  it('is one finding each, whoever asks them', () => {
    const both = calendar({'2026': rows(NOT_REVIEWED), '2027': rows(NOT_REVIEWED), '2028': rows(NOT_REVIEWED)})
    expect(levelsAt(NOTICE, both)).toEqual(['error', 'error', 'warning'])
    expect(levelsAt(NOTICE, calendar({'2027': rows('周值班')}))).toEqual([])
  })
  it('is due where it begins first: in the zone of a schedule that asks it', () => {
    const auckland = Date.parse('2026-11-02T00:00:00+13:00')
    const late = {...calendar({'2026': rows('周'), '2027': rows(NOT_REVIEWED)}), ...SCHEDULE('Pacific/Auckland')}
    expect(levelsAt(auckland - 1, late)).toEqual(['warning'])
    expect(levelsAt(auckland, late)).toEqual(['error'])
    expect(levelsAt(auckland, calendar({'2027': rows(NOT_REVIEWED)}))).toEqual(['warning'])
  })
  it('does not hide that a zone is none', () => {
    const nowhere = {...calendar({'2027': rows(NOT_REVIEWED)}), 'enterprise.yaml': enterprise({timezone: 'EST'})}
    expect(remarksOf(nowhere, {nowMs: NOTICE}).map(({rule}) => rule)).toEqual([
      'timezone-is-iana',
      'calendar-not-reviewed',
    ])
  })
})
