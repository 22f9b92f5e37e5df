import {describe, expect, it} from '@jest/globals'
import {StoreConflict, StoreDamaged} from '../../../scripts/core/ports.js'
import type {StoreWorld} from '../a-store.js'

/** What every kind of store promises of its state. */
export function stateContract(where: string, aStore: () => StoreWorld): void {
  describe(`state ${where}`, () => {
    it('a new store has serial 0 and one lineage for everybody who opens it', async () => {
      const {store, open} = aStore()
      const states = await Promise.all([store.readState(), open().readState(), open().readState()])
      expect(states.map(({serial}) => serial)).toEqual([0, 0, 0])
      expect(new Set(states.map(({lineage}) => lineage)).size).toBe(1)
      expect(states[0]?.lineage).toMatch(/^[0-9a-f]{32}$/)
    })

    it('what was written is read back with the next serial, by another store too', async () => {
      const {store, open} = aStore()
      const state = await store.readState()
      const written = await store.writeState({...state, stable: 'a'.repeat(64)}, 0)
      expect(written.serial).toBe(1)
      expect(await open().readState()).toEqual({...state, stable: 'a'.repeat(64), serial: 1})
    })

    it('a write on an old serial is refused with both serials and changes nothing', async () => {
      const {store, open} = aStore()
      const state = await store.readState()
      await open().writeState({...state, stable: 'b'.repeat(64)}, 0)
      const late = store.writeState({...state, stable: 'c'.repeat(64)}, 0)
      await expect(late).rejects.toThrow(StoreConflict)
      await expect(late).rejects.toMatchObject({expectedSerial: 0, foundSerial: 1})
      expect((await store.readState()).stable).toBe('b'.repeat(64))
    })

    it('of many writers at once on one serial exactly one wins', async () => {
      const {store, open} = aStore()
      const state = await store.readState()
      const writes = Array.from({length: 20}, (_, index) =>
        open().writeState({...state, quarantined: [String(index)]}, 0),
      )
      const results = await Promise.allSettled(writes)
      const won = results.filter(({status}) => status === 'fulfilled')
      expect(won).toHaveLength(1)
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StoreConflict)
      expect((await store.readState()).serial).toBe(1)
    })

    it('a torn newest version is reported and the one before it counts', async () => {
      const {store, rewrite, damage} = aStore()
      const state = await store.readState()
      await store.writeState({...state, quarantined: ['one']}, 0)
      await store.writeState({...state, quarantined: ['two']}, 1)
      await rewrite('state', (text) => text.slice(0, 40))
      expect(await store.readState()).toMatchObject({serial: 1, quarantined: ['one']})
      expect(damage).toEqual([{what: expect.stringMatching(/^state\/0*3(\.json)?$/), why: 'it is not complete JSON'}])
    })

    it('after a damaged version the next write does not overwrite the evidence', async () => {
      const {store, rewrite, damage} = aStore()
      const state = await store.readState()
      await store.writeState({...state, quarantined: ['one']}, 0)
      await rewrite('state', () => '')
      const written = await store.writeState({...state, quarantined: ['again']}, 0)
      expect(written.serial).toBe(1)
      expect((await store.readState()).quarantined).toEqual(['again'])
      await rewrite('state', () => '')
      damage.splice(0)
      expect((await store.readState()).quarantined).toEqual([])
      expect(damage.map(({why}) => why)).toEqual(['it is empty', 'it is empty'])
    })

    it('a version changed by hand does not fit its checksum any more', async () => {
      const {store, rewrite, damage} = aStore()
      const state = await store.readState()
      await store.writeState({...state, quarantined: ['one']}, 0)
      await rewrite('state', (text) => text.replace('one', 'two'))
      expect((await store.readState()).quarantined).toEqual([])
      expect(damage[0]?.why).toBe('its content does not fit its checksum')
    })

    it('when no version can be read nothing is begun anew', async () => {
      const {store, rewrite} = aStore()
      await store.readState()
      await rewrite('state', () => '{"value":{}}')
      await expect(store.readState()).rejects.toThrow(StoreDamaged)
    })

    it('a state of another lineage is refused', async () => {
      const {store} = aStore()
      const state = await store.readState()
      await expect(store.writeState({...state, lineage: 'f'.repeat(32)}, 0)).rejects.toThrow(StoreDamaged)
    })
  })
}
