import {describe, expect, it} from '@jest/globals'
import type {WrittenFacts} from '../../scripts/core/model/written.js'
import {
  calendars,
  channels,
  enterprise,
  facts,
  findTemplates,
  grants,
  groupWelcomes,
  organization,
  policy,
  rosters,
  schedules,
  templates,
} from './read-shipped-config.js'

const members = organization.members ?? []
const attachments = [...templates.values()].flatMap((template) => template.attachments ?? [])

describe('how much the example company shows', () => {
  it('at least forty members stand in a tree four levels deep, among them a leaver and a transfer', () => {
    const depths = (organization.departments ?? []).map(({path}) => path.split('/').length - 1)
    const leavers = members.filter(({status}) => status === 'left')
    expect(members.length).toBeGreaterThanOrEqual(40)
    expect(Math.max(...depths)).toBe(4)
    expect(leavers.map(({leftAt, successor}) => [typeof leftAt, typeof successor])).toEqual([['string', 'string']])
    expect(organization.transfers).toHaveLength(1)
  })

  it('at least three members in five have a name that customers see and are not held silent or in a back office', () => {
    const back = ['品牌市场部', '合规部', '信息科技部', '内审部', '财务部', '人力资源部'].map((name) => `/总部/${name}`)
    const greeters = members.filter(
      ({departments, status, displayName}) =>
        status !== 'left' &&
        displayName !== undefined &&
        departments[0] !== '/总部' &&
        !back.includes(departments[0] ?? ''),
    )
    expect(greeters.length / members.length).toBeGreaterThanOrEqual(0.6)
  })

  it('at least eight shops have their name, address, hours and phone', () => {
    const shops = Object.entries(facts).filter(([path]) => path.endsWith('店'))
    const has = (values: WrittenFacts[string], key: string): boolean => typeof values === 'object' && key in values
    const inherited = (path: string, key: string): boolean =>
      path !== '' && (has(facts[path], key) || inherited(path.slice(0, path.lastIndexOf('/')), key))
    expect(shops.length).toBeGreaterThanOrEqual(8)
    for (const [path] of shops)
      for (const key of ['门店名称', '门店地址', '营业时间', '门店电话'])
        expect([path, key, inherited(path, key)]).toEqual([path, key, true])
  })

  it('there are at least 15 templates, 8 schedules, 10 grants, 6 channels and 3 group welcomes', () => {
    expect(templates.size).toBeGreaterThanOrEqual(15)
    expect(schedules.size).toBeGreaterThanOrEqual(8)
    expect(grants.length).toBeGreaterThanOrEqual(10)
    expect(channels.size).toBeGreaterThanOrEqual(6)
    expect(groupWelcomes.size).toBe(3)
  })

  it('templates speak Chinese, English and German and carry links, mini-programs, a picture and a file', () => {
    expect(new Set([...templates.values()].map(({language}) => language))).toEqual(new Set([undefined, 'en', 'de']))
    const kinds = new Set(attachments.map(({type}) => type))
    expect([...kinds].sort()).toEqual(['file', 'image', 'link', 'miniprogram'])
  })

  it('a release has about fifteen links', () => {
    const places = attachments.map((one) =>
      one.type === 'link' ? one.url : one.type === 'miniprogram' ? `${one.appid} ${one.page}` : one.file,
    )
    const inTexts = [...templates.values()].flatMap(({text}) => text.match(/https:\/\/\S+/g) ?? [])
    const distinct = new Set([...places, ...inTexts])
    expect(distinct.size).toBeGreaterThanOrEqual(13)
    expect(distinct.size).toBeLessThanOrEqual(18)
  })

  it('channels have exact states, a prefix, an external one and one with a store of its own', () => {
    const all = [...channels.values()]
    expect(all.some(({state}) => state !== undefined)).toBe(true)
    expect(all.some(({statePrefix}) => statePrefix !== undefined)).toBe(true)
    expect(all.some(({kind}) => kind === 'external')).toBe(true)
    expect(all.some((channel) => channel.facts?.['门店地址'] !== undefined)).toBe(true)
  })

  it('schedules show shifts, calendar words, stars, a role, zones abroad, silence and a campaign list', () => {
    const all = [...schedules.values()]
    expect(all.some(({slots}) => slots?.some(({shift}) => shift !== undefined))).toBe(true)
    expect(all.some(({audience}) => audience.levels?.['星级'] === '>=3')).toBe(true)
    expect(all.some(({audience}) => audience.roles?.includes('销冠'))).toBe(true)
    expect(all.some(({mode}) => mode === 'silent')).toBe(true)
    expect(all.some(({audience}) => Object.keys(audience).length === 0)).toBe(true)
    expect(all.map(({timezone}) => timezone)).toEqual(
      expect.arrayContaining(['America/Los_Angeles', 'Europe/Berlin', 'Asia/Shanghai']),
    )
    const campaigns = all.filter(({template}) => Array.isArray(template))
    const dated = campaigns.filter((schedule) => findTemplates(schedule).some((id) => templates.get(id)?.validTo))
    expect(dated.length).toBeGreaterThanOrEqual(1)
    expect(rosters.size).toBe(1)
  })
})

describe('what the example company decides', () => {
  it('the policy has the house canary, guard and confirmation limits', () => {
    expect(policy.canary).toEqual({
      share: '5%',
      steps: ['5%', '100%'],
      maxPeople: 200,
      alpha: '1%',
      observe: {min: '10m', max: '24h'},
      notBetween: ['22:00', '08:00'],
    })
    expect(policy.guard).toMatchObject({linkChange: {template: '20%', release: '20%'}, deletions: '20%'})
    expect(policy.review?.find(({name}) => name === '授权')?.ttl).toBe('300s')
    expect(enterprise).toMatchObject({timezone: 'Asia/Shanghai', edition: 'industry'})
  })

  it('the calendar of 2026 holds the public holidays and the make-up workdays', () => {
    const year = calendars.get('cn')?.years?.['2026']
    expect(year?.holidays).toEqual([
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ])
    expect(year?.workdays).toEqual(['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'])
  })

  it('what needs the calendar ends with its last year, and a sibling with plain weekdays goes on from that instant', () => {
    const words = ['workday', 'weekend', 'holiday']
    const usesWords = [...schedules.values()].filter(({slots}) =>
      slots?.some(({days}) => Array.isArray(days) && days.some((day) => words.includes(day))),
    )
    expect(usesWords.map(({validTo}) => validTo)).toEqual(['2027-01-01T00:00:00+08:00'])
    const audience = usesWords[0]?.audience
    const siblings = [...schedules.values()].filter(({validFrom}) => validFrom === '2027-01-01T00:00:00+08:00')
    expect(siblings.map((sibling) => sibling.audience)).toEqual([audience])
  })

  it('every grant has a ticket and lasts at least to 2027-06-30', () => {
    expect(grants.filter(({ticket, until}) => !ticket || until < '2027-06-30')).toEqual([])
  })
})
