import {describe, expect, it} from '@jest/globals'
import nock from 'nock'
import {createMemoryTokenCache} from '../../scripts/wecom/token-source.js'
import {aClient, errorOf, HOST, refusal, SECRET} from './a-client.js'
import {giveToken, isolateNetwork} from './a-network.js'

isolateNetwork()

const departments = (token: string) => nock(HOST).get('/cgi-bin/department/list').query({access_token: token})
const none = {department: []}

describe('the access token', () => {
  it('is fetched once for fifty callers at the same moment', async () => {
    giveToken()
    departments('tok-1').times(50).reply(200, none)
    const {client} = aClient()
    await Promise.all(Array.from({length: 50}, () => client.fetchDepartments()))
  })

  it('is asked for with corp id and secret and used again until most of its life is over', async () => {
    nock(HOST)
      .get('/cgi-bin/gettoken')
      .query({corpid: 'ww0000000000000001', corpsecret: SECRET})
      .reply(200, {errcode: 0, errmsg: 'ok', access_token: 'tok-1', expires_in: 7200})
    departments('tok-1').times(2).reply(200, none)
    const {client, clock} = aClient()
    await client.fetchDepartments()
    clock.advance(6_840_000 - 1)
    await client.fetchDepartments()
    clock.advance(1)
    giveToken('tok-2')
    departments('tok-2').reply(200, none)
    await client.fetchDepartments()
  })

  it.each([40014, 42001])('refused with %i is replaced once and the call repeated once', async (code) => {
    giveToken('tok-1')
    departments('tok-1').reply(200, refusal(code))
    giveToken('tok-2')
    departments('tok-2').reply(200, none)
    expect(await aClient().client.fetchDepartments()).toEqual([])
  })

  it('refused again after being replaced is given up', async () => {
    giveToken('tok-1')
    departments('tok-1').reply(200, refusal(42001))
    giveToken('tok-2')
    departments('tok-2').reply(200, refusal(42001))
    expect(await errorOf(aClient().client.fetchDepartments())).toMatchObject({errcode: 42001})
  })

  it('that ended early under thirty callers is replaced by one request', async () => {
    giveToken('tok-1')
    departments('tok-1').reply(200, none)
    const {client} = aClient({quotas: {standard: {windows: [], maxInFlight: 50}}})
    await client.fetchDepartments()
    departments('tok-1').times(30).reply(200, refusal(40014))
    giveToken('tok-2')
    departments('tok-2').times(30).reply(200, none)
    await Promise.all(Array.from({length: 30}, () => client.fetchDepartments()))
  })

  it('is replaced for creates too: a refused token means nothing was carried out', async () => {
    giveToken('tok-1')
    nock(HOST)
      .post('/cgi-bin/externalcontact/add_contact_way')
      .query({access_token: 'tok-1'})
      .reply(200, refusal(40014))
    giveToken('tok-2')
    const again = nock(HOST).post('/cgi-bin/externalcontact/add_contact_way').query({access_token: 'tok-2'})
    again.reply(200, {config_id: 'cfg1'})
    const way = await aClient().client.sendContactWay({type: 1, scene: 2, userIds: ['lina']})
    expect(way.configId).toBe('cfg1')
  })

  it('a wrong secret is asked about again after 2 seconds, then half as often each time, down to once a minute', async () => {
    const wrong = () => nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, refusal(40001))
    const {client, clock} = aClient()
    wrong()
    expect(await errorOf(client.fetchDepartments())).toMatchObject({call: 'gettoken', errcode: 40001})
    for (const holdMs of [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      // Nobody listens: asking now would end in another error.
      clock.advance(holdMs - 1)
      expect(await errorOf(client.fetchDepartments())).toMatchObject({errcode: 40001})
      clock.advance(1)
      wrong()
      expect(await errorOf(client.fetchDepartments())).toMatchObject({errcode: 40001})
    }
  })

  it('a secret that was refused by a slip starts over with 2 seconds once it has worked', async () => {
    const {client, clock} = aClient()
    for (const round of [1, 2]) {
      nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, refusal(40001))
      expect(await errorOf(client.fetchDepartments())).toMatchObject({errcode: 40001})
      clock.advance(2000)
      giveToken(`tok-${round}`)
      departments(`tok-${round}`).reply(200, none)
      await client.fetchDepartments()
      clock.advance(7_200_000)
    }
  })

  it('a failed request is no verdict for the next caller', async () => {
    nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, refusal(60020))
    const {client} = aClient()
    expect(await errorOf(client.fetchDepartments())).toMatchObject({errcode: 60020, seenIp: '203.0.113.9'})
    giveToken()
    departments('tok-1').reply(200, none)
    await client.fetchDepartments()
  })

  it('gettoken itself is tried again when the system is busy', async () => {
    nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, refusal(-1))
    giveToken()
    departments('tok-1').reply(200, none)
    await aClient().client.fetchDepartments()
  })

  it('an answer without a token is no token', async () => {
    nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, {errcode: 0, errmsg: 'ok'})
    expect(await errorOf(aClient().client.fetchDepartments())).toMatchObject({call: 'gettoken', reason: 'malformed'})
  })

  it('one caller who leaves does not take the token from another', async () => {
    giveToken()
    departments('tok-1').reply(200, none)
    const {client} = aClient()
    const stop = new AbortController()
    const leaving = errorOf(client.fetchFollowUsers({signal: stop.signal}))
    const staying = client.fetchDepartments()
    await Promise.resolve()
    stop.abort()
    expect(await leaving).toMatchObject({reason: 'aborted', ambiguous: false})
    expect(await staying).toEqual([])
  })

  it('can be shared between clients through one cache, by corp and app', async () => {
    const tokenCache = createMemoryTokenCache()
    giveToken('tok-1')
    departments('tok-1').times(2).reply(200, none)
    await aClient({tokenCache}).client.fetchDepartments()
    await aClient({tokenCache}).client.fetchDepartments()
    giveToken('tok-other')
    departments('tok-other').reply(200, none)
    await aClient({tokenCache, agentId: 1000009}).client.fetchDepartments()
  })

  it('a replaced token in the cache is not dropped by somebody who still holds the old one', async () => {
    const cache = createMemoryTokenCache()
    await cache.write('k', {token: 'new', useUntilMs: 1})
    await cache.drop('k', 'old')
    expect(await cache.read('k')).toEqual({token: 'new', useUntilMs: 1})
    await cache.drop('k', 'new')
    expect(await cache.read('k')).toBeNull()
  })
})
