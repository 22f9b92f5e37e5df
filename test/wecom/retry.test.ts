import {describe, expect, it} from '@jest/globals'
import nock from 'nock'
import {AmbiguousOutcome, WeComRejected, WeComUnreachable} from '../../scripts/wecom/errors.js'
import {aClient, errorOf, HOST, refusal, TestClock} from './a-client.js'
import {giveToken, isolateNetwork} from './a-network.js'

isolateNetwork()

const api = () => nock(HOST)
const DEPARTMENTS = '/cgi-bin/department/list'
const ADD_WAY = '/cgi-bin/externalcontact/add_contact_way'
const UPDATE_WAY = '/cgi-bin/externalcontact/update_contact_way'
const anyQuery = true
const way = {type: 1, scene: 2, state: 'rc-spring', userIds: ['lina']} as const

describe('retries of calls that may be repeated', () => {
  it('a read answered with -1 is tried again after growing pauses and then succeeds', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).times(2).reply(200, refusal(-1, 'system busy'))
    api()
      .get(DEPARTMENTS)
      .query(anyQuery)
      .reply(200, {department: [{id: 1, name: '总部', parentid: 0}]})
    const {client, clock} = aClient()
    expect(await client.fetchDepartments()).toHaveLength(1)
    expect(clock.slept).toEqual([750, 1500])
  })

  it('-1 is given up after three retries, with the last answer', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).times(4).reply(200, refusal(-1))
    const {client, clock} = aClient()
    expect(await errorOf(client.fetchDepartments())).toMatchObject({name: 'WeComRejected', errcode: -1})
    expect(clock.slept).toHaveLength(3)
  })

  it.each(['ECONNRESET', 'ETIMEDOUT', 'ECONNREFUSED'])('a read that ends with %s is tried again', async (code) => {
    giveToken()
    api()
      .get(DEPARTMENTS)
      .query(anyQuery)
      .replyWithError(Object.assign(new Error(code), {code}))
    api().get(DEPARTMENTS).query(anyQuery).reply(200, {department: []})
    expect(await aClient().client.fetchDepartments()).toEqual([])
  })

  it('a read answered with HTTP 502 or with a page that is no JSON is tried again', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(502, 'bad gateway')
    api().get(DEPARTMENTS).query(anyQuery).reply(200, '<html>proxy</html>')
    api().get(DEPARTMENTS).query(anyQuery).reply(200, {department: []})
    const {client, clock} = aClient()
    await client.fetchDepartments()
    expect(clock.slept).toHaveLength(2)
  })

  it('an unknown path (HTTP 404, empty body) is not tried again', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(404)
    const error = await errorOf(aClient().client.fetchDepartments())
    expect(error).toMatchObject({
      name: 'WeComUnreachable',
      reason: 'http-status',
      symptom: 'HTTP 404',
      ambiguous: false,
    })
  })

  it('a redirect is not followed', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(301, '', {location: 'https://elsewhere.example/'})
    expect(await errorOf(aClient().client.fetchDepartments())).toMatchObject({symptom: 'HTTP 301'})
  })

  it('an update whose answer was lost is sent again', async () => {
    giveToken()
    api()
      .post(UPDATE_WAY)
      .query(anyQuery)
      .replyWithError(Object.assign(new Error('reset'), {code: 'ECONNRESET'}))
    api().post(UPDATE_WAY, {config_id: 'cfg1', remark: '春季'}).query(anyQuery).reply(200, {errcode: 0, errmsg: 'ok'})
    await aClient().client.sendContactWayChange('cfg1', {remark: '春季'})
  })

  it('an update whose answers are all lost says that it may have been carried out', async () => {
    giveToken()
    api().post(UPDATE_WAY).query(anyQuery).times(4).reply(503)
    const error = await errorOf(aClient().client.sendContactWayChange('cfg1', {remark: 'x'}))
    expect(error).toBeInstanceOf(WeComUnreachable)
    expect(error).not.toBeInstanceOf(AmbiguousOutcome)
    expect(error).toMatchObject({ambiguous: true})
  })

  it('a refusal nobody can wait out is not tried again', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(200, refusal(48002))
    const {client, clock} = aClient()
    expect(await errorOf(client.fetchDepartments())).toMatchObject({errcode: 48002})
    expect(clock.slept).toEqual([])
  })

  it('an unknown errcode is not tried again and is told', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(200, refusal(999_999, 'new thing'))
    const {client, warnings} = aClient()
    expect(await errorOf(client.fetchDepartments())).toMatchObject({errcode: 999_999, zh: '未收录的错误码'})
    expect(warnings).toEqual([
      {kind: 'unknown-errcode', call: 'department/list', errcode: 999_999, detail: 'new thing'},
    ])
  })

  it('retries: 0 means one attempt', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(200, refusal(-1))
    expect(await errorOf(aClient().client.fetchDepartments({retries: 0}))).toBeInstanceOf(WeComRejected)
  })

  it('calls with assumed set semantics are repeated only while the setting trusts them', async () => {
    const marks = '/cgi-bin/externalcontact/mark_tag'
    giveToken()
    api().post(marks).query(anyQuery).reply(500)
    api().post(marks).query(anyQuery).reply(200, {errcode: 0, errmsg: 'ok'})
    await aClient().client.sendCustomerTags('lina', 'wmTEST1', {add: ['etT1']})
    giveToken()
    api().post(marks).query(anyQuery).reply(500)
    const {client} = aClient({repeatAssumedSafe: false})
    expect(await errorOf(client.sendCustomerTags('lina', 'wmTEST1', {add: ['etT1']}))).toBeInstanceOf(AmbiguousOutcome)
  })
})

