import {describe, expect, it} from '@jest/globals'
import type {SharedSlots} from '../../scripts/wecom/shared-slots.js'
import {createSlotsOrAlone} from '../../scripts/wecom/slots-or-alone.js'
import {TestClock} from './a-client.js'

const WINDOWS = [{windowMs: 60_000, cap: 9}]

function aCount() {
  const clock = new TestClock()
  const state = {isDown: false, asked: 0, waitMs: 0, blocked: [] as number[]}
  const shared: SharedSlots = {
    take: () => {
      state.asked += 1
      return state.isDown ? Promise.reject(new Error('gone')) : Promise.resolve(state.waitMs)
    },
    block: (_lane, ms) => {
      if (state.isDown) return Promise.reject(new Error('gone'))
      state.blocked.push(ms)
      return Promise.resolve()
    },
  }
  const slots = createSlotsOrAlone({shared, clock, sharers: 2})
  const takeMany = async (times: number): Promise<number[]> => {
    const waits: number[] = []
    for (let number = 0; number < times; number += 1) waits.push(await slots.take('send', WINDOWS))
    return waits
  }
  return {clock, state, slots, takeMany}
}

describe('a quota that several processes share', () => {
  it('is what they count together', async () => {
    const {state, slots} = aCount()
    expect(await slots.take('send', WINDOWS)).toBe(0)
    state.waitMs = 1234
    expect(await slots.take('send', WINDOWS)).toBe(1234)
  })

  it('while they cannot, each has its whole-numbered part, calls made together included', async () => {
    const {state, takeMany} = aCount()
    expect(await takeMany(3)).toEqual([0, 0, 0])
    state.isDown = true
    expect(await takeMany(3)).toEqual([0, 60_000, 60_000])
  })

  it('is asked for again after two seconds, not with every call', async () => {
    const {state, clock, takeMany} = aCount()
    state.isDown = true
    await takeMany(3)
    expect(state.asked).toBe(1)
    clock.advance(2000)
    state.isDown = false
    expect(await takeMany(1)).toEqual([0])
    expect(state.asked).toBe(2)
  })

  it('a refusal of the platform is told to the others, and costs nothing when they cannot be told', async () => {
    const {state, slots} = aCount()
    await slots.block('send', 60_000)
    expect(state.blocked).toEqual([60_000])
    state.isDown = true
    await expect(slots.block('send', 60_000)).resolves.toBeUndefined()
  })
})
