import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http'
import type {Socket} from 'node:net'
import {normalizeIp} from './app-checks.js'
import type {ControlDoor} from './control-door.js'
import type {Fault} from './faults.js'
import type {PlatformDoor, PlatformRequest} from './platform-door.js'
import {receiveBody} from './request-body.js'
import {BytesReply} from './wire.js'
import type {World} from './world.js'

/** A caller on loopback may play another address with this header, to be met by the trusted-IP check. */
const CALLER_IP_HEADER = 'x-sandbox-caller-ip'
const CONTROL_PREFIX = '/__sandbox'
const CONTROL_BODY_BYTES = 64 * 1_048_576

interface Answer {
  status: number
  contentType: string
  body: Buffer | string
  fileName?: string
}

const EMPTY_404: Answer = {status: 404, contentType: 'text/plain', body: ''}

/** The listening side: routes requests to the platform or the control API and acts out scripted faults on the socket. */
export function createSandboxServer(world: World, platform: PlatformDoor, control: ControlDoor): Server {
  return createServer({keepAliveTimeout: 60_000}, (request, response) => {
    handle(world, platform, control, request, response).catch((error: unknown) => {
      // A bug of the sandbox must be seen by whoever runs it, and must not look like an answer of the platform.
      const says = error instanceof Error ? (error.stack ?? error.message) : String(error)
      if (!response.headersSent)
        writeAnswer(
          response,
          {status: 500, contentType: 'text/plain', body: `sandbox bug: ${says}`},
          world.clock.nowMs(),
        )
      else response.destroy()
    })
  })
}

async function handle(
  world: World,
  platform: PlatformDoor,
  control: ControlDoor,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = parseTarget(request.url ?? '/')
  if (url.pathname === CONTROL_PREFIX || url.pathname.startsWith(`${CONTROL_PREFIX}/`)) {
    const body = await receiveBody(request, CONTROL_BODY_BYTES)
    if (body === undefined) return
    const {status, reply} = await control.answer({
      method: request.method ?? 'GET',
      path: url.pathname.slice(CONTROL_PREFIX.length),
      query: url.searchParams,
      body,
      remoteIp: normalizeIp(request.socket.remoteAddress ?? ''),
      fromBrowser: request.headers.origin !== undefined,
    })
    return writeAnswer(
      response,
      {status, contentType: 'application/json', body: JSON.stringify(reply)},
      world.clock.nowMs(),
    )
  }
  if (!platform.knows(url.pathname)) {
    request.resume()
    return writeAnswer(response, EMPTY_404, world.clock.nowMs())
  }
  const body = await receiveBody(request, platform.maxBodyBytes(url.pathname))
  if (body === undefined) return
  await handlePlatformCall(world, platform, response, {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: body.bytes,
    bodyTooLarge: body.tooLarge,
    ip: callerIp(request),
  })
}

async function handlePlatformCall(
  world: World,
  platform: PlatformDoor,
  response: ServerResponse,
  request: PlatformRequest,
): Promise<void> {
  world.counts.addCall(request.path)
  const fault = world.faults.take(request.path, () => request.body.toString('utf8'))
  if (fault === undefined) {
    const reply = await platform.answer(request)
    countAnswer(world, request.path, reply)
    return writeAnswer(response, renderReply(reply), world.clock.nowMs())
  }
  const carriedOut = fault.effect === 'done' ? await platform.answer(request) : {errcode: 0, errmsg: 'ok'}
  await strike(world, platform, response, request, fault, carriedOut)
}

async function strike(
  world: World,
  platform: PlatformDoor,
  response: ServerResponse,
  request: PlatformRequest,
  fault: Fault,
  carriedOut: object,
): Promise<void> {
  if (fault.kind === 'timeout') return
  if (fault.kind === 'reset') return resetConnection(response)
  if (fault.kind === 'cut') return cutAnswer(response, renderReply(carriedOut))
  await world.pause(fault.delayMs)
  if (fault.kind === 'slow') {
    const reply = fault.effect === 'done' ? carriedOut : await platform.answer(request)
    countAnswer(world, request.path, reply)
    return writeAnswer(response, renderReply(reply), world.clock.nowMs())
  }
  const errcode = fault.kind === 'busy' ? -1 : fault.errcode
  world.counts.addAnswer(request.path, errcode)
  const refusal = renderReply({errcode, errmsg: platform.renderRefusal({errcode}, request.ip)})
  writeAnswer(response, refusal, world.clock.nowMs())
}

/** Head and half of the body, then the connection is closed: the caller knows the status but not the verdict. */
function cutAnswer(response: ServerResponse, answer: Answer): void {
  const bytes = Buffer.from(answer.body)
  response.writeHead(answer.status, {'content-type': answer.contentType, 'content-length': bytes.length})
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
}

function resetConnection(response: ServerResponse): void {
  const socket: Socket | null = response.socket
  socket?.resetAndDestroy()
}

function renderReply(reply: object): Answer {
  if (reply instanceof BytesReply) {
    return {status: 200, contentType: reply.contentType, body: reply.bytes, fileName: reply.fileName}
  }
  return {status: 200, contentType: 'application/json; charset=UTF-8', body: JSON.stringify(reply)}
}

function countAnswer(world: World, path: string, reply: object): void {
  world.counts.addAnswer(path, 'errcode' in reply && typeof reply.errcode === 'number' ? reply.errcode : 0)
}

function writeAnswer(response: ServerResponse, answer: Answer, nowMs: number): void {
  const headers: Record<string, string | number> = {
    'content-type': answer.contentType,
    'content-length': Buffer.byteLength(answer.body),
    // The platform's time is the world's, not the machine's.
    date: new Date(nowMs).toUTCString(),
  }
  if (answer.fileName !== undefined) {
    headers['content-disposition'] = `attachment; filename*=UTF-8''${encodeURIComponent(answer.fileName)}`
  }
  response.writeHead(answer.status, headers)
  response.end(answer.body)
}

function callerIp(request: IncomingMessage): string {
  const played = request.headers[CALLER_IP_HEADER]
  return typeof played === 'string' && played !== '' ? played : normalizeIp(request.socket.remoteAddress ?? '')
}

/** A request line may hold anything; what is no URL is treated as an unknown path. */
function parseTarget(target: string): URL {
  const base = 'http://sandbox.example'
  return URL.canParse(target, base) ? new URL(target, base) : new URL('/unreadable', base)
}
