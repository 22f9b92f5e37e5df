import {parseEvents} from 'js-yaml'
import {escapePointer} from '../model/pointer.js'

/** Line and column, counted from 1; columns count UTF-16 units as editors do. */
export interface LineColumn {
  readonly line: number
  readonly column: number
}

interface Offsets {
  readonly value: number
  readonly key: number
}

// The numbers of js-yaml's events; the package exports the constants only as types.
const SEQUENCE = 2
const MAPPING = 3
const SCALAR = 4
const ALIAS = 5
const POP = 6
const SINGLE_QUOTED = 2
const DOUBLE_QUOTED = 3

interface Open {
  readonly pointer: string
  readonly kind: 'sequence' | 'mapping'
  index: number
  key: {readonly text: string; readonly offset: number} | null
}

/**
 * Finds where values stand in a YAML text. Made only for files that have findings, since a second parse costs as
 * much as the first. A pointer to something that is not there (a missing field) answers with its nearest parent.
 */
export function createPlaceFinder(text: string): (pointer: string, atKey: boolean) => LineColumn {
  const offsets = readOffsets(text)
  return (pointer, atKey) => {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      const found = offsets.get(at)
      if (found) return lineColumn(text, atKey && at === pointer ? found.key : found.value)
      if (at === '') return {line: 1, column: 1}
    }
  }
}

function readOffsets(text: string): Map<string, Offsets> {
  const offsets = new Map<string, Offsets>()
  const open: Open[] = []
  const place = (offset: number): string | null => {
    const parent = open.at(-1)
    if (!parent) {
      offsets.set('', {value: offset, key: offset})
      return ''
    }
    if (parent.kind === 'mapping' && parent.key === null) return null
    const token = parent.kind === 'sequence' ? String(parent.index++) : (parent.key?.text ?? '')
    const key = parent.key?.offset ?? offset
    parent.key = null
    const pointer = `${parent.pointer}/${escapePointer(token)}`
    offsets.set(pointer, {value: offset, key})
    return pointer
  }
  for (const event of parseEvents(text, {})) {
    if (event.type === SEQUENCE || event.type === MAPPING) {
      const pointer = place(event.start) ?? ''
      open.push({pointer, kind: event.type === SEQUENCE ? 'sequence' : 'mapping', index: 0, key: null})
    } else if (event.type === SCALAR) {
      const quoted = event.style === SINGLE_QUOTED || event.style === DOUBLE_QUOTED
      // A value left empty has no offset of its own: its key stands for it.
      const offset = event.valueStart < 0 ? (open.at(-1)?.key?.offset ?? 0) : event.valueStart - (quoted ? 1 : 0)
      if (place(offset) === null) {
        const parent = open.at(-1)
        if (parent) parent.key = {text: text.slice(event.valueStart, event.valueEnd), offset}
      }
    } else if (event.type === ALIAS) place(event.anchorStart - 1)
    else if (event.type === POP) open.pop()
  }
  return offsets
}

function lineColumn(text: string, offset: number): LineColumn {
  const before = text.slice(0, Math.max(0, offset))
  const lineStart = before.lastIndexOf('\n') + 1
  let line = 1
  for (let at = before.indexOf('\n'); at >= 0; at = before.indexOf('\n', at + 1)) line++
  return {line, column: before.length - lineStart + 1}
}
