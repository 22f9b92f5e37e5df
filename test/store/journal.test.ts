import {appendFileSync, readFileSync, truncateSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {StoreDamaged} from '../../scripts/core/ports.js'
import {aStore} from './a-store.js'
import {anEntry, journalContract, keysOf, PLAN} from './contract/journal.js'

journalContract('in a folder', aStore)

describe('the file of a journal', () => {
  it('a line cut off by a crash is passed over and reported', async () => {
    const {store, folder, damage} = aStore()
    await store.appendJournal(anEntry('k/1'))
    await store.appendJournal(anEntry('k/2'))
    const file = join(folder, 'journal', `${PLAN}.ndjson`)
    truncateSync(file, readFileSync(file).length - 10)
    expect(keysOf(await store.readJournal(PLAN))).toEqual(['k/1'])
    expect(damage).toEqual([{what: `journal/${PLAN}.ndjson`, why: 'line 2 was cut off by a crash'}])
  })

  it('a last line without its end is not trusted even when it reads as JSON', async () => {
    const {store, folder} = aStore()
    await store.appendJournal(anEntry('k/1'))
    const file = join(folder, 'journal', `${PLAN}.ndjson`)
    truncateSync(file, readFileSync(file).length - 1)
    expect(await store.readJournal(PLAN)).toEqual([])
  })

  it('writing goes on behind a cut line, which stays known as such', async () => {
    const {store, folder, damage} = aStore()
    await store.appendJournal(anEntry('k/1'))
    appendFileSync(join(folder, 'journal', `${PLAN}.ndjson`), '{"at":1,"pl')
    await store.appendJournal(anEntry('k/2'))
    await store.appendJournal(anEntry('k/3'))
    expect(keysOf(await store.readJournal(PLAN))).toEqual(['k/1', 'k/2', 'k/3'])
    expect(damage).toHaveLength(1)
  })

  it('a broken line in the middle that no crash explains makes the journal untrusted', async () => {
    const {store, folder} = aStore()
    const file = join(folder, 'journal', `${PLAN}.ndjson`)
    await store.appendJournal(anEntry('k/1'))
    await store.appendJournal(anEntry('k/2'))
    writeFileSync(file, readFileSync(file, 'utf8').replace('{"at":1', '{"at"'))
    await expect(store.readJournal(PLAN)).rejects.toThrow(StoreDamaged)
  })
})
