import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {compareExperiences, type Experience} from '../../scripts/core/greet/compare-experiences.js'
import {worldOf} from '../../scripts/core/release/assemble-release.js'
import {choosePlainly, type Question, type World} from '../greet/oracle.js'
import {anyQuestion, anyWorld, configOfWorld, MEMBERS} from '../greet/worlds.js'
import {type Changes, configOf} from '../support/a-config.js'
import {BARE, instant, members, schedule, templates} from '../support/a-greeter.js'

const DAY_MS = 86_400_000
const FROM = instant('2026-11-25T10:00:00')

const SHOP: Changes = {
  ...BARE,
  ...members(
    {id: 'mei', departments: ['/总部/门店'], displayName: '梅'},
    {id: 'lan', departments: ['/总部/门店']},
    {id: 'hao', departments: ['/总部/仓库']},
  ),
  ...templates('day', 'night', 'code', 'all'),
  'templates/day.yaml': {title: '白天', text: '[客户昵称]您好，我是[员工姓名]，[门店名称]欢迎您', fallback: '您好'},
  ...schedule(
    'store',
    {departments: ['/总部/门店']},
    {slots: [{from: '06:00', to: '22:00', template: 'day'}], default: 'night'},
  ),
  ...schedule('all', {}, {template: 'all'}),
  'facts.yaml': {'/总部/门店': {门店名称: '一号店'}},
  'channels/table.yaml': {title: '桌贴', state: 'tbl', kind: 'external'},
}

function differences(changes: Changes, days = 2): Experience[] {
  const [before, after] = [configOf(SHOP), configOf({...SHOP, ...changes})]
  return compareExperiences(worldOf(before), worldOf(after), FROM, FROM + days * DAY_MS)
}

const shown = (list: readonly Experience[]) =>
  list.map(({before, after, members: who, states, windows}) => ({
    change: `${before.template ?? '-'} → ${after.template ?? '-'}`,
    who,
    states,
    when: windows.map(({fromMs, untilMs}) => [new Date(fromMs).toISOString(), new Date(untilMs).toISOString()]),
  }))

describe('the difference of experiences', () => {
  it('of a change that nobody hears is empty: a new name, a new order, another title', () => {
    expect(
      differences({
        'templates/night.yaml': null,
        'templates/dark.yaml': {title: '夜里', text: '这是 night'},
        ...schedule(
          'store',
          {departments: ['/总部/门店']},
          {
            slots: [
              {from: '12:00', to: '22:00', template: 'day'},
              {from: '06:00', to: '12:00', template: 'day'},
            ],
            default: 'dark',
          },
        ),
      }),
    ).toEqual([])
  })
  it('of an hour more names who hears it and exactly when', () => {
    const longer = schedule(
      'store',
      {departments: ['/总部/门店']},
      {slots: [{from: '06:00', to: '23:00', template: 'day'}], default: 'night'},
    )
    expect(shown(differences(longer))).toEqual([
      {
        change: 'night → day',
        who: ['lan', 'mei'],
        states: [null, 'tbl'],
        when: [
          ['2026-11-25T14:00:00.000Z', '2026-11-25T15:00:00.000Z'],
          ['2026-11-26T14:00:00.000Z', '2026-11-26T15:00:00.000Z'],
        ],
      },
    ])
  })
  it('of a fact counts only while a template that uses it is said, and only where it is known', () => {
    const found = differences({'facts.yaml': {'/总部/门店': {门店名称: '二号店'}}})
    expect(shown(found)).toMatchObject([{change: 'day → day', who: ['lan', 'mei']}])
    expect(found[0]?.windows).toEqual([
      {fromMs: FROM, untilMs: instant('2026-11-25T22:00:00')},
      {fromMs: instant('2026-11-26T06:00:00'), untilMs: instant('2026-11-26T22:00:00')},
      {fromMs: instant('2026-11-27T06:00:00'), untilMs: FROM + 2 * DAY_MS},
    ])
    expect(differences({'facts.yaml': {'/总部/门店': {门店名称: '一号店'}, '/总部/仓库': {门店名称: '仓库'}}})).toEqual(
      [],
    )
  })
  it("of a member's own name, of a code's facts and of a code alone name only those who hear it", () => {
    const renamed = members(
      {id: 'mei', departments: ['/总部/门店'], displayName: '小梅'},
      {id: 'lan', departments: ['/总部/门店']},
      {id: 'hao', departments: ['/总部/仓库']},
    )
    expect(shown(differences(renamed))).toMatchObject([{who: ['mei'], states: [null, 'tbl']}])
    const facts = {title: '桌贴', state: 'tbl', kind: 'external', facts: {门店名称: '一号店桌贴'}}
    expect(shown(differences({'channels/table.yaml': facts}))).toMatchObject([{who: ['lan', 'mei'], states: ['tbl']}])
    const code = schedule('code', {channels: ['table'], departments: ['/总部/仓库']}, {template: 'code'})
    expect(shown(differences(code))).toMatchObject([{change: 'all → code', who: ['hao'], states: ['tbl']}])
  })
  it('of a transfer names the one who moves, for as long as he is away', () => {
    const moved = {
      'organization.yaml': {
        members: [
          {id: 'mei', departments: ['/总部/门店'], displayName: '梅'},
          {id: 'lan', departments: ['/总部/门店']},
          {id: 'hao', departments: ['/总部/仓库']},
        ],
        transfers: [
          {member: 'lan', to: '/总部/仓库', from: '2026-11-26T00:00:00+08:00', until: '2026-11-26T03:00:00+08:00'},
        ],
      },
    }
    expect(shown(differences(moved))).toMatchObject([
      {
        change: 'night → all',
        who: ['lan'],
        when: [['2026-11-25T16:00:00.000Z', '2026-11-25T19:00:00.000Z']],
      },
    ])
  })
  it('of somebody new and of somebody gone names them', () => {
    const others = members(
      {id: 'mei', departments: ['/总部/门店'], displayName: '梅'},
      {id: 'new', departments: ['/总部/门店']},
    )
    const found = shown(differences(others))
    expect(new Set(found.flatMap(({who}) => who))).toEqual(new Set(['lan', 'new']))
  })
})

