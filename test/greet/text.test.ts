import {describe, expect, it} from '@jest/globals'
import {parseText} from '../../scripts/core/greet/parse-text.js'
import type {RenderOptions} from '../../scripts/core/greet/render-welcome.js'
import type {Welcome} from '../../scripts/core/model/choice.js'
import {aGreeter, BARE, members, schedule} from '../support/a-greeter.js'

const AT = '2026-11-25T15:00:00'

interface Setting {
  readonly text: string
  readonly fallback?: string
  readonly attachments?: readonly object[]
  readonly member?: object
  readonly greet?: object
  readonly files?: Record<string, object>
  readonly state?: string
  readonly options?: RenderOptions
}

/** What one member says with one template. */
function welcome({text, fallback, attachments, member = {}, greet = {}, files = {}, state, options}: Setting): Welcome {
  const {render} = aGreeter({
    ...BARE,
    'enterprise.yaml': {corpId: 'ww1', agentId: 1, timezone: 'Asia/Shanghai', greet},
    ...members({
      id: 'mei',
      departments: ['/总部/华南/一店', '/总部/华北'],
      displayName: '梅',
      number: '007',
      ...member,
    }),
    'templates/t.yaml': {title: 't', text, fallback, attachments},
    ...schedule('s', {}, {template: 't'}),
    ...files,
  })
  return render({member: 'mei', at: AT, ...(state === undefined ? {} : {state})}, options)
}

const textOf = (setting: Setting): string => welcome(setting).text

describe('placeholders', () => {
  it('stand for the customer, the member and his number', () => {
    expect(textOf({text: '[客户昵称]，我是[员工姓名]（[员工编号]）', options: {nickname: '小林'}})).toBe(
      '小林，我是梅（007）',
    )
  })
  it('may stand twice and side by side', () => {
    expect(textOf({text: '[员工姓名][员工姓名][员工编号]'})).toBe('梅梅007')
  })
  it('a backslash makes a bracket plain text', () => {
    expect(textOf({text: '\\[员工姓名] 与 [员工姓名]'})).toBe('[员工姓名] 与 梅')
  })
  it('a bracket with a space, a line break or more than twelve characters is plain text', () => {
    expect(textOf({text: '[员工 姓名] [一二三四五六七八九十一二三] [a\nb] []'})).toBe(
      '[员工 姓名] [一二三四五六七八九十一二三] [a\nb] []',
    )
  })
  it('a known fact is a placeholder however long its name is', () => {
    const name = '一二三四五六七八九十一二三'
    expect(textOf({text: `[${name}]`, fallback: 'f', files: {'facts.yaml': {'/总部': {[name]: '长'}}}})).toBe('长')
  })
  it('an unfinished bracket is plain text', () => {
    expect(textOf({text: '价格[待定 [员工姓名]'})).toBe('价格[待定 梅')
  })
  it('other spellings are left as they are: validate refuses them', () => {
    expect(textOf({text: '#客户昵称# %NICKNAME% {{name}}'})).toBe('#客户昵称# %NICKNAME% {{name}}')
  })
  it('cut a text without losing a character', () => {
    for (const text of ['', 'a', '[', ']', '\\[', '[a]b[c]', '[[员工姓名]]', '\\[[员工姓名]', '[a\\[b]']) {
      const rebuilt = parseText(text, () => false)
        .map((segment) => ('text' in segment ? segment.text : `[${segment.placeholder}]`))
        .join('')
      expect(rebuilt).toBe(text.replaceAll('\\[', '['))
    }
  })
})

describe('an unknown nickname', () => {
  it.each([
    ['[客户昵称]，您好', '您好'],
    ['[客户昵称],您好', '您好'],
    ['[客户昵称]、您好', '您好'],
    ['[客户昵称] 您好', '您好'],
    ['[客户昵称]，，您好', '，您好'],
    ['[客户昵称]  您好', ' 您好'],
    ['[客户昵称]您好', '您好'],
    ['[客户昵称]！您好', '！您好'],
    ['[客户昵称]\n您好', '\n您好'],
    ['您好，[客户昵称]', '您好，'],
    ['[客户昵称][员工姓名]，您好', '梅，您好'],
  ])('%j becomes %j: one mark after it goes too', (text, expected) => {
    expect(textOf({text})).toBe(expected)
    expect(textOf({text, options: {nickname: '\u200b\n'}})).toBe(expected)
  })
  it('is replaced by the words of the enterprise, and then its mark stays', () => {
    expect(textOf({text: '[客户昵称]，您好', greet: {unknown: '朋友'}})).toBe('朋友，您好')
  })
  it('is no hole: the text itself is sent', () => {
    expect(welcome({text: '[客户昵称]您好', fallback: 'f'})).toMatchObject({outcome: 'sent', missingFacts: []})
  })
})

