import {describe, expect, it} from '@jest/globals'
import {checkSchema} from '../../scripts/core/load/check-schema.js'
import type {Kind} from '../../scripts/core/load/kinds.js'
import {SCHEMAS} from '../../scripts/core/load/schema-validators.js'
import common from '../../schemas/common.schema.json' with {type: 'json'}
import {speaksBothLanguages} from '../support/a-config.js'

const SLOT = {from: '06:00', to: '14:00', template: 'a'}
const schedule = (body: object): object => ({title: 's', audience: {}, ...body})
const template = (body: object): object => ({title: 't', text: 'x', ...body})
const enterprise = (body: object): object => ({corpId: 'ww', agentId: 1, timezone: 'UTC', ...body})
const roster = (body: object): object => ({
  title: 'r',
  shifts: {早: {from: '06:00', to: '14:00'}},
  importedAt: '2026-11-20T00:00:00Z',
  days: {},
  ...body,
})
const channel = (body: object): object => ({title: 'c', ...body})

/** Keyword of the schema, kind, a document with one fault, the finding it must give and its pointer. */
const FAULTS: readonly (readonly [keyword: string, kind: Kind, document: unknown, rule: string, pointer: string])[] = [
  ['additionalProperties', 'template', template({colour: 'red'}), 'key-is-known', '/colour'],
  ['required', 'template', {text: 'x'}, 'field-is-present', ''],
  ['type', 'template', template({text: 5}), 'value-has-type', '/text'],
  ['type', 'template', 'just words', 'value-has-type', ''],
  ['type', 'template', template({attachments: {}}), 'value-has-type', '/attachments'],
  ['type', 'schedule', schedule({priority: 1.5, template: 'a'}), 'value-has-type', '/priority'],
  ['type', 'grants', {role: 'x'}, 'value-has-type', ''],
  ['type', 'facts', {'/总部': {电话: 400}}, 'value-has-type', '/~1总部/电话'],
  ['enum', 'enterprise', enterprise({edition: 'gold'}), 'value-is-allowed', '/edition'],
  ['enum', 'roles', {审批人: {may: ['aprove']}}, 'value-is-allowed', '/审批人/may/0'],
  [
    'const',
    'schedule',
    schedule({slots: [{...SLOT, days: 'weekdays'}], default: 'a'}),
    'value-has-form',
    '/slots/0/days',
  ],
  [
    'pattern',
    'schedule',
    schedule({slots: [{...SLOT, from: '6:00'}], default: 'a'}),
    'value-has-form',
    '/slots/0/from',
  ],
  ['pattern', 'template', template({language: 'Deutsch!'}), 'value-has-form', '/language'],
  ['format', 'template', template({validFrom: '2026-11-10T20:00:00'}), 'value-has-form', '/validFrom'],
  ['format', 'template', template({validFrom: '2026-02-30T20:00:00Z'}), 'value-has-form', '/validFrom'],
  ['format', 'channel', channel({state: 'a', printedUntil: '2026-02-30'}), 'value-has-form', '/printedUntil'],
  ['anyOf', 'schedule', schedule({template: 5}), 'value-has-form', '/template'],
  ['anyOf', 'policy', {guard: {deletions: '120%'}}, 'value-has-form', '/guard/deletions'],
  ['anyOf', 'grants', [{role: 'x', to: ['member:a'], until: 'tomorrow', ticket: 'OA'}], 'value-has-form', '/0/until'],
  [
    'discriminator',
    'template',
    template({attachments: [{type: 'voice', file: 'a'}]}),
    'value-is-allowed',
    '/attachments/0/type',
  ],
  ['not', 'channel', channel({state: 'a', statePrefix: 'b'}), 'fields-go-together', ''],
  ['not', 'schedule', schedule({slots: [{...SLOT, shift: '早'}], default: 'a'}), 'fields-go-together', '/slots/0'],
  [
    'not',
    'schedule',
    schedule({dates: [{on: '2026-12-01', range: ['2026-12-01', '2026-12-02'], slots: []}], default: 'a'}),
    'fields-go-together',
    '/dates/0',
  ],
  ['if', 'schedule', schedule({slots: [{from: '06:00', template: 'a'}], default: 'a'}), 'field-is-present', '/slots/0'],
  ['if', 'organization', {members: [{id: 'a', departments: ['/x'], status: 'left'}]}, 'field-is-present', '/members/0'],
  ['minLength', 'template', template({title: ''}), 'text-long-enough', '/title'],
  ['maxLength', 'channel', channel({state: 'x'.repeat(31)}), 'text-short-enough', '/state'],
  ['minItems', 'schedule', schedule({slots: [], default: 'a'}), 'list-long-enough', '/slots'],
  ['minItems', 'organization', {members: [{id: 'a', departments: []}]}, 'list-long-enough', '/members/0/departments'],
  [
    'maxItems',
    'template',
    template({attachments: Array.from({length: 10}, () => ({type: 'image', file: 'assets/a.png'}))}),
    'list-short-enough',
    '/attachments',
  ],
  ['minProperties', 'roster', roster({shifts: {}}), 'list-long-enough', '/shifts'],
  ['minimum', 'roster', roster({staleAfterDays: 0}), 'number-in-range', '/staleAfterDays'],
  ['minimum', 'enterprise', enterprise({agentId: 0}), 'number-in-range', '/agentId'],
  [
    'exclusiveMinimum',
    'policy',
    {guard: {audienceGrowth: {factor: 1}}},
    'number-in-range',
    '/guard/audienceGrowth/factor',
  ],
]

