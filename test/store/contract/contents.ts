import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../../scripts/core/model/canonical.js'
import type {ResponderReport} from '../../../scripts/core/model/outcome.js'
import type {MediaEntry} from '../../../scripts/core/model/plan.js'
import {StoreDamaged} from '../../../scripts/core/ports.js'
import type {StoreWorld} from '../a-store.js'

export const TEXT = '{"format":1}'
const media = (changes: Partial<MediaEntry> = {}): MediaEntry => ({
  sha256: 'a'.repeat(64),
  use: 'picture',
  value: 'https://p.example/1',
  uploadedAtMs: 1,
  ...changes,
})
export const aReport = (responder: string, manifestVersion = 1): ResponderReport => ({
  responder,
  atMs: 1,
  manifestVersion,
  stable: null,
  canary: null,
  arms: [],
  trials: [],
  latency: [],
  counters: {},
})

/** What every kind of store promises of documents, assets, media, reports and audit. */
export function contentsContract(where: string, aStore: () => StoreWorld): void {
  describe(`documents and assets ${where}`, () => {
    it('are read back as they were written, and null when there are none', async () => {
      const {store} = aStore()
      await store.writeDocument(sha256(TEXT), TEXT)
      await store.writeAsset(sha256('bytes'), Buffer.from('bytes'))
      expect(await store.readDocument(sha256(TEXT))).toBe(TEXT)
      expect(Buffer.from((await store.readAsset(sha256('bytes'))) ?? []).toString()).toBe('bytes')
      expect(await store.readDocument('f'.repeat(64))).toBeNull()
      expect(await store.readAsset('f'.repeat(64))).toBeNull()
    })

    it('content that does not fit its digest is not written', async () => {
      const {store} = aStore()
      await expect(store.writeDocument('a'.repeat(64), TEXT)).rejects.toThrow(StoreDamaged)
      await expect(store.writeAsset('a'.repeat(64), Buffer.from(TEXT))).rejects.toThrow(StoreDamaged)
      expect(await store.readDocument('a'.repeat(64))).toBeNull()
      expect(await store.readAsset('a'.repeat(64))).toBeNull()
    })
  })

  describe(`media ${where}`, () => {
    it('keeps one entry for each content, use and name, the newest', async () => {
      const {store, open} = aStore()
      await store.writeMedia([media(), media({use: 'image', value: 'm1'}), media({use: 'file', name: '甲.pdf'})])
      await open().writeMedia([media({use: 'image', value: 'm2'}), media({use: 'file', name: '乙.pdf'})])
      const values = (await store.readMedia()).map(({use, value, name}) => [use, value, name ?? '']).sort()
      expect(values).toEqual([
        ['file', 'https://p.example/1', '乙.pdf'],
        ['file', 'https://p.example/1', '甲.pdf'],
        ['image', 'm2', ''],
        ['picture', 'https://p.example/1', ''],
      ])
    })

    it('two writers at once lose nothing of each other', async () => {
      const {open} = aStore()
      const digests = Array.from({length: 20}, (_, index) => sha256(String(index)))
      await Promise.all(digests.map((digest) => open().writeMedia([media({sha256: digest})])))
      expect(await open().readMedia()).toHaveLength(20)
    })

    it('a damaged entry is passed over and reported: it will be uploaded again', async () => {
      const {store, rewrite, damage} = aStore()
      await store.writeMedia([media()])
      await rewrite('media', () => 'x')
      expect(await store.readMedia()).toEqual([])
      expect(damage[0]?.what).toMatch(/^media\/a{64}\.picture/)
      await store.writeMedia([media()])
      expect(await store.readMedia()).toEqual([media()])
    })
  })

  describe(`reports ${where}`, () => {
    it('each responder has one, whatever it is called', async () => {
      const {store} = aStore()
      await store.writeReport(aReport('a'))
      await store.writeReport(aReport('a', 2))
      await store.writeReport(aReport('../门店/1'))
      const reports = await store.readReports()
      expect(reports.map(({responder, manifestVersion}) => [responder, manifestVersion]).sort()).toEqual([
        ['../门店/1', 1],
        ['a', 2],
      ])
    })
  })

  describe(`audit ${where}`, () => {
    const entry = (what: string) => ({atMs: 1, what, who: 'lin', details: {n: 1}})

    it('keeps every entry of every process in one chain', async () => {
      const {open} = aStore()
      await Promise.all(Array.from({length: 15}, (_, index) => open().appendAudit(entry(`w${index}`))))
      const all = await open().readAudit()
      expect(all.map(({what}) => what).sort()).toEqual(Array.from({length: 15}, (_, index) => `w${index}`).sort())
    })

    it.each([
      ['changed', (text: string) => text.replace('"w1"', '"w9"')],
      ['emptied', () => ''],
    ])('an entry that was %s is found', async (_how, change) => {
      const {store, rewrite} = aStore()
      for (const what of ['w0', 'w1', 'w2']) await store.appendAudit(entry(what))
      await rewrite('audit', change, 2)
      await expect(store.readAudit()).rejects.toThrow(StoreDamaged)
    })

    it('an entry put in place of another, with a good checksum, breaks the chain', async () => {
      const {store, rewrite} = aStore()
      const other = aStore()
      for (const what of ['w0', 'w1', 'w2']) await store.appendAudit(entry(what))
      for (const what of ['x0', 'x1', 'x2']) await other.store.appendAudit(entry(what))
      let strange = ''
      await other.rewrite('audit', (text) => (strange = text), 2)
      await rewrite('audit', () => strange, 2)
      await expect(store.readAudit()).rejects.toThrow(/does not follow/)
    })
  })
}
