import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {rehearsalRemarks} from '../../scripts/core/greet/rehearsal-remarks.js'
import {type Rehearsal, rehearse} from '../../scripts/core/greet/rehearse.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {rehearseShuffled} from '../../scripts/pipeline/rehearse.js'
import {anyWorld, configOfWorld} from '../greet/worlds.js'
import {aConfig, type Changes, configOf, describeRemarks, inFolder} from '../support/a-config.js'
import {BARE, instant, members, schedule, templates} from '../support/a-greeter.js'

const FROM = instant('2026-11-25T10:00:00')
const DAY_MS = 86_400_000

const rehearsed = (files: Changes, days = 7): Rehearsal => {
  const config = configOf({...BARE, ...files})
  return rehearse(assembleRelease(config), assembleDirectory(config), FROM, FROM + days * DAY_MS)
}

const SHOP = {
  ...members(
    {id: 'mei', departments: ['/总部/门店']},
    {id: 'lan', departments: ['/总部/门店']},
    {id: 'hao', departments: ['/总部/仓库']},
  ),
  ...templates('day', 'night', 'code', 'all'),
  ...schedule(
    'store',
    {departments: ['/总部/门店']},
    {slots: [{from: '06:00', to: '22:00', template: 'day'}], default: 'night'},
  ),
  'channels/table.yaml': {title: '桌贴', state: 'tbl', kind: 'external'},
}

describe('a rehearsal', () => {
  it('asks equal people once and counts the instants at which something changes', () => {
    const {lanes, edges, probes, members: count} = rehearsed({...SHOP, ...schedule('all', {}, {template: 'all'})})
    expect(count).toBe(3)
    expect(lanes.map((lane) => lane.members)).toEqual([['hao'], ['lan', 'mei']])
    // Two edges a day for the shop, none for the warehouse; three questions an edge, and two at the very start of each lane.
    expect(edges).toBe(14)
    expect(probes).toBe(14 * 3 + 2 * 2)
  })
  it('asks through every code that makes a difference, and once through those that make none', () => {
    const {lanes} = rehearsed({
      ...SHOP,
      ...schedule('all', {}, {template: 'all'}),
      ...schedule('code', {channels: ['table']}, {template: 'code'}),
      'channels/idle.yaml': {title: '闲', state: 'idle', kind: 'external'},
    })
    expect(lanes.map(({members: who, states}) => [who, states])).toEqual([
      [['hao'], [null, 'idle']],
      [['hao'], ['tbl']],
      [
        ['lan', 'mei'],
        [null, 'idle'],
      ],
      [['lan', 'mei'], ['tbl']],
    ])
  })
  it('finds whom nothing is said for, from the first such instant on', () => {
    const {gaps, conflicts} = rehearsed(SHOP)
    expect(conflicts).toEqual([])
    expect(gaps).toEqual([{members: ['hao'], state: undefined, fromMs: FROM}])
  })
  it('finds the gap that a campaign leaves when it ends, to the millisecond', () => {
    const ends = '2026-11-28T00:00:00+08:00'
    const {gaps} = rehearsed({
      ...SHOP,
      'templates/all.yaml': {title: 'all', text: '活动', validTo: ends},
      ...schedule('all', {}, {template: 'all'}),
    })
    expect(gaps).toEqual([{members: ['hao'], state: undefined, fromMs: Date.parse(ends)}])
  })
  it('takes the built-in text of somebody who left for no gap', () => {
    const left = {id: 'hao', departments: ['/总部/仓库'], status: 'left', leftAt: '2026-11-20T18:00:00+08:00'}
    const {gaps, notices} = rehearsed({
      ...SHOP,
      ...members({id: 'mei', departments: ['/总部/门店']}, left),
    })
    expect(gaps).toEqual([])
    expect(notices['successor-missing']).toMatchObject({members: ['hao'], fromMs: FROM})
  })
  it('finds schedules that tie only in an hour of the week', () => {
    const slots = (from: string, to: string, template: string) => ({
      slots: [{days: ['sat'], from, to, template}],
      default: 'all',
    })
    const {conflicts} = rehearsed({
      ...SHOP,
      ...schedule('one', {departments: ['/总部']}, slots('09:00', '12:00', 'day')),
      ...schedule('two', {departments: ['/总部']}, slots('11:00', '13:00', 'night')),
    })
    expect(conflicts).toEqual([{members: ['hao'], state: undefined, fromMs: instant('2026-11-28T09:00:00')}])
  })
  it('names at most five people and the member it starts with, in both languages', () => {
    const many = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((id) => ({id, departments: ['/总部/仓库']}))
    const files = {...BARE, ...SHOP, ...members({id: 'mei', departments: ['/总部/门店']}, ...many)}
    const config = configOf(files)
    const [remark, ...rest] = rehearsalRemarks(rehearsed(files), config)
    expect(rest).toEqual([])
    expect(describeRemarks(remark ? [remark] : [])).toEqual(['rehearsal-gap organization.yaml /members/1'])
    expect(remark?.says.zh).toContain('a1、a2、a3、a4、a5 等 6 人从 2026-11-25T10:00:00+08:00 起')
    expect(remark?.says.en).toContain('a1, a2, a3, a4, a5 and 1 more')
  })
})

describe('the digest of a rehearsal', () => {
  it('does not depend on the order in which files, members and schedules are met', () => {
    fc.assert(
      fc.property(anyWorld, fc.constantFrom('2026-10-24T18:00:00Z', '2026-12-31T10:00:00Z'), (world, from) => {
        const config = configOfWorld(world)
        const turned = configOfWorld({
          ...world,
          schedules: Object.fromEntries(Object.entries(world.schedules).reverse()),
          templates: Object.fromEntries(Object.entries(world.templates).reverse()),
          channels: Object.fromEntries(Object.entries(world.channels).reverse()),
          organization: {...world.organization, members: [...(world.organization.members ?? [])].reverse()},
        })
        const fromMs = Date.parse(from)
        const [one, other] = [config, turned].map((each) =>
          rehearse(assembleRelease(each), assembleDirectory(each), fromMs, fromMs + 3 * DAY_MS),
        )
        expect(other?.digest).toBe(one?.digest)
        expect(one?.contradictions).toEqual([])
      }),
      {numRuns: 150},
    )
  }, 120_000)
  it('does not depend on the order in which the folder lists its files', async () => {
    const grant = (role: string) => [{role, to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-1'}]
    const files = {
      'roles.yaml': {编辑: {may: ['edit-text']}, 审批人: {may: ['approve']}},
      'grants/a.yaml': grant('编辑'),
      'grants/b.yaml': grant('审批人'),
      'grants/c.yaml': grant('编辑'),
    }
    const digests = await inFolder(aConfig(files), async (folder) => {
      const seeds = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']
      return Promise.all(seeds.map((seed) => rehearseShuffled(folder, seed, FROM, FROM + DAY_MS)))
    })
    expect(new Set(digests).size).toBe(1)
  })
  it('changes with one word of one template, with one second of one slot and with one member', () => {
    const files = {...SHOP, ...schedule('all', {}, {template: 'all'})}
    const digests = [
      files,
      {...files, 'templates/day.yaml': {title: 'day', text: '这是 day。'}},
      {
        ...files,
        ...schedule(
          'store',
          {departments: ['/总部/门店']},
          {slots: [{from: '06:00', to: '22:00:01', template: 'day'}], default: 'night'},
        ),
      },
      {...files, ...members({id: 'mei', departments: ['/总部/门店']})},
    ].map((each) => rehearsed(each).digest)
    expect(new Set(digests).size).toBe(4)
  })
})
