import http from 'node:http'
import type {AddressInfo} from 'node:net'

export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: http.IncomingHttpHeaders
  readonly body: Buffer
}

export interface TestServer {
  readonly url: string
  readonly port: number
  readonly seen: readonly SeenRequest[]
  connections(): number
  close(): Promise<void>
}

export type Answering = (request: SeenRequest, response: http.ServerResponse) => void

/** A real server on loopback; answers `{errcode: 0}` unless told otherwise, and a token to gettoken. */
export async function startServer(answering: Answering = answerOk): Promise<TestServer> {
  const seen: SeenRequest[] = []
  let connections = 0
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const {method = '', url = '', headers} = request
      const one = {method, url, headers, body: Buffer.concat(chunks)}
      if (url.includes('/gettoken')) return answerJson(response, {access_token: 'tok-1', expires_in: 7200})
      seen.push(one)
      answering(one, response)
    })
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {url: `http://127.0.0.1:${port}`, port, seen, connections: () => connections, close}
}

export function answerJson(response: http.ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({errcode: 0, errmsg: 'ok', ...body}))
}

function answerOk(_request: SeenRequest, response: http.ServerResponse): void {
  answerJson(response, {})
}