/** Keywords that hold others or describe, and can never be at fault themselves. */
const SILENT = new Set([
  '$schema',
  '$id',
  '$ref',
  '$defs',
  'title',
  'description',
  'default',
  'properties',
  'patternProperties',
  'items',
  'then',
  'else',
  'oneOf',
  // Only inside `share`, whose alternatives are told as one.
  'maximum',
])

function keywordsOf(schema: unknown, isMap = false): string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => keywordsOf(one))
  if (schema === null || typeof schema !== 'object') return []
  return Object.entries(schema).flatMap(([key, inner]: [string, unknown]) => {
    if (isMap) return keywordsOf(inner)
    if (['enum', 'const', 'required', 'default', 'discriminator'].includes(key)) return [key]
    return [key, ...keywordsOf(inner, ['properties', 'patternProperties', '$defs'].includes(key))]
  })
}

describe('a document that does not fit its schema', () => {
  it.each(
    FAULTS.map(
      ([keyword, kind, document, rule, pointer], index) => [keyword, kind, rule, pointer, index, document] as const,
    ),
  )('%s of a %s gives %s at "%s" (case %d)', (_keyword, kind, rule, pointer, _index, document) => {
    const remarks = checkSchema(kind, document, 'a.yaml')
    expect(remarks.map((remark) => [remark.rule, remark.at, remark.level])).toEqual([
      [rule, {file: 'a.yaml', pointer, ...(rule === 'key-is-known' ? {atKey: true} : {})}, 'error'],
    ])
    expect(remarks.every(speaksBothLanguages)).toBe(true)
  })

  it('every keyword of every schema has a case here', () => {
    const used = new Set([common, ...Object.values(SCHEMAS)].flatMap((schema) => keywordsOf(schema)))
    const covered = new Set([...FAULTS.map(([keyword]) => keyword), ...SILENT])
    expect([...used].filter((keyword) => !covered.has(keyword)).sort()).toEqual([])
  })

  it('tells all its faults at once', () => {
    const rules = checkSchema(
      'template',
      {titel: 1, text: 2, attachments: [{type: 'link'}, {type: 'image', file: ''}]},
      'a.yaml',
    ).map(({rule}) => rule)
    expect(rules.sort()).toEqual([
      'field-is-present',
      'field-is-present',
      'field-is-present',
      'key-is-known',
      'text-long-enough',
      'value-has-type',
    ])
  })

  it('offers the nearest key for a misspelt one', () => {
    const [remark] = checkSchema('schedule', schedule({template: 'a', calender: 'cn'}), 'a.yaml')
    expect(remark?.fix).toEqual({
      zh: expect.stringContaining('是否想写「calendar」'),
      en: expect.stringContaining('did you mean "calendar"'),
    })
  })

  it('names what a missing field is for', () => {
    const [remark] = checkSchema('enterprise', {corpId: 'ww', timezone: 'UTC'}, 'a.yaml')
    expect(remark?.fix.zh).toBe('补上 agentId（自建应用的 agentid）')
  })

  it('lists the values that are allowed', () => {
    const [remark] = checkSchema('enterprise', enterprise({locale: 'zh'}), 'a.yaml')
    expect(remark?.fix.en).toContain('zh-CN, en')
  })

  it('asks for quotes where a text was read as a number', () => {
    const [remark] = checkSchema('template', template({title: 618}), 'a.yaml')
    expect(remark?.fix.zh).toMatch(/^给值加上引号/)
  })

  it.each([['20%'], ['0%'], ['100%'], ['0.5%'], [0.2], [0], [1]])('%j is a share', (share) => {
    expect(checkSchema('policy', {guard: {deletions: share}}, 'a.yaml')).toEqual([])
  })
  it.each([['101%'], ['-1%'], ['20'], [1.01], [-0.1], [true]])('%j is no share', (share) => {
    expect(checkSchema('policy', {guard: {deletions: share}}, 'a.yaml').map(({rule}) => rule)).toEqual([
      'value-has-form',
    ])
  })
  it.each([
    ['00:00', '24:00', true],
    ['23:59', '23:59:59', true],
    ['24:00', '06:00', false],
    ['06:00', '24:01', false],
    ['06:60', '07:00', false],
    ['6:00', '07:00', false],
  ])('a slot from %s to %s is written right: %s', (from, to, fits) => {
    expect(
      checkSchema('schedule', schedule({slots: [{from, to, template: 'a'}], default: 'a'}), 'a.yaml').length === 0,
    ).toBe(fits)
  })
  it.each([
    ['/总部', true],
    ['/总部/华南区', true],
    ['总部', false],
    ['/', false],
    ['/总部/', false],
    ['//总部', false],
  ])('%s is a department path: %s', (path, fits) => {
    expect(checkSchema('organization', {departments: [{path}]}, 'a.yaml').length === 0).toBe(fits)
  })
})
