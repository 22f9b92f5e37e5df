import {createHash} from 'node:crypto'
import type {Redis} from 'ioredis'

/** Runs as one step: nobody else's command comes in between. */
export type RedisScript = (keys: readonly string[], values: readonly (string | number)[]) => Promise<unknown>

/**
 * Milliseconds of the server's own clock, which everybody shares; `given` stands for it where a test moves the time.
 * For the top of a script.
 */
export const NOW_LUA = `
local function nowMs(given)
  if given ~= '' then return tonumber(given) end
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`

/**
 * A script, sent by its digest and only once in full to a server that does not know it. Not `defineCommand`: that gives a
 * method without a type, and one that a pipeline begun earlier in the same turn does not have.
 */
export function createScript(redis: Redis, lua: string): RedisScript {
  const digest = createHash('sha1').update(lua).digest('hex')
  return async (keys, values) => {
    try {
      return await redis.evalsha(digest, keys.length, ...keys, ...values)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.eval(lua, keys.length, ...keys, ...values)
    }
  }
}
