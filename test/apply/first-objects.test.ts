import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {chooseFirstObjects, withNeeds} from '../../scripts/core/canary/first-objects.js'
import type {Step} from '../../scripts/core/model/plan.js'
import {aChannel, type ConfigParts} from './a-config.js'
import {runCanary} from '../../scripts/pipeline/canary.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {ApplyWorld, firstOf, RELEASE_KEY} from './apply-world.js'

const shops = (count: number, staff: string, text: string): ConfigParts => ({
  templates: {hello: {title: 't', text}},
  channels: Object.fromEntries(
    Array.from({length: count}, (_, n) => [`c${n}`, aChannel({state: `s${n}`, staff: {members: [staff]}})]),
  ),
  groupWelcomes: Object.fromEntries(
    Array.from({length: count}, (_, n) => [`w${n}`, {title: 'w', text: `${text}${n}`}]),
  ),
})
const BEFORE = shops(20, 'zhang.san', '旧')
const AFTER = shops(20, 'li.si', '新')

async function withFirst(): Promise<{world: ApplyWorld; plan: Awaited<ReturnType<ApplyWorld['plan']>>['plan']}> {
  const world = new ApplyWorld()
  await world.ship(BEFORE)
  const {plan} = await world.plan(AFTER)
  return {world, plan}
}

/** How many ways and group welcomes stand as the new configuration wants them. */
const changedIn = ({wecom}: ApplyWorld): number =>
  [...wecom.ways.values()].filter(({users}) => users.includes('li.si')).length +
  [...wecom.welcomes.values()].filter(({text}) => text.startsWith('新')).length

describe('what WeCom cannot split by customer', () => {
  it('is changed for 5 % of the things before the canary, for the rest after it', async () => {
    const {world, plan} = await withFirst()
    expect(await world.expand(plan, AFTER)).toMatchObject({isComplete: true})
    expect([firstOf(plan).length, changedIn(world)]).toEqual([2, 2])
    await world.promote(plan)
    expect(await world.rest(plan, AFTER)).toMatchObject({isComplete: true})
    expect(changedIn(world)).toBe(40)
    expect((await world.plan(AFTER)).plan.steps).toEqual([])
  })

  it('is taken back when the canary does not pass, and the next plan of the old configuration is empty', async () => {
    const {world, plan} = await withFirst()
    await world.expand(plan, AFTER)
    expect((await world.takeBack(plan, AFTER)).map(({key, status}) => [key, status]).sort()).toEqual(
      [...firstOf(plan)].sort().map((key) => [key, 'done']),
    )
    expect(changedIn(world)).toBe(0)
    expect((await world.plan(BEFORE)).plan.steps).toEqual([])
    expect(await world.takeBack(plan, AFTER)).toEqual([])
  })

  it('that was made for it is deleted again, and nothing of it is left in the state', async () => {
    const world = new ApplyWorld()
    await world.ship({})
    const {plan} = await world.plan(BEFORE)
    await world.expand(plan, BEFORE)
    expect(world.wecom.ways.size + world.wecom.welcomes.size).toBe(2)
    await world.takeBack(plan, BEFORE)
    expect(world.wecom.ways.size + world.wecom.welcomes.size).toBe(0)
    expect((await world.plan({})).plan.steps).toEqual([])
  })

  it('goes on under the same approvals after it was taken back', async () => {
    const {world, plan} = await withFirst()
    await world.expand(plan, AFTER)
    await world.takeBack(plan, AFTER)
    expect((await world.plan(AFTER)).plan.digest).toBe(plan.digest)
    await world.promote(plan)
    expect(await world.rest(plan, AFTER)).toMatchObject({isComplete: true})
    expect(changedIn(world)).toBe(40)
  })

  it('ships under the same approvals when two people override the rollback', async () => {
    const {world, plan} = await withFirst()
    await world.expand(plan, AFTER)
    const state = await world.store.readState()
    await world.store.writeState({...state, quarantined: [plan.release.after]}, state.serial)
    await world.takeBack(plan, AFTER)
    expect((await world.plan(AFTER)).plan.digest).toBe(plan.digest)
    world.unlocks = [`quarantine:${plan.release.after.slice(0, 12)}`]
    expect(await world.expand(plan, AFTER)).toMatchObject({kind: 'ran', isComplete: true})
    const {decision} = await runCanary(
      {...world, randomness: createSystemRandomness()},
      {
        ...{plan, policy: {}, timezone: 'Asia/Shanghai', unlocks: world.unlocks},
        manifest: {privateKeyPem: RELEASE_KEY.privateKeyPem},
      },
    )
    expect(decision.verdict).toBe('promote')
    expect(await world.rest(plan, AFTER)).toMatchObject({isComplete: true})
    expect((await world.plan(AFTER)).plan.steps).toEqual([])
  })

  it.each(['killed-before', 'killed-after'] as const)(
    'is taken back whole by the next run when the first one dies (%s) at any call',
    async (kind) => {
      for (let at = 0; at < 2; at++) {
        const {world, plan} = await withFirst()
        await world.expand(plan, AFTER)
        const from = world.wecom.calls.length
        world.wecom.fault = ({index}) => (index === from + at ? {kind} : null)
        await expect(world.takeBack(plan, AFTER)).rejects.toThrow()
        world.restart()
        await world.takeBack(plan, AFTER)
        expect(changedIn(world)).toBe(0)
        expect((await world.plan(BEFORE)).plan.steps).toEqual([])
      }
    },
  )

  it('that cannot be taken back is named, and the next plan of the old configuration tells it', async () => {
    const {world, plan} = await withFirst()
    await world.expand(plan, AFTER)
    const [stuck = ''] = firstOf(plan)
    world.wecom.fault = ({name}) =>
      name === (stuck.startsWith('contact-way') ? 'updateContactWay' : 'editGroupWelcome')
        ? {kind: 'refused', errcode: 45009}
        : null
    const reports = await world.takeBack(plan, AFTER)
    expect(reports.find(({key}) => key === stuck)).toMatchObject({status: 'failed'})
    expect((await world.plan(BEFORE)).plan.steps.map(({key}) => key)).toContain(stuck)
  })
})

