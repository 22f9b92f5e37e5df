import {describe, expect, it} from '@jest/globals'
import type {Manifest, SignedManifest} from '../../scripts/core/model/release.js'
import {StoreConflict, StoreDamaged} from '../../scripts/core/ports.js'
import {signManifest, verifyManifest} from '../../scripts/core/release/manifest.js'
import {MANIFEST_TTL_MS, publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {aKeyPair} from './apply-world.js'
import {createFakeClock} from './fake-clock.js'
import {createMemoryStore} from './memory-store.js'

const KEY = aKeyPair()
const CANARY = {digest: 'c'.repeat(64), perMyriad: 500, salt: 's', maxPeople: 200}
const aManifest = (changes: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  lineage: 'lineage-1',
  version: 3,
  issuedAtMs: 1,
  expiresAtMs: 2,
  stable: 'a'.repeat(64),
  canary: CANARY,
  directory: null,
  lockdown: [],
  ...changes,
})

describe('a signed manifest', () => {
  const signed = signManifest(aManifest(), KEY.privateKeyPem)

  it('holds for its key, whatever the order of its fields', () => {
    const reversed: unknown = Object.fromEntries(Object.entries(signed.manifest).reverse())
    const shuffled = reversed as Manifest
    expect(verifyManifest(signed, KEY.publicKeyPem)).toBe(true)
    expect(verifyManifest({...signed, manifest: shuffled}, KEY.publicKeyPem)).toBe(true)
  })

  it.each([
    ['version', {version: 4}],
    ['expiry', {expiresAtMs: 3}],
    ['stable', {stable: null}],
    ['share', {canary: {...CANARY, perMyriad: 501}}],
    ['lineage', {lineage: 'other'}],
    ['lockdown', {lockdown: [{scope: 'corp', mode: 'silent'}]}],
  ] as const)('does not hold once its %s was changed', (_field, changes) => {
    expect(verifyManifest({...signed, manifest: aManifest(changes)}, KEY.publicKeyPem)).toBe(false)
  })

  it.each([
    ['of another key', signManifest(aManifest(), aKeyPair().privateKeyPem).signature],
    ['cut short', signed.signature.slice(0, -4)],
    ['with something behind it', `${signed.signature} `],
    ['empty', ''],
  ])('does not hold with a signature %s', (_how, signature) => {
    expect(verifyManifest({...signed, signature}, KEY.publicKeyPem)).toBe(false)
  })

  it('anything of another shape does not hold and throws nothing', () => {
    for (const other of [{}, {manifest: signed.manifest}, {manifest: undefined, signature: 5}])
      expect(verifyManifest(other as SignedManifest, KEY.publicKeyPem)).toBe(false)
  })
})

describe('publishing', () => {
  const setUp = () => ({store: createMemoryStore(), clock: createFakeClock()})
  const request = {privateKeyPem: KEY.privateKeyPem, who: 'test'}

  it('begins at version 1 and lives seven days unless told otherwise', async () => {
    const ports = setUp()
    const {manifest} = await publishManifest(ports, {stable: 'a'.repeat(64)}, request)
    expect(manifest).toMatchObject({version: 1, lineage: 'lineage-1', canary: null, lockdown: []})
    expect(manifest.expiresAtMs - manifest.issuedAtMs).toBe(MANIFEST_TTL_MS)
    const next = await publishManifest(ports, {}, {...request, ttlMs: 1000})
    expect(next.manifest.expiresAtMs - next.manifest.issuedAtMs).toBe(1000)
  })

  it('keeps what is not changed and tells apart "nothing" and "not said"', async () => {
    const ports = setUp()
    await publishManifest(ports, {stable: 'a'.repeat(64), canary: CANARY, directory: 'd'.repeat(64)}, request)
    const {manifest} = await publishManifest(ports, {lockdown: [{scope: 'corp', mode: 'silent'}]}, request)
    expect(manifest).toMatchObject({version: 2, stable: 'a'.repeat(64), canary: CANARY, directory: 'd'.repeat(64)})
    expect((await publishManifest(ports, {canary: null}, request)).manifest.canary).toBeNull()
  })

  it('two at once both come through, one building on the other', async () => {
    const ports = setUp()
    await Promise.all([
      publishManifest(ports, {stable: 'a'.repeat(64)}, request),
      publishManifest(ports, {directory: 'd'.repeat(64)}, request),
    ])
    expect((await ports.store.readManifest())?.manifest).toMatchObject({
      version: 2,
      stable: 'a'.repeat(64),
      directory: 'd'.repeat(64),
    })
  })

  it('uses no version again whose manifest was damaged', async () => {
    const ports = setUp()
    let isFirst = true
    ports.store.beforeWrite = (what) => {
      if (what !== 'manifest' || !isFirst) return
      isFirst = false
      throw new StoreConflict(0, 7)
    }
    expect((await publishManifest(ports, {}, request)).manifest.version).toBe(8)
  })

  it('does not build on a manifest nobody trusted signed, except while keys are changed', async () => {
    const ports = setUp()
    await publishManifest(ports, {stable: 'a'.repeat(64)}, request)
    const next = {...request, privateKeyPem: aKeyPair().privateKeyPem}
    await expect(publishManifest(ports, {}, next)).rejects.toThrow(StoreDamaged)
    const changing = {...next, alsoTrusted: [KEY.publicKeyPem]}
    expect((await publishManifest(ports, {}, changing)).manifest.version).toBe(2)
  })

  it('does not build on a manifest of another lineage', async () => {
    const ports = setUp()
    await ports.store.writeManifest(signManifest(aManifest({lineage: 'other'}), KEY.privateKeyPem))
    await expect(publishManifest(ports, {}, request)).rejects.toThrow(/of lineage other/)
  })

  it('nothing is heard that the audit does not know of', async () => {
    const ports = setUp()
    ports.store.beforeWrite = (what) => {
      if (what === 'audit') throw new Error('disk full')
    }
    await expect(publishManifest(ports, {}, request)).rejects.toThrow('disk full')
    expect(await ports.store.readManifest()).toBeNull()
  })
})
