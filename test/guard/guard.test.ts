import {describe, expect, it} from '@jest/globals'
import {compareFacts, isAbove} from '../../scripts/core/guard/compare-facts.js'
import {evaluateGuard, type GuardResult} from '../../scripts/core/guard/evaluate-guard.js'
import {factsOfTemplate} from '../../scripts/core/guard/template-facts.js'
import {anAsset, type Changes, configOf, NOW_MS, organization} from '../support/a-config.js'

const SCHOOL = {
  title: '报名',
  text: [
    '[客户昵称]你好，我是启程职业教育的课程顾问[员工姓名]。电工（低压）取证班12月20日开班，学费1980元，含教材和一次补考；上课地址：东湖路9号职教楼3层。',
    '报名只走下面的官方链接，请认准 qicheng-edu.example；学费一律由学校对公账户收取，不会让你转账给个人。咨询电话400-000-1866（8:30-20:00）。',
  ].join('\n'),
  fallback: '你好，我是启程职业教育的课程顾问。',
  attachments: [
    {
      type: 'link',
      title: '官方报名与学费明细',
      description: '请认准官网',
      url: 'https://bm.qicheng-edu.example/enrol?src=wecom',
      cover: 'assets/enrol.jpg',
    },
  ],
}
type School = typeof SCHOOL

const guard = (
  base: Changes,
  head: Changes,
  assets = [anAsset('assets/enrol.jpg')],
  headAssets = assets,
): GuardResult => evaluateGuard(configOf(base, assets), configOf(head, headAssets), NOW_MS)

const school = (change: (school: School) => object = (same) => same): Changes => ({
  'templates/hello.yaml': change(SCHOOL),
})
const withText = (from: string | RegExp, to: string): Changes =>
  school((old) => ({...old, text: old.text.replace(from, to)}))
const withLink = (change: object): Changes =>
  school((old) => ({...old, attachments: [{...old.attachments[0], ...change}]}))

/** `scope kind changed/total` of each lock that measures how much changed; dangers have tests of their own. */
const locks = (result: GuardResult): string[] =>
  result.locks
    .filter(({limit}) => limit > 0)
    .map(({scope, kind, changed, total}) => `${scope} ${kind} ${changed}/${total}`)

describe('the school whose pull requests were tampered with', () => {
  it('has six facts: link, phone, price, date, address and how to pay', () => {
    const config = configOf(school(), [anAsset('assets/enrol.jpg')])
    const template = config.templates.get('hello')
    const facts = template ? factsOfTemplate(template, config) : []
    expect(facts.map(({kind, value}) => `${kind} ${value}`).sort()).toEqual([
      'address 东湖路9号职教楼3层',
      'date 12月20日',
      'link https://bm.qicheng-edu.example/enrol?src=wecom',
      'payment 对公账户|转账',
      'phone 4000001866',
      'price 1980元',
    ])
  })
  it('a new price alone is 1/6 and does not lock', () => {
    const result = guard(school(), withText('1980', '2180'))
    expect(locks(result)).toEqual([])
    expect(result.templates).toEqual([{id: 'hello', links: {changed: 0, total: 1}, keyFacts: {changed: 1, total: 6}}])
  })
  it('a new price and a new phone are 2/6 and lock', () => {
    const head = withText('1980', '2180')
    const both = school((old) => ({...old, text: old.text.replace('1980', '2180').replace('1866', '1867')}))
    expect(locks(guard(school(), both))).toEqual(['template:hello key-facts 2/6'])
    expect(locks(guard(head, both))).toEqual([])
  })
  it('another tone of voice is 0/6', () => {
    const result = guard(school(), withText(/你好|请认准|一律/g, '您好呀'))
    expect(locks(result)).toEqual([])
    expect(result.templates).toEqual([])
    expect(result.changes.map(({on}) => on)).toEqual(['text'])
  })
  it('another way to pay is a fact of its own', () => {
    const result = guard(school(), withText('由学校对公账户收取', '请私聊转账 6222 0000 1111 2222'))
    expect(result.templates[0]?.keyFacts).toEqual({changed: 1, total: 6})
  })
  it('its only link replaced is 1/1: the template and the release lock', () => {
    const result = guard(school(), withLink({url: 'https://bm.qicheng-edv.example/enrol?src=wecom'}))
    expect(locks(result)).toEqual(['release links 1/1', 'template:hello links 1/1'])
    expect(result.locks[1]?.places).toEqual([
      {
        file: 'templates/hello.yaml',
        pointer: '/attachments/0/url',
        before: 'https://bm.qicheng-edu.example/enrol?src=wecom',
        after: 'https://bm.qicheng-edv.example/enrol?src=wecom',
      },
    ])
  })
  it('another title, description or cover is no fact', () => {
    const result = guard(school(), withLink({title: '报名', description: '别的', cover: 'assets/new.jpg'}), [
      anAsset('assets/enrol.jpg'),
      anAsset('assets/new.jpg'),
    ])
    expect([locks(result), result.templates]).toEqual([[], []])
    expect(result.changes.map(({on}) => on)).toEqual(['attachment'])
  })
  it('the lock says how much of how much, in both languages', () => {
    const both = school((old) => ({...old, text: old.text.replace('1980', '2180').replace('1866', '1867')}))
    const [lock] = guard(school(), both).locks
    expect(lock?.says.zh).toMatch(/2\/6 = 33\.3%.*20%/)
    expect(lock?.says.en).toMatch(/2\/6 = 33\.3%.*20%/)
    expect(lock?.limit).toBe(0.2)
  })
})

