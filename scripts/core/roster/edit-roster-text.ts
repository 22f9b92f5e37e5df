import {isDeepStrictEqual} from 'node:util'
import {load, YAMLException} from 'js-yaml'
import type {WrittenRoster} from '../model/written.js'
import {renderDay, renderRoster, renderShift} from './render-roster.js'

const ENTRY = /^( +)(?:"(\d{4}-\d{2}-\d{2})"|'(\d{4}-\d{2}-\d{2})'|(\d{4}-\d{2}-\d{2})):/
const IGNORED = /^\s*(#.*)?$/

/**
 * The file's text with the new days, new shifts and import time. Lines of days that stay as they are, comments and
 * everything else are kept; a file written in some other style is rendered anew. What comes out is read back: a text
 * that does not say exactly `after` is never returned.
 */
export function editRosterText(text: string | null, before: WrittenRoster | null, after: WrittenRoster): string {
  const edited = text === null || before === null ? null : editLines(text, before, after)
  if (edited !== null && says(edited, after)) return edited
  const rendered = renderRoster(after)
  if (!says(rendered, after)) throw new Error('the roster as rendered does not read back as it is')
  return rendered
}

function says(text: string, wanted: WrittenRoster): boolean {
  try {
    return isDeepStrictEqual(load(text), wanted)
  } catch (error) {
    if (error instanceof YAMLException) return false
    throw error
  }
}

function editLines(text: string, before: WrittenRoster, after: WrittenRoster): string | null {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n')
  const imported = lines.findIndex((line) => line.startsWith('importedAt:'))
  const start = lines.findIndex((line) => /^days:\s*(#.*)?$/.test(line))
  if (imported < 0 || start < 0) return null
  const next = lines.findIndex((line, index) => index > start && !line.startsWith(' ') && !IGNORED.test(line))
  const bound = next < 0 ? lines.length : next
  const body = editDays(lines.slice(start + 1, bound), before, after)
  if (body === null) return null
  const comment = /\s#.*$/.exec(lines[imported] ?? '')?.[0] ?? ''
  lines[imported] = `importedAt: ${after.importedAt}${comment}`
  const edited = [...lines.slice(0, start + 1), ...body, ...lines.slice(bound)]
  return `${withNewShifts(edited, before, after).join(end)}${end}`
}

function withNewShifts(lines: readonly string[], before: WrittenRoster, after: WrittenRoster): string[] {
  const fresh = Object.entries(after.shifts).filter(([name]) => !Object.hasOwn(before.shifts, name))
  return lines.flatMap((line) => (/^shifts:\s*(#.*)?$/.test(line) ? [line, ...fresh.map(renderShift)] : [line]))
}

/** Comments belong to the day below them; those behind the last day stay at the end. */
function editDays(lines: readonly string[], before: WrittenRoster, after: WrittenRoster): string[] | null {
  const kept = new Map<string, {readonly above: string[]; readonly own: string[]}>()
  let pending: string[] = []
  let current: string[] | null = null
  let indent = '  '
  for (const line of lines) {
    const [, spaces, ...dates] = ENTRY.exec(line) ?? []
    const date = dates.find((found) => found !== undefined)
    if (date !== undefined && spaces !== undefined) {
      indent = spaces
      current = [line]
      kept.set(date, {above: pending, own: current})
      pending = []
    } else if (IGNORED.test(line)) pending.push(line)
    else if (current) {
      current.push(...pending, line)
      pending = []
    } else return null
  }
  const days = Object.keys(after.days).sort()
  if (days.length === 0) return null
  const written = days.flatMap((date) => {
    const day = after.days[date] ?? {}
    const old = kept.get(date)
    const isSame = old !== undefined && isDeepStrictEqual(before.days[date], day)
    return [...(old?.above ?? []), ...(isSame ? old.own : [`${indent}${renderDay(date, day)}`])]
  })
  return [...written, ...pending]
}
