import {describe, expect, it} from '@jest/globals'
import {type Changes, describeRemarks, enterprise, remarksOf, remarksOfRule, rulesOf} from '../support/a-config.js'

const schedule = (body: object): Changes => ({'schedules/all.yaml': {title: '全员', audience: {}, ...body}})
const rules = (body: object, more: Changes = {}, nowMs?: number): string[] =>
  rulesOf(remarksOf({...schedule(body), ...more}, nowMs === undefined ? {} : {nowMs}))
const TWO = {'templates/b.yaml': {title: 'b', text: 'b'}, 'templates/c.yaml': {title: 'c', text: 'c'}}

describe('zones', () => {
  it.each(['EST', 'CST', 'GMT+8', 'America/LosAngeles', 'asia/shanghai', '+08:00', 'Etc/GMT-8', 'Beijing', 'PRC', 'Z'])(
    '%s is no IANA zone',
    (timezone) => {
      expect(rules({template: 'hello', timezone})).toEqual(['timezone-is-iana'])
      expect(rulesOf(remarksOf({'enterprise.yaml': enterprise({timezone})}))).toEqual(['timezone-is-iana'])
    },
  )
  it.each(['Asia/Shanghai', 'UTC', 'America/Los_Angeles', 'America/Argentina/Buenos_Aires', 'Europe/Berlin'])(
    '%s is one',
    (timezone) => {
      expect(rules({template: 'hello', timezone})).toEqual([])
    },
  )
  it('a bad zone does not hide the other findings', () => {
    expect(rules({template: 'nothing', timezone: 'EST'})).toEqual([
      'template-exists',
      'template-is-used',
      'timezone-is-iana',
    ])
  })
})

describe('what a schedule says', () => {
  const slots = [{from: '09:00', to: '18:00', template: 'hello'}]
  it('is one of template, mode and slots', () => {
    expect(rules({template: 'hello'})).toEqual([])
    expect(rules({slots, default: 'hello'})).toEqual([])
    expect(rules({})).toContain('schedule-says-one-thing')
    expect(rules({template: 'hello', slots, default: 'hello'})).toEqual(['schedule-says-one-thing'])
    expect(rules({template: 'hello', mode: 'silent'})).toEqual(['schedule-says-one-thing'])
    expect(rules({mode: 'silent', slots, default: 'hello'})).toEqual(['schedule-says-one-thing'])
  })
  it('with slots has a default, also a silent one', () => {
    expect(rules({slots})).toEqual(['schedule-no-default'])
    expect(rules({slots, default: 'silent'})).toEqual([])
    expect(rules({dates: [{on: '2026-12-01', slots}]})).toEqual(['schedule-no-default'])
  })
  it('may hand on only for channels', () => {
    expect(rules({mode: 'inherit'})).toContain('inherit-needs-channels')
    const channel = {'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'}}
    expect(rules({mode: 'inherit', audience: {channels: ['c']}}, channel)).toEqual([
      'member-not-greeted',
      'template-is-used',
    ])
  })
})

describe('slots', () => {
  it('that start and end at the same time are empty, not all day', () => {
    const files = schedule({slots: [{from: '22:00', to: '22:00', template: 'hello'}], default: 'hello'})
    expect(describeRemarks(remarksOf(files))).toEqual(['slot-empty schedules/all.yaml /slots/0/to'])
    expect(rules({slots: [{from: '09:00', to: '09:00:00', template: 'hello'}], default: 'hello'})).toEqual([
      'slot-empty',
    ])
    expect(rules({slots: [{from: '00:00', to: '24:00', template: 'hello'}], default: 'hello'})).toEqual([])
  })
  it('of a roster and of named dates are held to it too', () => {
    const roster = {
      'rosters/r.yaml': {
        title: 'r',
        shifts: {早: {from: '06:00', to: '06:00'}},
        importedAt: '2026-11-20T00:00:00Z',
        days: {},
      },
    }
    expect(describeRemarks(remarksOf(roster))).toEqual(['slot-empty rosters/r.yaml /shifts/早/to'])
    const dates = [{on: '2026-12-01', slots: [{from: '01:00', to: '01:00', template: 'hello'}]}]
    expect(describeRemarks(remarksOf(schedule({dates, default: 'hello'})))).toEqual([
      'slot-empty schedules/all.yaml /dates/0/slots/0/to',
    ])
  })
})

