import {describe, expect, it} from '@jest/globals'
import type {CheckInRow} from '../../scripts/core/respond/duty.js'
import type {CheckInAnswer, CheckInQuestion} from '../../scripts/responder/ports.js'
import {startDocument} from '../support/a-config.js'
import {startCompany} from './a-company.js'
import {aPunch, aWorld, START_MS, textsOf, type WorldOptions} from './a-responder.js'

const MINUTE_MS = 60_000

/** On duty he says one thing, off duty another; the roster has him on his shift. */
const CHANGES = {
  'templates/on.yaml': {title: '在岗', text: '我在岗'},
  'templates/off.yaml': {title: '不在岗', text: '稍后回复'},
  'rosters/stores.yaml': {
    title: '班表',
    shifts: {早班: {from: '09:00', to: '18:00'}},
    importedAt: '2026-11-20T00:00:00+08:00',
    staleAfterDays: 30,
    days: {'2026-11-24': {早班: ['zhang.san']}},
  },
  'schedules/all.yaml': {
    title: '在岗',
    audience: {},
    slots: [{shift: '早班', onDuty: true, template: 'on'}],
    default: 'off',
  },
}

const IN = aPunch('ZHANG.SAN', '2026-11-24T08:55:00+08:00')
const rows = (...all: CheckInRow[]): CheckInAnswer => ({kind: 'rows', rows: all})

/** A world whose check-in is answered by `answer`, and the questions it was asked. */
async function aDutyWorld(
  answer: (question: CheckInQuestion) => CheckInAnswer | Promise<CheckInAnswer>,
  options: WorldOptions = {},
) {
  const questions: CheckInQuestion[] = []
  const world = await aWorld({
    changes: CHANGES,
    fetchCheckIns: async (question) => {
      questions.push(question)
      return await answer(question)
    },
    ...options,
  })
  await world.clock.settle()
  return {world, questions}
}

