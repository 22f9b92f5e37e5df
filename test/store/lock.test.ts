import {writeFileSync} from 'node:fs'
import {describe, expect, it} from '@jest/globals'
import type {JournalEntry} from '../../scripts/core/model/plan.js'
import {StoreLocked} from '../../scripts/core/ports.js'
import {createHolderProcess} from '../../scripts/store/holder-process.js'
import {aStore, newestFile} from './a-store.js'

const MINUTE = 60_000
const anEntry = (plan = 'a'.repeat(64)): JournalEntry => ({at: 1, plan, key: 'k/1', event: 'intent', action: 'create'})

describe('the lock of a folder', () => {
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

  it('whoever was overtaken can write neither state nor journal, nor renew', async () => {
    const {store, open, clock} = aStore()
    const state = await store.readState()
    const old = await store.lock('one', MINUTE)
    clock.advance(MINUTE)
    await open().lock('two', MINUTE)
    await expect(store.writeState(state, 0)).rejects.toThrow('the store is locked by two')
    await expect(store.appendJournal(anEntry())).rejects.toThrow(StoreLocked)
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

  it('a lock that cannot be read blocks, and says which file it is', async () => {
    const {store, open, folder, clock} = aStore()
    await store.lock('one', MINUTE)
    writeFileSync(newestFile(folder, 'lock'), '{"sha256":')
    clock.advance(100 * MINUTE)
    await expect(open().lock('two', MINUTE)).rejects.toThrow(/lock\/00000001\.json: it is not complete JSON/)
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

describe('who a process is', () => {
  it('a running process is not gone', () => {
    const holders = createHolderProcess()
    expect(holders.isGone(holders.self)).toBe(false)
  })

  it('another process number or start here is gone, another machine is in doubt', () => {
    const holders = createHolderProcess()
    const [place, , start] = JSON.parse(holders.self) as [string, number, string | null]
    expect(holders.isGone(JSON.stringify([place, 4_194_305, start]))).toBe(true)
    if (start !== null) expect(holders.isGone(JSON.stringify([place, process.pid, '1']))).toBe(true)
    expect(holders.isGone(JSON.stringify(['elsewhere', 4_194_305, start]))).toBe(false)
  })
})
