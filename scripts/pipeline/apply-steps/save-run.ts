import {readRecords} from '../../core/apply/read-journal.js'
import {canonicalText, sha256} from '../../core/model/canonical.js'
import type {Plan, State, Underway} from '../../core/model/plan.js'
import {StoreConflict, type Store} from '../../core/ports.js'
import {recoverState, type RecoveredState} from '../recover-state.js'

const MAX_ATTEMPTS = 8

/** Writes down that this plan is being carried out, before anything outside is touched. */
export async function beginRun(
  store: Store,
  plan: Plan,
  recovered: RecoveredState,
  people: Pick<Underway, 'commit' | 'approvers' | 'unlocks'>,
): Promise<State> {
  const text = canonicalText(plan)
  const {state, serial} = recovered
  const entries = await store.readJournal(plan.digest)
  const underway: Underway = {planDigest: plan.digest, document: sha256(text), folded: entries.length, ...people}
  if (state.underway && canonicalText(state.underway) === canonicalText(underway)) return state
  await store.writeDocument(underway.document, text)
  const pending = state.pending?.planDigest === plan.digest ? state.pending : null
  return store.writeState({...state, underway, pending}, serial)
}

/**
 * Saves what the journal says was done; `done` are steps that need nothing more, whatever it says. Somebody else may have
 * written the state meanwhile (a canary's verdict): the journal is folded into whatever stands there now.
 */
export async function saveRun(store: Store, plan: Plan, done: ReadonlySet<string> = new Set()): Promise<State> {
  for (let attempt = 1; ; attempt++) {
    const {state, serial, underway} = await recoverState(store)
    const records = readRecords(underway?.entries ?? [])
    const isComplete = plan.steps.every(({key}) => done.has(key) || records.get(key)?.status === 'done')
    try {
      return await store.writeState(isComplete ? {...state, underway: null} : state, serial)
    } catch (error) {
      if (!(error instanceof StoreConflict) || attempt === MAX_ATTEMPTS) throw error
    }
  }
}
