import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import type {MediaEntry} from '../../scripts/core/model/plan.js'
import {anAsset} from '../support/a-config.js'
import {aManifest, aWorld, createFakeStore, putRelease, sign, START_MS, type World} from './a-responder.js'

const HOUR_MS = 3_600_000
const bytesOf = (path: string): Uint8Array => new TextEncoder().encode(`bytes of ${path}`)
const hashOf = (path: string): string => sha256(bytesOf(path))

const ASSETS = [
  anAsset('assets/menu.png', {sha256: hashOf('menu')}),
  anAsset('assets/cover.png', {sha256: hashOf('cover')}),
  anAsset('assets/film.mp4', {sha256: hashOf('film'), mime: 'video/mp4'}),
  anAsset('assets/guide.pdf', {sha256: hashOf('guide'), mime: 'application/pdf'}),
]

const CHANGES = {
  'templates/hello.yaml': {
    title: '问候',
    text: '您好。',
    fallback: '您好，欢迎联系我们。',
    attachments: [
      {type: 'image', file: 'assets/menu.png'},
      {
        type: 'link',
        title: '指南',
        description: '12个户型',
        url: 'https://m.hehejj.example/g',
        cover: 'assets/cover.png',
      },
      {type: 'miniprogram', title: '预约', appid: 'wx0000000000000001', page: 'pages/book', cover: 'assets/cover.png'},
      {type: 'video', file: 'assets/film.mp4'},
      {type: 'file', file: 'assets/guide.pdf', name: '收纳指南.pdf'},
    ],
  },
}

const entry = (path: string, use: MediaEntry['use'], value: string, ageHours = 0): MediaEntry => ({
  sha256: hashOf(path),
  use,
  value,
  uploadedAtMs: START_MS - ageHours * HOUR_MS,
})

const ALL = [
  entry('menu', 'picture', 'https://wework.example/menu'),
  entry('cover', 'picture', 'https://wework.example/cover'),
  entry('cover', 'image', 'mid-cover'),
  entry('film', 'video', 'mid-film'),
  entry('guide', 'file', 'mid-guide'),
]

interface Shelf {
  readonly uploadFails?: boolean
  /** Assets the store has; else all of them. */
  readonly assets?: Readonly<Record<string, string>>
}

const ALL_BYTES = {menu: 'menu', cover: 'cover', film: 'film', guide: 'guide'}

async function withMedia(
  media: readonly MediaEntry[],
  {uploadFails = false, assets = ALL_BYTES}: Shelf = {},
): Promise<World> {
  const store = createFakeStore()
  store.media = [...media]
  for (const [path, content] of Object.entries(assets)) store.assets.set(hashOf(path), bytesOf(content))
  store.manifest = sign(aManifest(putRelease(store, CHANGES, ASSETS)))
  return aWorld({store, uploadFails})
}

/** Nothing can be uploaded, so that what is on the shelf is all there is. */
const withOnly = (media: readonly MediaEntry[]): Promise<World> => withMedia(media, {uploadFails: true})

const kindsSent = (world: World) => world.wecom.calls.at(-1)?.message.attachments.map(({kind}) => kind)

describe('media in a welcome', () => {
  it('every part carries the value of this moment, in the order it was written', async () => {
    const world = await withOnly(ALL)
    await world.deliver()
    expect(world.wecom.calls[0]?.message.attachments).toEqual([
      {kind: 'image', picUrl: 'https://wework.example/menu'},
      {
        kind: 'link',
        title: '指南',
        description: '12个户型',
        url: 'https://m.hehejj.example/g',
        picUrl: 'https://wework.example/cover',
      },
      {kind: 'miniprogram', title: '预约', appid: 'wx0000000000000001', page: 'pages/book', coverMediaId: 'mid-cover'},
      {kind: 'video', mediaId: 'mid-film'},
      {kind: 'file', mediaId: 'mid-guide'},
    ])
  })

  it('a part whose medium is missing is left out and counted; text and other parts go', async () => {
    const world = await withOnly(ALL.filter(({use}) => use !== 'video'))
    await world.deliver()
    expect(kindsSent(world)).toEqual(['image', 'link', 'miniprogram', 'file'])
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent', leftOut: 1})
    expect(world.counter('media_missing')).toBe(1)
    expect(world.responder.report().trials).toMatchObject([{failed: true, hard: false}])
  })

  it('without any medium the text goes alone, the link without its cover', async () => {
    const world = await withOnly([])
    await world.deliver()
    expect(world.wecom.calls[0]?.message.text).toBe('您好。')
    expect(world.wecom.calls[0]?.message.attachments).toEqual([
      {kind: 'link', title: '指南', description: '12个户型', url: 'https://m.hehejj.example/g'},
    ])
    expect(world.counter('cover_missing')).toBe(1)
  })

  it('a picture too large for a URL goes by media id', async () => {
    const world = await withOnly([entry('menu', 'image', 'mid-menu')])
    await world.deliver()
    expect(world.wecom.calls[0]?.message.attachments[0]).toEqual({kind: 'image', mediaId: 'mid-menu'})
  })

  it('picture URLs never grow old; a media id is left alone ten minutes before its third day ends', async () => {
    const old = ALL.map((one) => ({...one, uploadedAtMs: START_MS - 72 * HOUR_MS + 10 * 60_000 + 1}))
    const world = await withOnly(old)
    await world.deliver({code: 'STILL'})
    expect(kindsSent(world)).toHaveLength(5)
    await world.clock.advance(1)
    await world.deliver({code: 'TOO-OLD'})
    expect(kindsSent(world)).toEqual(['image', 'link'])
  })

  it('a value renewed by somebody else is used after the next look', async () => {
    const world = await withOnly(ALL)
    world.store.media = world.store.media.map((one) => (one.use === 'video' ? {...one, value: 'mid-newer'} : one))
    await world.clock.advance(15_000)
    await world.deliver()
    expect(world.wecom.calls[0]?.message.attachments[3]).toEqual({kind: 'video', mediaId: 'mid-newer'})
  })

  it('a file under another name is another medium', async () => {
    const named = {...entry('guide', 'file', 'mid-other'), name: '别的名字.pdf'}
    const world = await withOnly([...ALL.filter(({use}) => use !== 'file'), named])
    await world.deliver()
    expect(kindsSent(world)).not.toContain('file')
  })

  it('nothing is uploaded in the way of a send', async () => {
    const world = await withOnly([])
    await world.clock.settle()
    world.wecom.uploadFails = false
    await world.deliver()
    expect(world.wecom.uploads).toEqual([])
  })

  it('media are known after a cold start without the store', async () => {
    const before = await withOnly(ALL)
    const world = await aWorld({store: before.store, disk: before.disk, isStoreDown: true, uploadFails: true})
    await world.deliver()
    expect(kindsSent(world)).toHaveLength(5)
  })

  it('a dead medium silences nobody: 40007 brings the plain text', async () => {
    const world = await withOnly(ALL)
    world.wecom.script = [40007, 0]
    await world.deliver()
    expect(world.lastOutcome()).toMatchObject({outcome: 'sent_text_fallback', errcode: 40007})
    expect(world.responder.report().trials).toMatchObject([{failed: true, hard: false}])
  })
})

