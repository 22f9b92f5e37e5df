import {inspect} from 'node:util'
import {describe, expect, it} from '@jest/globals'
import nock from 'nock'
import type {WeComClient} from '../../scripts/wecom/client.js'
import {aClient, errorOf, HOST, refusal, SECRET, TestClock} from './a-client.js'
import {giveToken, isolateNetwork} from './a-network.js'

isolateNetwork()

const TOKEN = 'tok_Zk3PuW9xQ7bVtRsL2mNcD4fGhJ'
const ROBOT_KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa'
const CUSTOMER = 'wmR4c8CQAAbCdEfGhIjKlMnOpQrStUvW'
const NICKNAME = '王小明'

/** Everything a log, a crash or a curious console could print of an error. */
function everythingOf(error: unknown): string {
  const own = error instanceof Error ? [error.message, error.stack, String(error.cause), inspect(error.cause)] : []
  return [inspect(error, {depth: 10, showHidden: true}), JSON.stringify(error), String(error), ...own].join('\n')
}

function expectNothingSecret(error: unknown): void {
  const text = everythingOf(error)
  for (const secret of [
    TOKEN,
    SECRET,
    ROBOT_KEY,
    CUSTOMER,
    NICKNAME,
    'access_token=',
    'corpsecret=',
    'qyapi.example',
    'CODE-0001',
  ]) {
    expect(text).not.toContain(secret)
  }
}

const failures: readonly [string, (call: nock.Interceptor) => unknown][] = [
  ['a reset', (call) => call.replyWithError(Object.assign(new Error(`reset ${TOKEN}`), {code: 'ECONNRESET'}))],
  ['HTTP 500', (call) => call.reply(500, `oops ${TOKEN}`)],
  ['a page', (call) => call.reply(200, `<html>${TOKEN}</html>`)],
  ['an errcode', (call) => call.reply(200, refusal(40058, `bad ${CUSTOMER} ${NICKNAME} token ${TOKEN}`))],
  ['-1', (call) => call.reply(200, refusal(-1, `busy ${CUSTOMER}`))],
]

const calls: readonly [string, string, (client: WeComClient) => Promise<unknown>][] = [
  ['a read', '/cgi-bin/externalcontact/get', (client) => client.fetchCustomer(CUSTOMER)],
  [
    'an update',
    '/cgi-bin/externalcontact/mark_tag',
    (client) => client.sendCustomerTags('lina', CUSTOMER, {add: ['t']}, {retries: 0}),
  ],
  [
    'a create',
    '/cgi-bin/externalcontact/add_contact_way',
    (client) => client.sendContactWay({type: 1, scene: 2, remark: NICKNAME}),
  ],
]

describe('nothing thrown carries a secret', () => {
  for (const [what, path, make] of calls) {
    it.each(failures)(`${what} that ends with %s`, async (_how, fail) => {
      giveToken(TOKEN)
      const scope = nock(HOST)
      fail(path.endsWith('/get') ? scope.get(path).query(true) : scope.post(path).query(true))
      expectNothingSecret(await errorOf(make(aClient({}, new TestClock((ms) => ms === 3000)).client)))
    })
  }

  it.each(failures)('a robot message that ends with %s', async (_how, fail) => {
    fail(nock(HOST).post('/cgi-bin/webhook/send').query(true))
    expectNothingSecret(
      await errorOf(aClient().client.sendRobotMessage({key: ROBOT_KEY, markdown: NICKNAME}, {retries: 0})),
    )
  })

  it.each(failures)('gettoken that ends with %s', async (_how, fail) => {
    for (let count = 0; count < 4; count += 1) fail(nock(HOST).get('/cgi-bin/gettoken').query(true))
    expectNothingSecret(await errorOf(aClient().client.fetchDepartments()))
    nock.cleanAll()
  })

  it('warnings are masked like errors', async () => {
    giveToken(TOKEN)
    nock(HOST)
      .get('/cgi-bin/department/list')
      .query(true)
      .reply(200, {errcode: 0, errmsg: `ok? ${CUSTOMER} ${TOKEN}`})
    const {client, warnings} = aClient()
    await client.fetchDepartments()
    expectNothingSecret(warnings)
  })

  it("the platform's hint and both texts are kept for people", async () => {
    giveToken(TOKEN)
    nock(HOST)
      .get('/cgi-bin/department/list')
      .query(true)
      .reply(200, refusal(60020, 'not allow to access from your ip'))
    const error = await errorOf(aClient().client.fetchDepartments())
    expect(error).toMatchObject({
      call: 'department/list',
      errcode: 60020,
      hint: '1700000000123456789',
      seenIp: '203.0.113.9',
      detail: 'not allow to access from your ip',
      mend: {zh: expect.stringContaining('可信 IP')},
    })
    expect((error as Error).message).toMatch(
      /errcode 60020 to department\/list: caller IP not in the trusted list \(访问 IP 不可信\)/,
    )
  })
})
