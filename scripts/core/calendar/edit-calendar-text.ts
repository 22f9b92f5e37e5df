import {isDeepStrictEqual} from 'node:util'
import {load, YAMLException} from 'js-yaml'
import type {WrittenCalendar} from '../model/written.js'

const YEAR_KEY = /^( +)["']?(\d{4})["']?:/
const IGNORED = /^\s*(#.*)?$/

/** A calendar of one year. */
export const newCalendarText = (title: string, block: readonly string[]): string =>
  `${[`title: ${title}`, 'years:', ...block].join('\n')}\n`

/**
 * The file's text with the year's block put in at its place, or in the place of what stands there for that year; all
 * other lines stay. `null` where the file is written in a style in which that cannot be done safely: what comes out is
 * read back and must be the old years and the new one.
 */
export function editCalendarText(
  text: string,
  before: WrittenCalendar,
  year: string,
  block: readonly string[],
): string | null {
  const end = text.includes('\r\n') ? '\r\n' : '\n'
  const lines = text.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n')
  const start = lines.findIndex((line) => /^years:\s*(#.*)?$/.test(line))
  if (start < 0) return null
  const next = lines.findIndex((line, index) => index > start && !line.startsWith(' ') && !IGNORED.test(line))
  const bound = next < 0 ? lines.length : next
  const years = yearsIn(lines, start + 1, bound)
  const own = years.find((found) => found.year === year)
  const after = years.find((found) => found.year > year)
  const at = own?.from ?? after?.from ?? years.at(-1)?.to ?? start + 1
  const edited = `${[...lines.slice(0, at), ...block, ...lines.slice(own ? own.to : at)].join(end)}${end}`
  return says(edited, before, year, block) ? edited : null
}

interface YearLines {
  readonly year: string
  /** Its own key; comments above it are before. */
  readonly from: number
  /** Behind its last line that says something. */
  readonly to: number
}

function yearsIn(lines: readonly string[], from: number, bound: number): YearLines[] {
  const keys = lines.flatMap((line, index) => {
    const [, indent = '', year] = index >= from && index < bound ? (YEAR_KEY.exec(line) ?? []) : []
    return year === undefined ? [] : [{year, index, indent: indent.length}]
  })
  return keys.map(({year, index, indent}) => {
    let to = index + 1
    for (let at = to; at < bound; at++) {
      const line = lines[at] ?? ''
      if (IGNORED.test(line)) continue
      if (line.search(/\S/) <= indent) break
      to = at + 1
    }
    return {year, from: index, to}
  })
}

function says(edited: string, before: WrittenCalendar, year: string, block: readonly string[]): boolean {
  try {
    const {years} = load(['years:', ...block].join('\n')) as Pick<WrittenCalendar, 'years'>
    const wanted = {...before, years: {...before.years, [year]: years[year]}}
    return isDeepStrictEqual(load(edited), wanted)
  } catch (error) {
    if (error instanceof YAMLException) return false
    throw error
  }
}
