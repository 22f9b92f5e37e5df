import type {WrittenRoster} from '../model/written.js'
import type {RosterDays} from './assemble-roster.js'

/** Words that YAML would take for something else than a text. */
const NOT_TEXT = /^(true|false|null|~)$/i

/** Bare where YAML reads it back as the same text, else quoted. */
const renderScalar = (text: string): string =>
  /^\p{L}[\p{L}\p{N}_.@-]*$/u.test(text) && !NOT_TEXT.test(text) ? text : JSON.stringify(text)

/** `"2026-11-25": {早班: [jiang.li], 夜班: [song.bo]}`, without indentation. */
export function renderDay(date: string, day: RosterDays[string]): string {
  const shifts = Object.entries(day).map(
    ([shift, ids]) => `${renderScalar(shift)}: [${ids.map(renderScalar).join(', ')}]`,
  )
  return `${JSON.stringify(date)}: {${shifts.join(', ')}}`
}

/** One line under `shifts`, with its indentation. */
export const renderShift = ([name, {from, to}]: [string, WrittenRoster['shifts'][string]]): string =>
  `  ${renderScalar(name)}: {from: ${JSON.stringify(from)}, to: ${JSON.stringify(to)}}`

/** A whole roster file in the flow style that is easy to review: one line a day. */
export function renderRoster({title, owner, note, shifts, importedAt, staleAfterDays, days}: WrittenRoster): string {
  const dates = Object.keys(days).sort()
  const lines = [
    `title: ${renderScalar(title)}`,
    ...(owner === undefined ? [] : [`owner: ${renderScalar(owner)}`]),
    ...(note === undefined ? [] : [`note: ${renderScalar(note)}`]),
    'shifts:',
    ...Object.entries(shifts).map(renderShift),
    `importedAt: ${importedAt}`,
    ...(staleAfterDays === undefined ? [] : [`staleAfterDays: ${staleAfterDays}`]),
    ...(dates.length === 0
      ? ['days: {}']
      : ['days:', ...dates.map((date) => `  ${renderDay(date, days[date] ?? {})}`)]),
  ]
  return `${lines.join('\n')}\n`
}
