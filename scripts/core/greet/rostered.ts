import type {Release} from '../model/release.js'

/** Everybody who stands on some roster, in lower case: only they hear of shifts. */
export const rosteredMembers = ({rosters}: Pick<Release, 'rosters'>): ReadonlySet<string> =>
  new Set(
    Object.values(rosters).flatMap(({days}) =>
      Object.values(days).flatMap((shifts) =>
        Object.values(shifts).flatMap((ids) => ids.map((id) => id.toLowerCase())),
      ),
    ),
  )