describe('facts', () => {
  const FACTS = {
    'facts.yaml': {
      '/总部': {电话: '总', 地址: '总', 店名: '总'},
      '/总部/华南': {电话: '南', 地址: '南'},
      '/总部/华南/一店': {电话: '一店'},
      '/总部/华北': {专线: '北'},
    },
    'channels/c.yaml': {title: 'c', state: 'code', kind: 'external', facts: {电话: '码'}},
    'channels/p.yaml': {title: 'p', statePrefix: 'co', kind: 'external', facts: {电话: '前缀码', 地址: '前缀码'}},
  }
  const text = '[电话] [地址] [店名]'
  it('come from the nearest department, key by key', () => {
    expect(textOf({text, files: FACTS})).toBe('一店 南 总')
  })
  it("a member's own beat his department's", () => {
    expect(textOf({text, files: FACTS, member: {facts: {电话: '本人', 店名: '本人'}}})).toBe('本人 南 本人')
  })
  it("a channel's beat a member's, and an exact code's those of a prefix", () => {
    expect(textOf({text, files: FACTS, member: {facts: {电话: '本人'}}, state: 'code'})).toBe('码 前缀码 总')
    expect(textOf({text, files: FACTS, state: 'cox'})).toBe('前缀码 前缀码 总')
  })
  it('of a department that is not the main one are not his', () => {
    expect(welcome({text: '[专线]', fallback: '您好', files: FACTS})).toMatchObject({
      text: '您好',
      missingFacts: ['专线'],
    })
  })
  it('are data: brackets and dollar signs in them are never expanded again', () => {
    const values = {一: '[员工姓名]', 二: '$&$1\\[', 三: '[二]'}
    expect(textOf({text: '[一][二][三]', fallback: 'f', files: {'facts.yaml': {'/总部': values}}})).toBe(
      '[员工姓名]$&$1\\[[二]',
    )
  })
  it.each(['constructor', 'toString', '__proto__', 'valueOf'])(
    'named %s are facts like any other, and no hole is filled by the language',
    (name) => {
      expect(welcome({text: `[${name}]`, fallback: '您好'})).toMatchObject({text: '您好', missingFacts: [name]})
    },
  )
  it('a hole sends the fallback without attachments and names what is missing, each once', () => {
    const link = {type: 'link', title: '指南', url: 'https://m.hehejj.example/g'}
    expect(welcome({text: '[甲][乙][甲]', fallback: '您好', attachments: [link]})).toEqual({
      text: '您好',
      attachments: [],
      outcome: 'sent_text_fallback',
      fallback: '您好',
      missingFacts: ['甲', '乙'],
    })
  })
  it('without a fallback of its own the built-in text stands in', () => {
    expect(textOf({text: '[甲]', greet: {builtIn: '稍后回复'}})).toBe('稍后回复')
  })
  it('a fallback with a hole of its own gives way to the built-in text', () => {
    expect(textOf({text: '[甲]', fallback: '[乙]'})).toBe('您好，已收到您的添加，稍后回复您。')
  })
})

describe('names the mirror lacks', () => {
  const nameless = {displayName: undefined}
  it('are holes for the responder, which knows them live', () => {
    expect(welcome({text: '我是[员工姓名]', fallback: '您好', member: nameless})).toMatchObject({
      text: '您好',
      outcome: 'sent_text_fallback',
      missingFacts: ['员工姓名'],
    })
  })
  it('stay as placeholders where a person asks', () => {
    expect(
      welcome({text: '我是[员工姓名]', fallback: '您好', member: nameless, options: {missingNames: 'keep'}}),
    ).toMatchObject({
      text: '我是[员工姓名]',
      outcome: 'sent',
    })
  })
})

describe('what is sent', () => {
  it('carries the attachments in their order and the fallback for a refused payload', () => {
    const attachments = [
      {type: 'link', title: '一', url: 'https://m.hehejj.example/1'},
      {type: 'link', title: '二', url: 'https://m.hehejj.example/2'},
    ]
    expect(welcome({text: '您好', fallback: '稍后', attachments})).toEqual({
      text: '您好',
      attachments,
      outcome: 'sent',
      fallback: '稍后',
      missingFacts: [],
    })
  })
  it('is nothing where silence is wanted', () => {
    const {render} = aGreeter({...BARE, ...members({id: 'mei'}), ...schedule('s', {}, {mode: 'silent'})})
    expect(render({member: 'mei', at: AT})).toEqual({
      text: '',
      attachments: [],
      outcome: 'silent_by_rule',
      fallback: '',
      missingFacts: [],
    })
  })
})
