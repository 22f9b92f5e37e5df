import {foldJournal} from '../core/apply/fold-journal.js'
import type {JournalEntry, Plan, State} from '../core/model/plan.js'
import {StoreDamaged, type Store} from '../core/ports.js'

export interface RecoveredState {
  /** With what unfinished applies did already. */
  readonly state: State
  /** The serial to compare when this state is replaced. */
  readonly serial: number
  readonly underway: {readonly plan: Plan; readonly entries: readonly JournalEntry[]} | null
}

/** The state as it really is: what was saved, and what a run did that died before it could save. */
export async function recoverState(
  store: Pick<Store, 'readState' | 'readDocument' | 'readJournal'>,
): Promise<RecoveredState> {
  const saved = await store.readState()
  if (!saved.underway) return {state: saved, serial: saved.serial, underway: null}
  const {planDigest, document} = saved.underway
  const text = await store.readDocument(document)
  if (text === null) throw new StoreDamaged(`document ${document}`, 'the plan of an unfinished apply is missing')
  const plan = JSON.parse(text) as Plan
  const entries = await store.readJournal(planDigest)
  return {state: foldJournal(saved, plan, entries, saved.underway), serial: saved.serial, underway: {plan, entries}}
}
