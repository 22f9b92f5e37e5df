import {Temporal} from 'temporal-polyfill'
import type {
  Audience,
  WrittenCalendar,
  WrittenChannel,
  WrittenEnterprise,
  WrittenGrant,
  WrittenMember,
  WrittenOrganization,
  WrittenRoster,
  WrittenSchedule,
  WrittenSlot,
  WrittenTemplate,
} from '../../scripts/core/model/written.js'

/** A configuration as people write it, by id. */
export interface World {
  readonly enterprise: WrittenEnterprise
  readonly organization: WrittenOrganization
  readonly templates: Readonly<Record<string, WrittenTemplate>>
  readonly schedules: Readonly<Record<string, WrittenSchedule>>
  readonly channels: Readonly<Record<string, WrittenChannel>>
  readonly calendars: Readonly<Record<string, WrittenCalendar>>
  readonly rosters: Readonly<Record<string, WrittenRoster>>
  readonly grants: readonly WrittenGrant[]
}

export interface Question {
  readonly member: string
  readonly atMs: number
  readonly state?: string
  readonly onDuty?: boolean
}

type Level = 'leaver' | 'channel' | 'member' | 'role' | 'department' | 'everybody' | 'built-in'

export interface Answer {
  readonly level: Level
  /** A template id, `silent`, or `built-in` for the last resort. */
  readonly says: string
  /** How many levels were skipped because of a tie. */
  readonly ties: number
}

/**
 * Choosing a second time, slowly and plainly, written from the documents alone (rules of choosing, sections 2 and 3;
 * the order inside a level in config-shapes). A tie, between schedules or between slots of one class, skips its level.
 */
export function choosePlainly(world: World, question: Question): Answer {
  const member = memberOf(world, question.member)
  if (!member) return chooseFrom(world, question, null, ['everybody'])
  if (hasGone(member, question.atMs)) {
    const template = world.enterprise.greet?.successor
    if (
      template !== undefined &&
      inValidity(world, template, question.atMs) &&
      successorOf(world, member, question.atMs)
    )
      return {level: 'leaver', says: template, ties: 0}
    return chooseFrom(world, question, member, ['everybody'])
  }
  return chooseFrom(world, question, member, LEVELS)
}

const LEVELS = ['channel', 'member', 'role', 'department', 'everybody'] as const
type Asked = (typeof LEVELS)[number]

/** Two slots of one class cover the instant with different results. */
class SlotsDisagree extends Error {}

function chooseFrom(world: World, question: Question, member: WrittenMember | null, levels: readonly Asked[]): Answer {
  let ties = 0
  for (const level of levels) {
    const says = sayingOf(world, question, member, level)
    if (says === 'tie') ties++
    else if (says !== null) return {level, says, ties}
  }
  return {level: 'built-in', says: 'built-in', ties}
}

/** What one level says; `null` hands on to the next level, `tie` too. */
function sayingOf(world: World, question: Question, member: WrittenMember | null, level: Asked): string | null {
  const equals = equalsAt(world, question, member, level)
  const results = equals.map(({says}) => says)
  return new Set(results).size > 1 || results[0] === SLOTS_DISAGREE ? 'tie' : (results[0] ?? null)
}

/** Stands for a schedule two of whose slots hold at once with different results. */
const SLOTS_DISAGREE = 'slots disagree'

/** The schedules that share the first place of a level, each with what it says; `null` hands on. Silence stands alone. */
function equalsAt(
  world: World,
  question: Question,
  member: WrittenMember | null,
  level: Asked,
): {readonly id: string; readonly says: string | null}[] {
  const fitting = Object.entries(world.schedules)
    .filter(([, schedule]) => levelOf(schedule.audience) === level && inWindow(schedule, question.atMs))
    .flatMap(([id, schedule]) => {
      const fit = fitOf(world, question, member, schedule.audience)
      return fit ? [{id, schedule, fit}] : []
    })
  const most = fitting.filter((one) => !fitting.some((other) => compareFits(other.fit, one.fit) > 0))
  const silent = most.find(({schedule}) => schedule.mode === 'silent')
  if (silent) return [{id: silent.id, says: 'silent'}]
  const highest = Math.max(...most.map(({schedule}) => schedule.priority ?? 0))
  return most
    .filter(({schedule}) => (schedule.priority ?? 0) === highest)
    .map(({id, schedule}) => ({id, says: resultOf(world, question, member, schedule)}))
}

