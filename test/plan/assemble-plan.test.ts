import {describe, expect, it} from '@jest/globals'
import {sha256} from '../../scripts/core/model/canonical.js'
import type {LiveFacts, MediaEntry} from '../../scripts/core/model/plan.js'
import {channelMark} from '../../scripts/core/model/channel-mark.js'
import {aChannel, type ConfigParts} from '../apply/a-config.js'
import {afterPlan, aState, factsOf, NOW_MS, planOf, stepOf} from './plan-of.js'

const PICTURES: ConfigParts = {
  templates: {
    hello: {
      title: '你好',
      text: '您好',
      fallback: '您好',
      attachments: [
        {type: 'image', file: 'assets/menu.png'},
        {type: 'link', title: 't', url: 'https://m.shop.example/', cover: 'assets/cover.png'},
        {type: 'link', title: 't', url: 'https://m.shop.example/', cover: 'https://m.shop.example/c.png'},
        {type: 'miniprogram', title: 't', appid: 'wx1', page: 'p', cover: 'assets/mini.png'},
        {type: 'video', file: 'assets/v.mp4'},
        {type: 'file', file: 'assets/f.pdf', name: '手册.pdf'},
      ],
    },
  },
  assets: {
    'assets/menu.png': 'menu',
    'assets/cover.png': 'cover',
    'assets/mini.png': 'mini',
    'assets/v.mp4': 'video',
    'assets/f.pdf': 'file',
    'assets/unused.png': 'unused',
  },
}
const keysOf = (parts: ConfigParts, changes = {}) => planOf(parts, changes).steps.map(({key}) => key)

describe('what a plan holds', () => {
  it('nothing, when state and configuration agree', () => {
    const parts = {...PICTURES, channels: {tianhe: aChannel({tags: ['来源/门店']})}}
    const first = planOf(parts)
    const media = first.steps.flatMap(({kind, after}) =>
      kind === 'media' ? [{...(after as MediaEntry), value: 'v', uploadedAtMs: 1}] : [],
    )
    const second = planOf(parts, {state: afterPlan(first, aState()), media})
    expect(second.steps).toEqual([])
    expect(second.release.before).toBe(second.release.after)
  })

  it('uploads each used file for its use: pictures and covers as URLs, the rest as media', () => {
    const media = planOf(PICTURES).steps.filter(({kind}) => kind === 'media')
    expect(
      media.map(({after}) => after).map((value) => [(value as MediaEntry).use, (value as {file: string}).file]),
    ).toEqual(
      expect.arrayContaining([
        ['picture', 'assets/menu.png'],
        ['picture', 'assets/cover.png'],
        ['image', 'assets/mini.png'],
        ['video', 'assets/v.mp4'],
        ['file', 'assets/f.pdf'],
      ]),
    )
    expect(media).toHaveLength(5)
  })

  it('the release waits for its media and for nothing else', () => {
    const plan = planOf({...PICTURES, channels: {tianhe: aChannel()}})
    const media = plan.steps.filter(({kind}) => kind === 'media').map(({key}) => key)
    expect([...(stepOf(plan, 'release/stable')?.needs ?? [])].sort()).toEqual([...media].sort())
  })

  it('a temporary id older than 48 hours is the responder’s to renew, not a step', () => {
    const entry = (file: string, use: MediaEntry['use'], ageHours: number): MediaEntry => ({
      sha256: sha256(file),
      use,
      value: 'v',
      uploadedAtMs: NOW_MS - ageHours * 3_600_000,
    })
    const media = [
      entry('menu', 'picture', 1),
      entry('cover', 'picture', 1),
      entry('mini', 'image', 70),
      entry('video', 'video', 1),
      entry('file', 'file', 1),
    ]
    expect(keysOf(PICTURES, {media}).filter((key) => key.startsWith('media/'))).toEqual([])
  })

  it('one content under two paths is uploaded once, under two file names twice', () => {
    const file = (name: string) => ({type: 'file' as const, file: `assets/${name}`})
    const parts = (attachments: ReturnType<typeof file>[]): ConfigParts => ({
      templates: {hello: {title: 't', text: 'x', fallback: 'x', attachments}},
      assets: {'assets/a.pdf': 'same', 'assets/b.pdf': 'same'},
    })
    expect(keysOf(parts([file('a.pdf'), file('a.pdf')])).filter((key) => key.startsWith('media/'))).toHaveLength(1)
    expect(keysOf(parts([file('a.pdf'), file('b.pdf')])).filter((key) => key.startsWith('media/'))).toHaveLength(2)
  })

  it('expands before it flips and contracts last', () => {
    const before = planOf({channels: {old: aChannel({state: 'old'})}})
    const plan = planOf({...PICTURES, channels: {tianhe: aChannel()}}, {state: afterPlan(before, aState())})
    expect(plan.steps.map(({phase}) => phase)).toEqual([...Array.from({length: 6}, () => 'expand'), 'flip', 'contract'])
    expect(plan.steps.at(-1)).toMatchObject({key: 'contact-way/old', action: 'delete', needs: ['release/stable']})
  })
})

