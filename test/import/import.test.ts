import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import {writeText} from '../../scripts/core/import/import-group-welcomes.js'
import {nameChannel} from '../../scripts/core/import/name-channel.js'
import {groupWelcomeValue} from '../../scripts/core/plan/group-welcome-steps.js'
import {classifyPath} from '../../scripts/core/load/kinds.js'
import {StoreLocked} from '../../scripts/core/ports.js'
import {planSources} from '../../scripts/pipeline/plan-sources.js'
import {makePlan} from '../../scripts/pipeline/plan.js'
import {Killed} from '../apply/fake-wecom.js'
import {aWay, ImportWorld} from './an-import.js'

const channel = (more: object = {}): object => ({title: '天河', state: 'tianhe', staff: {members: ['lina']}, ...more})
const notesOf = ({notes}: {readonly notes: readonly {zh: string}[]}): string => notes.map(({zh}) => zh).join('\n')

/** The steps on codes and group welcomes that a plan would have now. */
async function stepsOf(world: ImportWorld): Promise<string[]> {
  const {config} = world.loaded()
  const {plan} = await makePlan(world, await planSources(config, world.store, world.clock.nowMs()))
  return plan.steps
    .filter(({kind}) => kind === 'contact-way' || kind === 'group-welcome')
    .map(({action, key}) => `${action} ${key}`)
}

