import {parseTimeOfDay, renderTimeOfDay} from '../model/instant.js'
import type {WrittenRoster} from '../model/written.js'
import type {RosterDays} from './assemble-roster.js'
import type {Entry} from './read-rows.js'
import {cellFinding, type Sheet, type SheetFinding} from './sheet.js'

const DAY_SECONDS = 86_400

/** Seconds count from midnight of 1970-01-01 on the local clock. */
interface Turn {
  readonly date: string
  readonly shift: string
  readonly from: number
  readonly to: number
}

/** A member on two shifts at once, also where last night's shift reaches into the morning. Only what the sheet brings. */
export function checkOverlaps(
  sheet: Sheet,
  entries: readonly Entry[],
  days: RosterDays,
  shifts: WrittenRoster['shifts'],
): SheetFinding[] {
  const cellOf = new Map(entries.map((entry) => [keyOf(entry.member, entry), entry]))
  return [...turnsByMember(days, shifts)].flatMap(([member, turns]) =>
    turns.flatMap((turn, index) => {
      const earlier = turns.slice(0, index).find(({to}) => to > turn.from)
      const cell = cellOf.get(keyOf(member, turn)) ?? (earlier && cellOf.get(keyOf(member, earlier)))
      return earlier && cell ? [overlap(sheet, cell, earlier, turn)] : []
    }),
  )
}

const keyOf = (member: string, {date, shift}: Pick<Turn, 'date' | 'shift'>): string =>
  JSON.stringify([member.toLowerCase(), date, shift])

function turnsByMember(days: RosterDays, shifts: WrittenRoster['shifts']): Map<string, Turn[]> {
  const byMember = new Map<string, Turn[]>()
  for (const [date, day] of Object.entries(days))
    for (const [shift, members] of Object.entries(day)) {
      const times = Object.hasOwn(shifts, shift) ? shifts[shift] : undefined
      if (!times) continue
      const turn = turnOf(date, shift, times)
      for (const member of members) {
        const turns = byMember.get(member.toLowerCase())
        if (turns) turns.push(turn)
        else byMember.set(member.toLowerCase(), [turn])
      }
    }
  for (const turns of byMember.values()) turns.sort((a, b) => a.from - b.from || a.to - b.to)
  return byMember
}

function turnOf(date: string, shift: string, times: WrittenRoster['shifts'][string]): Turn {
  const midnight = Date.parse(`${date}T00:00:00Z`) / 1000
  const [from, to] = [parseTimeOfDay(times.from), parseTimeOfDay(times.to)]
  return {date, shift, from: midnight + from, to: midnight + (to > from ? to : to + DAY_SECONDS)}
}

function overlap(sheet: Sheet, cell: Entry, earlier: Turn, later: Turn): SheetFinding {
  const clock = (second: number): string => renderTimeOfDay(second % DAY_SECONDS)
  const span = `${clock(later.from)}–${clock(Math.min(earlier.to, later.to))}`
  const first = earlier.date === later.date ? earlier.shift : `${earlier.date} ${earlier.shift}`
  return cellFinding(
    sheet,
    cell,
    'roster-shifts-do-not-overlap',
    'error',
    {
      zh: `${cell.member} 在 ${later.date} 的 ${span} 同时上 ${first} 和 ${later.shift}`,
      en: `${cell.member} is on ${first} and ${later.shift} at once on ${later.date}, ${span}`,
    },
    {
      zh: '只留一班，或在班表文件里改班次时间',
      en: 'keep one of them, or change the times of the shifts in the roster file',
    },
  )
}
