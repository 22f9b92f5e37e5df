import type {Release} from '../model/release.js'

/**
 * States that together come through every channel: each exact state, each prefix alone and with something behind it.
 * `undefined` is a customer who came through none.
 */
export function sampleStates(releases: readonly Pick<Release, 'channels'>[]): (string | undefined)[] {
  const states = releases.flatMap(({channels}) =>
    Object.values(channels).flatMap(
      ({state, statePrefix}) => state ?? (statePrefix === undefined ? [] : [statePrefix, `${statePrefix}~`]),
    ),
  )
  return [undefined, ...[...new Set(states)].sort()]
}