describe('the digest of a plan', () => {
  const parts: ConfigParts = {
    ...PICTURES,
    channels: {
      b: aChannel({state: 'b', tags: ['来源/二', '来源/一']}),
      a: aChannel({state: 'a', staff: {members: ['li.si', 'zhang.san']}}),
    },
    groupWelcomes: {y: {title: 'y', text: 'y'}, x: {title: 'x', text: 'x'}},
  }
  const shuffled: ConfigParts = {
    ...parts,
    assets: Object.fromEntries(Object.entries(parts.assets ?? {}).reverse()),
    channels: {
      a: aChannel({state: 'a', staff: {members: ['zhang.san', 'li.si']}}),
      b: aChannel({state: 'b', tags: ['来源/一', '来源/二']}),
    },
    groupWelcomes: {x: {title: 'x', text: 'x'}, y: {title: 'y', text: 'y'}},
  }

  it('is the same whatever the order of files and lists', () => {
    const base = factsOf(parts)
    const plan = planOf(parts, {releaseDigest: base.releaseDigest})
    const other = planOf(shuffled, {releaseDigest: base.releaseDigest})
    expect(other.digest).toBe(plan.digest)
    expect(other.steps).toEqual(plan.steps)
  })

  it.each([
    ['the state moved on', {state: aState({serial: 6})}],
    ['the state is of another lineage', {state: aState({lineage: 'other'})}],
    ['the policy is another', {policyDigest: 'q'.repeat(64)}],
    ['the directory is another', {directoryDigest: 'd'.repeat(64)}],
    ['the release is another', {releaseDigest: 'r'.repeat(64)}],
  ])('is another when %s', (_why, changes) => {
    expect(planOf(parts, changes).digest).not.toBe(planOf(parts).digest)
  })

  it('does not depend on people, notes or the hour', () => {
    const plan = planOf(parts, {people: {before: 9, after: 9}, nowMs: NOW_MS + 1000})
    expect(plan.digest).toBe(planOf(parts).digest)
  })
})

