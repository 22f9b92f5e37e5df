import {digestOf} from '../core/model/canonical.js'

/** A value with the digest of its canonical text, so that a torn or edited file is told from a good one. */
export const renderChecked = (value: unknown): string =>
  `${JSON.stringify({sha256: digestOf(value), value}, null, 1)}\n`

export type Checked<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly why: string}

/** The value again, or why it cannot be trusted. The digest vouches for the shape: only this program writes such files. */
export function parseChecked<T>(text: string): Checked<T> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return {ok: false, why: text.trim() === '' ? 'it is empty' : 'it is not complete JSON'}
  }
  if (typeof parsed !== 'object' || parsed === null || !('sha256' in parsed) || !('value' in parsed))
    return {ok: false, why: 'it has no checksum'}
  if (parsed.sha256 !== digestOf(parsed.value)) return {ok: false, why: 'its content does not fit its checksum'}
  return {ok: true, value: parsed.value as T}
}
