import {describe, expect, it} from '@jest/globals'
import {
  type Changes,
  describeRemarks,
  enterprise,
  organization,
  remarksOf,
  remarksOfRule,
  rulesOf,
} from '../support/a-config.js'

const template = (body: object): Changes => ({'templates/hello.yaml': {title: '问候', text: '您好', ...body}})
const rules = (body: object, more: Changes = {}): string[] => rulesOf(remarksOf({...template(body), ...more}))

describe('the small start', () => {
  it('gives no finding at all', () => {
    expect(describeRemarks(remarksOf())).toEqual([])
  })
})

describe('bytes of a text', () => {
  const text = (bytes: number, tail = ''): object => ({text: 'a'.repeat(bytes - Buffer.byteLength(tail)) + tail})
  it.each([
    ['4000 plain bytes', false, text(4000)],
    ['4001 plain bytes', true, text(4001)],
    ['1333 Chinese characters and a letter', false, {text: '汉'.repeat(1333) + 'a'}],
    ['1334 Chinese characters', true, {text: '汉'.repeat(1334)}],
    ['3872 bytes and the nickname', false, {text: 'a'.repeat(3872) + '[客户昵称]'}],
    ['3873 bytes and the nickname', true, {text: 'a'.repeat(3873) + '[客户昵称]'}],
    ['3744 bytes, the nickname and the name', false, {text: '[客户昵称][员工姓名]' + 'a'.repeat(3744)}],
    ['3745 bytes, the nickname and the name', true, {text: '[客户昵称][员工姓名]' + 'a'.repeat(3745)}],
  ])('%s: refused %s', (_what, refused, body) => {
    expect(remarksOfRule('text-bytes-within-limit', template(body))).toHaveLength(refused ? 1 : 0)
  })
  it.each([
    [3990, false],
    [3991, true],
  ])('%d bytes and a fact of ten bytes at its longest: refused %s', (bytes, refused) => {
    const files = {
      ...template({text: '[口号]' + 'a'.repeat(bytes), fallback: '您好'}),
      'facts.yaml': {'/总部': {口号: 'short'}, '/总部/华南区/天河店': {口号: 'ten bytes!'}, '/总部/华北区': {口号: ''}},
    }
    expect(remarksOfRule('text-bytes-within-limit', files)).toHaveLength(refused ? 1 : 0)
  })
  it('says how many Chinese characters must go', () => {
    const [remark] = remarksOfRule('text-bytes-within-limit', template({text: 'a'.repeat(4004)}))
    expect(remark?.fix.zh).toContain('2 个汉字')
  })
  it('a fallback has the same limit', () => {
    expect(describeRemarks(remarksOfRule('text-bytes-within-limit', template({fallback: 'a'.repeat(4001)})))).toEqual([
      'text-bytes-within-limit templates/hello.yaml /fallback',
    ])
  })
})

describe('the house rule of 100 characters', () => {
  const house = {'policy.yaml': {text: {maxCharacters: 100}}}
  const refused = (text: string): boolean => rules({text}, house).includes('house-limit')
  it('counts the nickname as twelve and the name as three', () => {
    expect(refused('字'.repeat(100))).toBe(false)
    expect(refused('字'.repeat(101))).toBe(true)
    expect(refused('字'.repeat(88) + '[客户昵称]')).toBe(false)
    expect(refused('字'.repeat(89) + '[客户昵称]')).toBe(true)
    expect(refused('字'.repeat(97) + '[员工姓名]')).toBe(false)
    expect(refused('字'.repeat(98) + '[员工姓名]')).toBe(true)
  })
  it('counts as people do: a family is one character', () => {
    expect(refused('👨‍👩‍👧'.repeat(100))).toBe(false)
    expect(refused('👨‍👩‍👧'.repeat(101))).toBe(true)
  })
  it('holds the text of the cosmetics brand and refuses it with two sentences more', () => {
    const beauty =
      'Hi [客户昵称]，我是泊兰彩妆师[员工姓名]💄新人试用装每人1份，点链接选色号，48小时内寄出；会员积分点小程序就能查。想找适合的底妆，拍一张自然光素颜照给我就好～'
    expect(refused(beauty)).toBe(false)
    expect(
      refused(
        beauty + '新品粉底液本周到店，欢迎预约免费试妆；老客户带新客户各得一份小样，每周限量三十份，送完为止哦～',
      ),
    ).toBe(true)
  })
  it('names the number found and the limit', () => {
    const [remark] = remarksOfRule('house-limit', {...template({text: '字'.repeat(137)}), ...house})
    expect([remark?.says.zh, remark?.fix.zh]).toEqual([
      expect.stringMatching(/137.*100/),
      expect.stringContaining('37'),
    ])
  })
})

