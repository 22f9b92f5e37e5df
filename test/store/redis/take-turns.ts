import {setTimeout as wait} from 'node:timers/promises'
import {StoreLocked, type Lease, type Store} from '../../../scripts/core/ports.js'
import {createSystemClock} from '../../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../../scripts/runtime/system-randomness.js'
import {parseRedisAddress} from '../../../scripts/store/redis/address.js'
import {connectRedis} from '../../../scripts/store/redis/connect.js'
import {createRedisStore} from '../../../scripts/store/redis/create-redis-store.js'

/** One of several processes that write in turns under the lock: `take-turns.ts ADDRESS NAME TIMES`. */
const [, , written = '', name = '', times = '0'] = process.argv
const address = parseRedisAddress(written)
if (address === null) throw new TypeError(`expected redis://…, got ${written}`)
const connection = connectRedis(address)
const store = createRedisStore(connection.redis, {
  prefix: 'turns:',
  clock: createSystemClock(),
  randomness: createSystemRandomness(),
})

async function takeLock(from: Store): Promise<Lease> {
  for (;;) {
    try {
      return await from.lock(name, 10_000)
    } catch (error) {
      if (!(error instanceof StoreLocked)) throw error
      await wait(2)
    }
  }
}

for (let done = 0; done < Number(times); done++) {
  const lease = await takeLock(store)
  // Under the lock nobody else writes, so no write meets a conflict.
  const state = await store.readState()
  await store.writeState({...state, quarantined: [...state.quarantined, `${name}${done}`]}, state.serial)
  await store.appendAudit({atMs: 1, what: `${name}${done}`, who: name, details: {fence: lease.fence}})
  await lease.release()
}
await connection.close()
