import {describe, expect, it} from '@jest/globals'
import type {Manifest} from '../../scripts/core/model/release.js'
import {canonicalText, digestOf, sha256} from '../../scripts/core/model/canonical.js'
import {
  aManifest,
  aWorld,
  BUILT_IN,
  putRelease,
  sign,
  START_MS,
  textsOf,
  type World,
  type WorldOptions,
} from './a-responder.js'

const saying = (text: string) => ({'templates/hello.yaml': {title: '问候', text}})
const OLD = {changes: saying('旧版')}
const LOOK_MS = 12_000

async function greeted(world: World, customer: string): Promise<string | undefined> {
  await world.deliver({customer, code: customer})
  return textsOf(world).at(-1)
}

/** The version that runs, and what a customer hears. */
async function runs(world: World): Promise<[number, string | undefined]> {
  return [world.responder.report().manifestVersion, await greeted(world, `wm${world.wecom.calls.length}`)]
}

describe('a new release', () => {
  it('is heard within 12 seconds of being published, which leaves three of the fifteen for the command', async () => {
    const world = await aWorld(OLD)
    world.publish(putRelease(world.store, saying('新版')))
    expect(await runs(world)).toEqual([1, '旧版'])
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([2, '新版'])
  })

  it('replaces the one before as a whole: an event under way keeps what it began with', async () => {
    const world = await aWorld({changes: saying('[客户昵称]旧版')})
    world.wecom.names.set('wmSLOW', 'hang')
    await world.clock.advance(LOOK_MS - 500)
    await world.deliver({customer: 'wmSLOW', code: 'SLOW'})
    world.publish(putRelease(world.store, saying('新版')))
    await world.clock.advance(1000)
    expect(textsOf(world)).toEqual(['旧版'])
    expect(world.lastOutcome().manifestVersion).toBe(1)
    expect(world.responder.report().manifestVersion).toBe(2)
  })

  it('a rollback is a higher version with old content', async () => {
    const world = await aWorld(OLD)
    const old = world.store.manifest?.manifest.stable ?? null
    world.publish(putRelease(world.store, saying('新版')))
    await world.clock.advance(LOOK_MS)
    world.publish({stable: old})
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([3, '旧版'])
  })
})

describe('what is refused', () => {
  const refusals: [string, string, (world: World, next: Manifest) => void][] = [
    [
      'a manifest changed after it was signed',
      'bad-signature',
      ({store}, next) => {
        store.manifest = {...sign(next), manifest: {...next, expiresAtMs: next.expiresAtMs + 1}}
      },
    ],
    [
      'a signature of nobody',
      'bad-signature',
      ({store}, next) => {
        store.manifest = {manifest: next, signature: 'AAAA'}
      },
    ],
    ['a lower version', 'lower-version', ({store}, next) => void (store.manifest = sign({...next, version: 4}))],
    [
      'the same version with other content',
      'version-reused',
      ({store}, next) => void (store.manifest = sign({...next, version: 5})),
    ],
    ['another lineage', 'wrong-lineage', ({store}, next) => void (store.manifest = sign({...next, lineage: 'other'}))],
    ['a format of the future', 'bad-shape', ({store}, next) => void (store.manifest = sign({...next, version: -1}))],
    [
      'a kill switch of a kind nobody knows',
      'bad-shape',
      ({store}, next) => {
        const lockdown = JSON.parse('[{"scope":"corp","mode":"louder"}]') as Manifest['lockdown']
        store.manifest = sign({...next, lockdown})
      },
    ],
    [
      'a release that is not there',
      'missing-document',
      ({store}, next) => void (store.manifest = sign({...next, stable: 'a'.repeat(64)})),
    ],
    [
      'a canary whose release is not there',
      'missing-document',
      ({store}, next) =>
        void (store.manifest = sign({
          ...next,
          canary: {digest: 'b'.repeat(64), perMyriad: 500, salt: 's', maxPeople: 10},
        })),
    ],
    [
      'a release that does not fit its digest',
      'wrong-digest',
      ({store}, next) => {
        store.documents.set(next.stable ?? '', `${store.documents.get(next.stable ?? '')} `)
        store.manifest = sign(next)
      },
    ],
    [
      'a document that is no JSON',
      'damaged-document',
      ({store}, next) => {
        const text = '{"format":1,'
        // The digest fits: it was published broken.
        const digest = sha256(text)
        store.documents.set(digest, text)
        store.manifest = sign({...next, stable: digest})
      },
    ],
    [
      'a release of another corp',
      'wrong-corp',
      ({store}, next) => {
        const release = JSON.parse(store.documents.get(next.stable ?? '') ?? '{}') as object
        const other = {...release, corpId: 'ww9999999999999999'}
        store.documents.set(digestOf(other), canonicalText(other))
        store.manifest = sign({...next, stable: digestOf(other)})
      },
    ],
  ]

  it.each(refusals)('%s is refused and the running release goes on', async (_what, reason, put) => {
    const world = await aWorld({...OLD, manifest: {version: 5}})
    const next = aManifest({version: 6, ...putRelease(world.store, saying('新版'))})
    put(world, next)
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([5, '旧版'])
    expect(world.counter(`refused_${reason}`)).toBe(1)
    expect(world.logged.map(({text}) => text).join()).toContain(reason)
  })

  it('a release the greeter cannot take is refused', async () => {
    let isBroken = false
    const {createGreeter} = await import('../../scripts/core/greet/create-greeter.js')
    const world = await aWorld({
      ...OLD,
      createGreeter: (...args) => {
        if (isBroken) throw new RangeError('no such zone')
        return createGreeter(...args)
      },
    })
    isBroken = true
    world.publish(putRelease(world.store, saying('新版')))
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([1, '旧版'])
    expect(world.counter('refused_unusable-release')).toBe(1)
  })

  it('a good manifest after a refused one is taken', async () => {
    const world = await aWorld(OLD)
    const next = aManifest({version: 2, ...putRelease(world.store, saying('新版'))})
    world.store.manifest = {...sign(next), signature: 'AAAA'}
    await world.clock.advance(LOOK_MS)
    world.store.manifest = sign(next)
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([2, '新版'])
  })
})

