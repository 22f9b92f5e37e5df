import {readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import {StoreDamaged} from '../../scripts/core/ports.js'
import {aStore} from './a-store.js'
import {aReport, contentsContract, TEXT} from './contract/contents.js'

contentsContract('in a folder', aStore)

describe('files of contents', () => {
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

  it('content that does not fit its digest leaves no file', async () => {
    const {store, folder} = aStore()
    await expect(store.writeDocument('a'.repeat(64), TEXT)).rejects.toThrow(StoreDamaged)
    expect(readdirSync(folder)).toEqual([])
  })

  it('no name of a responder leaves the folder of reports', async () => {
    const {store, folder} = aStore()
    await store.writeReport(aReport('../门店/1'))
    expect(readdirSync(folder)).toEqual(['reports'])
  })
})
