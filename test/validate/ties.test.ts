import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {checkConfig} from '../../scripts/core/validate/check-config.js'
import {type Changes, configOf, NOW_MS, remarksOfRule} from '../support/a-config.js'
import {members, schedule, templates} from '../support/a-greeter.js'

const world = (...schedules: readonly Record<string, object>[]): Changes => ({
  ...templates('a', 'b', 'c'),
  ...members(
    {id: 'top', departments: ['/总/南/一'], roles: ['销冠', '督导']},
    {id: 'plain', departments: ['/总/南/二']},
    {id: 'far', departments: ['/总/北']},
  ),
  'channels/x.yaml': {title: 'x', state: 'x1', kind: 'external'},
  'channels/y.yaml': {title: 'y', statePrefix: 'x', kind: 'external'},
  ...schedules.reduce((all, one) => ({...all, ...one}), {}),
})
const ties = (...schedules: readonly Record<string, object>[]) =>
  remarksOfRule('ambiguous-priority', world(...schedules))

describe('schedules that tie', () => {
  it('with a different text for a member who wears both tags are an error that names him', () => {
    const [found] = ties(
      schedule('one', {roles: ['销冠']}, {template: 'a', priority: 20}),
      schedule('two', {roles: ['督导']}, {template: 'b', priority: 20}),
    )
    expect(found?.level).toBe('error')
    expect(found?.says.zh).toContain('top')
    expect(found?.says.zh).toContain('one 说 a')
    expect(found?.says.en).toContain('two says b')
  })
  it.each([
    ['say the same text', {template: 'a'}, {template: 'a'}],
    ['differ in priority', {template: 'a', priority: 1}, {template: 'b'}],
    ['are silent and not, since silence wins', {mode: 'silent'}, {template: 'b', priority: 9}],
    [
      'never hold at one time',
      {template: 'a', validTo: '2026-12-01T00:00:00+08:00'},
      {template: 'b', validFrom: '2026-12-01T00:00:00+08:00'},
    ],
  ])('are fine when they %s', (_why, one, two) => {
    expect(
      ties(schedule('one', {departments: ['/总/南']}, one), schedule('two', {departments: ['/总/南']}, two)),
    ).toEqual([])
  })
  it('are fine when one is deeper, has more dimensions, or meets other people', () => {
    expect(
      ties(
        schedule('one', {departments: ['/总']}, {template: 'a'}),
        schedule('two', {departments: ['/总/南']}, {template: 'b'}),
      ),
    ).toEqual([])
    expect(
      ties(
        schedule('one', {roles: ['销冠']}, {template: 'a'}),
        schedule('two', {roles: ['销冠'], departments: ['/总']}, {template: 'b'}),
      ),
    ).toEqual([])
    expect(
      ties(
        schedule('one', {departments: ['/总/南']}, {template: 'a'}),
        schedule('two', {departments: ['/总/北']}, {template: 'b'}),
      ),
    ).toEqual([])
  })
  it('only in an hour of the week are found, and not a second later', () => {
    const slots = (from: string, to: string, template: string) => ({
      slots: [{days: ['sat'], from, to, template}],
      default: 'c',
    })
    expect(
      ties(
        schedule('one', {departments: ['/总/南']}, slots('09:00', '12:00', 'a')),
        schedule('two', {departments: ['/总/南']}, slots('11:00', '13:00', 'b')),
      ),
    ).toHaveLength(1)
    expect(
      ties(
        schedule('one', {departments: ['/总/南']}, slots('09:00', '12:00', 'a')),
        schedule('two', {departments: ['/总/南']}, slots('09:00', '12:00', 'a')),
      ),
    ).toEqual([])
  })
  it('that go on to tie while what one of them says changes are each named with every other', () => {
    const found = ties(
      schedule('one', {departments: ['/总/南']}, {template: 'a'}),
      schedule('two', {departments: ['/总/南']}, {slots: [{from: '06:00', to: '12:00', template: 'b'}], default: 'a'}),
      schedule('three', {departments: ['/总/南']}, {template: 'b'}),
    )
    const pairs = found.map(({says}) =>
      ['one', 'two', 'three'].filter((id) => says.en.includes(`${id} says`)).join('='),
    )
    expect(pairs.sort()).toEqual(['one=three', 'one=two', 'two=three'])
  })
  it('at the channel level are found by a state of the channel, and an exact state is no tie with a prefix', () => {
    const [found] = ties(
      schedule('one', {channels: ['x']}, {template: 'a'}),
      schedule('two', {channels: ['x']}, {template: 'b'}),
    )
    expect(found?.says.zh).toContain('state=x1')
    expect(
      ties(schedule('one', {channels: ['x']}, {template: 'a'}), schedule('two', {channels: ['y']}, {template: 'b'})),
    ).toEqual([])
  })
  it('after a transfer that has not begun yet are found at its first instant', () => {
    const found = remarksOfRule('ambiguous-priority', {
      ...world(
        schedule('one', {departments: ['/总/北']}, {template: 'a'}),
        schedule('two', {departments: ['/总/北'], exclude: {members: ['far']}}, {template: 'b'}),
      ),
      'organization.yaml': {
        members: [
          {id: 'far', departments: ['/总/北']},
          {id: 'plain', departments: ['/总/南/二']},
          {id: 'top', departments: ['/总/南/一'], roles: ['销冠', '督导']},
        ],
        transfers: [
          {member: 'plain', to: '/总/北', from: '2026-12-01T08:00:00+08:00', until: '2026-12-02T08:00:00+08:00'},
        ],
      },
    })
    expect(found.map(({says}) => says.zh.includes('plain'))).toEqual([true])
  })
})

