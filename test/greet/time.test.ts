import {describe, expect, it} from '@jest/globals'
import {aGreeter, type AskedGreeter, BARE, members, schedule, templates} from '../support/a-greeter.js'

const PEOPLE = {
  ...members({id: 'mei', departments: ['/总部/门店']}, {id: 'li', departments: ['/总部/门店']}),
  ...templates('a', 'b', 'c', 'd', 'e', 'wide'),
  ...schedule('wide', {}, {template: 'wide'}),
}
const over = (body: object, files: Record<string, object> = {}): AskedGreeter =>
  aGreeter({...BARE, ...PEOPLE, ...schedule('s', {departments: ['/总部/门店']}, {default: 'd', ...body}), ...files})

/** What is said at each of several instants, Shanghai time unless written with an offset. */
const saysAt = ({says}: AskedGreeter, ...instants: readonly string[]): string[] =>
  instants.map((at) => says({member: 'mei', at}))

describe('slots', () => {
  it('hold from their first instant to just before their last', () => {
    const greeter = over({slots: [{from: '09:00', to: '18:00', template: 'a'}]})
    expect(
      saysAt(
        greeter,
        '2026-11-25T08:59:59.999',
        '2026-11-25T09:00:00',
        '2026-11-25T17:59:59.999',
        '2026-11-25T18:00:00',
      ),
    ).toEqual(['d', 'a', 'a', 'd'])
  })
  it('count seconds', () => {
    const greeter = over({slots: [{from: '09:00:01', to: '09:00:03', template: 'a'}]})
    expect(
      ['00', '01', '02', '03'].map((second) => greeter.says({member: 'mei', at: `2026-11-25T09:00:${second}`})),
    ).toEqual(['d', 'a', 'a', 'd'])
  })
  it('24:00 ends with the day and 00:00 starts it', () => {
    const greeter = over({
      slots: [
        {days: ['wed'], from: '00:00', to: '12:00', template: 'a'},
        {days: ['wed'], from: '12:00', to: '24:00', template: 'b'},
      ],
    })
    expect(
      saysAt(greeter, '2026-11-24T23:59:59', '2026-11-25T00:00:00', '2026-11-25T23:59:59', '2026-11-26T00:00:00'),
    ).toEqual(['d', 'a', 'b', 'd'])
  })
  it('an end of 00:00 is the midnight after', () => {
    const greeter = over({slots: [{days: ['wed'], from: '22:00', to: '00:00', template: 'a'}]})
    expect(saysAt(greeter, '2026-11-25T23:59:59', '2026-11-26T00:00:00')).toEqual(['a', 'd'])
  })
  it('one that crosses midnight belongs to the day it starts on', () => {
    const greeter = over({slots: [{days: ['fri'], from: '22:00', to: '06:00', template: 'a'}]})
    expect(
      saysAt(
        greeter,
        '2026-11-27T02:00:00',
        '2026-11-27T21:59:59',
        '2026-11-27T22:00:00',
        '2026-11-28T02:00:00',
        '2026-11-28T05:59:59',
        '2026-11-28T06:00:00',
        '2026-11-28T22:00:00',
      ),
    ).toEqual(['d', 'd', 'a', 'a', 'a', 'd', 'd'])
  })
  it('named weekdays are plain weekdays', () => {
    const greeter = over({slots: [{days: ['sat', 'sun'], from: '00:00', to: '24:00', template: 'a'}]})
    expect(
      saysAt(greeter, '2026-11-27T12:00:00', '2026-11-28T12:00:00', '2026-11-29T12:00:00', '2026-11-30T12:00:00'),
    ).toEqual(['d', 'a', 'a', 'd'])
  })
  it('days are all days when none are written', () => {
    expect(saysAt(over({slots: [{from: '00:00', to: '24:00', template: 'a'}]}), '2026-11-28T12:00:00')).toEqual(['a'])
  })
  it('outside every slot the default is said, never a wider schedule', () => {
    const {choose} = over({slots: [{from: '09:00', to: '10:00', template: 'a'}]})
    expect(choose({member: 'mei', at: '2026-11-25T12:00:00'})).toMatchObject({
      template: 'd',
      schedule: 's',
      slot: {name: 'default'},
      level: 'department',
    })
  })
  it('the answer names the slot, its times and the date it started on', () => {
    const {choose} = over({
      slots: [
        {from: '09:00', to: '10:00', template: 'a'},
        {from: '22:00', to: '06:00', template: 'b'},
      ],
    })
    expect(choose({member: 'mei', at: '2026-11-25T02:00:00'}).slot).toEqual({
      name: 'slots[1]',
      from: '22:00',
      to: '06:00',
      startsOn: '2026-11-24',
    })
  })
  it('use the zone of the schedule, or the enterprise zone where it names none', () => {
    const slots = [{days: ['wed'], from: '09:00', to: '18:00', template: 'a'}]
    const tokyo = over({slots, timezone: 'Asia/Tokyo'})
    expect(saysAt(tokyo, '2026-11-25T07:59:59', '2026-11-25T08:00:00', '2026-11-25T17:00:00')).toEqual(['d', 'a', 'd'])
    const utc = over({slots}, {'enterprise.yaml': {corpId: 'ww1', agentId: 1, timezone: 'UTC'}})
    expect(saysAt(utc, '2026-11-25T16:59:59', '2026-11-25T17:00:00')).toEqual(['d', 'a'])
  })
  it('two slots that hold at once with different texts skip the schedule, and it is counted', () => {
    const {choose} = over({
      slots: [
        {from: '09:00', to: '12:00', template: 'a'},
        {from: '11:00', to: '13:00', template: 'b'},
      ],
    })
    expect(choose({member: 'mei', at: '2026-11-25T11:30:00'})).toMatchObject({template: 'wide', notices: ['ambiguous']})
    expect(choose({member: 'mei', at: '2026-11-25T12:30:00'})).toMatchObject({template: 'b', notices: []})
  })
})

