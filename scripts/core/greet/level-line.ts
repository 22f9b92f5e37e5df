import type {ChoiceNotice, ChosenSlot, Query} from '../model/choice.js'
import {type CompiledSchedule, type SayAt, type Saying, sameSaying} from './say-at.js'
import {type Standing, standingName} from './standings.js'
import {isValid} from './validity.js'

/** What a level comes to: it settles the answer, or hands on for a reason. */
export type Verdict = Settled | HandedOn

export interface Settled {
  readonly settles: true
  readonly by: CompiledSchedule
  /** `null` is silence on purpose. */
  readonly template: string | null
  readonly slot: ChosenSlot | null
  readonly notices: readonly ChoiceNotice[]
}

export interface HandedOn {
  readonly settles: false
  /** `tied` schedules say different things; a `slot-tie` lies inside one schedule; `absent`: none is in validity. */
  readonly why: 'absent' | 'tied' | 'slot-tie' | 'inherit' | 'nothing-valid'
  readonly by: readonly CompiledSchedule[]
  readonly sayings: readonly Saying[]
  readonly notices: readonly ChoiceNotice[]
}

/** A verdict and the half-open time it holds for at least. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly verdict: Verdict
}

/** What one standing says over time, for everybody who stands alike. */
export interface LevelLine {
  /** Equal for lines that say the same to whoever is on no shift. */
  readonly name: string
  readonly hasShifts: boolean
  readonly asksDuty: boolean
  stretchAt(query: Query): Stretch
}

const DAY_MS = 86_400_000
const DAYS_KEPT = 512
const PERSONAL_KEPT = 4096

/** A time without a hole, cut into stretches in order. */
interface Block {
  readonly fromMs: number
  readonly untilMs: number
  readonly stretches: readonly Stretch[]
}

/**
 * Days are computed when first asked and kept; whoever is on a shift, or off duty, has days of his own. Where no slot
 * is, all time is one block.
 */
export function createLevelLine(standing: Standing, sayAt: SayAt): LevelLine {
  const schedules = standing.flat()
  const slotted = schedules.filter(({schedule: {slots, dates}}) => slots.length + dates.length > 0)
  const shifted = slotted.filter(({hasShifts}) => hasShifts)
  const asksDuty = slotted.some((one) => one.asksDuty)
  const windows = schedules.flatMap(({windowEdges}) => windowEdges)
  const shared = new Map<number, Block>()
  const personal = new Map<string, Block>()
  let latest: Block | undefined

  const compute = (fromMs: number, untilMs: number, asker: Pick<Query, 'member' | 'onDuty'>): Block => {
    const stretches: Stretch[] = []
    const edges = edgesOf(slotted, windows, fromMs, untilMs)
    for (const [at, atMs] of edges.entries()) {
      const verdict = verdictAt(standing, sayAt, {...asker, atMs})
      const toMs = edges[at + 1] ?? untilMs
      const before = stretches.at(-1)
      if (before && isSameVerdict(before.verdict, verdict)) stretches[stretches.length - 1] = {...before, toMs}
      else stretches.push({fromMs: atMs, toMs, verdict})
    }
    return {fromMs, untilMs, stretches}
  }
  const sharedDay = (atMs: number): Block => {
    const day = Math.floor(atMs / DAY_MS)
    let block = shared.get(day)
    if (!block) {
      if (shared.size >= DAYS_KEPT) shared.clear()
      block =
        slotted.length === 0 ? compute(-Infinity, Infinity, NOBODY) : compute(day * DAY_MS, (day + 1) * DAY_MS, NOBODY)
      shared.set(day, block)
    }
    return block
  }
  const personalDay = ({member, onDuty, atMs}: Query): Block => {
    const day = Math.floor(atMs / DAY_MS)
    const [fromMs, untilMs] = [day * DAY_MS, (day + 1) * DAY_MS]
    const id = member.toLowerCase()
    const isOnShift = shifted.some(({timetable}) => timetable.membersIn(fromMs, untilMs).has(id))
    const isOff = asksDuty && onDuty === false
    if (!isOnShift && !isOff) return sharedDay(atMs)
    const key = `${day} ${isOff ? '-' : '+'} ${isOnShift ? id : ''}`
    let block = personal.get(key)
    if (!block) {
      if (personal.size >= PERSONAL_KEPT) personal.clear()
      const asker = {member: isOnShift ? member : '', ...(isOff ? {onDuty: false} : {})}
      personal.set(key, (block = compute(fromMs, untilMs, asker)))
    }
    return block
  }
  const isShared = shifted.length === 0 && !asksDuty
  return {
    name: standingName(standing),
    hasShifts: shifted.length > 0,
    asksDuty,
    stretchAt: (query) => {
      if (!isShared) return findStretch(personalDay(query), query.atMs)
      const {atMs} = query
      if (latest === undefined || atMs < latest.fromMs || atMs >= latest.untilMs) latest = sharedDay(atMs)
      return findStretch(latest, atMs)
    },
  }
}

