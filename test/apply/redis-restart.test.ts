import {expect, it} from '@jest/globals'
import type {Store} from '../../scripts/core/ports.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createRedisStore} from '../../scripts/store/redis/create-redis-store.js'
import {aRedis, describeRedis} from '../support/a-redis.js'
import {aChannel, type ConfigParts} from './a-config.js'
import {ApplyWorld} from './apply-world.js'

const SHOP: ConfigParts = {
  channels: Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => [id, aChannel({state: id, tags: [`来源/${id}`]})]),
  ),
  groupWelcomes: {x: {title: 'x', text: 'x'}},
}
const SLOW_MS = 60_000

/** The world's store, on a server of its own that keeps everything it has acknowledged. */
class RedisWorld extends ApplyWorld {
  constructor(store: Store) {
    super(Object.assign(store, {beforeWrite: () => undefined, restart: () => undefined}))
  }
}

describeRedis('Redis restarts in the middle of an apply', () => {
  const server = aRedis(['--appendonly', 'yes', '--appendfsync', 'always'])

  it(
    'at any call to WeCom: the apply goes on or is run again, nothing is made twice, and the second plan is empty',
    async () => {
      for (let at = 0; at < 16; at += 3) {
        const connection = server().connect()
        const clock = new ApplyWorld().clock
        const options = {prefix: `apply-${at}:`, clock, randomness: createSystemRandomness()}
        const world = new RedisWorld(createRedisStore(connection.redis, options))
        let isRestarted = false
        const restartAt = async (index: number): Promise<void> => {
          if (isRestarted || index < at) return
          isRestarted = true
          await server().restart()
        }
        world.writer = restarting(world, restartAt)
        for (let run = 1; run <= 5; run++) {
          const outcome = await world.ship(SHOP).catch(() => null)
          if (outcome?.kind === 'ran' && outcome.isComplete) break
          // Its create was carried out before the store went away: whoever looks into the console sees it.
          const [made = ''] = world.wecom.welcomes.keys()
          if ((await world.plan(SHOP)).recovered.state.ambiguous['group-welcome/x'])
            await world.settle('group-welcome/x', {how: 'adopt', remoteId: made})
          world.clock.advance(700_000)
        }
        expect(isRestarted).toBe(true)
        expect([...world.wecom.ways.values()].map(({state}) => state).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
        expect(world.wecom.welcomes.size).toBe(1)
        expect((await world.plan(SHOP)).plan.steps).toEqual([])
      }
    },
    SLOW_MS,
  )
})

/** Every call to WeCom may find the store's server gone when it comes back. */
function restarting({wecom}: ApplyWorld, restartAt: (index: number) => Promise<void>): ApplyWorld['writer'] {
  return new Proxy(wecom.writer, {
    get(target, name: keyof ApplyWorld['writer']) {
      const call = target[name] as (...args: readonly unknown[]) => Promise<unknown>
      return async (...args: readonly unknown[]) => {
        const answer = await call(...args)
        await restartAt(wecom.calls.length - 1)
        return answer
      }
    },
  })
}
