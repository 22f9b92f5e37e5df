import {describe, expect, it} from '@jest/globals'
import {aWorld, type EventFields, textsOf, type World, type WorldOptions} from './a-responder.js'
import type {Scripted} from './fake-wecom.js'

const HELLO = '您好，我是张顾问。'
const WITH_LINK: WorldOptions = {
  changes: {
    'templates/hello.yaml': {
      title: '问候',
      text: '您好，我是[员工姓名]。',
      attachments: [{type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}],
      fallback: '您好，欢迎联系我们。',
    },
  },
}

async function answered(script: Scripted[], advanceMs = 0, options = WITH_LINK, fields?: EventFields): Promise<World> {
  const world = await aWorld(options)
  world.wecom.script = script
  await world.deliver(fields)
  if (advanceMs > 0) await world.clock.advance(advanceMs)
  return world
}

describe('every event has exactly one outcome', () => {
  it.each<[string, string, Scripted[], number, number]>([
    ['an accepted welcome is sent', 'sent', [0], 0, 1],
    ['41096 and then success is sent_after_retry', 'sent_after_retry', [41096, 0], 1000, 2],
    ['41096 and then 41051 belongs to somebody else', 'already_sent', [41096, 41051], 1000, 2],
    ['41051 at once is already_sent', 'already_sent', [41051], 0, 1],
    ['41050 is expired and is not asked again', 'expired', [41050], 20_000, 1],
    ['41053 waits for consent', 'consent_pending', [41053], 20_000, 1],
    ['60011 is no permission', 'no_permission', [60011], 20_000, 1],
    ['84061 is no permission', 'no_permission', [84061], 20_000, 1],
    ['48006 is no permission', 'no_permission', [48006], 20_000, 1],
    ['45009 is rate_limited and is not asked again', 'rate_limited', [45009], 20_000, 1],
    ['too many at once is asked again a little later', 'sent_after_retry', [45033, 45033, 0], 750, 3],
    [
      'too many at once until the budget is spent is rate_limited',
      'rate_limited',
      Array<Scripted>(20).fill(45033),
      20_000,
      10,
    ],
    ['a refused token is replaced once', 'sent', [42001, 0], 0, 2],
    ['a token refused twice is token_error', 'token_error', [42001, 40014], 0, 2],
    ['40001 is replaced once too', 'sent', [40001, 0], 0, 2],
    ['a bad secret is token_error at once', 'token_error', [40013], 20_000, 1],
    ['no token to be had is token_error', 'token_error', ['no-token'], 20_000, 1],
    ['a refused payload is followed by the plain text', 'sent_text_fallback', [40058, 0], 0, 2],
    ['a plain text refused as well is rejected_payload', 'rejected_payload', [40058, 40058], 20_000, 2],
    ['an unlisted errcode is answered with the plain text', 'sent_text_fallback', [99999, 0], 0, 2],
    ['a lost answer and then success is sent_after_retry', 'sent_after_retry', ['lost', 0], 0, 2],
    ['a lost answer and then 41051 was our own delivery', 'sent_after_retry', ['lost', 41051], 0, 2],
    ['a lost answer and then 41050 stays unknown', 'transport_unknown', ['lost', 41050], 0, 2],
    ['system busy is asked again', 'sent_after_retry', [-1, 0], 0, 2],
    ['system busy four times is unknown', 'transport_unknown', [-1, -1, -1, -1], 20_000, 4],
    ['a client that breaks is unknown, not silence', 'transport_unknown', ['throw'], 20_000, 1],
  ])('%s', async (_promise, outcome, script, advanceMs, calls) => {
    const world = await answered(script, advanceMs)
    expect(world.outcomes().map((record) => record.outcome)).toEqual([outcome])
    expect(world.wecom.calls).toHaveLength(calls)
    expect(world.responder.report().arms).toMatchObject([{arm: 'stable', outcomes: {[outcome]: 1}}])
  })

  it.each([40007, 40039, 40058, 40063, 40094, 41064, 41065, 44004, 45002, 45034, 82004, 85002, 90206, 90207, 90208])(
    'content errcode %i brings the plain text at once, in the same instant',
    async (errcode) => {
      const world = await answered([errcode, 0])
      expect(textsOf(world)).toEqual([HELLO, '您好，欢迎联系我们。'])
      expect(world.wecom.calls[1]?.message.attachments).toEqual([])
      expect(world.wecom.calls[1]?.atMs).toBe(world.wecom.calls[0]?.atMs)
      expect(world.lastOutcome()).toMatchObject({
        outcome: 'sent_text_fallback',
        payloadRefused: true,
        lessBecause: 'payload-refused',
        errcode,
      })
    },
  )

  it('after a lost plain text, 41051 still says that only the plain text went out', async () => {
    const world = await answered([40058, 'lost', 41051])
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent_text_fallback', payloadRefused: true})
  })

  it('an event without a code has nothing to say and is counted', async () => {
    const world = await answered([], 0, WITH_LINK, {code: null})
    expect(world.wecom.calls).toEqual([])
    expect(world.lastOutcome()).toMatchObject({outcome: 'no_code', template: null, release: expect.any(String)})
  })

  it('silence on purpose is silent_by_rule and names its schedule', async () => {
    const world = await answered([], 0, {
      changes: {'schedules/all.yaml': {title: '全员', audience: {}, mode: 'silent'}},
    })
    expect(world.wecom.calls).toEqual([])
    expect(world.lastOutcome()).toMatchObject({outcome: 'silent_by_rule', schedule: 'all'})
  })

  it('a template with a missing fact is not sent with a hole', async () => {
    const world = await answered(
      [],
      0,
      {
        changes: {
          'templates/hello.yaml': {title: '问候', text: '欢迎来到[门店地址]', fallback: '您好，欢迎联系我们。'},
        },
      },
      {member: 'li.si'},
    )
    expect(textsOf(world)).toEqual(['您好，欢迎联系我们。'])
    expect(world.lastOutcome()).toMatchObject({
      outcome: 'sent_text_fallback',
      payloadRefused: false,
      lessBecause: 'missing-facts',
    })
  })

  it('a member nobody knows hears what is said to everybody', async () => {
    const world = await answered(
      [],
      0,
      {changes: {'templates/hello.yaml': {title: '问候', text: '您好。'}}},
      {member: 'new.one'},
    )
    expect(textsOf(world)).toEqual(['您好。'])
    expect(world.counter('notice_unknown-member')).toBe(1)
  })

  it('a greeter that breaks costs the wording, not the welcome', async () => {
    const broken = () => ({
      choose: () => {
        throw new RangeError('wmCUSTOMER0001 broke it')
      },
      render: () => {
        throw new RangeError('never asked')
      },
      tagsOf: () => [],
    })
    const world = await answered([], 0, {createGreeter: broken})
    expect(textsOf(world)).toEqual(['您好，稍后回复您。'])
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent_text_fallback', lessBecause: 'decision-failed'})
    expect(world.counter('decision_failed')).toBe(1)
    expect(JSON.stringify(world.logged)).not.toContain('wmCUSTOMER')
  })
})

