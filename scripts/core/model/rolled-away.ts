import type {State} from './plan.js'

/**
 * Everybody heard it once and it was taken back: as it is it must not come again by itself, as the next deploy of an
 * unchanged main branch would bring it.
 */
export const isRolledAway = (
  {quarantined, promoted}: Pick<State, 'quarantined' | 'promoted'>,
  digest: string,
): boolean => quarantined.includes(digest) && promoted.some((release) => release.digest === digest)
