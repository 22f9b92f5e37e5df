import {describe, expect, it} from '@jest/globals'
import type {DangerKind} from '../../scripts/core/model/lock.js'
import {anAsset, type Changes, organization, startDocument} from '../support/a-config.js'
import {card, dangersOf, guard, registered, says} from './a-change.js'

const HOSTS = ['m.hehejj.example', 'pay.hehejj.example', 'bm.qicheng-edu.example', 'shop.github.io']
const BASE: Changes = {
  ...registered(...HOSTS, {host: 'old.hehejj.example', owner: '品牌部', until: '2026-11-23'}),
  'policy.yaml': {guard: {shorteners: ['dwz.example', 't.cn'], linkChange: {template: 1, release: 1}}},
}
const OFFICIAL = 'https://m.hehejj.example/a'

const kinds = (head: Changes, base: Changes = card(OFFICIAL)): string[] =>
  dangersOf(guard({...BASE, ...base}, {...BASE, ...head})).map((danger) => danger.split(' ')[0] ?? '')
const ofUrl = (url: string): string[] => kinds(card(url))
const ofText = (text: string): string[] => kinds(says(text), says('您好'))

/** Holds that an address is dangerous in this way, among others. */
const expectDanger = (url: string, kind: DangerKind): void => {
  expect([url, ofUrl(url)]).toEqual([url, expect.arrayContaining([kind])])
}

describe('a host', () => {
  it('that the base has registered may be used in any way, and anew', () => {
    for (const url of [
      'https://m.hehejj.example/b?x=1#y',
      'https://M.HEHEJJ.example:443/b',
      'https://pay.hehejj.example/',
      'https://shop.github.io/x',
    ])
      expect([url, ofUrl(url)]).toEqual([url, []])
  })
  it('that is not registered locks, and so does one whose registration is over', () => {
    expect(ofUrl('https://other.example/')).toEqual(['host-not-in-registry'])
    expect(ofUrl('https://old.hehejj.example/')).toEqual(['host-not-in-registry'])
    expect(ofUrl('https://new.hehejj.example/')).toEqual(['host-not-in-registry'])
  })
  it('is judged up to the last second of its registration', () => {
    const at = (nowMs: number) =>
      dangersOf(guard({...BASE, ...card(OFFICIAL)}, {...BASE, ...card('https://old.hehejj.example/')}, {nowMs}))
    const midnight = Date.parse('2026-11-24T00:00:00+08:00')
    expect(at(midnight - 1)).toEqual([])
    expect(at(midnight)).toEqual(['host-not-in-registry template:hello'])
  })
  it('that stood there before is no news, whatever it is', () => {
    expect(kinds(card('http://127.0.0.1/', {title: '新标题'}), card('http://127.0.0.1/'))).toEqual([])
  })
  it('is judged wherever it may stand', () => {
    const url = 'https://other.example/x'
    const facts = startDocument<Record<string, object>>('facts.yaml')
    const members = startDocument<{members: object[]}>('organization.yaml').members
    const places: Record<string, Changes> = {
      'template:hello': says(`您好 ${url}`),
      'template:new': {'templates/new.yaml': {title: 'n', text: `您好 ${url}`}},
      'group-welcome:g': {'group-welcomes/g.yaml': {title: 'g', text: `欢迎 ${url}`}},
      facts: {'facts.yaml': {...facts, '/总部': {官网: url}}},
      'channel:c': {'channels/c.yaml': {title: 'c', state: 'c', kind: 'external', facts: {官网: url}}},
      'member:zhang.san': {
        'organization.yaml': organization({members: [{...members[0], facts: {官网: url}}, ...members.slice(1)]}),
      },
      enterprise: {
        'enterprise.yaml': {...startDocument('enterprise.yaml'), greet: {builtIn: `您好 ${url}`}},
      },
    }
    for (const [scope, head] of Object.entries(places)) {
      const result = guard(BASE, {...BASE, ...head})
      expect([scope, dangersOf(result)]).toEqual([scope, [`host-not-in-registry ${scope}`]])
    }
    expect(kinds({'templates/hello.yaml': {title: 'x', text: '您好', fallback: `您好 ${url}`}}, {})).toEqual([
      'host-not-in-registry',
    ])
    expect(kinds(card(OFFICIAL, {cover: `${url}.png`}))).toEqual(['host-not-in-registry'])
    const attached = {
      'group-welcomes/g.yaml': {title: 'g', text: '欢迎', attachment: {type: 'link', title: 'x', url}},
    }
    expect(kinds(attached, {})).toEqual(['host-not-in-registry'])
  })
  it('is told with the one it replaces', () => {
    const [lock] = guard(
      {...BASE, ...says('看 https://m.hehejj.example/a 和 https://m.hehejj.example/b')},
      {...BASE, ...says('看 https://m.hehejj.example/a 和 https://other.example/b')},
    ).locks.filter(({limit}) => limit === 0)
    expect(lock?.places).toEqual([
      {
        file: 'templates/hello.yaml',
        pointer: '/text',
        before: 'https://m.hehejj.example/b',
        after: 'https://other.example/b',
      },
    ])
  })
  it('at many places is one lock that counts them', () => {
    const text = Array.from({length: 5}, (_, index) => `https://other.example/${index}`).join(' ')
    const [lock] = guard({...BASE, ...says('您好')}, {...BASE, ...says(text)}).locks.filter(({limit}) => limit === 0)
    expect(lock).toMatchObject({kind: 'host-not-in-registry', changed: 5, total: 5})
    expect(lock?.says.en).toContain('5/5')
  })
})

