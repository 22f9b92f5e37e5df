import {expect, it} from '@jest/globals'
import {sha256} from '../../../scripts/core/model/canonical.js'
import {StoreDamaged, StoreLocked} from '../../../scripts/core/ports.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'
import {contentsContract} from '../contract/contents.js'
import {anEntry, journalContract, keysOf, PLAN} from '../contract/journal.js'
import {lockContract} from '../contract/lock.js'
import {aManifest, manifestContract} from '../contract/manifests.js'
import {stateContract} from '../contract/state.js'
import {aRedisStore} from './a-redis-store.js'

describeRedis('the store on Redis', () => {
  const redis = aRedis()
  const aStore = () => aRedisStore(redis())
  const TEXT = '{"format":1}'

  stateContract('on Redis', aStore)
  lockContract('on Redis', aStore)
  manifestContract('on Redis', aStore)
  journalContract('on Redis', aStore)
  contentsContract('on Redis', aStore)

  it('keeps the newest 32 states and goes on counting', async () => {
    const {store, client, prefix} = aStore()
    let state = await store.readState()
    for (let serial = 0; serial < 50; serial++) state = await store.writeState(state, serial)
    const numbers = (await client.hkeys(`${prefix}state`)).filter((field) => field !== 'top').map(Number)
    expect(Math.min(...numbers)).toBe(20)
    expect(numbers).toHaveLength(32)
    expect((await store.readState()).serial).toBe(50)
  })

  it('a version that was pruned is never made a second time', async () => {
    const {store} = aStore()
    for (let version = 1; version <= 201; version++) await store.writeManifest(aManifest(version))
    await expect(store.writeManifest(aManifest(1))).rejects.toMatchObject({expectedSerial: 0, foundSerial: 201})
  })

  it.each(['document', 'asset'] as const)('a changed %s is damaged, and writing it again mends it', async (kind) => {
    const {store, client, prefix} = aStore()
    const digest = sha256(TEXT)
    const [read, write] =
      kind === 'document'
        ? [() => store.readDocument(digest), () => store.writeDocument(digest, TEXT)]
        : [() => store.readAsset(digest), () => store.writeAsset(digest, Buffer.from(TEXT))]
    await write()
    await client.set(`${prefix}${kind}:${digest}`, TEXT.slice(1))
    await expect(read()).rejects.toThrow(StoreDamaged)
    await write()
    expect(String(await read())).toBe(TEXT)
  })

  it('an asset keeps every byte, those that are no text too', async () => {
    const {store} = aStore()
    const bytes = Uint8Array.from({length: 70_000}, (_, index) => (index * 7) % 256)
    await store.writeAsset(sha256(bytes), bytes)
    expect(Buffer.compare((await store.readAsset(sha256(bytes))) ?? Buffer.alloc(0), bytes)).toBe(0)
  })

  it('a broken line makes a journal untrusted', async () => {
    const {store, client, prefix} = aStore()
    for (const key of ['k/1', 'k/2', 'k/3']) await store.appendJournal(anEntry(key))
    await client.lset(`${prefix}journal:${PLAN}`, 1, '{"at":1')
    await expect(store.readJournal(PLAN)).rejects.toThrow(/line 2: it is not complete JSON/)
  })

  it('journal lines that arrive together lose nothing', async () => {
    const {open} = aStore()
    await Promise.all(Array.from({length: 20}, (_, index) => open().appendJournal(anEntry(`k/${index}`))))
    expect(new Set(keysOf(await open().readJournal(PLAN))).size).toBe(20)
  })

  it('an entry taken out of the audit is missed', async () => {
    const {store, client, prefix} = aStore()
    for (const what of ['w0', 'w1', 'w2']) await store.appendAudit({atMs: 1, what, who: 'lin', details: {}})
    await client.hdel(`${prefix}audit`, '2')
    await expect(store.readAudit()).rejects.toThrow('entry 2 is missing')
  })

  it('a holder whose lock somebody deleted writes no more', async () => {
    const {store, client, prefix} = aStore()
    const state = await store.readState()
    await store.lock('one', 60_000)
    await client.del(`${prefix}lock`)
    await expect(store.writeState(state, 0)).rejects.toThrow(/the lock was removed/)
    await expect(store.appendJournal(anEntry('k/1'))).rejects.toThrow(StoreLocked)
  })

  it('a lock that was given back binds its former holder no longer', async () => {
    const {store, open} = aStore()
    const state = await store.readState()
    await (await store.lock('one', 60_000)).release()
    await open().lock('two', 60_000)
    await expect(store.writeState(state, 0)).resolves.toMatchObject({serial: 1})
  })

  it('takeover and write at the same moment never both succeed with the old fence', async () => {
    const {open, clock} = aStore()
    for (let round = 0; round < 20; round++) {
      const [old, next] = [open(), open()]
      const state = await old.readState()
      await old.lock('old', 1000)
      clock.advance(1000)
      const [, written] = await Promise.allSettled([next.lock('next', 1000), old.writeState(state, state.serial)])
      const after = await next.readState()
      expect(after.serial).toBe(state.serial + (written.status === 'fulfilled' ? 1 : 0))
      await expect(old.writeState(after, after.serial)).rejects.toThrow('locked by next')
      clock.advance(1000)
    }
  })

  it('two companies on one Redis know nothing of each other', async () => {
    const [one, other] = [aStore(), aStore()]
    await one.store.lock('one', 60_000)
    await one.store.writeManifest(aManifest(1))
    await expect(other.store.lock('other', 60_000)).resolves.toMatchObject({fence: 1})
    expect(await other.store.readManifest()).toBeNull()
  })
})
