import type {ReleaseTemplate} from '../model/release.js'

/** Half-open; an unknown template is never in validity. */
export const isValid = (
  window: Pick<ReleaseTemplate, 'validFromMs' | 'validToMs'> | undefined,
  atMs: number,
): boolean =>
  window !== undefined &&
  (window.validFromMs === undefined || atMs >= window.validFromMs) &&
  (window.validToMs === undefined || atMs < window.validToMs)
