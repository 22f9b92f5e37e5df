import {describe, expect, it} from '@jest/globals'
import fc from 'fast-check'
import type {Remark} from '../../scripts/core/model/finding.js'
import {
  aConfig,
  anAsset,
  assembled,
  type Changes,
  NOW_MS,
  remarksOf,
  speaksBothLanguages,
  startDocument,
} from '../support/a-config.js'
import {checkConfig} from '../../scripts/core/validate/check-config.js'

/** A configuration that uses every kind, so that a change may hit anything. */
const RICH: Readonly<Record<string, object>> = {
  'enterprise.yaml': {
    corpId: 'ww1',
    agentId: 1,
    timezone: 'Asia/Shanghai',
    edition: 'industry',
    greet: {successor: 'leaver', unknown: '您'},
  },
  'organization.yaml': {
    departments: [{path: '/总部', id: 1, leader: 'b'}],
    members: [
      {
        id: 'a',
        departments: ['/总部/南'],
        leader: 'b',
        roles: ['销冠'],
        attributes: {星级: 3},
        facts: {电话: '400-000-0001'},
      },
      {id: 'b', departments: ['/总部'], status: 'left', leftAt: '2026-11-20T00:00:00Z', successor: 'c'},
      {id: 'c', departments: ['/总部/北'], github: 'c-dev', number: '007'},
    ],
    transfers: [{member: 'a', to: '/总部/北', from: '2026-12-01T00:00:00Z', until: '2026-12-02T00:00:00Z'}],
  },
  'policy.yaml': {
    text: {
      maxCharacters: 300,
      forbidden: ['稳赚', {words: ['第一'], where: ['/总部'], says: '广告法'}],
      required: [{clause: '您好'}],
    },
    guard: {linkChange: {template: '20%', release: 0.2}, deletions: '20%'},
  },
  'links.yaml': startDocument('links.yaml'),
  'roles.yaml': {销冠: {may: ['send-link'], wecomTag: '销冠'}},
  'facts.yaml': {'/总部': {门店: 'x https://m.hehejj.example/y'}},
  'templates/hello.yaml': {
    title: 't',
    text: '[客户昵称]您好[门店]',
    fallback: '您好',
    clauses: ['您好'],
    validFrom: '2026-11-01T00:00:00Z',
    validTo: '2027-11-01T00:00:00Z',
    attachments: [
      {type: 'link', title: 'l', url: 'https://m.hehejj.example/', cover: 'assets/a.png'},
      {type: 'image', file: 'assets/a.png'},
    ],
  },
  'templates/leaver.yaml': {title: 'l', text: '[接替人姓名]您好'},
  'schedules/all.yaml': {
    title: 's',
    audience: {departments: ['/总部'], exclude: {members: ['c']}},
    calendar: 'cn',
    slots: [
      {days: ['workday'], from: '09:00', to: '18:00', template: 'hello'},
      {shift: '早', template: ['hello'], onDuty: true},
    ],
    dates: [{range: ['2026-12-01', '2026-12-03'], slots: [{from: '22:00', to: '06:00', template: 'silent'}]}],
    default: 'hello',
  },
  'schedules/code.yaml': {title: 'c', audience: {channels: ['c'], levels: {星级: '>=3'}}, mode: 'inherit'},
  'grants/g.yaml': [
    {
      role: '销冠',
      to: ['member:c', 'department:/总部'],
      over: {files: ['templates/**']},
      until: '2027-06-30',
      ticket: 'OA-1',
    },
  ],
  'channels/c.yaml': {title: 'c', state: 'c', staff: {members: ['a']}, tags: ['来源/桌贴']},
  'group-welcomes/g.yaml': {title: 'g', text: '[客户昵称]欢迎', attachment: {type: 'image', file: 'assets/a.png'}},
  'calendars/cn.yaml': {
    title: 'cn',
    years: {'2026': {holidays: [['2026-10-01', '2026-10-07']], workdays: ['2026-10-10'], source: 'x', reviewedBy: 'y'}},
  },
  'rosters/r.yaml': {
    title: 'r',
    shifts: {早: {from: '06:00', to: '14:00'}},
    importedAt: '2026-11-20T00:00:00Z',
    days: {'2026-11-25': {早: ['a']}},
  },
}

