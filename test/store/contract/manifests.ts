import {describe, expect, it} from '@jest/globals'
import type {SignedManifest} from '../../../scripts/core/model/release.js'
import {StoreConflict} from '../../../scripts/core/ports.js'
import type {StoreWorld} from '../a-store.js'

export const aManifest = (version: number, stable: string | null = null): SignedManifest => ({
  manifest: {
    format: 1,
    lineage: 'l',
    version,
    issuedAtMs: 1,
    expiresAtMs: 2,
    stable,
    canary: null,
    directory: null,
    lockdown: [],
  },
  signature: 'c2ln',
})

/** What every kind of store promises of its manifests. */
export function manifestContract(where: string, aStore: () => StoreWorld): void {
  describe(`manifests ${where}`, () => {
    it('there is none at first, then the highest version', async () => {
      const {store, open} = aStore()
      expect(await store.readManifest()).toBeNull()
      await store.writeManifest(aManifest(1))
      await open().writeManifest(aManifest(2))
      expect((await store.readManifest())?.manifest.version).toBe(2)
    })

    it.each([1, 2])('version %i is refused once version 2 stands', async (version) => {
      const {store} = aStore()
      await store.writeManifest(aManifest(1))
      await store.writeManifest(aManifest(2))
      await expect(store.writeManifest(aManifest(version))).rejects.toThrow(StoreConflict)
    })

    it('of two publishers of one version one wins', async () => {
      const {open} = aStore()
      const results = await Promise.allSettled([
        open().writeManifest(aManifest(1, 'a'.repeat(64))),
        open().writeManifest(aManifest(1, 'b'.repeat(64))),
      ])
      expect(results.filter(({status}) => status === 'fulfilled')).toHaveLength(1)
    })

    it('a torn one is passed over and reported, and its version is never used again', async () => {
      const {store, rewrite, damage} = aStore()
      await store.writeManifest(aManifest(1))
      await store.writeManifest(aManifest(2))
      await rewrite('manifests', (text) => text.slice(0, 30))
      expect((await store.readManifest())?.manifest.version).toBe(1)
      expect(damage).toHaveLength(1)
      await expect(store.writeManifest(aManifest(2))).rejects.toMatchObject({foundSerial: 2})
      await store.writeManifest(aManifest(3))
      expect((await store.readManifest())?.manifest.version).toBe(3)
    })
  })
}