describe('without the store', () => {
  it('the last good release goes on, and is called stale after five minutes', async () => {
    const world = await aWorld(OLD)
    world.store.isDown = true
    await world.clock.advance(5 * 60_000)
    expect(world.counter('stale')).toBe(0)
    await world.clock.advance(2 * LOOK_MS)
    expect(world.counter('stale')).toBeGreaterThan(0)
    expect(await runs(world)).toEqual([1, '旧版'])
    expect((await world.responder.app.inject('/healthz')).json()).toMatchObject({isStale: true, isExpired: false})
  })

  it('a new process starts from its own disk', async () => {
    const before = await aWorld(OLD)
    const world = await aWorld({store: before.store, disk: before.disk, isStoreDown: true})
    expect(await runs(world)).toEqual([1, '旧版'])
  })

  it('a store that hangs holds up neither the start, nor a welcome, nor the stop', async () => {
    const before = await aWorld(OLD)
    const world = await aWorld({store: before.store, disk: before.disk, isStoreHanging: true})
    expect(await runs(world)).toEqual([1, '旧版'])
    await world.clock.advance(10 * 60_000)
    expect(world.counter('look_failed')).toBeGreaterThan(10)
    expect(world.counter('stale')).toBeGreaterThan(0)
    const stopped = world.responder.stop()
    await world.clock.advance(10_000)
    await stopped
  })

  it('a slow look that ends after a quicker one does not bring the older release back', async () => {
    const world = await aWorld(OLD)
    const {readDocument} = world.store.port
    const middle = putRelease(world.store, saying('中间'))
    const newest = putRelease(world.store, saying('最新'))
    let isSlow = true
    Object.assign(world.store.port, {
      readDocument: async (digest: string) => {
        if (digest === middle.stable && isSlow) await world.clock.sleep(60_000)
        return readDocument(digest)
      },
    })
    world.publish(middle)
    await world.clock.advance(20_000)
    isSlow = false
    world.publish(newest)
    await world.clock.advance(20_000)
    expect(await runs(world)).toEqual([3, '最新'])
    await world.clock.advance(60_000)
    expect(await runs(world)).toEqual([3, '最新'])
    // The first release and the newest; never the one in between.
    expect(world.counter('adopted')).toBe(2)
  })

  it('a new process keeps the version it had: an older manifest in the store is refused', async () => {
    const before = await aWorld({...OLD, manifest: {version: 7}})
    before.store.manifest = sign(aManifest({version: 6, ...putRelease(before.store, saying('更旧'))}))
    const world = await aWorld({store: before.store, disk: before.disk})
    expect(await runs(world)).toEqual([7, '旧版'])
    expect(world.counter('refused_lower-version')).toBe(1)
  })

  it('a disk that was tampered with is not believed', async () => {
    const before = await aWorld(OLD)
    const {lastGood} = before.disk
    if (lastGood === null) throw new Error('nothing was kept')
    const forged = Object.fromEntries(Object.keys(lastGood.documents).map((digest) => [digest, '{"format":1}']))
    before.disk.lastGood = {...lastGood, documents: forged}
    const world = await aWorld({store: before.store, disk: before.disk, isStoreDown: true})
    expect(await runs(world)).toEqual([0, BUILT_IN])
    expect(world.counter('refused_wrong-digest')).toBe(1)
  })

  it('a disk that cannot be read delays nobody: the store is looked at', async () => {
    const before = await aWorld(OLD)
    before.disk.readLastGood = () => Promise.reject(new Error('input/output error'))
    const world = await aWorld({store: before.store, disk: before.disk})
    expect(await runs(world)).toEqual([1, '旧版'])
    expect(world.counter('cold_start_failed')).toBe(1)
  })

  it('what could not be kept on disk is kept with the next look', async () => {
    const world = await aWorld(OLD)
    world.disk.isDown = true
    world.publish(putRelease(world.store, saying('新版')))
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([2, '新版'])
    world.disk.isDown = false
    await world.clock.advance(LOOK_MS)
    expect(world.disk.lastGood?.signed.manifest.version).toBe(2)
  })

  it('everything published while it was away is there after one look', async () => {
    const world = await aWorld({...OLD, isStoreDown: true})
    expect(await runs(world)).toEqual([0, BUILT_IN])
    world.store.isDown = false
    await world.clock.advance(LOOK_MS)
    expect(await runs(world)).toEqual([1, '旧版'])
  })
})

