import {generateKeyPairSync} from 'node:crypto'
import {describe, expect, it} from '@jest/globals'
import {type BundleContent, BundleRefused, openBundle} from '../../scripts/core/release/bundle.js'
import {signManifest, verifyManifest} from '../../scripts/core/release/manifest.js'
import {makeBundle} from '../../scripts/pipeline/bundle.js'
import {
  aManifest,
  aWorld,
  createFakeStore,
  putRelease,
  sign,
  START_MS,
  textsOf,
  type World,
  type WorldOptions,
} from './a-responder.js'

const aPair = () =>
  generateKeyPairSync('ed25519', {
    publicKeyEncoding: {type: 'spki', format: 'pem'},
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
  })
const KEYS = aPair()

const saying = (text: string) => ({'templates/hello.yaml': {title: '问候', text}})

/** An emergency file of a store that says this, in the given version. */
async function aBundle(text: string, version = 1): Promise<string> {
  const store = createFakeStore()
  store.manifest = sign(aManifest({version, ...putRelease(store, saying(text))}))
  const made = await makeBundle(store.port, KEYS.privateKey)
  if (made === null) throw new Error('nothing to bundle')
  return made.text
}

/** No store, no network: everything outside hangs. */
const startAlone = (bundle: string | Error, options: WorldOptions = {}): Promise<World> =>
  aWorld({
    isStoreHanging: true,
    store: createFakeStore(),
    ports: {
      fetchLivePicture: () => new Promise(() => undefined),
      readBundle: () =>
        bundle instanceof Error
          ? Promise.reject(bundle)
          : Promise.resolve().then(() => openBundle(bundle, KEYS.publicKey)),
    },
    ...options,
  })

describe('a start without any network', () => {
  it('from an emergency file is ready within five seconds and says what the file says', async () => {
    const world = await startAlone(await aBundle('应急欢迎语'))
    expect(world.clock.nowMs() - START_MS).toBeLessThanOrEqual(5000)
    expect((await world.responder.app.inject('/readyz')).statusCode).toBe(200)
    await world.deliver()
    expect(textsOf(world)).toEqual(['应急欢迎语'])
  })

  it('from its own disk takes the file only when that is newer', async () => {
    const before = await aWorld({changes: saying('磁盘上的')})
    before.publish({version: 5})
    await before.clock.advance(15_000)
    const older = await startAlone(await aBundle('旧的应急', 4), {disk: before.disk})
    await older.deliver({customer: 'wm2', code: 'C2'})
    expect(textsOf(older)).toEqual(['磁盘上的'])
    expect(older.counter('refused_lower-version')).toBe(1)
    const newer = await startAlone(await aBundle('新的应急', 6), {disk: before.disk})
    await newer.deliver({customer: 'wm3', code: 'C3'})
    expect(textsOf(newer)).toEqual(['新的应急'])
  })

  it('with a file that cannot be believed starts all the same, and says so', async () => {
    const world = await startAlone((await aBundle('应急欢迎语')).replace('应急欢迎语', '去别处付款'))
    expect(world.counter('bundle_refused')).toBe(1)
    await world.deliver()
    expect(world.lastOutcome()).toMatchObject({lessBecause: 'no-release'})
  })

  it('with a file that is not there starts all the same', async () => {
    const world = await startAlone(new Error('ENOENT'))
    expect(world.counter('bundle_refused')).toBe(1)
  })

  it('what the file brought is on disk for the next start once the store is back', async () => {
    const world = await startAlone(await aBundle('应急欢迎语'))
    world.store.isHanging = false
    await world.clock.advance(15_000)
    expect(world.disk.lastGood?.signed.manifest.version).toBe(1)
  })
})

describe('an emergency file', () => {
  const open = (text: string) => () => openBundle(text, KEYS.publicKey)

  it.each([
    ['another key', async () => [await aBundle('x'), aPair().publicKey] as const, 'bad-signature'],
    ['half a file', async () => [(await aBundle('x')).slice(0, -100), KEYS.publicKey] as const, 'not-a-bundle'],
    ['no JSON object', () => Promise.resolve(['[]', KEYS.publicKey] as const), 'not-a-bundle'],
    ['nothing', () => Promise.resolve(['', KEYS.publicKey] as const), 'not-a-bundle'],
  ])('is refused for %s', async (_what, make, reason) => {
    const [text, key] = await make()
    expect(() => openBundle(text, key)).toThrow(new BundleRefused(reason as BundleRefused['reason']))
  })

  it('is refused when a document, a medium or the manifest in it was changed', async () => {
    const file = JSON.parse(await aBundle('原文')) as BundleContent & {signature: string}
    const changed = (part: Partial<BundleContent>) => open(JSON.stringify({...file, ...part}))
    const [digest = '', document = ''] = Object.entries(file.documents)[0] ?? []
    expect(changed({documents: {...file.documents, [digest]: `${document} `}})).toThrow(
      new BundleRefused('wrong-digest'),
    )
    expect(changed({documents: {}})).toThrow(new BundleRefused('bad-signature'))
    const medium = {sha256: digest, use: 'image' as const, value: 'theirs', uploadedAtMs: 0}
    expect(changed({media: [medium]})).toThrow(new BundleRefused('bad-signature'))
    const manifest = {...file.signed.manifest, version: 99}
    expect(changed({signed: {...file.signed, manifest}})).toThrow(new BundleRefused('bad-signature'))
  })

  it('is not made of a store that lacks a document', async () => {
    const store = createFakeStore()
    store.manifest = sign(aManifest({stable: 'a'.repeat(64)}))
    await expect(makeBundle(store.port, KEYS.privateKey)).rejects.toThrow(/is damaged: it is missing/)
  })

  it('is not made before anything was published', async () => {
    expect(await makeBundle(createFakeStore().port, KEYS.privateKey)).toBeNull()
  })

  it('signs nothing that could pass for a manifest', async () => {
    const {signed, signature} = JSON.parse(await aBundle('x')) as BundleContent & {signature: string}
    const own = signManifest(signed.manifest, KEYS.privateKey)
    expect(verifyManifest(own, KEYS.publicKey)).toBe(true)
    expect(verifyManifest({...own, signature}, KEYS.publicKey)).toBe(false)
  })
})