describe('creates are never sent twice on a guess', () => {
  const lost: readonly [string, (scope: nock.Interceptor) => unknown, string][] = [
    ['a reset', (call) => call.replyWithError(Object.assign(new Error('reset'), {code: 'ECONNRESET'})), 'network'],
    ['a time-out', (call) => call.replyWithError(Object.assign(new Error('late'), {code: 'ETIMEDOUT'})), 'timeout'],
    ['errcode -1', (call) => call.reply(200, refusal(-1)), 'system-busy'],
    ['HTTP 504', (call) => call.reply(504), 'http-status'],
    ['an answer that is no JSON', (call) => call.reply(200, '{"errcode":0,'), 'malformed'],
    ['an answer without the id', (call) => call.reply(200, {errcode: 0, errmsg: 'ok'}), 'malformed'],
  ]
  it.each(lost)('after %s the outcome of a contact way is open', async (_what, answer, reason) => {
    giveToken()
    answer(api().post(ADD_WAY).query(anyQuery))
    const {client, clock} = aClient()
    const error = await errorOf(client.sendContactWay(way))
    expect(error).toBeInstanceOf(AmbiguousOutcome)
    expect(error).toMatchObject({call: 'add_contact_way', ambiguous: true, reason})
    expect(clock.slept).toEqual([])
  })

  it('a connection that was never made is no open outcome: the create is tried again', async () => {
    giveToken()
    api()
      .post(ADD_WAY)
      .query(anyQuery)
      .replyWithError(Object.assign(new Error('no'), {code: 'ECONNREFUSED'}))
    api().post(ADD_WAY).query(anyQuery).reply(200, {config_id: 'cfg1', qr_code: 'https://qr.example/1'})
    expect(await aClient().client.sendContactWay(way)).toEqual({configId: 'cfg1', qrCode: 'https://qr.example/1'})
  })

  it('a create turned away for concurrency (45033) is tried again', async () => {
    giveToken()
    api().post(ADD_WAY).query(anyQuery).reply(200, refusal(45033))
    api().post(ADD_WAY).query(anyQuery).reply(200, {config_id: 'cfg1'})
    const {client, clock} = aClient()
    await client.sendContactWay(way)
    expect(clock.slept).toEqual([750])
  })

  it('a create refused for its content is a plain refusal', async () => {
    giveToken()
    api().post(ADD_WAY).query(anyQuery).reply(200, refusal(41054))
    expect(await errorOf(aClient().client.sendContactWay(way))).toMatchObject({name: 'WeComRejected', errcode: 41054})
  })

  it('a create aborted while under way is an open outcome', async () => {
    giveToken()
    const stop = new AbortController()
    api()
      .post(ADD_WAY)
      .query(anyQuery)
      .reply(() => {
        stop.abort()
        return [200, {config_id: 'cfg1'}]
      })
    const error = await errorOf(aClient().client.sendContactWay(way, {signal: stop.signal}))
    expect(error).toBeInstanceOf(AmbiguousOutcome)
    expect(error).toMatchObject({reason: 'aborted'})
  })

  it('a create aborted before it left is not', async () => {
    const error = await errorOf(aClient().client.sendContactWay(way, {signal: AbortSignal.abort()}))
    expect(error).toMatchObject({name: 'WeComUnreachable', reason: 'aborted', ambiguous: false})
  })

  it('an app message may be sent again only when the platform drops duplicates', async () => {
    const path = '/cgi-bin/message/send'
    giveToken()
    api().post(path).query(anyQuery).reply(500)
    const plain = {userIds: ['boss'], markdown: 'v42'}
    expect(await errorOf(aClient().client.sendAppMessage(plain))).toBeInstanceOf(AmbiguousOutcome)
    giveToken()
    api().post(path).query(anyQuery).reply(500)
    api()
      .post(path, (body) => body.enable_duplicate_check === 1 && body.duplicate_check_interval === 1800)
      .query(anyQuery)
      .reply(200, {errcode: 0, errmsg: 'ok', msgid: 'm1', invaliduser: 'ghost|gone'})
    const receipt = await aClient().client.sendAppMessage({...plain, duplicateCheckSeconds: 1800})
    expect(receipt).toEqual({messageId: 'm1', invalidUserIds: ['ghost', 'gone']})
  })
})

describe('budgets on the injected clock', () => {
  it('a call that never ends is stopped when its budget is spent, as a time-out', async () => {
    giveToken()
    const clock = new TestClock((ms) => ms === 3000)
    api()
      .get('/cgi-bin/externalcontact/get')
      .query(anyQuery)
      .reply(() => {
        clock.wakeHeld()
        return [200, {external_contact: {name: '小王'}}]
      })
    const error = await errorOf(aClient({}, clock).client.fetchCustomer('wmTEST1'))
    expect(error).toMatchObject({reason: 'timeout', ambiguous: false})
  })

  it('an abort during a pause between attempts ends the call', async () => {
    giveToken()
    api().get(DEPARTMENTS).query(anyQuery).reply(200, refusal(-1))
    const stop = new AbortController()
    const clock = new TestClock()
    const sleep = clock.sleep.bind(clock)
    clock.sleep = (ms, signal) => {
      stop.abort()
      return sleep(ms, signal)
    }
    const error = await errorOf(aClient({}, clock).client.fetchDepartments({signal: stop.signal}))
    expect(error).toMatchObject({name: 'WeComUnreachable', reason: 'aborted', ambiguous: false})
  })
})
