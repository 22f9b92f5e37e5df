import type {State} from '../core/model/plan.js'
import {StoreConflict, type Store} from '../core/ports.js'
import {recoverState} from './recover-state.js'

const MAX_ATTEMPTS = 8

/** What was decided is written over whatever state another process left meanwhile; it touches nothing else of it. */
export async function changeState(
  store: Pick<Store, 'readState' | 'readDocument' | 'readJournal' | 'writeState'>,
  change: (state: State) => State,
): Promise<State> {
  for (let attempt = 1; ; attempt++) {
    const {state, serial} = await recoverState(store)
    try {
      return await store.writeState(change(state), serial)
    } catch (error) {
      if (!(error instanceof StoreConflict) || attempt === MAX_ATTEMPTS) throw error
    }
  }
}
