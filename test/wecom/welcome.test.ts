import {describe, expect, it} from '@jest/globals'
import nock from 'nock'
import {classifyWelcomeErrcode} from '../../scripts/wecom/welcome-calls.js'
import {aClient, HOST, refusal, TestClock} from './a-client.js'
import {giveToken, isolateNetwork} from './a-network.js'

isolateNetwork()

const PATH = '/cgi-bin/externalcontact/send_welcome_msg'
const message = {welcomeCode: 'CODE-0001', text: '您好', attachments: []}
const answer = () => nock(HOST).post(PATH).query(true)
const aWelcome = (clock = new TestClock((ms) => ms === 4000)) =>
  aClient({}, clock).client.sendWelcome(message, {budgetMs: 4000})

describe('send_welcome_msg', () => {
  it('says delivered, and puts text and attachments in the given order', async () => {
    giveToken()
    const link = {kind: 'link', title: '收纳指南', url: 'https://m.example/g', description: '12个户型'} as const
    nock(HOST)
      .post(PATH, {
        welcome_code: 'CODE-0001',
        text: {content: '您好'},
        attachments: [
          {msgtype: 'image', image: {pic_url: 'https://img.example/1'}},
          {msgtype: 'link', link: {title: '收纳指南', url: 'https://m.example/g', desc: '12个户型'}},
          {
            msgtype: 'miniprogram',
            miniprogram: {title: '量尺', appid: 'wx1', page: 'pages/book', pic_media_id: 'MID_IMG'},
          },
          {msgtype: 'video', video: {media_id: 'MID_V'}},
          {msgtype: 'file', file: {media_id: 'MID_F'}},
        ],
      })
      .query(true)
      .reply(200, {errcode: 0, errmsg: 'ok'})
    const result = await aClient({}, new TestClock((ms) => ms === 4000)).client.sendWelcome(
      {
        ...message,
        attachments: [
          {kind: 'image', picUrl: 'https://img.example/1'},
          link,
          {kind: 'miniprogram', title: '量尺', appid: 'wx1', page: 'pages/book', coverMediaId: 'MID_IMG'},
          {kind: 'video', mediaId: 'MID_V'},
          {kind: 'file', mediaId: 'MID_F'},
        ],
      },
      {budgetMs: 4000},
    )
    expect(result).toEqual({outcome: 'delivered', errcode: 0, refusal: null, hint: null, retryAfterMs: null})
  })

  it.each([
    [41051, 'already-sent'],
    [41096, 'in-progress'],
    [41050, 'expired'],
    [41053, 'consent-pending'],
    [40007, 'payload'],
    [45002, 'payload'],
    [90206, 'payload'],
    [60011, 'permission'],
    [84061, 'permission'],
    [45033, 'rate'],
    [40001, 'token'],
    [777_777, 'unknown-code'],
  ])('%i is one answer, refused as %s, without another try', async (errcode, refused) => {
    giveToken()
    answer().reply(200, refusal(errcode))
    expect(await aWelcome()).toMatchObject({outcome: 'refused', errcode, refusal: refused})
  })

  it.each([
    ['a reset', (call: nock.Interceptor) => call.replyWithError(Object.assign(new Error('x'), {code: 'ECONNRESET'}))],
    ['HTTP 502', (call: nock.Interceptor) => call.reply(502)],
    ['no JSON', (call: nock.Interceptor) => call.reply(200, 'ok')],
  ])('%s is unknown: it may have been delivered', async (_what, fail) => {
    giveToken()
    fail(answer())
    expect(await aWelcome()).toMatchObject({outcome: 'unknown', errcode: null, refusal: 'transport'})
  })

  it('-1 is unknown too', async () => {
    giveToken()
    answer().reply(200, refusal(-1))
    expect(await aWelcome()).toMatchObject({outcome: 'unknown', errcode: -1})
  })

  it('an answer that comes after the budget is unknown', async () => {
    giveToken()
    const clock = new TestClock((ms) => ms === 4000)
    answer().reply(() => {
      clock.wakeHeld()
      return [200, {errcode: 0, errmsg: 'ok'}]
    })
    expect(await aWelcome(clock)).toMatchObject({outcome: 'unknown', errcode: null})
  })

  it('a refused connection sent nothing, so it is refused and not unknown', async () => {
    giveToken()
    answer().replyWithError(Object.assign(new Error('x'), {code: 'ECONNREFUSED'}))
    expect(await aWelcome()).toMatchObject({outcome: 'refused', errcode: null, refusal: 'transport'})
  })

  it('a stale token is replaced inside the one attempt', async () => {
    giveToken('tok-1')
    answer().reply(200, refusal(42001))
    giveToken('tok-2')
    nock(HOST).post(PATH).query({access_token: 'tok-2'}).reply(200, {errcode: 0, errmsg: 'ok'})
    expect(await aWelcome()).toMatchObject({outcome: 'delivered'})
  })

  it('a shut API (45009) is told with its time instead of waited for', async () => {
    giveToken()
    answer().reply(200, refusal(45009))
    expect(await aWelcome()).toMatchObject({outcome: 'refused', errcode: 45009, refusal: 'rate', retryAfterMs: 60_250})
  })

  it('a failing gettoken sent nothing', async () => {
    nock(HOST).get('/cgi-bin/gettoken').query(true).reply(200, refusal(40001))
    expect(await aWelcome()).toMatchObject({outcome: 'refused', errcode: 40001, refusal: 'token'})
  })

  it('knows every code of the page of this call', () => {
    const page = [
      40007, 40039, 40058, 40063, 40094, 40096, 41049, 41050, 41051, 41053, 41064, 41065, 41096, 44004, 45002, 45009,
      45033, 45034, 48002, 60011, 60020, 84061, 84074, 90206, 90207, 90208, 701008,
    ]
    expect(page.filter((code) => classifyWelcomeErrcode(code) === 'unknown-code')).toEqual([])
  })
})
