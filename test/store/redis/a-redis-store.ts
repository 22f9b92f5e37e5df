import type {Redis} from 'ioredis'
import {createSystemRandomness} from '../../../scripts/runtime/system-randomness.js'
import type {Damage} from '../../../scripts/store/damage.js'
import type {HolderProcess} from '../../../scripts/store/holder-process.js'
import {createRedisStore} from '../../../scripts/store/redis/create-redis-store.js'
import {createFakeClock} from '../../apply/fake-clock.js'
import type {ARedis} from '../../support/redis-server.js'
import type {StorePart, StoreWorld} from '../a-store.js'

let worlds = 0

/** Stores on one place of a Redis, each on a connection of its own; a fresh place every time. */
export function aRedisStore(redis: ARedis): StoreWorld & {readonly prefix: string; readonly client: Redis} {
  const prefix = `test${++worlds}:`
  const clock = createFakeClock()
  const damage: Damage[] = []
  const client = redis.connect().redis
  const onDamage = (each: Damage): void => void damage.push(each)
  const open = (holders?: HolderProcess) =>
    createRedisStore(redis.connect().redis, {
      prefix,
      clock,
      randomness: createSystemRandomness(),
      onDamage,
      ...(holders ? {holders} : {}),
    })
  const rewrite = async (part: StorePart, change: (text: string) => string, number?: number): Promise<void> => {
    const key = `${prefix}${part}`
    const only = part === 'media' ? (await client.hkeys(key))[0] : await client.hget(key, 'top')
    const field = number === undefined ? (only ?? '') : String(number)
    await client.hset(key, field, change((await client.hget(key, field)) ?? ''))
  }
  return {prefix, client, clock, damage, open, store: open(), rewrite}
}
