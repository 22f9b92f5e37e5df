import {describe, expect, it} from '@jest/globals'
import {aWorld, createFakeDisk} from './a-responder.js'

describe('an event that was acknowledged', () => {
  it('is on disk before WeCom gets its answer, as WeCom encrypted it', async () => {
    const world = await aWorld()
    world.wecom.script = ['hang']
    expect((await world.deliver({customer: 'wmSECRET', code: 'CODE-SECRET'})).statusCode).toBe(200)
    const kept = JSON.stringify([...world.disk.kept.values()])
    expect(world.disk.kept.size).toBe(1)
    expect(kept).not.toMatch(/SECRET|zhang/)
  })

  it('is acknowledged and worked on only when the disk has it', async () => {
    const world = await aWorld()
    const {noteEvents} = world.disk
    let release: () => void = () => undefined
    world.disk.noteEvents = (kept, closed) =>
      new Promise((resolve, reject) => (release = () => void noteEvents(kept, closed).then(resolve, reject)))
    const seen = {isAnswered: false}
    const delivered = world.deliver().then(() => (seen.isAnswered = true))
    await world.clock.settle()
    expect([seen.isAnswered, world.wecom.calls.length]).toEqual([false, 0])
    world.disk.noteEvents = noteEvents
    release()
    await delivered
    expect([seen.isAnswered, world.wecom.calls.length]).toEqual([true, 1])
  })

  it('is closed once its outcome is on disk', async () => {
    const world = await aWorld()
    await world.deliver()
    expect(world.outcomes()).toHaveLength(1)
    expect(world.disk.kept.size).toBe(0)
  })

  it('stays open while the outcome log refuses its outcome', async () => {
    const world = await aWorld()
    const {appendOutcomes} = world.disk
    world.disk.appendOutcomes = () => Promise.reject(new Error('full'))
    await world.deliver()
    expect(world.disk.kept.size).toBe(1)
    world.disk.appendOutcomes = appendOutcomes
    await world.deliver({customer: 'wm2', code: 'C2'})
    expect(world.outcomes()).toHaveLength(2)
    expect(world.disk.kept.size).toBe(0)
  })

  it('is answered after a crash before the send, within its time', async () => {
    const world = await aWorld()
    world.wecom.script = ['hang']
    await world.deliver()
    world.kill()
    await world.clock.advance(2000)
    world.wecom.script = []
    const next = await world.restart()
    await next.clock.settle()
    expect(next.lastOutcome()).toMatchObject({outcome: 'sent_after_retry'})
    expect(next.counter('event_resumed')).toBe(1)
    expect(next.disk.kept.size).toBe(0)
  })

  it('that had been sent before the crash is not taken for somebody else’s: 41051 says it was ours', async () => {
    const world = await aWorld()
    world.wecom.script = ['hang']
    await world.deliver()
    world.kill()
    world.wecom.script = [41051]
    const next = await world.restart()
    await next.clock.settle()
    expect(next.lastOutcome()).toMatchObject({outcome: 'sent_after_retry', errcode: 41051})
  })

  it('whose time is over when the machine comes back has an outcome that owns up to not knowing', async () => {
    const world = await aWorld()
    world.wecom.script = ['hang']
    await world.deliver()
    world.kill()
    await world.clock.advance(60_000)
    const sends = world.wecom.calls.length
    const next = await world.restart()
    await next.clock.settle()
    expect(next.outcomes().map(({outcome}) => outcome)).toEqual(['transport_unknown'])
    expect(next.wecom.calls).toHaveLength(sends)
    expect(next.disk.kept.size).toBe(0)
  })

  it('that has its outcome already is not answered again, only closed', async () => {
    const world = await aWorld()
    const {noteEvents} = world.disk
    world.disk.noteEvents = (kept, closed) =>
      closed.length > 0 ? new Promise(() => undefined) : noteEvents(kept, closed)
    await world.deliver()
    world.kill()
    world.disk.noteEvents = noteEvents
    expect([world.outcomes().length, world.disk.kept.size]).toEqual([1, 1])
    const next = await world.restart()
    await next.clock.settle()
    expect([next.outcomes().length, next.disk.kept.size, next.wecom.calls.length]).toEqual([1, 0, 1])
  })

  it('and is delivered once more after the restart is a duplicate', async () => {
    const world = await aWorld()
    world.wecom.script = ['hang']
    const createTimeMs = world.clock.nowMs()
    await world.deliver({createTimeMs})
    world.kill()
    const next = await world.restart()
    await next.clock.settle()
    await next.deliver({createTimeMs})
    expect(next.outcomes()).toHaveLength(1)
    expect(next.counter('duplicate')).toBe(1)
  })

  it('that no key opens any more is counted and let go', async () => {
    const disk = createFakeDisk()
    disk.kept.set('k', {key: 'k', receivedAtMs: 0, sealed: Buffer.alloc(64, 7).toString('base64')})
    const world = await aWorld({disk})
    expect(world.counter('event_unreadable')).toBe(1)
    await world.clock.settle()
    expect(disk.kept.size).toBe(0)
  })

  it('is acknowledged and answered although the disk refuses to keep it', async () => {
    const world = await aWorld()
    world.disk.isDown = true
    expect((await world.deliver()).statusCode).toBe(200)
    expect(world.wecom.calls).toHaveLength(1)
    expect(world.counter('event_not_kept')).toBe(1)
  })

  it('is acknowledged within half a second although the disk hangs', async () => {
    const world = await aWorld()
    world.disk.noteEvents = () => new Promise(() => undefined)
    const delivered = world.deliver()
    await world.clock.settle()
    await world.clock.advance(500)
    expect((await delivered).statusCode).toBe(200)
    expect(world.outcomes()).toHaveLength(1)
    expect(world.counter('event_kept_late')).toBe(1)
  })

  it('of an earlier run does not keep a responder from starting when the disk cannot tell it', async () => {
    const disk = createFakeDisk()
    disk.readKept = () => Promise.reject(new Error('unreadable'))
    const world = await aWorld({disk})
    expect(world.counter('resume_failed')).toBe(1)
    await world.deliver()
    expect(world.outcomes()).toHaveLength(1)
  })
})
