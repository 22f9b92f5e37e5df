import type {State} from '../core/model/plan.js'
import {StoreConflict, StoreDamaged, type Randomness} from '../core/ports.js'
import type {OnDamage} from './damage.js'
import type {NumberedFiles} from './numbered-files.js'

const KEPT = 32
const LINEAGE_BYTES = 16

const emptyState = (lineage: string): State => ({
  format: 1,
  lineage,
  serial: 0,
  stable: null,
  promoted: [],
  quarantined: [],
  directory: null,
  resources: {},
  ambiguous: {},
  orphans: [],
  underway: null,
  pending: null,
})

interface Newest {
  readonly state: State
  /** Highest file number present, damaged ones included. */
  readonly top: number
}

/** States by version; the newest one that can be trusted counts, and what lies above it is reported. */
export function createStateFiles(files: NumberedFiles<State>, randomness: Randomness, onDamage: OnDamage) {
  async function findNewest(): Promise<Newest | null> {
    let top = 0
    for await (const file of files.newestFirst()) {
      top = Math.max(top, file.number)
      if (file.ok) return {state: file.value, top}
      onDamage({what: `state/${file.name}`, why: file.why})
    }
    // A lineage is never begun again over the ruins of another.
    if (top > 0) throw new StoreDamaged('state', 'none of its versions can be read')
    return null
  }

  async function readNewest(): Promise<Newest> {
    for (;;) {
      const newest = await findNewest()
      if (newest) return newest
      await files.create(1, emptyState(randomness.hex(LINEAGE_BYTES)))
    }
  }

  return {
    read: async (): Promise<State> => (await readNewest()).state,
    async write(next: State, expectedSerial: number): Promise<State> {
      const {state, top} = await readNewest()
      if (state.serial !== expectedSerial) throw new StoreConflict(expectedSerial, state.serial)
      if (state.lineage !== next.lineage)
        throw new StoreDamaged('state', `lineage ${next.lineage} must not follow lineage ${state.lineage}`)
      const written = {...next, serial: expectedSerial + 1}
      if (!(await files.create(top + 1, written)))
        throw new StoreConflict(expectedSerial, (await readNewest()).state.serial)
      await files.prune(KEPT)
      return written
    },
  }
}