describe('which events are answered', () => {
  it('a consent is answered by the channel of the add before it, since its own event has none', async () => {
    const world = await aWorld({
      changes: {
        'channels/poster.yaml': {title: '海报', state: 'poster-1', staff: {members: ['zhang.san']}},
        'templates/poster.yaml': {title: '海报', text: '海报来的您好。'},
        'schedules/poster.yaml': {title: '海报', audience: {channels: ['poster']}, template: 'poster'},
      },
    })
    world.wecom.script = [41053, 0, 0]
    await world.deliver({code: 'BEFORE', state: 'poster-1'})
    await world.deliver({kind: 'msg_audit_approved', code: 'AFTER'})
    await world.deliver({kind: 'msg_audit_approved', code: 'OTHER', customer: 'wmOTHER'})
    expect(textsOf(world)).toEqual(['海报来的您好。', '海报来的您好。', HELLO])
  })

  it.each(['add_external_contact', 'add_half_external_contact'])(
    '%s with a code is answered, with or without a state',
    async (kind) => {
      const world = await aWorld()
      await world.deliver({kind, code: 'A'})
      await world.deliver({kind, code: 'B', state: 'poster-1'})
      expect(world.wecom.calls.map(({code}) => code)).toEqual(['A', 'B'])
      expect(world.outcomes().map(({channel}) => channel)).toEqual([undefined, 'poster-1'])
    },
  )

  it('a consent with a code is answered', async () => {
    const world = await aWorld()
    await world.deliver({kind: 'msg_audit_approved', code: 'A'})
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent', template: 'hello'})
  })

  it.each(['del_external_contact', 'del_follow_user', 'edit_external_contact', 'transfer_fail'])(
    '%s is counted and says nothing',
    async (kind) => {
      const world = await aWorld()
      expect((await world.deliver({kind, code: null})).statusCode).toBe(200)
      expect(world.wecom.calls).toEqual([])
      expect(world.outcomes()).toEqual([])
      expect(world.counter(`event_${kind}`)).toBe(1)
    },
  )

  it('an event of an unknown kind is acknowledged and counted under one name', async () => {
    const world = await aWorld()
    await world.deliver({kind: 'something_new'})
    await world.deliver({event: 'brand_new', kind: 'x'})
    expect(world.counter('event_unknown')).toBe(2)
  })

  it('consent brings a second code, and the welcome is said once', async () => {
    const world = await aWorld()
    world.wecom.script = [41053, 0]
    await world.deliver({code: 'BEFORE'})
    await world.deliver({kind: 'msg_audit_approved', code: 'AFTER'})
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['consent_pending', 'sent'])
  })

  it('the code of a half add is spent there; the add that follows is no_code and no failure', async () => {
    const world = await aWorld()
    await world.deliver({kind: 'add_half_external_contact', code: 'HALF'})
    await world.deliver({code: null})
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['sent', 'no_code'])
    expect(world.responder.report().trials).toHaveLength(1)
  })
})

