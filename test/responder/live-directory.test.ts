import {describe, expect, it} from '@jest/globals'
import {EVENT_APART_MS, EVENT_SETTLE_MS} from '../../scripts/core/respond/live-due.js'
import {aWorld, LIVE_FIRST_WAIT_MS, START_MS, textsOf, type World} from './a-responder.js'

const MINUTE_MS = 60_000

describe('the live directory in a responder', () => {
  const BY_DEPARTMENT = {
    'templates/south.yaml': {title: '南', text: '华南您好'},
    'templates/north.yaml': {title: '北', text: '华北您好'},
    'schedules/south.yaml': {title: '南', audience: {departments: ['/总部/华南区']}, template: 'south'},
    'schedules/north.yaml': {title: '北', audience: {departments: ['/总部/华北区']}, template: 'north'},
  }
  const LIVE_MS = 15 * MINUTE_MS
  const aChange = (kind: string, member = 'zhang.san') => ({kind, event: 'change_contact', member, code: null})
  const health = async ({responder}: World): Promise<Record<string, unknown>> => {
    const {body} = await responder.app.inject({method: 'GET', url: '/healthz'})
    return JSON.parse(body) as Record<string, unknown>
  }

  it('a member who moved is answered for where he is now, within 15 minutes', async () => {
    let department = '/总部/华南区/天河店'
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: [department]}]),
    })
    await world.deliver({customer: 'wm1', code: 'A'})
    department = '/总部/华北区/西单店'
    await world.clock.advance(LIVE_MS)
    await world.deliver({customer: 'wm2', code: 'B'})
    expect(textsOf(world)).toEqual(['华南您好', '华北您好'])
  })

  it('is read before the first welcome', async () => {
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
    })
    await world.deliver()
    expect(textsOf(world)).toEqual(['华北您好'])
  })

  it('a storm of events makes one read', async () => {
    const world = await aWorld({changes: BY_DEPARTMENT, fetchLiveMembers: () => Promise.resolve([])})
    await world.clock.advance(EVENT_APART_MS)
    for (const kind of ['create_user', 'update_user', 'delete_user', 'create_party', 'update_party', 'delete_party']) {
      await world.deliver({...aChange(kind), more: {Id: '7'}})
      await world.clock.advance(EVENT_SETTLE_MS - 1)
    }
    await world.deliver({...aChange('update_tag'), more: {TagId: '3'}})
    await world.deliver({kind: '', event: 'subscribe', code: null})
    await world.deliver({kind: '', event: 'unsubscribe', code: null})
    expect(world.counter('live_directory_read')).toBe(1)
    await world.clock.advance(EVENT_SETTLE_MS - 1)
    expect(world.counter('live_directory_read')).toBe(1)
    await world.clock.advance(1)
    expect(world.counter('live_directory_read')).toBe(2)
    await world.clock.advance(MINUTE_MS)
    expect(world.counter('live_directory_read')).toBe(2)
  })

  it('who went is asked about by name, and again while he is gone', async () => {
    const asked: (readonly string[])[] = []
    let isBack = false
    const world = await aWorld({
      changes: {
        ...BY_DEPARTMENT,
        'enterprise.yaml': {
          corpId: 'ww0000000000000001',
          agentId: 1000002,
          timezone: 'Asia/Shanghai',
          greet: {successor: 'bye'},
        },
        'templates/bye.yaml': {title: '接替', text: '以后由[接替人姓名]为您服务'},
      },
      fetchLiveMembers: (suspects) => {
        asked.push(suspects)
        return Promise.resolve(suspects.map((id) => ({id, status: isBack ? 'active' : 'left'})))
      },
    })
    await world.deliver(aChange('delete_user'))
    await world.clock.advance(EVENT_APART_MS)
    await world.deliver({customer: 'wm1', code: 'A'})
    await world.clock.advance(LIVE_MS)
    isBack = true
    await world.clock.advance(LIVE_MS)
    await world.deliver({customer: 'wm2', code: 'B'})
    expect(textsOf(world)).toEqual(['以后由王店长为您服务', '华南您好'])
    expect(asked.map(({length}) => length)).toEqual([0, 1, 1, 1, 0])
  })

  it('a failure keeps the last picture, says its age, and from 15 minutes on it is reported once', async () => {
    let isDown = false
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () =>
        isDown
          ? Promise.reject(new Error('60020'))
          : Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
    })
    isDown = true
    await world.clock.advance(LIVE_MS - 1)
    expect(await health(world)).toMatchObject({liveDirectoryAgeMs: LIVE_MS - 1, isLiveDirectoryTooOld: false})
    expect(world.counter('live_directory_too_old')).toBe(0)
    await world.clock.advance(1)
    expect(await health(world)).toMatchObject({liveDirectoryAgeMs: LIVE_MS, isLiveDirectoryTooOld: true})
    await world.clock.advance(LIVE_MS)
    await world.deliver()
    expect(textsOf(world)).toEqual(['华北您好'])
    expect(world.counter('live_directory_too_old')).toBe(1)
    expect(world.counter('live_directory_failed')).toBeGreaterThan(3)
    isDown = false
    await world.clock.advance(LIVE_MS)
    expect(await health(world)).toMatchObject({isLiveDirectoryTooOld: false})
  })

  it('a directory that hangs holds up neither the start for long nor anybody’s welcome', async () => {
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => new Promise(() => undefined),
      isLiveSlow: true,
    })
    expect(world.clock.nowMs() - START_MS).toBe(LIVE_FIRST_WAIT_MS)
    await world.deliver()
    expect(textsOf(world)).toEqual(['华南您好'])
    await world.clock.advance(LIVE_MS)
    expect(await health(world)).toMatchObject({liveDirectoryAgeMs: null, isLiveDirectoryTooOld: true})
  })

  it('without a live directory nothing is too old', async () => {
    const world = await aWorld({changes: BY_DEPARTMENT})
    await world.deliver(aChange('update_user'))
    await world.clock.advance(2 * LIVE_MS)
    expect(await health(world)).toMatchObject({liveDirectoryAgeMs: null, isLiveDirectoryTooOld: false})
    expect(world.counter('live_directory_read')).toBe(0)
  })

  it('what WeCom does not show is told once', async () => {
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([]),
      liveRefused: ['tag/list 48002'],
    })
    await world.clock.advance(2 * LIVE_MS)
    expect(world.counter('live_directory_partly')).toBe(1)
    expect(world.logged.filter(({text}) => text.includes('tag/list 48002'))).toHaveLength(1)
  })

  it('the same picture again costs no new compiling', async () => {
    let compiled = 0
    const {createGreeter} = await import('../../scripts/core/greet/create-greeter.js')
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
      createGreeter: (...args) => {
        compiled += 1
        return createGreeter(...args)
      },
    })
    await world.clock.settle()
    const atStart = compiled
    await world.clock.advance(4 * LIVE_MS)
    expect(compiled).toBe(atStart)
  })

  it('a picture the greeter cannot take does not spoil later releases', async () => {
    const {createGreeter} = await import('../../scripts/core/greet/create-greeter.js')
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/坏']}]),
      createGreeter: (release, directory) => {
        if (directory.members.some(({departments}) => departments.includes('/坏'))) throw new RangeError('no such path')
        return createGreeter(release, directory)
      },
    })
    await world.clock.settle()
    world.publish({})
    await world.clock.advance(15_000)
    await world.deliver()
    expect(world.lastOutcome()).toMatchObject({manifestVersion: 2, template: 'south'})
  })

  it('a later release is overlaid too', async () => {
    const world = await aWorld({
      changes: BY_DEPARTMENT,
      fetchLiveMembers: () => Promise.resolve([{id: 'zhang.san', departments: ['/总部/华北区']}]),
    })
    await world.clock.settle()
    world.publish({})
    await world.clock.advance(15_000)
    await world.deliver()
    expect(world.lastOutcome()).toMatchObject({manifestVersion: 2, template: 'north'})
  })
})
