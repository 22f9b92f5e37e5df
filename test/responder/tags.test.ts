import {describe, expect, it} from '@jest/globals'
import {aWorld, type EventFields, type World, type WorldOptions} from './a-responder.js'

const CHANGES = {
  'channels/table.yaml': {
    kind: 'qr',
    title: '桌贴',
    state: 'tbl_wuhou',
    staff: {members: ['zhang.san']},
    tags: ['来源/桌贴', '门店/武侯'],
  },
}

const TABLE: EventFields = {state: 'tbl_wuhou', customer: 'wm1'}
const aShop = (options: WorldOptions = {}): Promise<World> => aWorld({changes: CHANGES, ...options})

describe('tags of a channel', () => {
  it('go on the customer after his welcome', async () => {
    const world = await aShop()
    await world.deliver(TABLE)
    expect(world.wecom.calls).toHaveLength(1)
    expect(world.wecom.tagged).toEqual([{member: 'zhang.san', customer: 'wm1', tags: ['来源/桌贴', '门店/武侯']}])
    expect(world.disk.kept.size).toBe(0)
  })

  it('a tagging that hangs for a minute delays neither this welcome nor the next', async () => {
    const world = await aShop()
    world.wecom.tagScript = ['hang', 'hang', 'hang', 'hang']
    await world.deliver(TABLE)
    await world.deliver({...TABLE, customer: 'wm2', code: 'C2'})
    await world.deliver({...TABLE, customer: 'wm3', code: 'C3'})
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['sent', 'sent', 'sent'])
    expect(world.wecom.calls.map(({atMs}) => atMs)).toEqual([
      world.clock.nowMs(),
      world.clock.nowMs(),
      world.clock.nowMs(),
    ])
  })

  it('wait while customers wait for their welcome', async () => {
    const world = await aShop()
    world.wecom.room = 1
    await world.deliver(TABLE)
    world.wecom.tagged.length = 0
    await world.deliver({...TABLE, code: null, customer: 'wm2'})
    await world.deliver({customer: 'wm3', code: 'C3'})
    await world.deliver({...TABLE, code: null, customer: 'wm4'})
    expect(world.wecom.tagged.map(({customer}) => customer)).toEqual(['wm2'])
    world.wecom.room = 1
    await world.clock.advance(500)
    expect(world.wecom.tagged.map(({customer}) => customer)).toEqual(['wm2', 'wm4'])
  })

  it('are put on when there was nothing to say, too', async () => {
    const world = await aShop()
    await world.deliver({...TABLE, code: null})
    expect(world.lastOutcome().outcome).toBe('no_code')
    expect(world.wecom.tagged).toHaveLength(1)
  })

  it('come with the whole add and not with the half one, since there is no relation yet', async () => {
    const world = await aShop()
    await world.deliver({...TABLE, kind: 'add_half_external_contact'})
    expect(world.wecom.tagged).toEqual([])
    await world.deliver({...TABLE, code: null})
    expect(world.wecom.tagged).toHaveLength(1)
  })

  it('nobody is tagged who came by no channel, or by one nobody knows', async () => {
    const world = await aShop()
    await world.deliver({customer: 'wm1', code: 'A'})
    await world.deliver({customer: 'wm2', code: 'B', state: 'gone'})
    expect(world.wecom.tagged).toEqual([])
  })

  it('that are refused are tried three times, then given up and counted', async () => {
    const world = await aShop()
    world.wecom.tagScript = ['refuse', 'refuse', 'refuse']
    await world.deliver(TABLE)
    await world.clock.advance(5000)
    await world.clock.advance(60_000)
    expect(world.counter('tags_failed')).toBe(1)
    expect(world.disk.kept.size).toBe(0)
    expect(world.logged.map(({text}) => text).join()).not.toContain('wm1')
  })

  it('a refusal that passes is made up for', async () => {
    const world = await aShop()
    world.wecom.tagScript = ['refuse']
    await world.deliver(TABLE)
    await world.clock.advance(5000)
    expect(world.wecom.tagged).toHaveLength(1)
  })

  it('that were not put on before a crash are put on after it, without a second welcome', async () => {
    const world = await aShop()
    world.wecom.tagScript = ['hang']
    await world.deliver(TABLE)
    world.kill()
    world.wecom.tagScript = []
    const next = await world.restart()
    await next.clock.settle()
    expect(next.wecom.tagged).toHaveLength(1)
    expect([next.wecom.calls.length, next.outcomes().length, next.disk.kept.size]).toEqual([1, 1, 0])
  })
})
