import type {ErrorObject} from 'ajv'
import {distance} from 'fastest-levenshtein'
import type {Remark} from '../model/finding.js'
import type {Words} from '../model/words.js'
import {escapePointer} from '../model/pointer.js'
import type {Kind} from './kinds.js'
import {describeField, knownKeys} from './schema-words.js'
import {schemaValidator} from './schema-validators.js'

/** Composite keywords only repeat what their branches say, or say it worse. */
const SILENT = new Set(['if', 'discriminator-branch'])

/** Checks one parsed document against the schema of its kind; every fault is one remark. */
export function checkSchema(kind: Kind, value: unknown, file: string): Remark[] {
  const validate = schemaValidator(kind)
  if (validate(value)) return []
  const errors = validate.errors ?? []
  return errors
    .filter((error) => !SILENT.has(error.keyword) && !lacksTag(error) && !isInsideAlternative(error, errors))
    .map((error) => remarkOf(kind, file, error))
}

/** Without a `type` nothing can be said about it; that it is missing is reported of itself. */
const lacksTag = ({keyword, params}: ErrorObject): boolean =>
  keyword === 'discriminator' && params['tagValue'] === undefined

/** A branch of anyOf failed: the anyOf itself is reported once, with the field's own description. */
function isInsideAlternative(error: ErrorObject, all: readonly ErrorObject[]): boolean {
  return all.some(
    (other) =>
      other !== error &&
      other.keyword === 'anyOf' &&
      error.instancePath.startsWith(other.instancePath) &&
      (error.schemaPath.startsWith(`${other.schemaPath}/`) || error.instancePath === other.instancePath) &&
      error.keyword !== 'anyOf',
  )
}

function remarkOf(kind: Kind, file: string, error: ErrorObject): Remark {
  const {rule, says, fix, pointer, atKey} = EXPLANATIONS[error.keyword]?.(error, kind) ?? unexplained(error, kind)
  return {
    rule,
    level: 'error',
    at: {file, pointer: pointer ?? error.instancePath, ...(atKey ? {atKey} : {})},
    says,
    fix,
  }
}

interface Explanation {
  readonly rule: string
  readonly says: Words
  readonly fix: Words
  readonly pointer?: string
  readonly atKey?: boolean
}
type Explain = (error: ErrorObject, kind: Kind) => Explanation

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function fieldName(error: ErrorObject): string {
  const last = error.instancePath.split('/').at(-1) ?? ''
  return last === '' ? '文件' : last.replaceAll('~1', '/').replaceAll('~0', '~')
}

/** "what it should be" in both languages, from the schema's own description. */
function shouldBe(error: ErrorObject): Words {
  const description = describeField(error)
  return description
    ? {zh: `应为：${description}`, en: `it should be: ${description}`}
    : {zh: '按 schemas/ 中的说明改正', en: 'correct it as the schema in schemas/ says'}
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  integer: '整数',
  boolean: 'true 或 false',
  array: '列表',
  object: '键值表',
  null: '空',
}

const unknownKey: Explain = (error) => {
  const key = text(error.params['additionalProperty'])
  const known = knownKeys(error)
  const near = known.filter(
    (name) => distance(name.toLowerCase(), key.toLowerCase()) <= Math.max(2, Math.floor(name.length / 3)),
  )[0]
  const list = known.join('、')
  return {
    rule: 'key-is-known',
    says: {zh: `不认识的键「${key}」`, en: `unknown key "${key}"`},
    fix: near
      ? {zh: `是否想写「${near}」？可用的键：${list}`, en: `did you mean "${near}"? known keys: ${known.join(', ')}`}
      : {zh: `删除它；可用的键：${list}`, en: `remove it; known keys: ${known.join(', ')}`},
    pointer: `${error.instancePath}/${escapePointer(key)}`,
    atKey: true,
  }
}

const missingKey: Explain = (error) => {
  const key = text(error.params['missingProperty'])
  const description = describeField(error, key)
  return {
    rule: 'field-is-present',
    says: {zh: `缺少「${key}」`, en: `"${key}" is missing`},
    fix: {
      zh: `补上 ${key}${description ? `（${description}）` : ''}`,
      en: `add ${key}${description ? ` (${description})` : ''}`,
    },
  }
}

