import canonicalize from 'canonicalize'
import {sha256} from './sha256.js'

/** RFC 8785 text of a JSON value; the same value gives the same bytes on every machine. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('expected a JSON value, got undefined')
  return text
}

export {sha256}

/** SHA-256 over the canonical text of a JSON value. */
export const digestOf = (value: unknown): string => sha256(canonicalText(value))