describe('which things go first', () => {
  const step = (id: number, changes: Partial<Step> = {}): Step => ({
    ...{key: `contact-way/${id}`, kind: 'contact-way', id: String(id), action: 'update', phase: 'expand'},
    ...{before: 1, after: 2, needs: [], calls: {}},
    ...changes,
  })

  it('is the share rounded up, the same for the same plan, drawn anew for another', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 0, max: 300}),
        fc.integer({min: 1, max: 9999}),
        fc.string(),
        (count, myriad, digest) => {
          const steps = Array.from({length: count}, (_, id) => step(id))
          const first = chooseFirstObjects({digest, steps}, myriad / 10_000)
          expect(first).toHaveLength(Math.ceil((count * myriad) / 10_000))
          expect(chooseFirstObjects({digest, steps: [...steps].reverse()}, myriad / 10_000)).toEqual(first)
        },
      ),
    )
    const steps = Array.from({length: 100}, (_, id) => step(id))
    expect(chooseFirstObjects({digest: 'a', steps}, 0.05)).not.toEqual(chooseFirstObjects({digest: 'b', steps}, 0.05))
  })

  it('is never a rename, a deletion, or what customers can be split by', () => {
    const steps = [
      step(1, {was: 'contact-way/0'}),
      step(2, {phase: 'contract', action: 'delete'}),
      step(3, {kind: 'release', phase: 'flip'}),
      step(4, {kind: 'member-tag'}),
    ]
    expect(chooseFirstObjects({digest: 'a', steps}, 0.99)).toEqual([])
  })

  it('takes along what it waits for', () => {
    const steps = [step(1, {needs: ['corp-tag/a']}), step(2), step(3, {key: 'corp-tag/a', needs: ['x']})]
    expect([...withNeeds(steps, ['contact-way/1'])].sort()).toEqual(['contact-way/1', 'corp-tag/a', 'x'])
  })
})
