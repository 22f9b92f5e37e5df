import {afterEach, describe, expect, it} from '@jest/globals'
import type {Config} from '../../scripts/core/model/config.js'
import {StoreLocked} from '../../scripts/core/ports.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createWeComWriter} from '../../scripts/wecom/create-wecom-writer.js'
import {aChannel, aConfig} from '../apply/a-config.js'
import {ApplyWorld, RELEASE_KEY} from '../apply/apply-world.js'
import {Killed} from '../apply/fake-wecom.js'
import {CORPID, SECRETS, startPlayground} from '../sandbox/playground.js'
import {heal, healed, look, rowsOf, SHOP, shipped} from './a-shipped-shop.js'

const wayOf = (world: ApplyWorld) => {
  const [found] = world.wecom.ways
  if (!found) throw new Error('no code')
  return {configId: found[0], way: found[1]}
}
const holdersOf = (world: ApplyWorld): Set<string> => {
  const [tag] = world.wecom.memberTags.values()
  if (!tag) throw new Error('no tag')
  return tag.users
}
const handOver = (world: ApplyWorld): void => {
  const {configId, way} = wayOf(world)
  world.wecom.ways.set(configId, {...way, users: ['WangWei'], remark: '王女士专用'})
}

const EDITS: readonly [string, (world: ApplyWorld) => void, string[]][] = [
  ['a code whose staff was changed', handOver, ['done contact-way/a']],
  ['a code that was deleted', (world) => world.wecom.ways.clear(), ['done contact-way/a']],
  ['a customer tag that was deleted', (world) => void world.wecom.corpTags.splice(0), ['done corp-tag/来源/门店']],
  [
    'a member tag that was deleted, with its holders',
    (world) => world.wecom.memberTags.clear(),
    ['done member-tag/销冠', 'done member-tag-users/销冠'],
  ],
  [
    'a group welcome that was rewritten',
    ({wecom}) => {
      for (const id of wecom.welcomes.keys()) wecom.welcomes.set(id, {text: '别的'})
    },
    ['done group-welcome/vip'],
  ],
  ['a group welcome that was deleted', (world) => world.wecom.welcomes.clear(), ['done group-welcome/vip']],
  ['a member tag that was taken away', (world) => holdersOf(world).clear(), ['done member-tag-users/销冠']],
  ['a member tag that was given', (world) => holdersOf(world).add('WangWei'), ['done member-tag-users/销冠']],
  [
    'a member tag that was handed on',
    (world) => {
      holdersOf(world).clear()
      holdersOf(world).add('WangWei')
    },
    ['done member-tag-users/销冠'],
  ],
]

