import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Lockdown} from '../../scripts/core/model/release.js'
import {changeLockdown, isNoChange, type LockdownChange} from '../../scripts/core/observe/change-lockdown.js'
import {parseScope, renderScope} from '../../scripts/core/observe/scope.js'
import {isManifestShape} from '../../scripts/core/respond/check-manifest.js'
import {findLockdown, findNotice} from '../../scripts/core/respond/find-lockdown.js'
import {StoreDamaged} from '../../scripts/core/ports.js'
import {type LockdownOutcome, switchLockdown} from '../../scripts/pipeline/lockdown.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {RELEASE_KEY} from '../apply/apply-world.js'
import type {ConfigParts} from '../apply/a-config.js'
import {saying, Shop} from './a-shop.js'

const SIGNING = {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'tang-lei', reason: '域名被劫持'}
const on = (scope: Lockdown['scope'], more: Partial<Lockdown> = {}): LockdownChange => ({
  turn: 'on',
  entry: {scope, mode: 'text-only', ...more},
})
const off = (scope: Lockdown['scope'] | null = null): LockdownChange => ({turn: 'off', scope})
const turn = (shop: Shop, change: LockdownChange): Promise<LockdownOutcome> => switchLockdown(shop, change, SIGNING)
const aShop = (): Promise<Shop> => new Shop().promoteAll(saying('您好 m.hehejj.example'))

describe('a kill switch', () => {
  it('is a higher version; stable release and canary stay as they are, and responders honour it', async () => {
    const shop = await aShop()
    const canary = {digest: 'e'.repeat(64), perMyriad: 500, salt: 's', maxPeople: 10}
    await publishManifest(shop, {canary}, SIGNING)
    const before = await shop.manifest()
    expect(await turn(shop, on('corp', {mode: 'silent'}))).toMatchObject({kind: 'done', version: before.version + 1})
    const after = await shop.manifest()
    expect(after).toMatchObject({stable: before.stable, canary, directory: before.directory})
    expect(isManifestShape(after)).toBe(true)
    expect(findLockdown(after.lockdown, {departments: [], atMs: 0})).toBe('silent')
  })

  it('turned on twice is published once; with another mode it is the one switch with the new mode', async () => {
    const shop = await aShop()
    await turn(shop, on('corp'))
    const {version} = await shop.manifest()
    expect(await turn(shop, on('corp'))).toMatchObject({kind: 'already', version})
    expect(await turn(shop, on('corp', {mode: 'silent'}))).toMatchObject({
      kind: 'done',
      lockdown: [{scope: 'corp', mode: 'silent'}],
    })
  })

  it('off lifts its scope alone, without a scope it lifts all', async () => {
    const shop = await aShop()
    await turn(shop, on('corp'))
    await turn(shop, on({host: 'm.hehejj.example'}))
    expect(await turn(shop, off('corp'))).toMatchObject({lockdown: [{scope: {host: 'm.hehejj.example'}}]})
    expect(await turn(shop, off())).toMatchObject({kind: 'done', lockdown: []})
    expect(await turn(shop, off())).toMatchObject({kind: 'already'})
  })

  it('is audited with who and why', async () => {
    const shop = await aShop()
    await turn(shop, on('corp'))
    expect((await shop.store.readAudit()).at(-1)).toMatchObject({
      what: 'manifest-signed',
      who: 'tang-lei',
      details: {reason: '域名被劫持', changed: 'lockdown', lockdown: 1},
    })
  })

  it('can be turned on while an apply holds the lock', async () => {
    const shop = await aShop()
    await shop.store.lock('apply', 1000)
    expect(await turn(shop, on('corp'))).toMatchObject({kind: 'done'})
  })

  it('can be turned on before any release was promoted', async () => {
    expect(await turn(new Shop(), on('corp', {mode: 'silent'}))).toMatchObject({kind: 'done', version: 1})
  })

  it('turned by two people at once loses neither', async () => {
    const shop = await aShop()
    await Promise.all([turn(shop, on('corp')), turn(shop, on({department: '/总部'}))])
    expect((await shop.manifest()).lockdown.map(({scope}) => renderScope(scope))).toEqual(['corp', 'department:/总部'])
  })

  it('ends by itself at its time, and a later change drops it', async () => {
    const shop = await aShop()
    await turn(shop, on('corp', {untilMs: shop.clock.nowMs() + 1000}))
    shop.clock.advance(1000)
    expect(await turn(shop, on({department: '/总部'}))).toMatchObject({lockdown: [{scope: {department: '/总部'}}]})
  })
})

describe('a switch that would hit nobody', () => {
  it('for a template that no release has is refused, with the one that is meant', async () => {
    const shop = await aShop()
    const {version} = await shop.manifest()
    expect(await turn(shop, on({template: 'helo'}))).toMatchObject({
      kind: 'refused',
      fix: {en: expect.stringContaining('"hello"')},
    })
    expect((await shop.manifest()).version).toBe(version)
    expect(await turn(shop, on({template: 'hello'}))).toMatchObject({kind: 'done', remarks: []})
  })

  it.each([
    ['a department', {department: '/没有'}],
    ['a host', {host: 'other.example'}],
  ] as const)('for %s that nothing knows is turned on with a remark', async (_what, scope) => {
    expect(await turn(await aShop(), on(scope))).toMatchObject({kind: 'done', remarks: [{}]})
  })

  it('is turned on all the same while the store cannot be read', async () => {
    const shop = await aShop()
    shop.store.readDocument = () => Promise.reject(new StoreDamaged('documents', 'does not fit'))
    expect(await turn(shop, on({template: 'helo'}))).toMatchObject({kind: 'done', remarks: [{}]})
  })
})

