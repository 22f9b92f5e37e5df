import {createHash} from 'node:crypto'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {aPicture, asReply, bytesOf, startPlayground, type Playground} from './playground.js'

const times = <T>(count: number, item: T): T[] => Array.from({length: count}, () => item)

describe('a group robot', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
    await world.control('/robots', {robots: [{key: 'robot-1'}, {key: 'robot-2'}, {key: 'robot-off', disabled: true}]})
  })
  afterEach(() => world.close())

  const send = async (body: object, key = 'robot-1') =>
    asReply(await fetch(`${world.url}/cgi-bin/webhook/send?key=${key}`, {method: 'POST', body: JSON.stringify(body)}))
  const text = {msgtype: 'text', text: {content: '您好'}}
  const picture = (bytes: Buffer) => ({
    base64: bytes.toString('base64'),
    md5: createHash('md5').update(bytes).digest('hex'),
  })
  const article = {title: 't', url: 'https://git.hehejj.example'}

  it.each([
    ['robot-1', 0],
    ['robot-off', 93004],
    ['robot-unknown', 93000],
    ['', 93000],
  ])('with key "%s" is answered with %i', async (key, errcode) => {
    expect((await send(text, key)).errcode).toBe(errcode)
  })

  it.each([
    ['a text of 2048 bytes', {msgtype: 'text', text: {content: bytesOf(2048)}}, 0],
    ['a text of 2049 bytes', {msgtype: 'text', text: {content: bytesOf(2049)}}, 45002],
    ['a markdown of 4096 bytes', {msgtype: 'markdown', markdown: {content: bytesOf(4096)}}, 0],
    ['a markdown of 4097 bytes', {msgtype: 'markdown', markdown: {content: bytesOf(4097)}}, 45002],
    ['a markdown_v2 of 4097 bytes', {msgtype: 'markdown_v2', markdown_v2: {content: bytesOf(4097)}}, 45002],
    ['a picture of 2 MB', {msgtype: 'image', image: picture(aPicture(2 * 1_048_576))}, 0],
    ['a picture of a byte more', {msgtype: 'image', image: picture(aPicture(2 * 1_048_576 + 1))}, 45001],
    ['a picture with a wrong digest', {msgtype: 'image', image: {...picture(aPicture(20)), md5: 'x'}}, 301019],
    ['no picture', {msgtype: 'image', image: picture(Buffer.from('text'))}, 40123],
    ['8 articles', {msgtype: 'news', news: {articles: times(8, article)}}, 0],
    ['9 articles', {msgtype: 'news', news: {articles: times(9, article)}}, 45008],
    ['no article', {msgtype: 'news', news: {articles: []}}, 40058],
    ['an article title of 128 bytes', {msgtype: 'news', news: {articles: [{...article, title: bytesOf(128)}]}}, 0],
    ['an article title of 129 bytes', {msgtype: 'news', news: {articles: [{...article, title: bytesOf(129)}]}}, 40058],
    ['an article text of 512 bytes', {msgtype: 'news', news: {articles: [{...article, description: bytesOf(512)}]}}, 0],
    [
      'an article text of 513 bytes',
      {msgtype: 'news', news: {articles: [{...article, description: bytesOf(513)}]}},
      40058,
    ],
    ['an unknown msgtype', {msgtype: 'song'}, 40008],
  ])('says %s', async (_what, body, errcode) => {
    expect((await send(body)).errcode).toBe(errcode)
  })

  it('speaks 20 times a minute; the next is 45009 for a minute, and only for this robot', async () => {
    for (let count = 0; count < 20; count += 1) expect((await send(text)).errcode).toBe(0)
    expect((await send(text)).errcode).toBe(45009)
    expect((await send(text, 'robot-2')).errcode).toBe(0)
    await world.advance(59_999)
    expect((await send(text)).errcode).toBe(45009)
    await world.advance(1)
    expect((await send(text)).errcode).toBe(0)
    expect(((await world.read('/webhook-messages?key=robot-1'))['messages'] as object[]).length).toBe(21)
  })
})
