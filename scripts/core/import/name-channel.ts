import {sha256} from '../model/sha256.js'

const HASH_DIGITS = 8

/**
 * An id for the channel of a state that makes a file name everywhere and still says which state it is. Ids that differ by
 * case alone would be one file on some machines.
 * @param taken ids in lower case
 */
export function nameChannel(state: string, taken: ReadonlySet<string>): string {
  const plain = state
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
  const name = plain === '' ? `way-${sha256(state).slice(0, HASH_DIGITS)}` : plain
  if (!taken.has(name.toLowerCase())) return name
  let count = 2
  while (taken.has(`${name}-${count}`.toLowerCase())) count++
  return `${name}-${count}`
}