/** Whoever is on no shift, and whose duty is not known. */
const NOBODY: Pick<Query, 'member'> = {member: ''}

function findStretch({stretches}: Block, atMs: number): Stretch {
  let at = 0
  for (let high = stretches.length - 1; at < high;) {
    const middle = (at + high + 1) >> 1
    if ((stretches[middle]?.fromMs ?? Infinity) <= atMs) at = middle
    else high = middle - 1
  }
  const found = stretches[at]
  if (!found) throw new RangeError('a block has a stretch for all of its time')
  return found
}

/** The start of the block and every instant in it at which some of these schedules may say something else. */
function edgesOf(
  slotted: readonly CompiledSchedule[],
  windows: readonly number[],
  fromMs: number,
  untilMs: number,
): number[] {
  const edges = new Set([fromMs])
  for (const edge of windows) if (edge > fromMs && edge < untilMs) edges.add(edge)
  for (const {timetable} of slotted) for (const edge of timetable.edgesIn(fromMs, untilMs)) edges.add(edge)
  return [...edges].sort((a, b) => a - b)
}

const ABSENT: HandedOn = {settles: false, why: 'absent', by: [], sayings: [], notices: []}

/** The first place that has somebody in validity decides; equals that differ skip the level (rules of choosing, section 2). */
function verdictAt(standing: Standing, sayAt: SayAt, query: Query): Verdict {
  const top = topOf(standing, query.atMs)
  const [first] = top
  if (!first) return ABSENT
  const odd = new Set<ChoiceNotice>()
  const sayings = top.map((one) => sayAt(one, query, odd))
  const [saying] = sayings
  const handsOn = (why: HandedOn['why'], notices: Iterable<ChoiceNotice>): HandedOn => ({
    settles: false,
    why,
    by: top,
    sayings,
    notices: [...notices],
  })
  if (!saying || sayings.some((other) => !sameSaying(saying, other))) return handsOn('tied', [...odd, 'ambiguous'])
  if (saying.says === 'tie') return handsOn('slot-tie', [...odd, 'ambiguous'])
  if (saying.says === 'inherit') return handsOn('inherit', odd)
  if (saying.says === 'nothing') return handsOn('nothing-valid', odd)
  return {
    settles: true,
    by: first,
    template: saying.says === 'silent' ? null : saying.template,
    slot: saying.slot,
    notices: [...odd],
  }
}

const topOf = (standing: Standing, atMs: number): readonly CompiledSchedule[] => {
  for (const group of standing) {
    const there = group.filter(({schedule}) => isValid(schedule, atMs))
    if (there.length > 0) return there
  }
  return []
}

function isSameVerdict(a: Verdict, b: Verdict): boolean {
  if (a.notices.length !== b.notices.length || a.notices.some((notice, index) => notice !== b.notices[index]))
    return false
  if (a.settles && b.settles) return a.by === b.by && a.template === b.template && isSameSlot(a.slot, b.slot)
  if (a.settles || b.settles) return false
  // Equals may go on to tie while what each of them says changes.
  return (
    a.why === b.why &&
    a.by.length === b.by.length &&
    a.by.every((one, index) => one === b.by[index]) &&
    a.sayings.every((saying, index) => isSameAs(saying, b.sayings[index]))
  )
}

const isSameAs = (a: Saying, b: Saying | undefined): boolean => b !== undefined && sameSaying(a, b)

const isSameSlot = (a: ChosenSlot | null, b: ChosenSlot | null): boolean =>
  a === b || (a !== null && b !== null && a.name === b.name && a.startsOn === b.startsOn)