describe('a mini-program', () => {
  const program = (appid: string): Changes => ({
    'templates/hello.yaml': {
      title: 'x',
      text: '您好',
      fallback: '您好',
      attachments: [{type: 'miniprogram', title: 'x', appid, page: 'a', cover: 'assets/m.png'}],
    },
  })
  it('that is not registered locks; a registered one does not', () => {
    expect(kinds(program('wx0000000000000009'), {})).toEqual(['host-not-in-registry'])
    expect(kinds(program('wx0000000000000001'), {})).toEqual([])
  })
  it('registered in the same change is told to wait', () => {
    const head = {
      ...program('wx0000000000000009'),
      'links.yaml': {hosts: [], miniprograms: [{appid: 'wx0000000000000009', owner: '品牌部'}]},
    }
    expect(dangersOf(guard({}, head))).toEqual([
      'host-not-in-registry template:hello',
      'registry-change-needs-own-pr links',
    ])
  })
})

describe('a registry change', () => {
  const more = registered(...HOSTS, 'new.example')
  it('by itself does not lock, and neither does its use later', () => {
    expect(dangersOf(guard(BASE, {...BASE, ...more}))).toEqual([])
    expect(dangersOf(guard({...BASE, ...more}, {...BASE, ...more, ...card('https://new.example/')}))).toEqual([])
  })
  it('beside another change that does not use it is fine', () => {
    expect(dangersOf(guard(BASE, {...BASE, ...more, ...says('新的问候')}))).toEqual([])
  })
  it('that renews a host is held to the same', () => {
    const renewed = registered(...HOSTS, {host: 'old.hehejj.example', owner: '品牌部', until: '2027-11-23'})
    expect(dangersOf(guard(BASE, {...BASE, ...renewed, ...card('https://old.hehejj.example/')}))).toContain(
      'registry-change-needs-own-pr links',
    )
  })
  it('of a first configuration may come with its use: there is nobody yet who could have registered', () => {
    const first = {'templates/hello.yaml': null, 'schedules/all.yaml': null, 'links.yaml': {}}
    expect(dangersOf(guard(first, {...BASE, ...card(OFFICIAL)}))).toEqual([])
    expect(dangersOf(guard(first, {...BASE, ...card('https://other.example/')}))).toEqual([
      'host-not-in-registry template:hello',
    ])
  })
})

