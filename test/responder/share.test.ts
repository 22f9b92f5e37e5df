import {describe, expect, it} from '@jest/globals'
import {aWorld, START_MS, type World, type WorldOptions} from './a-responder.js'
import {createFakeWeCom} from './fake-wecom.js'
import {createMemoryShare, type MemoryShare} from './memory-share.js'
import {createStepClock} from './step-clock.js'

interface Pair {
  readonly share: MemoryShare
  readonly one: World
  readonly two: World
}

/** Two responders of one company on one shared state; one WeCom answers both. */
async function aPair(options: WorldOptions = {}): Promise<Pair> {
  const clock = createStepClock(START_MS)
  const share = createMemoryShare(clock)
  const wecom = createFakeWeCom(clock)
  const open = (responder: string) =>
    aWorld({...options, clock, wecom, shared: share.viewOf(responder), settings: {...options.settings, responder}})
  return {share, one: await open('r1'), two: await open('r2')}
}

const outcomesOf = ({one, two}: Pair): string[] => [...one.outcomes(), ...two.outcomes()].map(({outcome}) => outcome)

describe('several responders that share their state', () => {
  it('answer a repeat that reaches another one once', async () => {
    const pair = await aPair()
    await pair.one.deliver()
    await pair.two.deliver()
    expect(outcomesOf(pair)).toEqual(['sent'])
    expect(pair.one.wecom.calls).toHaveLength(1)
    expect(pair.two.counter('duplicate')).toBe(1)
  })

  it('a repeat during the send is left to the one who sends', async () => {
    const pair = await aPair()
    pair.one.wecom.script = [{errcode: 0, afterMs: 3000}]
    await pair.one.deliver()
    await pair.two.deliver()
    await pair.one.clock.advance(5000)
    expect(outcomesOf(pair)).toEqual(['sent'])
    expect(pair.one.wecom.calls).toHaveLength(1)
  })

  it('finish what a responder that died had taken, with time to spare', async () => {
    const pair = await aPair()
    pair.one.wecom.script = ['hang']
    await pair.one.deliver()
    pair.one.kill()
    await pair.one.clock.advance(9000)
    expect(pair.two.outcomes()).toMatchObject([{outcome: 'sent_after_retry'}])
    expect(pair.two.counter('event_taken_over')).toBe(1)
    const [record] = pair.two.outcomes()
    expect((record?.finishedAtMs ?? 0) - START_MS).toBeLessThan(10_000)
  })

  it('leave a responder that is only slow alone: its claim is renewed', async () => {
    const pair = await aPair()
    pair.one.wecom.script = ['hang', 'hang', 'hang', 0]
    await pair.one.deliver()
    await pair.one.clock.advance(20_000)
    expect(outcomesOf(pair)).toEqual(['sent_after_retry'])
    expect(pair.two.counter('event_taken_over')).toBe(0)
  })

  it('one that stops keeps its claims until it has finished what it took', async () => {
    const pair = await aPair()
    pair.one.wecom.script = ['hang', 'hang', 'hang', 0]
    await pair.one.deliver()
    const stopped = pair.one.responder.stop()
    await pair.one.clock.advance(20_000)
    await stopped
    expect(outcomesOf(pair)).toEqual(['sent_after_retry'])
    expect(pair.two.counter('event_taken_over')).toBe(0)
  })

  it('one that was overtaken while it worked on adds no second outcome', async () => {
    const pair = await aPair()
    const unheard = {...pair.share.viewOf('r1'), renewClaims: () => Promise.resolve()}
    const slow = await pair.one.restart({shared: unheard})
    pair.one.kill()
    slow.wecom.script = ['hang', 'hang']
    await slow.deliver()
    await slow.clock.advance(20_000)
    expect(slow.wecom.calls.length).toBeGreaterThanOrEqual(3)
    expect([...slow.outcomes(), ...pair.two.outcomes()]).toHaveLength(1)
    expect(pair.two.counter('event_taken_over')).toBe(1)
    expect(slow.counter('duplicate')).toBe(1)
  })

  it('one that comes back finds that another has ended its event, and adds no second outcome', async () => {
    const pair = await aPair()
    pair.one.wecom.script = ['hang']
    await pair.one.deliver()
    pair.one.kill()
    await pair.one.clock.advance(10_000)
    const back = await pair.one.restart()
    await back.clock.settle()
    expect([...back.outcomes(), ...pair.two.outcomes()]).toHaveLength(1)
    expect(back.disk.kept.size).toBe(0)
  })

  it('an outcome that was agreed on but not yet on disk when its owner died is there after the restart', async () => {
    const pair = await aPair()
    const {appendOutcomes} = pair.one.disk
    pair.one.disk.appendOutcomes = () => new Promise(() => undefined)
    await pair.one.deliver()
    pair.one.kill()
    pair.one.disk.appendOutcomes = appendOutcomes
    await pair.one.clock.advance(10_000)
    expect(outcomesOf(pair)).toEqual([])
    const back = await pair.one.restart()
    await back.clock.settle()
    expect(back.outcomes().map(({outcome}) => outcome)).toEqual(['sent'])
    expect(pair.one.wecom.calls).toHaveLength(1)
  })

  it('spend one canary budget together', async () => {
    const clock = createStepClock(START_MS)
    const share = createMemoryShare(clock)
    const canary = {perMyriad: 10_000, salt: 's', maxPeople: 3}
    const open = async (responder: string) => {
      const world = await aWorld({clock, shared: share.viewOf(responder), settings: {responder}})
      const {stable} = world.store.manifest?.manifest ?? {}
      world.publish({canary: {...canary, digest: stable ?? ''}})
      await world.clock.advance(15_000)
      return world
    }
    const [one, two] = [await open('r1'), await open('r2')]
    for (let number = 0; number < 6; number += 1)
      await (number % 2 === 0 ? one : two).deliver({customer: `wm${number}`, code: `C${number}`})
    const arms = [...one.outcomes(), ...two.outcomes()].map(({arm}) => arm)
    expect(arms.filter((arm) => arm === 'canary')).toHaveLength(3)
  })
})

