import {randomBytes} from 'node:crypto'
import type {Randomness} from '../core/ports.js'

const FRACTION_BITS = 48

/** The operating system's randomness, good enough for keys and salts. */
export function createSystemRandomness(): Randomness {
  return {
    fraction: () => randomBytes(FRACTION_BITS / 8).readUIntBE(0, FRACTION_BITS / 8) / 2 ** FRACTION_BITS,
    hex: (bytes) => randomBytes(bytes).toString('hex'),
  }
}
