import fc from 'fast-check'
import type {Config, Resource} from '../../scripts/core/model/config.js'
import type {
  Audience,
  WrittenGrant,
  WrittenMember,
  WrittenNamedDates,
  WrittenSchedule,
  WrittenSlot,
} from '../../scripts/core/model/written.js'
import {instantOf, type Question, type World} from './oracle.js'

/** Small pools, so that audiences overlap, slots meet and ties happen often. */
const DEPARTMENTS = ['/总', '/总/南', '/总/南/一', '/总/南/二', '/总/北', '/总/北/三', '/外']
export const MEMBERS = ['m1', 'm2', 'M3', 'm4']
const ROLES = ['销冠', '督导']
const TEMPLATES = ['t1', 't2', 't3', 't4']
const CHANNELS = ['exact-1', 'exact-2', 'prefix-a', 'prefix-ab', 'prefix-b']
export const STATES = ['ab1', 'ab2', 'ab', 'a', 'b9', 'zz', '']
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'UTC']
/** Around both changes of the clock, a holiday, a make-up workday and a year's end. */
const DATES = [
  '2026-10-09',
  '2026-10-10',
  '2026-10-24',
  '2026-10-25',
  '2026-10-31',
  '2026-11-01',
  '2026-12-31',
  '2027-01-01',
  '2027-03-14',
  '2027-03-28',
]
export const TIMES = ['00:00', '01:00', '02:00', '02:30', '03:00', '06:00', '14:00', '22:00', '23:59:59']
const DAY_WORDS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'workday', 'weekend', 'holiday'] as const
export const INSTANTS = [
  '2026-10-10T02:00:00+08:00',
  '2026-10-25T00:30:00Z',
  '2026-11-01T06:00:00Z',
  '2027-01-01T00:00:00+08:00',
]

const some = <T>(pool: readonly T[], maxLength = 2): fc.Arbitrary<T[]> => fc.subarray([...pool], {maxLength})
const maybe = <T>(arb: fc.Arbitrary<T>, freq = 2): fc.Arbitrary<T | undefined> => fc.option(arb, {nil: undefined, freq})
const rarely = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({weight: 4, arbitrary: fc.constant(undefined)}, {weight: 1, arbitrary: arb})

/** Drops the keys whose value is undefined, as a YAML file would. */
function written<T extends object>(value: {[K in keyof T]: T[K] | undefined}): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

const template = fc.constantFrom(...TEMPLATES)
const ids = fc.oneof(template, fc.subarray(TEMPLATES, {minLength: 1, maxLength: 2}))
const said = fc.oneof({weight: 5, arbitrary: ids}, {weight: 1, arbitrary: fc.constant('silent')})

const validity = fc
  .tuple(rarely(fc.constantFrom(...INSTANTS)), rarely(fc.constantFrom(...INSTANTS)))
  .map(([validFrom, validTo]) =>
    validFrom !== undefined && validTo !== undefined && Date.parse(validFrom) >= Date.parse(validTo)
      ? {validFrom}
      : written<{validFrom?: string; validTo?: string}>({validFrom, validTo}),
  )

const timedSlot: fc.Arbitrary<WrittenSlot> = fc
  .record({
    days: fc.oneof(fc.constant('all' as const), fc.subarray([...DAY_WORDS], {minLength: 1, maxLength: 4})),
    from: fc.constantFrom(...TIMES),
    to: fc.constantFrom(...TIMES, '24:00'),
    template: said,
    onDuty: rarely(fc.constant(true)),
  })
  .filter(({from, to}) => from !== to)
  .map((slot) => written<WrittenSlot>(slot))

const shiftSlot: fc.Arbitrary<WrittenSlot> = fc
  .record({shift: fc.constantFrom('早', '夜'), template: said, onDuty: rarely(fc.constant(true))})
  .map((slot) => written<WrittenSlot>(slot))

const slots = fc.array(fc.oneof({weight: 5, arbitrary: timedSlot}, {weight: 1, arbitrary: shiftSlot}), {
  minLength: 1,
  maxLength: 3,
})

const namedDates: fc.Arbitrary<WrittenNamedDates> = fc.oneof(
  fc.record({on: fc.constantFrom(...DATES), slots: fc.array(timedSlot, {maxLength: 2})}),
  fc
    .record({
      range: fc.constantFrom(['2026-10-24', '2026-10-25'], ['2026-10-31', '2026-11-01']),
      slots: fc.array(timedSlot, {maxLength: 2}),
    })
    .map(({range, slots: inside}) => ({range: [...range], slots: inside})),
)

