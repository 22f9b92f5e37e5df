import Table from 'cli-table3'
import {diffChars, diffLines} from 'diff'
import stringWidth from 'string-width'
import type {Language} from '../model/words.js'

/** `diff` is quadratic: past this it says "too different" instead. */
const TIMEOUT_MS = 200

interface Row {
  readonly before: string
  readonly after: string
}

const lines = (text: string): string[] => text.replace(/\n$/, '').split('\n')

/** Lines of both texts side by side; a replaced line marks what went `[-so-]` and what came `{+so+}`. */
export function pairLines(before: string, after: string): Row[] {
  const parts = diffLines(`${before}\n`, `${after}\n`, {timeout: TIMEOUT_MS}) ?? [
    {value: before, added: false, removed: true},
    {value: after, added: true, removed: false},
  ]
  const rows: Row[] = []
  let removed: string[] = []
  for (const part of parts) {
    if (part.removed) removed = lines(part.value)
    else if (part.added) {
      const added = lines(part.value)
      for (let index = 0; index < Math.max(removed.length, added.length); index++)
        rows.push(markChange(removed[index], added[index]))
      removed = []
    } else {
      rows.push(
        ...removed.map((line) => markChange(line, undefined)),
        ...lines(part.value).map((line) => ({before: line, after: line})),
      )
      removed = []
    }
  }
  return [...rows, ...removed.map((line) => markChange(line, undefined))]
}

function markChange(before: string | undefined, after: string | undefined): Row {
  if (before === undefined) return {before: '', after: `{+${after ?? ''}+}`}
  if (after === undefined) return {before: `[-${before}-]`, after: ''}
  const parts = diffChars(before, after, {timeout: TIMEOUT_MS})
  if (!parts) return {before: `[-${before}-]`, after: `{+${after}+}`}
  return {
    before: parts
      .filter(({added}) => !added)
      .map(({value, removed}) => (removed ? `[-${value}-]` : value))
      .join(''),
    after: parts
      .filter(({removed}) => !removed)
      .map(({value, added}) => (added ? `{+${value}+}` : value))
      .join(''),
  }
}

const HALF_WIDTH = 56
const PADDING = 2

/** Chinese has no spaces to break at: lines are cut where the column is full. */
function wrap(line: string): string {
  const rows: string[] = ['']
  for (const {segment} of graphemes.segment(line)) {
    const last = rows.length - 1
    if (stringWidth(`${rows[last] ?? ''}${segment}`) > HALF_WIDTH - PADDING) rows.push(segment)
    else rows[last] = `${rows[last] ?? ''}${segment}`
  }
  return rows.join('\n')
}

const graphemes = new Intl.Segmenter('zh', {granularity: 'grapheme'})

/** Old on the left, new on the right; wide characters count two columns. */
export function renderSideBySide(before: string, after: string, language: Language): string {
  const table = new Table({
    head: language === 'zh' ? ['原文', '新文'] : ['before', 'after'],
    colWidths: [HALF_WIDTH, HALF_WIDTH],
    style: {head: [], border: []},
  })
  for (const row of pairLines(before, after)) table.push([wrap(row.before), wrap(row.after)])
  return table.toString()
}