/** A template with `count` links, of which the first `changed` lead elsewhere. */
const links = (count: number, changed = 0, from = 0): Changes => ({
  'templates/hello.yaml': {
    title: 'x',
    fallback: 'x',
    text: Array.from(
      {length: count},
      (_, index) => `https://m.hehejj.example/${index >= from && index < from + changed ? 'new' : 'old'}/${index}`,
    ).join(' '),
  },
})

describe('the limit', () => {
  it('locks strictly above 20 %', () => {
    expect(locks(guard(links(5), links(5, 1)))).toEqual([])
    expect(locks(guard(links(9), links(9, 2)))).toEqual([
      'release links 2/9',
      'template:hello links 2/9',
      'template:hello key-facts 2/9',
    ])
    expect(locks(guard(links(10), links(10, 2)))).toEqual([])
    expect(locks(guard(links(100), links(100, 20)))).toEqual([])
    expect(locks(guard(links(100), links(100, 21)))).toHaveLength(3)
  })
  it('is compared in whole numbers: a share that floating point cannot hold is exact', () => {
    for (const [changed, total, limit] of [
      [1, 10, 0.1],
      [3, 10, 0.3],
      [7, 100, 0.07],
      [29, 100, 0.29],
      [57, 100, 0.57],
      [1, 3, 0.333333],
    ] as const)
      expect([changed, total, isAbove(changed, total, limit)]).toEqual([changed, total, limit === 0.333333])
    expect(isAbove(0, 0, 0)).toBe(false)
    expect(isAbove(1, 1000, 0)).toBe(true)
  })
  const limits = (share: unknown): Changes => ({
    'policy.yaml': {guard: {linkChange: {template: share, release: share}, keyFactChange: {template: share}}},
  })
  it('is that of the base: a change cannot relax its own guard', () => {
    const relaxed = {...links(2, 1), ...limits('100%')}
    expect(locks(guard(links(2), relaxed))).toHaveLength(3)
    expect(locks(guard({...links(2), ...limits('100%')}, links(2, 1)))).toEqual([])
    expect(locks(guard({...links(20), ...limits(0.05)}, links(20, 1)))).toEqual([])
    expect(locks(guard({...links(20), ...limits('5%')}, links(20, 2)))).toHaveLength(3)
  })
  it('is asked of each template and of the release by itself', () => {
    const two = (changed: number): Changes => ({
      ...links(8),
      'templates/b.yaml': {
        title: 'b',
        fallback: 'b',
        text: Array.from(
          {length: 2},
          (_, index) => `https://m.hehejj.example/b${index < changed ? 'x' : ''}${index}`,
        ).join(' '),
      },
    })
    expect(locks(guard(two(0), two(1)))).toEqual(['template:b links 1/2', 'template:b key-facts 1/2'])
    expect(locks(guard(two(0), two(2)))).toEqual(['template:b links 2/2', 'template:b key-facts 2/2'])
  })
})

