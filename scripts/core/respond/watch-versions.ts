import type {ResponderReport} from '../model/outcome.js'

/** Reports are renewed with every look; one older than this is of a responder that is gone. */
export const REPORT_ALIVE_MS = 2 * 60_000

/** Which versions run while another one is published. */
export interface VersionsNow {
  readonly published: number
  /** Names of responders that run another version. */
  readonly behind: readonly string[]
  readonly forMs: number
}

export interface VersionWatch {
  note(published: number | null, reports: readonly ResponderReport[], nowMs: number): void
  /** `null` while all run what is published. */
  at(nowMs: number): VersionsNow | null
}

/** Remembers since when responders run something else than what is published, whichever of them it is. */
export function createVersionWatch(): VersionWatch {
  let differing: {readonly published: number; readonly behind: readonly string[]; readonly sinceMs: number} | null =
    null
  return {
    note(published, reports, nowMs) {
      const behind = reports
        .filter(({atMs, manifestVersion}) => nowMs - atMs <= REPORT_ALIVE_MS && manifestVersion !== published)
        .map(({responder}) => responder)
        .sort()
      if (published === null || behind.length === 0) differing = null
      // Another release while some still lag begins anew: each gets its time to arrive.
      else if (differing?.published === published) differing = {...differing, behind}
      else differing = {published, behind, sinceMs: nowMs}
    },
    at: (nowMs) =>
      differing === null
        ? null
        : {published: differing.published, behind: differing.behind, forMs: nowMs - differing.sinceMs},
  }
}