function resultOf(
  world: World,
  question: Question,
  member: WrittenMember | null,
  schedule: WrittenSchedule,
): string | null {
  if (schedule.mode === 'inherit') return null
  try {
    return saidBy(world, question, member, schedule)
  } catch (error) {
    if (error instanceof SlotsDisagree) return SLOTS_DISAGREE
    throw error
  }
}

/** Pairs of schedules, `a=b` by id, that share the first place of some level for a member in service and say different things. */
export function tiedPairs(world: World, question: Question): string[] {
  const member = memberOf(world, question.member)
  if (!member || hasGone(member, question.atMs)) return []
  return LEVELS.flatMap((level) => {
    const equals = equalsAt(world, question, member, level)
    return equals.flatMap((one, at) =>
      equals
        .slice(at + 1)
        .filter((other) => other.says !== one.says)
        .map((other) => [one.id, other.id].sort().join('=')),
    )
  })
}

/* ---- who ---- */

/** Exact state before prefix, a longer prefix before a shorter; main department; depth; dimensions. */
type Fit = readonly [exact: number, prefix: number, main: number, depth: number, dimensions: number]

function compareFits(a: Fit, b: Fit): number {
  const at = a.findIndex((value, index) => value !== b[index])
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0)
}

function levelOf(audience: Audience): string {
  if (audience.channels?.length) return 'channel'
  if (audience.members?.length) return 'member'
  if (audience.roles?.length || Object.keys(audience.levels ?? {}).length > 0) return 'role'
  if (audience.departments?.length) return 'department'
  return 'everybody'
}

function fitOf(world: World, question: Question, member: WrittenMember | null, audience: Audience): Fit | null {
  const {members = [], departments = [], roles = [], levels = {}, channels = [], exclude = {}} = audience
  const own = member ? departmentsOf(world, member, question.atMs) : []
  const held = member ? rolesOf(world, member, question.atMs) : []
  const same = (id: string): boolean => id.toLowerCase() === question.member.toLowerCase()
  const lies = (path: string, below: string): boolean => path === below || path.startsWith(`${below}/`)
  const state = (id: string): number => stateFit(world.channels[id], question.state)

  if (exclude.members?.some(same)) return null
  if (exclude.departments?.some((below) => own.some((path) => lies(path, below)))) return null
  if (exclude.roles?.some((role) => held.includes(role))) return null
  if (exclude.channels?.some((id) => state(id) > 0)) return null

  const bestState = Math.max(0, ...channels.map(state))
  if (channels.length > 0 && bestState === 0) return null
  if (members.length > 0 && !members.some(same)) return null
  if (roles.length > 0 && !roles.some((role) => held.includes(role))) return null
  if (!Object.entries(levels).every(([name, wanted]) => meets(member?.attributes?.[name], wanted))) return null
  const onMain = departments.filter((below) => own[0] !== undefined && lies(own[0], below))
  const onOther = departments.filter((below) => own.slice(1).some((path) => lies(path, below)))
  if (departments.length > 0 && onMain.length + onOther.length === 0) return null

  const deepest = (paths: readonly string[]): number => Math.max(0, ...paths.map((path) => path.split('/').length - 1))
  const dimensions = [members, departments, roles, Object.keys(levels), channels].filter(
    (list) => list.length > 0,
  ).length
  return [
    bestState === Infinity ? 1 : 0,
    bestState === Infinity ? 0 : bestState,
    onMain.length > 0 ? 2 : onOther.length > 0 ? 1 : 0,
    deepest(onMain.length > 0 ? onMain : onOther),
    dimensions,
  ]
}

/** Infinity for the exact state, the length of a prefix that matches, 0 for no match. */
function stateFit(channel: WrittenChannel | undefined, state: string | undefined): number {
  if (!channel || state === undefined || state === '') return 0
  if (channel.state === state) return Infinity
  return channel.statePrefix !== undefined && state.startsWith(channel.statePrefix) ? channel.statePrefix.length : 0
}

function meets(value: string | number | undefined, wanted: string | readonly (string | number)[]): boolean {
  if (value === undefined) return false
  if (typeof wanted !== 'string') return wanted.includes(value)
  const [, operator = '', operand = ''] = /^(>=|<=|>|<|=)\s*(.*)$/.exec(wanted) ?? []
  if (operator === '=' && typeof value === 'string') return value === operand
  if (typeof value !== 'number') return false
  const number = Number(operand)
  if (operator === '>=') return value >= number
  if (operator === '<=') return value <= number
  if (operator === '>') return value > number
  if (operator === '<') return value < number
  return value === number
}

