import {describe, expect, it} from '@jest/globals'
import type {Asset} from '../../scripts/core/model/config.js'
import {
  anAsset,
  type Changes,
  describeRemarks,
  NOW_MS,
  remarksOf,
  remarksOfRule,
  rulesOf,
  startDocument,
} from '../support/a-config.js'

const LINK = {type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}
const withAttachments = (...attachments: readonly object[]): Changes => ({
  'templates/hello.yaml': {title: '问候', text: '您好', fallback: '您好', attachments},
})
const rules = (attachment: object, ...assets: readonly Asset[]): string[] =>
  rulesOf(remarksOf(withAttachments(attachment), {assets}))

const MB = 1024 * 1024

describe('a link card', () => {
  it.each([
    ['title', 128, 'link-title-bytes'],
    ['description', 512, 'link-description-bytes'],
  ])('has a %s of at most %d bytes', (field, most, rule) => {
    expect(rules({...LINK, [field]: 'a'.repeat(most)})).toEqual([])
    expect(rules({...LINK, [field]: 'a'.repeat(most + 1)})).toEqual([rule])
    const chinese = Math.floor(most / 3)
    expect(rules({...LINK, [field]: '汉'.repeat(chinese)})).toEqual([])
    expect(rules({...LINK, [field]: '汉'.repeat(chinese + 1)})).toEqual([rule])
  })
  it('has an address of at most 1024 bytes', () => {
    const address = (bytes: number): string => LINK.url + '?'.padEnd(bytes - LINK.url.length, 'a')
    expect(rules({...LINK, url: address(1024)})).toEqual([])
    expect(rules({...LINK, url: address(1025)})).toEqual(['link-url-bytes'])
  })
  it('refuses the long title of the cosmetics brand with both numbers', () => {
    const title = '新客专享泊兰星光持妆粉底液试用装领取页面每位顾客限领一份先到先得请在四十八小时内填写收货地址'
    const [remark] = remarksOfRule('link-title-bytes', withAttachments({...LINK, title}))
    expect(remark?.at).toEqual({file: 'templates/hello.yaml', pointer: '/attachments/0/title'})
    expect(remark?.says.zh).toContain(`${Buffer.byteLength(title)} 字节，上限 128 字节`)
  })
  it('may have a cover on the web or in the assets', () => {
    expect(rules({...LINK, cover: 'https://m.hehejj.example/c.jpg'})).toEqual([])
    expect(rules({...LINK, cover: 'https://other.example/c.jpg'})).toEqual(['host-is-registered'])
    expect(rules({...LINK, cover: 'assets/c.png'}, anAsset('assets/c.png'))).toEqual([])
  })
  it('has a cover of at most 2 MB, since it goes out as an address', () => {
    const cover = {...LINK, cover: 'assets/c.png'}
    expect(rules(cover, anAsset('assets/c.png', {bytes: 2 * MB}))).toEqual([])
    expect(rules(cover, anAsset('assets/c.png', {bytes: 2 * MB + 1}))).toEqual(['asset-size-fits'])
  })
})

describe('a mini-program card', () => {
  const PROGRAM = {
    type: 'miniprogram',
    title: '预约',
    appid: 'wx0000000000000001',
    page: 'pages/book',
    cover: 'assets/m.png',
  }
  const cover = anAsset('assets/m.png')
  it('has a title of at most 64 bytes', () => {
    expect(rules({...PROGRAM, title: 'a'.repeat(64)}, cover)).toEqual([])
    expect(rules({...PROGRAM, title: 'a'.repeat(65)}, cover)).toEqual(['miniprogram-title-bytes'])
    expect(rules({...PROGRAM, title: '汉'.repeat(21)}, cover)).toEqual([])
    expect(rules({...PROGRAM, title: '汉'.repeat(22)}, cover)).toEqual(['miniprogram-title-bytes'])
  })
  it('must be registered', () => {
    expect(rules({...PROGRAM, appid: 'wx0000000000000009'}, cover)).toEqual(['miniprogram-is-registered'])
  })
  it('warns of a cover that is not 520×416', () => {
    const remarks = remarksOf(withAttachments(PROGRAM), {assets: [anAsset('assets/m.png', {width: 521})]})
    expect(remarks.map(({rule, level}) => [rule, level])).toEqual([['cover-has-size', 'warning']])
  })
})

