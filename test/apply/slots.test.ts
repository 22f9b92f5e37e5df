import {describe, expect, it} from '@jest/globals'
import {ApplyWorld} from './apply-world.js'
import type {ConfigParts} from './a-config.js'

const welcomes = (texts: Readonly<Record<string, string>>): ConfigParts => ({
  groupWelcomes: Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, {title: id, text}])),
})
const KEY = 'group-welcome/a'

/** The create of `a` was carried out, its answer lost, and nobody could tell. */
async function withOrphan(): Promise<{world: ApplyWorld; lost: string}> {
  const world = new ApplyWorld()
  let isFirst = true
  world.wecom.fault = ({name}) => {
    if (name !== 'addGroupWelcome' || !isFirst) return null
    isFirst = false
    return {kind: 'lost-done'}
  }
  await world.ship(welcomes({a: 'a'}))
  const [lost = ''] = world.wecom.welcomes.keys()
  await world.settle(KEY, {how: 'orphan'})
  await world.ship(welcomes({a: 'a'}))
  return {world, lost}
}

const textsOf = (world: ApplyWorld): string[] => [...world.wecom.welcomes.values()].map(({text}) => text).sort()

describe('the pool of group-welcome slots', () => {
  it('takes in an orphan that was found, and the next new welcome is put into it by an edit', async () => {
    const {world, lost} = await withOrphan()
    expect(textsOf(world)).toEqual(['a', 'a'])
    expect(await world.settle(KEY, {how: 'found', remoteId: lost})).toMatchObject({
      kind: 'done',
      left: {orphans: [], slots: [lost]},
    })
    const {fresh} = await world.plan(welcomes({a: 'a', b: 'b', c: 'c'}))
    expect(fresh.steps.map(({id, calls}) => [id, calls])).toEqual([
      ['b', {'group_welcome_template/edit': 1}],
      ['c', {'group_welcome_template/add': 1}],
    ])
    expect(await world.ship(welcomes({a: 'a', b: 'b', c: 'c'}))).toMatchObject({isComplete: true})
    expect(world.wecom.welcomes.get(lost)?.text).toBe('b')
    expect((await world.store.readState()).slots).toEqual([])
    expect((await world.plan(welcomes({a: 'a', b: 'b', c: 'c'}))).plan.steps).toEqual([])
  })

  it.each(['lost-done', 'lost-undone', 'killed-before', 'killed-after'] as const)(
    'an answer about a filled slot that never comes (%s) blocks nothing: the next run does it again',
    async (kind) => {
      const {world, lost} = await withOrphan()
      await world.settle(KEY, {how: 'found', remoteId: lost})
      let left = 1
      world.wecom.fault = ({name}) => (name === 'editGroupWelcome' && left-- > 0 ? {kind} : null)
      await world.ship(welcomes({a: 'a', b: 'b'})).catch(() => world.restart())
      expect((await world.plan(welcomes({a: 'a', b: 'b'}))).recovered.state.ambiguous).toEqual({})
      expect(await world.ship(welcomes({a: 'a', b: 'b'}))).toMatchObject({isComplete: true})
      expect(textsOf(world)).toEqual(['a', 'b'])
    },
  )

  it('an id that WeCom does not know, or that is somebody’s already, is not taken over', async () => {
    const {world} = await withOrphan()
    const [own = ''] = Object.values((await world.store.readState()).resources).map(({remoteId}) => remoteId)
    expect(await world.settle(KEY, {how: 'found', remoteId: 'nowhere'})).toMatchObject({kind: 'refused'})
    expect(await world.settle(KEY, {how: 'found', remoteId: own})).toMatchObject({
      kind: 'refused',
      reason: {en: `${own} is "${KEY}" already`},
    })
  })

  it('an orphan and a slot that exist no more are struck off and take no place', async () => {
    const {world, lost} = await withOrphan()
    await world.settle(KEY, {how: 'found', remoteId: lost})
    expect(await world.settle(`slot/${lost}`, {how: 'gone'})).toMatchObject({kind: 'done', left: {slots: []}})
    expect(await world.settle(`slot/${lost}`, {how: 'gone'})).toMatchObject({kind: 'refused'})
    const again = await withOrphan()
    expect(await again.world.settle(KEY, {how: 'gone'})).toMatchObject({kind: 'done', left: {orphans: []}})
  })

  it.each(['retry', 'orphan', 'adopt', 'found', 'gone'] as const)(
    'nothing is settled that is not open (%s)',
    async (how) => {
      const world = new ApplyWorld()
      await world.ship(welcomes({a: 'a'}))
      const before = await world.store.readState()
      const finding = how === 'adopt' || how === 'found' ? {how, remoteId: 'x'} : {how}
      expect(await world.settle(KEY, finding)).toMatchObject({kind: 'refused'})
      expect(await world.store.readState()).toEqual(before)
    },
  )

  it('every decision is in the audit with its reason', async () => {
    const {world} = await withOrphan()
    const settled = (await world.store.readAudit()).filter(({what}) => what === 'settled')
    expect(settled).toMatchObject([{who: 'lin-mkt', details: {key: KEY, how: 'orphan', reason: 'seen in the console'}}])
  })

  it('a deleted welcome beside a new one is told, since groups do not follow by themselves', async () => {
    const world = new ApplyWorld()
    await world.ship(welcomes({a: 'a'}))
    const {plan} = await world.plan(welcomes({b: 'b'}))
    expect(plan.notes.map(({en}) => en).join()).toContain('was: OLD-ID')
    const {plan: alone} = await world.plan({})
    expect(alone.notes).toEqual([])
  })
})