describe('healing', () => {
  it.each(EDITS)('brings back %s, and then nothing differs', async (_what, edit, rows) => {
    const world = await shipped()
    edit(world)
    const outcome = await heal(world)
    expect(outcome).toMatchObject({kind: 'ran', report: {drifts: []}})
    expect(outcome.kind === 'ran' && outcome.healed.map(({key, status}) => `${status} ${key}`)).toEqual(rows)
    expect(rowsOf(await look(world))).toEqual([])
    expect((await world.plan(SHOP)).plan.steps).toEqual([])
  })

  it('leaves the world as it was applied when everything was spoiled at once', async () => {
    const world = await shipped()
    const before = worldOf(world)
    for (const [, edit] of EDITS.filter(
      ([what]) => !/that was deleted$/.test(what) || what.startsWith('a customer tag'),
    ))
      tolerate(() => edit(world))
    await heal(world)
    expect(worldOf(world)).toEqual(before)
  })

  it('does nothing where nothing differs, not even a line in the audit', async () => {
    const world = await shipped()
    const [calls, serial, audit] = [world.wecom.calls.length, (await world.store.readState()).serial, await told(world)]
    expect(await healed(world)).toEqual([])
    expect(world.wecom.calls.slice(calls).filter(({name}) => !/^(list|get)/.test(name))).toEqual([])
    expect([(await world.store.readState()).serial, await told(world)]).toEqual([serial, audit])
  })

  it('keeps the QR code of a code that was changed', async () => {
    const world = await shipped()
    const {configId, way} = wayOf(world)
    handOver(world)
    expect(await heal(world)).toMatchObject({healed: [{says: {zh: expect.stringContaining('二维码不变')}}]})
    expect([...world.wecom.ways]).toEqual([[configId, way]])
  })

  it('says which printed code is dead and which one is new', async () => {
    const world = await shipped()
    const {configId} = wayOf(world)
    world.wecom.ways.clear()
    const outcome = await heal(world)
    const says = outcome.kind === 'ran' ? (outcome.healed[0]?.says ?? null) : null
    for (const text of [says?.zh, says?.en]) {
      expect(text).toContain(configId)
      expect(text).toContain(wayOf(world).configId)
    }
    expect(wayOf(world).configId).not.toBe(configId)
  })

  it('knows a holder however the console writes him', async () => {
    const world = await shipped()
    holdersOf(world).clear()
    for (const user of ['LINA', 'WangWei']) holdersOf(world).add(user)
    await heal(world)
    expect([...holdersOf(world)]).toEqual(['LINA'])
  })

  it('keeps the template of a group welcome, which groups have chosen', async () => {
    const world = await shipped()
    const before = [...world.wecom.welcomes]
    for (const id of world.wecom.welcomes.keys()) world.wecom.welcomes.set(id, {text: '别的'})
    await heal(world)
    expect([...world.wecom.welcomes]).toEqual(before)
  })

  it('leaves a group welcome to the next apply that will write it otherwise', async () => {
    const world = await shipped()
    for (const id of world.wecom.welcomes.keys()) world.wecom.welcomes.set(id, {text: '别的'})
    const wanted = aConfig({...SHOP, groupWelcomes: {vip: {title: 'v', text: '新的'}}})
    expect(await healed(world, wanted)).toEqual([])
    expect([...world.wecom.welcomes.values()]).toEqual([{text: '别的'}])
  })

  it('is told in the audit with who, why and what, before anything is touched', async () => {
    const world = await shipped()
    handOver(world)
    world.wecom.fault = ({name}) => (name === 'updateContactWay' ? {kind: 'killed-before'} : null)
    await expect(heal(world)).rejects.toThrow(Killed)
    world.restart()
    const details = expect.objectContaining({keys: 'contact-way/a', reason: '误删'})
    expect((await world.store.readAudit()).at(-1)).toMatchObject({what: 'drift-healed', who: 'lin-ops', details})
  })

  it('writes down nowhere what somebody wrote into a remark', async () => {
    const world = await shipped()
    handOver(world)
    await heal(world)
    const {store} = world
    const written = [await store.readState(), await store.readAudit(), await look(world)]
    const plans = await Promise.all((await told(world)).map((digest) => store.readJournal(digest)))
    expect(JSON.stringify([written, plans])).not.toContain('王女士')
  })

  it('goes on past one thing WeCom refuses, and says so', async () => {
    const world = await shipped()
    handOver(world)
    holdersOf(world).clear()
    world.wecom.fault = ({name}) => (name === 'updateContactWay' ? {kind: 'refused', errcode: 40098} : null)
    expect(await healed(world)).toEqual(['failed contact-way/a', 'done member-tag-users/销冠'])
    world.wecom.fault = () => null
    expect(rowsOf(await look(world))).toEqual(['changed contact-way/a'])
    expect(await healed(world)).toEqual(['done contact-way/a'])
  })
})

describe('what nobody approved', () => {
  it('is never written: what the configuration wants waits for the gate', async () => {
    const world = await shipped()
    handOver(world)
    const wanted = {...SHOP, channels: {a: aChannel({state: 'b', staff: {members: ['WangWei']}, tags: ['来源/门店']})}}
    const outcome = await heal(world, aConfig(wanted))
    expect(wayOf(world).way).toMatchObject({state: 'a', users: ['lina']})
    expect(rowsOf(outcome.report)).toEqual(['pending contact-way/a', 'pending release/stable'])
  })

  it('stays: codes that nobody knows, and a manifest that says something else', async () => {
    const world = await shipped()
    world.wecom.ways.set('stray', wayOf(world).way)
    const other = 'e'.repeat(64)
    await publishManifest(world, {stable: other}, {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'somebody'})
    const outcome = await heal(world)
    expect(outcome).toMatchObject({kind: 'ran', healed: []})
    expect(rowsOf(outcome.report)).toEqual(['extra contact-way/?stray', 'changed release/stable'])
    expect(world.wecom.ways.has('stray')).toBe(true)
  })

  it('is not made again either: a deleted code that nobody wants any more', async () => {
    const world = await shipped()
    world.wecom.ways.clear()
    const outcome = await heal(world, aConfig({...SHOP, channels: {}}))
    expect(outcome).toMatchObject({kind: 'ran', healed: []})
    expect(world.wecom.ways.size).toBe(0)
  })
})