describe('the tie check against brute force', () => {
  const audience = fc.record(
    {
      departments: fc.subarray(['/总', '/总/南', '/总/南/一', '/总/北'], {maxLength: 2}),
      roles: fc.subarray(['销冠', '督导'], {maxLength: 1}),
      channels: fc.subarray(['x', 'y'], {maxLength: 1}),
    },
    {requiredKeys: []},
  )
  const body = fc.record({
    template: fc.constantFrom('a', 'b'),
    priority: fc.constantFrom(0, 0, 1),
  })
  const schedules = fc.array(fc.record({audience, body}), {minLength: 2, maxLength: 5})

  it('finds a tie exactly where some member, by some state, meets one', () => {
    fc.assert(
      fc.property(schedules, (drawn) => {
        const config = configOf(
          world(...drawn.map(({audience: who, body: what}, index) => schedule(`s${index}`, who, what))),
        )
        const found = checkConfig(config, new Set(), NOW_MS).filter(({rule}) => rule === 'ambiguous-priority')
        const release = assembleRelease(config)
        const directory = assembleDirectory(config)
        // Each level is asked alone, so that a narrower one cannot hide a tie.
        const levels = [
          (who: {channels?: readonly string[]}) => (who.channels ?? []).length > 0,
          (who: {channels?: readonly string[]; roles?: readonly string[]}) =>
            (who.channels ?? []).length === 0 && (who.roles ?? []).length > 0,
          (who: {channels?: readonly string[]; roles?: readonly string[]; departments?: readonly string[]}) =>
            (who.channels ?? []).length + (who.roles ?? []).length === 0 && (who.departments ?? []).length > 0,
          (who: {channels?: readonly string[]; roles?: readonly string[]; departments?: readonly string[]}) =>
            (who.channels ?? []).length + (who.roles ?? []).length + (who.departments ?? []).length === 0,
        ]
        const isTied = levels.some((isAt) => {
          const own = Object.fromEntries(
            Object.entries(release.schedules).filter(([id]) => isAt(drawn[Number(id.slice(1))]?.audience ?? {})),
          )
          const greeter = createGreeter({...release, schedules: own}, directory)
          return directory.members.some(({id}) =>
            [undefined, 'x1', 'x2'].some((state) =>
              greeter.choose({member: id, atMs: NOW_MS, ...(state ? {state} : {})}).notices.includes('ambiguous'),
            ),
          )
        })
        expect(found.length > 0).toBe(isTied)
      }),
      {numRuns: 1500},
    )
  })
})
