import type {AppliedResource} from '../model/plan.js'
import type {Words} from '../model/words.js'

/** Something of WeCom's that the configuration and the state know from now on. */
export interface TakenOver {
  /** As the state will hold it. */
  readonly resource: AppliedResource & {readonly remoteId: string}
  /** The file to write, by path under the configuration folder; `null` where the configuration has it already. */
  readonly file: {readonly path: string; readonly text: string} | null
}

/** What one kind of thing contributes to an import. */
export interface ImportPart {
  readonly taken: readonly TakenOver[]
  /** What was left out and why, and what a person should look at. */
  readonly notes: readonly Words[]
  /** What was asked for by its id and left out. */
  readonly missed: readonly string[]
}

export const keyOf = ({kind, id}: Pick<AppliedResource, 'kind' | 'id'>): string => `${kind}/${id}`
