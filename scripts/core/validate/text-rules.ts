import {distance} from 'fastest-levenshtein'
import {
  BUILT_IN_PLACEHOLDERS,
  MEMBER_NAME,
  NICKNAME,
  parseText,
  placeholdersIn,
  type Segment,
  SUCCESSOR_NAME,
} from '../greet/parse-text.js'
import type {Config, Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {MAX_GROUP_WELCOME_BYTES, MAX_TEXT_BYTES} from './limits.js'
import {append, listed, type ParsedTemplate, remark, type Rule} from './rule.js'

/** WeCom's nickname and staff-name limits are 64 characters at most for staff; 32 characters of 4 bytes are reserved. */
const NAME_BUDGET_BYTES = 128
const HOUSE_NICKNAME = '十二个字的客户昵称样例一'
const HOUSE_NAME = '张三丰'

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

const graphemes = new Intl.Segmenter('zh', {granularity: 'grapheme'})
const countCharacters = (text: string): number => [...graphemes.segment(text)].length

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
    append(remarks, datedCopy(template))
  }
  return remarks
}

/** What a placeholder takes at its longest. */
interface Fill {
  readonly bytes: number
  readonly units: number
  readonly values: readonly string[]
}

function longestFills(facts: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, Fill> {
  const fillOf = (values: readonly string[]): Fill => ({
    bytes: Math.max(...values.map((value) => Buffer.byteLength(value))),
    units: Math.max(...values.map((value) => value.length)),
    values,
  })
  const fills = new Map([...facts].map(([name, values]) => [name, fillOf(values)]))
  const nickname = fills.get(NICKNAME)?.bytes ?? NAME_BUDGET_BYTES
  return fills.set(NICKNAME, {bytes: nickname, units: HOUSE_NICKNAME.length, values: [HOUSE_NICKNAME]})
}

const NAME_FILL: Fill = {bytes: NAME_BUDGET_BYTES, units: HOUSE_NAME.length, values: [HOUSE_NAME]}

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

/** Worst case: every name at its budget, every fact at its longest value. */
function lengthFaults(
  template: Resource<WrittenTemplate>,
  {text, fallback}: ParsedTemplate,
  longest: ReadonlyMap<string, Fill>,
  config: Config,
): Remark[] {
  const remarks: Remark[] = []
  for (const [pointer, segments] of [
    ['/text', text],
    ['/fallback', fallback],
  ] as const) {
    const bytes = countBytes(segments, longest)
    if (bytes > MAX_TEXT_BYTES)
      remarks.push(
        remark(
          template,
          pointer,
          'text-bytes-within-limit',
          'error',
          {
            zh: `展开后最长 ${bytes} 字节，上限 ${MAX_TEXT_BYTES} 字节（昵称、姓名各按 ${NAME_BUDGET_BYTES} 字节计）`,
            en: `at its longest it has ${bytes} bytes, the limit is ${MAX_TEXT_BYTES} (nickname and name counted as ${NAME_BUDGET_BYTES} bytes each)`,
          },
          tooMany(bytes - MAX_TEXT_BYTES),
        ),
      )
  }
  const house = config.policy.value.text?.maxCharacters
  const characters = house === undefined ? 0 : countFilledIn(text, longest, house)
  if (house !== undefined && characters > house)
    remarks.push(
      remark(
        template,
        '/text',
        'house-limit',
        'error',
        {
          zh: `展开后 ${characters} 字，本企业规定最多 ${house} 字（不是接口上限）`,
          en: `it has ${characters} characters when filled in; the house rule is ${house} (the platform allows more)`,
        },
        {zh: `请至少删 ${characters - house} 个字`, en: `remove at least ${characters - house} characters`},
      ),
    )
  return remarks
}

/** Bytes at the longest; no code unit takes more than three, so that most texts need no counting. */
function countBytes(segments: readonly Segment[], longest: ReadonlyMap<string, Fill>): number {
  let most = 0
  for (const segment of segments)
    most += 'text' in segment ? segment.text.length * 3 : (longest.get(segment.placeholder) ?? NAME_FILL).bytes
  if (most <= MAX_TEXT_BYTES) return most
  let bytes = 0
  for (const segment of segments)
    bytes += 'text' in segment ? Buffer.byteLength(segment.text) : (longest.get(segment.placeholder) ?? NAME_FILL).bytes
  return bytes
}

/** Characters as people count them. No text has more of them than code units, so most are never segmented. */
function countFilledIn(segments: readonly Segment[], longest: ReadonlyMap<string, Fill>, limit: number): number {
  let units = 0
  for (const segment of segments)
    units += 'text' in segment ? segment.text.length : (longest.get(segment.placeholder) ?? NAME_FILL).units
  if (units <= limit) return units
  return segments.reduce((total, segment) => {
    const texts = 'text' in segment ? [segment.text] : (longest.get(segment.placeholder) ?? NAME_FILL).values
    return total + Math.max(...texts.map(countCharacters))
  }, 0)
}

/** Three bytes a Chinese character. */
export const tooMany = (bytes: number) => ({
  zh: `请至少删 ${Math.ceil(bytes / 3)} 个汉字`,
  en: `remove at least ${bytes} bytes (${Math.ceil(bytes / 3)} Chinese characters)`,
})

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

const DATED =
  /\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{1,2}日\d{1,2}[:：点]|双(11|12|十一|十二)|(?<![A-Za-z0-9])(618|DOUBLE11)(?![A-Za-z0-9])|黑五|black friday/i

function datedCopy(template: Resource<WrittenTemplate>): Remark[] {
  const dated = DATED.exec(template.value.text)
  if (!dated || template.value.validTo !== undefined) return []
  return [
    remark(
      template,
      '/text',
      'dated-copy-without-valid-to',
      'warning',
      {
        zh: `正文写了日期或活动「${dated[0]}」而没有 validTo，过期后仍会发出`,
        en: `the text names "${dated[0]}" but has no validTo, so it would still be said afterwards`,
      },
      {zh: '补上 validTo', en: 'add validTo'},
    ),
  ]
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
