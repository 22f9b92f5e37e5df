import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {ENDPOINTS} from '../../scripts/sandbox/routes.js'
import {asReply, CORPID, SECRETS, startPlayground, type Playground} from './playground.js'

const LIST = 'externalcontact/get_follow_user_list'

describe('the order of checks', () => {
  let world: Playground
  beforeAll(async () => {
    world = await startPlayground()
  })
  afterAll(() => world.close())

  const raw = async (path: string, init: RequestInit = {}) => asReply(await fetch(`${world.url}/cgi-bin/${path}`, init))

  it.each(Object.keys(ENDPOINTS).map((path) => path.replace('/cgi-bin/', '')))(
    '%s asks for a token first',
    async (path) => {
      expect((await raw(path, {method: 'POST', body: 'not json'})).errcode).toBe(41001)
    },
  )

  it('takes a token in the query only', async () => {
    const token = await world.token()
    expect((await raw(LIST, {headers: {authorization: `Bearer ${token}`, access_token: token}})).errcode).toBe(41001)
    expect((await raw(`${LIST}?access_token=${token}`)).errcode).toBe(0)
  })

  it('reports an unknown token before a foreign address', async () => {
    const headers = {'x-sandbox-caller-ip': '203.0.113.9'}
    expect((await raw(`${LIST}?access_token=nonsense`, {headers})).errcode).toBe(40014)
  })

  it('reports a foreign address before a missing permission', async () => {
    expect((await world.get(LIST, {}, {app: 1000005, headers: {'x-sandbox-caller-ip': '203.0.113.9'}})).errcode).toBe(
      60020,
    )
    expect((await world.get(LIST, {}, {app: 1000005})).errcode).toBe(48002)
  })

  it('reports a missing permission before wrong parameters', async () => {
    expect((await world.post('externalcontact/mark_tag', {userid: 5}, {app: 1000005})).errcode).toBe(48002)
    expect((await world.post('externalcontact/mark_tag', {userid: 5})).errcode).toBe(40058)
  })

  it.each([
    ['gettoken', 41002],
    [`gettoken?corpid=${CORPID}`, 41004],
    ['gettoken?corpid=wwother', 41004],
    ['gettoken?corpid=wwother&corpsecret=x', 40013],
    [`gettoken?corpid=${CORPID}&corpsecret=x`, 40001],
  ])('%s is answered with %i', async (path, errcode) => {
    expect((await raw(path)).errcode).toBe(errcode)
  })

  it('answers an error with HTTP 200 and an errmsg that names hint, caller and help page', async () => {
    const response = await fetch(`${world.url}/cgi-bin/${LIST}?access_token=${await world.token()}`, {
      headers: {'x-sandbox-caller-ip': '203.0.113.9'},
    })
    expect(response.status).toBe(200)
    expect((await asReply(response)).errmsg).toMatch(
      /^not allow to access from your ip, hint: \[\d+\], from ip: 203\.0\.113\.9, more info at https:\/\/open\.work\.weixin\.qq\.com\/devtool\/query\?e=60020$/,
    )
  })

  it.each([
    ['externalcontact/list', 'external_userid'],
    ['externalcontact/get_follow_user_list', 'follow_user'],
    ['department/simplelist', 'department_id'],
    ['user/simplelist', 'userlist'],
    ['tag/list', 'taglist'],
  ])('%s fails with its field %s still there and empty', async (path, field) => {
    expect(await raw(path)).toMatchObject({errcode: 41001, [field]: []})
  })

  it.each(['group_welcome_template/list', 'nothing/here', 'externalcontact/group_welcome_template/list'])(
    '%s does not exist: 404 with an empty body',
    async (path) => {
      const response = await fetch(`${world.url}/cgi-bin/${path}?access_token=${await world.token()}`, {
        method: 'POST',
        body: '{}',
      })
      expect(response.status).toBe(404)
      expect(await response.text()).toBe('')
    },
  )

  it('does not take a POST call by GET', async () => {
    expect((await world.get('externalcontact/mark_tag')).errcode).toBe(40063)
  })

  it('refuses a body that is no JSON with 40058', async () => {
    const token = await world.token()
    expect(
      (await raw(`externalcontact/mark_tag?access_token=${token}`, {method: 'POST', body: '{"userid":'})).errcode,
    ).toBe(40058)
  })

  it.each([
    ['a literal escape', '{"template_id":"\\u4f60"}', 40033],
    ['an escaped backslash before a u', '{"template_id":"C:\\\\u4f60"}', 40058],
    ['raw UTF-8', '{"template_id":"你"}', 40058],
  ])('meets %s', async (_what, body, errcode) => {
    const path = `externalcontact/group_welcome_template/get?access_token=${await world.token()}`
    expect((await raw(path, {method: 'POST', body})).errcode).toBe(errcode)
  })

  it('warns instead of failing when an object field comes as an array', async () => {
    const link = {title: '群规', url: 'https://www.hehejj.example/rules'}
    const reply = await world.post('externalcontact/group_welcome_template/add', {text: [], link})
    expect(reply).toMatchObject({errcode: 0, errmsg: 'ok. Warning: wrong json format. '})
  })

  it.each([
    [4 * 1_048_576, 40058],
    [4 * 1_048_576 + 1, 40206],
  ])('a body of %i bytes is answered with %i', async (bytes, errcode) => {
    const body = ' '.repeat(bytes - 1) + '{'
    const path = `externalcontact/mark_tag?access_token=${await world.token()}`
    expect((await raw(path, {method: 'POST', body})).errcode).toBe(errcode)
  })
})

