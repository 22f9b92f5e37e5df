import {describe, expect, it} from '@jest/globals'
import {StoreLocked} from '../../scripts/core/ports.js'
import {verifyManifest} from '../../scripts/core/release/manifest.js'
import type {ApplyOutcome} from '../../scripts/pipeline/apply.js'
import {aChannel, type ConfigParts} from './a-config.js'
import {aKeyPair, ApplyWorld, firstOf, RELEASE_PUBLIC_KEY} from './apply-world.js'

const SHOP: ConfigParts = {
  templates: {
    hello: {title: '你好', text: '您好', fallback: '您好', attachments: [{type: 'image', file: 'assets/menu.png'}]},
  },
  channels: {tianhe: aChannel({tags: ['来源/门店']})},
  groupWelcomes: {
    vip: {title: 'VIP', text: '欢迎[客户昵称]', attachment: {type: 'file', file: 'assets/rules.pdf', name: '群规.pdf'}},
  },
  roles: {销冠: {may: ['send-link'], wecomTag: '销冠'}},
  grants: [{role: '销冠', to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-1'}],
  assets: {'assets/menu.png': 'a picture', 'assets/rules.pdf': 'some rules'},
}

const statuses = (outcome: ApplyOutcome): Record<string, string> =>
  outcome.kind === 'ran' ? Object.fromEntries(outcome.reports.map(({key, status}) => [key, status])) : {}
const reason = (outcome: ApplyOutcome): string => (outcome.kind === 'refused' ? outcome.reason.en : 'not refused')

describe('apply from nothing', () => {
  it('makes everything once, flips the manifest, and then a second plan is empty', async () => {
    const world = new ApplyWorld()
    const outcome = await world.ship(SHOP)
    expect(outcome).toMatchObject({kind: 'ran', isComplete: true})
    expect(world.wecom.ways.size).toBe(1)
    expect([...world.wecom.welcomes.values()]).toEqual([
      {text: '欢迎%NICKNAME%', part: {type: 'file', mediaId: world.wecom.media[0]}},
    ])
    expect([...world.wecom.memberTags.values()]).toEqual([{name: '销冠', users: new Set(['zhang.san'])}])
    const {plan} = await world.plan(SHOP)
    expect(plan.steps).toEqual([])
    const manifest = await world.store.readManifest()
    expect(manifest?.manifest).toMatchObject({stable: plan.release.after, canary: null, lineage: 'lineage-1'})
    expect(manifest && verifyManifest(manifest, RELEASE_PUBLIC_KEY)).toBe(true)
  })

  it('writes down who agreed to what was promoted', async () => {
    const world = new ApplyWorld()
    const {plan} = await world.plan(SHOP)
    await world.ship(SHOP)
    const state = await world.store.readState()
    expect(state.promoted).toEqual([
      {
        number: 1,
        digest: plan.release.after,
        atMs: world.clock.nowMs(),
        planDigest: plan.digest,
        commit: 'commit-1',
        approvers: ['lin-mkt'],
      },
    ])
    expect(state).toMatchObject({pending: null, underway: null, stable: plan.release.after})
  })

  it('writes down which locks were opened for it, and nothing where there were none', async () => {
    const world = new ApplyWorld()
    world.unlocks = ['template:hello']
    await world.ship(SHOP)
    const [promoted] = (await world.store.readState()).promoted
    expect(promoted?.unlocks).toEqual(['template:hello'])
    expect(promoted?.approvers).toEqual(['lin-mkt'])
  })

  it('expand touches nothing that anybody hears, but for the one thing in twenty that goes first', async () => {
    const world = new ApplyWorld()
    const {plan} = await world.plan(SHOP)
    const outcome = await world.expand(plan, SHOP)
    expect(outcome).toMatchObject({kind: 'ran', isComplete: true})
    expect(await world.store.readManifest()).toBeNull()
    const writes = world.wecom.calls.map(({name}) => name).filter((name) => !name.startsWith('list'))
    expect(new Set(writes)).toEqual(new Set(['uploadPicture', 'uploadMedia', 'addCorpTags', 'addContactWay']))
    expect(world.wecom.ways.size).toBe(1)
    expect(await world.store.readDocument(plan.release.after)).not.toBeNull()
  })

  it('after expand the plan keeps its digest, so its approvals still hold', async () => {
    const world = new ApplyWorld()
    const {plan} = await world.plan(SHOP)
    await world.expand(plan, SHOP)
    await world.promote(plan)
    const again = await world.plan(SHOP)
    expect(again.plan.digest).toBe(plan.digest)
    const [first = ''] = firstOf(plan)
    const tags = plan.steps.find(({key}) => key === first)?.needs ?? []
    const media = plan.steps.filter(({kind}) => kind === 'media').map(({key}) => key)
    expect([...again.done].sort()).toEqual([...media, ...tags, first].sort())
  })

  it('makes at most fifty calls to WeCom at once', async () => {
    const world = new ApplyWorld()
    const channels = Object.fromEntries(Array.from({length: 80}, (_, n) => [`c${n}`, aChannel({state: `s${n}`})]))
    await world.ship({channels})
    expect(world.wecom.ways.size).toBe(80)
    expect(world.wecom.mostInFlight).toBe(50)
  })

  it('tells its progress step by step', async () => {
    const world = new ApplyWorld()
    const seen: string[] = []
    await world.ship(SHOP, {
      onProgress: ({finished, total, report}) => seen.push(`${finished}/${total} ${report.status}`),
    })
    expect(seen).toHaveLength(5)
    expect(seen.at(-1)).toBe('5/5 done')
  })
})

describe('journeys', () => {
  it('changes in place, renames without making anything, deletes last', async () => {
    const world = new ApplyWorld()
    await world.ship(SHOP)
    const [configId] = world.wecom.ways.keys()
    const renamed: ConfigParts = {
      ...SHOP,
      channels: {'gz/tianhe': aChannel({was: 'tianhe', state: 'tianhe2', staff: {members: ['zhang.san', 'li.si']}})},
      groupWelcomes: {gold: {...SHOP.groupWelcomes?.vip, title: 'G', text: '欢迎光临', was: 'vip'}},
    }
    expect(await world.ship(renamed)).toMatchObject({isComplete: true})
    expect([...world.wecom.ways.keys()]).toEqual([configId])
    expect(world.wecom.ways.get(configId ?? '')).toMatchObject({state: 'tianhe2', users: ['li.si', 'zhang.san']})
    expect([...world.wecom.welcomes.values()].map(({text}) => text)).toEqual(['欢迎光临'])
    expect((await world.plan(renamed)).plan.steps).toEqual([])

    const empty: ConfigParts = {templates: SHOP.templates ?? {}, assets: SHOP.assets ?? {}}
    expect(await world.ship(empty)).toMatchObject({isComplete: true})
    expect(world.wecom.ways.size + world.wecom.welcomes.size).toBe(0)
    expect([...world.wecom.memberTags.values()]).toEqual([{name: '销冠', users: new Set()}])
    expect(world.wecom.corpTags).toHaveLength(1)
    expect((await world.plan(empty)).plan.steps).toEqual([])
  })

  it('a group welcome made from media older than 48 hours gets fresh media', async () => {
    const world = new ApplyWorld()
    const {groupWelcomes: _none, ...rest} = SHOP
    const carrier: ConfigParts = {
      ...rest,
      templates: {
        hello: {
          title: 't',
          text: 'x',
          fallback: 'x',
          attachments: [{type: 'file', file: 'assets/rules.pdf', name: '群规.pdf'}],
        },
      },
    }
    await world.ship(carrier)
    world.clock.advance(48 * 3_600_000 + 1)
    await world.ship({...carrier, groupWelcomes: SHOP.groupWelcomes ?? {}})
    expect(world.wecom.media).toHaveLength(2)
    expect([...world.wecom.welcomes.values()][0]?.part).toEqual({type: 'file', mediaId: world.wecom.media[1]})
  })

  it('a tag that exists already, whoever made it, is taken as it is', async () => {
    const world = new ApplyWorld()
    world.wecom.corpTags.push({id: 'console', group: '来源', name: '门店'})
    world.wecom.memberTags.set(77, {name: '销冠', users: new Set(['by.hand'])})
    expect(await world.ship(SHOP)).toMatchObject({isComplete: true})
    expect(world.wecom.countCalls('addCorpTags') + world.wecom.countCalls('createMemberTag')).toBe(0)
    expect(world.wecom.memberTags.get(77)?.users).toEqual(new Set(['by.hand', 'zhang.san']))
  })
})

describe('leave to write', () => {
  const planned = async () => {
    const world = new ApplyWorld()
    const {plan} = await world.plan(SHOP)
    return {world, plan}
  }

  it('a release is not flipped before its canary was promoted', async () => {
    const {world, plan} = await planned()
    await world.expand(plan, SHOP)
    expect(reason(await world.rest(plan, SHOP))).toContain('the canary of this plan has not been promoted')
    expect(world.wecom.welcomes.size).toBe(0)
    expect((await world.store.readManifest())?.manifest.stable ?? null).toBeNull()
  })

  it('a release that a canary rolled back writes nothing, unless two people unlocked exactly it', async () => {
    const {world, plan} = await planned()
    const state = await world.store.readState()
    await world.store.writeState({...state, quarantined: [plan.release.after]}, state.serial)
    const {plan: again} = await world.plan(SHOP)
    expect(reason(await world.expand(again, SHOP))).toContain('a canary rolled this release')
    expect(world.wecom.calls).toEqual([])
    world.unlocks = [`quarantine:${plan.release.after.slice(0, 12)}`]
    expect(await world.expand(again, SHOP)).toMatchObject({kind: 'ran', unlocks: world.unlocks})
  })

  it('a promotion of another plan does not count', async () => {
    const {world, plan} = await planned()
    await world.expand(plan, SHOP)
    await world.promote({...plan, digest: 'e'.repeat(64)})
    expect(reason(await world.rest(plan, SHOP))).toContain('has not been promoted')
  })

  it('a plan that changes nothing of the release needs no canary', async () => {
    const world = new ApplyWorld()
    await world.ship(SHOP)
    const more: ConfigParts = {...SHOP, groupWelcomes: {...SHOP.groupWelcomes, other: {title: 'o', text: '你好'}}}
    const {plan} = await world.plan(more)
    expect(plan.steps.map(({key}) => key)).toEqual(['group-welcome/other'])
    expect(await world.rest(plan, more)).toMatchObject({kind: 'ran', isComplete: true})
  })

  it('a token is good once', async () => {
    const {world, plan} = await planned()
    const token = await world.token(plan)
    expect((await world.expand(plan, SHOP, {token})).kind).toBe('ran')
    expect(reason(await world.expand(plan, SHOP, {token}))).toContain('was used before')
  })

  it('a token of another plan, another key or nobody is refused, and nothing is written', async () => {
    const {world, plan} = await planned()
    const other = {...plan, digest: 'e'.repeat(64)}
    expect(reason(await world.expand(plan, SHOP, {token: await world.token(other)}))).toContain(
      'another plan was approved',
    )
    expect(reason(await world.expand(plan, SHOP, {tokenKeyPem: aKeyPair().publicKeyPem}))).toContain('signature')
    expect(reason(await world.expand(plan, SHOP, {token: 'x'}))).toContain('no approval token of ours')
    expect(world.wecom.calls).toEqual([])
    expect((await world.store.readState()).serial).toBe(0)
  })

  it('a plan file that was changed by hand is refused', async () => {
    const {world, plan} = await planned()
    const steps = plan.steps.map((step) =>
      step.kind === 'contact-way' ? {...step, after: {...(step.after as object), state: 'evil'}} : step,
    )
    expect(reason(await world.expand({...plan, steps}, SHOP))).toContain('the plan file was changed')
    const renamed = plan.steps.map((step) => (step.kind === 'contact-way' ? {...step, id: 'other'} : step))
    expect(reason(await world.expand({...plan, steps: renamed}, SHOP))).toContain('the plan file was changed')
  })

  it('a configuration that moved on since the approval is refused with what differs', async () => {
    const {world, plan} = await planned()
    const moved: ConfigParts = {...SHOP, channels: {tianhe: aChannel({tags: ['来源/门店'], state: 'other'})}}
    const outcome = await world.expand(plan, moved)
    expect(outcome).toMatchObject({kind: 'refused', differing: ['contact-way/tianhe', 'release/stable']})
    expect(world.wecom.calls).toEqual([])
  })

  it('a grant that ran out between plan and apply is refused', async () => {
    const {world} = await planned()
    const grants = [{role: '销冠', to: ['member:zhang.san'], until: '2026-11-24T10:30:00+08:00', ticket: 'OA-1'}]
    const parts = {...SHOP, grants}
    const {plan} = await world.plan(parts)
    world.clock.advance(3_600_000)
    expect(await world.expand(plan, parts)).toMatchObject({kind: 'refused', differing: ['member-tag-users/销冠']})
  })

  it('a second apply at the same time is refused with the first one’s name', async () => {
    const {world, plan} = await planned()
    await world.store.lock('apply of lin', 1)
    await expect(world.expand(plan, SHOP)).rejects.toThrow(StoreLocked)
  })
})

describe('one failure among many', () => {
  const PAIR: ConfigParts = {
    channels: {a: aChannel({state: 'a', tags: ['来源/一']}), b: aChannel({state: 'b'})},
    groupWelcomes: {x: {title: 'x', text: 'x'}},
  }

  it('stops its dependants only, and each is named with its errcode', async () => {
    const world = new ApplyWorld()
    world.wecom.fault = ({name}) => (name === 'addCorpTags' ? {kind: 'refused', errcode: 40126} : null)
    const outcome = await world.ship(PAIR)
    expect(statuses(outcome)).toEqual({
      'corp-tag/来源/一': 'failed',
      'contact-way/a': 'skipped',
      'contact-way/b': 'done',
      'group-welcome/x': 'done',
      'release/stable': 'done',
      'directory/current': 'done',
    })
    expect(outcome).toMatchObject({isComplete: false})
    const failed = outcome.kind === 'ran' ? outcome.reports[0] : undefined
    expect(failed).toMatchObject({errcode: 40126, says: {zh: expect.stringContaining('企业微信拒绝（40126）')}})
  })

  it('the rest of the plan goes on under the same digest once the cause is gone', async () => {
    const world = new ApplyWorld()
    world.wecom.fault = ({name}) => (name === 'addCorpTags' ? {kind: 'refused', errcode: 40126} : null)
    const {plan} = await world.plan(PAIR)
    await world.ship(PAIR)
    world.wecom.fault = () => null
    const again = await world.plan(PAIR)
    expect(again.plan.digest).toBe(plan.digest)
    const outcome = await world.rest(again.plan, PAIR)
    expect(outcome).toMatchObject({isComplete: true})
    expect(world.wecom.ways.size).toBe(2)
    expect((await world.plan(PAIR)).plan.steps).toEqual([])
    expect((await world.store.readState()).underway).toBeNull()
  })

  it('media that cannot be uploaded hold the release back', async () => {
    const world = new ApplyWorld()
    const {plan} = await world.plan(SHOP)
    world.wecom.fault = ({name}) => (name === 'uploadPicture' ? {kind: 'refused', errcode: 45001} : null)
    await world.promote(plan)
    const outcome = await world.rest(plan, SHOP)
    expect(statuses(outcome)).toMatchObject({'release/stable': 'skipped', 'contact-way/tianhe': 'done'})
    expect((await world.store.readManifest())?.manifest.stable ?? null).toBeNull()
  })

  it('members WeCom does not take are named, the others are tagged, and losing the role later untags them', async () => {
    const world = new ApplyWorld()
    world.wecom.unknownUsers.add('wang.wu')
    const tagged = (to: string[]): ConfigParts => ({
      roles: SHOP.roles ?? {},
      grants: [{role: '销冠', to, until: '2027-06-30', ticket: 'OA-1'}],
    })
    const outcome = await world.ship(tagged(['member:zhang.san', 'member:wang.wu']))
    const report = outcome.kind === 'ran' ? outcome.reports.find(({key}) => key === 'member-tag-users/销冠') : undefined
    expect(report).toMatchObject({status: 'failed', says: {en: expect.stringContaining('wang.wu')}})
    expect(await world.ship(tagged(['member:li.si']))).toMatchObject({isComplete: true})
    expect([...world.wecom.memberTags.values()][0]?.users).toEqual(new Set(['li.si']))
  })

  it('a deletion of something already gone counts as done', async () => {
    const world = new ApplyWorld()
    await world.ship(PAIR)
    world.wecom.ways.clear()
    world.wecom.welcomes.clear()
    expect(await world.ship({})).toMatchObject({isComplete: true})
  })

  it('an abort finishes what is under way, saves, and reports the rest', async () => {
    const world = new ApplyWorld()
    const channels = Object.fromEntries(Array.from({length: 120}, (_, n) => [`c${n}`, aChannel({state: `s${n}`})]))
    const {plan} = await world.plan({channels})
    await world.expand(plan, {channels})
    await world.promote(plan)
    const controller = new AbortController()
    const onProgress = ({finished}: {finished: number}) => {
      if (finished === 3) controller.abort()
    }
    const outcome = await world.rest(plan, {channels}, {signal: controller.signal, onProgress})
    const ended = Object.values(statuses(outcome))
    const made = ended.filter((status) => status === 'done').length
    expect(made).toBe(world.wecom.ways.size)
    expect(made).toBeLessThan(60)
    expect(ended.filter((status) => status === 'skipped')).toHaveLength(122 - made)
    expect(Object.keys((await world.store.readState()).resources)).toHaveLength(made)
    await world.rest(plan, {channels})
    expect(world.wecom.ways.size).toBe(120)
  })
})
