import type {ArmStats, OutcomeCode, OutcomeRecord, Parting, ResponderReport, Trial} from '../model/outcome.js'
import {createDayBook, NOT_EXPOSED} from './day-totals.js'
import {LATENCY_BOUNDS_MS, latencyBucket} from './latency-bounds.js'
import {trialOf} from './trial-of.js'

const MAX_TRIALS = 20_000
/** Releases a report still speaks of; older ones are in the outcome log. */
const MAX_ARMS = 12
/** Beyond this many people in one arm everybody counts as new: an upper bound, in bounded memory. */
const MAX_KNOWN_PEOPLE = 200_000

/** Facts of a report that are not counted but stand in the running release. */
export interface ReportHead {
  readonly responder: string
  readonly atMs: number
  readonly manifestVersion: number
  readonly stable: string | null
  readonly canary: string | null
}

/** Counts what happened; the only thing in it that grows with the number of customers is bounded. */
export interface Tally {
  add(record: OutcomeRecord): void
  addParting(parting: Parting): void
  count(counter: string, by?: number): void
  /** Goes on from the report an earlier run of the same responder left. */
  restore(report: ResponderReport): void
  report(head: ReportHead): ResponderReport
  /** The summary of this date has been told, by whomever. */
  noteSummary(date: string): void
  /** The newest date whose summary was told; `null` before the first. */
  readonly summaryTold: string | null
  /** Grows with everything counted. */
  readonly changes: number
}

export interface TallyOptions {
  /** The date an instant falls on, as `YYYY-MM-DD`; the UTC date when absent. */
  readonly dateOf?: (ms: number) => string
  /** What time it is when something is counted; when absent, it counts for the day of the newest outcome. */
  readonly nowMs?: () => number
}

const utcDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

interface ArmCount {
  readonly release: string | null
  readonly arm: OutcomeRecord['arm']
  /** People of earlier runs, known only by number. */
  peopleBefore: number
  readonly known: Set<string>
  payloadRefused: number
  readonly outcomes: Map<OutcomeCode, number>
  readonly byTemplate: Map<string, number>
}

const armKey = ({release, arm}: Pick<ArmStats, 'release' | 'arm'>): string => `${arm}:${release ?? ''}`

const increase = <K>(counts: Map<K, number>, key: K, by = 1) => counts.set(key, (counts.get(key) ?? 0) + by)

const emptyArm = ({release, arm}: Pick<ArmStats, 'release' | 'arm'>): ArmCount => ({
  release,
  arm,
  peopleBefore: 0,
  known: new Set(),
  payloadRefused: 0,
  outcomes: new Map(),
  byTemplate: new Map(),
})

const sortedRecord = <K extends string>(counts: ReadonlyMap<K, number>) =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))) as Partial<Record<K, number>>

/** True when the person had not been met in this arm. */
function meet(arm: ArmCount, person: string): boolean {
  if (arm.known.has(person)) return false
  if (arm.known.size < MAX_KNOWN_PEOPLE) arm.known.add(person)
  else arm.peopleBefore += 1
  return true
}

const statsOf = (arm: ArmCount): ArmStats => ({
  release: arm.release,
  arm: arm.arm,
  people: arm.peopleBefore + arm.known.size,
  outcomes: sortedRecord(arm.outcomes),
  payloadRefused: arm.payloadRefused,
  byTemplate: Object.fromEntries([...arm.byTemplate].sort(([a], [b]) => (a < b ? -1 : 1))),
})

function restoreArm(stats: ArmStats): ArmCount {
  const arm = emptyArm(stats)
  arm.peopleBefore = stats.people
  arm.payloadRefused = stats.payloadRefused
  for (const [outcome, count] of Object.entries(stats.outcomes)) arm.outcomes.set(outcome as OutcomeCode, count)
  for (const [template, count] of Object.entries(stats.byTemplate)) arm.byTemplate.set(template, count)
  return arm
}

export function createTally({dateOf = utcDate, nowMs}: TallyOptions = {}): Tally {
  const days = createDayBook(dateOf)
  let newestMs: number | null = null
  let summaryTold: string | null = null
  const arms = new Map<string, ArmCount>()
  const counters = new Map<string, number>()
  const latency = LATENCY_BOUNDS_MS.map(() => 0)
  let trials: Trial[] = []
  let partings: Parting[] = []
  let changes = 0

  /** The arm last used is moved to the end, so that the oldest one goes when there are too many. */
  const useArm = (record: OutcomeRecord): ArmCount => {
    const key = armKey(record)
    const arm = arms.get(key) ?? emptyArm(record)
    arms.delete(key)
    arms.set(key, arm)
    const oldest = arms.size > MAX_ARMS ? arms.keys().next().value : undefined
    if (oldest !== undefined) arms.delete(oldest)
    return arm
  }

  const noteSummary = (date: string): void => {
    if (summaryTold !== null && date <= summaryTold) return
    changes += 1
    summaryTold = date
  }

  const addTrial = (trial: Trial) => {
    trials.push(trial)
    if (trials.length > 2 * MAX_TRIALS) trials = trials.slice(-MAX_TRIALS)
  }

  const addLatency = (latencyMs: number) => {
    const index = latencyBucket(latencyMs)
    latency[index] = (latency[index] ?? 0) + 1
  }

  return {
    get changes() {
      return changes
    },
    get summaryTold() {
      return summaryTold
    },
    noteSummary,
    add(record) {
      changes += 1
      newestMs = Math.max(newestMs ?? 0, record.finishedAtMs)
      days.add(record)
      const arm = useArm(record)
      increase(arm.outcomes, record.outcome)
      if (record.payloadRefused) arm.payloadRefused += 1
      if (NOT_EXPOSED.has(record.outcome)) return
      if (record.template !== null) increase(arm.byTemplate, record.template)
      addLatency(record.finishedAtMs - record.receivedAtMs)
      const trial = trialOf(record)
      if (meet(arm, record.customerHash) && trial !== null) addTrial(trial)
    },
    addParting(parting) {
      changes += 1
      partings = [...partings.slice(1 - MAX_TRIALS), parting]
    },
    count(counter, by = 1) {
      changes += 1
      increase(counters, counter, by)
      const atMs = nowMs?.() ?? newestMs
      if (atMs !== null) days.count(counter, by, dateOf(atMs))
    },
    restore(report) {
      days.restore(report.days ?? [])
      if (report.summaryTold !== undefined) noteSummary(report.summaryTold)
      for (const stats of report.arms) arms.set(armKey(stats), restoreArm(stats))
      trials = [...report.trials]
      partings = [...(report.partings ?? [])]
      for (const [counter, count] of Object.entries(report.counters)) increase(counters, counter, count)
      report.latency.forEach(({upToMs, count}) => {
        const index = LATENCY_BOUNDS_MS.indexOf(upToMs)
        if (index >= 0) latency[index] = (latency[index] ?? 0) + count
      })
    },
    report: (head) => ({
      ...head,
      arms: [...arms.values()].map(statsOf),
      trials: trials.slice(-MAX_TRIALS),
      partings,
      latency: LATENCY_BOUNDS_MS.map((upToMs, index) => ({upToMs, count: latency[index] ?? 0})),
      counters: Object.fromEntries([...counters].sort(([a], [b]) => (a < b ? -1 : 1))),
      days: days.totals(),
      ...(summaryTold !== null && {summaryTold}),
    }),
  }
}
