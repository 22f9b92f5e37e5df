import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {bytesOf, charsOf, startPlayground, type Playground} from './playground.js'

const times = <T>(count: number, item: T): T[] => Array.from({length: count}, () => item)

describe('message/send', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  const base = {touser: 'lina', agentid: 1000002, msgtype: 'text', text: {content: '您好'}}
  const send = (more: object = {}) => world.post('message/send', {...base, ...more})
  const card = {card_type: 'text_notice', card_action: {type: 1, url: 'https://git.hehejj.example/42'}}
  const asCard = (more: object) => ({msgtype: 'template_card', template_card: {...card, ...more}})
  const textcard = (more: object) => ({
    msgtype: 'textcard',
    textcard: {title: 't', description: 'd', url: 'https://git.hehejj.example', ...more},
  })

  it.each([
    ['a text', {}, 0],
    ['an empty text', {text: {content: ''}}, 44004],
    ['no agentid', {agentid: undefined}, 41011],
    ['the agentid of another app', {agentid: 1000003}, 301002],
    ['an unknown msgtype', {msgtype: 'song'}, 40008],
    ['no content', {text: undefined}, 40058],
    ['nobody', {touser: ''}, 82001],
    ['unknown people only', {touser: 'ghost'}, 81013],
    ['everybody', {touser: '@all'}, 0],
    ['1000 members', {touser: times(1000, 'lina').join('|')}, 0],
    ['1001 members', {touser: times(1001, 'lina').join('|')}, 40032],
    ['100 departments', {toparty: times(100, '7').join('|')}, 0],
    ['101 departments', {toparty: times(101, '7').join('|')}, 82002],
    ['100 tags', {totag: times(100, '3').join('|')}, 0],
    ['101 tags', {totag: times(101, '3').join('|')}, 82003],
    ['a markdown of 2048 bytes', {msgtype: 'markdown', markdown: {content: bytesOf(2048)}}, 0],
    ['a markdown of 2049 bytes', {msgtype: 'markdown', markdown: {content: bytesOf(2049)}}, 45002],
    ['a card title of 128 characters', textcard({title: charsOf(128)}), 0],
    ['a card title of 129 characters', textcard({title: charsOf(129)}), 40058],
    ['a card description of 512 characters', textcard({description: charsOf(512)}), 0],
    ['a card description of 513 characters', textcard({description: charsOf(513)}), 40058],
    ['a card URL of 2048 bytes', textcard({url: 'https://'.padEnd(2048, 'a')}), 0],
    ['a card URL of 2049 bytes', textcard({url: 'https://'.padEnd(2049, 'a')}), 40039],
    ['a card without URL', textcard({url: ''}), 41010],
    ['a template card', asCard({}), 0],
    ['a template card without action', asCard({card_action: undefined}), 42045],
    ['a template card of no kind', asCard({card_type: 'x'}), 40058],
    ['a template card with buttons but no callback', asCard({card_type: 'button_interaction'}), 43012],
    ['6 rows', asCard({horizontal_content_list: times(6, {keyname: 'k'})}), 0],
    ['7 rows', asCard({horizontal_content_list: times(7, {keyname: 'k'})}), 40058],
    ['3 jumps', asCard({jump_list: times(3, {title: 'k'})}), 0],
    ['4 jumps', asCard({jump_list: times(4, {title: 'k'})}), 40058],
    ['a task_id of 128 bytes', asCard({task_id: 'a'.repeat(128)}), 0],
    ['a task_id of 129 bytes', asCard({task_id: 'a'.repeat(129)}), 40058],
    ['a task_id with a space', asCard({task_id: 'a b'}), 40058],
    ['4 hours of duplicate check', {enable_duplicate_check: 1, duplicate_check_interval: 14_400}, 0],
    ['a second more of duplicate check', {enable_duplicate_check: 1, duplicate_check_interval: 14_401}, 40058],
    ['a file nobody uploaded', {msgtype: 'file', file: {media_id: 'gone'}}, 40007],
  ])('with %s', async (_what, more, errcode) => {
    expect((await send(more)).errcode).toBe(errcode)
  })

  it('names invalid people in lower case and reaches the others', async () => {
    expect(await send({touser: 'Ghost|lina', toparty: '99'})).toMatchObject({
      errcode: 0,
      invaliduser: 'ghost',
      invalidparty: '99',
    })
    expect(await world.read('/messages')).toMatchObject({
      messages: [{users: ['lina'], content: {text: {content: '您好'}}}],
    })
  })

  it('cuts a text at 2048 bytes without a word and without half characters', async () => {
    await send({text: {content: 'a' + '迎'.repeat(700)}})
    const {messages} = await world.read('/messages')
    const [{content}] = messages as [{content: {text: {content: string}}}]
    expect(content.text.content).toBe('a' + '迎'.repeat(682))
  })

  it.each([
    [2048, 2048],
    [2049, 2048],
  ])('keeps %i plain bytes as %i', async (sent, kept) => {
    await send({text: {content: 'a'.repeat(sent)}})
    expect(await world.read('/messages')).toMatchObject({messages: [{content: {text: {content: 'a'.repeat(kept)}}}]})
  })

  it('reaches a member 1000 times an hour', async () => {
    for (let count = 0; count < 1001; count += 1) {
      if (count % 30 === 0) await world.advance(60_000)
      await send()
    }
    const {messages} = (await world.read('/messages')) as {messages: {users: string[]}[]}
    expect(messages.map(({users}) => users.length)).toEqual([...times(1000, 1), 0])
  })

  it('reaches a member 30 times a minute and then silently not at all', async () => {
    for (let count = 0; count < 31; count += 1) expect((await send()).errcode).toBe(0)
    const reached = async () =>
      ((await world.read('/messages')) as {messages: {users: string[]}[]}).messages.map(({users}) => users.length)
    expect(await reached()).toEqual([...times(30, 1), 0])
    await world.advance(60_000)
    await send()
    expect((await reached()).at(-1)).toBe(1)
  })

  it('sends the same message once within the interval when asked to check', async () => {
    const checked = {enable_duplicate_check: 1, duplicate_check_interval: 60}
    const first = await send(checked)
    expect((await send(checked))['msgid']).toBe(first['msgid'])
    expect(await world.read('/messages')).toMatchObject({total: 1})
    await world.advance(60_000)
    expect((await send(checked))['msgid']).not.toBe(first['msgid'])
    expect(await world.read('/messages')).toMatchObject({total: 2})
  })
})
