import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {startPlayground, type Playground} from './playground.js'

const PATH = 'externalcontact/add_contact_way'
const way = {type: 1, scene: 2, user: ['lina']}

describe('a scripted fault', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  const script = (fault: object) => world.control('/faults', {path: PATH, ...fault})
  const add = () => world.post(PATH, way)
  const made = async () => ((await world.read('/contact-ways'))['contactWays'] as object[]).length
  /** A call that gives up after a short while; the verdict is the kind of failure. */
  const tryAdd = async (patienceMs: number): Promise<string> => {
    const url = `${world.url}/cgi-bin/${PATH}?access_token=${await world.token()}`
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(way),
        signal: AbortSignal.timeout(patienceMs),
      })
      await response.text()
      return 'answered'
    } catch (error) {
      return typeof error === 'object' && error !== null && 'name' in error && error.name === 'TimeoutError'
        ? 'timed out'
        : 'broken off'
    }
  }

  it.each([
    ['errcode', 'none', 40014, 0],
    ['errcode', 'done', 40014, 1],
    ['busy', 'none', -1, 0],
    ['busy', 'done', -1, 1],
  ])('%s with effect %s answers %i and leaves %i way behind', async (kind, effect, errcode, ways) => {
    await script({kind, effect, errcode: 40014, next: 1})
    expect((await add()).errcode).toBe(errcode)
    expect(await made()).toBe(ways)
    expect((await add()).errcode).toBe(0)
  })

  it.each([
    ['timeout', 'none', 'timed out', 0],
    ['timeout', 'done', 'timed out', 1],
    ['reset', 'none', 'broken off', 0],
    ['reset', 'done', 'broken off', 1],
    ['cut', 'none', 'broken off', 0],
    ['cut', 'done', 'broken off', 1],
  ])('%s with effect %s is %s for the caller and leaves %i way behind', async (kind, effect, verdict, ways) => {
    await world.token()
    await script({kind, effect, next: 1})
    expect(await tryAdd(kind === 'timeout' ? 150 : 5000)).toBe(verdict)
    expect(await made()).toBe(ways)
  })

  it('that is slow answers as usual, later than the patience of a hasty caller', async () => {
    await world.token()
    await script({kind: 'slow', delayMs: 300, next: 2})
    expect(await tryAdd(50)).toBe('timed out')
    expect((await add()).errcode).toBe(0)
  })

  it('strikes the n-th call only', async () => {
    await script({kind: 'busy', nth: 2})
    const errcodes = [(await add()).errcode, (await add()).errcode, (await add()).errcode]
    expect(errcodes).toEqual([0, -1, 0])
    expect(await world.read('/faults')).toEqual({faults: []})
  })

  it('strikes the next calls, or every one until it is cleared', async () => {
    await script({kind: 'busy', next: 2})
    expect([(await add()).errcode, (await add()).errcode, (await add()).errcode]).toEqual([-1, -1, 0])
    await script({kind: 'errcode', errcode: 45033})
    expect([(await add()).errcode, (await add()).errcode]).toEqual([45033, 45033])
    await fetch(`${world.url}/__sandbox/faults`, {method: 'DELETE'})
    expect((await add()).errcode).toBe(0)
  })

  it('for * strikes any path, and one for a body strikes calls that carry it', async () => {
    await world.token()
    await world.control('/faults', {path: '*', kind: 'busy', next: 1})
    expect((await world.get('tag/list')).errcode).toBe(-1)
    await script({kind: 'busy', bodyIncludes: '"boss"'})
    expect((await add()).errcode).toBe(0)
    expect((await world.post(PATH, {...way, user: ['boss']})).errcode).toBe(-1)
  })

  it.each([
    [{kind: 'explosion'}, /kind/],
    [{kind: 'busy', effect: 'maybe'}, /effect/],
    [{kind: 'busy', nth: 'x'}, /nth/],
  ])('written as %j is refused', async (fault, says) => {
    expect(String((await script(fault))['error'])).toMatch(says)
  })

  it('shows in the counts of calls', async () => {
    await script({kind: 'busy', next: 1})
    await add()
    await add()
    expect(await world.read('/calls')).toMatchObject({
      calls: {[`/cgi-bin/${PATH}`]: {calls: 2, errcodes: {'-1': 1, '0': 1}}},
    })
  })
})
