import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {aPicture, aVideo, bytesOf, MINI_PROGRAM, startPlayground, textOf, type Playground} from './playground.js'

const AT = 'externalcontact/group_welcome_template'
const text = {content: '欢迎 %NICKNAME%'}
const link = {title: '群规', url: 'https://www.hehejj.example/rules'}

describe('a group welcome template', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  const add = (body: object, app?: number) => world.post(`${AT}/add`, body, app === undefined ? {} : {app})
  const get = (template_id: string) => world.post(`${AT}/get`, {template_id})

  it.each([
    ['a text of 3000 bytes', {text: {content: bytesOf(3000)}}, 0],
    ['a text of 3001 bytes', {text: {content: bytesOf(3001)}}, 45002],
    ['nothing', {}, 44004],
    ['a link title of 128 bytes', {link: {...link, title: bytesOf(128)}}, 0],
    ['a link title of 129 bytes', {link: {...link, title: bytesOf(129)}}, 40058],
    ['a link description of 512 bytes', {link: {...link, desc: bytesOf(512)}}, 0],
    ['a link description of 513 bytes', {link: {...link, desc: bytesOf(513)}}, 40058],
    [
      'a mini program nobody associated',
      {miniprogram: {title: 'x', pic_media_id: 'm', appid: 'wx00000000000000ff', page: 'p'}},
      40007,
    ],
    ['an unknown file', {file: {media_id: 'gone'}}, 40007],
  ])('with %s is answered with the right errcode', async (_what, body, errcode) => {
    expect((await add(body)).errcode).toBe(errcode)
  })

  it.each([
    ['3000', 3000, 0],
    ['3001', 3001, 45002],
  ])('edited to a text of %s bytes', async (_what, bytes, errcode) => {
    const template_id = textOf(await add({text}), 'template_id')
    expect((await world.post(`${AT}/edit`, {template_id, text: {content: bytesOf(bytes)}})).errcode).toBe(errcode)
  })

  it('keeps only the first part in the order image, link, miniprogram, file, video, without a word', async () => {
    const image = textOf(await world.upload('media/upload', {type: 'image'}, aPicture(20)), 'media_id')
    const video = textOf(await world.upload('media/upload', {type: 'video'}, aVideo(20)), 'media_id')
    const file = textOf(await world.upload('media/upload', {type: 'file'}, Buffer.from('a price list')), 'media_id')
    const parts = {
      image: {pic_url: textOf(await world.upload('media/uploadimg', {}, aPicture(20)), 'url')},
      link,
      miniprogram: {title: '商城', pic_media_id: image, appid: MINI_PROGRAM, page: 'p'},
      file: {media_id: file},
      video: {media_id: video},
    }
    const names = Object.keys(parts)
    for (const [index, first] of names.entries()) {
      const sent = Object.fromEntries(Object.entries(parts).slice(index).toReversed())
      const reply = await add({text, ...sent})
      expect(reply).toMatchObject({errcode: 0, errmsg: 'ok'})
      const kept = Object.keys(await get(textOf(reply, 'template_id'))).filter((name) => names.includes(name))
      expect(kept).toEqual([first])
    }
  })

  it('does not look at the parts it drops', async () => {
    expect((await add({link, file: {media_id: 'gone'}})).errcode).toBe(0)
  })

  it('reads an image given by media_id back as a URL', async () => {
    const media_id = textOf(await world.upload('media/upload', {type: 'image'}, aPicture(20)), 'media_id')
    const read = await get(textOf(await add({image: {media_id}}), 'template_id'))
    expect(read).toMatchObject({image: {pic_url: expect.stringMatching(/^https:/)}})
    expect(JSON.stringify(read)).not.toContain(media_id)
  })

  it('loses the parts that an edit does not send', async () => {
    const template_id = textOf(await add({text, link}), 'template_id')
    await world.post(`${AT}/edit`, {template_id, text: {content: '新'}})
    expect(await get(template_id)).toEqual({errcode: 0, errmsg: 'ok', text: {content: '新'}})
  })

  it('keeps them in the other world, where edits only add', async () => {
    await world.control('/settings', {templateEditReplaces: false})
    const template_id = textOf(await add({text, link}), 'template_id')
    await world.post(`${AT}/edit`, {template_id, text: {content: '新'}})
    expect(await get(template_id)).toMatchObject({text: {content: '新'}, link})
  })

  it.each(['edit', 'del'])('can be changed by its maker only: %s by another app is 41058', async (verb) => {
    const template_id = textOf(await add({text}), 'template_id')
    expect((await world.post(`${AT}/${verb}`, {template_id, text}, {app: 1000003})).errcode).toBe(41058)
    expect((await world.post(`${AT}/${verb}`, {template_id, text})).errcode).toBe(0)
  })

  it('is gone after del', async () => {
    const template_id = textOf(await add({text}), 'template_id')
    await world.post(`${AT}/del`, {template_id})
    expect((await get(template_id)).errcode).toBe(40058)
  })

  it('number 100 fits and number 101 is refused with 41055 until one is deleted', async () => {
    const ids: string[] = []
    for (let number = 1; number <= 100; number += 1)
      ids.push(textOf(await add({text}, number % 2 ? 1000002 : 1000003), 'template_id'))
    expect((await add({text})).errcode).toBe(41055)
    await world.post(`${AT}/del`, {template_id: ids[0]})
    expect((await add({text})).errcode).toBe(0)
  })

  it.each([
    [true, 41055],
    [false, 0],
  ])('shares the cap with the console when consoleTemplatesCount is %p', async (consoleTemplatesCount, errcode) => {
    await world.control('/settings', {consoleTemplatesCount})
    await world.control('/occupied', {templates: 100})
    expect((await add({text})).errcode).toBe(errcode)
  })

  it('is made twice by two equal calls', async () => {
    expect(textOf(await add({text}), 'template_id')).not.toBe(textOf(await add({text}), 'template_id'))
  })
})
