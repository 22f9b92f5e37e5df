import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {aWorld, type EventFields, START_MS} from './a-responder.js'
import type {Scripted} from './fake-wecom.js'

const anEvent: fc.Arbitrary<EventFields> = fc.record({
  kind: fc.constantFrom('add_external_contact', 'add_half_external_contact', 'msg_audit_approved', 'del_follow_user'),
  member: fc.constantFrom('zhang.san', 'li.si', 'nobody'),
  customer: fc.constantFrom('wm1', 'wm2', 'wm3', 'wm4'),
  code: fc.constantFrom('A', 'B', 'C', null),
})

const anEnding: fc.Arbitrary<Scripted> = fc.oneof(
  fc.constantFrom<Scripted>(0, 41050, 41051, 41096, 40058, 42001, 60011, 45009, -1, 99999, 'hang', 'lost', 'throw'),
  fc.record({errcode: fc.constantFrom(0, 41096), afterMs: fc.integer({min: 0, max: 6000})}),
)

const identity = ({kind, member, customer, code}: EventFields): string => JSON.stringify([kind, member, customer, code])

describe('a storm of events and answers', () => {
  it('gives every distinct greeting event exactly one outcome, each within 18 s, and counts them all', async () => {
    const storms = fc.tuple(fc.array(anEvent, {minLength: 1, maxLength: 15}), fc.array(anEnding, {maxLength: 40}))
    await fc.assert(
      fc.asyncProperty(storms, async ([events, script]) => {
        const world = await aWorld({settings: {maxSends: 3}})
        world.wecom.script = [...script]
        await Promise.all(events.map((event) => world.deliver({...event, createTimeMs: START_MS})))
        await world.clock.advance(30_000)
        const greetings = events.filter(({kind}) => kind !== 'del_follow_user')
        expect(world.outcomes()).toHaveLength(new Set(greetings.map(identity)).size)
        expect(new Set(world.outcomes().map(({key}) => key)).size).toBe(world.outcomes().length)
        for (const {finishedAtMs} of world.outcomes()) expect(finishedAtMs - START_MS).toBeLessThanOrEqual(18_000)
        const counted = world.responder.report().arms.flatMap(({outcomes}) => Object.values(outcomes))
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(world.outcomes().length)
      }),
      {numRuns: 40},
    )
  })

  it('200 adds in a second all leave within three seconds of their event', async () => {
    const world = await aWorld()
    world.wecom.script = Array.from({length: 200}, () => ({errcode: 0, afterMs: 300}))
    for (let number = 0; number < 200; number++) await world.deliver({customer: `wm${number}`, code: `C${number}`})
    await world.clock.advance(3000)
    expect(world.outcomes()).toHaveLength(200)
    expect(world.outcomes().every(({receivedAtMs, finishedAtMs}) => finishedAtMs - receivedAtMs <= 3000)).toBe(true)
  })
})