/** What is heard, whoever chose it: every template of a world says its own name. */
const heard = (world: World, question: Question): string => {
  const {says} = choosePlainly(world, question)
  return says
}

describe('the difference of two random configurations, against the second implementation', () => {
  it('holds a question exactly where the two answer it differently', () => {
    let differing = 0
    fc.assert(
      fc.property(
        anyWorld,
        anyWorld,
        fc.array(anyQuestion, {minLength: 10, maxLength: 20}),
        (one, other, questions) => {
          const [first] = questions
          if (!first) return
          const fromMs = first.atMs
          const untilMs = fromMs + 6 * DAY_MS
          const found = compareExperiences(worldOf(configOfWorld(one)), worldOf(configOfWorld(other)), fromMs, untilMs)
          for (const [index, question] of questions.entries()) {
            const {member, onDuty} = question
            const id = MEMBERS.find((each) => each.toLowerCase() === member.toLowerCase())
            // Only states that come through some code are asked, and off duty is told apart from everything else.
            const state = [undefined, 'ab1', 'zz', 'a', 'b~'][index % 5]
            if (id === undefined || onDuty !== undefined) continue
            const atMs = fromMs + ((index * 7_919_000) % (untilMs - fromMs))
            const asked = {member: id, atMs, ...(state === undefined ? {} : {state})}
            const differs = heard(one, asked) !== heard(other, asked)
            const told = found.some(
              ({members: who, states, windows}) =>
                who.includes(id) &&
                states.includes(state ?? null) &&
                windows.some((window) => window.fromMs <= atMs && atMs < window.untilMs),
            )
            // Who is told of may also be off duty at that instant, so a difference told is not always one for him on duty.
            if (differs) expect({...asked, told}).toEqual({...asked, told: true})
            else if (!asksDuty(one) && !asksDuty(other)) expect({...asked, told}).toEqual({...asked, told: false})
            if (differs) differing++
          }
        },
      ),
      {numRuns: 150},
    )
    expect(differing).toBeGreaterThan(100)
  }, 120_000)
})

const asksDuty = ({schedules}: World): boolean =>
  Object.values(schedules).some(({slots = [], dates = []}) =>
    [...slots, ...dates.flatMap((one) => one.slots)].some(({onDuty}) => onDuty),
  )