describe('two slots at once', () => {
  const all = (from: string, to: string, template: string | readonly string[], more: object = {}): object => ({
    from,
    to,
    template,
    ...more,
  })
  const clashes = (slots: readonly object[], more: object = {}, files: Changes = {}): string[] =>
    remarksOfRule('slot-overlap', {...schedule({slots, default: 'hello', ...more}), ...TWO, ...files}).map(
      ({says}) => says.zh,
    )

  it('of one class with different texts are refused with a witness', () => {
    expect(clashes([all('05:00', '14:00', 'b'), all('22:00', '06:00', 'c')])).toEqual([
      expect.stringMatching(/slots\[0\].*05:00–06:00/),
    ])
  })
  it('that only touch are fine', () => {
    expect(clashes([all('06:00', '14:00', 'b'), all('14:00', '22:00', 'c'), all('22:00', '06:00', 'hello')])).toEqual(
      [],
    )
  })
  it('that say the same are fine', () => {
    expect(clashes([all('06:00', '14:00', 'b'), all('12:00', '15:00', 'b')])).toEqual([])
  })
  it('overlap by a second', () => {
    expect(clashes([all('06:00', '14:00:01', 'b'), all('14:00', '22:00', 'c')])).toHaveLength(1)
  })
  it('on different days are fine, except for a tail', () => {
    expect(clashes([all('06:00', '14:00', 'b', {days: ['mon']}), all('06:00', '14:00', 'c', {days: ['tue']})])).toEqual(
      [],
    )
    expect(
      clashes([all('22:00', '07:00', 'b', {days: ['mon']}), all('06:00', '14:00', 'c', {days: ['tue']})]),
    ).toHaveLength(1)
    expect(clashes([all('22:00', '06:00', 'b', {days: ['mon']}), all('06:00', '14:00', 'c', {days: ['tue']})])).toEqual(
      [],
    )
    expect(
      clashes([all('22:00', '07:00', 'b', {days: ['sun']}), all('06:00', '14:00', 'c', {days: ['mon']})]),
    ).toHaveLength(1)
  })
  it('of silence and a text are refused', () => {
    expect(clashes([all('06:00', '14:00', 'silent'), all('12:00', '15:00', 'b')])).toHaveLength(1)
  })
  it('named dates win over the ordinary week, and are held to themselves', () => {
    const weekly = [all('00:00', '24:00', 'b')]
    expect(clashes(weekly, {dates: [{on: '2026-12-01', slots: [all('20:00', '10:00', 'c')]}]})).toEqual([])
    const twice = {dates: [{on: '2026-12-01', slots: [all('08:00', '12:00', 'b'), all('11:00', '13:00', 'c')]}]}
    expect(clashes(weekly, twice)).toEqual([expect.stringMatching(/dates\[0\]\.slots\[0\].*2026-12-01 11:00–12:00/)])
  })
  it('on dates named twice are refused, also years ahead', () => {
    const dates = [
      {on: '2031-12-01', slots: [all('08:00', '12:00', 'b')]},
      {range: ['2031-11-30', '2031-12-02'], slots: [all('11:00', '13:00', 'c')]},
    ]
    expect(clashes([all('00:00', '24:00', 'b')], {dates})).toEqual([expect.stringContaining('2031-12-01 11:00–12:00')])
  })
  it('of a holiday and of the week are no equals; two of the holiday are', () => {
    const calendar = {
      'calendars/cn.yaml': {
        title: 'c',
        years: {'2026': ROWS(['2026-12-25']), '2027': ROWS([])},
      },
    }
    const holiday = (from: string, to: string, template: string): object => all(from, to, template, {days: ['holiday']})
    expect(clashes([all('00:00', '24:00', 'b'), holiday('08:00', '18:00', 'c')], {calendar: 'cn'}, calendar)).toEqual(
      [],
    )
    expect(
      clashes([holiday('17:00', '19:00', 'b'), holiday('08:00', '18:00', 'c')], {calendar: 'cn'}, calendar),
    ).toEqual([expect.stringContaining('2026-12-25 17:00–18:00')])
  })
  it('whose texts have windows clash only where they differ', () => {
    const window = {
      'templates/c.yaml': {
        title: 'c',
        text: 'c',
        validFrom: '2026-12-01T12:00:00+08:00',
        validTo: '2026-12-01T13:00:00+08:00',
      },
    }
    const slots = [all('08:00', '18:00', ['c', 'b']), all('10:00', '12:00', 'b')]
    expect(clashes(slots, {}, window)).toEqual([])
    const later = [all('08:00', '18:00', ['c', 'b']), all('10:00', '12:30', 'b')]
    expect(clashes(later, {}, window)).toEqual([expect.stringContaining('2026-12-01')])
  })
  it('by shifts clash only for a member who is on both', () => {
    const roster = (late: readonly string[]): Changes => ({
      'rosters/r.yaml': {
        title: 'r',
        shifts: {早: {from: '06:00', to: '14:00'}, 中: {from: '12:00', to: '20:00'}},
        importedAt: '2026-11-24T00:00:00Z',
        days: {'2026-11-25': {早: ['zhang.san'], 中: [...late]}},
      },
    })
    const shifts = [
      {shift: '早', template: 'b'},
      {shift: '中', template: 'c'},
    ]
    expect(clashes(shifts, {}, roster(['li.si']))).toEqual([])
    expect(clashes(shifts, {}, roster(['li.si', 'zhang.san']))).toHaveLength(1)
  })
})

