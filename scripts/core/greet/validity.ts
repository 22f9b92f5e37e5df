import type {Release, ReleaseTemplate, Said} from '../model/release.js'

type Window = Pick<ReleaseTemplate, 'validFromMs' | 'validToMs'>

/** Half-open; an unknown template is never in validity. */
export const isValid = (window: Window | undefined, atMs: number): boolean =>
  window !== undefined && (window.validFromMs === undefined || atMs >= window.validFromMs) && !isOver(window, atMs)

/** Its validity has ended; what is to come is not over. */
export const isOver = (window: Pick<Window, 'validToMs'> | undefined, atMs: number): boolean =>
  window?.validToMs !== undefined && window.validToMs <= atMs

/** The templates of one saying; silence has none. */
export const idsIn = (said: Said | undefined): readonly string[] =>
  said === undefined || said === 'silent' ? [] : said

/** The first template in validity, `silent`, or `null` where none is. */
export function firstValid(said: Said | undefined, atMs: number, templates: Release['templates']): string | null {
  if (said === undefined || said === 'silent') return said ?? null
  return said.find((id) => isValid(templates[id], atMs)) ?? null
}
