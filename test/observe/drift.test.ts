import {afterEach, describe, expect, it} from '@jest/globals'
import {zoneOf} from '../../scripts/core/model/zone.js'
import type {Drift} from '../../scripts/core/observe/find-drifts.js'
import {renderDriftMarkdown, renderDriftText} from '../../scripts/core/observe/render-drifts.js'
import {type CodeHost, Refused} from '../../scripts/core/ports.js'
import {observeDrift} from '../../scripts/pipeline/drift.js'
import {keepDriftIssue} from '../../scripts/pipeline/drift-issue.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createWeComWriter} from '../../scripts/wecom/create-wecom-writer.js'
import {aChannel, aConfig} from '../apply/a-config.js'
import {ApplyWorld, RELEASE_KEY} from '../apply/apply-world.js'
import {CORPID, SECRETS, startPlayground} from '../sandbox/playground.js'
import {look, rowsOf, SHOP, shipped} from './a-shipped-shop.js'

const [wayOf, tagOf] = [
  (world: ApplyWorld) => [...world.wecom.ways][0] ?? ['', undefined],
  (world: ApplyWorld) => [...world.wecom.memberTags.values()][0]?.users ?? new Set<string>(),
]

describe('drift', () => {
  it('is none right after an apply, and looking writes nothing', async () => {
    const world = await shipped()
    const [calls, serial] = [world.wecom.calls.length, (await world.store.readState()).serial]
    world.store.beforeWrite = (what) => {
      throw new Error(`wrote ${what}`)
    }
    expect(await look(world)).toMatchObject({drifts: [], freeze: null})
    expect((await world.store.readState()).serial).toBe(serial)
    const looked = world.wecom.calls.slice(calls).map(({name}) => name)
    expect(looked.filter((name) => !/^(list|get)/.test(name))).toEqual([])
  })

  it('says that pictures and files of group welcomes cannot be compared', async () => {
    expect((await look(await shipped())).notes.map(({zh}) => zh).join()).toContain('企业微信不还原内容')
  })

  it.each<[string, string, (world: ApplyWorld) => void]>([
    [
      'a code whose staff was changed in the console',
      'changed contact-way/a',
      (world) => {
        const [configId, way] = wayOf(world)
        if (way) world.wecom.ways.set(configId, {...way, users: ['WangWei']})
      },
    ],
    ['a code that was deleted', 'missing contact-way/a', (world) => world.wecom.ways.clear()],
    [
      'a code with our mark that nobody knows',
      'extra contact-way/?lost',
      (world) => {
        const [, way] = wayOf(world)
        if (way) world.wecom.ways.set('lost', way)
      },
    ],
    ['a customer tag that was deleted', 'missing corp-tag/来源/门店', (world) => void world.wecom.corpTags.splice(0)],
    ['a member tag that was deleted', 'missing member-tag/销冠', (world) => world.wecom.memberTags.clear()],
    [
      'a group welcome that was rewritten',
      'changed group-welcome/vip',
      ({wecom}) => {
        for (const id of wecom.welcomes.keys()) wecom.welcomes.set(id, {text: '别的'})
      },
    ],
    [
      'a group welcome that got a picture',
      'changed group-welcome/vip',
      ({wecom}) => {
        for (const [id, {text}] of wecom.welcomes)
          wecom.welcomes.set(id, {text, part: {type: 'image', picUrl: 'https://p.example/1'}})
      },
    ],
    ['a group welcome that was deleted', 'missing group-welcome/vip', ({wecom}) => wecom.welcomes.clear()],
    ['a tag taken away by hand', 'missing member-tag-users/销冠', (world) => tagOf(world).clear()],
    ['a tag given by hand', 'extra member-tag-users/销冠', (world) => void tagOf(world).add('WangWei')],
    [
      'a tag handed on by hand',
      'changed member-tag-users/销冠',
      (world) => {
        tagOf(world).clear()
        tagOf(world).add('WangWei')
      },
    ],
  ])('finds %s', async (_what, row, edit) => {
    const world = await shipped()
    edit(world)
    expect(rowsOf(await look(world))).toEqual([row])
  })

  it('takes no notice of codes that are not ours, nor of how a userid is written', async () => {
    const world = await shipped()
    const [, way] = wayOf(world)
    if (way) world.wecom.ways.set('other', {...way, remark: '王女士专用'})
    tagOf(world).clear()
    tagOf(world).add('LINA')
    expect(rowsOf(await look(world))).toEqual([])
  })

  it('shows nobody the remark that somebody wrote in the console', async () => {
    const world = await shipped()
    const [configId, way] = wayOf(world)
    if (way) world.wecom.ways.set(configId, {...way, remark: '王女士专用'})
    const report = await look(world)
    expect(rowsOf(report)).toEqual(['changed contact-way/a'])
    expect(JSON.stringify(report)).not.toContain('王女士')
  })

  it('is none in a code that was adopted with the remark of its maker', async () => {
    const world = await shipped()
    const [configId, way] = wayOf(world)
    if (!way) throw new Error('no code')
    const value = {...way, remark: '王女士专用'}
    world.wecom.ways.set(configId, value)
    const state = await world.store.readState()
    const resource = {...state.resources['contact-way/a'], kind: 'contact-way' as const, id: 'a', digest: 'd', value}
    await world.store.writeState({...state, resources: {...state.resources, 'contact-way/a': resource}}, state.serial)
    expect(rowsOf(await look(world))).toEqual(['pending contact-way/a'])
  })

  it('tells what waits for the next apply, with what is wanted and what is there', async () => {
    const world = await shipped()
    const changed = {...SHOP, channels: {a: aChannel({state: 'b', staff: {members: ['lina']}, tags: ['来源/门店']})}}
    const report = await look(world, changed)
    expect(rowsOf(report)).toEqual(['pending contact-way/a', 'pending release/stable'])
    expect(report.drifts[0]).toMatchObject({wanted: {state: 'b'}, state: {state: 'a'}, live: {state: 'a'}})
  })

  it('of a code that was changed here and there is one row', async () => {
    const world = await shipped()
    const [configId, way] = wayOf(world)
    if (way) world.wecom.ways.set(configId, {...way, users: ['WangWei']})
    const changed = {...SHOP, channels: {a: aChannel({state: 'b', staff: {members: ['lina']}, tags: ['来源/门店']})}}
    expect((await look(world, changed)).drifts[0]).toMatchObject({
      kind: 'changed',
      wanted: {state: 'b'},
      state: {state: 'a', users: ['lina']},
      live: {state: 'a', users: ['WangWei']},
    })
  })

  it('finds a manifest that says another release than the state', async () => {
    const world = await shipped()
    const other = 'e'.repeat(64)
    await publishManifest(world, {stable: other}, {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'somebody'})
    expect((await look(world)).drifts).toMatchObject([{key: 'release/stable', kind: 'changed', live: other}])
  })

  it('is reported in a freeze window as at any time', async () => {
    const world = await shipped()
    tagOf(world).clear()
    const config = aConfig(SHOP)
    const freeze = [{name: '双十一', from: '2026-01-01T00:00:00+08:00', until: '2027-01-01T00:00:00+08:00'}]
    const frozen = {...config, policy: {...config.policy, value: {freeze}}}
    const report = await observeDrift({store: world.store, reader: world.writer, clock: world.clock}, frozen)
    expect([report.freeze, rowsOf(report)[0]]).toEqual(['双十一', 'missing member-tag-users/销冠'])
  })

  it('is not answered when WeCom does not tell', async () => {
    const world = await shipped()
    world.wecom.fault = ({name}) => (name === 'getContactWay' ? {kind: 'refused', errcode: 48002} : null)
    await expect(look(world)).rejects.toThrow(Refused)
  })
})