const ROWS = (holidays: readonly unknown[], workdays: readonly string[] = []): object => ({
  holidays,
  workdays,
  source: '通知',
  reviewedBy: '周',
})
const calendarOf = (years: object): Changes => ({'calendars/cn.yaml': {title: '日历', years}})

describe('calendars', () => {
  const slots = [{days: ['workday'], from: '09:00', to: '18:00', template: 'hello'}]
  const asks = {slots, calendar: 'cn', default: 'hello'}
  const day = (year: number, month: number, date: number, hour = 4): number => Date.UTC(year, month - 1, date, hour)

  it('must be named where their words are used', () => {
    expect(rules({slots, default: 'hello'})).toEqual(['calendar-is-named'])
    expect(rules({...asks, slots: [{...slots[0], days: ['mon', 'sat']}], calendar: undefined})).toEqual([])
    for (const word of ['workday', 'weekend', 'holiday'])
      expect(rules({slots: [{...slots[0], days: ['mon', word]}], default: 'hello'})).toEqual(['calendar-is-named'])
  })
  it('must exist', () => {
    expect(rules(asks)).toEqual(['calendar-exists'])
  })
  it('lack next year without a word until 60 days before it begins', () => {
    const only2026 = calendarOf({'2026': ROWS([])})
    const newYear = Date.UTC(2026, 11, 31, 16)
    const before = (days: number): number => newYear - days * 86_400_000
    expect(rules(asks, only2026, before(61))).toEqual([])
    expect(rules(asks, only2026, before(60) - 1)).toEqual([])
    expect(rules(asks, only2026, before(60))).toEqual(['calendar-year-missing'])
    expect(rules(asks, only2026, before(59))).toEqual(['calendar-year-missing'])
    expect(rules(asks, calendarOf({'2026': ROWS([]), '2027': ROWS([])}), before(59))).toEqual([])
  })
  it('without this year refuse at once', () => {
    expect(
      remarksOfRule(
        'calendar-year-missing',
        {...schedule(asks), ...calendarOf({'2025': ROWS([])})},
        {nowMs: day(2026, 6, 1)},
      ),
    ).toHaveLength(1)
  })
  it('count the days in the zone of the schedule', () => {
    const only2026 = calendarOf({'2026': ROWS([])})
    const newYearInLosAngeles = Date.UTC(2027, 0, 1, 8)
    const nowMs = newYearInLosAngeles - 60 * 86_400_000
    expect(rules({...asks, timezone: 'America/Los_Angeles'}, only2026, nowMs - 1)).toEqual([])
    expect(rules({...asks, timezone: 'America/Los_Angeles'}, only2026, nowMs)).toEqual(['calendar-year-missing'])
  })
  it('do not concern a schedule that ends before the year, or asks none of their words', () => {
    const only2026 = calendarOf({'2026': ROWS([])})
    expect(rules({...asks, validTo: '2027-01-01T00:00:00+08:00'}, only2026, day(2026, 12, 20))).toEqual([])
    expect(rules({...asks, validTo: '2027-01-01T00:00:01+08:00'}, only2026, day(2026, 12, 20))).toEqual([
      'calendar-year-missing',
    ])
    expect(rules({...asks, slots: [{...slots[0], days: 'all'}]}, only2026, day(2026, 12, 20))).toEqual([])
  })
  it('hold each date under its own year and as one kind', () => {
    const faults = (years: object): string[] => describeRemarks(remarksOf(calendarOf(years)))
    expect(faults({'2026': ROWS(['2027-01-01'])})).toEqual([
      'calendar-date-in-its-year calendars/cn.yaml /years/2026/holidays/0',
    ])
    expect(faults({'2026': ROWS([], ['2025-12-31'])})).toEqual([
      'calendar-date-in-its-year calendars/cn.yaml /years/2026/workdays/0',
    ])
    expect(faults({'2026': ROWS([['2026-12-30', '2027-01-02']])})).toEqual([
      'calendar-date-in-its-year calendars/cn.yaml /years/2026/holidays/0',
    ])
    expect(faults({'2026': ROWS([['2026-02-15', '2026-02-23']], ['2026-02-23'])})).toEqual([
      'calendar-date-is-one-kind calendars/cn.yaml /years/2026/workdays/0',
    ])
    expect(faults({'2026': ROWS([['2026-02-15', '2026-02-23']], ['2026-02-14', '2026-02-24'])})).toEqual([])
    expect(faults({'2026': ROWS([['2026-02-23', '2026-02-15']])})).toEqual([
      'range-is-in-order calendars/cn.yaml /years/2026/holidays/0',
    ])
  })
})

