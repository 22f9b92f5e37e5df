import {describe, expect, it} from '@jest/globals'
import {anAsset, type Changes} from '../support/a-config.js'
import {dangersOf, guard, measuresOf, registered} from './a-change.js'

const TEXT = [
  '[客户昵称]你好，我是启程职业教育的课程顾问[员工姓名]。电工（低压）取证班12月20日开班，学费1980元，含教材和一次补考；上课地址：东湖路9号职教楼3层。',
  '报名只走下面的官方链接，请认准 qicheng-edu.example；学费一律由学校对公账户收取，不会让你转账给个人。咨询电话400-000-1866（8:30-20:00）。',
].join('\n')
const OFFICIAL = 'https://bm.qicheng-edu.example/enrol?src=wecom'
const LINKS = {...registered('bm.qicheng-edu.example'), 'policy.yaml': {guard: {shorteners: ['dwz.example']}}}
const assets = [anAsset('assets/enrol.jpg')]

const school = ({url = OFFICIAL, text = TEXT, description = '请认准 qicheng-edu.example'} = {}): Changes => ({
  ...LINKS,
  'templates/hello.yaml': {
    title: '报名',
    text,
    fallback: '你好，我是启程职业教育的课程顾问。',
    attachments: [{type: 'link', title: '官方报名与学费明细', description, url, cover: 'assets/enrol.jpg'}],
  },
})
const propose = (head: Changes) => guard(school(), head, {baseAssets: assets})
const kindsOf = (head: Changes): string[] => dangersOf(propose(head)).map((danger) => danger.split(' ')[0] ?? '')

describe('the eleven pull requests of the school', () => {
  it('1: the official host as the beginning of somebody else’s', () => {
    const url = 'https://bm.qicheng-edu.example.enroll-cn.example/enrol?src=wecom'
    expect(kindsOf(school({url}))).toEqual(['host-not-in-registry', 'lookalike', 'text-url-mismatch'])
    const [lock] = propose(school({url})).locks.filter(({kind}) => kind === 'lookalike')
    expect(lock).toMatchObject({scope: 'template:hello', changed: 1, total: 1, limit: 0})
    expect(lock?.places).toEqual([
      {file: 'templates/hello.yaml', pointer: '/attachments/0/url', before: OFFICIAL, after: url},
    ])
    expect(lock?.says.zh).toContain('bm.qicheng-edu.example.enroll-cn.example')
    expect(lock?.says.zh).toContain('1/1')
  })
  it.each(['https://bm.qісheng-edu.example/enrol', 'https://bm.q𝗂cheng-edu.example/enrol'])(
    '2: letters of another script: %s',
    (url) => {
      expect(kindsOf(school({url}))).toContain('idn-homoglyph')
    },
  )
  it('2: the Cyrillic host is told for what it imitates', () => {
    expect(kindsOf(school({url: 'https://bm.qісheng-edu.example/enrol'}))).toContain('lookalike')
  })
  it('3: one letter off', () => {
    expect(kindsOf(school({url: 'https://bm.qicheng-edv.example/enrol?src=wecom'}))).toEqual([
      'host-not-in-registry',
      'lookalike',
      'text-url-mismatch',
    ])
  })
  it('4: a redirect to somewhere else', () => {
    expect(kindsOf(school({url: `${OFFICIAL}&next=https://pay.other.example`}))).toEqual(['open-redirect-param'])
  })
  it('5: the official host in the text, another one behind it', () => {
    expect(kindsOf(school({url: 'https://pay.other.example/enrol'}))).toEqual([
      'host-not-in-registry',
      'text-url-mismatch',
    ])
  })
  it('6: a shortener', () => {
    expect(kindsOf(school({url: 'https://dwz.example/Ab3x'}))).toEqual([
      'host-not-in-registry',
      'shortener',
      'text-url-mismatch',
    ])
  })
  it('7: pay me in private', () => {
    const forbidding = {'policy.yaml': {text: {forbidden: [{words: ['私聊转账'], says: '收款只走公司账户'}]}}}
    const text = TEXT.replace('学费一律由学校对公账户收取', '请私聊转账 6222…')
    const result = guard({...school(), ...forbidding}, {...school({text}), ...forbidding}, {baseAssets: assets})
    expect(dangersOf(result)).toEqual(['payment-account template:hello'])
    expect(result.locks[0]).toMatchObject({changed: 2, total: 2})
    expect(result.findings.map(({rule, level, at}) => [rule, level, at])).toEqual([
      ['wording-list', 'error', {file: 'templates/hello.yaml', pointer: '/text'}],
    ])
  })
  it('8: the new host registered by the same pull request', () => {
    const url = 'https://pay.other.example/enrol'
    const head = {...school({url}), ...registered('bm.qicheng-edu.example', 'pay.other.example')}
    const result = propose({...head, 'policy.yaml': LINKS['policy.yaml']})
    expect(dangersOf(result)).toEqual([
      'host-not-in-registry template:hello',
      'registry-change-needs-own-pr links',
      'text-url-mismatch template:hello',
    ])
    const own = result.locks.find(({kind}) => kind === 'registry-change-needs-own-pr')
    expect(own?.places.map(({file, pointer, after}) => [file, pointer, after])).toEqual([
      ['links.yaml', '/hosts/1/host', 'pay.other.example'],
      ['templates/hello.yaml', '/attachments/0/url', url],
    ])
  })
  it('9: a new price alone is 1/6 = 16.7 % and does not lock', () => {
    const result = propose(school({text: TEXT.replace('1980', '2180')}))
    expect([result.locks, result.findings]).toEqual([[], []])
    expect(result.templates).toEqual([{id: 'hello', links: {changed: 0, total: 1}, keyFacts: {changed: 1, total: 6}}])
  })
  it('10: price and phone are 2/6 = 33.3 % and lock', () => {
    const result = propose(school({text: TEXT.replace('1980', '2180').replace('1866', '1867')}))
    expect(result.locks.map(({kind}) => kind)).toEqual(['key-facts'])
    expect(measuresOf(result)).toEqual(['template:hello key-facts 2/6'])
    expect(result.locks[0]?.says.zh).toContain('2/6 = 33.3%')
  })
  it('11: another tone of voice in five places is 0/6', () => {
    const result = propose(school({text: TEXT.replace(/你好|含|一律|请认准|咨询/g, (word) => `${word}呀`)}))
    expect([result.locks, result.templates, result.findings]).toEqual([[], [], []])
    expect(result.changes.map(({on}) => on)).toEqual(['text'])
  })
})

describe('the survey of the maternity brand', () => {
  it('moved to a look-alike parent is not in the registry and looks like the real one', () => {
    const survey = (host: string): Changes => ({
      ...registered('f.xiaomanbaby.example'),
      'templates/hello.yaml': {
        title: 'yuer',
        text: '您好',
        fallback: '您好',
        attachments: [{type: 'link', title: '宝宝月龄小调查', url: `https://${host}/s/month-age?v=3`}],
      },
    })
    const result = guard(survey('f.xiaomanbaby.example'), survey('f.xiaomanbaby.example.forms-cn.example'))
    expect(dangersOf(result)).toEqual(['host-not-in-registry template:hello', 'lookalike template:hello'])
  })
})
