import {describe, expect, it} from '@jest/globals'
import {type Changes, describeRemarks, NOW_MS, organization, remarksOf, remarksOfRule} from '../support/a-config.js'

const B = {'templates/b.yaml': {title: 'b', text: 'b'}}
const schedule = (body: object): Changes => ({
  'schedules/all.yaml': {title: '全员', audience: {}, default: 'hello', ...body},
  ...B,
})
const slot = (from: string, to: string, more: object = {}): object => ({from, to, template: 'b', ...more})
const found = (rule: string, changes: Changes, nowMs = NOW_MS): string[] =>
  describeRemarks(remarksOfRule(rule, changes, {nowMs}))
const unreached = (body: object, more: Changes = {}): string[] =>
  found('slot-never-reached', {...schedule(body), ...more}).map((line) => line.split(' ')[2] ?? '')

describe('a schedule that has ended', () => {
  const ended = schedule({template: 'b', default: undefined, validTo: '2026-11-24T12:00:00+08:00'})
  it('is a warning from the instant of validTo on, not a millisecond before', () => {
    expect(found('schedule-is-over', ended, NOW_MS - 1)).toEqual([])
    expect(found('schedule-is-over', ended, NOW_MS)).toEqual(['schedule-is-over schedules/all.yaml /validTo'])
    expect(remarksOfRule('schedule-is-over', ended)[0]?.level).toBe('warning')
  })
  it('names the end in its own zone and says how to mend it', () => {
    const [remark] = remarksOfRule('schedule-is-over', ended)
    expect(remark?.says.zh).toContain('2026-11-24T12:00:00+08:00')
    expect(remark?.fix).toEqual({zh: '删除它，或改正 validTo', en: 'delete it, or correct validTo'})
  })
  it('is not looked into any further', () => {
    const slots = [slot('09:00', '18:00', {days: ['sat']})]
    const body = {slots, validFrom: '2026-11-23T00:00:00+08:00', validTo: '2026-11-24T00:00:00+08:00'}
    expect(unreached(body)).toEqual([])
  })
  it('that never began is told once, by its window', () => {
    const body = {template: 'b', default: undefined, validFrom: '2026-11-02T00:00:00Z', validTo: '2026-11-01T00:00:00Z'}
    expect(found('schedule-is-over', schedule(body))).toEqual([])
    expect(found('window-is-not-empty', schedule(body))).toHaveLength(1)
  })
})

describe('a slot whose day never comes', () => {
  const week = {validFrom: '2026-11-23T00:00:00+08:00', validTo: '2026-11-28T00:00:00+08:00'}
  it('is a warning: a Saturday in a schedule that ends on Friday night', () => {
    expect(unreached({slots: [slot('09:00', '18:00', {days: ['sat']})], ...week})).toEqual(['/slots/0'])
    const longer = {...week, validTo: '2026-11-28T09:00:01+08:00'}
    expect(unreached({slots: [slot('09:00', '18:00', {days: ['sat']})], ...longer})).toEqual([])
    const justNot = {...week, validTo: '2026-11-28T09:00:00+08:00'}
    expect(unreached({slots: [slot('09:00', '18:00', {days: ['sat']})], ...justNot})).toEqual(['/slots/0'])
  })
  it("is none for the tail of the evening before the schedule's first day", () => {
    const slots = [slot('22:00', '06:00', {days: ['sun']})]
    expect(unreached({slots, ...week})).toEqual([])
    expect(unreached({slots: [slot('22:00', '24:00', {days: ['sun']})], ...week})).toEqual(['/slots/0'])
  })
  it('is a warning on a named date of another weekday, or outside the validity', () => {
    const on = (date: string, more: object = {}): object => ({on: date, slots: [slot('09:00', '18:00', more)]})
    expect(unreached({dates: [on('2026-11-27', {days: ['fri']}), on('2026-11-28', {days: ['fri']})]})).toEqual([
      '/dates/1/slots/0',
    ])
    expect(unreached({dates: [on('2026-11-27'), on('2026-11-28')], ...week})).toEqual(['/dates/1/slots/0'])
  })
  it('is none for a named date of the past: it had its turn', () => {
    expect(unreached({dates: [{on: '2026-02-17', slots: [slot('08:00', '23:00')]}]})).toEqual([])
  })
  it('is none where a calendar brings the day in some season', () => {
    const calendar = {
      'calendars/cn.yaml': {
        title: '历',
        years: {'2026': {holidays: ['2026-01-01'], workdays: [], source: 's', reviewedBy: 'li.si'}},
      },
    }
    const slots = [slot('10:00', '16:00', {days: ['holiday']})]
    expect(unreached({slots, calendar: 'cn'}, calendar)).toEqual([])
  })
  it('is a warning where a whole year of the calendar lacks the day, and none where the calendar cannot tell', () => {
    const calendar = {
      'calendars/cn.yaml': {
        title: '历',
        years: {'2026': {holidays: [], workdays: [], source: 's', reviewedBy: 'li.si'}},
      },
    }
    const slots = [slot('10:00', '16:00', {days: ['holiday']})]
    expect(unreached({slots, calendar: 'cn'}, calendar)).toEqual(['/slots/0'])
    const spring = {validFrom: '2026-11-01T00:00:00+08:00', validTo: '2027-03-01T00:00:00+08:00'}
    expect(unreached({slots, calendar: 'cn', ...spring}, calendar)).toEqual([])
    const autumn = {validFrom: '2026-11-01T00:00:00+08:00', validTo: '2027-01-01T00:00:00+08:00'}
    expect(unreached({slots, calendar: 'cn', ...autumn}, calendar)).toEqual(['/slots/0'])
  })
})