describe('named dates', () => {
  const body = {
    slots: [
      {from: '06:00', to: '22:00', template: 'a'},
      {from: '22:00', to: '06:00', template: 'b'},
    ],
    dates: [{on: '2026-11-25', slots: [{from: '08:00', to: '23:00', template: 'c'}]}],
  }
  it('replace the slots that start on them, while the tail of the day before runs to its end', () => {
    expect(
      saysAt(
        over(body),
        '2026-11-25T05:59:59',
        '2026-11-25T06:00:00',
        '2026-11-25T08:00:00',
        '2026-11-25T22:30:00',
        '2026-11-25T23:00:00',
        '2026-11-26T02:00:00',
        '2026-11-26T06:00:00',
      ),
    ).toEqual(['b', 'd', 'c', 'c', 'd', 'd', 'a'])
  })
  it('an empty list of slots leaves the default for that day', () => {
    const greeter = over({...body, dates: [{on: '2026-11-25', slots: []}]})
    expect(saysAt(greeter, '2026-11-25T05:00:00', '2026-11-25T12:00:00', '2026-11-26T12:00:00')).toEqual([
      'b',
      'd',
      'a',
    ])
  })
  it('a range holds its first and its last day', () => {
    const greeter = over({
      ...body,
      dates: [{range: ['2026-11-25', '2026-11-27'], slots: [{from: '06:00', to: '22:00', template: 'c'}]}],
    })
    expect(
      saysAt(greeter, '2026-11-24T12:00:00', '2026-11-25T12:00:00', '2026-11-27T12:00:00', '2026-11-28T12:00:00'),
    ).toEqual(['a', 'c', 'c', 'a'])
  })
  it('their own tail beats the ordinary slots of the next day', () => {
    const greeter = over({...body, dates: [{on: '2026-11-25', slots: [{from: '20:00', to: '10:00', template: 'c'}]}]})
    expect(saysAt(greeter, '2026-11-26T09:59:59', '2026-11-26T10:00:00')).toEqual(['c', 'a'])
  })
  it('beat the tail of an ordinary slot of the day before', () => {
    const greeter = over({...body, dates: [{on: '2026-11-25', slots: [{from: '03:00', to: '05:00', template: 'c'}]}]})
    expect(saysAt(greeter, '2026-11-25T02:59:59', '2026-11-25T03:00:00', '2026-11-25T05:00:00')).toEqual([
      'b',
      'c',
      'b',
    ])
  })
})

