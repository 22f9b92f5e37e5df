import type {ChoiceNotice, ChosenSlot, Query} from '../model/choice.js'
import type {Release, ReleaseSchedule, ReleaseTemplate} from '../model/release.js'
import {type AudienceLevel, levelOf} from './specificity.js'
import {allSlots, chosenSlot, createTimetable, type Timetable} from './timetable.js'
import {firstValid, idsIn} from './validity.js'

export interface CompiledSchedule {
  readonly id: string
  /** Place among all schedules, by id; short keys are made of it. */
  readonly index: number
  readonly schedule: ReleaseSchedule
  readonly level: AudienceLevel
  /** Made when it is first asked. */
  readonly timetable: Timetable
  readonly hasShifts: boolean
  /** Some slot holds only while check-in says the member is at work. */
  readonly asksDuty: boolean
  /** Instants at which the schedule or a template it may say enters or leaves validity. */
  readonly windowEdges: readonly number[]
}

export const compileSchedules = (
  release: Pick<Release, 'schedules' | 'calendars' | 'rosters' | 'templates'>,
): CompiledSchedule[] =>
  Object.entries(release.schedules).map(([id, schedule], index) => compile(id, schedule, index, release))

function compile(
  id: string,
  schedule: ReleaseSchedule,
  index: number,
  release: Pick<Release, 'calendars' | 'rosters' | 'templates'>,
): CompiledSchedule {
  const slots = schedule.dates.length > 0 ? allSlots(schedule) : schedule.slots
  let timetable: Timetable | undefined
  let edges: readonly number[] | undefined
  return {
    id,
    index,
    schedule,
    level: levelOf(schedule),
    get timetable() {
      return (timetable ??= createTimetable(schedule, release))
    },
    hasShifts: slots.some(({shift}) => shift !== undefined),
    asksDuty: slots.some(({onDuty}) => onDuty === true),
    get windowEdges() {
      return (edges ??= windowEdgesOf(schedule, release.templates))
    },
  }
}

/** Every template a schedule may say, each once. */
export const templatesOf = (schedule: ReleaseSchedule): string[] => [
  ...new Set([
    ...idsIn(schedule.says),
    ...idsIn(schedule.default),
    ...allSlots(schedule).flatMap(({says}) => idsIn(says)),
  ]),
]

function windowEdgesOf(schedule: ReleaseSchedule, templates: Readonly<Record<string, ReleaseTemplate>>): number[] {
  const edges: number[] = []
  for (const window of [schedule, ...templatesOf(schedule).map((id) => templates[id])]) {
    if (window?.validFromMs !== undefined) edges.push(window.validFromMs)
    if (window?.validToMs !== undefined) edges.push(window.validToMs)
  }
  return edges
}

/** What one schedule says at one instant. */
export type Saying =
  | {readonly says: 'template'; readonly template: string; readonly slot: ChosenSlot | null}
  | {readonly says: 'silent'; readonly slot: ChosenSlot | null}
  | {readonly says: 'inherit'}
  | {readonly says: 'nothing'}
  | {readonly says: 'tie'}

export type SayAt = (one: CompiledSchedule, query: Query, notices?: Set<ChoiceNotice>) => Saying

/** Asks one schedule, whoever else may speak; what is odd about the answer goes into `notices`. */
export function createSayer({templates}: Pick<Release, 'templates'>): SayAt {
  return ({schedule, timetable}, query, notices) => {
    if (schedule.mode === 'silent') return {says: 'silent', slot: null}
    if (schedule.mode === 'inherit') return {says: 'inherit'}
    if (timetable.isCalendarMissing(query.atMs)) notices?.add('calendar-missing')
    if (timetable.isRosterStale(query.atMs)) notices?.add('roster-stale')
    const running = schedule.says ? [] : timetable.covering(query.atMs, query)
    const results = running.map((run) => firstValid(run.slot.says, query.atMs, templates))
    if (results.some((result) => result !== results[0])) return {says: 'tie'}
    const run = running[0]
    const result = schedule.says ? firstValid(schedule.says, query.atMs, templates) : (results[0] ?? null)
    if (result !== null) return saying(result, run ? chosenSlot(run) : null)
    const fallback = firstValid(schedule.default, query.atMs, templates)
    return fallback === null ? {says: 'nothing'} : saying(fallback, {name: 'default'})
  }
}

const saying = (result: string, slot: ChosenSlot | null): Saying =>
  result === 'silent' ? {says: 'silent', slot} : {says: 'template', template: result, slot}

/** Both leave the word to the next wider level. */
const handsOn = ({says}: Saying): boolean => says === 'inherit' || says === 'nothing'

export const sameSaying = (a: Saying, b: Saying): boolean =>
  (handsOn(a) && handsOn(b)) ||
  (a.says === b.says && (a.says !== 'template' || (b.says === 'template' && a.template === b.template)))