describe('importing codes', () => {
  it('writes a channel for each, and the next plan only puts our mark on it', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    world.wecom.ways.set('cfg2', aWay({state: 'shops', remark: '', users: [], parties: [7], skipVerify: false}))
    const outcome = await world.run()
    expect(outcome).toMatchObject({findings: [], inTheWay: null})
    expect(world.files.get('channels/tianhe.yaml')).toBe('title: 天河店门头\nstate: tianhe\nstaff: {members: [lina]}\n')
    expect(world.files.get('channels/shops.yaml')).toBe(
      'title: shops\nstate: shops\nstaff: {departments: [/总部/门店]}\nskipVerify: false\n',
    )
    expect(await stepsOf(world)).toEqual(['update contact-way/shops', 'update contact-way/tianhe'])
    expect(await world.store.readAudit()).toMatchObject([
      {what: 'imported', who: 'lin-ops', details: {keys: 'contact-way/shops contact-way/tianhe', reason: '上线'}},
    ])
  })

  it('is not undone by a deploy of a branch that has no file of it yet', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    await world.run()
    world.files.delete('channels/tianhe.yaml')
    expect(await stepsOf(world)).toEqual([])
    const {config} = world.loaded()
    const {plan} = await makePlan(world, await planSources(config, world.store, world.clock.nowMs()))
    expect(plan.notes.map(({en}) => en).join()).toContain('"contact-way/tianhe" was imported')
  })

  it('touches nothing in WeCom', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    await world.run()
    expect(world.wecom.calls.filter(({name}) => !/^(list|get)/.test(name))).toEqual([])
  })

  it('changes nothing the second time', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    await world.run()
    const before = [[...world.files], await world.store.readState(), await world.store.readAudit()]
    expect(await world.run()).toMatchObject({taken: [], findings: []})
    expect([[...world.files], await world.store.readState(), await world.store.readAudit()]).toEqual(before)
  })

  it('only shows what it would do in a dry run, even while an apply holds the lock', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    await world.store.lock('another', 1000)
    const {taken} = await world.run({isDry: true})
    expect(taken.map(({file}) => file?.path)).toEqual(['channels/tianhe.yaml'])
    expect([world.written(), await world.resources()]).toEqual([[], {}])
    await expect(world.run()).rejects.toThrow(StoreLocked)
  })

  it('keeps a channel that names the state already and takes over its code', async () => {
    const world = new ImportWorld({'channels/south/door.yaml': channel({staff: {members: ['WangWei']}})})
    world.wecom.ways.set('cfg1', aWay())
    const text = world.files.get('channels/south/door.yaml')
    await world.run()
    expect([world.written(), world.files.get('channels/south/door.yaml')]).toEqual([['channels/south/door.yaml'], text])
    expect(Object.keys(await world.resources())).toEqual(['contact-way/south/door'])
    expect(await stepsOf(world)).toEqual(['update contact-way/south/door'])
  })

  it.each<[string, (world: ImportWorld) => void, string]>([
    ['without a state', ({wecom}) => wecom.ways.set('cfg1', aWay({state: ''})), '没有 state'],
    [
      'inside a mini program',
      ({wecom, buttons}) => {
        wecom.ways.set('cfg1', aWay())
        buttons.add('cfg1')
      },
      '小程序里的按钮',
    ],
    [
      'of one state twice',
      ({wecom}) => {
        wecom.ways.set('cfg1', aWay())
        wecom.ways.set('cfg2', aWay({users: ['WangWei']}))
      },
      '有 2 个活码',
    ],
    ['of nobody we know', ({wecom}) => wecom.ways.set('cfg1', aWay({users: ['ghost'], parties: [99]})), 'ghost、#99'],
  ])('leaves out a code %s and says so', async (_what, make, says) => {
    const world = new ImportWorld()
    make(world)
    const outcome = await world.run()
    expect([outcome.taken, world.written(), await world.resources()]).toEqual([[], [], {}])
    expect(notesOf(outcome)).toContain(says)
  })

  it.each<[string, object, string]>([
    ['managed elsewhere', channel({kind: 'external', staff: undefined}), '不由系统管理'],
    ['without staff', channel({staff: undefined}), '不由系统管理'],
  ])('leaves a code alone whose channel is %s', async (_what, written, says) => {
    const clean = JSON.parse(JSON.stringify(written)) as object
    const world = new ImportWorld({'channels/door.yaml': clean})
    world.wecom.ways.set('cfg1', aWay())
    const outcome = await world.run()
    expect([outcome.taken, notesOf(outcome)]).toEqual([[], expect.stringContaining(says)])
  })

  it('leaves out a second code of a channel that has one', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    await world.run()
    world.wecom.ways.set('cfg2', aWay({remark: '另一个'}))
    const outcome = await world.run()
    expect([outcome.taken, notesOf(outcome)]).toEqual([[], expect.stringContaining('已有自己的活码')])
  })

  it('names staff it does not know and leaves them out', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay({users: ['LINA', 'ghost'], parties: [99]}))
    const outcome = await world.run()
    expect(world.files.get('channels/tianhe.yaml')).toContain('staff: {members: [LINA]}')
    expect(notesOf(outcome)).toContain('ghost、#99')
  })

  it('keeps remarks out of state, audit and plan: they may name a customer', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay({remark: '王女士专用'}))
    await world.run()
    const {plan} = await makePlan(world, await planSources(world.loaded().config, world.store, world.clock.nowMs()))
    const kept = JSON.stringify([await world.store.readState(), await world.store.readAudit(), plan.steps])
    // The release says the title, which a person reads before it is committed.
    expect(kept).not.toContain('王女士')
  })

  it('lists the customer tags, since WeCom does not tell which a code puts', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    world.wecom.corpTags.push({id: 't', group: '来源', name: '门店'})
    expect(notesOf(await world.run())).toContain('来源/门店')
  })

  it('writes nothing at all when the new files would not pass the checks', async () => {
    const world = new ImportWorld()
    const welcome = {text: '{{name}} 欢迎'}
    world.wecom.welcomes.set('tpl1', welcome)
    world.wecom.ways.set('cfg1', aWay())
    const outcome = await world.run({groupWelcomes: [{templateId: 'tpl1', id: 'vip'}]})
    expect(outcome.findings.map(({file}) => file)).toEqual(['group-welcomes/vip.yaml'])
    expect([world.written(), await world.resources()]).toEqual([[], {}])
  })

  it('overwrites no file, and leaves the state alone then', async () => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    world.beforeFile = (path) => void world.files.set(path, 'title: 别人的\n')
    expect(await world.run()).toMatchObject({inTheWay: 'channels/tianhe.yaml', taken: []})
    expect([world.files.get('channels/tianhe.yaml'), await world.resources()]).toEqual(['title: 别人的\n', {}])
  })
})

