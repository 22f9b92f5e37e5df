import {describe, expect, it} from '@jest/globals'
import type {JournalEntry} from '../../../scripts/core/model/plan.js'
import type {StoreWorld} from '../a-store.js'

export const PLAN = 'a'.repeat(64)
export const anEntry = (key: string, plan = PLAN): JournalEntry => ({
  at: 1,
  plan,
  key,
  event: 'intent',
  action: 'create',
})
export const keysOf = (entries: readonly JournalEntry[]): string[] => entries.map(({key}) => key)

/** What every kind of store promises of the journal of a plan. */
export function journalContract(where: string, aStore: () => StoreWorld): void {
  describe(`the journal of a plan ${where}`, () => {
    it('gives entries back in the order they were written, each plan its own', async () => {
      const {store, open} = aStore()
      await store.appendJournal(anEntry('k/1'))
      await store.appendJournal(anEntry('other/1', 'b'.repeat(64)))
      await open().appendJournal(anEntry('k/2'))
      expect(keysOf(await store.readJournal(PLAN))).toEqual(['k/1', 'k/2'])
    })

    it('a plan that was never carried out has an empty journal', async () => {
      const {store} = aStore()
      expect(await store.readJournal(PLAN)).toEqual([])
    })

    it('a plan name that is no digest never becomes a name in the store', async () => {
      const {store} = aStore()
      await expect(store.readJournal('../../state/00000001')).rejects.toThrow(TypeError)
    })
  })
}
