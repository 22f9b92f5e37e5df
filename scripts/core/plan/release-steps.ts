import type {State, Step} from '../model/plan.js'
import type {PlanPart} from './plan-part.js'

export const RELEASE_KEY = 'release/stable'
export const DIRECTORY_KEY = 'directory/current'

/** Which release and directory everybody hears: one pointer, flipped after its media are there. */
export function releaseSteps(
  state: State,
  releaseDigest: string,
  directoryDigest: string,
  media: readonly string[],
): PlanPart {
  const flip = {phase: 'flip' as const, calls: {}}
  const steps: Step[] = []
  if (state.stable !== releaseDigest)
    steps.push({
      ...flip,
      key: RELEASE_KEY,
      kind: 'release',
      id: 'stable',
      action: state.stable === null ? 'create' : 'update',
      before: state.stable,
      after: releaseDigest,
      needs: media,
    })
  if (state.directory !== directoryDigest)
    steps.push({
      ...flip,
      key: DIRECTORY_KEY,
      kind: 'directory',
      id: 'current',
      action: state.directory === null ? 'create' : 'update',
      before: state.directory,
      after: directoryDigest,
      needs: [],
    })
  const notes = state.quarantined.includes(releaseDigest)
    ? [
        {
          zh: '这个发布曾被灰度回滚，这次要重新走一遍灰度',
          en: 'a canary rolled this release back before; it has to pass a canary again',
        },
      ]
    : []
  return {steps, notes}
}