describe('letters that are not what they seem', () => {
  it.each([
    'https://m.hеhejj.example/', // Cyrillic е
    'https://xn--hhejj-2of.example/',
    'https://ｍ.hehejj.example/a',
    'https://m.hehejj。example/a',
    'https://m.hehe\u00adjj.example/a',
    'https://%6d.hehejj.example/a',
    'https://bücher.example/',
    'https://中文.example/',
  ])('%s is told', (url) => expectDanger(url, 'idn-homoglyph'))
  it.each([
    '看 https://m.hеhejj.example/ 吧',
    '看 https://ｍ.hehejj.example/ 吧',
    '看 https://１２７.0.0.1/ 吧',
    '认准 m.hеhejj.example',
  ])('in a text too: %s', (text) => {
    expect(ofText(text)).toContain('idn-homoglyph')
  })
  it.each(['https://m.hehejj.example/路径?问=答', 'https://m.hehejj.example/%E8%B7%AF'])(
    '%s is fine: only the host has to be plain',
    (url) => expect(ofUrl(url)).toEqual([]),
  )
  it.each([
    '请看https://m.hehejj.example，谢谢',
    '请看https://m.hehejj.example领取',
    '《https://m.hehejj.example/a》。',
  ])('Chinese around an address is no part of it: %s', (text) => expect(ofText(text)).toEqual([]))
})

describe('a look-alike', () => {
  it.each([
    ['a letter more', 'https://m.hehejjj.example/'],
    ['a letter less', 'https://m.hehjj.example/'],
    ['another letter', 'https://m.hehejk.example/'],
    ['two letters swapped', 'https://m.heehjj.example/'],
    ['no dot', 'https://mhehejj.example/'],
    ['a hyphen for a dot', 'https://m-hehejj.example/'],
    ['rn for m', 'https://hehejj-rn.example/', 'https://hehejj-m.example/'],
    ['one for l', 'https://www.1inguo.example/', 'https://www.linguo.example/'],
    ['zero for o', 'https://f00d.example/', 'https://food.example/'],
    ['the registered host before another domain', 'https://m.hehejj.example.evil.example/'],
    ['the registered domain among its labels', 'https://a.hehejj.example.b.evil.example/'],
    ['the registered name with hyphens', 'https://m-hehejj-example.evil.example/'],
    ['the name joined by a hyphen', 'https://hehejj-pay.example/'],
    ['the name joined at the other end', 'https://my-qicheng-edu.example/'],
    ['the name under another suffix', 'https://hehejj.shop/'],
    ['a neighbour below a private suffix', 'https://shap.github.io/'],
  ])('%s: %s', (_what, url, real = OFFICIAL) => {
    const base = {...BASE, ...registered(...HOSTS, new URL(real).hostname)}
    const result = guard({...base, ...card(OFFICIAL)}, {...base, ...card(url)})
    expect(dangersOf(result)).toEqual(['host-not-in-registry template:hello', 'lookalike template:hello'])
  })
  it.each([
    'https://other.example/',
    'https://new.hehejj.example/',
    'https://n.hehejj.example/',
    'https://completely-different.example/',
    'https://hehe.example/',
    'https://someone.github.io/',
  ])('%s is none', (url) => expect(ofUrl(url)).not.toContain('lookalike'))
  it('that is registered is none: the registry has looked at it', () => {
    const both = {...BASE, ...registered(...HOSTS, 'm.hehejk.example')}
    expect(dangersOf(guard({...both, ...card(OFFICIAL)}, {...both, ...card('https://m.hehejk.example/')}))).toEqual([])
  })
  it('named in a text without https:// is told, a registered name or a file is not', () => {
    expect(ofText('请认准 m.hehejk.example')).toEqual(['lookalike'])
    expect(ofText('请认准 m.hehejj.example，说明见 readme.md，邮箱 a@m.hehejk.example')).toEqual([])
  })
})

