import {requirePermission, requireTrustedIp} from './app-checks.js'
import {renderErrmsg} from './errcodes.js'
import {Fields} from './fields.js'
import {HOUR_MS, MINUTE_MS} from './frequency.js'
import {parseUploadedFile} from './multipart.js'
import {hasUnicodeEscape} from './request-body.js'
import {requireToken} from './tokens.js'
import {BytesReply, isJsonObject, Refusal, type JsonObject} from './wire.js'
import type {ApiCall, Endpoint, OpenEndpoint, World} from './world.js'

/** One request as it came off the socket. */
export interface PlatformRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Buffer
  bodyTooLarge: boolean
  ip: string
}

/**
 * Carries out one call in the platform's order: token missing → token invalid or expired → address → permission →
 * frequency → parameters (only "token before parameters" is proven; the rest is inferred). Failures become replies.
 */
export class PlatformDoor {
  private readonly inFlight = new Map<string, number>()

  constructor(
    private readonly world: World,
    private readonly endpoints: Readonly<Record<string, Endpoint>>,
    private readonly openEndpoints: Readonly<Record<string, OpenEndpoint>>,
  ) {}

  knows(path: string): boolean {
    return path in this.endpoints || path in this.openEndpoints
  }

  /** Biggest body the path takes. */
  maxBodyBytes(path: string): number {
    const {limits} = this.world
    return this.endpoints[path]?.multipart ? limits.fileBytes + 65_536 : limits.jsonBodyBytes
  }

  async answer(request: PlatformRequest): Promise<object> {
    const warnings: string[] = []
    try {
      const reply = await this.run(request, () => warnings.push('wrong json format'))
      if (reply instanceof BytesReply) return reply
      const errmsg = warnings.length === 0 ? 'ok' : 'ok. Warning: wrong json format. '
      return {errcode: 0, errmsg, ...reply}
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const empty = this.endpoints[request.path]?.empty ?? {}
      return {errcode: error.errcode, errmsg: this.renderRefusal(error, request.ip), ...empty}
    }
  }

  renderRefusal(refusal: {errcode: number; detail?: string | undefined}, ip: string): string {
    const hint = `${Math.floor(this.world.clock.nowMs() / 1000)}${String(this.world.state.serial).padStart(9, '0')}`
    const {errcode, detail} = refusal
    return renderErrmsg(detail === undefined ? {errcode} : {errcode, detail}, hint, ip)
  }

  private async run(request: PlatformRequest, warn: () => void): Promise<object> {
    const {world} = this
    await world.pause(world.settings.latencyMs)
    const open = this.openEndpoints[request.path]
    if (open) {
      this.requireFrequency(request, undefined)
      requireMethod(open.method, request.method)
      return open.run(world, {query: request.query, body: this.parseBody(request, warn), ip: request.ip})
    }
    const endpoint = this.endpoints[request.path]
    if (endpoint === undefined) throw new Refusal(40063, 'unknown api')
    const app = requireToken(world, request.query.get('access_token'))
    if (app.disabled) throw new Refusal(50003)
    requireTrustedIp(app, request.ip, world.clock.nowMs())
    requirePermission(app, endpoint.needs)
    this.requireFrequency(request, endpoint)
    return this.holdPlace(request.path, endpoint, () => {
      requireMethod(endpoint.method, request.method)
      return endpoint.run(world, this.makeCall(request, endpoint, app, warn))
    })
  }

  private makeCall(request: PlatformRequest, endpoint: Endpoint, app: ApiCall['app'], warn: () => void): ApiCall {
    const range = request.headers['range']
    const call: ApiCall = {
      app,
      query: request.query,
      body: new Fields({}),
      ...(typeof range === 'string' ? {range} : {}),
    }
    if (!endpoint.multipart) return {...call, body: this.parseBody(request, warn)}
    if (request.bodyTooLarge) throw new Refusal(45001)
    const contentType = request.headers['content-type']
    const file = parseUploadedFile(request.body, typeof contentType === 'string' ? contentType : '', 'media')
    return file === undefined ? call : {...call, file}
  }

  private parseBody(request: PlatformRequest, warn: () => void): Fields {
    if (request.method === 'GET') return new Fields({})
    if (request.bodyTooLarge) throw new Refusal(40206)
    const text = request.body.toString('utf8')
    if (text.trim() === '') return new Fields({}, warn)
    if (this.world.settings.refuseUnicodeEscapes && hasUnicodeEscape(text)) throw new Refusal(40033)
    return new Fields(parseObject(text), warn)
  }

  /** Keeps a place among the calls of this API in flight, or refuses with 45033. */
  private async holdPlace(path: string, endpoint: Endpoint, run: () => object | Promise<object>): Promise<object> {
    const {settings, limits} = this.world
    const most = endpoint.concurrency?.(limits) ?? settings.concurrencyPerApi ?? Number.POSITIVE_INFINITY
    const now = this.inFlight.get(path) ?? 0
    if (now >= most) throw new Refusal(45033)
    this.inFlight.set(path, now + 1)
    try {
      await this.world.pause(endpoint.holdMs?.(settings) ?? 0)
      return await run()
    } finally {
      this.inFlight.set(path, (this.inFlight.get(path) ?? 1) - 1)
    }
  }

  private requireFrequency(request: PlatformRequest, endpoint: Endpoint | undefined): void {
    const {limits, frequency, clock} = this.world
    const nowMs = clock.nowMs()
    const own = endpoint?.perMinute === undefined ? [] : [{max: endpoint.perMinute(limits), windowMs: MINUTE_MS}]
    const corp = [
      {max: limits.corpApiPerMinute, windowMs: MINUTE_MS},
      {max: limits.corpApiPerHour, windowMs: HOUR_MS},
      ...own,
    ]
    const ip = [
      {max: limits.ipApiPerMinute, windowMs: MINUTE_MS},
      {max: limits.ipApiPerHour, windowMs: HOUR_MS},
    ]
    if (!frequency.take(`corp ${request.path}`, corp, nowMs)) throw new Refusal(45009)
    if (!frequency.take(`ip ${request.ip} ${request.path}`, ip, nowMs)) throw new Refusal(45009)
    if (request.query.get('debug') !== '1') return
    if (!frequency.take(`debug ${request.path}`, [{max: limits.debugPerMinute, windowMs: MINUTE_MS}], nowMs))
      throw new Refusal(45009)
  }
}

function requireMethod(wanted: 'GET' | 'POST', method: string): void {
  if (method !== wanted) throw new Refusal(40063, `require ${wanted} method`)
}

function parseObject(text: string): JsonObject {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Refusal(40058, `bad json (${error instanceof SyntaxError ? error.name : 'unreadable'})`)
  }
  if (!isJsonObject(value)) throw new Refusal(40058, 'body exp object')
  return value
}
