import {describe, expect, it} from '@jest/globals'
import type {Directory, Member} from '../../scripts/core/model/directory.js'
import {evaluateDuty, isPunch, LONGEST_SHIFT_MS} from '../../scripts/core/respond/duty.js'
import {findDutyMembers} from '../../scripts/core/respond/find-duty-members.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {type Changes, configOf, startDocument} from '../support/a-config.js'
import {aPunch, START_MS} from './a-responder.js'

const STALE_MS = 600_000
const AT_NINE = '2026-11-24T09:00:00+08:00'
const AT_NINE_MS = Date.parse(AT_NINE)

describe('whether check-in says that somebody is at work', () => {
  const ask = (rows: Parameters<typeof aPunch>[], atMs = START_MS) =>
    evaluateDuty(
      {readAtMs: START_MS, rows: rows.map((row) => aPunch(...row))},
      {atMs, nowMs: START_MS, staleMs: STALE_MS},
    )

  it.each<[string, Parameters<typeof aPunch>[], string]>([
    ['nobody punched in', [], 'off'],
    ['punched in', [['a', AT_NINE]], 'on'],
    ['punched in late', [['a', AT_NINE, '上班打卡', '时间异常']], 'on'],
    [
      'punched out',
      [
        ['a', AT_NINE],
        ['a', '2026-11-24T09:30:00+08:00', '下班打卡'],
      ],
      'off',
    ],
    [
      'the order of rows says nothing',
      [
        ['a', '2026-11-24T09:30:00+08:00', '下班打卡'],
        ['a', AT_NINE],
      ],
      'off',
    ],
    ['a punch that was due and not made', [['a', AT_NINE, '上班打卡', '未打卡']], 'off'],
    ['at work outside', [['a', AT_NINE, '外出打卡']], 'on'],
    [
      'out of one shift and into the next at once',
      [
        ['a', AT_NINE, '下班打卡'],
        ['a', AT_NINE],
      ],
      'on',
    ],
    ['a kind nobody knows', [['a', AT_NINE, '休息']], 'off'],
  ])('%s', (_promise, rows, duty) => expect(ask(rows)).toBe(duty))

  it('from the second of the punch on', () => {
    expect(ask([['a', AT_NINE]], AT_NINE_MS - 1)).toBe('off')
    expect(ask([['a', AT_NINE]], AT_NINE_MS)).toBe('on')
  })

  it('for at most the longest shift', () => {
    expect(ask([['a', AT_NINE]], AT_NINE_MS + LONGEST_SHIFT_MS - 1)).toBe('on')
    expect(ask([['a', AT_NINE]], AT_NINE_MS + LONGEST_SHIFT_MS)).toBe('off')
  })

  it('is unknown without data, and from ten minutes of age on', () => {
    const reading = {readAtMs: START_MS, rows: [aPunch('a', AT_NINE)]}
    const after = (ageMs: number) => evaluateDuty(reading, {atMs: START_MS, nowMs: START_MS + ageMs, staleMs: STALE_MS})
    expect(evaluateDuty(undefined, {atMs: START_MS, nowMs: START_MS, staleMs: STALE_MS})).toBe('unknown')
    expect([after(STALE_MS - 1), after(STALE_MS)]).toEqual(['on', 'unknown'])
  })

  it('counts a punch among several exceptions', () => {
    expect(isPunch(aPunch('a', AT_NINE, '上班打卡', '地点异常;wifi异常'))).toBe(true)
    expect(isPunch(aPunch('a', AT_NINE, '上班打卡', '地点异常;未打卡'))).toBe(false)
  })
})

describe('who is asked about', () => {
  const slot = {from: '09:00', to: '18:00', onDuty: true, template: 'hello'}
  const schedule = (changes: object) => ({title: '在岗', audience: {}, slots: [slot], default: 'hello', ...changes})
  const organization = startDocument('organization.yaml')

  function asked(changes: Changes, alter: (member: Member) => Member = (member) => member): string[] {
    const config = configOf(changes)
    const directory: Directory = assembleDirectory(config)
    const members = directory.members.map(alter)
    return findDutyMembers([assembleRelease(config)], {...directory, members}, START_MS)
  }

  it('nobody when no slot asks', () => expect(asked({})).toEqual([]))

  it('everybody of the audience', () => {
    expect(asked({'schedules/duty.yaml': schedule({})})).toEqual(['li.si', 'wang.dian', 'zhang.san'])
    const south = {audience: {departments: ['/总部/华南区']}}
    expect(asked({'schedules/duty.yaml': schedule(south)})).toEqual(['wang.dian', 'zhang.san'])
    expect(asked({'schedules/duty.yaml': schedule({audience: {members: ['li.si']}})})).toEqual(['li.si'])
  })

  it('not who has left or is disabled', () => {
    const changes = {'schedules/duty.yaml': schedule({})}
    expect(asked(changes, (member) => ({...member, status: 'disabled'}))).toEqual([])
    expect(asked(changes, (member) => ({...member, status: 'left', leftAtMs: START_MS}))).toEqual([])
    expect(asked(changes, (member) => ({...member, status: 'left', leftAtMs: START_MS + 1}))).toHaveLength(3)
  })

  it('who is transferred there', () => {
    const transfers = [
      {
        member: 'li.si',
        to: '/总部/华南区/天河店',
        from: '2026-12-01T00:00:00+08:00',
        until: '2026-12-02T00:00:00+08:00',
      },
    ]
    const changes = {
      'organization.yaml': {...organization, transfers},
      'schedules/duty.yaml': schedule({audience: {departments: ['/总部/华南区/天河店']}}),
    }
    expect(asked(changes)).toEqual(['li.si', 'zhang.san'])
  })

  it('only who has the shift around today, when every slot asks for one', () => {
    const roster = (day: string) => ({
      title: '班表',
      shifts: {早班: {from: '06:00', to: '14:00'}},
      importedAt: '2026-11-20T00:00:00+08:00',
      staleAfterDays: 30,
      days: {[day]: {早班: ['ZHANG.SAN']}},
    })
    const duty = schedule({slots: [{shift: '早班', onDuty: true, template: 'hello'}]})
    const askedFor = (day: string) => asked({'rosters/r.yaml': roster(day), 'schedules/duty.yaml': duty})
    expect(['2026-11-22', '2026-11-23', '2026-11-25', '2026-11-26'].map(askedFor)).toEqual([
      [],
      ['zhang.san'],
      ['zhang.san'],
      [],
    ])
  })

  it('a quarter of an hour before the schedule begins, until it ends', () => {
    const between = (fromMs: number, toMs: number) =>
      asked({
        'schedules/duty.yaml': schedule({
          validFrom: new Date(fromMs).toISOString(),
          validTo: new Date(toMs).toISOString(),
        }),
      }).length
    const AHEAD_MS = 900_000
    expect(between(START_MS + AHEAD_MS, START_MS + 2 * AHEAD_MS)).toBe(3)
    expect(between(START_MS + AHEAD_MS + 1000, START_MS + 2 * AHEAD_MS)).toBe(0)
    expect(between(START_MS - 2000, START_MS + 1000)).toBe(3)
    expect(between(START_MS - 2000, START_MS)).toBe(0)
  })
})
