import {describe, expect, it} from '@jest/globals'
import {aGreeter, type Asked, type AskedGreeter, BARE, members, schedule, templates} from '../support/a-greeter.js'

const AT = '2026-11-25T15:00:00'
const ASKED: Asked = {member: 'mei', state: 'abc', at: AT}

const PEOPLE = {
  ...members({
    id: 'mei',
    departments: ['/总部/华南/一店', '/总部/华北/二店'],
    roles: ['督导'],
    attributes: {星级: 4, 级别: '金'},
  }),
  'channels/exact.yaml': {title: '一张', state: 'abc', kind: 'external'},
  'channels/long.yaml': {title: '长前缀', statePrefix: 'ab', kind: 'external'},
  'channels/short.yaml': {title: '短前缀', statePrefix: 'a', kind: 'external'},
  ...templates('a', 'b', 'c', 'wide'),
}

const over = (files: Record<string, object>): AskedGreeter => aGreeter({...BARE, ...PEOPLE, ...files})
const everybody = schedule('wide', {}, {template: 'wide'})

interface Traits {
  readonly code?: 'exact' | 'long' | 'short'
  readonly on?: 'main' | 'other'
  readonly depth?: 2 | 3
  readonly more?: boolean
  readonly priority?: number
}

const DEPARTMENTS = {
  main: {2: '/总部/华南', 3: '/总部/华南/一店'},
  other: {2: '/总部/华北', 3: '/总部/华北/二店'},
} as const

type Base = 'channel' | 'member' | 'role' | 'department'

function withTraits(id: string, base: Base, traits: Traits): Record<string, object> {
  const {code = 'long', on = 'main', depth = 2, more = false, priority = 0} = traits
  const audience = {
    departments: [DEPARTMENTS[on][depth]],
    ...(base === 'channel' ? {channels: [code]} : {}),
    ...(base === 'member' ? {members: ['mei']} : {}),
    ...(base === 'role' ? {roles: ['督导']} : {}),
    ...(more ? {levels: {星级: '>=3'}} : {}),
  }
  return schedule(id, audience, {template: id, priority})
}

/** First comes first: what the better and the worse of two schedules look like by each criterion alone. */
const CRITERIA: readonly (readonly [name: string, better: Traits, worse: Traits, bases: readonly Base[]])[] = [
  ['exact state', {code: 'exact'}, {code: 'long'}, ['channel']],
  ['longest prefix', {code: 'long'}, {code: 'short'}, ['channel']],
  ['main department', {on: 'main'}, {on: 'other'}, ['channel', 'member', 'role', 'department']],
  ['deepest department', {depth: 3}, {depth: 2}, ['channel', 'member', 'role', 'department']],
  ['more dimensions', {more: true}, {more: false}, ['channel', 'member', 'role']],
  ['higher priority', {priority: 5}, {priority: -5}, ['channel', 'member', 'role', 'department']],
]

