import {describe, expect, it} from '@jest/globals'
import type {ApplyOutcome} from '../../scripts/pipeline/apply.js'
import {aChannel, type ConfigParts} from './a-config.js'
import {ApplyWorld} from './apply-world.js'
import type {Call, Fault} from './fake-wecom.js'

const SHOP: ConfigParts = {
  channels: {a: aChannel({state: 'a', tags: ['来源/一']}), b: aChannel({state: 'b'})},
  groupWelcomes: {x: {title: 'x', text: 'x'}, y: {title: 'y', text: 'y'}},
  roles: {销冠: {may: ['send-link'], wecomTag: '销冠'}},
  grants: [{role: '销冠', to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-1'}],
}

const statusOf = (outcome: ApplyOutcome, key: string) =>
  outcome.kind === 'ran' ? outcome.reports.find((report) => report.key === key)?.status : undefined

/** The first call of that name fails like this, every later one works. */
const onFirst = (name: Call['name'], fault: Fault) => {
  let isFirst = true
  return (call: Call): Fault | null => {
    if (call.name !== name || !isFirst) return null
    isFirst = false
    return fault
  }
}
const always = (name: Call['name'], fault: Fault) => (call: Call) => (call.name === name ? fault : null)

describe('a lost answer', () => {
  it.each(['lost-done', 'lost-undone'] as const)(
    'to the create of a contact way (%s) ends with exactly one way',
    async (kind) => {
      const world = new ApplyWorld()
      world.wecom.fault = onFirst('addContactWay', {kind})
      expect(await world.ship(SHOP)).toMatchObject({isComplete: true})
      expect([...world.wecom.ways.values()].map(({state}) => state).sort()).toEqual(['a', 'b'])
      expect(world.wecom.countCalls('addContactWay')).toBe(kind === 'lost-done' ? 2 : 3)
      expect((await world.plan(SHOP)).plan.steps).toEqual([])
    },
  )

  it('to every create of contact ways leaves them in doubt, and the next run adopts what was made', async () => {
    const world = new ApplyWorld()
    let isListed = false
    world.wecom.fault = ({name}) => {
      if (name === 'addContactWay') return {kind: 'lost-done'}
      return name === 'listContactWays' && !isListed ? {kind: 'refused', errcode: 45009} : null
    }
    const outcome = await world.ship(SHOP)
    expect(statusOf(outcome, 'contact-way/a')).toBe('ambiguous')
    expect(statusOf(outcome, 'group-welcome/x')).toBe('done')
    expect(world.wecom.ways.size).toBe(2)
    expect(Object.keys((await world.store.readState()).ambiguous).sort()).toEqual(['contact-way/a', 'contact-way/b'])
    isListed = true
    const {plan} = await world.plan(SHOP)
    expect(await world.rest(plan, SHOP)).toMatchObject({isComplete: true})
    expect(world.wecom.ways.size).toBe(2)
    expect((await world.store.readState()).ambiguous).toEqual({})
    expect((await world.plan(SHOP)).plan.steps).toEqual([])
  })

  it('an adopted way is brought to what is wanted now', async () => {
    const world = new ApplyWorld()
    const [before, after] = [['zhang.san'], ['li.si', 'wang.wu']].map((members): ConfigParts => ({
      channels: {a: aChannel({state: 'a', staff: {members}})},
    }))
    world.wecom.fault = ({name}) =>
      name === 'addContactWay' ? {kind: 'lost-done'} : name === 'listContactWays' ? {kind: 'lost-undone'} : null
    await world.ship(before ?? {})
    world.wecom.fault = () => null
    expect(await world.ship(after ?? {})).toMatchObject({isComplete: true})
    expect([...world.wecom.ways.values()]).toMatchObject([{state: 'a', users: ['li.si', 'wang.wu']}])
  })

  it('a way that was found but could not be changed is kept, and the failure is told', async () => {
    const world = new ApplyWorld()
    const way = (members: string[]): ConfigParts => ({channels: {a: aChannel({state: 'a', staff: {members}})}})
    world.wecom.fault = ({name}) =>
      name === 'addContactWay' ? {kind: 'lost-done'} : name === 'listContactWays' ? {kind: 'lost-undone'} : null
    await world.ship(way(['zhang.san']))
    world.wecom.fault = always('updateContactWay', {kind: 'refused', errcode: 84074})
    expect(statusOf(await world.ship(way(['li.si'])), 'contact-way/a')).toBe('failed')
    world.wecom.fault = () => null
    const {plan, fresh} = await world.plan(way(['li.si']))
    expect(fresh.steps).toMatchObject([{action: 'update', before: {users: ['zhang.san']}}])
    expect(await world.rest(plan, way(['li.si']))).toMatchObject({isComplete: true})
    expect([...world.wecom.ways.values()]).toMatchObject([{users: ['li.si']}])
  })

  it.each([
    ['addCorpTags', 'lost-done'],
    ['addCorpTags', 'lost-undone'],
    ['createMemberTag', 'lost-done'],
    ['createMemberTag', 'lost-undone'],
    ['addMemberTagUsers', 'lost-done'],
    ['addMemberTagUsers', 'lost-undone'],
  ] as const)('to %s (%s) is looked up by name or simply done again', async (name, kind) => {
    const world = new ApplyWorld()
    world.wecom.fault = onFirst(name, {kind})
    const outcome = await world.ship(SHOP)
    if (outcome.kind === 'ran' && !outcome.isComplete) {
      const {plan} = await world.plan(SHOP)
      expect(await world.rest(plan, SHOP)).toMatchObject({isComplete: true})
    }
    expect(world.wecom.corpTags).toHaveLength(1)
    expect([...world.wecom.memberTags.values()]).toEqual([{name: '销冠', users: new Set(['zhang.san'])}])
    expect((await world.plan(SHOP)).plan.steps).toEqual([])
  })

  it.each(['lost-done', 'lost-undone'] as const)(
    'to the create of a group welcome (%s) blocks that key alone',
    async (kind) => {
      const world = new ApplyWorld()
      world.wecom.fault = onFirst('addGroupWelcome', {kind})
      const outcome = await world.ship(SHOP)
      const open = Object.keys((await world.store.readState()).ambiguous)
      expect(open).toHaveLength(1)
      expect(statusOf(outcome, open[0] ?? '')).toBe('ambiguous')
      const ended = outcome.kind === 'ran' ? outcome.reports.filter(({status}) => status !== 'done') : []
      expect(ended).toHaveLength(1)
      expect(world.wecom.countCalls('addGroupWelcome')).toBe(2)
      const {plan} = await world.plan(SHOP)
      expect(plan.steps).toEqual([])
      expect(plan.notes).toHaveLength(1)
    },
  )

  const withOpenWelcome = async () => {
    const world = new ApplyWorld()
    world.wecom.fault = onFirst('addGroupWelcome', {kind: 'lost-done'})
    await world.ship(SHOP)
    const state = await world.store.readState()
    const [key = ''] = Object.keys(state.ambiguous)
    const templateId = [...world.wecom.welcomes.keys()][0] ?? ''
    return {world, state, key, templateId}
  }

  it('once adopted by hand it is changed in place like any other', async () => {
    const {world, key, templateId} = await withOpenWelcome()
    const edited = {
      ...SHOP,
      groupWelcomes: {...SHOP.groupWelcomes, x: {title: 'x', text: 'x!'}, y: {title: 'y', text: 'y!'}},
    }
    expect(await world.settle(key, {how: 'adopt', remoteId: templateId})).toMatchObject({
      kind: 'done',
      left: {open: []},
    })
    expect((await world.plan(SHOP)).plan.steps).toEqual([])
    const {fresh} = await world.plan(edited)
    expect(fresh.steps.map(({action}) => action)).toEqual(['update', 'update'])
    expect(await world.ship(edited)).toMatchObject({isComplete: true})
    expect([...world.wecom.welcomes.values()].map(({text}) => text).sort()).toEqual(['x!', 'y!'])
    expect((await world.plan(edited)).plan.steps).toEqual([])
  })

  it.each(['retry', 'orphan'] as const)(
    'declared "%s" it is created again, and an orphan is remembered',
    async (how) => {
      const {world, key} = await withOpenWelcome()
      await world.settle(key, {how})
      const {plan, fresh} = await world.plan(SHOP)
      expect(fresh.steps).toMatchObject([{key, action: 'create'}])
      expect(await world.rest(plan, SHOP)).toMatchObject({isComplete: true})
      expect((await world.store.readState()).orphans).toHaveLength(how === 'orphan' ? 1 : 0)
    },
  )
})
