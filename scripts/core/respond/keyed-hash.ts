import {createHmac} from 'node:crypto'

const HASH_HEX_LENGTH = 32

/** A keyed hash of an id, 128 bits in hex: equal ids can be counted, the id cannot be guessed without the key. */
export function keyedHash(key: string, id: string): string {
  return createHmac('sha256', key).update(id).digest('hex').slice(0, HASH_HEX_LENGTH)
}
