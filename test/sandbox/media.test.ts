import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {aPicture, aVideo, aVoice, startPlayground, textOf, type Playground} from './playground.js'

const MIB = 1_048_576
const DAY_MS = 86_400_000

describe('uploading', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  it.each([
    ['an image of 10 MB', 'image', aPicture(10 * MIB), 0],
    ['an image of a byte more', 'image', aPicture(10 * MIB + 1), 45001],
    ['a video of 10 MB', 'video', aVideo(10 * MIB), 0],
    ['a video of a byte more', 'video', aVideo(10 * MIB + 1), 45001],
    ['a voice of 2 MB', 'voice', aVoice(2 * MIB), 0],
    ['a voice of a byte more', 'voice', aVoice(2 * MIB + 1), 45001],
    ['a file of 20 MB', 'file', Buffer.alloc(20 * MIB), 0],
    ['a file of a byte more', 'file', Buffer.alloc(20 * MIB + 1), 45001],
    ['a file of 6 bytes', 'file', Buffer.from('123456'), 0],
    ['a file of 5 bytes', 'file', Buffer.from('12345'), 40006],
    ['an empty file', 'file', Buffer.alloc(0), 44001],
    ['a text as image', 'image', Buffer.from('no picture'), 40123],
    ['a picture as video', 'video', aPicture(20), 41090],
    ['a picture as voice', 'voice', aPicture(20), 40004],
    ['a kind that does not exist', 'thumb', aPicture(20), 40005],
  ])('%s', async (_what, type, file, errcode) => {
    expect((await world.upload('media/upload', {type}, file)).errcode).toBe(errcode)
  })

  it.each([
    ['5 bytes', aPicture(5), 0],
    ['4 bytes', aPicture(4), 40006],
    ['2 MB', aPicture(2 * MIB), 0],
    ['a byte more than 2 MB', aPicture(2 * MIB + 1), 45001],
    ['no picture', Buffer.from('no picture'), 40123],
  ])('a permanent image of %s', async (_what, file, errcode) => {
    expect((await world.upload('media/uploadimg', {}, file)).errcode).toBe(errcode)
  })

  it('answers the kind, the id and the time as text', async () => {
    expect(await world.upload('media/upload', {type: 'image'}, aPicture(20))).toEqual({
      errcode: 0,
      errmsg: 'ok',
      type: 'image',
      media_id: expect.any(String),
      created_at: '1795485600',
    })
  })

  it('gives the same bytes back until just before three days are over', async () => {
    const file = Buffer.from('a price list\r\n--with something like a boundary')
    const media_id = textOf(await world.upload('media/upload', {type: 'file'}, file, '价目表.txt'), 'media_id')
    const get = async () =>
      fetch(`${world.url}/cgi-bin/media/get?access_token=${await world.token()}&media_id=${media_id}`)
    const response = await get()
    expect(Buffer.from(await response.arrayBuffer()).equals(file)).toBe(true)
    expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('价目表.txt'))
    await world.advance(3 * DAY_MS - 1)
    expect((await get()).headers.get('content-disposition')).not.toBeNull()
    await world.advance(1)
    expect(await (await get()).json()).toMatchObject({errcode: 40007})
  })

  it('without a form is refused', async () => {
    const url = `${world.url}/cgi-bin/media/upload?type=image&access_token=${await world.token()}`
    expect(await (await fetch(url, {method: 'POST', body: 'x'})).json()).toMatchObject({errcode: 44001})
  })

  it('with another field name is refused', async () => {
    const form = new FormData()
    form.set('file', new Blob([aPicture(20)]), 'a.png')
    const url = `${world.url}/cgi-bin/media/upload?type=image&access_token=${await world.token()}`
    expect(await (await fetch(url, {method: 'POST', body: form})).json()).toMatchObject({errcode: 44001})
  })

  it('finds the file behind other fields of the form', async () => {
    const form = new FormData()
    form.set('note', 'hello')
    form.set('media', new Blob([aPicture(20)]), 'a.png')
    const url = `${world.url}/cgi-bin/media/upload?type=image&access_token=${await world.token()}`
    expect(await (await fetch(url, {method: 'POST', body: form})).json()).toMatchObject({errcode: 0})
  })

  it('takes 1000 permanent images a day; the next is refused until Beijing’s midnight', async () => {
    for (let count = 0; count < 1000; count += 1) await world.upload('media/uploadimg', {}, aPicture(6))
    expect((await world.upload('media/uploadimg', {}, aPicture(6))).errcode).toBe(45009)
    // 14 hours after 10:00.
    await world.advance(14 * 3_600_000 - 1)
    expect((await world.upload('media/uploadimg', {}, aPicture(6))).errcode).toBe(45009)
    await world.advance(1)
    expect((await world.upload('media/uploadimg', {}, aPicture(6))).errcode).toBe(0)
  })

  it('takes so many permanent images in 30 days', async () => {
    await world.control('/limits', {uploadimgPerDay: 2, uploadimgPerMonth: 3})
    const upload = async () => (await world.upload('media/uploadimg', {}, aPicture(6))).errcode
    expect([await upload(), await upload()]).toEqual([0, 0])
    await world.advance(DAY_MS)
    expect([await upload(), await upload()]).toEqual([0, 45009])
    await world.advance(28 * DAY_MS)
    expect(await upload()).toBe(45009)
    await world.advance(DAY_MS)
    expect(await upload()).toBe(0)
  })

  it('gives another URL for the same picture, or the same one when set so', async () => {
    const upload = async () => textOf(await world.upload('media/uploadimg', {}, aPicture(20)), 'url')
    expect(await upload()).not.toBe(await upload())
    await world.control('/settings', {uploadimgNewUrlEachTime: false})
    expect(await upload()).toBe(await upload())
  })
})
