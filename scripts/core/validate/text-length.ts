import {NICKNAME, type Segment} from '../greet/parse-text.js'
import type {Config, Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenTemplate} from '../model/written.js'
import {MAX_TEXT_BYTES} from './limits.js'
import {type ParsedTemplate, remark} from './rule.js'

/** WeCom's nickname and staff-name limits are 64 characters at most for staff; 32 characters of 4 bytes are reserved. */
const NAME_BUDGET_BYTES = 128
const HOUSE_NICKNAME = '十二个字的客户昵称样例一'
const HOUSE_NAME = '张三丰'

const graphemes = new Intl.Segmenter('zh', {granularity: 'grapheme'})
const countCharacters = (text: string): number => [...graphemes.segment(text)].length

/** What a placeholder takes at its longest. */
export interface Fill {
  readonly bytes: number
  readonly units: number
  readonly values: readonly string[]
}

export function longestFills(facts: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, Fill> {
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

/** Worst case: every name at its budget, every fact at its longest value. */
export function lengthFaults(
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