describe('days of a calendar', () => {
  const calendar = {
    'calendars/cn.yaml': {
      title: '日历',
      years: {
        // A Friday and the weekend after it are off; the Saturday after that is worked.
        '2026': {holidays: [['2026-11-27', '2026-11-29']], workdays: ['2026-12-05'], source: '例', reviewedBy: '例'},
      },
    },
  }
  const over2026 = (slots: readonly object[], more: object = {}): AskedGreeter =>
    over({calendar: 'cn', slots, ...more}, calendar)
  const day = (word: string, template: string): object => ({days: [word], from: '09:00', to: '18:00', template})
  const noon = (date: string): string => `2026-${date}T12:00:00`

  it('every day is a workday, a weekend or a holiday, and only one of them', () => {
    const greeter = over2026([day('workday', 'a'), day('weekend', 'b'), day('holiday', 'c')])
    expect(saysAt(greeter, ...['11-26', '11-27', '11-28', '11-29', '11-30', '12-05', '12-06'].map(noon))).toEqual([
      'a',
      'c',
      'c',
      'c',
      'a',
      'a',
      'b',
    ])
  })
  it('special days win over the ordinary week', () => {
    const greeter = over2026([day('fri', 'a'), day('sat', 'b'), day('holiday', 'c'), day('workday', 'e')])
    // 2026-12-05 is a Saturday that is worked: the make-up workday is special, the Saturday slot is not.
    expect(saysAt(greeter, noon('11-27'), noon('11-28'), noon('12-05'), noon('12-12'))).toEqual(['c', 'c', 'e', 'b'])
  })
  it('a make-up workday is no weekend, and neither is a holiday', () => {
    const greeter = over2026([day('weekend', 'b')])
    expect(saysAt(greeter, noon('11-28'), noon('12-05'), noon('12-06'))).toEqual(['d', 'd', 'b'])
  })
  it('named dates win over special days', () => {
    const greeter = over2026([day('holiday', 'c')], {
      dates: [{on: '2026-11-28', slots: [{from: '12:00', to: '13:00', template: 'a'}]}],
    })
    expect(saysAt(greeter, noon('11-27'), noon('11-28'), '2026-11-28T13:00:00')).toEqual(['c', 'a', 'd'])
  })
  it("a holiday's tail wins over the ordinary slot of the next day", () => {
    const greeter = over2026([
      {days: ['holiday'], from: '20:00', to: '10:00', template: 'c'},
      {days: ['mon'], from: '08:00', to: '18:00', template: 'a'},
    ])
    expect(saysAt(greeter, '2026-11-30T09:59:59', '2026-11-30T10:00:00')).toEqual(['c', 'a'])
  })
  it('the tail of an ordinary slot gives way to a holiday', () => {
    const greeter = over2026([
      {days: ['thu'], from: '20:00', to: '10:00', template: 'a'},
      {days: ['holiday'], from: '08:00', to: '18:00', template: 'c'},
    ])
    expect(saysAt(greeter, '2026-11-27T07:59:59', '2026-11-27T08:00:00')).toEqual(['a', 'c'])
  })
  it('a slot for a plain weekday and for holidays is special only on a holiday', () => {
    const greeter = over2026([
      {days: ['fri', 'holiday'], from: '09:00', to: '18:00', template: 'c'},
      {days: ['thu'], from: '09:00', to: '18:00', template: 'a'},
      {days: ['fri'], from: '10:00', to: '11:00', template: 'c'},
    ])
    expect(saysAt(greeter, noon('11-27'), noon('12-04'), noon('12-03'))).toEqual(['c', 'c', 'a'])
  })
  it('a year the calendar lacks means plain weekdays, and is reported', () => {
    const {choose} = over2026([day('workday', 'a'), day('weekend', 'b'), day('holiday', 'c')])
    expect(choose({member: 'mei', at: '2027-01-01T12:00:00'})).toMatchObject({
      template: 'a',
      notices: ['calendar-missing'],
    })
    expect(choose({member: 'mei', at: '2027-01-02T12:00:00'})).toMatchObject({
      template: 'b',
      notices: ['calendar-missing'],
    })
    expect(choose({member: 'mei', at: '2026-12-31T12:00:00'})).toMatchObject({template: 'a', notices: []})
  })
})