describe('healing is refused', () => {
  const frozen: Config = {
    ...aConfig(SHOP),
    policy: {
      ...aConfig(SHOP).policy,
      value: {freeze: [{name: '双十一', from: '2026-01-01T00:00:00+08:00', until: '2027-01-01T00:00:00+08:00'}]},
    },
  }
  const spoiled = async (): Promise<ApplyWorld> => {
    const world = await shipped()
    handOver(world)
    return world
  }

  it('in a freeze window, with its end; what differs is told all the same', async () => {
    const world = await spoiled()
    const outcome = await heal(world, frozen)
    expect(outcome).toMatchObject({kind: 'refused', reason: {zh: expect.stringContaining('2027-01-01')}})
    expect(rowsOf(outcome.report)).toEqual(['changed contact-way/a'])
    expect(wayOf(world).way.users).toEqual(['WangWei'])
  })

  it('while an apply is not finished, but not by one that was rolled back', async () => {
    const world = await spoiled()
    const parts = {...SHOP, templates: {hello: {title: 'neu', text: '新的'}}}
    const {plan} = await world.plan(parts)
    await world.expand(plan, parts)
    expect(await heal(world)).toMatchObject({kind: 'refused', reason: {en: expect.stringContaining('apply')}})
    const state = await world.store.readState()
    await world.store.writeState({...state, quarantined: [plan.release.after]}, state.serial)
    expect(await healed(world)).toEqual(['done contact-way/a'])
  })

  it('while somebody else holds the lock', async () => {
    const world = await spoiled()
    await world.store.lock('another', 1000)
    await expect(heal(world)).rejects.toThrow(StoreLocked)
  })
})

describe('a heal that dies', () => {
  const spoil = (world: ApplyWorld): void => {
    world.wecom.ways.clear()
    world.wecom.corpTags.splice(0)
    world.wecom.memberTags.clear()
  }
  const untilHealed = async (world: ApplyWorld): Promise<void> => {
    for (let run = 1; run <= 3; run++)
      try {
        await heal(world)
        return
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        world.restart()
        world.store.beforeWrite = () => undefined
      }
    throw new Error('did not come to rest')
  }
  const expectHealed = async (world: ApplyWorld): Promise<void> => {
    expect(rowsOf(await look(world))).toEqual([])
    expect([world.wecom.ways.size, world.wecom.corpTags.length, world.wecom.memberTags.size]).toEqual([1, 1, 1])
    expect([...holdersOf(world)]).toEqual(['lina'])
    expect(await world.store.readState()).toMatchObject({ambiguous: {}, underway: null})
  }
  const callsOf = async (): Promise<number> => {
    const world = await shipped()
    spoil(world)
    const before = world.wecom.calls.length
    await heal(world)
    return world.wecom.calls.length - before
  }

  it.each(['killed-before', 'killed-after'] as const)(
    'at any call (%s) goes on and makes nothing twice',
    async (kind) => {
      const calls = await callsOf()
      expect(calls).toBeGreaterThan(10)
      for (let at = 0; at < calls; at++) {
        const world = await shipped()
        spoil(world)
        const first = world.wecom.calls.length
        world.wecom.fault = ({index}) => (index === first + at ? {kind} : null)
        await untilHealed(world)
        await expectHealed(world)
      }
    },
  )

  it('at any write of the store goes on and makes nothing twice', async () => {
    let isOver = false
    for (let at = 0; !isOver; at++) {
      const world = await shipped()
      spoil(world)
      let writes = 0
      isOver = true
      world.store.beforeWrite = () => {
        if (writes++ !== at) return
        isOver = false
        world.wecom.isDead = true
        throw new Killed('the process is dead')
      }
      await untilHealed(world)
      await expectHealed(world)
    }
  })

  it('in the create of a group welcome leaves it to a person, and makes no second one', async () => {
    const world = await shipped()
    world.wecom.welcomes.clear()
    world.wecom.fault = ({name}) => (name === 'addGroupWelcome' ? {kind: 'killed-after'} : null)
    await expect(heal(world)).rejects.toThrow(Killed)
    world.restart()
    expect(await healed(world)).toEqual([])
    expect([world.wecom.welcomes.size, rowsOf(await look(world))]).toEqual([1, ['missing group-welcome/vip']])
    await world.settle('group-welcome/vip', {how: 'adopt', remoteId: [...world.wecom.welcomes.keys()][0] ?? ''})
    expect(rowsOf(await look(world))).toEqual([])
  })

  it('hinders no apply: the next one knows the code that was made', async () => {
    const world = await shipped()
    spoil(world)
    world.wecom.fault = ({name}) => (name === 'addCorpTags' ? {kind: 'killed-after'} : null)
    await expect(heal(world)).rejects.toThrow(Killed)
    world.restart()
    const parts = {...SHOP, channels: {a: aChannel({state: 'a', staff: {members: ['WangWei']}, tags: ['来源/门店']})}}
    await untilHealed(world)
    expect(await world.ship(parts)).toMatchObject({kind: 'ran', isComplete: true})
    expect([...world.wecom.ways.values()].map(({users}) => users)).toEqual([['WangWei']])
  })
})

