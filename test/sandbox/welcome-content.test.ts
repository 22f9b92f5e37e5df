import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {
  aPicture,
  aVideo,
  bytesOf,
  codeOf,
  MINI_PROGRAM,
  startPlayground,
  textOf,
  type Playground,
} from './playground.js'
import {startReceiver, type Receiver} from './receiver.js'

const URL_HEAD = 'https://www.hehejj.example/'
const link = {title: '新客礼', url: URL_HEAD}

interface Case {
  what: string
  body: (media: Record<'image' | 'video' | 'file' | 'picture', string>) => object
  errcode: number
}

const only = (msgtype: string, part: object) => ({attachments: [{msgtype, [msgtype]: part}]})
const program = (media: Record<string, string>, more: object) =>
  only('miniprogram', {title: '商城', pic_media_id: media['image'], appid: MINI_PROGRAM, page: 'pages/index', ...more})

const CASES: Case[] = [
  {what: 'a text of 4000 bytes', body: () => ({text: {content: bytesOf(4000)}}), errcode: 0},
  {what: 'a text of 4001 bytes', body: () => ({text: {content: bytesOf(4001)}}), errcode: 45002},
  {what: 'a text of 1000 emoji (4000 bytes)', body: () => ({text: {content: '😀'.repeat(1000)}}), errcode: 0},
  {what: 'a text of 1001 emoji (4004 bytes)', body: () => ({text: {content: '😀'.repeat(1001)}}), errcode: 45002},
  {what: 'an empty text and no attachment', body: () => ({text: {content: ''}}), errcode: 44004},
  {what: 'an empty list of attachments alone', body: () => ({attachments: []}), errcode: 44004},
  {what: 'a text that is a number', body: () => ({text: {content: 5}}), errcode: 40058},
  {
    what: '9 attachments',
    body: () => ({attachments: Array.from({length: 9}, () => ({msgtype: 'link', link}))}),
    errcode: 0,
  },
  {
    what: '10 attachments',
    body: () => ({attachments: Array.from({length: 10}, () => ({msgtype: 'link', link}))}),
    errcode: 41064,
  },
  {what: 'attachments that are no list', body: () => ({attachments: 'x'}), errcode: 40058},
  {what: 'an attachment without msgtype', body: () => ({attachments: [{link}]}), errcode: 41065},
  {
    what: 'an attachment whose object is missing',
    body: () => ({attachments: [{msgtype: 'image', link}]}),
    errcode: 40058,
  },
  {what: 'a link title of 128 bytes', body: () => only('link', {...link, title: bytesOf(128)}), errcode: 0},
  {what: 'a link title of 129 bytes', body: () => only('link', {...link, title: bytesOf(129)}), errcode: 40058},
  {what: 'a link without title', body: () => only('link', {url: URL_HEAD}), errcode: 41016},
  {what: 'a link description of 512 bytes', body: () => only('link', {...link, desc: bytesOf(512)}), errcode: 0},
  {what: 'a link description of 513 bytes', body: () => only('link', {...link, desc: bytesOf(513)}), errcode: 40058},
  {
    what: 'a link URL of 1024 bytes',
    body: () => only('link', {...link, url: URL_HEAD + 'a'.repeat(1024 - URL_HEAD.length)}),
    errcode: 0,
  },
  {
    what: 'a link URL of 1025 bytes',
    body: () => only('link', {...link, url: URL_HEAD + 'a'.repeat(1025 - URL_HEAD.length)}),
    errcode: 40039,
  },
  {
    what: 'a cover URL of 1025 bytes',
    body: () => only('link', {...link, picurl: URL_HEAD + 'a'.repeat(1025 - URL_HEAD.length)}),
    errcode: 40039,
  },
  {what: 'a link without URL', body: () => only('link', {title: 'x'}), errcode: 41010},
  {what: 'a link URL without scheme', body: () => only('link', {...link, url: 'www.hehejj.example'}), errcode: 40094},
  {
    what: 'a link URL of another scheme',
    body: () => only('link', {...link, url: 'javascript:alert(1)'}),
    errcode: 40094,
  },
  {what: 'a mini program', body: (media) => program(media, {}), errcode: 0},
  {what: 'a mini-program title of 64 bytes', body: (media) => program(media, {title: bytesOf(64)}), errcode: 0},
  {what: 'a mini-program title of 65 bytes', body: (media) => program(media, {title: bytesOf(65)}), errcode: 40058},
  {what: 'a mini program without title', body: (media) => program(media, {title: ''}), errcode: 41016},
  {what: 'a mini program without cover', body: (media) => program(media, {pic_media_id: ''}), errcode: 41006},
  {
    what: 'a mini program whose cover is a video',
    body: (media) => program(media, {pic_media_id: media.video}),
    errcode: 40007,
  },
  {what: 'a mini program without appid', body: (media) => program(media, {appid: ''}), errcode: 90200},
  {what: 'a mini program with a malformed appid', body: (media) => program(media, {appid: 'wx1'}), errcode: 90207},
  {
    what: 'a mini program nobody associated',
    body: (media) => program(media, {appid: 'wx00000000000000ff'}),
    errcode: 90206,
  },
  {what: 'a mini program without page', body: (media) => program(media, {page: ''}), errcode: 40058},
  {what: 'an uploaded image', body: (media) => only('image', {media_id: media.image}), errcode: 0},
  {what: 'a permanent image', body: (media) => only('image', {pic_url: media.picture}), errcode: 0},
  {
    what: 'an image by a URL of somebody else',
    body: () => only('image', {pic_url: 'https://img.hehejj.example/a.png'}),
    errcode: 40007,
  },
  {
    what: 'a media_id that wins over a bad URL',
    body: (media) => only('image', {media_id: media.image, pic_url: 'x'}),
    errcode: 0,
  },
  {what: 'an image of nothing', body: () => only('image', {}), errcode: 41006},
  {what: 'an image that is a video', body: (media) => only('image', {media_id: media.video}), errcode: 40007},
  {what: 'a video', body: (media) => only('video', {media_id: media.video}), errcode: 0},
  {what: 'a video that is a file', body: (media) => only('video', {media_id: media.file}), errcode: 40007},
  {what: 'a video of nothing', body: () => only('video', {}), errcode: 41006},
  {what: 'a file', body: (media) => only('file', {media_id: media.file}), errcode: 0},
  {what: 'a file that is an image', body: (media) => only('file', {media_id: media.image}), errcode: 40007},
]

