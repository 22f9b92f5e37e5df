import {describe, expect, it} from '@jest/globals'
import {armOf} from '../../scripts/core/canary/arm.js'
import {type Arm} from '../../scripts/core/model/outcome.js'
import {aWorld, BUILT_IN, createFakeDisk, putRelease, textsOf, type World, type WorldOptions} from './a-responder.js'

const saying = (text: string) => ({'templates/hello.yaml': {title: '问候', text}})
const SALT = 'salt-1'
const SHARE = {perMyriad: 2000, salt: SALT}

/** Made-up customers of one arm, in a fixed order. */
function customersOf(arm: Arm, count: number): string[] {
  const found: string[] = []
  for (let number = 0; found.length < count; number++) {
    if (armOf(`wm${number}`, SHARE) === arm) found.push(`wm${number}`)
  }
  return found
}

async function withCanary(maxPeople: number, options: WorldOptions = {}): Promise<World> {
  const world = await aWorld({changes: saying('旧版'), ...options})
  publishCanary(world, maxPeople)
  await world.clock.advance(15_000)
  return world
}

function publishCanary(world: World, maxPeople: number, perMyriad = SHARE.perMyriad): void {
  const {stable} = putRelease(world.store, saying('新版'))
  world.publish({canary: {digest: stable, perMyriad, salt: SALT, maxPeople}})
}

async function hear(world: World, customers: readonly string[], codes = 'C'): Promise<string[]> {
  const before = world.wecom.calls.length
  for (const customer of customers) await world.deliver({customer, code: `${codes}-${customer}`})
  return textsOf(world).slice(before)
}

describe('the canary in a responder', () => {
  it('lets its share hear the new release and the others the old one', async () => {
    const world = await withCanary(100)
    expect(await hear(world, customersOf('canary', 3))).toEqual(['新版', '新版', '新版'])
    expect(await hear(world, customersOf('stable', 3))).toEqual(['旧版', '旧版', '旧版'])
    expect(world.responder.report().arms).toMatchObject([
      {arm: 'canary', people: 3, outcomes: {sent: 3}},
      {arm: 'stable', people: 3, outcomes: {sent: 3}},
    ])
  })

  it('a customer who adds several members hears one release and counts as one person and one trial', async () => {
    const world = await withCanary(100)
    const [customer = ''] = customersOf('canary', 1)
    await world.deliver({customer, member: 'zhang.san', code: 'A'})
    await world.deliver({customer, member: 'li.si', code: 'B'})
    await world.clock.advance(60_000)
    await world.deliver({customer, member: 'wang.dian', code: 'C'})
    expect(textsOf(world)).toEqual(['新版', '新版', '新版'])
    expect(world.responder.report().arms).toMatchObject([{arm: 'canary', people: 1, outcomes: {sent: 3}}])
    expect(world.responder.report().trials).toHaveLength(1)
  })

  it('exposes no more people than its budget, later ones hear the old release, earlier ones stay', async () => {
    const world = await withCanary(2)
    const people = customersOf('canary', 4)
    expect(await hear(world, people)).toEqual(['新版', '新版', '旧版', '旧版'])
    expect(await hear(world, people, 'AGAIN')).toEqual(['新版', '新版', '旧版', '旧版'])
    expect(world.responder.report().trials.map(({arm, diverted}) => [arm, diverted ?? false])).toEqual([
      ['canary', false],
      ['canary', false],
      ['stable', true],
      ['stable', true],
    ])
  })

  it('a burst of events at once does not break the budget', async () => {
    const world = await withCanary(2)
    await Promise.all(customersOf('canary', 10).map((customer) => world.deliver({customer, code: customer})))
    await world.clock.settle()
    expect(textsOf(world).filter((text) => text === '新版')).toHaveLength(2)
    expect(world.outcomes()).toHaveLength(10)
  })

  it('a restart forgets nobody who was exposed', async () => {
    const before = await withCanary(2)
    const people = customersOf('canary', 4)
    await hear(before, people.slice(0, 2))
    const world = await aWorld({store: before.store, disk: before.disk})
    expect(await hear(world, people.slice(2), 'LATER')).toEqual(['旧版', '旧版'])
    expect(await hear(world, people.slice(0, 2), 'LATER')).toEqual(['新版', '新版'])
  })

  it('several responders share one budget in whole parts', async () => {
    const world = await withCanary(5, {settings: {responders: 2}})
    expect(await hear(world, customersOf('canary', 3))).toEqual(['新版', '新版', '旧版'])
  })

  it('a budget that is raised lets the later ones in', async () => {
    const world = await withCanary(1)
    const people = customersOf('canary', 2)
    expect(await hear(world, people)).toEqual(['新版', '旧版'])
    publishCanary(world, 2)
    await world.clock.advance(15_000)
    expect(await hear(world, people, 'MORE')).toEqual(['新版', '新版'])
  })

  it('a share that is raised moves nobody back', async () => {
    const world = await withCanary(100)
    const people = customersOf('canary', 3)
    publishCanary(world, 100, 5000)
    await world.clock.advance(15_000)
    expect(await hear(world, people)).toEqual(['新版', '新版', '新版'])
  })

  it('a budget of nobody exposes nobody', async () => {
    const world = await withCanary(0)
    expect(await hear(world, customersOf('canary', 2))).toEqual(['旧版', '旧版'])
  })

  it('where nothing was ever promoted, the control hears the built-in text', async () => {
    const world = await withCanary(100, {isEmpty: true})
    expect(await hear(world, customersOf('stable', 1))).toEqual([BUILT_IN])
    expect(await hear(world, customersOf('canary', 1))).toEqual(['新版'])
  })

  it('a budget that cannot be kept on disk says the old release', async () => {
    const disk = createFakeDisk()
    disk.appendExposed = () => Promise.reject(new Error('the disk is full'))
    const world = await withCanary(10, {disk})
    expect(await hear(world, customersOf('canary', 2))).toEqual(['旧版', '旧版'])
    expect(world.lastOutcome()).toMatchObject({arm: 'stable', diverted: true})
  })

  it('a book that could not be read once is read again with the next customer', async () => {
    const disk = createFakeDisk()
    const {readExposed} = disk
    let troubles = 1
    disk.readExposed = (canary) => (troubles-- > 0 ? Promise.reject(new Error('busy')) : readExposed(canary))
    const world = await withCanary(10, {disk})
    expect(await hear(world, customersOf('canary', 2))).toEqual(['旧版', '新版'])
  })

  it('keeps no customer id, only a keyed hash', async () => {
    const world = await withCanary(10)
    const [customer = ''] = customersOf('canary', 1)
    await hear(world, [customer])
    expect([...world.disk.exposed.values()].flat()).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)])
  })
})