describe('before and after a release', () => {
  it('without any release the built-in text is said, and the record says so', async () => {
    const world = await aWorld({isEmpty: true})
    await world.deliver()
    expect(textsOf(world)).toEqual([BUILT_IN])
    expect(world.lastOutcome()).toMatchObject({
      outcome: 'sent',
      release: null,
      template: null,
      lessBecause: 'no-release',
    })
  })

  it('past its end a release says its fallback without any link', async () => {
    const world = await aWorld({
      changes: {
        'templates/hello.yaml': {
          title: '问候',
          text: '您好，看 https://m.hehejj.example/a',
          attachments: [{type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}],
          fallback: '您好，欢迎联系我们。',
        },
      },
      manifest: {expiresAtMs: START_MS + 60_000},
    })
    await world.clock.advance(59_999)
    await world.deliver({code: 'IN-TIME'})
    await world.clock.advance(1)
    await world.deliver({code: 'EXPIRED'})
    expect(textsOf(world)).toEqual(['您好，看 https://m.hehejj.example/a', '您好，欢迎联系我们。'])
    expect(world.wecom.calls[1]?.message.attachments).toEqual([])
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent_text_fallback', lessBecause: 'release-expired'})
    expect(world.counter('release_expired')).toBe(1)
    expect(world.responder.report().trials).toHaveLength(1)
  })

  it('past its end nobody is asked for a name that will not be said', async () => {
    const world = await aWorld({changes: saying('[客户昵称]您好'), manifest: {expiresAtMs: START_MS}})
    world.wecom.names.set('wmCUSTOMER0001', 'hang')
    await world.deliver()
    expect(world.outcomes()).toHaveLength(1)
  })

  it('past its end not even a fallback with an address goes out', async () => {
    const world = await aWorld({
      changes: {'templates/hello.yaml': {title: '问候', text: '您好', fallback: '您好，请看 m.hehejj.example'}},
      manifest: {expiresAtMs: START_MS},
    })
    await world.deliver()
    expect(textsOf(world)).toEqual([BUILT_IN])
  })

  it('a look comes up to a fifth earlier, so that responders do not ask in step', async () => {
    const {jitteredMs} = await import('../../scripts/responder/run-loop.js')
    expect([jitteredMs(15_000, 0), jitteredMs(15_000, 0.5), jitteredMs(15_000, 0.999)]).toEqual([
      15_000, 13_500, 12_003,
    ])
  })
})

