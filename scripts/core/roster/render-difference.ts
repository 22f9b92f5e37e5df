import type {Language} from '../model/words.js'
import type {MemberChange, RosterDifference} from './assemble-roster.js'

/** A month of a large company is for `--json`. */
const LINES_SHOWN = 60

const SIGNS: Readonly<Record<MemberChange['kind'], string>> = {added: '+', removed: '-', changed: '~'}

/** Counts, then a line a member and date: `~ 2026-12-01  jiang.li  早班 → 中班`. */
export function renderDifference(difference: RosterDifference, language: Language): string {
  const {added, removed, changed, unchanged, changes} = difference
  const counts =
    language === 'zh'
      ? `新增 ${added}，减少 ${removed}，改动 ${changed}，不变 ${unchanged}（按人按天计）`
      : `${added} added, ${removed} removed, ${changed} changed, ${unchanged} unchanged (members by date)`
  const rest = language === 'zh' ? '休' : 'off'
  const said = (shifts: readonly string[]): string => shifts.join('+') || rest
  const lines = changes
    .slice(0, LINES_SHOWN)
    .map(({kind, member, date, before, after}) => `${SIGNS[kind]} ${date}  ${member}  ${said(before)} → ${said(after)}`)
  const more = changes.length - lines.length
  const further = language === 'zh' ? `… 还有 ${more} 处（--json 列出全部）` : `… and ${more} more (--json lists all)`
  return `${[counts, ...lines, ...(more > 0 ? [further] : [])].join('\n')}\n`
}
