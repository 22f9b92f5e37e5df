import {afterAll, beforeAll, describe} from '@jest/globals'
import {type ARedis, hasRedis, SERVER, startRedis} from './redis-server.js'

/** Tests on a real server; where there is none they say so instead of passing. */
export const describeRedis = (title: string, body: () => void): void =>
  hasRedis ? describe(title, body) : describe.skip(`${title} (no ${SERVER} on this machine)`, body)

/** One server for the tests of a file; to be called inside {@link describeRedis}. */
export function aRedis(more: readonly string[] = []): () => ARedis {
  let running: ARedis | null = null
  beforeAll(async () => {
    running = await startRedis(more)
  })
  afterAll(async () => running?.stop())
  return () => {
    if (running === null) throw new Error('the server runs only while tests do')
    return running
  }
}