describe('an address that hides where it goes', () => {
  it.each(['http://0x7f.1/', 'https://2130706433/', 'https://①②⑦.0.0.1/', 'https://[::1]/', 'https://10.0.0.1:8443/x'])(
    '%s is an IP',
    (url) => expectDanger(url, 'ip-literal'),
  )
  it.each(['https://10.0.0.1.m.hehejj.example/', 'https://m.hehejj.example/10.0.0.1'])('%s is none', (url) =>
    expect(ofUrl(url)).not.toContain('ip-literal'),
  )
  it.each(['https://m.hehejj.example@evil.example/', 'https://a:b@m.hehejj.example/', 'https://@m.hehejj.example/'])(
    '%s carries user information',
    (url) => expectDanger(url, 'user-info'),
  )
  it.each(['https://m.hehejj.example/@guide', 'https://m.hehejj.example/?to=a@b.example'])('%s does not', (url) =>
    expect(ofUrl(url)).toEqual([]),
  )
  it('a shortener locks below its host too, and even when it is registered', () => {
    expectDanger('https://dwz.example/Ab3x', 'shortener')
    expectDanger('https://a.t.cn/x', 'shortener')
    const known = {...BASE, ...registered(...HOSTS, 'dwz.example')}
    expect(dangersOf(guard({...known, ...card(OFFICIAL)}, {...known, ...card('https://dwz.example/a')}))).toEqual([
      'shortener template:hello',
    ])
    expect(ofUrl('https://nott.cn/x')).not.toContain('shortener')
  })
  const b64 = (text: string): string => Buffer.from(text).toString('base64url')
  it.each([
    '?next=https://evil.example/',
    '?next=https%3A%2F%2Fevil.example',
    '?next=https%25253A%25252F%25252Fevil.example',
    '?next=//evil.example',
    '?next=%5C%5Cevil.example',
    '?next=/\\evil.example',
    '?next=http:evil.example',
    `?next=${b64('https://evil.example/x')}`,
    '?https://evil.example',
    '#https://evil.example',
    '#/page?to=https://evil.example',
    '/jump/https://evil.example/',
    `?a=${encodeURIComponent('https://m.hehejj.example/?b=https://evil.example')}`,
    '?next=http://0x7f.1/',
    '?next=%E0%A4%A&to=https%3A%2F%2Fevil.example',
  ])('a redirect: %s', (rest) =>
    expectDanger(`https://m.hehejj.example${rest.startsWith('/') ? '' : '/'}${rest}`, 'open-redirect-param'),
  )
  it.each([
    '?next=https://m.hehejj.example/b',
    '?next=https%3A%2F%2Fpay.hehejj.example%2Fb',
    '?next=/b',
    '?src=wecom&utm=a.b.example',
    `?token=${b64('not an address at all')}`,
    `?next=${b64('https://pay.hehejj.example/')}`,
    '?q=100%',
    '#top',
    '/a//b',
  ])('no redirect: %s', (rest) =>
    expect(ofUrl(`https://m.hehejj.example${rest.startsWith('/') ? '' : '/'}${rest}`)).toEqual([]),
  )
})

describe('a text that names one host beside a link that opens another', () => {
  it('is told for the title, the description and the text around', () => {
    expect(kinds(card('https://m.hehejj.example/b', {title: '官网 bm.qicheng-edu.example'}))).toEqual([
      'text-url-mismatch',
    ])
    expect(kinds(card('https://m.hehejj.example/b', {description: '见 https://pay.other.com/x'}))).toEqual([
      'text-url-mismatch',
    ])
    expect(kinds(card('https://else.example/', {}, {text: '请认准 m.hehejj.example'}))).toEqual([
      'host-not-in-registry',
      'text-url-mismatch',
    ])
  })
  it('is told when only the words change', () => {
    expect(kinds(card(OFFICIAL, {description: '请认准 qicheng-edu.example'}))).toEqual(['text-url-mismatch'])
  })
  it.each([
    ['the same host', card('https://m.hehejj.example/b', {description: '请认准 m.hehejj.example'})],
    ['the same owner', card('https://pay.hehejj.example/b', {description: '请认准 hehejj.example'})],
    [
      'a text that speaks of another registered site',
      card('https://m.hehejj.example/b', {}, {text: '另见 bm.qicheng-edu.example'}),
    ],
    [
      'a file, a version or a mail address',
      card('https://m.hehejj.example/b', {title: '手册.pdf v2.0 node.js a@qicheng-edu.example'}),
    ],
  ])('%s is fine', (_what, head) => expect(kinds(head)).toEqual([]))
  it('that stood so before is no news', () => {
    const odd = {title: '官网 bm.qicheng-edu.example'}
    expect(kinds(card(OFFICIAL, odd, {text: '新的问候'}), card(OFFICIAL, odd))).toEqual([])
  })
})