describe('the issue', () => {
  const kept: unknown[][] = []
  const host: Pick<CodeHost, 'keepIssue'> = {
    keepIssue: (...args) => {
      kept.push(args)
      return Promise.resolve()
    },
  }
  it('is kept up to date under one marker, and closed when nothing differs', async () => {
    const drift: Drift = {key: 'contact-way/a', kind: 'missing', wanted: 1, state: 1, live: null}
    const report = {drifts: [drift], consoleEdits: [], missingCodes: [], notes: [], freeze: null}
    await keepDriftIssue(host, report, zoneOf('UTC'), 'zh')
    await keepDriftIssue(host, {...report, drifts: []}, zoneOf('UTC'), 'zh')
    expect(kept).toMatchObject([
      [
        expect.stringContaining('drift'),
        {title: '企业微信与配置不一致：1 处', body: expect.stringContaining('contact-way/a')},
      ],
      [kept[0]?.[0], {body: null}],
    ])
  })

  it('mentions nobody and opens no markup, whatever a tag is called', () => {
    const drift: Drift = {key: 'corp-tag/组/`@all|<b>', kind: 'missing', wanted: '#1', state: null}
    const body =
      renderDriftMarkdown([drift], [], 'en')
        .split('\n')
        .find((line) => line.includes('@all')) ?? ''
    expect(body.replace(/`[^`]*`/g, '')).not.toMatch(/@|<|#/)
    expect(body.split('|')).toHaveLength(7)
  })

  it('speaks both languages', () => {
    const drift: Drift = {key: 'a/b', kind: 'extra', wanted: null, state: null}
    expect([renderDriftText([drift], [], 'zh'), renderDriftText([], [], 'en')]).toEqual([
      expect.stringContaining('多出来'),
      'No drift.\n',
    ])
  })
})

describe('drift against the sandbox', () => {
  let close: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const each of close) await each()
    close = []
  })

  it('sees what is edited in the console over the wire', async () => {
    const playground = await startPlayground()
    const world = new ApplyWorld()
    const client = createWeComClient({
      ...{baseUrl: playground.url, corpId: CORPID, agentId: 1000002, secret: SECRETS[1000002] ?? ''},
      ...{clock: world.clock, random: () => 0.5, onWarning: () => undefined},
    })
    close = [() => client.close(), () => playground.close()]
    world.writer = createWeComWriter(client)
    expect(await world.ship(SHOP)).toMatchObject({kind: 'ran', isComplete: true})
    expect(rowsOf(await look(world))).toEqual([])
    const [configId = ''] = await world.writer.listContactWays(0)
    await playground.post('externalcontact/update_contact_way', {config_id: configId, user: ['WangWei']})
    const [tag] = await world.writer.listMemberTags()
    await playground.post('tag/addtagusers', {tagid: tag?.id ?? 0, userlist: ['WangWei']})
    expect(rowsOf(await look(world))).toEqual(['changed contact-way/a', 'extra member-tag-users/销冠'])
  })
})
