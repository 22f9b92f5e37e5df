import {describe, expect, it} from '@jest/globals'
import {checkManifest} from '../../scripts/core/respond/check-manifest.js'
import {verifyManifest} from '../../scripts/core/release/manifest.js'
import {StoreConflict, StoreDamaged} from '../../scripts/core/ports.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {RELEASE_KEY} from '../apply/apply-world.js'
import {OTHER_KEY, saying, Shop, WITH_CODE} from './a-shop.js'

const SIGNING = {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'canary'}
const three = (): Promise<Shop> => new Shop().promoteAll(saying('一'), saying('二'), saying('三'))
const digestOf = (shop: Shop, number: number): string => shop.digests[number - 1] ?? ''

describe('a rollback', () => {
  it('is a higher manifest version with old content, which a responder takes over', async () => {
    const shop = await three()
    const before = await shop.store.readManifest()
    const outcome = await shop.rollBack({by: 'number', number: 1})
    const signed = await shop.store.readManifest()
    if (!before || !signed) throw new Error('there is no manifest')
    expect(outcome).toMatchObject({kind: 'done', to: {number: 1}, away: [digestOf(shop, 3)]})
    expect(signed.manifest).toMatchObject({
      version: before.manifest.version + 1,
      stable: digestOf(shop, 1),
      canary: null,
    })
    expect(
      checkManifest(signed.manifest, {
        isSigned: verifyManifest(signed, RELEASE_KEY.publicKeyPem),
        running: before,
        signature: signed.signature,
      }),
    ).toBe('newer')
    expect(await shop.store.readDocument(signed.manifest.stable ?? '')).toContain('一')
  })

  it('keeps the directory and the kill switches as they are', async () => {
    const shop = await three()
    await publishManifest(shop, {lockdown: [{scope: 'corp', mode: 'text-only'}]}, SIGNING)
    const before = await shop.manifest()
    await shop.rollBack({by: 'previous'})
    const {directory, lockdown} = await shop.manifest()
    expect([directory, lockdown]).toEqual([before.directory, before.lockdown])
  })

  it('touches nothing in WeCom, and names the codes that the old release does not know', async () => {
    const shop = await new Shop().promoteAll(saying('一'), saying('二', WITH_CODE))
    const calls = shop.wecom.calls.length
    expect(await shop.rollBack({by: 'previous'})).toMatchObject({kind: 'done', strangers: ['store']})
    expect([shop.wecom.calls.length, shop.wecom.ways.size]).toEqual([calls, 1])
  })

  it('ends the canary of another release, which stays free to be tried again', async () => {
    const shop = await three()
    const canary = {digest: 'e'.repeat(64), perMyriad: 500, salt: 's', maxPeople: 10}
    await publishManifest(shop, {canary}, SIGNING)
    expect(await shop.rollBack({by: 'previous'})).toMatchObject({endedCanary: canary.digest, away: [digestOf(shop, 3)]})
    expect((await shop.manifest()).canary).toBeNull()
    expect((await shop.state()).quarantined).toEqual([digestOf(shop, 3)])
  })

  it('to what is stable while a canary runs ends the canary and quarantines its release', async () => {
    const shop = await three()
    await publishManifest(shop, {canary: {digest: 'e'.repeat(64), perMyriad: 500, salt: 's', maxPeople: 10}}, SIGNING)
    expect(await shop.rollBack({by: 'number', number: 3})).toMatchObject({kind: 'done', away: ['e'.repeat(64)]})
    expect(await shop.state()).toMatchObject({stable: digestOf(shop, 3), quarantined: ['e'.repeat(64)], pending: null})
  })

  it('is written into the audit with who, why, from and to', async () => {
    const shop = await three()
    await shop.rollBack({by: 'number', number: 2})
    const {version} = await shop.manifest()
    expect((await shop.store.readAudit()).slice(-2)).toMatchObject([
      {what: 'manifest-signed', who: 'wu-hao', details: {version, reason: '链接打不开'}},
      {
        what: 'rolled-back',
        who: 'wu-hao',
        details: {reason: '链接打不开', from: digestOf(shop, 3), to: digestOf(shop, 2), toNumber: 2, version},
      },
    ])
  })

  it('to what is said already changes nothing', async () => {
    const shop = await three()
    await shop.rollBack({by: 'number', number: 2})
    const [state, {version}, audit] = [await shop.state(), await shop.manifest(), await shop.store.readAudit()]
    expect(await shop.rollBack({by: 'number', number: 2})).toMatchObject({kind: 'already', version})
    expect([await shop.state(), (await shop.manifest()).version, await shop.store.readAudit()]).toEqual([
      state,
      version,
      audit,
    ])
  })

  it('goes further back when asked for the previous one again', async () => {
    const shop = await three()
    await shop.rollBack({by: 'previous'})
    expect(await shop.rollBack({by: 'previous'})).toMatchObject({to: {number: 1}})
    expect(await shop.rollBack({by: 'previous'})).toMatchObject({kind: 'refused'})
  })

  it('that was the mistake is taken back by choosing the release itself', async () => {
    const shop = await three()
    await shop.rollBack({by: 'number', number: 2})
    expect(await shop.rollBack({by: 'number', number: 3})).toMatchObject({kind: 'done', to: {number: 3}})
    expect(await shop.state()).toMatchObject({stable: digestOf(shop, 3), quarantined: []})
  })

  it('forward says nothing against what was gone back to meanwhile, which may be gone back to again', async () => {
    const shop = await three()
    await shop.rollBack({by: 'previous'})
    await shop.rollBack({by: 'number', number: 3})
    expect(await shop.rollBack({by: 'previous'})).toMatchObject({kind: 'done', to: {number: 2}})
  })
})

