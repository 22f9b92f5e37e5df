/** Posting as WeCom's servers do: kept-alive connections, one responder after the other. */
import {Agent, request} from 'node:http'
import {makeDelivery, type Delivery} from './deliveries.js'

const PREFIX = 'L'
const TICK_MS = 5

export interface Posted {
  /** In epoch milliseconds, by number of the delivery. */
  readonly atMs: number[]
  /** From having a connection to the answer. */
  readonly ackMs: number[]
  /** Answers that were not 200: WeCom would come again. */
  putOff: number
}

export const nowMs = (): number => performance.timeOrigin + performance.now()

/** Number of the delivery that brought this code. */
export const numberOf = (code: string): number => Number(code.slice(PREFIX.length))

function createPoster(urls: readonly string[], connections: number) {
  const agent = new Agent({keepAlive: true, maxSockets: connections})
  const posted: Posted = {atMs: [], ackMs: [], putOff: 0}
  const post = (number: number, {path, body}: Delivery): Promise<void> =>
    new Promise((resolve, reject) => {
      posted.atMs[number] = nowMs()
      let begunAtMs = Number.NaN
      const options = {agent, method: 'POST', headers: {'content-type': 'text/xml'}}
      const sent = request(`${urls[number % urls.length] ?? ''}${path}`, options, (response) => {
        response.resume().once('end', () => {
          posted.ackMs[number] = nowMs() - begunAtMs
          if (response.statusCode !== 200) posted.putOff += 1
          resolve()
        })
      })
      sent.once('socket', () => (begunAtMs = nowMs()))
      sent.once('error', reject).end(body)
    })
  return {post, posted, close: () => agent.destroy()}
}

/** `perSecond` distinct adds a second, evenly, for so many seconds; answers when the last is acknowledged. */
export async function postEvenly(urls: readonly string[], perSecond: number, seconds: number): Promise<Posted> {
  const {post, posted, close} = createPoster(urls, Infinity)
  const count = perSecond * seconds
  const startedAt = nowMs()
  const under: Promise<void>[] = []
  while (under.length < count) {
    const due = Math.min(count, Math.floor(((nowMs() - startedAt) / 1000) * perSecond) + 1)
    while (under.length < due) under.push(post(under.length, makeDelivery(under.length, nowMs(), PREFIX)))
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(under)
  close()
  return posted
}

/** So many distinct adds of one moment, as fast as they are acknowledged. */
export async function postAtOnce(urls: readonly string[], count: number, connections: number): Promise<Posted> {
  const deliveries = Array.from({length: count}, (_, number) => makeDelivery(number, nowMs(), PREFIX))
  const {post, posted, close} = createPoster(urls, connections)
  await Promise.all(deliveries.map((delivery, number) => post(number, delivery)))
  close()
  return posted
}