describe('placeholders', () => {
  it.each([
    '#客户昵称#',
    '##客户昵称##',
    '%NICKNAME%',
    '{{nickname}}',
    '${customerName}',
    '{客户昵称}',
    '【客户昵称】',
  ])("another tool's spelling %s is an error that offers ours", (spelling) => {
    const remarks = remarksOfRule('placeholder-spelling-is-ours', template({text: `${spelling}您好`}))
    expect(remarks).toHaveLength(1)
    expect(remarks[0]?.says.zh).toContain(spelling)
    expect(remarks[0]?.fix).toEqual({zh: '改为 [客户昵称]', en: 'write [客户昵称]'})
  })
  it.each([
    ['#员工姓名#', '员工姓名'],
    ['{{staff_name}}', '员工姓名'],
    ['##员工工号##', '员工编号'],
    ['#接替人#', '接替人姓名'],
  ])('%s becomes [%s]', (spelling, ours) => {
    const [remark] = remarksOfRule('placeholder-spelling-is-ours', template({text: spelling}))
    expect(remark?.fix.zh).toBe(`改为 [${ours}]`)
  })
  it.each(['回复 #预约# 即可', '5% off, 10% more', '{1,2}', '第1号#柜台', '【重要】请看', '¥100 #1'])(
    'plain text %j is left alone',
    (text) => {
      expect(rules({text})).not.toContain('placeholder-spelling-is-ours')
    },
  )
  it('another spelling in an attachment or a fallback is found too', () => {
    const attachments = [{type: 'link', title: '给 #客户昵称#', url: 'https://m.hehejj.example/a'}]
    expect(
      describeRemarks(
        remarksOfRule('placeholder-spelling-is-ours', template({fallback: '%NICKNAME%您好', attachments})),
      ),
    ).toEqual([
      'placeholder-spelling-is-ours templates/hello.yaml /fallback',
      'placeholder-spelling-is-ours templates/hello.yaml /attachments/0/title',
    ])
  })
  it('an unknown one is an error with the nearest known one', () => {
    const [remark] = remarksOfRule('placeholder-is-known', template({text: '[客户呢称]您好'}))
    expect(remark?.fix.zh).toContain('[客户昵称]')
  })
  it('is known as soon as a department, a member or a channel defines it', () => {
    const uses = {text: '[热线]', fallback: '您好'}
    expect(rules(uses)).toContain('placeholder-is-known')
    expect(rules(uses, {'facts.yaml': {'/总部': {热线: '400-000-0000'}}})).not.toContain('placeholder-is-known')
    const own = organization({members: [{id: 'a', departments: ['/总部'], facts: {热线: '400-000-0000'}}]})
    expect(rules(uses, {'organization.yaml': own})).not.toContain('placeholder-is-known')
    const channel = {title: 'c', state: 'c', kind: 'external', facts: {热线: '400-000-0000'}}
    expect(rules(uses, {'channels/c.yaml': channel})).not.toContain('placeholder-is-known')
  })
  it.each([
    ['[十二个字一二三四五六七八]', true],
    ['[十三个字一二三四五六七八九]', false],
    ['[有 空格]', false],
    ['\\[转义]', false],
  ])('%s looks like a placeholder: %s', (text, looks) => {
    expect(rules({text}).includes('placeholder-is-known')).toBe(looks)
  })
  it('the name of a successor is only for the text said for leavers', () => {
    const text = {text: '由[接替人姓名]跟进'}
    expect(rules(text)).toContain('successor-name-only-for-leavers')
    expect(rules(text, {'enterprise.yaml': enterprise({greet: {successor: 'hello'}})})).not.toContain(
      'successor-name-only-for-leavers',
    )
  })
})

describe('fallbacks', () => {
  const link = {type: 'link', title: '指南', url: 'https://m.hehejj.example/a'}
  it('are required with attachments or facts, and only then', () => {
    expect(rules({text: '您好'})).not.toContain('fallback-is-present')
    expect(rules({attachments: []})).not.toContain('fallback-is-present')
    expect(rules({attachments: [link]})).toContain('fallback-is-present')
    expect(rules({attachments: [link], fallback: '您好'})).not.toContain('fallback-is-present')
    expect(rules({text: '[门店名称]'})).toContain('fallback-is-present')
    expect(rules({text: '[客户昵称][员工姓名][员工编号]'})).not.toContain('fallback-is-present')
  })
  it.each([
    ['您好，欢迎联系我们。', false],
    ['我是[员工姓名]', false],
    ['[客户昵称]您好', true],
    ['欢迎来[门店名称]', true],
    ['见 https://m.hehejj.example/a', true],
    ['见 m.hehejj.example', true],
    ['见 www.hehejj', true],
  ])('%j cannot be sayable at all times: refused %s', (fallback, refused) => {
    expect(rules({fallback}).includes('fallback-cannot-fail')).toBe(refused)
  })
})

