import {distance} from 'fastest-levenshtein'
import {
  BUILT_IN_PLACEHOLDERS,
  MEMBER_NAME,
  NICKNAME,
  parseText,
  placeholdersIn,
  SUCCESSOR_NAME,
} from '../greet/parse-text.js'
import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {MAX_GROUP_WELCOME_BYTES} from './limits.js'
import {append, listed, type ParsedTemplate, remark, type Rule} from './rule.js'
import {lengthFaults, longestFills, tooMany} from './text-length.js'

/** How other tools spell their placeholders; only where the spelling is also ordinary text must the name give it away. */
const FOREIGN_SPELLINGS: readonly {readonly pattern: RegExp; readonly surely: boolean}[] = [
  {pattern: /##([^#\n]{1,20})##/g, surely: true},
  {pattern: /#([^#\s]{1,20})#/g, surely: false},
  {pattern: /%([A-Z_]{3,30})%/g, surely: true},
  {pattern: /\$?\{\{\s*([^{}\n]{1,30}?)\s*\}\}/g, surely: true},
  {pattern: /\$?\{\s*([^{}\n]{1,30}?)\s*\}/g, surely: false},
  {pattern: /【(客户昵称|员工姓名|客户名称|员工名称|昵称|姓名)】/g, surely: true},
]
/** Without one of these no pattern above can match. */
const FOREIGN_SIGNS = /[#%{【]/
const FOREIGN_NAMES: readonly (readonly [RegExp, string])[] = [
  [/nick|客户|customer|昵称|user_?name|微信名/i, NICKNAME],
  [/接替/i, SUCCESSOR_NAME],
  [/编号|number|工号/i, '员工编号'],
  [/员工|staff|employee|成员|导购|顾问|姓名|name/i, MEMBER_NAME],
]

/** All rules about template texts share one parse. */
export const templateTextsAreSound: Rule = ({config, facts, texts}) => {
  const known = new Set([...BUILT_IN_PLACEHOLDERS, ...facts.keys()])
  const successor = config.enterprise.value.greet?.successor
  const longest = longestFills(facts)
  const remarks: Remark[] = []
  for (const template of config.templates.values()) {
    const parsed = texts.get(template.id)
    if (!parsed) continue
    append(remarks, unknownPlaceholders(template, '/text', parsed.placeholders, known))
    append(remarks, unknownPlaceholders(template, '/fallback', placeholdersIn(parsed.fallback), known))
    append(remarks, successorOutOfPlace(template, parsed, successor))
    append(remarks, foreignSpellings(template, '/text', template.value.text))
    append(remarks, foreignSpellings(template, '/fallback', template.value.fallback ?? ''))
    append(remarks, fallbackFaults(template, parsed))
    append(remarks, lengthFaults(template, parsed, longest, config))
    append(remarks, clauseFaults(template))
  }
  return remarks
}

function unknownPlaceholders(
  resource: Resource<unknown>,
  pointer: string,
  names: readonly string[],
  known: ReadonlySet<string>,
): Remark[] {
  if (names.every((name) => known.has(name))) return []
  return [...new Set(names)]
    .filter((name) => !known.has(name))
    .map((name) => {
      const near = [...known]
        .filter((other) => distance(other, name) <= Math.max(1, Math.floor(name.length / 2)))
        .sort((a, b) => distance(a, name) - distance(b, name))[0]
      return remark(
        resource,
        pointer,
        'placeholder-is-known',
        'error',
        {zh: `不认识的占位符 [${name}]`, en: `unknown placeholder [${name}]`},
        near
          ? {
              zh: `是否想写 [${near}]？若只是文字，请写 \\[`,
              en: `did you mean [${near}]? for a plain bracket write \\[`,
            }
          : {
              zh: `可用：${listed(known, 12)}；或先在 facts.yaml 里定义它；若只是文字，请写 \\[`,
              en: `known: ${listed(known, 12)}; define it in facts.yaml first, or write \\[ for a plain bracket`,
            },
      )
    })
}

function successorOutOfPlace(
  template: Resource<WrittenTemplate>,
  {placeholders}: ParsedTemplate,
  successor: string | undefined,
): Remark[] {
  if (template.id === successor || !placeholders.includes(SUCCESSOR_NAME)) return []
  return [
    remark(
      template,
      '/text',
      'successor-name-only-for-leavers',
      'error',
      {
        zh: `[${SUCCESSOR_NAME}] 只能用在离职接替模板里`,
        en: `[${SUCCESSOR_NAME}] is only for the template said for leavers`,
      },
      {
        zh: '去掉它，或在 enterprise.yaml 的 greet.successor 里指定本模板',
        en: 'remove it, or name this template in greet.successor of enterprise.yaml',
      },
    ),
  ]
}

export function foreignSpellings(resource: Pick<Resource<unknown>, 'file'>, pointer: string, text: string): Remark[] {
  if (!FOREIGN_SIGNS.test(text)) return []
  const found = new Map<string, string>()
  for (const {pattern, surely} of FOREIGN_SPELLINGS)
    for (const match of text.matchAll(pattern)) {
      const meaning = FOREIGN_NAMES.find(([name]) => name.test(match[1] ?? ''))?.[1] ?? (surely ? NICKNAME : undefined)
      if (meaning && ![...found.keys()].some((longer) => longer.includes(match[0]))) found.set(match[0], meaning)
    }
  return [...found].map(([spelling, meaning]) =>
    remark(
      resource,
      pointer,
      'placeholder-spelling-is-ours',
      'error',
      {zh: `「${spelling}」是别的工具的占位符写法`, en: `"${spelling}" is another tool's placeholder`},
      {zh: `改为 [${meaning}]`, en: `write [${meaning}]`},
    ),
  )
}

const LINK_IN_TEXT =
  /https?:\/\/|www\.|(?<![\w@.-])[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|cn|net|org|example|io|top|xyz|vip|shop)(?![a-z0-9-])/i

function fallbackFaults(template: Resource<WrittenTemplate>, {fallback, factNames}: ParsedTemplate): Remark[] {
  const {value} = template
  const needs = (value.attachments ?? []).length > 0 || factNames.length > 0
  if (value.fallback === undefined)
    return needs
      ? [
          remark(
            template,
            '',
            'fallback-is-present',
            'error',
            {zh: '有附件或用到资料，却没有 fallback', en: 'there are attachments or facts but no fallback'},
            {
              zh: '补上 fallback：一句不含链接、资料和 [客户昵称] 的话',
              en: 'add fallback: a sentence without link, fact or [客户昵称]',
            },
          ),
        ]
      : []
  const used = placeholdersIn(fallback).filter((name) => name === NICKNAME || !BUILT_IN_PLACEHOLDERS.includes(name))
  const bad = [...used.map((name) => `[${name}]`), ...(LINK_IN_TEXT.test(value.fallback) ? ['链接'] : [])]
  return bad.map((what) =>
    remark(
      template,
      '/fallback',
      'fallback-cannot-fail',
      'error',
      {zh: `fallback 里不能有${what}`, en: `the fallback must not hold ${what === '链接' ? 'a link' : what}`},
      {zh: '兜底要在任何时候都说得出来：只写普通文字', en: 'the fallback must always be sayable: plain words only'},
    ),
  )
}

function clauseFaults(template: Resource<WrittenTemplate>): Remark[] {
  return (template.value.clauses ?? []).flatMap((clause, index) =>
    template.value.text.includes(clause)
      ? []
      : [
          remark(
            template,
            `/clauses/${index}`,
            'required-clause-missing',
            'error',
            {zh: `正文里缺少必须出现的句子「${clause}」`, en: `the text lacks the required sentence "${clause}"`},
            {zh: '把它原样写进正文', en: 'write it into the text as it stands'},
          ),
        ],
  )
}

export const groupWelcomeTextsFit: Rule = ({config}) =>
  [...config.groupWelcomes.values()].flatMap((welcome) => {
    const segments = parseText(welcome.value.text, () => false)
    const others = [...new Set(placeholdersIn(segments))].filter((name) => name !== NICKNAME)
    const bytes = segments.reduce(
      (sum, segment) => sum + Buffer.byteLength('text' in segment ? segment.text : '%NICKNAME%'),
      0,
    )
    return [
      ...others.map((name) =>
        remark(
          welcome,
          '/text',
          'placeholder-is-known',
          'error',
          {
            zh: `入群欢迎语里只能用 [${NICKNAME}]，不能用 [${name}]`,
            en: `only [${NICKNAME}] may stand in a group welcome, not [${name}]`,
          },
          {zh: '去掉它；若只是文字，请写 \\[', en: 'remove it, or write \\[ for a plain bracket'},
        ),
      ),
      ...foreignSpellings(welcome, '/text', welcome.value.text),
      ...(bytes > MAX_GROUP_WELCOME_BYTES
        ? [
            remark(
              welcome,
              '/text',
              'text-bytes-within-limit',
              'error',
              {
                zh: `正文 ${bytes} 字节，上限 ${MAX_GROUP_WELCOME_BYTES} 字节`,
                en: `the text has ${bytes} bytes, the limit is ${MAX_GROUP_WELCOME_BYTES}`,
              },
              tooMany(bytes - MAX_GROUP_WELCOME_BYTES),
            ),
          ]
        : []),
    ]
  })
