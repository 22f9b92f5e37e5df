import {load, parseEvents, YAMLException} from 'js-yaml'
import type {Remark} from '../model/finding.js'
import {constructPlain, NOT_PLAIN} from './construct-plain.js'

const MAX_ALIASES = 20
const MAX_DEPTH = 40

export type ParsedYaml = {readonly value: unknown} | {readonly remark: Remark}

/**
 * YAML 1.2 core schema: duplicate keys are refused, `no` and `22:00` stay text, aliases are bounded.
 * The text is brought to Unicode NFC by the caller, since ids compare that way.
 */
export function parseYaml(text: string, file: string): ParsedYaml {
  try {
    const plain = constructPlain(parseEvents(text, {filename: file, maxDepth: MAX_DEPTH}), text)
    if (plain !== NOT_PLAIN) return {value: plain}
    const value = load(text, {filename: file, maxAliases: MAX_ALIASES, maxDepth: MAX_DEPTH})
    if (text.includes('*') && hasCycle(value, new Set())) return {remark: cycleRemark(file)}
    return {value}
  } catch (error) {
    if (error instanceof YAMLException) return {remark: yamlRemark(error, text, file)}
    throw error
  }
}

function yamlRemark(error: YAMLException, text: string, file: string): Remark {
  if (/input is empty/i.test(error.reason))
    return {
      rule: 'yaml-not-empty',
      level: 'error',
      at: {file, line: 1, column: 1},
      says: {zh: `文件没有内容（${error.reason}）`, en: `the file has no content (${error.reason})`},
      fix: {zh: '写入内容，或删除这个文件', en: 'write its content, or delete the file'},
    }
  const place = error.mark ?? {line: secondDocument(text), column: 0}
  return {
    rule: 'yaml-well-formed',
    level: 'error',
    at: {file, line: place.line + 1, column: place.column + 1},
    says: {zh: `YAML 写法有误：${inChinese(error.reason)}`, en: `not well-formed YAML: ${error.reason}`},
    fix: {
      zh: '检查这一行的缩进、冒号、引号和括号；含 : 或 # 的文字请加引号',
      en: 'check indentation, colons, quotes and brackets on this line; quote texts that hold : or #',
    },
  }
}

/** The reader tells that there are several documents but not where: the line, from 0, on which the second starts. */
function secondDocument(text: string): number {
  let started = false
  const line = text.split('\n').findIndex((written) => {
    const startsAnother = started && /^(---|\.\.\.)(\s|$)/.test(written)
    started ||= !/^\s*(#|%|$)/.test(written)
    return startsAnother
  })
  return Math.max(0, line)
}

/** The reader's most frequent complaints; others are shown as they are. */
const COMPLAINTS: readonly (readonly [RegExp, string])[] = [
  [/duplicated mapping key/i, '同一个键写了两次'],
  [/bad indentation/i, '缩进不对'],
  [/tab character/i, '缩进用了制表符，请改用空格'],
  [/unexpected end|end of the stream/i, '内容没有写完（可能缺少引号或括号）'],
  [/alias/i, '别名（*）无法使用或太多'],
  [/multiple documents|expected a single document/i, '一个文件只能有一份文档（不要用 --- 分隔）'],
  [/flow collection|missed comma/i, '花括号或方括号里的写法不完整'],
]

function inChinese(reason: string): string {
  const known = COMPLAINTS.find(([pattern]) => pattern.test(reason))
  return known ? `${known[1]}（${reason}）` : reason
}

const cycleRemark = (file: string): Remark => ({
  rule: 'yaml-has-no-cycle',
  level: 'error',
  at: {file, line: 1, column: 1},
  says: {zh: '别名（*）指回了自己', en: 'an alias (*) points back at itself'},
  fix: {zh: '把内容写全，不要用指回自己的别名', en: 'write the content out instead of an alias that contains itself'},
})

function hasCycle(value: unknown, above: Set<unknown>): boolean {
  if (value === null || typeof value !== 'object') return false
  if (above.has(value)) return true
  above.add(value)
  const found = Object.values(value).some((inner) => hasCycle(inner, above))
  above.delete(value)
  return found
}