describe('what counts', () => {
  it('a link added or taken away is one change of one more or one fewer', () => {
    expect(locks(guard(links(4), links(5)))).toEqual([])
    expect(locks(guard(links(3), links(4)))).toEqual([
      'release links 1/4',
      'template:hello links 1/4',
      'template:hello key-facts 1/4',
    ])
    expect(locks(guard(links(5), links(4)))).toEqual([])
    expect(locks(guard(links(4), links(3)))).toHaveLength(3)
  })
  it('moved, reordered or spelt alike is kept', () => {
    const text = (words: string): Changes => ({'templates/hello.yaml': {title: 'x', text: words}})
    const result = guard(
      text('https://m.hehejj.example/a 电话400-000-1866 2026年12月1日 ¥100'),
      text('2026年12月1日 ￥100 新的话 4000001866 https://M.HEHEJJ.example:443/a'),
    )
    expect(result.templates).toEqual([])
    expect(result.links).toEqual({kept: 1, changed: 0, total: 1})
  })
  it('the same link twice is two, and one of them can go', () => {
    expect(compareFacts([FACT('a'), FACT('a')], [FACT('a')])).toMatchObject({kept: 1, changed: 1, total: 2})
    expect(compareFacts([FACT('a')], [FACT('a'), FACT('a')])).toMatchObject({kept: 1, changed: 1, total: 2})
  })
  it('changes are paired by kind only', () => {
    const phone = {kind: 'phone' as const, value: '1', pointer: ''}
    expect(compareFacts([FACT('a')], [phone])).toMatchObject({kept: 0, changed: 2, total: 2})
    expect(compareFacts([FACT('a'), FACT('b')], [FACT('c'), phone])).toMatchObject({kept: 0, changed: 3, total: 3})
    expect(compareFacts([], [])).toEqual({kept: 0, changed: 0, total: 0, changes: []})
  })
  it('an appid or a page is a link, a picture is one by its content', () => {
    const program = {type: 'miniprogram', title: 'x', appid: 'wx0000000000000001', page: 'a', cover: 'assets/m.png'}
    const withProgram = (changes: object): Changes => ({
      'templates/hello.yaml': {title: 'x', text: 'x', fallback: 'x', attachments: [{...program, ...changes}]},
    })
    const cover = [anAsset('assets/m.png'), anAsset('assets/n.png')]
    expect(locks(guard(withProgram({}), withProgram({page: 'b'}), cover))).toHaveLength(3)
    expect(locks(guard(withProgram({}), withProgram({title: 'y', cover: 'assets/n.png'}), cover))).toEqual([])

    const picture = {
      'templates/hello.yaml': {
        title: 'x',
        text: 'x',
        fallback: 'x',
        attachments: [{type: 'image', file: 'assets/a.png'}],
      },
    }
    const other = [anAsset('assets/a.png', {sha256: 'f'.repeat(64)})]
    const result = guard(picture, picture, [anAsset('assets/a.png')], other)
    expect(locks(result)).toEqual(['release links 1/1', 'template:hello links 1/1', 'template:hello key-facts 1/1'])
    expect(result.changes.map(({on, kind, id}) => [on, kind, id])).toEqual([['attachment', 'asset', 'assets/a.png']])
    const renamed = {
      'templates/hello.yaml': {
        title: 'x',
        text: 'x',
        fallback: 'x',
        attachments: [{type: 'image', file: 'assets/b.png'}],
      },
    }
    expect(locks(guard(picture, renamed, [anAsset('assets/a.png'), anAsset('assets/b.png')]))).toEqual([])
  })
  it('values of facts.yaml count in the templates that use them, and nowhere else', () => {
    const uses = {'templates/hello.yaml': {title: 'x', text: '电话[门店电话]，地址[门店地址]', fallback: '您好'}}
    const facts = (phone: string, address = '体育东路118号'): Changes => ({
      ...uses,
      'templates/other.yaml': {title: 'o', text: '没有资料 400-000-0009'},
      'facts.yaml': {'/总部/华南区/天河店': {门店电话: phone, 门店地址: address}},
    })
    const result = guard(facts('400-000-0001'), facts('400-000-0002'))
    expect(result.templates).toEqual([{id: 'hello', links: {changed: 0, total: 0}, keyFacts: {changed: 1, total: 2}}])
    expect(locks(result)).toEqual(['template:hello key-facts 1/2'])
    expect(locks(guard(facts('400-000-0001'), facts('400-000-0001', '海德三道66号')))).toEqual([
      'template:hello key-facts 1/2',
    ])
  })
  it('of many shops one that moves does not lock', () => {
    const shops = (moved: number): Changes => ({
      'templates/hello.yaml': {title: 'x', text: '[门店地址]', fallback: '您好'},
      'facts.yaml': Object.fromEntries(
        Array.from({length: 10}, (_, index) => [
          `/总部/店${index}`,
          {门店地址: `某路${index < moved ? 900 + index : index + 1}号`},
        ]),
      ),
    })
    expect(locks(guard(shops(0), shops(2)))).toEqual([])
    expect(locks(guard(shops(0), shops(3)))).toEqual(['template:hello key-facts 3/10'])
  })
  it.each([
    ['手机', '13800000000', '13900000000'],
    ['座机', '010-62000000', '010-62000001'],
    ['热线', '95533', '95566'],
    ['分机', '400-000-8123转1', '400-000-8123转2'],
    ['金额', '¥1980', '¥2180'],
    ['千分位', '¥1,980', '¥1,280'],
    ['千分位', '1,980元', '2,980元'],
    ['全角', '１９８０元', '２９８０元'],
    ['折扣', '8折', '7折'],
    ['满减', '满300减50', '满300减30'],
    ['百分比', '25% off', '35% off'],
    ['日期', '2026-12-20', '2026-12-21'],
    ['月日', '12月20日', '12月21日'],
    ['地址', '地址：东湖路9号', '地址：东湖路19号'],
    ['门牌', '武侯祠大街202号', '武侯祠大街203号'],
    ['卡号', '6222 0000 1111 2222', '6222 0000 1111 3333'],
    ['付款', '请用微信支付', '请用支付宝'],
  ])('%s: %s becomes %s is a key fact', (_what, before, after) => {
    const text = (words: string): Changes => ({'templates/hello.yaml': {title: 'x', text: `您好，${words}，谢谢`}})
    const result = guard(text(before), text(after))
    expect(result.templates[0]?.keyFacts.changed).toBeGreaterThan(0)
    expect(locks(result)).toEqual([expect.stringMatching(/^template:hello key-facts 1\/1$/)])
  })
  it.each(['营业时间 8:30-20:00', '第1家店', '7天无理由', '48小时内发货', '3公里'])('%s is none', (words) => {
    const config = configOf({'templates/hello.yaml': {title: 'x', text: words}})
    const template = config.templates.get('hello')
    expect(template ? factsOfTemplate(template, config) : ['?']).toEqual([])
  })
})