describe('required sentences', () => {
  const clause = '理财非存款，产品有风险'
  const policy = {'policy.yaml': {text: {required: [{clause, departments: ['/总部/华南区']}]}}}
  it('of the policy must stand in every text its departments say', () => {
    expect(rules({text: '您好'}, policy)).toContain('required-clause-missing')
    expect(rules({text: `您好，${clause}。`}, policy)).not.toContain('required-clause-missing')
  })
  it('do not concern texts of other departments', () => {
    const north = {'schedules/all.yaml': {title: '北', audience: {departments: ['/总部/华北区']}, template: 'hello'}}
    expect(rules({text: '您好'}, {...policy, ...north})).not.toContain('required-clause-missing')
  })
  it('without departments concern every text', () => {
    expect(rules({text: '您好'}, {'policy.yaml': {text: {required: [{clause}]}}})).toContain('required-clause-missing')
  })
  it("of the template's own must stand in it", () => {
    expect(
      describeRemarks(remarksOfRule('required-clause-missing', template({text: '您好，乙', clauses: ['甲', '乙']}))),
    ).toEqual(['required-clause-missing templates/hello.yaml /clauses/0'])
  })
})

describe('wording lists', () => {
  const lists = {
    'policy.yaml': {
      text: {forbidden: ['稳赚', {words: ['最好用', '第一', '祛斑'], where: ['/总部/华北区'], says: '广告法'}]},
    },
  }
  it('refuse a word wherever it may be read', () => {
    const body = {
      text: '稳赚',
      fallback: '也稳赚',
      attachments: [{type: 'link', title: '稳赚', description: '真的稳赚', url: 'https://m.hehejj.example/a'}],
    }
    expect(describeRemarks(remarksOfRule('wording-list', {...template(body), ...lists}))).toEqual(
      ['/text', '/fallback', '/attachments/0/title', '/attachments/0/description'].map(
        (pointer) => `wording-list templates/hello.yaml ${pointer}`,
      ),
    )
  })
  it('with departments concern only texts that their members say', () => {
    const saidBy = (department: string): Changes => ({
      'schedules/all.yaml': {title: 's', audience: {departments: [department]}, template: 'hello'},
    })
    const body = {text: '全网第一，最好用'}
    expect(remarksOfRule('wording-list', {...template(body), ...lists, ...saidBy('/总部/华北区')})).toHaveLength(2)
    expect(remarksOfRule('wording-list', {...template(body), ...lists, ...saidBy('/总部/华南区')})).toHaveLength(0)
  })
  it('say why, where the list does', () => {
    const [remark] = remarksOfRule('wording-list', {...template({text: '祛斑'}), ...lists})
    expect(remark?.says.zh).toBe('用了禁用词「祛斑」：广告法')
  })
})

describe('group welcomes', () => {
  const welcome = (body: object): Changes => ({'group-welcomes/g.yaml': {title: '群', text: '欢迎', ...body}})
  it.each([
    [3000, '', false],
    [3001, '', true],
    [2990, '[客户昵称]', false],
    [2991, '[客户昵称]', true],
  ])('hold 3000 bytes with the nickname as ten: %d bytes and %j refused %s', (bytes, tail, refused) => {
    expect(rulesOf(remarksOf(welcome({text: 'a'.repeat(bytes) + tail}))).includes('text-bytes-within-limit')).toBe(
      refused,
    )
  })
  it('know no placeholder but the nickname', () => {
    expect(rulesOf(remarksOf(welcome({text: '[客户昵称]欢迎'})))).toEqual([])
    expect(rulesOf(remarksOf(welcome({text: '[员工姓名]欢迎'})))).toEqual(['placeholder-is-known'])
    expect(rulesOf(remarksOf(welcome({text: '%NICKNAME%欢迎'})))).toEqual(['placeholder-spelling-is-ours'])
  })
  it('are at most a hundred', () => {
    const many = (count: number): Changes =>
      Object.fromEntries(
        Array.from({length: count}, (_, index) => [`group-welcomes/g${index}.yaml`, {title: '群', text: '欢迎'}]),
      )
    expect(rulesOf(remarksOf(many(100)))).toEqual([])
    expect(rulesOf(remarksOf(many(101)))).toEqual(['group-welcomes-fit-the-pool'])
  })
})

describe('secrets', () => {
  // 43 characters, as a corp secret or an EncodingAESKey has; this one opens nothing.
  const lookalike = 'aB3'.repeat(14) + 'x'
  it('in a configuration are refused without being repeated', () => {
    const [remark] = remarksOfRule('no-secret-in-config', {'enterprise.yaml': enterprise({note: lookalike})})
    expect(remark?.at).toEqual({file: 'enterprise.yaml', pointer: '/note'})
    expect(JSON.stringify(remark)).not.toContain(lookalike)
  })
  it('are neither shorter nor longer', () => {
    expect(rulesOf(remarksOf({'enterprise.yaml': enterprise({note: lookalike.slice(1)})}))).toEqual([])
    expect(rulesOf(remarksOf({'enterprise.yaml': enterprise({note: `${lookalike}y`})}))).toEqual([])
  })
})
