import {describe, expect, it} from '@jest/globals'
import {aChannel, type ConfigParts} from './a-config.js'
import {ApplyWorld} from './apply-world.js'
import {Killed} from './fake-wecom.js'

const PICTURES = ['assets/a.png', 'assets/b.png']
const SHOP: ConfigParts = {
  templates: {
    hello: {
      ...{title: 't', text: '您好', fallback: '您好'},
      attachments: PICTURES.map((file) => ({type: 'image' as const, file})),
    },
  },
  channels: {a: aChannel({state: 'a', tags: ['来源/门店']})},
  assets: Object.fromEntries(PICTURES.map((path) => [path, path])),
}

/** Dies at a write to the store, and runs again with the plan that was approved; `null` when there is no such write. */
async function diesAtWrite(at: number): Promise<ApplyWorld | null> {
  const world = new ApplyWorld()
  const {plan} = await world.plan(SHOP)
  await world.promote(plan)
  let seen = 0
  world.store.beforeWrite = () => {
    if (++seen !== at) return
    world.wecom.isDead = true
    throw new Killed('the process is dead')
  }
  await world.rest(plan, SHOP).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error
  })
  if (seen < at) return null
  world.restart()
  world.store.beforeWrite = () => undefined
  expect(await world.rest(plan, SHOP)).toMatchObject({kind: 'ran', isComplete: true})
  return world
}

describe('an apply that died', () => {
  it('goes on under the approval it had, whichever write was its last', async () => {
    let deaths = 0
    for (let world = await diesAtWrite(1); world; world = await diesAtWrite(deaths + 1)) {
      deaths += 1
      expect((await world.plan(SHOP)).plan.steps).toEqual([])
      expect((await world.store.readState()).underway).toBeNull()
    }
    expect(deaths).toBeGreaterThan(15)
  })
})
