/**
 * WeCom's side of changing contact ways as a bare server on loopback. It holds update_contact_way to so many calls in any
 * minute and answers 45009 beyond, which shuts the API for a minute (90312); refused calls do not count. Another caller may
 * use up a part of the same quota at an even pace.
 */
import {once} from 'node:events'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import {createSeededFraction} from '../../scripts/commands/up/synthetic-customers.js'
import type {Clock} from '../../scripts/core/ports.js'

export interface QuotaStubOptions {
  readonly perMinute: number
  /** Milliseconds of the clock until a call is answered; it arrives at some instant of the first half. */
  readonly latencyMs: number
  /** Calls of the other caller a minute. */
  readonly othersPerMinute: number
}

export interface QuotaCounts {
  passed: number
  refused: number
  /** Refused calls of the other caller. */
  othersRefused: number
}

const MINUTE_MS = 60_000
const SEED = 20_261_124

/** Takes calls in the order of their instants. */
function createWindow(perMinute: number) {
  const takenAtMs: number[] = []
  let shutUntilMs = 0
  return {
    take(atMs: number): boolean {
      if (atMs < shutUntilMs) return false
      const oldest = takenAtMs[takenAtMs.length - perMinute]
      if (oldest !== undefined && oldest > atMs - MINUTE_MS) {
        shutUntilMs = atMs + MINUTE_MS
        return false
      }
      takenAtMs.push(atMs)
      return true
    },
  }
}

function createQuota({perMinute, othersPerMinute}: QuotaStubOptions, startedMs: number, counts: QuotaCounts) {
  const window = createWindow(perMinute)
  // The other has been calling for a minute already.
  let otherAtMs = othersPerMinute === 0 ? Number.POSITIVE_INFINITY : startedMs - MINUTE_MS
  return (atMs: number): object => {
    for (; otherAtMs <= atMs; otherAtMs += MINUTE_MS / othersPerMinute)
      if (!window.take(otherAtMs)) counts.othersRefused += 1
    const isTaken = window.take(atMs)
    counts[isTaken ? 'passed' : 'refused'] += 1
    return isTaken ? {errcode: 0, errmsg: 'ok'} : {errcode: 45009, errmsg: 'api freq out of limit'}
  }
}

async function drain(request: IncomingMessage): Promise<void> {
  for await (const chunk of request as AsyncIterable<Buffer>) void chunk
}

const FREE_ANSWERS: Readonly<Record<string, object>> = {
  '/cgi-bin/gettoken': {errcode: 0, errmsg: 'ok', access_token: 'made-up-token', expires_in: 7200},
  '/cgi-bin/externalcontact/get_contact_way': {
    ...{errcode: 0, errmsg: 'ok'},
    contact_way: {config_id: 'c', type: 2, scene: 2},
  },
}

/** A server in this process, on the given clock. */
export async function startQuotaStub(clock: Clock, options: QuotaStubOptions) {
  const counts: QuotaCounts = {passed: 0, refused: 0, othersRefused: 0}
  const change = createQuota(options, clock.nowMs(), counts)
  const fraction = createSeededFraction(SEED)
  const changeLater = async (): Promise<object> => {
    const arrivesMs = (fraction() * options.latencyMs) / 2
    await clock.sleep(arrivesMs)
    const said = change(clock.nowMs())
    await clock.sleep(options.latencyMs - arrivesMs)
    return said
  }
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?')
    const take = async (): Promise<void> => {
      await drain(request)
      const said = FREE_ANSWERS[path] ?? (await changeLater())
      response.setHeader('content-type', 'application/json; charset=UTF-8')
      response.end(JSON.stringify(said))
    }
    take().catch(() => response.destroy())
  })
  server.keepAliveTimeout = MINUTE_MS
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
