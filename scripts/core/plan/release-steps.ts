import type {State, Step} from '../model/plan.js'
import {isRolledAway} from '../model/rolled-away.js'
import type {Words} from '../model/words.js'
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
  const notes = isRolledAway(state, releaseDigest)
    ? [ROLLED_AWAY]
    : state.quarantined.includes(releaseDigest)
      ? [
          {
            zh: '这个发布曾被灰度回滚，已隔离：改好再提；确认是误判，要两个部门各一人解锁',
            en: 'a canary rolled this release back and it is quarantined: mend it, or two people of two departments unlock it if the canary was wrong',
          },
        ]
      : []
  return {steps, notes}
}

export const ROLLED_AWAY: Words = {
  zh: '这个发布全量后被退回并隔离，原样不能再发布：在合并请求里改好，或改回现在说的内容；确认退错了就用 yingbin rollback 退回它',
  en: 'this release was promoted, rolled away from and quarantined, so it is not deployed again unchanged: mend it or take the configuration back in a pull request; if the rollback was the mistake, yingbin rollback goes back to it',
}
