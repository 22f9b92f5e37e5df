import {createHash} from 'node:crypto'
import canonicalize from 'canonicalize'

/** RFC 8785 text of a JSON value; the same value gives the same bytes on every machine. */
export function canonicalText(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('expected a JSON value, got undefined')
  return text
}

/** Lower-case hex SHA-256 of a text's UTF-8 bytes or of bytes. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}

/** SHA-256 over the canonical text of a JSON value. */
export const digestOf = (value: unknown): string => sha256(canonicalText(value))