const audience: fc.Arbitrary<Audience> = fc
  .record({
    members: rarely(some(MEMBERS)),
    departments: maybe(some(DEPARTMENTS)),
    roles: rarely(some(ROLES)),
    levels: rarely(
      fc.constantFrom<NonNullable<Audience['levels']>>(
        {星级: '>=3'},
        {星级: '<3'},
        {星级: '>2', 级别: ['金']},
        {级别: '=金'},
        {级别: ['金', '银']},
        {星级: '= 3'},
        {},
      ),
    ),
    channels: maybe(some(CHANNELS)),
    exclude: rarely(
      fc
        .record({
          members: rarely(some(MEMBERS, 1)),
          departments: rarely(some(DEPARTMENTS, 1)),
          roles: rarely(some(ROLES, 1)),
          channels: rarely(some(CHANNELS, 1)),
        })
        .map((exclude) => written<NonNullable<Audience['exclude']>>(exclude)),
    ),
  })
  .map((one) => written<Audience>(one))

const body: fc.Arbitrary<Partial<WrittenSchedule>> = fc.oneof(
  {weight: 3, arbitrary: fc.record({template: ids})},
  {weight: 1, arbitrary: fc.constant({mode: 'silent' as const})},
  {weight: 1, arbitrary: fc.constant({mode: 'inherit' as const})},
  {
    weight: 4,
    arbitrary: fc
      .record({
        slots,
        dates: rarely(fc.array(namedDates, {minLength: 1, maxLength: 1})),
        default: said,
        calendar: fc.constant('cn'),
      })
      .map((one) => written<Partial<WrittenSchedule>>(one)),
  },
)

const schedule: fc.Arbitrary<WrittenSchedule> = fc
  .tuple(audience, body, validity, rarely(fc.constantFrom(5, 10)), maybe(fc.constantFrom(...ZONES)))
  .map(([who, what, window, priority, timezone]) =>
    written<WrittenSchedule>({
      title: '排班',
      audience: who,
      ...what,
      ...window,
      priority,
      timezone,
      // Only a channel may hand on.
      mode: what.mode === 'inherit' && !who.channels?.length ? 'silent' : what.mode,
    }),
  )

const member = (id: string): fc.Arbitrary<WrittenMember> =>
  fc
    .record({
      departments: fc.shuffledSubarray(DEPARTMENTS, {minLength: 1, maxLength: 3}),
      roles: maybe(some(ROLES)),
      attributes: maybe(
        fc
          .record({星级: maybe(fc.integer({min: 1, max: 5})), 级别: maybe(fc.constantFrom('金', '银'))})
          .map((one) => written<NonNullable<WrittenMember['attributes']>>(one)),
      ),
      leader: maybe(fc.constantFrom(...MEMBERS)),
      successor: rarely(fc.constantFrom(...MEMBERS)),
      status: fc.constantFrom(undefined, undefined, 'active' as const, 'disabled' as const, 'left' as const),
      leftAt: fc.constantFrom(...INSTANTS),
      github: fc.constant(`login-${id.toLowerCase()}`),
    })
    .map(({leftAt, ...one}) => written<WrittenMember>({id, ...one, leftAt: one.status === 'left' ? leftAt : undefined}))

const grant: fc.Arbitrary<WrittenGrant> = fc
  .record({
    role: fc.constantFrom(...ROLES),
    to: fc
      .constantFrom(
        ['member:m1'],
        ['member:m3', 'github:Login-m2'],
        ['department:/总/南'],
        ['department:/外', 'role:督导'],
      )
      .map((to) => [...to]),
    from: rarely(fc.constantFrom('2026-10-25', '2026-11-01T06:00:00Z')),
    until: fc.constantFrom('2026-10-24', '2026-10-31', '2027-01-01T00:00:00+08:00', '2027-12-31'),
    ticket: fc.constant('OA-1'),
  })
  .map((one) => written<WrittenGrant>(one))

const transfers = fc.subarray(
  [
    {member: 'm1', to: '/总/北/三', from: '2026-10-25T00:30:00Z', until: '2027-01-01T00:00:00+08:00'},
    {member: 'M2', to: '/外', from: '2026-10-10T02:00:00+08:00', until: '2026-11-01T06:00:00Z'},
  ],
  {},
)

