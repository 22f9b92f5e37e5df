import {digestOf} from '../model/canonical.js'
import type {State} from '../model/plan.js'

/**
 * What a person found out about a create whose answer was lost: it exists under this id, it was certainly not made, or
 * nobody can tell and it shall count as lost for good.
 */
export type Resolution =
  | {readonly how: 'adopt'; readonly remoteId: string; readonly value: unknown}
  | {readonly how: 'retry'}
  | {readonly how: 'orphan'}

/** The state with that key free again; `null` when the key is not ambiguous. */
export function resolveAmbiguous(state: State, key: string, resolution: Resolution): State | null {
  const open = state.ambiguous[key]
  if (!open) return null
  const {[key]: _resolved, ...ambiguous} = state.ambiguous
  switch (resolution.how) {
    case 'retry':
      return {...state, ambiguous}
    case 'orphan':
      return {...state, ambiguous, orphans: [...state.orphans, open]}
    case 'adopt': {
      const {remoteId, value} = resolution
      const resource = {kind: open.kind, id: open.id, remoteId, digest: digestOf(value), value}
      return {...state, ambiguous, resources: {...state.resources, [key]: resource}}
    }
  }
}