/** Every place of a document as a path of keys. */
function pathsOf(value: unknown, at: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object') return [at]
  const inner = Object.entries(value).flatMap(([key, one]) =>
    pathsOf(one, [...at, Array.isArray(value) ? Number(key) : key]),
  )
  return [at, ...inner]
}

/** Written once; only the changed file is written again. */
const TEXTS = aConfig(RICH)

const PLACES = Object.entries(RICH).flatMap(([file, document]) => pathsOf(document).map((path) => ({file, path})))

const anyJunk = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    '',
    ' ',
    '22:00',
    '25:00',
    '2026-02-30',
    '2026-13-01',
    'no',
    '/',
    '//',
    '/a//b',
    '..',
    '[',
    '>=x',
    'silent',
    '__proto__',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [null],
    [[]],
    {a: 1},
    ['a', 'a'],
    '💥'.repeat(2000),
    '2026-11-24T00:00:00',
    '9999-12-31T23:59:60Z',
    'https://[::1',
    '%NICKNAME%',
  ),
  fc.jsonValue({maxDepth: 2}),
)

function changed(value: unknown, path: readonly (string | number)[], junk: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return junk
  if (Array.isArray(value)) return value.map((one: unknown, index) => (index === key ? changed(one, rest, junk) : one))
  return Object.fromEntries(
    Object.entries(value as object).map(([name, one]: [string, unknown]) => [
      name,
      name === key ? changed(one, rest, junk) : one,
    ]),
  )
}

const toText = (value: unknown): string | object =>
  value !== null && typeof value === 'object' ? value : `${JSON.stringify(value)}\n`

/** `YINGBIN_ANY_INPUT_RUNS=50000` makes a longer run; a failure prints its seed. */
const numRuns = Number(process.env['YINGBIN_ANY_INPUT_RUNS'] ?? 1500)

describe('any value at any place', () => {
  it('gives findings in both languages and never an exception', () => {
    const rules = new Set<string>()
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), anyJunk, ({file, path}, junk) => {
        const files: Changes = {...TEXTS, [file]: toText(changed(RICH[file], path, junk))}
        for (const {rule} of remarksOf(files, {assets: [anAsset('assets/a.png')]})) rules.add(rule)
      }),
      {numRuns},
    )
    // The junk must reach well beyond the schemas.
    expect(rules.size).toBeGreaterThan(25)
  }, 600_000)

  it('gives the same findings when asked again, and a part of them for the structure alone', () => {
    const key = ({rule, at}: Remark): string => JSON.stringify([rule, at])
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), anyJunk, ({file, path}, junk) => {
        const {config, broken} = assembled({...TEXTS, [file]: toText(changed(RICH[file], path, junk))})
        const all = checkConfig(config, broken, NOW_MS).map(key)
        const structure = checkConfig(config, broken, NOW_MS, 'structure').map(key)
        if (structure.some((one) => !all.includes(one))) throw new Error('the structure has a finding of its own')
        if (JSON.stringify(checkConfig(config, broken, NOW_MS).map(key)) !== JSON.stringify(all))
          throw new Error('not the same twice')
      }),
      {numRuns: 200},
    )
  }, 60_000)

  it('is told from a finding that speaks one language only', () => {
    const words = {zh: '缺少标题', en: 'the title is missing'}
    expect(speaksBothLanguages({rule: 'field-is-present', says: words, fix: words})).toBe(true)
    expect(speaksBothLanguages({rule: 'field-is-present', says: {...words, en: '缺少标题'}, fix: words})).toBe(false)
    expect(speaksBothLanguages({rule: 'field-is-present', says: words, fix: {...words, zh: 'add it'}})).toBe(false)
  })
})
