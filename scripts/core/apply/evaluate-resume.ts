import {canonicalText} from '../model/canonical.js'
import type {JournalEntry, Plan, State, Step} from '../model/plan.js'
import {effectText} from '../model/plan-digest.js'
import {readRecords} from './read-journal.js'

export interface ResumeVerdict {
  /** True when what is still to be done is exactly what was approved and not yet done. */
  readonly isSame: boolean
  /** Keys whose effect is another one, or that only one side has. */
  readonly differing: readonly string[]
  /** Keys of approved steps that are done already. */
  readonly done: ReadonlySet<string>
}

/**
 * Compares an approved plan with a fresh one made from the state as it is now. Steps of the approved plan that its journal
 * says are done, whose file is uploaded, or that are blocked since their answer was lost, may be missing from the fresh
 * one; nothing may be new.
 */
export function evaluateResume(
  approved: Plan,
  fresh: Plan,
  entries: readonly JournalEntry[],
  state: State,
): ResumeVerdict {
  const records = readRecords(entries)
  const found = new Set(fresh.steps.map(({key}) => key))
  // A run that dies between an upload and its line in the journal leaves nothing to be done: the file is there.
  const isUploaded = ({key, kind}: Step): boolean => kind === 'media' && !found.has(key)
  const isDone = (step: Step): boolean => records.get(step.key)?.status === 'done' || isUploaded(step)
  const done = new Set(approved.steps.filter(isDone).map(({key}) => key))
  const isPartly = (key: string): boolean => {
    const record = records.get(key)
    return record?.status === 'failed' && record.value !== undefined
  }
  // After a part of a step was done its starting point is another one, its goal is the same.
  const text = (step: Step): string =>
    isPartly(step.key) ? canonicalText({key: step.key, after: step.after}) : effectText(step)
  const isBlocked = ({key, kind}: Step): boolean => kind === 'group-welcome' && state.ambiguous[key] !== undefined
  const wanted = new Map(
    approved.steps.filter((step) => !done.has(step.key) && !isBlocked(step)).map((step) => [step.key, text(step)]),
  )
  const left = new Map(fresh.steps.map((step) => [step.key, text(step)]))
  const keys = [...new Set([...wanted.keys(), ...left.keys()])]
  const differing = keys.filter((key) => wanted.get(key) !== left.get(key)).sort()
  const isSame =
    differing.length === 0 &&
    approved.lineage === fresh.lineage &&
    approved.policyDigest === fresh.policyDigest &&
    approved.release.after === fresh.release.after
  return {isSame, differing, done}
}