describe('the order inside a level', () => {
  const alone = CRITERIA.flatMap(([name, better, worse, bases]) =>
    bases.map((base) => [name, base, better, worse] as const),
  )
  it.each(alone)('%s alone decides at the %s level', (_name, base, better, worse) => {
    for (const [first, second] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const {choose} = over({...withTraits(first, base, better), ...withTraits(second, base, worse), ...everybody})
      expect(choose(ASKED)).toMatchObject({template: first, level: base, notices: []})
    }
  })

  const pairs = CRITERIA.flatMap(([stronger, better, worse, bases], index) =>
    CRITERIA.slice(index + 1).flatMap(([weaker, otherBetter, otherWorse, otherBases]) =>
      bases
        .filter((base) => otherBases.includes(base) && !('code' in better && 'code' in otherBetter))
        .map((base) => [stronger, weaker, base, {...otherWorse, ...better}, {...otherBetter, ...worse}] as const),
    ),
  )
  it.each(pairs)('%s comes before %s at the %s level', (_stronger, _weaker, base, first, second) => {
    for (const [winner, loser] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const {says} = over({...withTraits(winner, base, first), ...withTraits(loser, base, second)})
      expect(says(ASKED)).toBe(winner)
    }
  })

  it('a schedule that matches by another department comes before one without departments', () => {
    const {says} = over({
      ...schedule('a', {roles: ['督导'], departments: ['/总部/华北']}, {template: 'a'}),
      ...schedule('b', {roles: ['督导']}, {template: 'b', priority: 9}),
    })
    expect(says(ASKED)).toBe('a')
  })

  it('of several matching departments the one on the main path counts, however shallow', () => {
    const {says} = over({
      ...schedule('a', {departments: ['/总部', '/总部/华北/二店']}, {template: 'a', priority: 9}),
      ...schedule('b', {departments: ['/总部/华南']}, {template: 'b'}),
    })
    expect(says(ASKED)).toBe('b')
  })

  it('roles and levels are two dimensions of one level', () => {
    const {choose} = over({
      ...schedule('a', {roles: ['督导'], levels: {星级: '>=3'}}, {template: 'a'}),
      ...schedule('b', {levels: {星级: '>=3', 级别: '=金'}}, {template: 'b', priority: 9}),
    })
    expect(choose(ASKED)).toMatchObject({template: 'a', level: 'role'})
  })

  it('an empty list or map is no dimension', () => {
    const {choose} = over({
      ...schedule('a', {members: [], departments: [], roles: [], levels: {}, channels: []}, {template: 'a'}),
    })
    expect(choose(ASKED)).toMatchObject({template: 'a', level: 'everybody'})
  })

  it('exclusions are no dimension', () => {
    const {choose} = over({
      ...schedule('a', {departments: ['/总部/华南'], exclude: {members: ['other']}}, {template: 'a'}),
      ...schedule('b', {departments: ['/总部/华南']}, {template: 'b', priority: 1}),
    })
    expect(choose(ASKED)).toMatchObject({template: 'b', level: 'department'})
  })
})

describe('the levels', () => {
  const LEVELS = [
    ['channel', {channels: ['short']}],
    ['member', {members: ['mei']}],
    ['role', {roles: ['督导']}],
    ['department', {departments: ['/总部']}],
    ['everybody', {}],
  ] as const
  const pairs = LEVELS.flatMap(([first, a], index) =>
    LEVELS.slice(index + 1).map(([second, b]) => [first, second, a, b] as const),
  )
  it.each(pairs)('%s comes before %s whatever the priority', (first, _second, a, b) => {
    const {choose} = over({
      ...schedule('a', a, {template: 'a'}),
      ...schedule('b', b, {template: 'b', priority: 100}),
    })
    expect(choose(ASKED)).toMatchObject({template: 'a', level: first})
  })

  it('a level by attributes stands where roles stand', () => {
    const {choose} = over({
      ...schedule('a', {levels: {星级: '>=3'}}, {template: 'a'}),
      ...schedule('b', {departments: ['/总部/华南/一店']}, {template: 'b'}),
    })
    expect(choose(ASKED)).toMatchObject({template: 'a', level: 'role'})
  })

  it('nothing that applies says the built-in text of last resort', () => {
    const {choose, render} = over({})
    expect(choose(ASKED)).toMatchObject({template: null, silent: false, level: 'built-in', schedule: null})
    expect(render(ASKED).text).toBe('您好，已收到您的添加，稍后回复您。')
  })

  it.each([
    [{星级: '>=4'}, true],
    [{星级: '>=5'}, false],
    [{星级: '>4'}, false],
    [{星级: '>3.5'}, true],
    [{星级: '<=4'}, true],
    [{星级: '<4'}, false],
    [{星级: '=4'}, true],
    [{星级: '= 4'}, true],
    [{星级: '=3'}, false],
    [{星级: [3, 4]}, true],
    [{星级: [1, 2]}, false],
    [{级别: ['金', '银']}, true],
    [{级别: '=金'}, true],
    [{级别: '=银'}, false],
    [{级别: '>=3'}, false],
    [{城市: ['广州']}, false],
    [{城市: '<9'}, false],
    [{星级: '>=3', 级别: '=金'}, true],
    [{星级: '>=3', 级别: '=银'}, false],
  ])('the level %j is met: %s', (levels, met) => {
    const {says} = over({...schedule('a', {levels}, {template: 'a'}), ...everybody})
    expect(says(ASKED)).toBe(met ? 'a' : 'wide')
  })
})

