import fastify, {type FastifyInstance, type FastifyRequest} from 'fastify'
import type {CallbackEvent} from '../core/respond/callback-event.js'
import type {CallbackPort, CallbackQuery, Log} from './ports.js'
import type {ResponderSettings} from './settings.js'

export interface Health {
  readonly responder: string
  readonly manifestVersion: number
  readonly stable: string | null
  readonly canary: string | null
  readonly atMs: number
  readonly lastLookAtMs: number | null
  readonly isExpired: boolean
  readonly isStale: boolean
  readonly pending: number
}

export interface HttpParts {
  readonly callback: CallbackPort
  readonly log: Log
  readonly settings: Pick<ResponderSettings, 'path' | 'maxBodyBytes'>
  /** False when WeCom should deliver it again. */
  take(event: CallbackEvent): boolean
  health(): Health
  countRefusal(reason: string): void
}

const REQUEST_TIMEOUT_MS = 5000

/** Percent-escapes are decoded once and a plus stays a plus: echostr is base64 (WeCom 90930). */
function queryOf({raw}: FastifyRequest): CallbackQuery {
  const text = (raw.url ?? '').split('?')[1] ?? ''
  return Object.fromEntries(
    text
      .split('&')
      .filter(Boolean)
      .map((pair) => {
        const at = pair.indexOf('=')
        return at < 0 ? [pair, ''] : [pair.slice(0, at), decode(pair.slice(at + 1))]
      }),
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not WeCom's writing; the signature will not fit it.
    return text
  }
}

/** Answers at once and works afterwards: WeCom waits five seconds and comes three times more (90930). */
export function createHttpApp({callback, log, settings, take, health, countRefusal}: HttpParts): FastifyInstance {
  const app = fastify({
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 75_000,
    logger: false,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', {parseAs: 'buffer'}, (_request, body, done) => done(null, body))
  const refuse = (reason: string): void => {
    countRefusal(reason)
    log.warn({reason}, 'a callback was refused')
  }
  app.get(settings.path, async (request, reply) => {
    const read = callback.readEcho(queryOf(request))
    if (read.ok) return reply.type('text/plain').send(read.echo)
    refuse(read.reason)
    return reply.code(403).send('')
  })
  app.post(settings.path, async (request, reply) => {
    const body = request.body instanceof Uint8Array ? request.body : new Uint8Array()
    const read = callback.readDelivery(queryOf(request), body)
    if (!read.ok) {
      refuse(read.reason)
      return reply.code(read.reason === 'size' ? 413 : 403).send('')
    }
    return reply.code(take(read.event) ? 200 : 503).send('')
  })
  app.get('/healthz', async () => health())
  app.get('/readyz', async (_request, reply) => {
    const now = health()
    return reply.code(now.manifestVersion > 0 && !now.isExpired ? 200 : 503).send(now)
  })
  return app
}
