import {fastify, type FastifyError, type FastifyInstance, type FastifyReply} from 'fastify'
import type {Clock} from '../core/ports.js'
import type {Tally} from '../core/respond/create-tally.js'
import type {Intake} from './intake.js'
import type {CallbackPort, CallbackQuery} from './ports.js'
import type {ResponderSettings} from './settings.js'

export interface ServerParts {
  readonly clock: Pick<Clock, 'nowMs'>
  /** Time from a delivery's arrival to its answer. */
  noteAcknowledged(seconds: number): void
  metrics(): Promise<{readonly text: string; readonly contentType: string}>
  readonly callback: CallbackPort
  readonly intake: Intake
  readonly tally: Tally
  readonly settings: Pick<ResponderSettings, 'path' | 'maxBodyBytes' | 'requestTimeoutMs'>
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

/** How many times within a request's time the server looks for connections that are over it. */
const TIMEOUT_CHECKS = 5
/** Enough for every replica's balancer; beyond it somebody holds connections open to shut WeCom out. */
const MAX_CONNECTIONS = 2_000

/** URL check and events on one path, health beside it. */
export function createCallbackServer(parts: ServerParts): FastifyInstance {
  const {settings} = parts
  const app = fastify({
    logger: false,
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: settings.requestTimeoutMs,
    http: {
      headersTimeout: settings.requestTimeoutMs,
      connectionsCheckingInterval: settings.requestTimeoutMs / TIMEOUT_CHECKS,
    },
    routerOptions: {querystringParser: parseQuery},
    clientErrorHandler: (error, socket) => {
      parts.tally.count(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'connection_too_slow' : 'connection_broken')
      socket.destroy()
    },
  })
  app.server.maxConnections = MAX_CONNECTIONS
  app.setErrorHandler<FastifyError>((error, _request, reply) => {
    // What is too large is refused before anybody reads it; anything else is a stranger's mistake or a bug of ours.
    countRefusal(parts.tally, error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? 'size' : 'broken')
    return reply.code(error.statusCode ?? 500).send('')
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', {parseAs: 'buffer'}, (_request, body, done) => done(null, body))
  app.get(settings.path, (request, reply) => answerEcho(parts, request.query as CallbackQuery, reply))
  app.post(settings.path, (request, reply) => answerEvent(parts, request.query as CallbackQuery, request.body, reply))
  app.get('/metrics', async (_request, reply) => {
    const {text, contentType} = await parts.metrics()
    return reply.type(contentType).send(text)
  })
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
  countRefusal(tally, read.reason)
  return refuse(reply, read.reason)
}

/** Verify, decrypt, keep, answer; the work begins after the answer is on its way. */
async function answerEvent(
  parts: ServerParts,
  query: CallbackQuery,
  body: unknown,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const {callback, tally, intake, clock} = parts
  const receivedAtMs = clock.nowMs()
  const read = callback.readDelivery(query, body instanceof Uint8Array ? body : new Uint8Array())
  if (!read.ok) {
    countRefusal(tally, read.reason)
    return refuse(reply, read.reason)
  }
  if (intake.isFull) {
    tally.count('callback_put_off')
    return reply.code(503).send('')
  }
  const taken = intake.take(read, receivedAtMs)
  if (taken !== null) await taken.kept
  void reply.send('')
  parts.noteAcknowledged((clock.nowMs() - receivedAtMs) / 1000)
  taken?.begin()
  return reply
}

/** Reasons come from a closed list, so they may be names of counters. */
function countRefusal(tally: Tally, reason: string): void {
  tally.count('callback_refused')
  tally.count(`callback_refused_${reason.replaceAll('-', '_')}`)
}
