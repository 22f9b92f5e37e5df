import {describe, expect, it} from '@jest/globals'
import {aWorld, type World} from './a-responder.js'

const MINUTE_MS = 60_000

async function welcomed(customer = 'wm1', member = 'zhang.san'): Promise<World> {
  const world = await aWorld()
  await world.deliver({customer, member, code: `A-${customer}-${member}`})
  return world
}
const leave = (world: World, customer = 'wm1', member = 'zhang.san') =>
  world.deliver({kind: 'del_follow_user', customer, member, code: null})

describe('a customer who deletes the member', () => {
  it('soon after the welcome is counted with what he had heard, and named nowhere', async () => {
    const world = await welcomed()
    await world.clock.advance(10 * MINUTE_MS)
    await leave(world)
    const {partings = []} = world.responder.report()
    expect(partings).toMatchObject([{arm: 'stable', release: expect.any(String), manifestVersion: expect.any(Number)}])
    expect(JSON.stringify(partings)).not.toContain('wm1')
  })

  it('later than ten minutes after it is not', async () => {
    const world = await welcomed()
    await world.clock.advance(10 * MINUTE_MS + 1)
    await leave(world)
    expect(world.responder.report().partings).toEqual([])
  })

  it('is counted once, however often it is told', async () => {
    const world = await welcomed()
    await leave(world)
    await leave(world)
    expect(world.responder.report().partings).toHaveLength(1)
  })

  it.each([
    ['another member', 'wm1', 'li.si'],
    ['somebody nobody welcomed', 'wm2', 'zhang.san'],
  ])('is not counted for %s', async (_who, customer, member) => {
    const world = await welcomed()
    await leave(world, customer, member)
    expect(world.responder.report().partings).toEqual([])
  })

  it('whom nothing was said to is not counted', async () => {
    const world = await aWorld()
    await world.deliver({customer: 'wm1', code: null})
    await leave(world)
    expect(world.responder.report().partings).toEqual([])
  })
})