describe('shifts of a roster', () => {
  const roster = (changes: object = {}): Record<string, object> => ({
    'rosters/stores.yaml': {
      title: '班表',
      shifts: {早班: {from: '06:00', to: '14:00'}, 夜班: {from: '22:00', to: '06:00'}},
      importedAt: '2026-11-20T18:00:00+08:00',
      days: {'2026-11-25': {早班: ['MEI'], 夜班: ['li']}, '2026-11-28': {夜班: ['mei']}},
      ...changes,
    },
  })
  const slots = [
    {shift: '早班', template: 'a'},
    {shift: '夜班', template: 'b'},
  ]
  it('hold for the members of that date only', () => {
    const {says} = over({slots}, roster())
    const at = '2026-11-25T13:59:59'
    expect([says({member: 'mei', at}), says({member: 'li', at})]).toEqual(['a', 'd'])
    expect(says({member: 'mei', at: '2026-11-25T14:00:00'})).toBe('d')
    expect(says({member: 'mei', at: '2026-11-26T07:00:00'})).toBe('d')
  })
  it('cross midnight like every slot', () => {
    const {says} = over({slots}, roster())
    expect(says({member: 'li', at: '2026-11-26T05:59:59'})).toBe('b')
    expect(says({member: 'li', at: '2026-11-26T06:00:00'})).toBe('d')
  })
  it('count as absent after eight days without an import, and it is reported', () => {
    const {choose} = over({slots}, roster())
    expect(choose({member: 'mei', at: '2026-11-28T22:00:00'})).toMatchObject({template: 'd', notices: ['roster-stale']})
    const longer = over({slots}, roster({staleAfterDays: 9}))
    expect(longer.choose({member: 'mei', at: '2026-11-28T22:00:00'})).toMatchObject({template: 'b', notices: []})
  })
  it('hold up to the very instant the roster grows stale, in the middle of a shift too', () => {
    const greeter = over({slots}, roster({staleAfterDays: 8, importedAt: '2026-11-20T23:00:00+08:00'}))
    expect(saysAt(greeter, '2026-11-28T22:59:59', '2026-11-28T23:00:00', '2026-11-28T23:00:00.001')).toEqual([
      'b',
      'b',
      'd',
    ])
  })
  it('are of the ordinary class: a holiday slot wins, a weekly one meets them as an equal', () => {
    const calendar = {
      'calendars/cn.yaml': {
        title: '日历',
        years: {'2026': {holidays: ['2026-11-25'], workdays: [], source: '例', reviewedBy: '例'}},
      },
    }
    const holiday = {days: ['holiday'], from: '06:00', to: '14:00', template: 'c'}
    expect(
      saysAt(over({calendar: 'cn', slots: [...slots, holiday]}, {...roster(), ...calendar}), '2026-11-25T10:00:00'),
    ).toEqual(['c'])
    const weekly = {days: ['wed'], from: '06:00', to: '14:00', template: 'c'}
    expect(saysAt(over({slots: [...slots, weekly]}, roster()), '2026-11-25T10:00:00')).toEqual(['wide'])
  })
  it('onDuty holds only while check-in says the member is at work', () => {
    const {says} = over({slots: [{shift: '早班', template: 'a', onDuty: true}]}, roster())
    const at = '2026-11-25T10:00:00'
    expect(says({member: 'mei', at, onDuty: true})).toBe('a')
    expect(says({member: 'mei', at, onDuty: false})).toBe('d')
    expect(says({member: 'mei', at})).toBe('a')
    expect(says({member: 'li', at, onDuty: true})).toBe('d')
  })
})