describe('contact ways', () => {
  const oneWay = (changes: Parameters<typeof aChannel>[0], facts = {}) =>
    stepOf(planOf({channels: {tianhe: aChannel(changes)}}, facts), 'contact-way/tianhe')

  it('carry the exact state, sorted staff, department ids and a mark by which they are found again', () => {
    const staff = {members: ['zhang.san', 'li.si', 'li.si'], departments: ['/总部/西单店', '/总部/天河店']}
    expect(oneWay({staff, skipVerify: false})?.after).toEqual({
      type: 2,
      state: 'tianhe',
      remark: channelMark('tianhe'),
      skipVerify: false,
      users: ['li.si', 'zhang.san'],
      parties: [12, 13],
    })
  })

  it('the mark has at most 30 characters and tells channels apart', () => {
    expect(channelMark('a'.repeat(200)).length).toBeLessThanOrEqual(30)
    expect(channelMark('a')).not.toBe(channelMark('b'))
  })

  it('one member alone gets a way that can take a second one later', () => {
    const first = planOf({channels: {tianhe: aChannel()}})
    const more = {channels: {tianhe: aChannel({staff: {members: ['zhang.san', 'li.si']}})}}
    const plan = planOf(more, {state: afterPlan(first, aState())})
    expect(stepOf(plan, 'contact-way/tianhe')).toMatchObject({
      action: 'update',
      after: {type: 2, users: ['li.si', 'zhang.san']},
    })
  })

  it('one made elsewhere keeps its type, which WeCom never changes', () => {
    const first = planOf({channels: {tianhe: aChannel()}})
    const state = afterPlan(first, aState())
    const resource = state.resources['contact-way/tianhe']
    const value = {...(resource?.value as object), type: 1}
    const old = {
      ...state,
      resources: {'contact-way/tianhe': {kind: 'contact-way' as const, id: 'tianhe', digest: '', value}},
    }
    expect(stepOf(planOf({channels: {tianhe: aChannel()}}, {state: old}), 'contact-way/tianhe')).toBeUndefined()
  })

  it.each([
    ['external', aChannel({kind: 'external'})],
    ['link', aChannel({kind: 'link'})],
    ['without staff', aChannel({staff: {}})],
  ])('a channel of kind or form "%s" has none', (_what, channel) => {
    const plan = planOf({channels: {tianhe: channel}})
    expect(plan.steps.some(({kind}) => kind === 'contact-way')).toBe(false)
    expect(plan.notes).toEqual([])
  })

  it('a state prefix and a department without id get a note instead', () => {
    const {state: _state, ...rest} = aChannel()
    const plan = planOf({
      channels: {a: {...rest, statePrefix: 'st_'}, b: aChannel({staff: {departments: ['/总部/新店']}})},
    })
    expect(plan.steps.some(({kind}) => kind === 'contact-way')).toBe(false)
    expect(plan.notes.map(({en}) => en)).toEqual([
      expect.stringContaining('"a" is known by statePrefix'),
      expect.stringContaining('no id for /总部/新店'),
    ])
  })

  it('leavers are left out with a note, and a way of leavers alone is left as it is', () => {
    const members = [
      {id: 'zhang.san', departments: ['/总部'], status: 'left' as const, leftAt: '2026-11-24T09:00:00+08:00'},
      {id: 'li.si', departments: ['/总部']},
    ]
    const channels = {tianhe: aChannel({staff: {members: ['zhang.san', 'li.si']}}), alone: aChannel({state: 'alone'})}
    const plan = planOf({members, channels})
    expect(stepOf(plan, 'contact-way/tianhe')?.after).toMatchObject({users: ['li.si']})
    expect(stepOf(plan, 'contact-way/alone')).toBeUndefined()
    expect(plan.notes).toHaveLength(2)
  })

  it('a renamed channel keeps its code: an update that names the old key', () => {
    const state = afterPlan(planOf({channels: {tianhe: aChannel()}}), aState())
    const plan = planOf({channels: {'gz/tianhe': aChannel({was: 'tianhe'})}}, {state})
    expect(plan.steps.filter(({kind}) => kind === 'contact-way')).toMatchObject([
      {key: 'contact-way/gz/tianhe', action: 'update', was: 'contact-way/tianhe'},
    ])
    const after = afterPlan(plan, state)
    expect(after.resources['contact-way/gz/tianhe']?.remoteId).toBe('remote of contact-way/tianhe')
    expect(planOf({channels: {'gz/tianhe': aChannel({was: 'tianhe'})}}, {state: after}).steps).toEqual([])
  })

  it('"was" means nothing while the old channel still stands', () => {
    const state = afterPlan(planOf({channels: {a: aChannel({state: 'a'})}}), aState())
    const plan = planOf({channels: {a: aChannel({state: 'a'}), b: aChannel({state: 'b', was: 'a'})}}, {state})
    expect(plan.steps.filter(({kind}) => kind === 'contact-way')).toMatchObject([
      {key: 'contact-way/b', action: 'create'},
    ])
  })

  it('a channel that is managed elsewhere from now on keeps its code in WeCom', () => {
    const state = afterPlan(planOf({channels: {tianhe: aChannel()}}), aState())
    const plan = planOf({channels: {tianhe: aChannel({kind: 'external'})}}, {state})
    expect(plan.steps.some(({kind}) => kind === 'contact-way')).toBe(false)
    expect(plan.notes[0]?.en).toContain('not managed any more')
  })

  it('one that was changed or deleted in WeCom is put right when WeCom was asked', () => {
    const parts = {channels: {tianhe: aChannel()}}
    const state = afterPlan(planOf(parts), aState())
    const resource = state.resources['contact-way/tianhe']
    const live = (way: LiveFacts['contactWays'][string]): LiveFacts => ({
      corpTags: [],
      contactWays: {[resource?.remoteId ?? '']: way},
      memberTags: {},
    })
    const value = resource?.value as NonNullable<LiveFacts['contactWays'][string]>
    expect(planOf(parts, {state, live: live(value)}).steps).toEqual([])
    expect(planOf(parts, {state, live: live({...value, users: ['wang.wu']})}).steps).toMatchObject([
      {action: 'update', before: {users: ['wang.wu']}, after: {users: ['zhang.san']}},
    ])
    expect(planOf(parts, {state, live: live(null)}).steps).toMatchObject([{action: 'create', before: null}])
  })
})

