import type {GuardResult} from '../../core/guard/evaluate-guard.js'
import type {Change} from '../../core/model/change.js'
import type {Language} from '../../core/model/words.js'
import {renderSideBySide} from '../../core/render/text-difference.js'
import {renderFindings, type ShownFinding} from '../show-findings.js'
import type {ShownLock} from './show-locks.js'

const ACTIONS = {
  create: {zh: '新增', en: 'new'},
  update: {zh: '修改', en: 'changed'},
  delete: {zh: '删除', en: 'deleted'},
} as const
const SIGNS = {create: '+', update: '~', delete: '-'} as const

/** What locks first, then what was found beside it, then what changed and how much. */
export function renderDifference(
  result: GuardResult,
  locks: readonly ShownLock[],
  findings: readonly ShownFinding[],
  language: Language,
): string {
  const zh = language === 'zh'
  const {changes, links, people} = result
  const found = findings.length === 0 ? '' : `${renderFindings(findings, language)}\n`
  if (changes.length === 0) return `${found}${zh ? '没有语义上的改动\n' : 'no change in meaning\n'}`
  const lines = changes.map(
    ({on, id, kind, action}) => `  ${SIGNS[action]} ${ACTIONS[action][language]}  ${on}  ${kind} ${id}`,
  )
  const texts = changes
    .filter(({on, action}) => on === 'text' && action === 'update')
    .map((change) => renderTexts(change, language))
  const percent = links.total === 0 ? '0' : ((links.changed / links.total) * 100).toFixed(1)
  const growth = people.after - people.before
  const signed = `${growth >= 0 ? '+' : ''}${growth}`
  const summary = zh
    ? [
        `链接变化 ${links.changed}/${links.total}（${percent}%）`,
        `影响人数 ${people.before} → ${people.after}（${signed}）`,
      ]
    : [
        `links changed ${links.changed}/${links.total} (${percent}%)`,
        `people reached ${people.before} → ${people.after} (${signed})`,
      ]
  const verdict =
    locks.length > 0 ? `${locks.map((lock) => renderLock(lock)).join('')}\n` : zh ? '未锁定\n\n' : 'not locked\n\n'
  return `${verdict}${found}${zh ? '改动' : 'changes'}:\n${lines.join('\n')}\n\n${texts.join('\n')}${summary.join('\n')}\n`
}

/** Every text a customer may read that changed, old on the left and new on the right. */
function renderTexts({id, before, after}: Change, language: Language): string {
  const text = (value: unknown, field: string): string => {
    const found: unknown =
      typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field] : undefined
    return typeof found === 'string' ? found : ''
  }
  return ['text', 'fallback']
    .filter((field) => text(before, field) !== text(after, field))
    .map((field) => `${id} ${field}\n${renderSideBySide(text(before, field), text(after, field), language)}\n`)
    .join('')
}

function renderLock({lock, finding}: ShownLock): string {
  const places = lock.places.map(
    ({file, line, column, before, after}) => `    ${file}:${line}:${column}  ${before ?? '∅'} → ${after ?? '∅'}\n`,
  )
  return `✖ ${finding.says}\n${places.join('')}  ${finding.fix}\n`
}
