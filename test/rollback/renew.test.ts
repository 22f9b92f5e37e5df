import {describe, expect, it} from '@jest/globals'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {renewManifest} from '../../scripts/pipeline/renew.js'
import {RELEASE_KEY} from '../apply/apply-world.js'
import {saying, Shop} from './a-shop.js'

const DAY_MS = 86_400_000
const SIGNING = {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'renew'}
const LOCKDOWN = [{scope: 'corp', mode: 'text-only'}] as const

/** A release that was promoted just now. */
async function aShop(): Promise<Shop> {
  const shop = await new Shop().promoteAll(saying('您好'))
  await publishManifest(shop, {lockdown: LOCKDOWN}, SIGNING)
  return shop
}

describe('renewing', () => {
  it('gives what is said another week under a higher version, and changes nothing of it', async () => {
    const shop = await aShop()
    const before = await shop.manifest()
    shop.clock.advance(3 * DAY_MS)
    expect(await renewManifest(shop, SIGNING)).toMatchObject({kind: 'renewed', version: before.version + 1})
    const {version, issuedAtMs, expiresAtMs, ...content} = await shop.manifest()
    expect({...before, ...content}).toEqual(before)
    expect([version, expiresAtMs - issuedAtMs]).toEqual([before.version + 1, 7 * DAY_MS])
  })

  it('once a day is enough: what is fresh is left as it is', async () => {
    const shop = await aShop()
    const {version} = await shop.manifest()
    shop.clock.advance(DAY_MS - 1)
    expect(await renewManifest(shop, SIGNING)).toMatchObject({kind: 'fresh', version})
    shop.clock.advance(1)
    expect(await renewManifest(shop, SIGNING)).toMatchObject({kind: 'renewed'})
  })

  it('carries a canary on as it was begun', async () => {
    const shop = await aShop()
    await publishManifest(shop, {canary: {digest: 'e'.repeat(64), perMyriad: 500, salt: 's', maxPeople: 10}}, SIGNING)
    const {canary, version} = await shop.manifest()
    shop.clock.advance(2 * DAY_MS)
    await renewManifest(shop, SIGNING)
    expect(canary?.since?.version).toBe(version)
    expect(await shop.manifest()).toMatchObject({version: version + 1, canary})
  })

  it('brings one back that had expired', async () => {
    const shop = await aShop()
    shop.clock.advance(30 * DAY_MS)
    await renewManifest(shop, SIGNING)
    expect((await shop.manifest()).expiresAtMs).toBe(shop.clock.nowMs() + 7 * DAY_MS)
  })

  it('has nothing to do before anything was published', async () => {
    expect(await renewManifest(new Shop(), SIGNING)).toEqual({kind: 'nothing'})
  })
})