describe('renewing media', () => {
  const RENEW_MS = 30 * 60_000

  it('uploads temporary media older than 48 hours again, and leaves younger ones and pictures alone', async () => {
    const world = await withMedia([
      entry('menu', 'picture', 'https://wework.example/menu', 500),
      entry('cover', 'picture', 'https://wework.example/cover', 500),
      entry('cover', 'image', 'mid-cover', 47),
      entry('film', 'video', 'mid-film', 48),
      entry('guide', 'file', 'mid-guide', 49),
    ])
    await world.clock.advance(15_000)
    expect(world.wecom.uploads).toEqual(['video:film.mp4', 'file:收纳指南.pdf'])
    expect(world.counter('media_renewed')).toBe(2)
    await world.deliver()
    expect(world.wecom.calls[0]?.message.attachments.slice(3)).toEqual([
      {kind: 'video', mediaId: 'mid-1'},
      {kind: 'file', mediaId: 'mid-2'},
    ])
  })

  it('uploads what was never uploaded, with the start', async () => {
    const world = await withMedia(ALL.filter(({use}) => use === 'picture'))
    await world.clock.settle()
    expect(world.wecom.uploads).toEqual(['image:cover.png', 'video:film.mp4', 'file:收纳指南.pdf'])
  })

  it('a failed upload is told, and tried again next time', async () => {
    const world = await withOnly([...ALL.slice(0, 3), entry('film', 'video', 'mid-film', 49), ...ALL.slice(4)])
    await world.clock.settle()
    expect(world.counter('media_renewal_failed')).toBe(1)
    expect(world.logged.some(({level}) => level === 'error')).toBe(true)
    world.wecom.uploadFails = false
    await world.clock.advance(RENEW_MS)
    expect(world.counter('media_renewed')).toBe(1)
  })

  it('bytes that do not fit their digest are not sent to customers', async () => {
    const world = await withMedia([...ALL.slice(0, 3), ...ALL.slice(4)], {assets: {...ALL_BYTES, film: 'another'}})
    await world.clock.settle()
    expect(world.wecom.uploads).toEqual([])
    expect(world.counter('media_renewal_failed')).toBe(1)
  })

  it('an asset the store does not have stops no other', async () => {
    const {film: _missing, ...assets} = ALL_BYTES
    const world = await withMedia(ALL.slice(0, 3), {assets})
    await world.clock.settle()
    expect(world.wecom.uploads).toEqual(['file:收纳指南.pdf'])
  })
  it('a new release finds its media uploaded soon after it is taken over, not half an hour later', async () => {
    const store = createFakeStore()
    store.assets.set(hashOf('film'), bytesOf('film'))
    const world = await aWorld({store, isEmpty: true})
    await world.clock.advance(1000)
    const film = {...CHANGES['templates/hello.yaml'], attachments: [{type: 'video', file: 'assets/film.mp4'}]}
    world.publish(putRelease(store, {'templates/hello.yaml': film}, ASSETS))
    await world.clock.advance(15_000)
    expect(world.wecom.uploads).toEqual(['video:film.mp4'])
    await world.clock.advance(15_000)
    await world.deliver()
    expect(kindsSent(world)).toEqual(['video'])
  })
})
