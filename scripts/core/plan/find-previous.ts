import type {AppliedResource, State, StepKind} from '../model/plan.js'

export interface Previous {
  readonly key: string
  readonly resource: AppliedResource
}

/**
 * The thing as the state knows it: under its own id, or under the id it was renamed from, unless that id is still wanted
 * as something of its own or another thing has followed it already.
 */
export function findPrevious(
  state: State,
  kind: StepKind,
  id: string,
  was: string | undefined,
  isWanted: (id: string) => boolean,
  taken: ReadonlySet<string>,
): Previous | null {
  for (const each of was === undefined || isWanted(was) ? [id] : [id, was]) {
    const key = `${kind}/${each}`
    const resource = state.resources[key]
    if (resource && !taken.has(key)) return {key, resource}
  }
  return null
}