it('a switch whose end is over is refused', async () => {
  const shop = await aShop()
  expect(await turn(shop, on('corp', {untilMs: shop.clock.nowMs()}))).toMatchObject({kind: 'refused'})
})

describe('scopes', () => {
  it.each([
    ['corp', 'corp'],
    ['department:/总部/门店', {department: '/总部/门店'}],
    ['template:south/store', {template: 'south/store'}],
    ['host:M.HeHeJJ.example', {host: 'm.hehejj.example'}],
    ['department:总部', null],
    ['department:/', null],
    ['host:https://m.example', null],
    ['host:m.example/path', null],
    ['host:', null],
    ['member:zhang.san', null],
    ['all', null],
    ['', null],
  ])('%s', (written, scope) => {
    expect(parseScope(written)).toEqual(scope)
  })

  const scopes = fc.constantFrom<Lockdown['scope']>('corp', {department: '/a'}, {template: 'a'}, {host: 'a.example'})
  const entries = fc.record({
    scope: scopes,
    mode: fc.constantFrom('text-only' as const, 'silent' as const),
    untilMs: fc.constantFrom(1, 2, 3),
  })
  it('a change made twice is the change made once, and one switch stands for one scope', () => {
    fc.assert(
      fc.property(
        fc.array(entries),
        entries.filter(({untilMs}) => untilMs > 2),
        fc.boolean(),
        (last, entry, isOn) => {
          const change: LockdownChange = isOn ? {turn: 'on', entry} : off(entry.scope)
          const next = changeLockdown(last, change, 2)
          expect(isNoChange(next, change, 2)).toBe(true)
          expect(changeLockdown(next, change, 2)).toEqual(next)
          const same = next.filter(({scope}) => renderScope(scope) === renderScope(entry.scope))
          expect(same).toEqual(isOn ? [entry] : [])
        },
      ),
    )
  })
})

describe('a pinned notice', () => {
  const NOTICE: ConfigParts = {
    templates: {
      hello: {title: 't', text: '您好 m.hehejj.example'},
      notice: {title: '公告', text: '今日系统维护，请稍后联系。'},
      rich: {title: '带图', text: 'x', fallback: 'x', attachments: [{type: 'image', file: 'assets/a.png'}]},
    },
    assets: {'assets/a.png': 'a'},
  }
  const pinned = (scope: Lockdown['scope'], notice = 'notice'): LockdownChange => on(scope, {mode: 'pinned', notice})

  it('is published by name, when every release that is heard holds it as plain text', async () => {
    const shop = await new Shop().promoteAll(NOTICE)
    expect(await turn(shop, pinned('corp'))).toMatchObject({
      kind: 'done',
      lockdown: [{scope: 'corp', mode: 'pinned', notice: 'notice'}],
    })
    expect(isManifestShape(await shop.manifest())).toBe(true)
  })

  it.each([
    ['is not there', 'notise', '是否想写「notice」'],
    ['has attachments', 'rich', '只有文字'],
  ])('is refused where the template %s', async (_what, notice, fix) => {
    const shop = await new Shop().promoteAll(NOTICE)
    const {version} = await shop.manifest()
    const refused = await turn(shop, pinned('corp', notice))
    expect(refused).toMatchObject({kind: 'refused', fix: {zh: expect.stringContaining(fix)}})
    expect((await shop.manifest()).version).toBe(version)
  })

  it('is refused where it names the very host that is switched off', async () => {
    const shop = await new Shop().promoteAll(NOTICE)
    expect(await turn(shop, pinned({host: 'm.hehejj.example'}, 'hello'))).toMatchObject({kind: 'refused'})
  })

  it('is refused while a canary is heard that does not hold it', async () => {
    const shop = await new Shop().promoteAll(saying('没有公告'), NOTICE)
    const [first] = (await shop.state()).promoted
    const canary = {digest: first?.digest ?? '', perMyriad: 500, salt: 's', maxPeople: 10}
    await publishManifest(shop, {canary}, SIGNING)
    expect(await turn(shop, pinned('corp'))).toMatchObject({kind: 'refused'})
  })

  it('of the narrowest scope counts, and of departments the deepest', () => {
    const list: Lockdown[] = [
      {scope: 'corp', mode: 'pinned', notice: 'corp'},
      {scope: {department: '/总部'}, mode: 'pinned', notice: 'wide'},
      {scope: {department: '/总部/门店'}, mode: 'pinned', notice: 'deep'},
      {scope: {template: 'hello'}, mode: 'pinned', notice: 'one'},
    ]
    const at = (departments: readonly string[], templateId: string | null = null) =>
      findNotice(list, {departments, templateId, atMs: 0})
    expect([at([]), at(['/总部/市场']), at(['/总部/门店/天河']), at(['/总部/门店'], 'hello')]).toEqual([
      'corp',
      'wide',
      'deep',
      'one',
    ])
  })
})
