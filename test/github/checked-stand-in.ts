import {type ClientRequest, createServer, type IncomingMessage, request, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {createGitHubStandIn, type GitHubStandIn} from '../../scripts/sandbox/github/create-github-stand-in.js'
import {openExchangeCheck} from './check-exchange.js'

export interface CheckedStandIn extends GitHubStandIn {
  /** Operations that were asked for, as GitHub calls them. */
  readonly operations: ReadonlySet<string>
  /** What was not as GitHub describes it. */
  readonly violations: readonly string[]
}

const ENTERPRISE = /^\/api\/v3(?=\/)/

let check: ReturnType<typeof openExchangeCheck> | undefined

/**
 * The stand-in behind a door that reads along: every request and every answer is held against GitHub's
 * description. Closing it throws when something did not fit.
 */
export async function createCheckedStandIn(
  settings: Parameters<typeof createGitHubStandIn>[0],
): Promise<CheckedStandIn> {
  const checked = await (check ??= openExchangeCheck())
  const behind = await createGitHubStandIn(settings)
  const operations = new Set<string>()
  const violations: string[] = []
  const server = createServer((asked, reply) => {
    passOn(behind.url, asked, reply, (exchange) => {
      const {operation, violations: found} = checked(exchange)
      if (operation !== null) operations.add(operation)
      violations.push(...found)
    }).catch((error: unknown) => {
      violations.push(`${asked.method} ${asked.url}: ${String(error)}`)
      reply.destroy()
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    control: behind.control,
    operations,
    violations,
    close: async () => {
      await new Promise<void>((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      })
      await behind.close()
      if (violations.length > 0) throw new Error(`not as GitHub describes it:\n${violations.join('\n')}`)
    },
  }
}

type Seen = Parameters<Awaited<ReturnType<typeof openExchangeCheck>>>[0]

/** A connection that breaks behind the door breaks before it. */
async function passOn(
  target: string,
  asked: IncomingMessage,
  reply: ServerResponse,
  onExchange: (exchange: Seen) => void,
): Promise<void> {
  const sent = await bytesOf(asked)
  const {pathname, search} = new URL(asked.url ?? '/', target)
  const answer = await send(
    request(`${target}${asked.url ?? '/'}`, {method: asked.method, headers: asked.headers}),
    sent,
  )
  const body = await bytesOf(answer)
  onExchange({
    method: asked.method ?? 'GET',
    path: pathname.replace(ENTERPRISE, ''),
    query: search.slice(1),
    requestBody: sent.toString(),
    status: answer.statusCode ?? 0,
    contentType: answer.headers['content-type'] ?? '',
    body: body.toString(),
  })
  reply.writeHead(answer.statusCode ?? 0, answer.headers).end(body)
}

const send = (onward: ClientRequest, bytes: Buffer): Promise<IncomingMessage> =>
  new Promise((answered, failed) => onward.on('response', answered).on('error', failed).end(bytes))

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
