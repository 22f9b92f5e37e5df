import type {WrittenRoster} from '../model/written.js'
import type {SheetContent} from './read-rows.js'

export type RosterDays = WrittenRoster['days']

/** What changes for one member on one date; shifts in the roster's order. */
export interface MemberChange {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly member: string
  readonly date: string
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Counts are of members by date, on the dates the sheet speaks of. */
export interface RosterDifference {
  readonly added: number
  readonly removed: number
  readonly changed: number
  readonly unchanged: number
  /** By date, then member. */
  readonly changes: readonly MemberChange[]
}

export interface AssembledRoster {
  /** All days, sorted; those the sheet does not speak of are as they were. */
  readonly days: RosterDays
  readonly difference: RosterDifference
}

/** Puts the sheet's days in the place of the roster's. A day on which nobody works has no line. */
export function assembleRoster(
  before: RosterDays,
  shifts: readonly string[],
  {dates, entries}: SheetContent,
): AssembledRoster {
  const fresh = daysOf(entries, shifts)
  const changes: MemberChange[] = []
  const days = new Map(Object.entries(before))
  let unchanged = 0
  for (const date of dates) {
    const [old, day] = [before[date] ?? {}, fresh.get(date) ?? {}]
    const found = compareDay(date, old, day, shifts)
    unchanged += found.unchanged
    changes.push(...found.changes)
    // A day without a change stays as it is written, whatever the order of its names.
    if (found.changes.length === 0) continue
    if (Object.keys(day).length === 0) days.delete(date)
    else days.set(date, day)
  }
  const count = (wanted: MemberChange['kind']): number => changes.filter(({kind}) => kind === wanted).length
  return {
    days: Object.fromEntries([...days].sort(([a], [b]) => (a < b ? -1 : 1))),
    difference: {added: count('added'), removed: count('removed'), changed: count('changed'), unchanged, changes},
  }
}

/** Shifts in the roster's order, members sorted and each once. */
function daysOf(entries: SheetContent['entries'], shifts: readonly string[]): Map<string, RosterDays[string]> {
  const byDate = new Map<string, Map<string, Set<string>>>()
  for (const {date, shift, member} of entries) {
    const day = byDate.get(date) ?? new Map<string, Set<string>>()
    byDate.set(date, day.set(shift, (day.get(shift) ?? new Set()).add(member)))
  }
  const inOrder = (day: ReadonlyMap<string, ReadonlySet<string>>): RosterDays[string] =>
    Object.fromEntries(shifts.flatMap((shift) => (day.has(shift) ? [[shift, [...(day.get(shift) ?? [])].sort()]] : [])))
  return new Map([...byDate].map(([date, day]) => [date, inOrder(day)]))
}

function compareDay(
  date: string,
  old: RosterDays[string],
  day: RosterDays[string],
  shifts: readonly string[],
): {readonly changes: readonly MemberChange[]; readonly unchanged: number} {
  const [was, is] = [shiftsByMember(old, shifts), shiftsByMember(day, shifts)]
  const members = [...new Set([...was.keys(), ...is.keys()])].sort()
  const changes = members.flatMap((key): MemberChange[] => {
    const [before, after] = [was.get(key)?.shifts ?? [], is.get(key)?.shifts ?? []]
    if (before.join('\0') === after.join('\0')) return []
    const kind = before.length === 0 ? 'added' : after.length === 0 ? 'removed' : 'changed'
    return [{kind, member: is.get(key)?.member ?? was.get(key)?.member ?? key, date, before, after}]
  })
  return {changes, unchanged: members.length - changes.length}
}

/** Userids compare without regard to case (WeCom 90195). */
function shiftsByMember(
  day: RosterDays[string],
  shifts: readonly string[],
): Map<string, {readonly member: string; readonly shifts: string[]}> {
  const byMember = new Map<string, {readonly member: string; readonly shifts: string[]}>()
  for (const shift of new Set([...shifts, ...Object.keys(day)]))
    for (const member of Object.hasOwn(day, shift) ? (day[shift] ?? []) : []) {
      const known = byMember.get(member.toLowerCase())
      if (!known) byMember.set(member.toLowerCase(), {member, shifts: [shift]})
      else if (!known.shifts.includes(shift)) known.shifts.push(shift)
    }
  return byMember
}