describe('what is refused', () => {
  it('an unknown number, with those to choose from', async () => {
    const shop = await three()
    const {version} = await shop.manifest()
    const outcome = await shop.rollBack({by: 'number', number: 9})
    expect(outcome).toMatchObject({kind: 'refused', choices: [{number: 3}, {number: 2}, {number: 1}]})
    expect((await shop.manifest()).version).toBe(version)
  })

  it('a release that no canary ever promoted', async () => {
    const shop = await three()
    const {plan} = await shop.plan(saying('四'))
    expect(await shop.rollBack({by: 'digest', digest: plan.release.after})).toMatchObject({kind: 'refused'})
  })

  it.each([
    ['is missing', () => Promise.resolve(null)],
    ['is damaged', () => Promise.reject(new StoreDamaged('documents', 'does not fit'))],
    ['is no JSON', () => Promise.resolve('{')],
  ])('a release whose document %s', async (_what, answer) => {
    const shop = await three()
    const {version} = await shop.manifest()
    const read = shop.store.readDocument
    shop.store.readDocument = (digest) => (digest === digestOf(shop, 1) ? answer() : read(digest))
    expect(await shop.rollBack({by: 'number', number: 1})).toMatchObject({kind: 'refused'})
    expect((await shop.manifest()).version).toBe(version)
  })

  it('a store without the directory, since no responder could take the manifest over', async () => {
    const shop = await three()
    const {directory} = await shop.manifest()
    const read = shop.store.readDocument
    shop.store.readDocument = (digest) => (digest === directory ? Promise.resolve(null) : read(digest))
    expect(await shop.rollBack({by: 'number', number: 1})).toMatchObject({kind: 'refused'})
  })

  it('a key that is not the one of the store', async () => {
    const shop = await three()
    await expect(shop.rollBack({by: 'number', number: 1}, OTHER_KEY.privateKeyPem)).rejects.toThrow('trusted')
  })

  it('a store that an apply holds', async () => {
    const shop = await three()
    await shop.store.lock('apply', 1000)
    await expect(shop.rollBack({by: 'previous'})).rejects.toThrow('locked by apply')
  })
})

describe('a rollback that is cut short', () => {
  it('between manifest and state is finished by running it again, under the same version', async () => {
    const shop = await three()
    shop.store.beforeWrite = (what) => {
      if (what === 'state') throw new Error('killed')
    }
    await expect(shop.rollBack({by: 'number', number: 1})).rejects.toThrow('killed')
    shop.store.beforeWrite = () => undefined
    const {version, stable} = await shop.manifest()
    expect(stable).toBe(digestOf(shop, 1))
    expect(await shop.rollBack({by: 'number', number: 1})).toMatchObject({
      kind: 'done',
      version,
      away: [digestOf(shop, 3)],
    })
    expect(await shop.state()).toMatchObject({stable: digestOf(shop, 1), quarantined: [digestOf(shop, 3)]})
  })

  it('by a state somebody else wrote keeps both', async () => {
    const shop = await three()
    let isFirst = true
    shop.store.beforeWrite = (what) => {
      if (what !== 'state' || !isFirst) return
      isFirst = false
      throw new StoreConflict(0, 1)
    }
    await shop.rollBack({by: 'previous'})
    expect((await shop.state()).stable).toBe(digestOf(shop, 2))
  })
})

describe('after a rollback', () => {
  it('a plan for the present configuration says what differs, and that this release is held', async () => {
    const shop = await three()
    await shop.rollBack({by: 'previous'})
    const {plan} = await shop.plan(saying('三'))
    expect(plan.steps.map(({key}) => key)).toEqual(['release/stable'])
    expect(plan.changes).toMatchObject([{part: 'templates', id: 'hello', action: 'update'}])
    expect(plan.notes.map(({en}) => en).join()).toContain('rolled away from')
  })

  it('deploying the same content again is refused with words, whatever was agreed to', async () => {
    const shop = await three()
    await shop.rollBack({by: 'previous'})
    const {plan} = await shop.plan(saying('三'))
    const expanded = await shop.expand(plan, saying('三'))
    expect(expanded).toMatchObject({kind: 'refused', reason: {zh: expect.stringContaining('隔离')}})
    await shop.promote(plan)
    expect(await shop.rest(plan, saying('三'))).toMatchObject({kind: 'refused'})
    expect((await shop.manifest()).stable).toBe(digestOf(shop, 2))
  })

  it('taking the configuration back leaves nothing to do', async () => {
    const shop = await three()
    await shop.rollBack({by: 'previous'})
    expect((await shop.plan(saying('二'))).plan.steps).toEqual([])
  })

  it('a mended release is deployed as any other', async () => {
    const shop = await three()
    await shop.rollBack({by: 'previous'})
    expect(await shop.ship(saying('三，改好了'))).toMatchObject({kind: 'ran', isComplete: true})
    expect((await shop.state()).promoted.map(({number}) => number)).toEqual([1, 2, 3, 4])
  })

  it('a promotion that was agreed to before does not go on', async () => {
    const shop = await new Shop().promoteAll(saying('一'), saying('二'))
    const {plan} = await shop.plan(saying('三'))
    await shop.expand(plan, saying('三'))
    await shop.promote(plan)
    await shop.rollBack({by: 'previous'})
    expect(await shop.rest(plan, saying('三'))).toMatchObject({kind: 'refused'})
    expect((await shop.manifest()).stable).toBe(digestOf(shop, 1))
  })
})
