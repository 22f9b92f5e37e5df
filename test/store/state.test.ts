import {readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {aStore, newestFile} from './a-store.js'
import {stateContract} from './contract/state.js'

stateContract('in a folder', aStore)

describe('files of the state', () => {
  it('after a damaged version the next write leaves the evidence where it is', async () => {
    const {store, folder} = aStore()
    const state = await store.readState()
    await store.writeState({...state, quarantined: ['one']}, 0)
    writeFileSync(newestFile(folder, 'state'), '')
    await store.writeState({...state, quarantined: ['again']}, 0)
    expect(readdirSync(join(folder, 'state'))).toEqual(['00000001.json', '00000002.json', '00000003.json'])
  })

  it('keeps a bounded number of versions and no temporary files', async () => {
    const {store, folder} = aStore()
    let state = await store.readState()
    for (let serial = 0; serial < 50; serial++) state = await store.writeState(state, serial)
    const names = readdirSync(join(folder, 'state'))
    expect(names).toHaveLength(32)
    expect(names.every((name) => /^\d{8}\.json$/.test(name))).toBe(true)
    expect((await store.readState()).serial).toBe(50)
  })
})