describe('a responder that asks check-in', () => {
  it.each<[string, CheckInAnswer, string]>([
    ['at work', rows(IN), '我在岗'],
    ['not at work', rows(), '稍后回复'],
    ['gone home', rows(IN, aPunch('zhang.san', '2026-11-24T09:59:59+08:00', '下班打卡')), '稍后回复'],
    ['no right to ask: the roster', {kind: 'refused', errcode: 48002, says: 'no'}, '我在岗'],
    ['too many calls: the roster', {kind: 'refused', errcode: 45009, says: 'no'}, '我在岗'],
  ])('%s', async (_promise, answer, text) => {
    const {world} = await aDutyWorld(() => answer)
    await world.deliver()
    expect(textsOf(world)).toEqual([text])
  })

  it('asks only about those who have the shift, and for one shift back', async () => {
    const {questions} = await aDutyWorld(() => rows())
    expect(questions).toEqual([
      {members: ['zhang.san'], fromMs: START_MS - 16 * 60 * MINUTE_MS - MINUTE_MS, untilMs: START_MS},
    ])
  })

  it('asks nothing when no slot asks for duty', async () => {
    const {world, questions} = await aDutyWorld(() => rows(), {changes: {}})
    await world.clock.advance(10 * MINUTE_MS)
    expect(questions).toEqual([])
  })

  it('asks every two minutes and never because somebody is greeted', async () => {
    const {world, questions} = await aDutyWorld(() => rows(IN))
    for (let n = 0; n < 5; n++) await world.deliver({customer: `wm${n}`, code: `C${n}`})
    expect(questions).toHaveLength(1)
    await world.clock.advance(2 * MINUTE_MS)
    expect(questions).toHaveLength(2)
  })

  it('an interface that goes down is believed for ten minutes, then the roster decides', async () => {
    let isDown = false
    const {world} = await aDutyWorld(() => (isDown ? Promise.reject(new Error('no route')) : rows()))
    isDown = true
    await world.clock.advance(10 * MINUTE_MS - 1)
    await world.deliver({customer: 'wm1', code: 'A'})
    await world.clock.advance(1)
    await world.deliver({customer: 'wm2', code: 'B'})
    expect(textsOf(world)).toEqual(['稍后回复', '我在岗'])
    expect(world.logged.filter(({text}) => text.includes('check-in'))).toHaveLength(1)
  })

  it('an interface that hangs keeps nobody waiting, and is asked again', async () => {
    const {world, questions} = await aDutyWorld(() => new Promise(() => undefined))
    await world.deliver()
    expect(textsOf(world)).toEqual(['我在岗'])
    await world.clock.advance(3 * MINUTE_MS - 1)
    expect(world.counter('duty_read_failed')).toBe(1)
    expect(questions).toHaveLength(2)
  })

  it('one id that check-in does not know spoils nobody else’s answer', async () => {
    const days = {'2026-11-24': {早班: ['zhang.san', 'wang.dian', 'li.si']}}
    const {world, questions} = await aDutyWorld(
      ({members}) =>
        members.includes('li.si')
          ? {kind: 'refused', errcode: 301021, says: 'no'}
          : rows(...members.map((id) => ({...IN, userId: id}))),
      {changes: {...CHANGES, 'rosters/stores.yaml': {...CHANGES['rosters/stores.yaml'], days}}},
    )
    await world.deliver({customer: 'wm1', code: 'A', member: 'wang.dian'})
    expect(textsOf(world)).toEqual(['我在岗'])
    expect(world.counter('duty_member_unknown')).toBe(1)
    const before = questions.length
    await world.clock.advance(2 * MINUTE_MS)
    expect(questions.slice(before).map(({members}) => members)).toEqual([['wang.dian', 'zhang.san']])
  })

  it('asks about at most 100 at once', async () => {
    const organization = startDocument<{members: readonly object[]}>('organization.yaml')
    const members = Array.from({length: 101}, (_one, n) => ({id: `m${n}`, departments: ['/总部']}))
    const {questions} = await aDutyWorld(() => rows(), {
      changes: {
        ...CHANGES,
        'organization.yaml': {...organization, members},
        'schedules/all.yaml': {
          ...CHANGES['schedules/all.yaml'],
          slots: [{from: '09:00', to: '18:00', onDuty: true, template: 'on'}],
        },
      },
    })
    expect(questions.map((question) => question.members.length)).toEqual([100, 1])
  })

  it('says how old its data are', async () => {
    const {world} = await aDutyWorld(() => rows(IN))
    await world.clock.advance(MINUTE_MS)
    const {body} = await world.responder.app.inject({method: 'GET', url: '/healthz'})
    expect(JSON.parse(body)).toMatchObject({dutyAgeMs: MINUTE_MS})
  })
})

describe('check-in over the wire', () => {
  const row = (type: string, at: string) => ({
    userid: 'zhang.san',
    checkin_type: type,
    exception_type: '',
    checkin_time: Date.parse(at) / 1000,
  })

  it('a punch out changes the answer', async () => {
    const company = await startCompany({changes: CHANGES})
    await company.sandbox.control('/checkins', {rows: [row('上班打卡', '2026-11-24T08:55:00+08:00')]})
    await company.untilRead('duty_read')
    expect(await company.greet('wm1')).toBe('我在岗')
    await company.sandbox.control('/checkins', {
      rows: [row('上班打卡', '2026-11-24T08:55:00+08:00'), row('下班打卡', '2026-11-24T10:00:00+08:00')],
    })
    await company.untilRead('duty_read')
    expect(await company.greet('wm2')).toBe('稍后回复')
    await company.close()
  })

  it('an app that is not on the list of check-in is told what to do, and the roster decides', async () => {
    const company = await startCompany({changes: CHANGES}, {permissions: ['customer-contact']})
    await company.untilRead('duty_read_failed')
    expect(await company.greet('wm1')).toBe('我在岗')
    expect(company.world.logged.map(({text}) => text)).toContainEqual(expect.stringContaining('可调用接口的应用'))
    await company.close()
  })
})