const memberOf = (world: World, id: string): WrittenMember | null =>
  world.organization.members?.find((member) => member.id.toLowerCase() === id.toLowerCase()) ?? null

function departmentsOf(world: World, member: WrittenMember, atMs: number): string[] {
  const transfer = world.organization.transfers?.find(
    ({member: moved, from, until}) =>
      moved.toLowerCase() === member.id.toLowerCase() && ms(from) <= atMs && atMs < ms(until),
  )
  return transfer ? [transfer.to, ...member.departments.slice(1)] : [...member.departments]
}

function rolesOf(world: World, member: WrittenMember, atMs: number): string[] {
  const own = departmentsOf(world, member, atMs)
  const names = (subject: string): boolean => {
    if (subject.startsWith('member:')) return subject.slice(7).toLowerCase() === member.id.toLowerCase()
    if (subject.startsWith('github:')) return subject.slice(7).toLowerCase() === member.github?.toLowerCase()
    if (!subject.startsWith('department:')) return false
    const below = subject.slice(11)
    return own.some((path) => path === below || path.startsWith(`${below}/`))
  }
  const granted = world.grants
    .filter(
      ({to, from, until}) =>
        to.some(names) && (from === undefined || startOf(world, from) <= atMs) && atMs < endOf(world, until),
    )
    .map(({role}) => role)
  return [...(member.roles ?? []), ...granted]
}

const startOf = (world: World, written: string): number =>
  written.includes('T') ? ms(written) : instantOf(world.enterprise.timezone, written, '00:00')

/** A date is in force until its end. */
const endOf = (world: World, written: string): number =>
  written.includes('T') ? ms(written) : instantOf(world.enterprise.timezone, dayAfter(written), '00:00')

const hasGone = (member: WrittenMember, atMs: number): boolean =>
  member.status === 'disabled' || (member.status === 'left' && member.leftAt !== undefined && ms(member.leftAt) <= atMs)

/** Successor, else leader; and on upwards while those are gone too. */
function successorOf(world: World, leaver: WrittenMember, atMs: number): WrittenMember | null {
  const seen = new Set<WrittenMember>()
  for (let at: WrittenMember | null = leaver; at && !seen.has(at);) {
    seen.add(at)
    const next: string | undefined = at.successor ?? at.leader
    at = next === undefined ? null : memberOf(world, next)
    if (at && !hasGone(at, atMs)) return at
  }
  return null
}

/* ---- when ---- */

/** What a schedule says at the instant: a template, `silent`, or `null` when nothing of it is in validity. */
function saidBy(
  world: World,
  question: Question,
  member: WrittenMember | null,
  schedule: WrittenSchedule,
): string | null {
  const first = schedule.slots || schedule.dates ? slotSaid(world, question, member, schedule) : schedule.template
  return firstInValidity(world, first, question.atMs) ?? firstInValidity(world, schedule.default, question.atMs)
}

function firstInValidity(world: World, said: string | readonly string[] | undefined, atMs: number): string | null {
  if (said === undefined) return null
  if (said === 'silent') return 'silent'
  return [said].flat().find((id) => inValidity(world, id, atMs)) ?? null
}

const inValidity = (world: World, id: string, atMs: number): boolean => {
  const template = world.templates[id]
  return template !== undefined && inWindow(template, atMs)
}

const inWindow = ({validFrom, validTo}: {validFrom?: string; validTo?: string}, atMs: number): boolean =>
  (validFrom === undefined || ms(validFrom) <= atMs) && (validTo === undefined || atMs < ms(validTo))