describe('ties', () => {
  const tied = (extra: Record<string, object> = {}): AskedGreeter =>
    over({
      ...schedule('a', {departments: ['/总部/华南']}, {template: 'a'}),
      ...schedule('b', {departments: ['/总部/华南']}, {template: 'b'}),
      ...everybody,
      ...extra,
    })
  it('two schedules that tie with different texts skip their level, and it is counted', () => {
    const {choice, because} = tied().explain(ASKED)
    expect(choice).toMatchObject({template: 'wide', level: 'everybody', notices: ['ambiguous']})
    expect(because.map(({en}) => en).join(' ')).toMatch(/a, b tie/)
  })
  it('a tie with one result is none', () => {
    const {choose} = tied(schedule('b', {departments: ['/总部/华南']}, {template: 'a'}))
    expect(choose(ASKED)).toMatchObject({template: 'a', notices: []})
  })
  it('a tie is not decided by the order of files', () => {
    const {says} = tied({...schedule('0', {departments: ['/总部/华南']}, {template: 'c'})})
    expect(says(ASKED)).toBe('wide')
  })
  it('two that both hand on are no tie', () => {
    const {choose} = over({
      ...schedule('a', {channels: ['exact']}, {mode: 'inherit'}),
      ...schedule('b', {channels: ['exact']}, {template: 'c', validTo: '2020-01-01T00:00:00Z'}),
      ...schedule('c', {channels: ['exact']}, {mode: 'inherit'}),
      ...everybody,
    })
    expect(choose(ASKED)).toMatchObject({template: 'wide', notices: []})
  })
  it('handing on against a text is a tie', () => {
    const {choose} = over({
      ...schedule('a', {channels: ['exact']}, {mode: 'inherit'}),
      ...schedule('b', {channels: ['exact']}, {template: 'b'}),
      ...everybody,
    })
    expect(choose(ASKED)).toMatchObject({template: 'wide', notices: ['ambiguous']})
  })
  it('at the last level a tie leaves the built-in text', () => {
    const {choose} = over({...schedule('a', {}, {template: 'a'}), ...schedule('b', {}, {template: 'b'})})
    expect(choose(ASKED)).toMatchObject({level: 'built-in', template: null, silent: false, notices: ['ambiguous']})
  })
})

describe('silence and handing on', () => {
  const south = {departments: ['/总部/华南']}
  it('silence beats what it ties with, whatever the priority', () => {
    const {says} = over({
      ...schedule('quiet', south, {mode: 'silent'}),
      ...schedule('b', south, {template: 'b', priority: 100}),
      ...everybody,
    })
    expect(says(ASKED)).toBe('-')
  })
  it('something deeper still wins over silence', () => {
    const {says} = over({
      ...schedule('quiet', south, {mode: 'silent', priority: 100}),
      ...schedule('b', {departments: ['/总部/华南/一店']}, {template: 'b'}),
    })
    expect(says(ASKED)).toBe('b')
  })
  it('a more specific level still wins over silence', () => {
    const {says} = over({
      ...schedule('quiet', south, {mode: 'silent'}),
      ...schedule('b', {roles: ['督导']}, {template: 'b'}),
    })
    expect(says(ASKED)).toBe('b')
  })
  it('silence of a deeper department keeps a wider text away', () => {
    const {says} = over({
      ...schedule('quiet', {departments: ['/总部/华南/一店']}, {mode: 'silent'}),
      ...schedule('b', south, {template: 'b', priority: 100}),
    })
    expect(says(ASKED)).toBe('-')
  })
  it('two silences are no tie', () => {
    const {choose} = over({
      ...schedule('quiet', south, {mode: 'silent'}),
      ...schedule('still', south, {mode: 'silent', priority: 3}),
    })
    expect(choose(ASKED)).toMatchObject({silent: true, notices: []})
  })
  it('a silent slot has no such power: it ties', () => {
    const {choose} = over({
      ...schedule('slots', south, {slots: [{from: '00:00', to: '24:00', template: 'silent'}], default: 'a'}),
      ...schedule('b', south, {template: 'b'}),
      ...everybody,
    })
    expect(choose(ASKED)).toMatchObject({template: 'wide', notices: ['ambiguous']})
  })
  it('a silent slot loses to a higher priority', () => {
    const {says} = over({
      ...schedule('slots', south, {slots: [{from: '00:00', to: '24:00', template: 'silent'}], default: 'a'}),
      ...schedule('b', south, {template: 'b', priority: 1}),
    })
    expect(says(ASKED)).toBe('b')
  })
  it('a silent slot says nothing on purpose and goes no further', () => {
    const {choose} = over({
      ...schedule('slots', south, {slots: [{from: '09:00', to: '18:00', template: 'silent'}], default: 'a'}),
      ...everybody,
    })
    expect(choose(ASKED)).toMatchObject({silent: true, template: null, schedule: 'slots', slot: {name: 'slots[0]'}})
  })
  it('a silent default says nothing on purpose', () => {
    const {choose} = over({
      ...schedule('slots', south, {slots: [{from: '09:00', to: '10:00', template: 'a'}], default: 'silent'}),
      ...everybody,
    })
    expect(choose(ASKED)).toMatchObject({silent: true, slot: {name: 'default'}})
  })
  it('a channel that is silent ends there', () => {
    const {says} = over({...schedule('quiet', {channels: ['exact']}, {mode: 'silent'}), ...everybody})
    expect(says(ASKED)).toBe('-')
  })
  it('a channel that inherits hands on to the member, not to another channel', () => {
    const {choose} = over({
      ...schedule('hand-on', {channels: ['exact']}, {mode: 'inherit'}),
      ...schedule('a', {channels: ['long']}, {template: 'a'}),
      ...schedule('b', {members: ['mei']}, {template: 'b'}),
    })
    expect(choose(ASKED)).toMatchObject({template: 'b', level: 'member'})
  })
})

