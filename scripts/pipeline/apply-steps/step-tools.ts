import type {AppliedResource, MediaEntry, MediaValue, State, Step} from '../../core/model/plan.js'
import type {Words} from '../../core/model/words.js'
import type {Clock, WeComWriter} from '../../core/ports.js'
import type {CorpTagDesk} from './corp-tag-desk.js'

/** What came out of a step: the id WeCom gave, and what holds now where that is not exactly what was asked for. */
export interface Performed {
  readonly remoteId?: string
  readonly value?: unknown
}

/** What every performer may use. */
export interface StepTools {
  readonly writer: WeComWriter
  readonly clock: Clock
  /** The state the run began with. */
  readonly state: State
  readonly corpTags: CorpTagDesk
  /** Uploads what is missing or soon dead, and answers with the usable URL or media id. */
  readonly readyMedia: (value: MediaValue) => Promise<MediaEntry>
  readonly flip: (step: Step) => Promise<void>
}

/** The step could not be done, or only in part, for a reason that is neither an errcode nor a lost answer. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed'
  /** @param holds what holds now after a part was done */
  constructor(
    readonly says: Words,
    readonly holds: Performed = {},
  ) {
    super(says.en)
  }
}

/** The thing an update or delete is about. */
export function resourceOf({key, was}: Step, {state}: StepTools): AppliedResource {
  const resource = state.resources[was ?? key] ?? state.resources[key]
  if (!resource) throw new StepFailed({zh: `状态里没有「${key}」`, en: `the state does not know "${key}"`})
  return resource
}

export function remoteIdOf(step: Step, tools: StepTools): string {
  const {remoteId} = resourceOf(step, tools)
  if (remoteId === undefined)
    throw new StepFailed({
      zh: `状态里「${step.key}」没有企业微信的 id`,
      en: `the state has no WeCom id of "${step.key}"`,
    })
  return remoteId
}
