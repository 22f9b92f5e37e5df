import type {State, Step} from '../model/plan.js'
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
            zh: '这个发布曾被灰度回滚，这次要重新走一遍灰度',
            en: 'a canary rolled this release back before; it has to pass a canary again',
          },
        ]
      : []
  return {steps, notes}
}

/**
 * Everybody heard it once and it was taken back: as it is it must not come again by itself, as the next deploy of an
 * unchanged main branch would bring it.
 */
export const isRolledAway = (
  {quarantined, promoted}: Pick<State, 'quarantined' | 'promoted'>,
  digest: string,
): boolean => quarantined.includes(digest) && promoted.some((release) => release.digest === digest)

export const ROLLED_AWAY: Words = {
  zh: '这个发布全量后被退回并隔离，原样不能再发布：在合并请求里改好，或改回现在说的内容；确认退错了就用 yingbin rollback 退回它',
  en: 'this release was promoted, rolled away from and quarantined, so it is not deployed again unchanged: mend it or take the configuration back in a pull request; if the rollback was the mistake, yingbin rollback goes back to it',
}