describe('a picture', () => {
  const IMAGE = {type: 'image', file: 'assets/a.png'}
  const of = (changes: Partial<Asset>): string[] => rules(IMAGE, anAsset('assets/a.png', changes))
  it('has at most 10 MB and more than 5 bytes', () => {
    expect(of({bytes: 10 * MB + 1})).toEqual(['asset-size-fits'])
    expect(of({bytes: 11.6 * MB})).toEqual(['asset-size-fits'])
    expect(of({bytes: 6})).toEqual([])
    expect(of({bytes: 5})).toEqual(['asset-size-fits'])
  })
  it('above 5 MB is a warning, since the platform names two limits', () => {
    expect(of({bytes: 5 * MB})).toEqual([])
    const [remark] = remarksOf(withAttachments(IMAGE), {assets: [anAsset('assets/a.png', {bytes: 5 * MB + 1})]})
    expect([remark?.rule, remark?.level]).toEqual(['asset-size-is-safe', 'warning'])
    expect(of({bytes: 10 * MB})).toEqual(['asset-size-is-safe'])
  })
  it('is JPG or PNG by its content', () => {
    expect(of({mime: 'image/jpeg'})).toEqual([])
    expect(of({mime: 'image/gif'})).toEqual(['asset-type-fits'])
    expect(of({mime: null})).toEqual(['asset-type-fits'])
  })
  it('can be read as one', () => {
    const broken = {path: 'assets/a.png', sha256: '0', bytes: 100, mime: 'image/png'}
    expect(rules(IMAGE, broken)).toEqual(['picture-is-readable'])
  })
})

describe('a video and a file', () => {
  const VIDEO = {type: 'video', file: 'assets/v.mp4'}
  const FILE = {type: 'file', file: 'assets/f.pdf', name: '手册.pdf'}
  it('a video is MP4 of at most 10 MB', () => {
    const of = (changes: Partial<Asset>): string[] =>
      rules(VIDEO, anAsset('assets/v.mp4', {mime: 'video/mp4', ...changes}))
    expect(of({bytes: 10 * MB})).toEqual([])
    expect(of({bytes: 10 * MB + 1})).toEqual(['asset-size-fits'])
    expect(of({bytes: 5})).toEqual(['asset-size-fits'])
    expect(of({mime: 'video/webm'})).toEqual(['asset-type-fits'])
  })
  it('a file has at most 20 MB and more than 5 bytes, whatever it holds', () => {
    const of = (bytes: number): string[] => rules(FILE, anAsset('assets/f.pdf', {mime: null, bytes}))
    expect(of(20 * MB)).toEqual([])
    expect(of(20 * MB + 1)).toEqual(['asset-size-fits'])
    expect(of(6)).toEqual([])
    expect(of(5)).toEqual(['asset-size-fits'])
    expect(of(0)).toEqual(['asset-size-fits'])
  })
})

describe('the path of an asset', () => {
  it.each([
    '../secret.png',
    'assets/../enterprise.yaml',
    '/assets/a.png',
    'assets//a.png',
    'assets/./a.png',
    'templates/a.png',
    'a.png',
  ])('%s does not stay inside assets', (file) => {
    expect(rules({type: 'image', file})).toEqual(['asset-path-stays-inside'])
  })
  it('must lead to a file, and the finding lists those there are', () => {
    const [remark] = remarksOf(withAttachments({type: 'image', file: 'assets/春熙店.png'}), {
      assets: [anAsset('assets/武侯店.png')],
    })
    expect(remark?.rule).toBe('asset-exists')
    expect(remark?.fix.zh).toContain('assets/武侯店.png')
  })
  it('compares in Unicode NFC', () => {
    expect(rules({type: 'image', file: 'assets/cafe\u0301.png'}, anAsset('assets/café.png'))).toEqual([])
  })
})

describe('how many', () => {
  const links = (count: number): object[] => Array.from({length: count}, () => LINK)
  it('nine attachments are taken, ten are not', () => {
    expect(rulesOf(remarksOf(withAttachments(...links(9))))).toEqual([])
    expect(rulesOf(remarksOf(withAttachments(...links(10))))).toContain('list-short-enough')
  })
  it('every attachment is looked at, also that of a group welcome', () => {
    const bad = {...LINK, title: 'a'.repeat(129)}
    expect(
      describeRemarks(
        remarksOfRule('link-title-bytes', {
          ...withAttachments(LINK, bad, bad),
          'group-welcomes/g.yaml': {title: 'g', text: '欢迎', attachment: bad},
        }),
      ),
    ).toEqual([
      'link-title-bytes templates/hello.yaml /attachments/1/title',
      'link-title-bytes templates/hello.yaml /attachments/2/title',
      'link-title-bytes group-welcomes/g.yaml /attachment/title',
    ])
  })
})