const FACT = (value: string) => ({kind: 'link' as const, value, pointer: ''})

describe('new and deleted templates', () => {
  const extra = (id: string, count = 1): Changes => ({
    [`templates/${id}.yaml`]: {
      title: id,
      fallback: 'x',
      text: Array.from({length: count}, (_, index) => `https://m.hehejj.example/${id}/${index}`).join(' '),
    },
  })
  it('a new one has no ratio of its own; its links count in the release', () => {
    const result = guard(links(10), {...links(10), ...extra('b', 2)})
    expect([locks(result), result.links]).toEqual([[], {kept: 10, changed: 2, total: 12}])
    expect(result.templates).toEqual([])
    expect(locks(guard(links(10), {...links(10), ...extra('b', 3)}))).toEqual(['release links 3/13'])
  })
  it("a deleted one's links count in the release, and it has no ratio of its own", () => {
    const result = guard({...links(4), ...extra('b'), ...extra('c')}, {...links(4), ...extra('c')})
    expect(result.links).toEqual({kept: 5, changed: 1, total: 6})
    expect(locks(result)).toEqual(['template deletions 1/3'])
  })
  it('the lock of a release names the links of new and deleted templates too', () => {
    const [lock] = guard({...links(1), ...extra('b')}, {...links(1), ...extra('c')}).locks
    expect(lock?.scope).toBe('release')
    expect(lock?.places.map(({file, before, after}) => [file, before, after])).toEqual([
      ['templates/b.yaml', 'https://m.hehejj.example/b/0', null],
      ['templates/c.yaml', null, 'https://m.hehejj.example/c/0'],
    ])
  })
  it('a link that moves from one template to another is no change of the release', () => {
    const moved = {...links(1), 'templates/b.yaml': {title: 'b', text: 'b'}}
    const result = guard(
      {...moved, 'templates/hello.yaml': {title: 'x', text: 'https://m.hehejj.example/old/0'}},
      {
        ...moved,
        'templates/hello.yaml': {title: 'x', text: 'x'},
        'templates/b.yaml': {title: 'b', text: 'https://m.hehejj.example/old/0'},
      },
    )
    expect(result.links).toEqual({kept: 1, changed: 0, total: 1})
    expect(locks(result)).toEqual([
      'template:b links 1/1',
      'template:b key-facts 1/1',
      'template:hello links 1/1',
      'template:hello key-facts 1/1',
    ])
  })
})

