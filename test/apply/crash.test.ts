import {describe, expect, it} from '@jest/globals'
import {aChannel, type ConfigParts} from './a-config.js'
import {ApplyWorld} from './apply-world.js'
import {Killed} from './fake-wecom.js'

const BEFORE: ConfigParts = {
  templates: {hello: {title: 't', text: '您好'}},
  channels: {a: aChannel({state: 'a', tags: ['来源/一']}), gone: aChannel({state: 'gone'})},
  groupWelcomes: {x: {title: 'x', text: 'x'}, gone: {title: 'g', text: 'g'}},
  roles: {销冠: {may: ['send-link'], wecomTag: '销冠'}},
  grants: [{role: '销冠', to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-1'}],
}
const AFTER: ConfigParts = {
  templates: {
    hello: {title: 't', text: '您好！', fallback: '您好', attachments: [{type: 'image', file: 'assets/a.png'}]},
  },
  channels: {
    a: aChannel({state: 'a2', tags: ['来源/一', '来源/二']}),
    b: aChannel({state: 'b', tags: ['来源/三']}),
    c: aChannel({state: 'c'}),
  },
  groupWelcomes: {
    x: {title: 'x', text: 'x2'},
    y: {title: 'y', text: 'y', attachment: {type: 'file', file: 'assets/f.pdf'}},
  },
  roles: {销冠: {may: ['send-link'], wecomTag: '销冠'}, 新星: {may: ['send-link'], wecomTag: '新星'}},
  grants: [
    {role: '销冠', to: ['member:li.si'], until: '2027-06-30', ticket: 'OA-1'},
    {role: '新星', to: ['member:wang.wu'], until: '2027-06-30', ticket: 'OA-2'},
  ],
  assets: {'assets/a.png': 'a', 'assets/f.pdf': 'f'},
}

/** Ships AFTER over BEFORE, dying wherever `arm` says, and again until nothing dies any more. */
async function shipWith(arm: (world: ApplyWorld) => void): Promise<ApplyWorld> {
  const world = new ApplyWorld()
  await world.ship(BEFORE)
  arm(world)
  for (let run = 1; run <= 4; run++) {
    try {
      await settleOpenWelcomes(world)
      const outcome = await world.ship(AFTER)
      if (outcome.kind === 'ran' && outcome.isComplete) return world
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      world.restart()
      world.store.beforeWrite = () => undefined
    }
  }
  throw new Error('did not come to rest')
}

/** A person looks into the console: the template exists, or it does not. */
async function settleOpenWelcomes(world: ApplyWorld): Promise<void> {
  const {state} = (await world.plan(AFTER)).recovered
  for (const [key, {kind}] of Object.entries(state.ambiguous)) {
    if (kind !== 'group-welcome') continue
    const known = new Set(Object.values(state.resources).map(({remoteId}) => remoteId))
    const made = [...world.wecom.welcomes].find(([id, {text}]) => !known.has(id) && text === 'y')
    await world.settle(key, made ? {how: 'adopt', remoteId: made[0]} : {how: 'retry'})
  }
}

async function expectAtRest(world: ApplyWorld): Promise<void> {
  expect([...world.wecom.ways.values()].map(({state}) => state).sort()).toEqual(['a2', 'b', 'c'])
  expect([...world.wecom.welcomes.values()].map(({text}) => text).sort()).toEqual(['x2', 'y'])
  expect(world.wecom.corpTags.map(({name}) => name).sort()).toEqual(['一', '三', '二'].sort())
  const tags = [...world.wecom.memberTags.values()].map(({name, users}) => [name, [...users].join()])
  expect(tags.sort()).toEqual([
    ['新星', 'wang.wu'],
    ['销冠', 'li.si'],
  ])
  const {plan} = await world.plan(AFTER)
  expect(plan.steps).toEqual([])
  expect((await world.store.readManifest())?.manifest.stable).toBe(plan.release.after)
  const state = await world.store.readState()
  expect(state.promoted).toHaveLength(2)
  expect(state.ambiguous).toEqual({})
}

const callsOf = async (): Promise<number> => {
  const world = new ApplyWorld()
  await world.ship(BEFORE)
  const before = world.wecom.calls.length
  await world.ship(AFTER)
  return world.wecom.calls.length - before
}

describe('the process dies', () => {
  it.each(['killed-before', 'killed-after'] as const)(
    'at any call to WeCom (%s): the next run ends where an undisturbed one would, and nothing is made twice',
    async (kind) => {
      const calls = await callsOf()
      expect(calls).toBeGreaterThan(15)
      for (let at = 0; at < calls; at++) {
        const world = await shipWith(({wecom}) => {
          const first = wecom.calls.length
          wecom.fault = ({index}) => (index === first + at ? {kind} : null)
        })
        await expectAtRest(world)
      }
    },
  )

  it('before any write to the store: the same', async () => {
    const counted = new ApplyWorld()
    await counted.ship(BEFORE)
    let writes = 0
    counted.store.beforeWrite = () => {
      writes++
    }
    await counted.ship(AFTER)
    expect(writes).toBeGreaterThan(30)
    for (let at = 1; at <= writes; at++) {
      const world = await shipWith(({store, wecom}) => {
        let seen = 0
        store.beforeWrite = () => {
          if (++seen !== at) return
          wecom.isDead = true
          throw new Killed('the process is dead')
        }
      })
      await expectAtRest(world)
    }
  })

  it('between flip and journal: the manifest is not published a second time', async () => {
    const world = await shipWith(({store, wecom}) => {
      let isFlipped = false
      store.beforeWrite = (what) => {
        if (what === 'manifest') isFlipped = true
        if (what !== 'journal' || !isFlipped) return
        wecom.isDead = true
        throw new Killed('the process is dead')
      }
    })
    await expectAtRest(world)
    // Two for BEFORE (release and directory), one for AFTER.
    expect((await world.store.readManifest())?.manifest.version).toBe(3)
  })

  it('and another plan follows: what the dead run made is known to it', async () => {
    const world = new ApplyWorld()
    const {plan} = await world.plan(BEFORE)
    await world.expand(plan, BEFORE)
    await world.promote(plan)
    world.store.beforeWrite = (what) => {
      if (what !== 'state') return
      world.wecom.isDead = true
      throw new Killed('the process is dead')
    }
    await expect(world.rest(plan, BEFORE)).rejects.toThrow(Killed)
    world.restart()
    world.store.beforeWrite = () => undefined
    expect(world.wecom.ways.size).toBe(2)
    expect(await world.ship(AFTER)).toMatchObject({isComplete: true})
    await expectAtRest(world)
  })
})