describe('a shared state that cannot be reached', () => {
  it('costs nobody a welcome, is said once, and so is its return', async () => {
    const pair = await aPair()
    pair.share.isDown = true
    await pair.one.deliver({code: 'A', customer: 'wm1'})
    await pair.one.deliver({code: 'B', customer: 'wm2'})
    expect(outcomesOf(pair)).toEqual(['sent', 'sent'])
    expect(pair.one.counter('shared_lost')).toBe(1)
    expect(pair.one.logged.filter(({text}) => text.includes('cannot be reached'))).toHaveLength(1)
    pair.share.isDown = false
    await pair.one.clock.advance(4000)
    await pair.one.deliver({code: 'C', customer: 'wm3'})
    expect(pair.one.counter('shared_back')).toBe(1)
  })

  it('for a moment makes no second outcome: what ended meanwhile is told before its claim lapses', async () => {
    const pair = await aPair()
    pair.one.wecom.script = [{errcode: 0, afterMs: 500}]
    await pair.one.deliver()
    pair.share.isDown = true
    await pair.one.clock.advance(1000)
    pair.share.isDown = false
    await pair.one.clock.advance(20_000)
    expect(outcomesOf(pair)).toEqual(['sent'])
    expect(pair.two.counter('event_taken_over')).toBe(0)
  })

  it('that hangs holds a welcome back for less than a second', async () => {
    const pair = await aPair()
    const hanging = {...pair.share.viewOf('r1'), claim: () => new Promise<never>(() => undefined)}
    const world = await pair.one.restart({shared: hanging})
    await world.deliver()
    await world.clock.advance(1000)
    const [record] = world.outcomes()
    expect((record?.finishedAtMs ?? Infinity) - START_MS).toBeLessThan(1000)
  })

  it('lets those go on with the canary who had heard it here, and nobody new', async () => {
    const clock = createStepClock(START_MS)
    const share = createMemoryShare(clock)
    const world = await aWorld({clock, shared: share.viewOf('r1')})
    const digest = world.store.manifest?.manifest.stable ?? ''
    world.publish({canary: {digest, perMyriad: 10_000, salt: 's', maxPeople: 100}})
    await clock.advance(15_000)
    await world.deliver({customer: 'wm1', code: 'A'})
    share.isDown = true
    await world.deliver({customer: 'wm1', code: 'B'})
    await world.deliver({customer: 'wm2', code: 'C'})
    expect(world.outcomes().map(({arm, diverted}) => [arm, diverted ?? false])).toEqual([
      ['canary', false],
      ['canary', false],
      ['stable', true],
    ])
  })

  it('shows in /healthz', async () => {
    const pair = await aPair()
    pair.share.isDown = true
    await pair.one.deliver()
    const {isSharedStateLost} = (await pair.one.responder.app.inject('/healthz')).json<{isSharedStateLost: boolean}>()
    expect(isSharedStateLost).toBe(true)
    const alone = await aWorld()
    expect((await alone.responder.app.inject('/healthz')).json<object>()).toMatchObject({isSharedStateLost: null})
  })
})