describe('duplicates', () => {
  it('the same event delivered four times is answered once', async () => {
    const world = await aWorld()
    const createTimeMs = world.clock.nowMs()
    for (let time = 0; time < 4; time++) {
      await world.deliver({createTimeMs})
      await world.clock.advance(5000)
    }
    expect(world.wecom.calls).toHaveLength(1)
    expect(world.outcomes()).toHaveLength(1)
    expect(world.counter('duplicate')).toBe(3)
  })

  it('a repeat during the send is a duplicate too', async () => {
    const world = await aWorld()
    world.wecom.script = [{errcode: 0, afterMs: 3000}]
    const createTimeMs = world.clock.nowMs()
    await world.deliver({createTimeMs})
    await world.deliver({createTimeMs})
    await world.clock.advance(3000)
    expect(world.outcomes()).toHaveLength(1)
  })

  it('two members added by one customer in one second are two events', async () => {
    const world = await aWorld()
    await world.deliver({member: 'zhang.san', code: 'A'})
    await world.deliver({member: 'li.si', code: 'B'})
    expect(world.outcomes()).toHaveLength(2)
  })

  it('two customers of one member in one second are two events', async () => {
    const world = await aWorld()
    await world.deliver({customer: 'wm1', code: 'A'})
    await world.deliver({customer: 'wm2', code: 'B'})
    expect(world.outcomes()).toHaveLength(2)
  })

  it('the spelling of a member id makes no new event', async () => {
    const world = await aWorld()
    await world.deliver({member: 'zhang.san'})
    await world.deliver({member: 'Zhang.San'})
    expect(world.outcomes()).toHaveLength(1)
  })

  it('a customer who adds again later is welcomed again', async () => {
    const world = await aWorld()
    await world.deliver({code: 'A'})
    await world.clock.advance(60_000)
    await world.deliver({code: 'B'})
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['sent', 'sent'])
  })

  it('the window is at least 60 seconds, whatever the settings say', async () => {
    await expect(aWorld({settings: {dedupeWindowMs: 59_999}})).rejects.toThrow('at least 60000 ms, got 59999')
    const world = await aWorld({settings: {dedupeWindowMs: 60_000}})
    const createTimeMs = world.clock.nowMs()
    await world.deliver({createTimeMs})
    await world.clock.advance(59_999)
    await world.deliver({createTimeMs})
    expect(world.counter('duplicate')).toBe(1)
    await world.clock.advance(2)
    await world.deliver({createTimeMs})
    expect(world.counter('duplicate')).toBe(1)
  })
})