describe('a slot that something higher always covers', () => {
  const days = {validFrom: '2026-11-27T00:00:00+08:00', validTo: '2026-11-29T00:00:00+08:00'}
  const range = (first: string, last: string): object => ({
    range: [first, last],
    slots: [{from: '00:00', to: '24:00', template: 'hello'}],
  })
  it('is a warning: named dates fill the whole validity of the schedule', () => {
    const slots = [slot('09:00', '18:00')]
    expect(unreached({slots, dates: [range('2026-11-27', '2026-11-28')], ...days})).toEqual(['/slots/0'])
    expect(unreached({slots, dates: [range('2026-11-27', '2026-11-27')], ...days})).toEqual([])
  })
  it('is a warning where only a tail is left to it and a named date takes that too', () => {
    const slots = [slot('22:00', '02:00', {days: ['thu']})]
    expect(unreached({slots, dates: [range('2026-11-27', '2026-11-28')], ...days})).toEqual(['/slots/0'])
    const from2 = {...range('2026-11-27', '2026-11-28'), slots: [{from: '01:59', to: '24:00', template: 'hello'}]}
    expect(unreached({slots, dates: [from2], ...days})).toEqual([])
    expect(
      remarksOfRule('slot-never-reached', schedule({slots, dates: [range('2026-11-27', '2026-11-28')], ...days}))[0]
        ?.says,
    ).toEqual({zh: expect.stringContaining('轮不到'), en: expect.stringContaining('goes first')})
  })
  it('is none where what goes first holds only for those on a shift or on duty', () => {
    const onDuty = [{from: '00:00', to: '24:00', onDuty: true, template: 'hello'}]
    const dates = [{range: ['2026-11-27', '2026-11-28'], slots: onDuty}]
    const slots = [slot('22:00', '02:00', {days: ['thu']})]
    expect(unreached({slots, dates, ...days})).toEqual([])
  })
})

describe('a slot whose templates are not in validity while it runs', () => {
  const sale = (validFrom: string, validTo: string): Changes => ({
    'templates/b.yaml': {title: 'b', text: 'b', validFrom, validTo},
  })
  const on = {dates: [{on: '2026-11-27', slots: [slot('09:00', '18:00')]}]}
  it.each([
    ['2026-11-28T00:00:00+08:00', '2026-11-29T00:00:00+08:00', ['/dates/0/slots/0']],
    ['2026-11-27T17:59:59+08:00', '2026-11-29T00:00:00+08:00', []],
    ['2026-11-27T18:00:00+08:00', '2026-11-29T00:00:00+08:00', ['/dates/0/slots/0']],
    ['2026-11-20T00:00:00+08:00', '2026-11-27T09:00:01+08:00', []],
    ['2026-11-20T00:00:00+08:00', '2026-11-27T09:00:00+08:00', ['/dates/0/slots/0']],
  ])('from %s to %s: %j', (validFrom, validTo, places) => {
    expect(unreached(on, sale(validFrom, validTo))).toEqual(places)
  })
  it('says that the default is said instead', () => {
    const files = {...schedule(on), ...sale('2027-01-01T00:00:00Z', '2027-01-02T00:00:00Z')}
    expect(remarksOfRule('slot-never-reached', files)[0]?.says.zh).toContain('default')
  })
})