describe('deletions', () => {
  const channels = (count: number): Changes =>
    Object.fromEntries(
      Array.from({length: count}, (_, index) => [
        `channels/c${index}.yaml`,
        {title: 'c', state: `s${index}`, kind: 'external'},
      ]),
    )
  it('of a kind lock strictly above 20 %', () => {
    expect(locks(guard(channels(5), channels(4)))).toEqual([])
    expect(locks(guard(channels(9), channels(7)))).toEqual(['channel deletions 2/9'])
    expect(locks(guard(channels(10), channels(8)))).toEqual([])
  })
  it('count each kind by itself, grown files do not make up for gone ones', () => {
    const more = Object.fromEntries(
      Array.from({length: 9}, (_, index) => [
        `channels/n${index}.yaml`,
        {title: 'n', state: `n${index}`, kind: 'external'},
      ]),
    )
    expect(locks(guard(channels(4), {...channels(2), ...more}))).toEqual(['channel deletions 2/4'])
    expect(locks(guard(channels(4), {...channels(4), 'schedules/all.yaml': null}))).toEqual(['schedule deletions 1/1'])
  })
  it('are none where a channel says what it was', () => {
    const renamed = {'channels/new.yaml': {title: 'c', state: 's0', kind: 'external', was: 'c0'}}
    expect(locks(guard(channels(1), renamed))).toEqual([])
  })
  it('have their own limit, read from the base', () => {
    const limit = {'policy.yaml': {guard: {deletions: '50%'}}}
    expect(locks(guard({...channels(2), ...limit}, {...channels(1), ...limit}))).toEqual([])
    expect(locks(guard(channels(2), {...channels(1), ...limit}))).toEqual(['channel deletions 1/2'])
  })
  it('name the files that are gone', () => {
    expect(guard(channels(2), channels(1)).locks[0]?.places).toEqual([
      {file: 'channels/c1.yaml', pointer: '', before: 'c1', after: null},
    ])
  })
})