describe('payment to a private account', () => {
  it.each([
    '请私聊转账 6222…',
    '学费转账给我就行',
    '请打款到我的银行卡',
    '扫码付给我',
    '收款账号：6222 0000 1111 2222',
    '卡号６２２２００００１１１１２２２２',
    '请汇款到个人账户',
    '收款码 wxp://f2f0AbCd',
  ])('%s', (text) => expect(ofText(text)).toEqual(['payment-account']))
  it.each([
    '学费由学校对公账户收取',
    '不会让你转账给个人',
    '本人不会向您索取密码，也不会要求您转账到个人账户',
    '请勿向个人账户汇款',
    '支持微信支付和支付宝',
    '客服热线 400-000-1866，优惠价6280.50元',
    '订单在您的个人账户里查看',
    '转告给我您的尺码',
  ])('%s is fine', (text) => expect(ofText(text)).toEqual([]))
  it('that stood there before is no news; in a fallback, a group welcome or a fact it is', () => {
    expect(kinds(says('您好呀 转账给我'), says('您好 转账给我'))).toEqual([])
    expect(kinds({'templates/hello.yaml': {title: 'x', text: '您好', fallback: '转账给我'}}, says('您好'))).toEqual([
      'payment-account',
    ])
    expect(kinds({'group-welcomes/g.yaml': {title: 'g', text: '转账给我'}}, {})).toEqual(['payment-account'])
    expect(kinds({'facts.yaml': {'/总部': {收款: '转账给我'}}}, {})).toEqual(['payment-account'])
  })
})

describe('a QR code in a picture', () => {
  const picture = {
    'templates/hello.yaml': {
      title: 'x',
      text: '您好',
      fallback: '您好',
      attachments: [{type: 'image', file: 'assets/a.png'}],
    },
  }
  const showing = (...qrCodes: string[]) => [anAsset('assets/a.png', {qrCodes, sha256: JSON.stringify(qrCodes)})]
  const changed = (before: string[], after: string[]) =>
    guard({...BASE, ...picture}, {...BASE, ...picture}, {baseAssets: showing(...before), headAssets: showing(...after)})
  it('is held to everything an address is held to, behind an unchanged path', () => {
    const result = changed([OFFICIAL], ['https://m.hehejk.example/a'])
    expect(dangersOf(result)).toEqual(['host-not-in-registry template:hello', 'lookalike template:hello'])
    expect(result.locks.at(-1)?.places).toEqual([
      {
        file: 'templates/hello.yaml',
        pointer: '/attachments/0/file',
        before: OFFICIAL,
        after: 'https://m.hehejk.example/a',
      },
    ])
    expect(dangersOf(changed([OFFICIAL], ['HTTPS://PAY.HEHEJJ.EXAMPLE/B']))).toEqual([])
  })
  it('that asks for money without an address is told too', () => {
    expect(dangersOf(changed([], ['wxp://f2f0AbCd']))).toEqual(['payment-account template:hello'])
    expect(dangersOf(changed([], ['桌号 12']))).toEqual([])
  })
  it('is a link change beside the change of the file, and a link of the template', () => {
    const result = changed([OFFICIAL], ['https://pay.hehejj.example/'])
    expect(result.changes.map(({on, kind, id}) => [on, kind, id])).toEqual([
      ['attachment', 'asset', 'assets/a.png'],
      ['link', 'template', 'hello'],
    ])
    expect(result.links).toEqual({kept: 0, changed: 2, total: 2})
  })
})