describe('daylight saving time', () => {
  const berlin = (...slots: readonly object[]): AskedGreeter => over({slots, timezone: 'Europe/Berlin'})

  it('a slot edge in the gap moves to the first valid instant', () => {
    // On 2027-03-28 Berlin jumps from 02:00 to 03:00, at 01:00 UTC.
    const greeter = berlin(
      {days: ['sun'], from: '02:30', to: '05:00', template: 'a'},
      {days: ['sun'], from: '01:00', to: '02:30', template: 'b'},
    )
    expect(
      saysAt(greeter, '2027-03-28T00:59:59Z', '2027-03-28T01:00:00Z', '2027-03-28T02:59:59Z', '2027-03-28T03:00:00Z'),
    ).toEqual(['b', 'a', 'a', 'd'])
  })
  it('a slot that lies in the gap as a whole never holds', () => {
    const greeter = berlin({days: ['sun'], from: '02:10', to: '02:50', template: 'a'})
    expect(saysAt(greeter, '2027-03-28T00:59:59Z', '2027-03-28T01:00:00Z', '2027-03-28T01:30:00Z')).toEqual([
      'd',
      'd',
      'd',
    ])
  })
  it('a slot over the gap loses an hour', () => {
    const greeter = berlin({days: ['sat'], from: '22:00', to: '06:00', template: 'a'})
    expect(saysAt(greeter, '2027-03-27T21:00:00Z', '2027-03-28T03:59:59Z', '2027-03-28T04:00:00Z')).toEqual([
      'a',
      'a',
      'd',
    ])
  })
  it('an edge in the repeated hour means its first occurrence, for starts and ends alike', () => {
    // On 2026-10-25 Berlin shows 02:00–03:00 twice: from 00:00 UTC and from 01:00 UTC.
    const starts = berlin({days: ['sun'], from: '02:30', to: '05:00', template: 'a'})
    expect(
      saysAt(
        starts,
        '2026-10-25T00:29:59Z',
        '2026-10-25T00:30:00Z',
        '2026-10-25T01:15:00Z',
        '2026-10-25T03:59:59Z',
        '2026-10-25T04:00:00Z',
      ),
    ).toEqual(['d', 'a', 'a', 'a', 'd'])
    const ends = berlin({days: ['sun'], from: '01:00', to: '02:30', template: 'a'})
    expect(saysAt(ends, '2026-10-25T00:29:59Z', '2026-10-25T00:30:00Z', '2026-10-25T01:15:00Z')).toEqual([
      'a',
      'd',
      'd',
    ])
  })
  it('a slot over the repeated hour gains one', () => {
    const greeter = berlin({days: ['sat'], from: '22:00', to: '06:00', template: 'a'})
    expect(saysAt(greeter, '2026-10-24T20:00:00Z', '2026-10-25T04:59:59Z', '2026-10-25T05:00:00Z')).toEqual([
      'a',
      'a',
      'd',
    ])
  })
  it('an offset of the half hour is no special case', () => {
    // Lord Howe moves by 30 minutes: on 2026-10-04 from 02:00 to 02:30, at 15:30 UTC of the day before.
    const greeter = over({
      timezone: 'Australia/Lord_Howe',
      slots: [{days: ['sun'], from: '02:15', to: '03:00', template: 'a'}],
    })
    expect(saysAt(greeter, '2026-10-03T15:29:59Z', '2026-10-03T15:30:00Z', '2026-10-03T16:00:00Z')).toEqual([
      'd',
      'a',
      'd',
    ])
  })
})

describe('validity', () => {
  it('a schedule outside its validity is not there', () => {
    const greeter = over({
      template: 'a',
      default: undefined,
      validFrom: '2026-11-25T12:00:00+08:00',
      validTo: '2026-11-25T13:00:00+08:00',
    })
    expect(
      saysAt(
        greeter,
        '2026-11-25T11:59:59.999',
        '2026-11-25T12:00:00',
        '2026-11-25T12:59:59.999',
        '2026-11-25T13:00:00',
      ),
    ).toEqual(['wide', 'a', 'a', 'wide'])
  })
  const window = {
    'templates/a.yaml': {
      title: 'a',
      text: 'a',
      validFrom: '2026-11-25T12:00:00+08:00',
      validTo: '2026-11-25T13:00:00+08:00',
    },
    'templates/b.yaml': {title: 'b', text: 'b', validTo: '2026-11-25T14:00:00+08:00'},
  }
  it('the first template of a list that is in validity is said', () => {
    const greeter = over({template: ['a', 'b', 'c'], default: undefined}, window)
    expect(
      saysAt(greeter, '2026-11-25T11:59:59', '2026-11-25T12:00:00', '2026-11-25T13:00:00', '2026-11-25T14:00:00'),
    ).toEqual(['b', 'a', 'b', 'c'])
  })
  it('when none is, the default is said', () => {
    const greeter = over({slots: [{from: '00:00', to: '24:00', template: ['a', 'b']}]}, window)
    expect(saysAt(greeter, '2026-11-25T13:59:59', '2026-11-25T14:00:00')).toEqual(['b', 'd'])
  })
  it('when the default is not in validity either, the next wider level is asked', () => {
    const greeter = over({slots: [{from: '00:00', to: '24:00', template: 'b'}], default: ['a']}, window)
    expect(saysAt(greeter, '2026-11-25T13:59:59', '2026-11-25T14:00:00')).toEqual(['b', 'wide'])
    expect(greeter.choose({member: 'mei', at: '2026-11-25T14:00:00'}).notices).toEqual([])
  })
  it('it is the next wider level, not the next schedule of the same one', () => {
    const greeter = over(
      {template: 'b', default: undefined},
      {...window, ...schedule('same', {departments: ['/总部']}, {template: 'c'})},
    )
    expect(saysAt(greeter, '2026-11-25T13:59:59', '2026-11-25T14:00:00')).toEqual(['b', 'wide'])
  })
})