describe('healing against the sandbox', () => {
  let close: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const each of close) await each()
    close = []
  })

  it('brings back over the wire what was edited and deleted', async () => {
    const playground = await startPlayground()
    const world = new ApplyWorld()
    const client = createWeComClient({
      ...{baseUrl: playground.url, corpId: CORPID, agentId: 1000002, secret: SECRETS[1000002] ?? ''},
      ...{clock: world.clock, random: () => 0.5, onWarning: () => undefined},
    })
    close = [() => client.close(), () => playground.close()]
    world.writer = createWeComWriter(client)
    await shipped(world)
    const [configId = ''] = await world.writer.listContactWays(0)
    await playground.post('externalcontact/del_contact_way', {config_id: configId})
    const [tag] = await world.writer.listMemberTags()
    await playground.post('tag/addtagusers', {tagid: tag?.id ?? 0, userlist: ['WangWei']})
    const template_id = (await world.store.readState()).resources['group-welcome/vip']?.remoteId ?? ''
    const edited = {template_id, text: {content: '别的'}}
    expect(await playground.post('externalcontact/group_welcome_template/edit', edited)).toMatchObject({errcode: 0})
    expect(await healed(world)).toEqual([
      ...['done contact-way/a', 'done group-welcome/vip', 'done member-tag-users/销冠'],
    ])
    expect(rowsOf(await look(world))).toEqual([])
    const get = await playground.post('externalcontact/group_welcome_template/get', {template_id})
    expect(get).toMatchObject({text: {content: '欢迎%NICKNAME%'}})
    await playground.post('externalcontact/update_contact_way', {
      config_id: (await world.writer.listContactWays(0))[0] ?? '',
      user: ['WangWei'],
    })
    expect(await healed(world)).toEqual(['done contact-way/a'])
    expect(rowsOf(await look(world))).toEqual([])
  })
})

/** Digests of heals, by the audit. */
const told = async (world: ApplyWorld): Promise<string[]> =>
  (await world.store.readAudit())
    .filter(({what}) => what === 'drift-healed')
    .map(({details}) => String(details['planDigest']))

const worldOf = ({wecom}: ApplyWorld): unknown => [
  [...wecom.ways],
  [...wecom.welcomes],
  wecom.corpTags.map(({group, name}) => `${group}/${name}`),
  [...wecom.memberTags.values()].map(({name, users}) => [name, [...users]]),
]

/** A later edit may find the thing gone already. */
function tolerate(edit: () => void): void {
  try {
    edit()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}
