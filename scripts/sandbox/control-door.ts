import {Fields} from './fields.js'
import type {ReceivedBody} from './request-body.js'
import {ControlMistake, isJsonObject, Refusal, type JsonObject} from './wire.js'
import type {World} from './world.js'

interface ControlRequest {
  method: string
  /** Without the `/__sandbox` prefix. */
  path: string
  query: URLSearchParams
  body: ReceivedBody
  remoteIp: string
  /** A web page sent it (it has an Origin); pages must not drive the sandbox of whoever opened them. */
  fromBrowser: boolean
}

type ControlRoute = (world: World, body: Fields, query: URLSearchParams) => object | Promise<object>

/** Keys are `METHOD /path`. */
export type ControlTable = Readonly<Record<string, ControlRoute>>

interface ControlAnswer {
  status: number
  reply: object
}

/** The control API: JSON in and out, loopback only, mistakes answered as {error} with a 4xx. */
export class ControlDoor {
  constructor(
    private readonly world: World,
    private readonly routes: ControlTable,
  ) {}

  async answer(request: ControlRequest): Promise<ControlAnswer> {
    const refusal = refuseCaller(request)
    if (refusal !== undefined) return mistake(403, refusal)
    if (request.body.tooLarge) return mistake(413, 'the body is larger than 64 MiB')
    try {
      const body = parseBody(request.body.bytes)
      return {status: 200, reply: await this.call(request.method, request.path, body, request.query)}
    } catch (error) {
      if (error instanceof ControlMistake) return mistake(error.status, error.message)
      if (error instanceof Refusal) return mistake(400, error.message)
      throw error
    }
  }

  /** The same from inside the process. Throws ControlMistake (or Refusal for a field of the wrong type). */
  async call(method: string, path: string, body: JsonObject = {}, query = new URLSearchParams()): Promise<object> {
    const route = this.routes[`${method} ${path}`]
    if (route === undefined)
      throw new ControlMistake(`there is no ${method} ${path}; GET /__sandbox/routes lists them`, 404)
    return route(this.world, new Fields(body), query)
  }
}

/** Why a caller may not drive the sandbox, if so. */
export function refuseCaller(caller: Pick<ControlRequest, 'remoteIp' | 'fromBrowser'>): string | undefined {
  if (!caller.remoteIp.startsWith('127.')) return 'the control API answers loopback only'
  return caller.fromBrowser ? 'the control API does not answer web pages' : undefined
}

const mistake = (status: number, error: string): ControlAnswer => ({status, reply: {error}})

function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {}
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new ControlMistake(`the body is no JSON: ${error instanceof Error ? error.message : 'unreadable'}`)
  }
  if (!isJsonObject(value)) throw new ControlMistake('the body must be a JSON object')
  return value
}
