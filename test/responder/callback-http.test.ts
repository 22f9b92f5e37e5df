import {once} from 'node:events'
import {connect} from 'node:net'
import {describe, expect, it} from '@jest/globals'
import {parseQuery} from '../../scripts/responder/callback-server.js'
import {aDelivery, anEcho, aWorld} from './a-responder.js'

const XML = {'content-type': 'text/xml'}

describe('the callback address', () => {
  it('answers the console’s check with exactly the decrypted text', async () => {
    const {responder} = await aWorld()
    const answer = await responder.app.inject({method: 'GET', url: anEcho('1234567890123456789')})
    expect([answer.statusCode, answer.body]).toEqual([200, '1234567890123456789'])
  })

  it('refuses a check that is not signed', async () => {
    const world = await aWorld()
    const url = anEcho('1234567890').replace(/msg_signature=./, 'msg_signature=0x')
    const answer = await world.responder.app.inject({method: 'GET', url})
    expect([answer.statusCode, answer.body]).toEqual([403, ''])
    expect(world.counter('callback_refused')).toBe(1)
  })

  it('acknowledges before any work: a platform that hangs does not hold the answer back', async () => {
    const world = await aWorld({
      changes: {'templates/hello.yaml': {title: '问候', text: '[客户昵称]您好。'}},
    })
    world.wecom.names.set('wmCUSTOMER0001', 'hang')
    world.wecom.script = ['hang']
    expect(await world.deliver()).toEqual({statusCode: 200, body: ''})
    expect(world.outcomes()).toEqual([])
  })

  it('acknowledges even while neither store nor disk answers', async () => {
    const world = await aWorld()
    world.store.isDown = true
    world.disk.isDown = true
    expect((await world.deliver()).statusCode).toBe(200)
    expect(world.wecom.calls).toHaveLength(1)
  })

  it('takes an event from whatever content type and character of query the platform uses', async () => {
    const world = await aWorld()
    for (const [index, type] of ['text/xml', 'application/xml; charset=utf-8', 'text/plain'].entries()) {
      const {url, payload} = aDelivery({code: `C${index}`}, world.clock.nowMs())
      const answer = await world.responder.app.inject({method: 'POST', url, payload, headers: {'content-type': type}})
      expect(answer.statusCode).toBe(200)
    }
    await world.clock.settle()
    expect(world.wecom.calls).toHaveLength(3)
  })

  it.each([
    [
      'a signature of somebody else',
      (url: string) => url.replace(/msg_signature=\w+/, `msg_signature=${'0'.repeat(40)}`),
      403,
    ],
    ['no signature', (url: string) => url.replace(/msg_signature=\w+&/, ''), 400],
    ['another timestamp', (url: string) => url.replace(/timestamp=\d+/, 'timestamp=1'), 403],
  ])('refuses %s', async (_what, change, statusCode) => {
    const world = await aWorld()
    const {url, payload} = aDelivery({}, world.clock.nowMs())
    const answer = await world.responder.app.inject({method: 'POST', url: change(url), payload, headers: XML})
    expect([answer.statusCode, answer.body]).toEqual([statusCode, ''])
    await world.clock.settle()
    expect(world.wecom.calls).toEqual([])
  })

  it.each([
    ['nothing', '', 400],
    ['no XML', 'hello', 400],
    ['an entity bomb', '<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', 400],
  ])('refuses a body of %s', async (_what, payload, statusCode) => {
    const world = await aWorld()
    const {url} = aDelivery({}, world.clock.nowMs())
    const answer = await world.responder.app.inject({method: 'POST', url, payload, headers: XML})
    expect(answer.statusCode).toBe(statusCode)
  })

  it('refuses a tampered body', async () => {
    const world = await aWorld()
    const {url, payload} = aDelivery({}, world.clock.nowMs())
    const tampered = payload.replace(/.(?=]]><\/Encrypt>)/, (last) => (last === 'A' ? 'B' : 'A'))
    const answer = await world.responder.app.inject({method: 'POST', url, payload: tampered, headers: XML})
    expect(answer.statusCode).toBe(403)
  })

  it('bounds the body', async () => {
    const world = await aWorld({settings: {maxBodyBytes: 1000}})
    const {url} = aDelivery({}, world.clock.nowMs())
    const answer = await world.responder.app.inject({method: 'POST', url, payload: 'x'.repeat(1001), headers: XML})
    expect(answer.statusCode).toBe(413)
  })

  it('counts what it refuses under the reason', async () => {
    const world = await aWorld({settings: {maxBodyBytes: 2000}})
    const {url, payload} = aDelivery({}, world.clock.nowMs())
    const {url: old, payload: oldBody} = aDelivery({customer: 'wm2'}, world.clock.nowMs() - 301_000)
    const send = (to: string, body: string) =>
      world.responder.app.inject({method: 'POST', url: to, payload: body, headers: XML})
    const foreign = aDelivery({}, world.clock.nowMs(), 'wwSOMEBODYELSE')
    const codes = [
      await send(url.replace('nonce=nonce123', 'nonce=other'), payload),
      await send(url, '<xml><Encrypt>'),
      await send(url, 'x'.repeat(2001)),
      await send(foreign.url, foreign.payload),
      await send(old, oldBody),
      await send(url, payload),
    ].map(({statusCode}) => statusCode)
    expect(codes).toEqual([403, 400, 413, 403, 403, 200])
    for (const reason of ['signature', 'xml', 'size', 'receiver', 'stale'])
      expect([reason, world.counter(`callback_refused_${reason}`)]).toEqual([reason, 1])
    await world.clock.settle()
    expect(world.wecom.calls).toHaveLength(1)
  })

  it('a captured delivery is a repeat as long as it is fresh and refused after that, and never answered twice', async () => {
    const world = await aWorld()
    const {url, payload} = aDelivery({}, world.clock.nowMs())
    const replay = () => world.responder.app.inject({method: 'POST', url, payload, headers: XML})
    await replay()
    await world.clock.settle()
    const codes: number[] = []
    for (let minute = 0; minute < 12; minute += 1) {
      await world.clock.advance(60_000)
      codes.push((await replay()).statusCode)
    }
    expect(codes).toEqual([200, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403, 403])
    expect(world.outcomes()).toHaveLength(1)
    expect(world.wecom.calls).toHaveLength(1)
  })

  it('hangs up on whoever sends a letter at a time, and goes on answering the others', async () => {
    const world = await aWorld({settings: {requestTimeoutMs: 100}})
    const url = new URL(await world.responder.app.listen({host: '127.0.0.1', port: 0}))
    const socket = connect(Number(url.port), url.hostname)
    socket.write('POST /callback HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n')
    await once(socket, 'close')
    expect(world.counter('connection_too_slow')).toBe(1)
    expect((await world.deliver()).statusCode).toBe(200)
    await world.responder.app.close()
  })

  it('knows no other address and no other method', async () => {
    const {responder} = await aWorld()
    expect((await responder.app.inject({method: 'GET', url: '/'})).statusCode).toBe(404)
    expect((await responder.app.inject({method: 'DELETE', url: '/callback'})).statusCode).toBe(404)
  })

  it('asks WeCom to come again when too much is under way', async () => {
    const world = await aWorld({settings: {maxPending: 1}})
    world.wecom.script = ['hang']
    expect((await world.deliver({customer: 'wm1'})).statusCode).toBe(200)
    expect((await world.deliver({customer: 'wm2'})).statusCode).toBe(503)
    expect(world.counter('callback_put_off')).toBe(1)
    await world.clock.advance(4000)
    expect((await world.deliver({customer: 'wm2'})).statusCode).toBe(200)
    await world.clock.advance(60_000)
    expect(world.outcomes()).toHaveLength(2)
  })
})