describe('addresses', () => {
  it.each([
    ['https://m.hehejj.example/guide', []],
    ['https://M.HEHEJJ.EXAMPLE/guide', []],
    ['http://m.hehejj.example/guide', ['link-is-https']],
    ['m.hehejj.example/guide', ['link-is-https']],
    ['javascript:alert(1)', ['link-is-https']],
    ['/guide', ['link-is-https']],
    ['https://', ['link-is-https']],
    ['https://www.m.hehejj.example/guide', ['host-is-registered']],
    ['https://hehejj.example/guide', ['host-is-registered']],
    ['https://m.hehejj.example.forms-cn.example/s', ['host-is-registered']],
    ['https://m.hehejj.example@evil.example/', ['link-has-no-user-info']],
    ['https://m.һеhejj.example/guide', ['host-is-registered']],
    ['https://127.0.0.1/guide', ['host-is-registered']],
    ['https://t.cn/abc', ['host-is-registered']],
  ])('%s gives %j', (url, expected) => {
    expect(rules({...LINK, url})).toEqual(expected)
  })
  it('a missing host of the same domain is answered with those that are registered', () => {
    const [remark] = remarksOf(withAttachments({...LINK, url: 'https://www.hehejj.example/'}))
    expect(remark?.fix.zh).toContain('m.hehejj.example')
  })
  it('written into a text are held to the registry too, with or without a mark behind them', () => {
    const text = (words: string): string[] => rulesOf(remarksOf({'templates/hello.yaml': {title: 'x', text: words}}))
    expect(text('见 https://m.hehejj.example/track。')).toEqual([])
    expect(text('见 https://m.hehejj.example/track.')).toEqual([])
    expect(text('见 https://evil.example/track，谢谢')).toEqual(['host-is-registered'])
    expect(text('见 http://m.hehejj.example')).toEqual(['link-is-https'])
  })
  it('in facts are held to the registry too', () => {
    const facts = (value: string): Changes => ({
      'facts.yaml': {'/总部/华南区/天河店': {预约: value, 门店名称: '天河店'}},
    })
    expect(rulesOf(remarksOf(facts('https://m.hehejj.example/b')))).toEqual([])
    expect(describeRemarks(remarksOf(facts('https://evil.example/b')))).toEqual([
      'host-is-registered facts.yaml /~1总部~1华南区~1天河店/预约',
    ])
  })
  it('on a host whose registration has ended are refused from the day after', () => {
    const until = (date: string): Changes => ({
      ...withAttachments(LINK),
      'links.yaml': {hosts: [{host: 'm.hehejj.example', owner: '品牌部', until: date}]},
    })
    expect(rulesOf(remarksOf(until('2026-11-24')))).toEqual([])
    expect(rulesOf(remarksOf(until('2026-11-23')))).toEqual(['host-is-registered'])
    const midnight = Date.UTC(2026, 10, 24, 16)
    expect(rulesOf(remarksOf(until('2026-11-24'), {nowMs: midnight - 1}))).toEqual([])
    expect(rulesOf(remarksOf(until('2026-11-24'), {nowMs: midnight}))).toEqual(['host-is-registered'])
    expect(NOW_MS).toBeLessThan(midnight)
  })
  it('a broken registry is one finding, not one for every link', () => {
    const files = {
      ...withAttachments(LINK, {...LINK, url: 'https://evil.example/'}),
      'links.yaml': {hosts: [{host: 'm.hehejj.example'}]},
    }
    expect(rulesOf(remarksOf(files))).toEqual(['field-is-present'])
  })
})

describe('rights to send', () => {
  const roles = {...startDocument('roles.yaml'), 链接员: {may: ['send-link']}}
  const files = {...withAttachments(LINK), 'roles.yaml': roles}
  const grant = (changes: object): Changes => ({
    'grants/g.yaml': [{role: '链接员', to: ['department:/总部'], until: '2027-06-30', ticket: 'OA-1', ...changes}],
  })
  it('bind nobody while no role mentions the kind', () => {
    expect(rulesOf(remarksOf(withAttachments(LINK)))).toEqual([])
    expect(rulesOf(remarksOf({...withAttachments(LINK), 'roles.yaml': {图: {may: ['send-image']}}}))).toEqual([])
  })
  it('bind everybody as soon as one does, and the finding names who lacks it', () => {
    const [remark] = remarksOfRule('grant-denied', files)
    expect(remark?.at).toEqual({file: 'templates/hello.yaml', pointer: '/attachments/0'})
    for (const member of ['li.si', 'wang.dian', 'zhang.san']) expect(remark?.says.zh).toContain(member)
  })
  it('come with a grant for a department, a member or as a member tag', () => {
    expect(rulesOf(remarksOf({...files, ...grant({})}))).toEqual([])
    const some = remarksOfRule('grant-denied', {...files, ...grant({to: ['department:/总部/华南区']})})
    expect(some.map(({says}) => /li\.si/.test(says.zh) && !/zhang/.test(says.zh))).toEqual([true])
    const tagged = {members: [{id: 'a', departments: ['/总部'], roles: ['链接员']}]}
    expect(rulesOf(remarksOf({...files, 'facts.yaml': null, 'organization.yaml': tagged}))).toEqual([])
  })
  it('end with the grant', () => {
    const ended = grant({until: '2026-11-24'})
    const midnight = Date.UTC(2026, 10, 24, 16)
    expect(rulesOf(remarksOf({...files, ...ended}, {nowMs: midnight - 1}))).toEqual([])
    expect(rulesOf(remarksOf({...files, ...ended}, {nowMs: midnight}))).toEqual(['grant-denied', 'grant-expired'])
  })
  it('do not concern members the audience leaves out', () => {
    const narrow = {
      'schedules/all.yaml': {
        title: 's',
        audience: {departments: ['/总部/华南区'], exclude: {members: ['wang.dian', 'zhang.san']}},
        template: 'hello',
      },
    }
    expect(remarksOfRule('grant-denied', {...files, ...narrow})).toEqual([])
  })
})
