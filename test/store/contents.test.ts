import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import type {ResponderReport} from '../../scripts/core/model/outcome.js'
import type {MediaEntry} from '../../scripts/core/model/plan.js'
import {StoreDamaged} from '../../scripts/core/ports.js'
import {aStore} from './a-store.js'

const TEXT = '{"format":1}'
const media = (changes: Partial<MediaEntry> = {}): MediaEntry => ({
  sha256: 'a'.repeat(64),
  use: 'picture',
  value: 'https://p.example/1',
  uploadedAtMs: 1,
  ...changes,
})
const report = (responder: string, manifestVersion = 1): ResponderReport => ({
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

describe('documents and assets by content', () => {
  it('are read back as they were written, and null when there are none', async () => {
    const {store} = aStore()
    await store.writeDocument(sha256(TEXT), TEXT)
    await store.writeAsset(sha256('bytes'), Buffer.from('bytes'))
    expect(await store.readDocument(sha256(TEXT))).toBe(TEXT)
    expect(Buffer.from((await store.readAsset(sha256('bytes'))) ?? []).toString()).toBe('bytes')
    expect(await store.readDocument('f'.repeat(64))).toBeNull()
    expect(await store.readAsset('f'.repeat(64))).toBeNull()
  })

  it('a document changed on the disk is damaged, and writing it again mends it', async () => {
    const {store, folder} = aStore()
    await store.writeDocument(sha256(TEXT), TEXT)
    writeFileSync(join(folder, 'documents', `${sha256(TEXT)}.json`), '{"format":2}')
    await expect(store.readDocument(sha256(TEXT))).rejects.toThrow(StoreDamaged)
    await store.writeDocument(sha256(TEXT), TEXT)
    expect(await store.readDocument(sha256(TEXT))).toBe(TEXT)
  })

  it('an asset cut short is damaged', async () => {
    const {store, folder} = aStore()
    await store.writeAsset(sha256('bytes'), Buffer.from('bytes'))
    writeFileSync(join(folder, 'assets', sha256('bytes')), 'byt')
    await expect(store.readAsset(sha256('bytes'))).rejects.toThrow(StoreDamaged)
  })

  it('content that does not fit its digest is not written', async () => {
    const {store, folder} = aStore()
    await expect(store.writeDocument('a'.repeat(64), TEXT)).rejects.toThrow(StoreDamaged)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('media', () => {
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
    const {store, folder, damage} = aStore()
    await store.writeMedia([media()])
    const [name = ''] = readdirSync(join(folder, 'media'))
    writeFileSync(join(folder, 'media', name), 'x')
    expect(await store.readMedia()).toEqual([])
    expect(damage[0]?.what).toBe(`media/${name}`)
  })
})

describe('reports', () => {
  it('each responder has one, whatever it is called, and none leaves its folder', async () => {
    const {store, folder} = aStore()
    await store.writeReport(report('a'))
    await store.writeReport(report('a', 2))
    await store.writeReport(report('../门店/1'))
    const reports = await store.readReports()
    expect(reports.map(({responder, manifestVersion}) => [responder, manifestVersion]).sort()).toEqual([
      ['../门店/1', 1],
      ['a', 2],
    ])
    expect(readdirSync(folder)).toEqual(['reports'])
  })
})

describe('audit', () => {
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
    const {store, folder} = aStore()
    for (const what of ['w0', 'w1', 'w2']) await store.appendAudit(entry(what))
    const file = join(folder, 'audit', '00000002.json')
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    await expect(store.readAudit()).rejects.toThrow(StoreDamaged)
  })

  it('an entry put in place of another, with a good checksum, breaks the chain', async () => {
    const {store, folder} = aStore()
    const other = aStore()
    for (const what of ['w0', 'w1', 'w2']) await store.appendAudit(entry(what))
    for (const what of ['x0', 'x1', 'x2']) await other.store.appendAudit(entry(what))
    const name = join('audit', '00000002.json')
    writeFileSync(join(folder, name), readFileSync(join(other.folder, name)))
    await expect(store.readAudit()).rejects.toThrow(/does not follow/)
  })
})
