import type {Language} from '../model/words.js'
import {renderInstant, type Zone} from '../model/zone.js'
import {codeSpan} from '../render/markdown.js'
import type {ConsoleEdit} from './console-edits.js'
import type {MissingCodes} from './find-missing-codes.js'

/** Signs of what no call of WeCom tells: edits in the console, and welcomes that the console has for members. */
export interface Signals {
  readonly consoleEdits: readonly ConsoleEdit[]
  readonly missingCodes: readonly MissingCodes[]
}

const MOST_ROWS = 40

export const countSignals = ({consoleEdits, missingCodes}: Signals): number => consoleEdits.length + missingCodes.length

/** One line each, or nothing. */
export function renderSignalsText(signals: Signals, zone: Zone, language: Language): string {
  const edits = signals.consoleEdits.map(
    (edit) => `${language === 'zh' ? '后台' : 'console'}  ${consoleCells(edit, zone, language).join('  ')}`,
  )
  const codes = signals.missingCodes.map(
    (row) => `${language === 'zh' ? '缺 code' : 'no code'}  ${row.member}  ${sayMissing(row, language)}`,
  )
  return [...codes, ...edits].map((line) => `${line}\n`).join('')
}

/** Two tables for the issue, or nothing; every value of others stands in code. */
export function renderSignalsMarkdown({consoleEdits, missingCodes}: Signals, zone: Zone, language: Language): string {
  const zh = language === 'zh'
  const codes = missingCodes.map((row) => [codeSpan(row.member), sayMissing(row, language)])
  const edits = consoleEdits.slice(-MOST_ROWS).map((edit) => {
    const [at = '', operator = '', what = ''] = consoleCells(edit, zone, language)
    return [at, codeSpan(operator), what]
  })
  const more = consoleEdits.length - edits.length
  return [
    ...table(
      zh ? ['成员', '常常没有 code：后台可能给他设了欢迎语'] : ['member', 'often no code: see the console'],
      codes,
    ),
    ...table(zh ? ['后台操作时间', '谁', '哪一类'] : ['in the console at', 'who', 'what kind'], edits),
    ...(more > 0 ? [zh ? `更早的另有 ${more} 条。` : `And ${more} earlier ones.`, ''] : []),
  ].join('\n')
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] =>
  rows.length === 0 ? [] : [...[heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`), '']

const consoleCells = ({atMs, operator, operType, says}: ConsoleEdit, zone: Zone, language: Language): string[] => [
  renderInstant(atMs, zone),
  operator,
  language === 'zh' ? `${says.zh}（类型 ${operType}）` : `${says.en} (type ${operType})`,
]

function sayMissing({adds, without, others, probability}: MissingCodes, language: Language): string {
  const chance = probability < 1e-4 ? '< 0.01%' : `${(probability * 100).toFixed(2)}%`
  return language === 'zh'
    ? `${adds} 次添加里 ${without} 次没有 code；其他成员 ${others.adds} 次里 ${others.without} 次；纯属偶然的概率 ${chance}`
    : `${without} of ${adds} adds without a code; ${others.without} of ${others.adds} of the other members; chance alone ${chance}`
}
