import type {Level, Remark} from '../model/finding.js'
import {nearestName} from '../model/nearest.js'
import {plainLine} from '../model/plain-line.js'
import type {Words} from '../model/words.js'
import type {Field, Form} from './read-form.js'

/** Notes one thing about a field. */
export type Say = (field: Field, rule: string, says: Words, fix: Words, level?: Level) => void

/** Findings stand in the issue, at the line of the field's heading. */
export function createSay(file: string, {lines}: Form, remarks: Remark[]): Say {
  return (field, rule, says, fix, level = 'error') =>
    void remarks.push({rule, level, at: {file, line: lines.get(field) ?? 1, column: 1}, says, fix})
}

const LONGEST_SHOWN = 60

/** What somebody wrote, as it may stand in a sentence. */
export const shown = (text: string): string => plainLine(text, LONGEST_SHOWN)

const MOST_NAMES = 12

/** The name that is meant, or those there are. */
export function offer(name: string, known: Iterable<string>): Words {
  const names = [...known]
  const near = nearestName(name, names)
  if (near !== undefined) return {zh: `是否想写「${near}」？`, en: `did you mean "${near}"?`}
  const more = names.length > MOST_NAMES ? ' …' : ''
  const first = names.slice(0, MOST_NAMES)
  return {zh: `可写：${first.join('、')}${more}`, en: `known: ${first.join(', ')}${more}`}
}