export const anyWorld: fc.Arbitrary<World> = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    successor: maybe(template, 3),
    members: fc.tuple(...MEMBERS.map(member)),
    transfers,
    windows: fc.tuple(validity, validity, validity, fc.constant({})),
    schedules: fc.array(schedule, {minLength: 1, maxLength: 8}),
    years: fc.constantFrom(['2026', '2027'], ['2026']),
    staleAfterDays: fc.constantFrom(undefined, 2, 30),
    rostered: fc.tuple(some(MEMBERS, 3), some(MEMBERS, 3)),
    grants: fc.array(grant, {maxLength: 2}),
  })
  .map(
    ({
      zone,
      successor,
      members,
      transfers: moves,
      windows,
      schedules,
      years,
      staleAfterDays,
      rostered,
      grants,
    }): World => ({
      enterprise: {corpId: 'ww1', agentId: 1, timezone: zone, ...(successor === undefined ? {} : {greet: {successor}})},
      organization: {departments: DEPARTMENTS.map((path) => ({path})), members: [...members], transfers: [...moves]},
      templates: Object.fromEntries(TEMPLATES.map((id, index) => [id, {title: id, text: id, ...windows[index]}])),
      schedules: Object.fromEntries(schedules.map((one, index) => [`s${index}`, one])),
      channels: {
        'exact-1': {title: '一', state: 'ab1'},
        'exact-2': {title: '二', state: 'zz'},
        'prefix-a': {title: 'A', statePrefix: 'a'},
        'prefix-ab': {title: 'AB', statePrefix: 'ab'},
        'prefix-b': {title: 'B', statePrefix: 'b'},
      },
      calendars: {cn: {title: '日历', years: Object.fromEntries(years.map((year) => [year, CALENDAR[year]]))}},
      rosters: {
        stores: {
          title: '班表',
          shifts: {早: {from: '06:00', to: '14:00'}, 夜: {from: '22:00', to: '06:00'}},
          importedAt: '2026-10-24T00:00:00Z',
          ...(staleAfterDays === undefined ? {} : {staleAfterDays}),
          days: {'2026-10-25': {早: rostered[0], 夜: rostered[1]}, '2026-10-31': {早: rostered[1]}},
        },
      },
      grants,
    }),
  )

const CALENDAR = {
  '2026': {
    holidays: ['2026-10-09', '2026-12-31'],
    workdays: ['2026-10-10', '2026-10-24'],
    source: '例',
    reviewedBy: '例',
  },
  '2027': {holidays: [['2027-01-01', '2027-01-03']], workdays: ['2027-03-14'], source: '例', reviewedBy: '例'},
}

/** Instants at and just before the edges that the pools can make, and some in between. */
export const anyQuestion: fc.Arbitrary<Question> = fc
  .record({
    member: fc.constantFrom(...MEMBERS, 'm3', 'nobody'),
    edge: fc.oneof(
      {weight: 4, arbitrary: fc.tuple(fc.constantFrom(...ZONES), fc.constantFrom(...DATES), fc.constantFrom(...TIMES))},
      {weight: 1, arbitrary: fc.constantFrom(...INSTANTS, '2026-10-26T00:00:00Z', '2026-11-01T00:00:00Z')},
    ),
    offsetMs: fc.constantFrom(0, -1, 1, -1000, 3_600_000),
    state: fc.constantFrom(undefined, ...STATES),
    onDuty: fc.constantFrom(undefined, true, false),
  })
  .map(({member: who, edge, offsetMs, state, onDuty}) =>
    written<Question>({
      member: who,
      atMs: (typeof edge === 'string' ? Date.parse(edge) : instantOf(...edge)) + offsetMs,
      state,
      onDuty,
    }),
  )

/** The checked configuration of a world, without the way through YAML. */
export function configOfWorld(world: World): Config {
  const resource = <T>(id: string, value: T): Resource<T> => ({id, file: `${id}.yaml`, value})
  const all = <T>(items: Readonly<Record<string, T>>): ReadonlyMap<string, Resource<T>> =>
    new Map(Object.entries(items).map(([id, value]) => [id, resource(id, value)]))
  return {
    enterprise: resource('enterprise', world.enterprise),
    organization: resource('organization', world.organization),
    policy: resource('policy', {}),
    links: resource('links', {}),
    roles: resource('roles', {}),
    facts: resource('facts', {}),
    templates: all(world.templates),
    schedules: all(world.schedules),
    channels: all(world.channels),
    groupWelcomes: new Map(),
    calendars: all(world.calendars),
    rosters: all(world.rosters),
    grants: world.grants.map((value, index) => ({...resource(`grants#${index}`, value), index})),
    assets: new Map(),
  }
}
