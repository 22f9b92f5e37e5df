/**
 * WeCom's side of greeting as a bare server: `node stub-wecom.mjs OPTIONS` prints `{"port":…}` and answers gettoken,
 * send_welcome_msg (92137) and externalcontact/get (92114). Says each code once (41051), and 45009 beyond its quota of sends.
 */
import {createServer, type IncomingMessage} from 'node:http'
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'
import type {StubCounts, StubOptions} from './responder-stack.js'

const MINUTE_MS = 60_000
const API = '/cgi-bin/'

const nowMs = (): number => performance.timeOrigin + performance.now()

/** Takes a call while the last rolling minute held fewer than `perMinute` of those it took. */
function createWindow(perMinute: number | null): (atMs: number) => boolean {
  const taken: number[] = []
  return (atMs) => {
    const oldest = perMinute === null ? undefined : taken[taken.length - perMinute]
    if (oldest !== undefined && oldest > atMs - MINUTE_MS) return false
    taken.push(atMs)
    return true
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function createWeCom(sendsPerMinute: number | null) {
  const arrivals = new Map<string, number>()
  const counts = {sent: 0, repeated: 0, refused: 0, nicknames: 0, tokens: 0, unknown: 0}
  const takes = createWindow(sendsPerMinute)

  const answerSend = (body: string, atMs: number): object => {
    if (!takes(atMs)) {
      counts.refused += 1
      return {errcode: 45009, errmsg: 'api freq out of limit'}
    }
    const {welcome_code: code} = JSON.parse(body) as {readonly welcome_code: string}
    if (arrivals.has(code)) {
      counts.repeated += 1
      return {errcode: 41051, errmsg: 'externaluser has started chatting'}
    }
    arrivals.set(code, atMs)
    counts.sent += 1
    return {errcode: 0, errmsg: 'ok'}
  }

  return {
    counts: (): StubCounts => counts,
    arrivals: (): [string, number][] => [...arrivals],
    answer(path: string, body: string, atMs: number): object {
      switch (path) {
        case 'gettoken':
          counts.tokens += 1
          return {errcode: 0, errmsg: 'ok', access_token: 'made-up-token', expires_in: 7200}
        case 'externalcontact/send_welcome_msg':
          return answerSend(body, atMs)
        case 'externalcontact/get':
          counts.nicknames += 1
          return {errcode: 0, errmsg: 'ok', external_contact: {name: '小王', type: 1}, follow_user: []}
        default:
          counts.unknown += 1
          return {errcode: 48002, errmsg: 'api forbidden'}
      }
    },
  }
}

function serve({delayMs: [shortest, longest], seed, sendsPerMinute}: StubOptions): void {
  const wecom = createWeCom(sendsPerMinute)
  const fraction = createSeededFraction(seed)
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const reply = (answer: object): void => {
      response.setHeader('content-type', 'application/json; charset=UTF-8')
      response.end(JSON.stringify(answer))
    }
    if (path === '/counts') return reply(wecom.counts())
    if (path === '/arrivals') return reply(wecom.arrivals())
    const take = (body: string): void => {
      const answer = wecom.answer(path.slice(API.length), body, nowMs())
      setTimeout(() => reply(answer), shortest + fraction() * (longest - shortest))
    }
    // Who hung up before all was said has said nothing.
    readBody(request).then(take, () => response.destroy())
  })
  // Kept-alive connections of a client that pauses are not closed under its hands.
  server.keepAliveTimeout = MINUTE_MS
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('expected a port')
    process.stdout.write(`${JSON.stringify({port: address.port})}\n`)
  })
}

serve(JSON.parse(process.argv[2] ?? '{}') as StubOptions)
