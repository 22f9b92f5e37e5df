import type {IncomingMessage, Server, ServerResponse} from 'node:http'
import {type Call, type Handler, type ListAnswer, Refusal, type Routes} from './answer.js'
import type {StandInAccount} from './records.js'

const MAX_BODY_BYTES = 64 * 1_048_576
const DEFAULT_PAGE = 30
const MAX_PAGE = 100
/** GitHub Enterprise has its API below this. */
const ENTERPRISE = '/api/v3'

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly status: number
}

export interface ServerParts {
  readonly owner: string
  readonly repo: string
  readonly routes: Routes
  readonly whoIs: (headers: IncomingMessage['headers']) => StandInAccount
  /** A status to answer with instead, for faults; `null` for none. */
  readonly faultFor: (path: string) => number | null
  readonly onAnswer: (seen: SeenRequest) => void
}

interface Route {
  readonly method: string
  readonly parts: readonly string[]
  readonly handler: Handler
}

/** Speaks HTTP as GitHub's REST API does: sign-in, pages with Link headers, refusals in its words. */
export function serveGitHub(server: Server, parts: ServerParts): void {
  const routes = Object.entries(parts.routes).map(([pattern, handler]): Route => {
    const [method = '', path = ''] = pattern.split(' ')
    return {method, parts: path.split('/'), handler}
  })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(routes, parts, request, response).catch((error: unknown) => {
      // A bug of the stand-in must be seen, and must not look like an answer of GitHub.
      response.writeHead(500, {'content-type': 'text/plain'}).end(`stand-in bug: ${String(error)}`)
    })
  })
}

async function answer(
  routes: readonly Route[],
  parts: ServerParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const prefix = url.pathname.startsWith(`${ENTERPRISE}/`) ? ENTERPRISE : ''
  const path = url.pathname.slice(prefix.length)
  const method = request.method ?? 'GET'
  const reply = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
    parts.onAnswer({method, path, status})
    const hasBody = status !== 204
    response.writeHead(status, {
      ...(hasBody ? {'content-type': 'application/json; charset=utf-8'} : {}),
      'x-github-request-id': 'STAND:IN',
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4999',
      'x-ratelimit-reset': '4102444800',
      ...headers,
    })
    response.end(hasBody ? JSON.stringify(body) : undefined)
  }
  try {
    const text = await readBody(request)
    const fault = parts.faultFor(path)
    if (fault !== null) return reply(fault, {message: FAULTS[fault] ?? 'Server Error'}, headersOf(fault))
    // The repository is private: whoever does not sign in does not learn that it is there.
    if (request.headers.authorization === undefined && path.startsWith('/repos/')) throw new Refusal(404, 'Not Found')
    const account = parts.whoIs(request.headers)
    const found = findRoute(routes, method, path)
    if (!found) throw new Refusal(404, 'Not Found')
    const {owner = parts.owner, repo = parts.repo} = found.params
    if (`${owner}/${repo}`.toLowerCase() !== `${parts.owner}/${parts.repo}`.toLowerCase())
      throw new Refusal(404, 'Not Found')
    if (method !== 'GET' && (account.may ?? 'read') === 'read' && account.app === undefined)
      throw new Refusal(403, 'Resource not accessible by personal access token')
    const call: Call = {method, params: found.params, query: url.searchParams, body: parseBody(text), by: account.login}
    const result = found.handler(call)
    if (!('status' in result)) return replyPage(result, url, prefix, request, reply)
    const links = linksOf(result.pages ?? 1, url, prefix, request)
    return reply(result.status, result.body, links)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    reply(error.status, {
      message: error.message,
      ...(error.errors ? {errors: error.errors} : {}),
      documentation_url: 'https://docs.github.com/rest',
      status: String(error.status),
    })
  }
}

const FAULTS: Readonly<Record<number, string>> = {
  403: 'Resource not accessible by integration',
  429: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
}

const headersOf = (fault: number): Readonly<Record<string, string>> => (fault === 429 ? {'retry-after': '1'} : {})

function replyPage(
  answer: ListAnswer,
  url: URL,
  prefix: string,
  request: IncomingMessage,
  reply: (status: number, body: unknown, headers?: Readonly<Record<string, string>>) => void,
): void {
  const size = Math.min(Math.max(1, Number(url.searchParams.get('per_page') ?? DEFAULT_PAGE)), MAX_PAGE)
  const page = pageOf(url)
  const count = 'list' in answer ? answer.list.length : answer.names.length
  const [from, to] = [(page - 1) * size, page * size]
  const shown = 'list' in answer ? answer.list.slice(from, to) : answer.show(answer.names.slice(from, to))
  reply(200, shown, linksOf(Math.ceil(count / size), url, prefix, request))
}

const pageOf = (url: URL): number => Math.max(1, Number(url.searchParams.get('page') ?? 1))

/** Where the pages before and after this one are. */
function linksOf(last: number, url: URL, prefix: string, request: IncomingMessage): Readonly<Record<string, string>> {
  const page = pageOf(url)
  const link = (number: number, rel: string): string => {
    const target = new URL(url)
    target.host = request.headers.host ?? target.host
    target.searchParams.set('page', String(number))
    return `<${target.origin}${prefix}${target.pathname.slice(prefix.length)}${target.search}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ]
  return links.length > 0 ? {link: links.join(', ')} : {}
}

function findRoute(routes: readonly Route[], method: string, path: string) {
  const written = path.split('/').map(decoded)
  for (const {method: own, parts, handler} of routes) {
    if (own !== method) continue
    const params: Record<string, string> = {}
    const isMatch = parts.every((part, index) => {
      if (part.startsWith('*')) {
        params[part.slice(1)] = written.slice(index).join('/')
        return written.length > index
      }
      if (part.startsWith(':')) params[part.slice(1)] = written[index] ?? ''
      return part.startsWith(':') ? Boolean(written[index]) : part === written[index]
    })
    if (isMatch && (parts.length === written.length || parts.at(-1)?.startsWith('*'))) return {handler, params}
  }
  return null
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Refusal(400, 'Bad Request')
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw new Refusal(413, 'Payload too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  if (text === '') return {}
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    throw new Refusal(400, 'Problems parsing JSON')
  }
}