describe('lockdown', () => {
  const LINKED = {
    changes: {
      'templates/hello.yaml': {
        title: '问候',
        text: '您好，我是[员工姓名]。',
        attachments: [{type: 'link' as const, title: '指南', url: 'https://m.hehejj.example/guide'}],
        fallback: '您好，欢迎联系我们。',
      },
    },
  }

  it('text-only drops the parts and keeps the words', async () => {
    const world = await aWorld({...LINKED, manifest: {lockdown: [{scope: 'corp', mode: 'text-only'}]}})
    await world.deliver()
    expect(world.wecom.calls[0]?.message).toEqual({text: '您好，我是张顾问。', attachments: []})
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent_text_fallback', lessBecause: 'lockdown'})
    expect(world.responder.report().trials).toEqual([])
  })

  it.each(['看 https://m.hehejj.example/a', '看 www.hehejj.cn', '看 hehejj.cn'])(
    'text-only says the fallback where the words themselves hold an address: %s',
    async (text) => {
      const changes = {'templates/hello.yaml': {title: '问候', text, fallback: '您好，欢迎联系我们。'}}
      const world = await aWorld({changes, manifest: {lockdown: [{scope: 'corp', mode: 'text-only'}]}})
      await world.deliver()
      expect(textsOf(world)).toEqual(['您好，欢迎联系我们。'])
    },
  )

  describe('pinned', () => {
    const withNotice = (lockdown: Manifest['lockdown'], schedules: WorldOptions['changes'] = {}) =>
      aWorld({
        changes: {
          ...LINKED.changes,
          'templates/notice.yaml': {title: '公告', text: '[员工姓名]：系统维护中，详见 https://m.hehejj.example/n'},
          ...schedules,
        },
        manifest: {lockdown},
      })
    const PINNED = {scope: 'corp', mode: 'pinned', notice: 'notice'} as const

    it('says the approved notice instead, links in its words included, and is no evidence about a release', async () => {
      const world = await withNotice([PINNED])
      await world.deliver()
      expect(world.wecom.calls[0]?.message).toEqual({
        text: '张顾问：系统维护中，详见 https://m.hehejj.example/n',
        attachments: [],
      })
      expect(world.lastOutcome()).toMatchObject({template: 'notice', lessBecause: 'lockdown'})
      expect(world.responder.report().trials).toEqual([])
    })

    it('says nothing where somebody else says silent, and no address where text-only holds too', async () => {
      const silent = await withNotice([PINNED, {scope: {department: '/总部'}, mode: 'silent'}])
      await silent.deliver()
      expect(silent.lastOutcome().outcome).toBe('kill_switch')
      const textOnly = await withNotice([PINNED, {scope: {department: '/总部'}, mode: 'text-only'}])
      await textOnly.deliver()
      expect(textsOf(textOnly)).toEqual([expect.not.stringContaining('://')])
    })

    it('breaks no silence that was chosen on purpose', async () => {
      const world = await withNotice([PINNED], {
        'schedules/none.yaml': {title: '不说', audience: {members: ['zhang.san']}, mode: 'silent'},
      })
      await world.deliver()
      expect(world.lastOutcome().outcome).toBe('silent_by_rule')
    })

    it('that this release does not hold says the chosen words without parts', async () => {
      const world = await aWorld({...LINKED, manifest: {lockdown: [PINNED]}})
      await world.deliver()
      expect(world.wecom.calls[0]?.message).toEqual({text: '您好，我是张顾问。', attachments: []})
    })
  })

  it('silent wins over text-only, in whatever order they stand', async () => {
    const both: Manifest['lockdown'] = [
      {scope: 'corp', mode: 'silent'},
      {scope: {department: '/总部'}, mode: 'text-only'},
    ]
    const world = await aWorld({...LINKED, manifest: {lockdown: both}})
    await world.deliver()
    expect(world.lastOutcome().outcome).toBe('kill_switch')
  })

  it('silent says nothing and is kill_switch, even where there is no code', async () => {
    const world = await aWorld({...LINKED, manifest: {lockdown: [{scope: 'corp', mode: 'silent'}]}})
    await world.deliver()
    await world.deliver({code: null, customer: 'wm2'})
    expect(world.wecom.calls).toEqual([])
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['kill_switch', 'kill_switch'])
  })

  it.each<[string, Manifest['lockdown'][number]['scope'], string[]]>([
    ['a department', {department: '/总部/华南区'}, ['kill_switch', 'sent']],
    ['a template', {template: 'hello'}, ['kill_switch', 'kill_switch']],
    ['another template', {template: 'other'}, ['sent', 'sent']],
    ['a host', {host: 'm.hehejj.example'}, ['kill_switch', 'kill_switch']],
    ['the host above', {host: 'hehejj.example'}, ['kill_switch', 'kill_switch']],
    ['another host', {host: 'ehejj.example'}, ['sent', 'sent']],
  ])('of %s hits only what belongs to it', async (_what, scope, outcomes) => {
    const world = await aWorld({...LINKED, manifest: {lockdown: [{scope, mode: 'silent'}]}})
    await world.deliver({member: 'zhang.san', customer: 'wm1'})
    await world.deliver({member: 'li.si', customer: 'wm2'})
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(outcomes)
  })

  it('ends by itself at its end', async () => {
    const untilMs = START_MS + 60_000
    const world = await aWorld({...LINKED, manifest: {lockdown: [{scope: 'corp', mode: 'silent', untilMs}]}})
    await world.deliver({createTimeMs: untilMs - 1000, code: 'A'})
    await world.clock.advance(60_000)
    await world.deliver({code: 'B'})
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['kill_switch', 'sent'])
  })

  it('reaches a running responder within 60 seconds', async () => {
    const world = await aWorld(LINKED)
    world.publish({lockdown: [{scope: 'corp', mode: 'silent'}]})
    await world.clock.advance(60_000)
    await world.deliver()
    expect(world.lastOutcome().outcome).toBe('kill_switch')
  })
})