/** What the slot that covers the instant says; nothing when none covers it. */
function slotSaid(
  world: World,
  question: Question,
  member: WrittenMember | null,
  schedule: WrittenSchedule,
): string | readonly string[] | undefined {
  const zone = schedule.timezone ?? world.enterprise.timezone
  const today = Temporal.Instant.fromEpochMilliseconds(question.atMs).toZonedDateTimeISO(zone).toPlainDate()
  const covering = [-2, -1, 0, 1].flatMap((days) => {
    const date = today.add({days}).toString()
    const named = schedule.dates?.filter(
      ({on, range}) => on === date || (range && String(range[0]) <= date && date <= String(range[1])),
    )
    const isNamed = named !== undefined && named.length > 0
    const slots = isNamed ? named.flatMap((one) => one.slots) : (schedule.slots ?? [])
    return slots.flatMap((slot) => {
      if (slot.onDuty && question.onDuty === false) return []
      const kind = startsOn(world, schedule, slot, date, member, question.atMs)
      if (!kind || !windowsOf(world, slot, question.atMs).some((times) => covers(zone, date, times, question.atMs)))
        return []
      return [{kind: isNamed ? 3 : kind === 'special' ? 2 : 1, template: slot.template}]
    })
  })
  const best = Math.max(...covering.map(({kind}) => kind))
  const results = covering.filter(({kind}) => kind === best).map(({template}) => template)
  if (new Set(results.map((template) => firstInValidity(world, template, question.atMs))).size > 1)
    throw new SlotsDisagree()
  return results[0]
}

/** Whether a slot starts on that date, and of which class it is then. */
function startsOn(
  world: World,
  schedule: WrittenSchedule,
  slot: WrittenSlot,
  date: string,
  member: WrittenMember | null,
  atMs: number,
): 'special' | 'ordinary' | null {
  if (slot.shift !== undefined) {
    const {shift} = slot
    const works = freshRosters(world, atMs).some(({days}) =>
      days[date]?.[shift]?.some((id) => id.toLowerCase() === member?.id.toLowerCase()),
    )
    return works ? 'ordinary' : null
  }
  const {days = 'all'} = slot
  if (days === 'all') return 'ordinary'
  const weekday = (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const)[
    Temporal.PlainDate.from(date).dayOfWeek - 1
  ]
  const year = schedule.calendar === undefined ? undefined : world.calendars[schedule.calendar]?.years[date.slice(0, 4)]
  const isHoliday =
    year?.holidays.some((one) =>
      typeof one === 'string' ? one === date : String(one[0]) <= date && date <= String(one[1]),
    ) ?? false
  const isMakeUp = year?.workdays.includes(date) ?? false
  const isWeekend = weekday === 'sat' || weekday === 'sun'
  if (days.includes('holiday') && isHoliday) return 'special'
  if (days.includes('workday') && isMakeUp) return 'special'
  if (weekday && days.includes(weekday)) return 'ordinary'
  if (days.includes('workday') && !isWeekend && !isHoliday) return 'ordinary'
  if (days.includes('weekend') && isWeekend && !isHoliday && !isMakeUp) return 'ordinary'
  return null
}

const freshRosters = (world: World, atMs: number): WrittenRoster[] =>
  Object.values(world.rosters).filter(
    ({importedAt, staleAfterDays = 8}) => atMs <= ms(importedAt) + staleAfterDays * 86_400_000,
  )

interface Times {
  readonly from: string
  readonly to: string
}

function windowsOf(world: World, {shift, from = '', to = ''}: WrittenSlot, atMs: number): Times[] {
  if (shift === undefined) return [{from, to}]
  return freshRosters(world, atMs).flatMap(({shifts}) => shifts[shift] ?? [])
}

/** Half-open; an end before its start is on the next day; 24:00 is the next day's midnight. */
function covers(zone: string, date: string, {from, to}: Times, atMs: number): boolean {
  const startMs = instantOf(zone, date, from)
  const endMs = to.startsWith('24')
    ? instantOf(zone, dayAfter(date), '00:00')
    : instantOf(zone, to <= from ? dayAfter(date) : date, to)
  return startMs <= atMs && atMs < endMs
}

const dayAfter = (date: string): string => Temporal.PlainDate.from(date).add({days: 1}).toString()

const ms = (instant: string): number => Temporal.Instant.from(instant).epochMilliseconds

const instants = new Map<string, number>()

/** The instant a local clock shows that time: the first of two; in a gap the first instant after it. */
export function instantOf(zone: string, date: string, time: string): number {
  const key = `${zone} ${date} ${time}`
  let found = instants.get(key)
  if (found === undefined) instants.set(key, (found = findInstant(zone, date, time)))
  return found
}

function findInstant(zone: string, date: string, time: string): number {
  const local = Temporal.PlainDateTime.from(`${date}T${time}`)
  const earlier = local.toZonedDateTime(zone, {disambiguation: 'earlier'})
  const exists = earlier.toPlainDateTime().equals(local)
  const jump = earlier.getTimeZoneTransition('next')
  return exists || !jump ? earlier.epochMilliseconds : jump.epochMilliseconds
}