describe('importing group welcomes', () => {
  it('takes over text and link, and the next plan has nothing to do', async () => {
    const world = new ImportWorld()
    const part = {type: 'link' as const, title: '指南', url: 'https://m.hehejj.example/guide', desc: '十二个户型'}
    world.wecom.welcomes.set('tpl1', {text: '%NICKNAME%，欢迎 [新人]', part})
    await world.run({groupWelcomes: [{templateId: 'tpl1', id: 'south/vip'}]})
    expect(world.files.get('group-welcomes/south/vip.yaml')).toBe(
      [
        'title: south/vip',
        'text: "[客户昵称]，欢迎 \\\\[新人]"',
        'attachment: {type: link, title: 指南, description: 十二个户型, url: https://m.hehejj.example/guide}',
        '',
      ].join('\n'),
    )
    expect(await world.resources()).toMatchObject({'group-welcome/south/vip': {remoteId: 'tpl1'}})
    expect(await stepsOf(world)).toEqual([])
    expect(await world.run({groupWelcomes: [{templateId: 'tpl1', id: 'south/vip'}]})).toMatchObject({
      ...{taken: [], notes: []},
    })
  })

  it('leaves out one with a picture until somebody writes it by hand, then takes it over', async () => {
    const asked = {groupWelcomes: [{templateId: 'tpl1', id: 'vip'}]}
    const world = new ImportWorld()
    world.wecom.welcomes.set('tpl1', {text: '欢迎', part: {type: 'image', picUrl: 'https://p.example/1'}})
    const outcome = await world.run(asked)
    expect([outcome.taken, notesOf(outcome)]).toEqual([[], expect.stringContaining('image')])
    world.files.set('group-welcomes/vip.yaml', 'title: vip\ntext: 欢迎光临\n')
    await world.run(asked)
    expect(await stepsOf(world)).toEqual(['update group-welcome/vip'])
  })

  it('leaves out what WeCom does not know and what is managed under another id', async () => {
    const world = new ImportWorld()
    world.wecom.welcomes.set('tpl1', {text: '欢迎'})
    await world.run({groupWelcomes: [{templateId: 'tpl1', id: 'vip'}]})
    const again = await world.run({
      groupWelcomes: [
        {templateId: 'tpl1', id: 'other'},
        {templateId: 'nothing', id: 'new'},
      ],
    })
    expect([again.taken, again.missed, notesOf(again)]).toEqual([
      [],
      ['tpl1', 'nothing'],
      expect.stringMatching(/已由「vip」管理[^]*没有入群欢迎语 nothing/),
    ])
  })

  it('gives every text back as it was, but for one that no file can say', () => {
    const piece = fc.oneof(
      fc.constantFrom('%NICKNAME%', '[', ']', '\\', '\\[', '[客户昵称]', '[新人]', '%'),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 12}), (pieces) => {
        const said = pieces.join('')
        fc.pre(!said.includes('\\%NICKNAME%'))
        expect(groupWelcomeValue({title: 'x', text: writeText(said)}, new Map()).text).toBe(said)
      }),
    )
  })
})

describe('an import that dies', () => {
  const aWorld = (): ImportWorld => {
    const world = new ImportWorld()
    world.wecom.ways.set('cfg1', aWay())
    world.wecom.ways.set('cfg2', aWay({state: 'shops', users: ['WangWei']}))
    world.wecom.welcomes.set('tpl1', {text: '欢迎'})
    return world
  }
  const asked = {groupWelcomes: [{templateId: 'tpl1', id: 'vip'}]}

  it('at any file or write of the store is finished by the next one', async () => {
    const whole = aWorld()
    await whole.run(asked)
    let isOver = false
    for (let at = 0; !isOver; at++) {
      const world = aWorld()
      let writes = 0
      isOver = true
      const count = (): void => {
        if (writes++ !== at) return
        isOver = false
        world.wecom.isDead = true
        throw new Killed('the process is dead')
      }
      world.beforeFile = count
      world.store.beforeWrite = count
      try {
        await world.run(asked)
      } catch (error) {
        if (!(error instanceof Killed)) throw error
      }
      world.restart()
      await world.run(asked)
      expect([...world.files].sort()).toEqual([...whole.files].sort())
      expect(await world.resources()).toEqual(await whole.resources())
    }
  })
})

describe('the id of a channel', () => {
  it.each([
    ['rc-spring', 'rc-spring'],
    ['天河店/门头 1', '天河店-门头-1'],
    ['../../etc', 'etc'],
    ['.hidden', 'hidden'],
    ['a=b&c', 'a-b-c'],
  ])('of %s is %s', (state, id) => {
    expect(nameChannel(state, new Set())).toBe(id)
  })

  it('is another one for another state, whatever case a file system knows', () => {
    const taken = new Set<string>()
    const ids = ['A', 'a', 'a ', '???', '!!!'].map((state) => {
      const id = nameChannel(state, taken)
      taken.add(id.toLowerCase())
      return id
    })
    expect(ids.slice(0, 3)).toEqual(['A', 'a-2', 'a-3'])
    expect(taken.size).toBe(5)
  })

  it('names a file of the channels’ folder whatever the state', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary', minLength: 1, maxLength: 30}), (state) => {
        const id = nameChannel(state, new Set())
        expect(classifyPath(`channels/${id}.yaml`)).toEqual({kind: 'channel', id})
        expect(id).not.toMatch(/[/\\\s:*?"<>|]|^\.|\.$/)
      }),
    )
  })
})
