import http, {createServer, type IncomingMessage} from 'node:http'
import {mkdtempSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {decrypt, getSignature} from '@wecom/crypto'
import axios from 'axios'
import {XMLParser} from 'fast-xml-parser'
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import {canonicalText, digestOf} from '../../scripts/core/model/canonical.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {createResponder} from '../../scripts/responder/create-responder.js'
import {createOwnDisk} from '../../scripts/responder/own-disk.js'
import type {WeComPort} from '../../scripts/responder/ports.js'
import {createSteadyClock} from '../../scripts/runtime/steady-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createCallbackReader} from '../../scripts/wecom/callback.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createCallbackPort, createResponderPort} from '../../scripts/wecom/create-responder-port.js'
import {configOf} from '../support/a-config.js'
import {AES_KEY, AGENT_ID, CORP_ID, TOKEN} from './deliveries.js'

const LOOPBACK = '127.0.0.1'
const SEND_PATH = '/cgi-bin/externalcontact/send_welcome_msg'
const OK = '{"errcode":0,"errmsg":"ok"}'
const TEXT = '您好，我是您的顾问，欢迎联系我们。'

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

function listen(server: http.Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, LOOPBACK, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

/** The body of one welcome, the same from both sides. */
const welcomeOf = (code: string): string => JSON.stringify({welcome_code: code, text: {content: TEXT}})

/** The least that acknowledges: no checks but the signature, nothing kept, nothing decided; it sends when it is told where. */
export function startBare(stubPort: number | null): Promise<number> {
  const parser = new XMLParser({parseTagValue: false, processEntities: false})
  const seen = new Map<string, true>()
  const client = axios.create({
    baseURL: `http://${LOOPBACK}:${stubPort ?? 0}`,
    httpAgent: new http.Agent({keepAlive: true, maxSockets: 64}),
    proxy: false,
  })
  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      const query = new URL(request.url ?? '/', 'http://bare').searchParams
      const envelope = parser.parse(body) as {xml: {Encrypt: string}}
      const encrypted = envelope.xml.Encrypt
      const signature = getSignature(TOKEN, query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypted)
      if (signature !== query.get('msg_signature')) return void response.writeHead(403).end()
      const {xml} = parser.parse(decrypt(AES_KEY, encrypted).message) as {xml: Record<string, string>}
      const key = [xml['UserID'], xml['ExternalUserID'], xml['WelcomeCode'], xml['CreateTime']].join()
      response.writeHead(200).end()
      if (seen.has(key)) return
      seen.set(key, true)
      if (stubPort !== null) await client.post(`${SEND_PATH}?access_token=bench`, welcomeOf(xml['WelcomeCode'] ?? ''))
    })
  })
  return listen(server)
}

/** WeCom's side of sending: every code once, counted. */
export function startStub(): Promise<number> {
  const codes = new Set<string>()
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0]
    if (path === '/count') return void response.end(String(codes.size))
    void readBody(request).then((body) => {
      response.setHeader('content-type', 'application/json')
      if (path === '/cgi-bin/gettoken')
        return response.end('{"errcode":0,"errmsg":"ok","access_token":"bench","expires_in":7200}')
      if (path !== SEND_PATH) return response.end('{"errcode":40003,"errmsg":"no"}')
      const {welcome_code: code} = JSON.parse(body) as {welcome_code: string}
      if (codes.has(code)) return response.end('{"errcode":41051,"errmsg":"again"}')
      codes.add(code)
      return response.end(OK)
    })
  })
  return listen(server)
}

/** A port that takes everything and sends nothing, so that what is measured ends in the queue. */
const queueing: WeComPort = {
  sendWelcome: () => new Promise(() => undefined),
  takeRoom: () => new Promise(() => undefined),
  fetchNickname: () => Promise.resolve(null),
  sendMedia: () => Promise.reject(new Error('no media here')),
  tagCustomer: () => Promise.resolve(),
}

/** The responder as the command builds it, but for the store, which is a release in memory. */
export async function startOurs(stubPort: number | null): Promise<number> {
  const clock = createSteadyClock({onEvent: () => undefined})
  const config = configOf({'templates/hello.yaml': {title: '问候', text: TEXT}})
  const documents = new Map(
    [assembleRelease(config), assembleDirectory(config)].map((one) => [digestOf(one), canonicalText(one)] as const),
  )
  const [stable = '', directory = ''] = documents.keys()
  const nowMs = clock.nowMs()
  const manifest = {
    ...{format: 1 as const, lineage: 'bench', version: 1, issuedAtMs: nowMs, expiresAtMs: nowMs + 86_400_000},
    ...{stable, directory, canary: null, lockdown: []},
  }
  const wecom =
    stubPort === null
      ? queueing
      : createResponderPort(
          createWeComClient({
            ...{baseUrl: `http://${LOOPBACK}:${stubPort}`, corpId: CORP_ID, agentId: AGENT_ID, secret: 'bench', clock},
            ...{random: Math.random, onWarning: () => undefined},
            quotas: {byCall: {send_welcome_msg: {windows: [{windowMs: 60_000, cap: 1_000_000}], maxInFlight: 100}}},
          }),
          clock,
        )
  const credentials = [{token: TOKEN, encodingAesKey: AES_KEY}]
  const responder = createResponder({
    ports: {
      clock,
      wecom,
      random: createSystemRandomness(),
      callback: createCallbackPort(createCallbackReader({receiver: CORP_ID, credentials, clock}), CORP_ID),
      store: {
        readManifest: () => Promise.resolve({manifest, signature: 'bench'}),
        readDocument: (digest) => Promise.resolve(documents.get(digest) ?? null),
        readMedia: () => Promise.resolve([]),
        readAsset: () => Promise.resolve(null),
        writeMedia: () => Promise.resolve(),
        writeReport: () => Promise.resolve(),
        readReports: () => Promise.resolve([]),
      },
      disk: createOwnDisk(mkdtempSync(join(tmpdir(), 'yingbin-bench-disk-'))),
      log: {info: () => undefined, warn: () => undefined, error: () => undefined},
      verifyManifest: () => true,
      createGreeter,
    },
    settings: {responder: 'bench', corpId: CORP_ID, customerKey: 'bench', builtIn: TEXT, maxPending: 1_000_000},
  })
  await responder.start()
  return Number(new URL(await responder.app.listen({host: LOOPBACK, port: 0})).port)
}
