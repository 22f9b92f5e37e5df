import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {normalizeIp} from '../../scripts/sandbox/app-checks.js'
import {refuseCaller} from '../../scripts/sandbox/control-door.js'
import {START_MS, startPlayground, type Playground} from './playground.js'

describe('the control API', () => {
  let world: Playground
  beforeEach(async () => {
    world = await startPlayground()
  })
  afterEach(() => world.close())

  it('lists its routes', async () => {
    const {routes} = await world.read('/routes')
    expect(routes).toEqual(
      expect.arrayContaining(['GET /routes', 'POST /organization', 'POST /customers/add-many', 'DELETE /faults']),
    )
  })

  it.each([
    ['POST', '/nothing', '{}', 404],
    ['POST', '/organization', '{', 400],
    ['POST', '/organization', '[]', 400],
    ['POST', '/organization', '{"members":[{"userid":"-bad"}]}', 400],
    ['POST', '/organization', '{"members":[{"userid":"a","status":3}]}', 400],
    ['POST', '/apps', '{"apps":[{"agentid":1}]}', 400],
    ['POST', '/apps', '{"apps":[{"agentid":1,"secret":"s","permissions":["fly"]}]}', 400],
    [
      'POST',
      '/apps',
      '{"apps":[{"agentid":1,"secret":"s","callback":{"url":"ftp://a.example","token":"t","aesKey":"k"}}]}',
      400,
    ],
    [
      'POST',
      '/apps',
      '{"apps":[{"agentid":1,"secret":"s","callback":{"url":"http://a.example","token":"t","aesKey":"short"}}]}',
      400,
    ],
    ['POST', '/customers/add', '{"userid":"ghost"}', 400],
    ['POST', '/customers/add-many', '{"count":1}', 400],
    ['POST', '/customers/chat', '{"userid":"lina","external_userid":"wmX"}', 404],
    ['POST', '/customers/delete', '{"userid":"lina","external_userid":"wmX"}', 400],
    ['POST', '/members/leave', '{"userids":["ghost"]}', 404],
    ['POST', '/settings', '{"colour":"red"}', 400],
    ['POST', '/settings', '{"callbackRepeats":null}', 400],
    ['POST', '/settings', '{"concurrencyPerApi":null}', 200],
    ['POST', '/limits', '{"tokenSeconds":"long"}', 400],
    ['POST', '/frequency/used', '{"rule":"x"}', 400],
    ['POST', '/tokens/end', '{"how":"x"}', 400],
    ['POST', '/apps/callback-check', '{"agentid":1000002}', 400],
    ['POST', '/apps/disabled', '{"agentid":1}', 404],
    ['POST', '/transfers/fail', '{"external_userid":"wmX"}', 404],
  ])('answers %s %s with %s by %i', async (method, path, body, status) => {
    const response = await fetch(`${world.url}/__sandbox${path}`, {method, body})
    expect(response.status).toBe(status)
    const reply: unknown = await response.json()
    if (status !== 200) expect(reply).toEqual({error: expect.stringMatching(/./)})
  })

  it('does not answer web pages', async () => {
    const response = await fetch(`${world.url}/__sandbox/clock`, {headers: {origin: 'https://www.hehejj.example'}})
    expect(response.status).toBe(403)
  })

  it.each([
    ['127.0.0.1', false],
    ['::1', false],
    ['::ffff:127.0.0.1', false],
    ['203.0.113.9', true],
    ['::ffff:203.0.113.9', true],
  ])('called from %s is refused: %p', (address, refused) => {
    expect(refuseCaller({remoteIp: normalizeIp(address), fromBrowser: false}) !== undefined).toBe(refused)
  })

  it('sets, moves, freezes and releases the clock', async () => {
    const clock = async (body: object) => (await world.control('/clock', body))['nowMs']
    expect(await clock({setMs: START_MS, frozen: true})).toBe(START_MS)
    expect(await clock({advanceMs: 5000})).toBe(START_MS + 5000)
    expect(await clock({advanceMs: -5000})).toBe(START_MS)
    expect(await clock({frozen: false})).toBeGreaterThanOrEqual(START_MS)
    expect(await world.read('/clock')).toMatchObject({frozen: false})
  })

  it('cannot move a clock that was given from outside', async () => {
    const fixed = await startPlayground({clock: {nowMs: () => START_MS}})
    expect(await fixed.control('/clock', {advanceMs: 1})).toMatchObject({error: expect.stringContaining('outside')})
    expect(await fixed.read('/clock')).toMatchObject({nowMs: START_MS})
    await fixed.close()
  })

  it('sums the world up: equal worlds have equal digests, and a change shows in its section', async () => {
    const twin = await startPlayground()
    const summary = async (one: Playground) =>
      (await one.read('/summary')) as {digest: string; sections: Record<string, {count: number; sha256: string}>}
    const before = await summary(world)
    expect((await summary(twin)).digest).toBe(before.digest)
    await twin.close()
    await world.post('externalcontact/group_welcome_template/add', {text: {content: '欢迎'}})
    const after = await summary(world)
    expect(after.digest).not.toBe(before.digest)
    const changed = Object.keys(after.sections).filter(
      (name) => after.sections[name]?.sha256 !== before.sections[name]?.sha256,
    )
    expect(changed).toEqual(['templates'])
    expect(after.sections['templates']?.count).toBe(1)
  })

  it('keeps a bounded history and counts the rest', async () => {
    await world.control('/settings', {historyKept: 10})
    for (let count = 0; count < 15; count += 1) {
      await world.post('message/send', {
        touser: 'lina',
        agentid: 1000002,
        msgtype: 'text',
        text: {content: String(count)},
      })
    }
    const {total, messages} = await world.read('/messages')
    expect(total).toBe(15)
    expect((messages as object[]).length).toBeLessThanOrEqual(11)
    expect(await world.read('/messages?last=1')).toMatchObject({messages: [{content: {text: {content: '14'}}}]})
  })

  it('removes an app with its tokens', async () => {
    const token = await world.token(1000003)
    await world.control('/apps/remove', {agentids: [1000003]})
    expect(await (await fetch(`${world.url}/cgi-bin/tag/list?access_token=${token}`)).json()).toMatchObject({
      errcode: 40014,
    })
  })
})
