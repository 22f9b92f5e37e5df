import {execFile} from 'node:child_process'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {expect, it} from '@jest/globals'
import {createSystemClock} from '../../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../../scripts/runtime/system-randomness.js'
import {createRedisStore} from '../../../scripts/store/redis/create-redis-store.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'

const SCRIPT = fileURLToPath(new URL('./take-turns.ts', import.meta.url))
const TIMES = 15

describeRedis('several processes on one Redis', () => {
  const redis = aRedis()

  it('write in turns under the lock without a conflict, each turn with a higher fence', async () => {
    const run = (name: string) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', SCRIPT, redis().url, name, String(TIMES)])
    await Promise.all(['a', 'b', 'c'].map(run))
    const store = createRedisStore(redis().connect().redis, {
      prefix: 'turns:',
      clock: createSystemClock(),
      randomness: createSystemRandomness(),
    })
    const state = await store.readState()
    expect(state.serial).toBe(3 * TIMES)
    expect(new Set(state.quarantined).size).toBe(3 * TIMES)
    const fences = (await store.readAudit()).map(({details}) => Number(details['fence']))
    expect(fences).toEqual([...fences].sort((a, b) => a - b))
    expect(new Set(fences).size).toBe(3 * TIMES)
  })
})
