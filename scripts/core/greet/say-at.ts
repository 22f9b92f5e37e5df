import type {ChoiceNotice, ChosenSlot, Query} from '../model/choice.js'
import type {Release, ReleaseSchedule, Said} from '../model/release.js'
import {type AudienceLevel, levelOf} from './specificity.js'
import {chosenSlot, createTimetable, type Timetable} from './timetable.js'
import {isValid} from './validity.js'

export interface CompiledSchedule {
  readonly id: string
  readonly schedule: ReleaseSchedule
  readonly level: AudienceLevel
  readonly timetable: Timetable
}

export const compileSchedules = (release: Pick<Release, 'schedules' | 'calendars' | 'rosters'>): CompiledSchedule[] =>
  Object.entries(release.schedules).map(([id, schedule]) => ({
    id,
    schedule,
    level: levelOf(schedule),
    timetable: createTimetable(schedule, release),
  }))

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
  const firstValid = (said: Said | undefined, atMs: number): string | null => {
    if (said === undefined || said === 'silent') return said ?? null
    return said.find((id) => isValid(templates[id], atMs)) ?? null
  }
  return ({schedule, timetable}, query, notices) => {
    if (schedule.mode === 'silent') return {says: 'silent', slot: null}
    if (schedule.mode === 'inherit') return {says: 'inherit'}
    if (timetable.isCalendarMissing(query.atMs)) notices?.add('calendar-missing')
    if (timetable.isRosterStale(query.atMs)) notices?.add('roster-stale')
    const running = schedule.says ? [] : timetable.covering(query.atMs, query)
    const results = running.map((run) => firstValid(run.slot.says, query.atMs))
    if (results.some((result) => result !== results[0])) return {says: 'tie'}
    const run = running[0]
    const result = schedule.says ? firstValid(schedule.says, query.atMs) : (results[0] ?? null)
    if (result !== null) return saying(result, run ? chosenSlot(run) : null)
    const fallback = firstValid(schedule.default, query.atMs)
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