describe('a token', () => {
  let world: Playground
  beforeAll(async () => {
    world = await startPlayground()
  })
  afterAll(() => world.close())

  const gettoken = async (secret = SECRETS[1000002] ?? '') =>
    asReply(await fetch(`${world.url}/cgi-bin/gettoken?corpid=${CORPID}&corpsecret=${secret}`))
  const use = async (token: unknown) =>
    asReply(await fetch(`${world.url}/cgi-bin/${LIST}?access_token=${String(token)}`))

  it('stays the same while it lives, its time running down', async () => {
    const first = await gettoken()
    await world.advance(1_000_000)
    const second = await gettoken()
    expect(first).toMatchObject({expires_in: 7200})
    expect(second).toMatchObject({access_token: first['access_token'], expires_in: 6200})
  })

  it('works until just before 7200 seconds and is expired (42001) from then on', async () => {
    await world.control('/tokens/end', {how: 'invalid'})
    const token = (await gettoken())['access_token']
    await world.advance(7_199_999)
    expect((await use(token)).errcode).toBe(0)
    await world.advance(1)
    expect((await use(token)).errcode).toBe(42001)
    expect((await gettoken())['access_token']).not.toBe(token)
  })

  it('ended early is invalid (40014), and a new one is given', async () => {
    const token = (await gettoken())['access_token']
    await world.control('/tokens/end', {agentid: 1000002, how: 'invalid'})
    expect((await use(token)).errcode).toBe(40014)
    expect((await use((await gettoken())['access_token'])).errcode).toBe(0)
  })

  it('of one app is not that of another', async () => {
    expect((await gettoken())['access_token']).not.toBe((await gettoken('secret-b'))['access_token'])
  })

  it('of a disabled app is refused with 50003, as is asking for one', async () => {
    const token = (await gettoken('secret-b'))['access_token']
    await world.control('/apps/disabled', {agentid: 1000003, disabled: true})
    expect((await use(token)).errcode).toBe(50003)
    expect((await gettoken('secret-b')).errcode).toBe(50003)
    await world.control('/apps/disabled', {agentid: 1000003, disabled: false})
  })

  it('is not given for a secret that was reset', async () => {
    const token = (await gettoken('secret-b'))['access_token']
    await world.control('/apps/secret', {agentid: 1000003, secret: 'secret-b2'})
    expect((await gettoken('secret-b')).errcode).toBe(40001)
    expect((await use(token)).errcode).toBe(40014)
    expect((await gettoken('secret-b2')).errcode).toBe(0)
  })

  it('cannot be had from an address that is not trusted; a new list acts after a minute', async () => {
    await world.control('/apps/trusted-ips', {agentid: 1000002, ips: ['203.0.113.9']})
    await world.advance(59_999)
    expect((await gettoken()).errcode).toBe(0)
    await world.advance(1)
    expect((await gettoken()).errcode).toBe(60020)
    await world.control('/apps/trusted-ips', {agentid: 1000002, ips: ['127.0.0.1']})
    expect((await gettoken()).errcode).toBe(60020)
    await world.advance(60_000)
    expect((await gettoken()).errcode).toBe(0)
  })

  it('is withheld for an hour after too many wrong secrets', async () => {
    await world.control('/settings', {badSecretsPerHour: 3})
    for (const errcode of [40001, 40001, 40001, 45009]) expect((await gettoken('wrong')).errcode).toBe(errcode)
    expect((await gettoken()).errcode).toBe(45009)
    await world.advance(3_600_000)
    expect((await gettoken()).errcode).toBe(0)
  })
})
