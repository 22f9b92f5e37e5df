import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {SendDesk} from '../../scripts/responder/send-desk.js'
import {aWorld} from './a-responder.js'
import {createStepClock} from './step-clock.js'

interface Asked {
  readonly atMs: number
  readonly lastStartMs: number
}

interface Served {
  readonly atMs: number
  readonly lastStartMs: number
}

/** One send takes no time; the quota has room at the given instants only. */
async function playDesk(asked: readonly Asked[], roomAtMs: readonly number[], untilMs: number) {
  const clock = createStepClock(0)
  const free = [...roomAtMs].sort((a, b) => a - b)
  const desk = new SendDesk(
    {
      clock,
      wecom: {
        async takeRoom(signal) {
          const at = free.shift()
          if (at === undefined) return new Promise((leave) => signal.addEventListener('abort', () => leave(false)))
          if (at > clock.nowMs()) await clock.sleep(at - clock.nowMs())
          return true
        },
      },
    },
    1000,
  )
  const served: Served[] = []
  const refused: {readonly why: string; readonly atMs: number; readonly lastStartMs: number}[] = []
  for (const {atMs, lastStartMs} of [...asked].sort((a, b) => a.atMs - b.atMs)) {
    await clock.advance(Math.max(0, atMs - clock.nowMs()))
    void desk
      .run(lastStartMs, () => {
        served.push({atMs: clock.nowMs(), lastStartMs})
        return Promise.resolve()
      })
      .then((turn) => {
        if (!turn.came) refused.push({why: turn.why, atMs: clock.nowMs(), lastStartMs})
      })
  }
  await clock.advance(Math.max(0, untilMs - clock.nowMs()))
  desk.close()
  return {served, refused}
}

/** The most that any order could serve: each room in turn to the one whose time ends first (unit jobs). */
function mostServed(asked: readonly Asked[], roomAtMs: readonly number[]): number {
  const open = [...asked]
  let count = 0
  for (const atMs of [...roomAtMs].sort((a, b) => a - b)) {
    const live = open.filter((job) => job.atMs <= atMs && job.lastStartMs >= atMs)
    const next = live.sort((a, b) => a.lastStartMs - b.lastStartMs)[0]
    if (next === undefined) continue
    open.splice(open.indexOf(next), 1)
    count += 1
  }
  return count
}

describe('the desk', () => {
  it('sends first whose time ends first, whoever came first', async () => {
    const {served} = await playDesk(
      [
        {atMs: 0, lastStartMs: 900},
        {atMs: 1, lastStartMs: 300},
        {atMs: 2, lastStartMs: 600},
      ],
      [100, 200, 280],
      1000,
    )
    expect(served.map(({lastStartMs}) => lastStartMs)).toEqual([300, 600, 900])
  })

  it('room at the very last instant is still in time, a millisecond later is not', async () => {
    expect((await playDesk([{atMs: 0, lastStartMs: 100}], [100], 500)).served).toHaveLength(1)
    const late = await playDesk([{atMs: 0, lastStartMs: 100}], [101], 500)
    expect(late).toEqual({served: [], refused: [{why: 'no-room', atMs: 101, lastStartMs: 100}]})
  })

  it('serves as many as any order could, and tells every other at its time, not later', async () => {
    const jobs = fc.array(fc.record({atMs: fc.integer({min: 0, max: 40}), aliveMs: fc.integer({min: 0, max: 30})}), {
      maxLength: 12,
    })
    // Room that comes while nobody waits stays: those who were asked for it wait no more.
    const rooms = fc.uniqueArray(fc.integer({min: 41, max: 80}), {maxLength: 8})
    await fc.assert(
      fc.asyncProperty(jobs, rooms, async (drawn, roomAtMs) => {
        const asked = drawn.map(({atMs, aliveMs}) => ({atMs, lastStartMs: atMs + aliveMs}))
        const {served, refused} = await playDesk(asked, roomAtMs, 100)
        expect(served).toHaveLength(mostServed(asked, roomAtMs))
        expect(served.length + refused.length).toBe(asked.length)
        for (const {atMs, lastStartMs} of served) expect(atMs).toBeLessThanOrEqual(lastStartMs)
        for (const {atMs, lastStartMs} of refused) expect(atMs).toBe(lastStartMs + 1)
      }),
      {numRuns: 60},
    )
  })

  it('nobody waits for room once it is closed', async () => {
    const {served, refused} = await playDesk([{atMs: 0, lastStartMs: 5000}], [], 100)
    expect([served, refused]).toEqual([[], []])
  })
})

describe('a quota that is spent', () => {
  it('sheds whose time ends before there is room, says rate_limited and counts it, without a call', async () => {
    const world = await aWorld()
    world.wecom.room = 0
    await world.deliver()
    await world.clock.advance(15_001)
    expect(world.lastOutcome()).toMatchObject({outcome: 'rate_limited'})
    expect(world.counter('shed')).toBe(1)
    expect(world.wecom.calls).toEqual([])
  })

  it('that has room again in time costs nobody his welcome', async () => {
    const world = await aWorld()
    world.wecom.room = 0
    await world.deliver({customer: 'wm1', code: 'A'})
    await world.clock.advance(10_000)
    await world.deliver({customer: 'wm2', code: 'B'})
    world.wecom.room = 2
    await world.clock.advance(1000)
    expect(world.wecom.calls.map(({code}) => code)).toEqual(['A', 'B'])
  })

  it('is no evidence against a release', async () => {
    const world = await aWorld()
    world.wecom.room = 0
    await world.deliver()
    await world.clock.advance(15_001)
    expect(world.responder.report().trials).toEqual([])
  })
})
