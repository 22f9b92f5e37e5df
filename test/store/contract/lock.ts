import {describe, expect, it} from '@jest/globals'
import type {JournalEntry} from '../../../scripts/core/model/plan.js'
import {StoreLocked} from '../../../scripts/core/ports.js'
import type {StoreWorld} from '../a-store.js'
import {aManifest} from './manifests.js'

const MINUTE = 60_000
const anEntry = (plan = 'a'.repeat(64)): JournalEntry => ({at: 1, plan, key: 'k/1', event: 'intent', action: 'create'})

/** What every kind of store promises of its lock. */
export function lockContract(where: string, aStore: () => StoreWorld): void {
  describe(`the lock ${where}`, () => {
    it('is held by one, who is named to the other', async () => {
      const {store, open} = aStore()
      await store.lock('apply of lin', MINUTE)
      await expect(open().lock('apply of wang', MINUTE)).rejects.toThrow('the store is locked by apply of lin')
    })

    it('can be taken as soon as it is given back, with a higher fence', async () => {
      const {store, open} = aStore()
      const first = await store.lock('one', MINUTE)
      await first.release()
      const second = await open().lock('two', MINUTE)
      expect(second.fence).toBeGreaterThan(first.fence)
    })

    it('lasts to the last millisecond of its time and not one longer', async () => {
      const {store, open, clock} = aStore()
      await store.lock('one', MINUTE)
      clock.advance(MINUTE - 1)
      await expect(open().lock('two', MINUTE)).rejects.toThrow(StoreLocked)
      clock.advance(1)
      await expect(open().lock('two', MINUTE)).resolves.toMatchObject({fence: 2})
    })

    it('a renewed lock lasts from its renewal on', async () => {
      const {store, open, clock} = aStore()
      const lease = await store.lock('one', MINUTE)
      clock.advance(50_000)
      await lease.renew()
      clock.advance(50_000)
      await expect(open().lock('two', MINUTE)).rejects.toThrow(StoreLocked)
    })

    it('whoever was overtaken can write neither state, journal nor manifest, nor renew', async () => {
      const {store, open, clock} = aStore()
      const state = await store.readState()
      const old = await store.lock('one', MINUTE)
      clock.advance(MINUTE)
      await open().lock('two', MINUTE)
      await expect(store.writeState(state, 0)).rejects.toThrow('the store is locked by two')
      await expect(store.appendJournal(anEntry())).rejects.toThrow(StoreLocked)
      await expect(store.writeManifest(aManifest(1))).rejects.toThrow(StoreLocked)
      await expect(old.renew()).rejects.toThrow(StoreLocked)
    })

    it('giving back a lock that was overtaken does not free the new holder’s', async () => {
      const {store, open, clock} = aStore()
      const old = await store.lock('one', MINUTE)
      clock.advance(MINUTE)
      await open().lock('two', MINUTE)
      await old.release()
      await expect(open().lock('three', MINUTE)).rejects.toThrow('the store is locked by two')
    })

    it('an expired lock nobody took over still lets its holder write and renew', async () => {
      const {store, clock} = aStore()
      const state = await store.readState()
      const lease = await store.lock('one', MINUTE)
      clock.advance(2 * MINUTE)
      await expect(store.writeState(state, 0)).resolves.toMatchObject({serial: 1})
      await expect(lease.renew()).resolves.toBeUndefined()
    })

    it('a lock that cannot be read blocks, and says which one it is', async () => {
      const {store, open, rewrite, clock} = aStore()
      await store.lock('one', MINUTE)
      await rewrite('lock', () => '{"sha256":')
      clock.advance(100 * MINUTE)
      await expect(open().lock('two', MINUTE)).rejects.toThrow(/lock\/0*1(\.json)?: it is not complete JSON/)
    })

    it('a lock whose process is certainly gone is taken over at once', async () => {
      const {open} = aStore()
      const dead = {self: JSON.stringify(['here', 1, '1']), isGone: () => false}
      const next = {self: JSON.stringify(['here', 2, '2']), isGone: (identity: string) => identity === dead.self}
      await open(dead).lock('one', MINUTE)
      await expect(open(next).lock('two', MINUTE)).resolves.toMatchObject({fence: 2})
    })

    it('of many takers at once exactly one gets a lock that has run out', async () => {
      const {store, open, clock} = aStore()
      await store.lock('one', MINUTE)
      clock.advance(MINUTE)
      const takers = await Promise.allSettled(Array.from({length: 10}, (_, index) => open().lock(`t${index}`, MINUTE)))
      expect(takers.filter(({status}) => status === 'fulfilled')).toHaveLength(1)
    })
  })
}