describe('the query of a callback', () => {
  it.each([
    ['a plus stays a plus', 'echostr=a+b%2Bc%3D', {echostr: 'a+b+c='}],
    ['the first value of a name counts', 'a=1&a=2', {a: '1'}],
    ['broken escapes stand as they are', 'a=%zz', {a: '%zz'}],
    ['nameless parts are nothing', '=1&&x', {}],
  ])('%s', (_promise, text, query) => {
    expect({...parseQuery(text)}).toEqual(query)
  })

  it('a name of every object is a name like others', () => {
    expect(parseQuery('__proto__=1&constructor=2')['constructor']).toBe('2')
  })
})

describe('health', () => {
  it('says what runs and how old it is, and nothing about people', async () => {
    const world = await aWorld()
    await world.clock.advance(7000)
    const answer = await world.responder.app.inject({method: 'GET', url: '/healthz'})
    expect(answer.json()).toMatchObject({
      responder: 'r1',
      ready: true,
      manifestVersion: 1,
      stable: world.store.manifest?.manifest.stable,
      canary: null,
      ageMs: 7000,
      lastLookAgeMs: 7000,
      isStale: false,
      isExpired: false,
      pending: 0,
    })
  })

  it('is ready once started and not any more while stopping', async () => {
    const world = await aWorld()
    expect((await world.responder.app.inject({method: 'GET', url: '/readyz'})).statusCode).toBe(200)
    world.wecom.script = [{errcode: 0, afterMs: 500}]
    await world.deliver()
    const stopped = world.responder.stop()
    await world.clock.advance(500)
    await stopped
    expect(world.lastOutcome().outcome).toBe('sent')
  })
})

describe('stopping', () => {
  it('finishes what was taken, writes the log and the last report', async () => {
    const world = await aWorld()
    world.wecom.script = [41096, 41096, 0]
    await world.deliver()
    const stopped = world.responder.stop()
    await world.clock.advance(3000)
    await stopped
    expect(world.outcomes().map(({outcome}) => outcome)).toEqual(['sent_after_retry'])
    expect(world.store.reports.at(-1)?.arms[0]?.outcomes).toEqual({sent_after_retry: 1})
  })
})