describe('the content of a welcome', () => {
  let world: Playground
  let receiver: Receiver
  const media = {image: '', video: '', file: '', picture: ''}

  beforeAll(async () => {
    world = await startPlayground()
    receiver = await startReceiver()
    await world.control('/apps', {apps: [{agentid: 1000002, secret: 'secret-a', callback: receiver.callback}]})
    media.image = textOf(await world.upload('media/upload', {type: 'image'}, aPicture(20)), 'media_id')
    media.video = textOf(await world.upload('media/upload', {type: 'video'}, aVideo(20)), 'media_id')
    media.file = textOf(await world.upload('media/upload', {type: 'file'}, Buffer.from('a price list')), 'media_id')
    media.picture = textOf(await world.upload('media/uploadimg', {}, aPicture(20)), 'url')
  })

  afterAll(async () => {
    await world.close()
    await receiver.close()
  })

  it.each(CASES)('$what is answered with $errcode', async ({body, errcode}) => {
    const welcome_code = codeOf(await world.control('/customers/add', {userid: 'lina'}))
    expect((await world.post('externalcontact/send_welcome_msg', {welcome_code, ...body(media)})).errcode).toBe(errcode)
  })

  it('fails as a whole when one of several attachments is bad', async () => {
    const welcome_code = codeOf(await world.control('/customers/add', {userid: 'lina', external_userid: 'wmWHOLE'}))
    const bad = {
      msgtype: 'miniprogram',
      miniprogram: {title: 'x', pic_media_id: media.image, appid: 'wx00000000000000ff', page: 'p'},
    }
    const body = {welcome_code, text: {content: '您好'}, attachments: [{msgtype: 'link', link}, bad]}
    expect((await world.post('externalcontact/send_welcome_msg', body)).errcode).toBe(90206)
    expect(await world.read('/welcomes?external_userid=wmWHOLE')).toMatchObject({welcomes: []})
  })

  it('may be an uploaded file until just before three days are over', async () => {
    const media_id = textOf(await world.upload('media/upload', {type: 'file'}, Buffer.from('a price list')), 'media_id')
    await world.advance(3 * 86_400_000 - 1)
    const send = async () => {
      const welcome_code = codeOf(await world.control('/customers/add', {userid: 'lina'}))
      return world.post('externalcontact/send_welcome_msg', {welcome_code, ...only('file', {media_id})})
    }
    expect(await send()).toMatchObject({errcode: 0})
    await world.advance(1)
    expect(await send()).toMatchObject({errcode: 40007})
  })
})
