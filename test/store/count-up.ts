import {StoreConflict} from '../../scripts/core/ports.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'

/** One of several processes that add to one store: `count-up.ts FOLDER NAME TIMES`. */
const [, , folder = '', name = '', times = '0'] = process.argv
const store = createFileStore(folder, {clock: createSystemClock(), randomness: createSystemRandomness()})

for (let done = 0; done < Number(times);) {
  const state = await store.readState()
  try {
    await store.writeState({...state, quarantined: [...state.quarantined, `${name}${done}`]}, state.serial)
    done++
    await store.appendAudit({atMs: 1, what: `${name}${done}`, who: name, details: {}})
  } catch (error) {
    if (!(error instanceof StoreConflict)) throw error
  }
}
