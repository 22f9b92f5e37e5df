import {fastify, type FastifyInstance, type FastifyReply} from 'fastify'
import type {Clock} from '../core/ports.js'
import type {Tally} from '../core/respond/create-tally.js'
import type {Intake} from './intake.js'
import type {CallbackPort, CallbackQuery} from './ports.js'
import type {ResponderSettings} from './settings.js'

export interface ServerParts {
  readonly clock: Pick<Clock, 'nowMs'>
  readonly callback: CallbackPort
  readonly intake: Intake
  readonly tally: Tally
  readonly settings: Pick<ResponderSettings, 'path' | 'maxBodyBytes'>
  health(): {readonly isReady: boolean; readonly body: object}
}

/** Percent escapes only: in a callback's query a `+` is a `+` (WeCom 90930). The first value of a name counts. */
export function parseQuery(text: string): Record<string, string> {
  const query: Record<string, string> = Object.create(null) as Record<string, string>
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=')
    if (at <= 0) continue
    const name = pair.slice(0, at)
    if (!(name in query)) query[name] = decodeEscapes(pair.slice(at + 1))
  }
  return query
}

function decodeEscapes(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Broken escapes sign nothing; as they stand they fail the signature check.
    return text
  }
}

/** Our own fault is 503, so that the platform comes again; what a stranger sends is 4xx and says no more. */
const refuse = (reply: FastifyReply, reason: string) =>
  reply.code(reason === 'size' ? 413 : reason === 'query' || reason === 'xml' ? 400 : 403).send('')

/** WeCom hangs up after 5 s (WeCom 90930); whoever is slower is somebody else. */
const REQUEST_TIMEOUT_MS = 10_000

/** URL check and events on one path, health beside it. */
export function createCallbackServer(parts: ServerParts): FastifyInstance {
  const {settings} = parts
  const app = fastify({
    logger: false,
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: {querystringParser: parseQuery},
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', {parseAs: 'buffer'}, (_request, body, done) => done(null, body))
  app.get(settings.path, (request, reply) => answerEcho(parts, request.query as CallbackQuery, reply))
  app.post(settings.path, (request, reply) => answerEvent(parts, request.query as CallbackQuery, request.body, reply))
  app.get('/healthz', (_request, reply) => reply.send(parts.health().body))
  app.get('/readyz', (_request, reply) => {
    const {isReady, body} = parts.health()
    return reply.code(isReady ? 200 : 503).send(body)
  })
  return app
}

function answerEcho({callback, tally}: ServerParts, query: CallbackQuery, reply: FastifyReply): FastifyReply {
  const read = callback.readEcho(query)
  if (read.ok) return reply.type('text/plain; charset=utf-8').send(read.echo)
  tally.count('callback_refused')
  return refuse(reply, read.reason)
}

/** Verify, decrypt, answer; the work begins after the answer is on its way. */
function answerEvent(parts: ServerParts, query: CallbackQuery, body: unknown, reply: FastifyReply): FastifyReply {
  const {callback, tally, intake, clock} = parts
  const receivedAtMs = clock.nowMs()
  const read = callback.readDelivery(query, body instanceof Uint8Array ? body : new Uint8Array())
  if (!read.ok) {
    tally.count('callback_refused')
    return refuse(reply, read.reason)
  }
  if (intake.isFull) {
    tally.count('callback_put_off')
    return reply.code(503).send('')
  }
  void reply.send('')
  intake.take(read.event, receivedAtMs)
  return reply
}