describe('customer tags', () => {
  it('are made before the codes of their channels', () => {
    const plan = planOf({channels: {tianhe: aChannel({tags: ['来源/门店', '城市/广州']})}})
    expect(plan.steps.filter(({kind}) => kind === 'corp-tag').map(({after}) => after)).toEqual([
      {group: '城市', name: '广州'},
      {group: '来源', name: '门店'},
    ])
    expect(stepOf(plan, 'contact-way/tianhe')?.needs).toEqual(['corp-tag/城市/广州', 'corp-tag/来源/门店'])
  })

  it('stay when no channel names them any more, with a note', () => {
    const state = afterPlan(planOf({channels: {tianhe: aChannel({tags: ['来源/门店']})}}), aState())
    const plan = planOf({channels: {tianhe: aChannel()}}, {state})
    expect(plan.steps.some(({kind}) => kind === 'corp-tag')).toBe(false)
    expect(plan.notes[0]?.en).toContain('deleting it would take it off customers')
  })
})

describe('group welcomes', () => {
  it('say the nickname as WeCom wants it and keep literal brackets', () => {
    const plan = planOf({groupWelcomes: {vip: {title: 'v', text: '欢迎[客户昵称]，见 \\[公告]', notify: false}}})
    expect(stepOf(plan, 'group-welcome/vip')?.after).toEqual({text: '欢迎%NICKNAME%，见 [公告]', notify: false})
  })

  it('a change of "notify" alone is no change: an edit tells nobody', () => {
    const state = afterPlan(planOf({groupWelcomes: {vip: {title: 'v', text: 'x'}}}), aState())
    expect(planOf({groupWelcomes: {vip: {title: 'v', text: 'x', notify: false}}}, {state}).steps).toEqual([])
  })

  it('a renamed one moves in the state without a call', () => {
    const state = afterPlan(planOf({groupWelcomes: {vip: {title: 'v', text: 'x'}}}), aState())
    const plan = planOf({groupWelcomes: {gold: {title: 'v', text: 'x', was: 'vip'}}}, {state})
    expect(plan.steps).toMatchObject([
      {key: 'group-welcome/gold', was: 'group-welcome/vip', action: 'update', calls: {}},
    ])
  })

  it('a create whose answer was lost blocks that one alone', () => {
    const state = aState({ambiguous: {'group-welcome/vip': {kind: 'group-welcome', id: 'vip', since: 1}}})
    const plan = planOf({groupWelcomes: {vip: {title: 'v', text: 'x'}, other: {title: 'o', text: 'o'}}}, {state})
    expect(plan.steps.filter(({kind}) => kind === 'group-welcome').map(({id}) => id)).toEqual(['other'])
    expect(plan.notes[0]?.en).toContain(
      'yingbin settle group-welcome/vip with --adopt TEMPLATE_ID, --retry or --orphan',
    )
  })

  it.each([
    [100, 0, 0],
    [99, 1, 0],
    [100, 1, 1],
    [101, 0, 1],
  ])('%i wanted and %i orphans give %i warnings about the cap of 100', (wanted, leaked, notes) => {
    const groupWelcomes = Object.fromEntries(
      Array.from({length: wanted}, (_, index) => [`w${index}`, {title: 't', text: 'x'}]),
    )
    const orphans = Array.from({length: leaked}, () => ({kind: 'group-welcome' as const, id: 'lost', since: 1}))
    expect(planOf({groupWelcomes}, {state: aState({orphans})}).notes).toHaveLength(notes)
  })
})

