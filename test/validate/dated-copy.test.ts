import {describe, expect, it} from '@jest/globals'
import {type Changes, describeRemarks, remarksOf, remarksOfRule, rulesOf} from '../support/a-config.js'

const template = (body: object): Changes => ({'templates/hello.yaml': {title: '问候', text: '您好', ...body}})
const END = {validTo: '2026-12-01T00:00:00+08:00'}

describe('texts that name a date', () => {
  const isDated = (body: object): boolean => rulesOf(remarksOf(template(body))).includes('dated-copy-without-valid-to')
  it.each([
    '活动到2026年11月26日',
    '2026-11-26 开始',
    '11月26日20:00',
    '10日20:00起',
    '直播 11/26（周四）20:00',
    '11.26 20点开播',
    '双11加购清单',
    '双十一',
    'Black Friday is live',
    'Through Nov. 30',
    'Sale ends 1st December',
    'from 30 Nov on',
    '券码 DOUBLE11',
    '618 大促',
  ])('%j warns without validTo', (text) => {
    const [remark] = remarksOfRule('dated-copy-without-valid-to', template({text}))
    expect(remark?.level).toBe('warning')
    expect(remark?.fix).toEqual({zh: '补上 validTo', en: 'add validTo'})
    expect(isDated({text, ...END})).toBe(false)
  })
  it.each([
    '营业 9:00-21:00',
    '电话 400-000-2611',
    '周四20:00',
    '每月一次',
    '每年12月12日是会员日',
    '每月10日20:00开抢',
    '型号618A与16180',
    '7天无理由',
    'open 24/7, 9 am to 6 pm',
    'May we help? 5 colours',
    '25% off in 3 stores',
    '雅思口语从5.5到6.5',
    '早餐10.9元',
  ])('%j is no date', (text) => {
    expect(isDated({text})).toBe(false)
  })
  it('warn wherever the customer reads it, once a template', () => {
    const link = {type: 'link', title: '11月26日直播', description: '11月26日', url: 'https://m.hehejj.example/a'}
    const body = {fallback: '您好', attachments: [link]}
    expect(describeRemarks(remarksOfRule('dated-copy-without-valid-to', template(body)))).toEqual([
      'dated-copy-without-valid-to templates/hello.yaml /attachments/0/title',
    ])
    expect(isDated({fallback: '双十二期间按顺序回复'})).toBe(true)
  })
  it('warn with a beginning alone: it is the end that is missing', () => {
    expect(isDated({text: '双11加购清单', validFrom: '2026-11-10T20:00:00+08:00'})).toBe(true)
  })
})

describe('words whose day depends on when they are read', () => {
  const relative = (body: object, more: Changes = {}): string[] =>
    describeRemarks(remarksOfRule('relative-date-in-dated-copy', {...template(body), ...more})).map(
      (line) => line.split(' ')[2] ?? '',
    )
  const window = (validFrom: string, validTo: string): object => ({validFrom, validTo})
  const twoDays = window('2026-11-10T20:00:00+08:00', '2026-11-12T00:00:00+08:00')

  it.each([
    '今晚20点起：满300减50',
    '明天10:00开抢',
    '今天截止',
    '明晚八点整直播',
    '后天恢复原价',
    '本周四20:00有一场直播',
    '这个周末最后两天',
    'Sale ends tonight',
    'Live tomorrow at 8 pm',
    'Doors open this Friday',
  ])('%j is a warning in a text with a window of several days', (text) => {
    const long = window('2026-11-01T00:00:00+08:00', '2026-11-20T00:00:00+08:00')
    const [remark] = remarksOfRule('relative-date-in-dated-copy', template({text, ...long}))
    expect(remark?.level).toBe('warning')
    expect([remark?.fix.zh, remark?.fix.en]).toEqual([
      expect.stringContaining('写明日期'),
      expect.stringContaining('write the date itself'),
    ])
  })
  it.each([
    '今天想了解什么款式？营业时间9:00-21:00。',
    '我们明天早上8点上班后回复您',
    '今晚值班同事处理较慢，20点后请留言，我们会跟进',
    '先前后天台都可参观，9:00开门',
    '点开今日头条',
    'We will answer tomorrow at 9 am',
    '10日20:00起：满300减50',
  ])('%j stays true on every day', (text) => {
    expect(relative({text, ...twoDays})).toEqual([])
  })
  it('are fine where the window lies within one local day, and not a second beyond', () => {
    const text = '今晚20点起：满300减50'
    expect(relative({text, ...window('2026-11-10T00:00:00+08:00', '2026-11-11T00:00:00+08:00')})).toEqual([])
    expect(relative({text, ...window('2026-11-10T00:00:00+08:00', '2026-11-11T00:00:01+08:00')})).toEqual(['/text'])
    expect(relative({text, ...window('2026-11-09T23:59:59+08:00', '2026-11-11T00:00:00+08:00')})).toEqual(['/text'])
  })
  it('of a week are fine from Monday to Sunday', () => {
    const text = '本周四20:00有一场直播'
    expect(relative({text, ...window('2026-11-09T00:00:00+08:00', '2026-11-16T00:00:00+08:00')})).toEqual([])
    expect(relative({text, ...window('2026-11-09T00:00:00+08:00', '2026-11-16T00:00:01+08:00')})).toEqual(['/text'])
    expect(relative({text, ...window('2026-11-08T23:59:59+08:00', '2026-11-16T00:00:00+08:00')})).toEqual(['/text'])
  })
  it('are told of where a window has one end only', () => {
    expect(relative({text: '今晚20点起', validTo: '2026-11-12T00:00:00+08:00'})).toEqual(['/text'])
    expect(relative({text: '今晚20点起', validFrom: '2026-11-10T00:00:00+08:00'})).toEqual(['/text'])
  })
  it('are told of where the text itself names a date', () => {
    expect(relative({text: '今晚20点起'})).toEqual([])
    expect(relative({text: '双11预热，今晚20点起'})).toEqual(['/text'])
  })
  it('are told of where only slots on named dates say the text, unless it is one date', () => {
    const on = (dates: object, more: object = {}): Changes => ({
      'templates/d11.yaml': {title: '促销', text: '今晚20点起：满300减50'},
      'schedules/all.yaml': {
        title: '全员',
        audience: {},
        dates: [{...dates, slots: [{from: '00:00', to: '24:00', template: 'd11'}]}],
        default: 'hello',
        ...more,
      },
    })
    expect(relative({}, on({range: ['2026-11-10', '2026-11-11']}))).toEqual(['/text'])
    expect(relative({}, on({on: '2026-11-10'}))).toEqual([])
    expect(relative({}, on({range: ['2026-11-10', '2026-11-11']}, {default: ['d11', 'hello']}))).toEqual([])
  })
  it('in a link title or a fallback are found at their place', () => {
    const link = {type: 'link', title: '今晚20点直播', url: 'https://m.hehejj.example/a'}
    expect(relative({...twoDays, fallback: '明天10:00开抢', attachments: [link]})).toEqual([
      '/fallback',
      '/attachments/0/title',
    ])
  })
})
