import {afterEach, describe, expect, it} from '@jest/globals'
import type {WeComClient} from '../../scripts/wecom/client.js'
import {encodeBody} from '../../scripts/wecom/encode-body.js'
import {aClient, errorOf} from './a-client.js'
import {answerJson, startServer, type Answering, type TestServer} from './a-server.js'

const servers: TestServer[] = []
const clients: WeComClient[] = []
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const server of servers.splice(0)) await server.close()
})

async function world(answering?: Answering, changes: Parameters<typeof aClient>[0] = {}) {
  const server = await startServer(answering)
  servers.push(server)
  const made = aClient({baseUrl: server.url, ...changes})
  clients.push(made.client)
  return {server, ...made}
}

describe('on the wire', () => {
  it('a kept-alive connection carries many calls', async () => {
    const {server, client} = await world()
    for (let count = 0; count < 10; count += 1) await client.fetchDepartments()
    expect(server.connections()).toBe(1)
  })

  it('the token travels in the query and nowhere else', async () => {
    const {server, client} = await world()
    await client.sendContactWayChange('cfg1', {remark: '春季'})
    const [request] = server.seen
    expect(request?.url).toBe('/cgi-bin/externalcontact/update_contact_way?access_token=tok-1')
    expect(JSON.stringify(request?.headers) + String(request?.body)).not.toContain('tok-1')
  })

  it('Chinese and emoji travel as raw UTF-8', async () => {
    const {server, client} = await world()
    await client.sendContactWayChange('cfg1', {remark: '春季🌸'})
    expect(server.seen[0]?.body.toString('utf8')).toBe('{"config_id":"cfg1","remark":"春季🌸"}')
    expect(server.seen[0]?.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('an upload carries the file name in UTF-8 and the bytes unchanged', async () => {
    const {server, client} = await world((_request, response) =>
      answerJson(response, {type: 'file', media_id: 'MID', created_at: '1700000000'}),
    )
    const bytes = Uint8Array.from([0, 13, 10, 45, 45, 255, 254])
    const media = await client.sendMedia('file', {fileName: '收纳指南（12个户型）.pdf', bytes})
    expect(media).toEqual({mediaId: 'MID', createdAtSeconds: 1_700_000_000})
    const {url, body, headers} = server.seen[0]!
    expect(url).toBe('/cgi-bin/media/upload?access_token=tok-1&type=file')
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/)
    expect(body.toString('utf8')).toContain('name="media"; filename="收纳指南（12个户型）.pdf"')
    expect(body.includes(Buffer.from(bytes))).toBe(true)
  })

  it('a file name cannot break out of its header', async () => {
    const {server, client} = await world((_request, response) => answerJson(response, {media_id: 'MID'}))
    await client.sendMedia('file', {fileName: 'a"\r\nX-Evil: 1.txt', bytes: Buffer.from('hello!')})
    expect(server.seen[0]?.body.toString('latin1')).not.toMatch(/^X-Evil/m)
  })

  it('an upload is sent again with the same bytes when its answer was lost', async () => {
    let count = 0
    const {server, client} = await world((_request, response) => {
      count += 1
      if (count === 1) response.destroy()
      else answerJson(response, {url: 'https://img.example/1'})
    })
    expect(await client.sendImage({fileName: '菜单.png', bytes: Buffer.alloc(100, 7)})).toBe('https://img.example/1')
    expect(server.seen[1]?.body.equals(server.seen[0]!.body)).toBe(true)
  })

  it('an answer that stops half-way is no answer', async () => {
    const {client} = await world((_request, response) => {
      response.writeHead(200, {'content-length': '100'})
      response.write('{"errcode":0', () => response.destroy())
    })
    const error = await errorOf(client.sendContactWay({type: 1, scene: 2, userIds: ['lina']}))
    expect(error).toMatchObject({name: 'AmbiguousOutcome'})
  })

  it('a success whose errmsg is not ok is told, not refused', async () => {
    const {client, warnings} = await world((_request, response) =>
      answerJson(response, {errmsg: 'ok. Warning: wrong json format. ', department: []}),
    )
    await client.fetchDepartments()
    expect(warnings).toEqual([
      {kind: 'errmsg-on-success', call: 'department/list', detail: 'ok. Warning: wrong json format.'},
    ])
  })

  it('a proxy from the environment is not used', async () => {
    const before = process.env['http_proxy']
    process.env['http_proxy'] = 'http://127.0.0.1:1'
    try {
      const {client} = await world()
      expect(await client.fetchDepartments()).toEqual([])
    } finally {
      if (before === undefined) delete process.env['http_proxy']
      else process.env['http_proxy'] = before
    }
  })

  it('a configured egress proxy carries every call', async () => {
    const proxy = await startServer()
    servers.push(proxy)
    const {client} = aClient({
      baseUrl: 'http://wecom.example',
      proxy: {protocol: 'http', host: '127.0.0.1', port: proxy.port},
    })
    clients.push(client)
    await client.fetchDepartments()
    expect(proxy.seen[0]?.url).toBe('http://wecom.example/cgi-bin/department/list?access_token=tok-1')
  })
})

describe('encodeBody', () => {
  it('leaves no \\u escape: control characters go, halves of characters become U+FFFD', () => {
    const text = encodeBody({content: 'a\u0000\u001bb\tc\n\ud83dd\u2028', pair: '🌸'})
    expect(text).toBe('{"content":"ab\\tc\\n\ufffdd\u2028","pair":"🌸"}')
    expect(text).not.toMatch(/\\u/)
  })
})
