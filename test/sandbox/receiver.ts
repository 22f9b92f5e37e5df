import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {decryptMessage, signEnvelope} from '../../scripts/sandbox/callback-crypto.js'
import {AES_KEY, CALLBACK_TOKEN, CORPID} from './playground.js'

/** What a responder's callback address would see. */
export interface Received {
  plaintext: string
  nonce: string
  encrypted: string
  body: string
  signatureHolds: boolean
}

export interface Receiver {
  url: string
  events: Received[]
  /** How the next pushes are answered: a status, or `silent` for no answer at all. Default 200. */
  answers: (number | 'silent')[]
  /** Element of an event, by its number. */
  field(index: number, name: string): string | undefined
  callback: {url: string; token: string; aesKey: string}
  close(): Promise<void>
}

export async function startReceiver(
  onEvent: (event: Received) => Promise<void> = () => Promise.resolve(),
): Promise<Receiver> {
  const events: Received[] = []
  const answers: (number | 'silent')[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://receiver.example')
      const body = Buffer.concat(chunks).toString('utf8')
      const encrypted =
        request.method === 'GET' ? (url.searchParams.get('echostr') ?? '') : (elementOf(body, 'Encrypt') ?? '')
      const nonce = url.searchParams.get('nonce') ?? ''
      const expected = signEnvelope(CALLBACK_TOKEN, url.searchParams.get('timestamp') ?? '', nonce, encrypted)
      const plaintext = decryptMessage(encrypted, {aesKey: AES_KEY, receiveId: CORPID})
      if (request.method === 'GET') return void response.end(plaintext)
      const event = {
        plaintext,
        nonce,
        encrypted,
        body,
        signatureHolds: expected === url.searchParams.get('msg_signature'),
      }
      events.push(event)
      const answer = answers.shift() ?? 200
      if (answer === 'silent') return
      response.statusCode = answer
      response.end()
      if (answer === 200) void onEvent(event)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  const url = `http://127.0.0.1:${address.port}/wecom/callback`
  return {
    url,
    events,
    answers,
    field: (index, name) => elementOf(events[index]?.plaintext ?? '', name),
    callback: {url, token: CALLBACK_TOKEN, aesKey: AES_KEY},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Text of an element, with or without CDATA. */
export function elementOf(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[(.*?)\\]\\]>|([^<]*))</${name}>`, 's').exec(xml)
  return found?.[1] ?? found?.[2]
}