describe('the list of changes', () => {
  const changes = (base: Changes, head: Changes): string[] =>
    guard(base, head).changes.map(({on, kind, id, action}) => `${on} ${kind} ${id} ${action}`)
  it('is empty for the same in other words of YAML', () => {
    expect(changes({}, {})).toEqual([])
    expect(
      changes({}, {'templates/hello.yaml': '# 说明\ntext: "[客户昵称]您好，我是[员工姓名]。"\ntitle: 问候\n'}),
    ).toEqual([])
  })
  it('tells text, links and attachments of a template apart', () => {
    const template = (changesOf: object): Changes => ({
      'templates/hello.yaml': {
        title: 'x',
        text: 'x',
        fallback: 'x',
        attachments: [{type: 'link', title: 'l', url: 'https://m.hehejj.example/'}],
        ...changesOf,
      },
    })
    expect(changes(template({}), template({text: 'y'}))).toEqual(['text template hello update'])
    expect(changes(template({}), template({validTo: '2027-01-01T00:00:00Z'}))).toEqual(['text template hello update'])
    expect(
      changes(template({}), template({attachments: [{type: 'link', title: 'neu', url: 'https://m.hehejj.example/'}]})),
    ).toEqual(['attachment template hello update'])
    expect(
      changes(template({}), template({attachments: [{type: 'link', title: 'l', url: 'https://m.hehejj.example/2'}]})),
    ).toEqual(['link template hello update'])
  })
  it('tells the audience of a schedule from what it says', () => {
    const schedule = (body: object): Changes => ({
      'schedules/all.yaml': {title: '全员', audience: {}, template: 'hello', ...body},
    })
    expect(changes({}, schedule({audience: {departments: ['/总部']}}))).toEqual(['audience schedule all update'])
    expect(changes({}, schedule({priority: 3}))).toEqual(['schedule schedule all update'])
    expect(changes({}, schedule({priority: 3, audience: {departments: ['/总部']}}))).toEqual([
      'audience schedule all update',
      'schedule schedule all update',
    ])
  })
  it('marks what is new and what is gone, and a deletion as such', () => {
    const extra = {'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'}}
    expect(changes({}, extra)).toEqual(['channel channel c create'])
    expect(changes(extra, {})).toEqual(['channel channel c delete', 'deletion channel c delete'])
    expect(changes({}, {'templates/hello.yaml': null, 'schedules/all.yaml': null})).toEqual([
      'audience schedule all delete',
      'deletion schedule all delete',
      'schedule schedule all delete',
      'deletion template hello delete',
      'text template hello delete',
    ])
  })
  it('names every other kind', () => {
    const base = {
      'calendars/cn.yaml': {title: 'c', years: {}},
      'group-welcomes/g.yaml': {title: 'g', text: 'g'},
      'grants/g.yaml': [{role: '编辑', to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-1'}],
    }
    const head = {
      'calendars/cn.yaml': {title: 'd', years: {}},
      'group-welcomes/g.yaml': {title: 'g', text: 'h'},
      'grants/g.yaml': [{role: '编辑', to: ['member:zhang.san'], until: '2027-06-30', ticket: 'OA-2'}],
      'policy.yaml': {text: {maxCharacters: 300}},
      'links.yaml': {hosts: []},
      'roles.yaml': {编辑: {may: ['edit-text']}},
      'facts.yaml': {'/总部': {a: 'b'}},
      'organization.yaml': organization({transfers: []}),
      'enterprise.yaml': {corpId: 'ww2', agentId: 1, timezone: 'Asia/Shanghai'},
    }
    expect(
      guard(base, head)
        .changes.map(({on}) => on)
        .sort(),
    ).toEqual(['calendar', 'enterprise', 'facts', 'grant', 'group-welcome', 'links', 'organization', 'policy', 'role'])
  })
})

describe('people touched', () => {
  const narrow = (departments: readonly string[]): Changes => ({
    'schedules/all.yaml': {title: 's', audience: {departments}, template: 'hello'},
  })
  it('are counted before and after', () => {
    expect(guard(narrow(['/总部/华北区']), narrow(['/总部'])).people).toEqual({before: 1, after: 3})
    expect(guard(narrow(['/总部']), narrow(['/总部/华南区'])).people).toEqual({before: 3, after: 2})
  })
  it('of a changed text are those who may say it', () => {
    const text = {'templates/hello.yaml': {title: 'x', text: '新'}}
    expect(guard(narrow(['/总部/华南区']), {...narrow(['/总部/华南区']), ...text}).people).toEqual({
      before: 2,
      after: 2,
    })
  })
  it('are none where nothing they say changes, and leavers are none', () => {
    expect(guard({}, {}).people).toEqual({before: 0, after: 0})
    expect(guard({}, {'policy.yaml': {text: {maxCharacters: 300}}}).people).toEqual({before: 0, after: 0})
    const left = {
      'organization.yaml': organization({
        members: [
          {id: 'a', departments: ['/总部'], status: 'disabled'},
          {id: 'b', departments: ['/总部']},
        ],
      }),
    }
    expect(
      guard(
        {...left, 'facts.yaml': null},
        {...left, 'facts.yaml': null, 'templates/hello.yaml': {title: 'x', text: '新'}},
      ).people,
    ).toEqual({before: 1, after: 1})
  })
})
