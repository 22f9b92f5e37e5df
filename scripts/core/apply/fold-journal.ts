import {digestOf} from '../model/canonical.js'
import type {AmbiguousResource, AppliedResource, JournalEntry, Plan, State, Step, Underway} from '../model/plan.js'
import {canExistTwice} from './can-exist-twice.js'
import {readRecords, type StepRecord} from './read-journal.js'

type Resources = Record<string, AppliedResource>

/**
 * The state with everything the journal says was done since it was saved. What was saved is not folded again: a person may
 * have settled an open key in between.
 */
export function foldJournal(state: State, plan: Plan, entries: readonly JournalEntry[], underway: Underway): State {
  const records = readRecords(entries.slice(underway.folded))
  const folded = plan.steps.reduce((before, step) => {
    const record = records.get(step.key)
    return record ? foldStep(before, step, record, plan, underway) : before
  }, state)
  return {...folded, underway: {...underway, folded: entries.length}}
}

function foldStep(state: State, step: Step, record: StepRecord, plan: Plan, underway: Underway): State {
  if (record.status === 'in-doubt') return foldDoubt(state, step, record.sinceMs)
  if (record.status === 'failed') {
    const cleared = {...state, ambiguous: without(state.ambiguous, step.key)}
    return record.value === undefined ? cleared : foldResource(cleared, step, record.remoteId, record.value)
  }
  switch (step.kind) {
    case 'media':
      return state
    case 'release':
      return foldRelease(state, String(step.after), record.atMs, plan, underway)
    case 'directory':
      return {...state, directory: String(step.after)}
    default:
      return foldResource(state, step, record.remoteId, record.value ?? step.after)
  }
}

/** Only creates of things that can exist twice are in doubt; everything else is simply done again. */
function foldDoubt(state: State, step: Step, sinceMs: number): State {
  if (!canExistTwice(step)) return state
  const {key, kind, id} = step
  const known: AmbiguousResource = state.ambiguous[key] ?? {kind, id, since: sinceMs}
  return {...state, ambiguous: {...state.ambiguous, [key]: known}}
}

function foldResource(state: State, step: Step, givenId: string | undefined, value: unknown): State {
  const {key, kind, id, was} = step
  const old = state.resources[was ?? key] ?? state.resources[key]
  const resources: Resources = without(state.resources, was ?? key)
  const ambiguous = without(state.ambiguous, key)
  if (value === null) return {...state, resources, ambiguous}
  const remoteId = givenId ?? old?.remoteId
  resources[key] = {kind, id, ...(remoteId === undefined ? {} : {remoteId}), digest: digestOf(value), value}
  return {...state, resources, ambiguous, ...freeSlots(state, remoteId)}
}

/** A slot that something was put into is free no more. */
const freeSlots = ({slots}: State, used: string | undefined): Pick<State, 'slots'> =>
  slots === undefined ? {} : {slots: slots.filter((slot) => slot !== used)}

function foldRelease(state: State, digest: string, atMs: number, plan: Plan, underway: Underway): State {
  if (state.stable === digest && state.promoted.at(-1)?.planDigest === plan.digest) return state
  const {commit, approvers, unlocks} = underway
  const people = {commit, approvers, ...(unlocks ? {unlocks} : {})}
  const number = (state.promoted.at(-1)?.number ?? 0) + 1
  return {
    ...state,
    stable: digest,
    pending: null,
    promoted: [...state.promoted, {number, digest, atMs, planDigest: plan.digest, ...people}],
  }
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const {[key]: _gone, ...rest} = record
  return rest
}
