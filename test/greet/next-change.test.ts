import {describe, expect, it} from '@jest/globals'
import {createNextChangeFinder} from '../../scripts/core/greet/find-next-change.js'
import {aGreeter, BARE, instant, members, schedule, templates} from '../support/a-greeter.js'

/** When the member next says something else, and what. */
function next(files: Record<string, object>, at: string, state?: string): readonly [string, string | null] | null {
  const all = {
    ...BARE,
    ...members({id: 'mei', departments: ['/总部/门店']}),
    ...templates('a', 'b', 'wide', 'next'),
    ...files,
  }
  const query = {member: 'mei', atMs: instant(at), ...(state === undefined ? {} : {state})}
  const found = createNextChangeFinder(aGreeter(all).greeter)(query)
  return found && [new Date(found.atMs).toISOString(), found.template]
}

describe('the next change', () => {
  const shifts = schedule('s', {}, {slots: [{from: '06:00', to: '14:00', template: 'a'}], default: 'b'})
  it('is the next edge at which something else is said', () => {
    expect(next(shifts, '2026-11-25T07:00:00')).toEqual(['2026-11-25T06:00:00.000Z', 'b'])
    expect(next(shifts, '2026-11-25T14:00:00')).toEqual(['2026-11-25T22:00:00.000Z', 'a'])
    expect(next(shifts, '2026-11-25T13:59:59.999')).toEqual(['2026-11-25T06:00:00.000Z', 'b'])
  })
  it('is none where the same is said for the next 400 days', () => {
    expect(next(schedule('s', {}, {template: 'a'}), '2026-11-25T07:00:00')).toBeNull()
    expect(next({}, '2026-11-25T07:00:00')).toBeNull()
  })
  it('skips edges that change nothing', () => {
    const same = schedule(
      's',
      {},
      {
        slots: [
          {from: '06:00', to: '14:00', template: 'a'},
          {from: '14:00', to: '22:00', template: 'a'},
        ],
        default: 'b',
      },
    )
    expect(next(same, '2026-11-25T07:00:00')).toEqual(['2026-11-25T14:00:00.000Z', 'b'])
  })
  it('knows named dates months ahead', () => {
    const festival = schedule(
      's',
      {},
      {
        slots: [{from: '00:00', to: '24:00', template: 'a'}],
        dates: [{on: '2027-10-01', slots: [{from: '00:00', to: '24:00', template: 'b'}]}],
        default: 'a',
      },
    )
    expect(next(festival, '2026-11-25T07:00:00')).toEqual(['2027-09-30T16:00:00.000Z', 'b'])
  })
  it('knows the validity of templates and of schedules', () => {
    const d11 = {
      'templates/b.yaml': {
        title: 'b',
        text: 'b',
        validFrom: '2026-12-01T20:00:00+08:00',
        validTo: '2026-12-02T00:00:00+08:00',
      },
      ...schedule('s', {}, {template: ['b', 'a']}),
    }
    expect(next(d11, '2026-11-25T07:00:00')).toEqual(['2026-12-01T12:00:00.000Z', 'b'])
    expect(next(d11, '2026-12-01T20:00:00')).toEqual(['2026-12-01T16:00:00.000Z', 'a'])
    const ends = {
      ...schedule('s', {departments: ['/总部']}, {template: 'a', validTo: '2026-12-01T00:00:00Z'}),
      ...schedule('w', {}, {template: 'wide'}),
    }
    expect(next(ends, '2026-11-25T07:00:00')).toEqual(['2026-12-01T00:00:00.000Z', 'wide'])
  })
  it('knows when a member leaves, and when his successor does', () => {
    const leaving = {
      'enterprise.yaml': {corpId: 'ww1', agentId: 1, timezone: 'Asia/Shanghai', greet: {successor: 'next'}},
      ...members(
        {id: 'mei', status: 'left', leftAt: '2026-12-01T00:00:00Z', successor: 'li'},
        {id: 'li', status: 'left', leftAt: '2026-12-05T00:00:00Z'},
      ),
      ...schedule('s', {}, {template: 'a'}),
    }
    expect(next(leaving, '2026-11-25T07:00:00')).toEqual(['2026-12-01T00:00:00.000Z', 'next'])
    expect(next(leaving, '2026-12-02T07:00:00')).toEqual(['2026-12-05T00:00:00.000Z', 'a'])
  })
  it('knows transfers and grants with dates', () => {
    const moving = {
      'organization.yaml': {
        members: [{id: 'mei', departments: ['/总部/门店']}],
        transfers: [{member: 'mei', to: '/总部/华北', from: '2026-12-01T00:00:00Z', until: '2026-12-02T00:00:00Z'}],
      },
      'roles.yaml': {销冠: {may: []}},
      'grants/g.yaml': [
        {role: '销冠', to: ['department:/总部/门店'], from: '2026-12-03', until: '2026-12-03', ticket: 'OA-1'},
      ],
      ...schedule('s', {}, {template: 'a'}),
      ...schedule('north', {departments: ['/总部/华北']}, {template: 'b'}),
      ...schedule('role', {roles: ['销冠']}, {template: 'wide'}),
    }
    expect(next(moving, '2026-11-25T07:00:00')).toEqual(['2026-12-01T00:00:00.000Z', 'b'])
    expect(next(moving, '2026-12-01T12:00:00')).toEqual(['2026-12-02T00:00:00.000Z', 'a'])
    expect(next(moving, '2026-12-02T12:00:00')).toEqual(['2026-12-02T16:00:00.000Z', 'wide'])
    expect(next(moving, '2026-12-03T12:00:00')).toEqual(['2026-12-03T16:00:00.000Z', 'a'])
  })
  it('knows when a roster grows stale', () => {
    const roster = {
      'rosters/r.yaml': {
        title: 'r',
        shifts: {早: {from: '06:00', to: '14:00'}},
        importedAt: '2026-11-20T02:00:00Z',
        staleAfterDays: 5,
        days: {'2026-11-25': {早: ['mei']}},
      },
      ...schedule('s', {}, {slots: [{shift: '早', template: 'a'}], default: 'b'}),
    }
    expect(next(roster, '2026-11-25T07:00:00')).toEqual(['2026-11-25T02:00:00.001Z', 'b'])
  })
  it('asks only what the code allows', () => {
    const code = {
      'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'},
      ...schedule('s', {}, {template: 'a'}),
      ...schedule('code', {channels: ['c']}, {slots: [{from: '06:00', to: '14:00', template: 'b'}], default: 'a'}),
    }
    expect(next(code, '2026-11-25T15:00:00')).toBeNull()
    expect(next(code, '2026-11-25T15:00:00', 'c')).toEqual(['2026-11-25T22:00:00.000Z', 'b'])
  })
  it('knows both changes of the clock', () => {
    const berlin = schedule(
      's',
      {},
      {timezone: 'Europe/Berlin', slots: [{from: '02:30', to: '05:00', template: 'a'}], default: 'b'},
    )
    expect(next(berlin, '2027-03-27T22:00:00Z')).toEqual(['2027-03-28T01:00:00.000Z', 'a'])
    expect(next(berlin, '2026-10-24T22:00:00Z')).toEqual(['2026-10-25T00:30:00.000Z', 'a'])
  })
})

describe('the search for the next change', () => {
  it('answers the same for many questions in any order as for each alone', () => {
    const files = {
      ...templates('day', 'night'),
      ...members({id: 'm', departments: ['/总']}),
      ...schedule(
        's',
        {departments: ['/总']},
        {slots: [{from: '08:00', to: '20:00', template: 'day'}], default: 'night'},
      ),
    }
    const {greeter} = aGreeter(files)
    const together = createNextChangeFinder(greeter)
    const instants = [5, 1, 9, 2, 2, 700, 3].map((hours) => Date.UTC(2026, 10, 24, hours))
    for (const atMs of instants)
      expect(together({member: 'm', atMs})).toEqual(createNextChangeFinder(greeter)({member: 'm', atMs}))
  })
})