describe('member tags', () => {
  const roles = {销冠: {may: ['send-link' as const], wecomTag: '冠军'}}
  const grant = (to: string[], changes = {}) => ({role: '销冠', to, until: '2026-12-31', ticket: 'OA-1', ...changes})
  const users = (grants: ReturnType<typeof grant>[], parts: ConfigParts = {}, facts = {}) =>
    (stepOf(planOf({roles, grants, ...parts}, facts), 'member-tag-users/冠军')?.after as {users: string[]} | undefined)
      ?.users

  it('go to active members whom a grant in force names, themselves or by a department', () => {
    expect(users([grant(['member:wang.wu', 'department:/总部/天河店'])])).toEqual(['li.si', 'wang.wu', 'zhang.san'])
    expect(users([grant(['department:/总部'])])).toHaveLength(3)
    expect(users([grant(['department:/总部/天河'])])).toBeUndefined()
  })

  it.each([
    ['before it begins', {from: '2026-11-25'}, undefined],
    ['on its first day', {from: '2026-11-24'}, ['zhang.san']],
    ['on its last day', {until: '2026-11-24'}, ['zhang.san']],
    ['on the day after', {until: '2026-11-23'}, undefined],
  ])('a grant counts %s: %j', (_when, changes, expected) => {
    expect(users([grant(['member:zhang.san'], changes)])).toEqual(expected)
  })

  it('leavers and the disabled hold none, whoever leaves tomorrow still does', () => {
    const members = [
      {id: 'a', departments: ['/总部'], status: 'disabled' as const},
      {id: 'b', departments: ['/总部'], status: 'left' as const, leftAt: '2026-11-24T10:00:00+08:00'},
      {id: 'c', departments: ['/总部'], status: 'left' as const, leftAt: '2026-11-24T10:00:01+08:00'},
    ]
    expect(users([grant(['department:/总部'])], {members})).toEqual(['c'])
  })

  it('whoever lost the role loses the tag, others tagged by hand keep it', () => {
    const first = planOf({roles, grants: [grant(['member:zhang.san'])]})
    const state = afterPlan(first, aState())
    const plan = planOf({roles, grants: [grant(['member:li.si'])]}, {state})
    expect(stepOf(plan, 'member-tag-users/冠军')).toMatchObject({
      action: 'update',
      before: {users: ['zhang.san']},
      after: {users: ['li.si']},
      calls: {'tag/addtagusers': 1, 'tag/deltagusers': 1},
    })
  })

  it('a role without tag any more takes its users out and leaves the tag', () => {
    const state = afterPlan(planOf({roles, grants: [grant(['member:zhang.san'])]}), aState())
    const plan = planOf({roles: {销冠: {may: ['send-link']}}}, {state})
    expect(plan.steps.filter(({kind}) => kind.startsWith('member-tag'))).toMatchObject([
      {key: 'member-tag-users/冠军', action: 'delete', phase: 'contract'},
    ])
  })
})