const wrongType: Explain = (error) => {
  const wanted = [error.params['type']].flat().map(text)
  const wantsText = wanted.includes('string')
  const should = shouldBe(error)
  return {
    rule: 'value-has-type',
    says: {
      zh: `「${fieldName(error)}」应是${wanted.map((type) => TYPE_NAMES[type] ?? type).join('或')}`,
      en: `"${fieldName(error)}" must be ${wanted.join(' or ')}`,
    },
    fix: wantsText ? {zh: `给值加上引号。${should.zh}`, en: `put the value in quotes; ${should.en}`} : should,
  }
}

const allowed: Explain = (error) => {
  const values = [error.params['allowedValues'] ?? error.params['allowedValue']].flat().map(text)
  return {
    rule: 'value-is-allowed',
    says: {
      zh: `「${fieldName(error)}」的值不在允许范围内`,
      en: `"${fieldName(error)}" has a value that is not allowed`,
    },
    fix: {zh: `改为其中之一：${values.join('、')}。${shouldBe(error).zh}`, en: `use one of: ${values.join(', ')}`},
  }
}

const pattern: Explain = (error) => ({
  rule: 'value-has-form',
  says: {zh: `「${fieldName(error)}」的写法不对`, en: `"${fieldName(error)}" is not written in the right form`},
  fix: shouldBe(error),
})

const sized =
  (rule: string, zh: (limit: string) => string, en: (limit: string) => string): Explain =>
  (error) => {
    const limit = text(error.params['limit'])
    return {
      rule,
      says: {zh: `「${fieldName(error)}」${zh(limit)}`, en: `"${fieldName(error)}" ${en(limit)}`},
      fix: shouldBe(error),
    }
  }

const notTogether: Explain = (_error, kind) => ({
  rule: 'fields-go-together',
  says: {zh: '这里写了不能同时出现的键', en: 'keys stand here that exclude each other'},
  fix:
    kind === 'channel'
      ? {zh: 'state 与 statePrefix 只能写一个', en: 'write either state or statePrefix'}
      : {
          zh: 'shift 不能与 days/from/to 同写；on 不能与 range 同写',
          en: 'shift excludes days/from/to; on excludes range',
        },
})

const EXPLANATIONS: Readonly<Record<string, Explain>> = {
  additionalProperties: unknownKey,
  required: missingKey,
  type: wrongType,
  enum: allowed,
  const: allowed,
  pattern,
  format: pattern,
  anyOf: pattern,
  oneOf: pattern,
  discriminator: (error) => ({
    rule: 'value-is-allowed',
    says: {
      zh: `附件类型「${text(error.params['tagValue'])}」不认识`,
      en: `attachment type "${text(error.params['tagValue'])}" is unknown`,
    },
    fix: {zh: '改为 link、image、miniprogram、video 或 file', en: 'use link, image, miniprogram, video or file'},
    pointer: `${error.instancePath}/type`,
  }),
  not: notTogether,
  minLength: sized(
    'text-long-enough',
    () => '不能为空',
    () => 'must not be empty',
  ),
  maxLength: sized(
    'text-short-enough',
    (limit) => `最多 ${limit} 个字符`,
    (limit) => `has at most ${limit} characters`,
  ),
  minItems: sized(
    'list-long-enough',
    (limit) => `至少 ${limit} 项`,
    (limit) => `needs at least ${limit} items`,
  ),
  maxItems: sized(
    'list-short-enough',
    (limit) => `最多 ${limit} 项`,
    (limit) => `has at most ${limit} items`,
  ),
  minProperties: sized(
    'list-long-enough',
    (limit) => `至少 ${limit} 项`,
    (limit) => `needs at least ${limit} entries`,
  ),
  minimum: sized(
    'number-in-range',
    (limit) => `不能小于 ${limit}`,
    (limit) => `must be at least ${limit}`,
  ),
  maximum: sized(
    'number-in-range',
    (limit) => `不能大于 ${limit}`,
    (limit) => `must be at most ${limit}`,
  ),
  exclusiveMinimum: sized(
    'number-in-range',
    (limit) => `必须大于 ${limit}`,
    (limit) => `must be above ${limit}`,
  ),
}

const unexplained: Explain = (error) => ({
  rule: `schema-${error.keyword}`,
  says: {
    zh: `「${fieldName(error)}」不符合规定`,
    en: `"${fieldName(error)}" ${error.message ?? 'does not fit its schema'}`,
  },
  fix: shouldBe(error),
})