describe('windows', () => {
  const AT = '2026-11-25T00:00:00+08:00'
  it('of templates and schedules are not empty', () => {
    const template = (validTo: string): string[] =>
      rulesOf(remarksOf({'templates/hello.yaml': {title: 'x', text: 'x', validFrom: AT, validTo}}))
    expect(template('2026-11-25T00:00:01+08:00')).toEqual([])
    expect(template(AT)).toEqual(['window-is-not-empty'])
    expect(template('2026-11-24T16:00:00Z')).toEqual(['window-is-not-empty'])
    expect(rules({template: 'hello', validFrom: AT, validTo: AT})).toEqual(['window-is-not-empty'])
  })
  it('of named dates run forwards', () => {
    const slots = [{from: '09:00', to: '18:00', template: 'hello'}]
    expect(rules({dates: [{range: ['2026-12-02', '2026-12-01'], slots}], default: 'hello'})).toEqual([
      'range-is-in-order',
    ])
    expect(rules({dates: [{range: ['2026-12-01', '2026-12-01'], slots}], default: 'hello'})).toEqual([])
  })
})

describe('grants', () => {
  const midnight = Date.UTC(2026, 10, 30, 16)
  const grant = (changes: object): Changes => ({
    'grants/g.yaml': [
      {role: '编辑', to: ['member:zhang.san'], until: '2026-11-30', ticket: 'OA-2026-1187', ...changes},
    ],
  })
  const at = (changes: object, nowMs: number): string[] => rulesOf(remarksOf(grant(changes), {nowMs}))
  it('until a date hold through that day', () => {
    expect(at({}, midnight - 1)).toEqual([])
    expect(at({}, midnight)).toEqual(['grant-expired'])
  })
  it('until an instant are half-open', () => {
    expect(at({until: '2026-11-30T12:00:00Z'}, Date.UTC(2026, 10, 30, 12) - 1)).toEqual([])
    expect(at({until: '2026-11-30T12:00:00Z'}, Date.UTC(2026, 10, 30, 12))).toEqual(['grant-expired'])
  })
  it('that expired warn with their ticket', () => {
    const [remark] = remarksOf(grant({}), {nowMs: midnight})
    expect([remark?.level, remark?.says.zh]).toEqual(['warning', expect.stringContaining('OA-2026-1187')])
  })
  it('that end before they begin are refused', () => {
    expect(at({from: '2026-12-01'}, midnight - 1)).toEqual(['window-is-not-empty'])
    expect(at({from: '2026-11-30'}, midnight - 1)).toEqual([])
  })
  it('need a ticket', () => {
    expect(at({ticket: ''}, midnight - 1)).toEqual(['text-long-enough'])
    expect(at({ticket: undefined}, midnight - 1)).toEqual(['field-is-present'])
  })
})