describe('exclusions', () => {
  const asked = (exclude: object): string =>
    over({...schedule('a', {departments: ['/总部/华南'], exclude}, {template: 'a'}), ...everybody}).says(ASKED)
  it.each([
    ['nobody', {}, 'a'],
    ['empty lists', {members: [], departments: [], roles: [], channels: []}, 'a'],
    ['the member', {members: ['mei']}, 'wide'],
    ['the member, in other case', {members: ['MEI']}, 'wide'],
    ['another member', {members: ['li']}, 'a'],
    ['his main department', {departments: ['/总部/华南/一店']}, 'wide'],
    ['another of his departments', {departments: ['/总部/华北']}, 'wide'],
    ['a department with a longer name', {departments: ['/总部/华南/一店二楼', '/总部/华']}, 'a'],
    ['his role', {roles: ['督导']}, 'wide'],
    ['another role', {roles: ['销冠']}, 'a'],
    ['the exact channel', {channels: ['exact']}, 'wide'],
    ['a channel that matches by prefix', {channels: ['short']}, 'wide'],
  ])('excluding %s', (_whom, exclude, expected) => {
    expect(asked(exclude)).toBe(expected)
  })
  it('removes only its own schedule', () => {
    const {says} = over({
      ...schedule('a', {departments: ['/总部/华南'], exclude: {members: ['mei']}}, {template: 'a'}),
      ...schedule('b', {departments: ['/总部/华南']}, {template: 'b', priority: -1}),
    })
    expect(says(ASKED)).toBe('b')
  })
  it('an excluded channel excludes nobody who came without a code', () => {
    const {says} = over({
      ...schedule('a', {departments: ['/总部/华南'], exclude: {channels: ['exact']}}, {template: 'a'}),
      ...everybody,
    })
    expect(says({member: 'mei', at: AT})).toBe('a')
  })
})

describe('codes', () => {
  const {says, choose} = over({
    ...schedule('a', {channels: ['exact']}, {template: 'a'}),
    ...schedule('b', {channels: ['short']}, {template: 'b'}),
    ...everybody,
  })
  it.each([
    ['abc', 'a'],
    ['abcd', 'b'],
    ['ab', 'b'],
    ['a', 'b'],
    ['A', 'wide'],
    ['ABC', 'wide'],
    ['xabc', 'wide'],
    ['', 'wide'],
  ])('the state %j hears %s', (state, expected) => {
    expect(says({...ASKED, state})).toBe(expected)
  })
  it('a state belongs to every channel that matches it, best first', () => {
    expect(choose(ASKED).channels).toEqual(['exact', 'long', 'short'])
  })
  it('a state compares in Unicode NFC', () => {
    const greeter = over({
      'channels/cafe.yaml': {title: '咖啡', state: 'café', kind: 'external'},
      ...schedule('a', {channels: ['cafe']}, {template: 'a'}),
    })
    expect(greeter.says({...ASKED, state: 'cafe\u0301'})).toBe('a')
  })
})