describe('ordinary schedules', () => {
  it('have no slot that is never reached: three shifts, a night across midnight, a spring range', () => {
    const slots = [slot('06:00', '14:00'), slot('14:00', '22:00'), slot('22:00', '06:00', {days: ['mon', 'sat']})]
    const dates = [{range: ['2027-02-05', '2027-02-12'], slots: [slot('08:00', '23:00'), slot('23:00', '08:00')]}]
    expect(unreached({slots, dates})).toEqual([])
    expect(unreached({slots, dates, timezone: 'America/Los_Angeles'})).toEqual([])
  })
  it('have one where the clock skips the only hour it has', () => {
    const gap = (from: string, to: string): object => ({
      dates: [{on: '2027-03-14', slots: [slot(from, to)]}],
      timezone: 'America/Los_Angeles',
    })
    expect(unreached(gap('02:10', '02:50'))).toEqual(['/dates/0/slots/0'])
    expect(unreached(gap('02:10', '03:01'))).toEqual([])
  })
})

describe('a shift that nobody of the audience is on', () => {
  const roster = (day: object, more: object = {}): Changes => ({
    'rosters/r.yaml': {
      title: '班',
      shifts: {早: {from: '06:00', to: '14:00'}, 夜: {from: '22:00', to: '06:00'}},
      importedAt: '2026-11-20T00:00:00Z',
      days: {'2026-11-25': day},
      ...more,
    },
  })
  const south = {audience: {departments: ['/总部/华南区']}}
  const shifts = {slots: [{shift: '早', template: 'b'}]}
  const nobody = (changes: Changes, nowMs?: number): string[] => found('slot-meets-nobody', changes, nowMs)
  it('is a warning in a fresh roster', () => {
    const files = {...schedule({...shifts, ...south}), ...roster({早: ['li.si'], 夜: ['zhang.san']})}
    expect(nobody(files)).toEqual(['slot-meets-nobody schedules/all.yaml /slots/0/shift'])
    expect(remarksOfRule('slot-meets-nobody', files)[0]).toMatchObject({
      level: 'warning',
      says: {zh: expect.stringContaining('「早」'), en: expect.stringContaining('"早"')},
    })
    expect(nobody({...files, ...roster({早: ['ZHANG.san']})})).toEqual([])
  })
  it('is none in a stale roster, which has a finding of its own', () => {
    const files = {...schedule({...shifts, ...south}), ...roster({早: ['li.si']}, {staleAfterDays: 4})}
    const staleAtMs = Date.UTC(2026, 10, 24)
    expect(nobody(files, staleAtMs)).toHaveLength(1)
    expect(nobody(files, staleAtMs + 1)).toEqual([])
    expect(found('roster-stale', files, staleAtMs + 1)).toHaveLength(1)
  })
  it('is none for who is moved there for a time', () => {
    const moved = organization({
      transfers: [
        {member: 'li.si', to: '/总部/华南区', from: '2026-11-25T00:00:00+08:00', until: '2026-11-26T00:00:00+08:00'},
      ],
    })
    const files = {...schedule({...shifts, ...south}), ...roster({早: ['li.si']})}
    expect(nobody({...files, 'organization.yaml': moved})).toEqual([])
  })
  it('on named dates is asked only of the days the roster has', () => {
    const dates = (on: string): object => ({dates: [{on, slots: [{shift: '早', template: 'b'}]}], ...south})
    expect(nobody({...schedule(dates('2026-11-25')), ...roster({早: ['li.si']})})).toHaveLength(1)
    expect(nobody({...schedule(dates('2026-12-25')), ...roster({早: ['li.si']})})).toEqual([])
  })
  it('and all of the above speak at once', () => {
    const files = {
      ...schedule({
        slots: [{shift: '早', template: 'b'}, slot('09:00', '18:00', {days: ['sat']})],
        ...south,
        validTo: '2026-11-28T00:00:00+08:00',
        validFrom: '2026-11-23T00:00:00+08:00',
      }),
      ...roster({早: ['li.si']}),
      'schedules/rest.yaml': {title: '其余', audience: {}, template: 'hello'},
    }
    expect(describeRemarks(remarksOf(files))).toEqual([
      'slot-never-reached schedules/all.yaml /slots/1',
      'slot-meets-nobody schedules/all.yaml /slots/0/shift',
    ])
  })
})