describe('rosters', () => {
  const roster = (changes: object = {}): Changes => ({
    'rosters/r.yaml': {
      title: 'r',
      shifts: {早: {from: '06:00', to: '14:00'}},
      importedAt: '2026-11-20T00:00:00Z',
      days: {'2026-11-25': {早: ['zhang.san']}},
      ...changes,
    },
  })
  it('grow stale after eight days, or as many as are written', () => {
    const stale = (changes: object, nowMs: number): boolean =>
      rulesOf(remarksOf(roster(changes), {nowMs})).includes('roster-stale')
    expect(stale({}, Date.UTC(2026, 10, 28))).toBe(false)
    expect(stale({}, Date.UTC(2026, 10, 28) + 1)).toBe(true)
    expect(stale({staleAfterDays: 1}, Date.UTC(2026, 10, 21))).toBe(false)
    expect(stale({staleAfterDays: 1}, Date.UTC(2026, 10, 21) + 1)).toBe(true)
  })
  it('name real dates, known shifts and known people', () => {
    expect(describeRemarks(remarksOf(roster({days: {'2026-02-30': {早: ['zhang.san']}}})))).toEqual([
      'date-exists rosters/r.yaml /days/2026-02-30',
    ])
    expect(describeRemarks(remarksOf(roster({days: {'2026-11-25': {晚: ['zhang.san']}}})))).toEqual([
      'shift-exists rosters/r.yaml /days/2026-11-25/晚',
    ])
    const [stranger] = remarksOf(roster({days: {'2026-11-25': {早: ['nobody']}}}))
    expect([stranger?.rule, stranger?.level]).toEqual(['member-exists', 'warning'])
  })
  it.each(['__proto__', 'constructor', 'toString'])('know no shift called %s unless it is written', (shift) => {
    const slots = [
      {shift, template: 'hello'},
      {from: '00:00', to: '24:00', template: 'silent'},
    ]
    expect(rules({slots, default: 'hello'}, roster())).toEqual(['shift-exists'])
  })
  it('must know the shifts that slots name', () => {
    expect(rules({slots: [{shift: '夜', template: 'hello'}], default: 'hello'}, roster())).toEqual(['shift-exists'])
    expect(rules({slots: [{shift: '早', template: 'hello'}], default: 'hello'}, roster())).toEqual([])
  })
})
