import {createHash} from 'node:crypto'
import type {Arm} from '../model/outcome.js'
import type {CanaryShare} from '../model/release.js'

export const MYRIAD = 10_000
/** 48 bits are exact in a number, and modulo 10,000 their bias is far below one in a billion. */
const HASH_HEX_DIGITS = 12

/** Where a customer stands in [0, 10,000): the same for one salt on every machine, unrelated between salts. */
export function bucketOf(customerId: string, salt: string): number {
  const digest = createHash('sha256').update(`${salt}\0${customerId}`).digest('hex')
  return parseInt(digest.slice(0, HASH_HEX_DIGITS), 16) % MYRIAD
}

/** An integer threshold: raising the share keeps everybody who is in the canary already. */
export const armOf = (customerId: string, {perMyriad, salt}: Pick<CanaryShare, 'perMyriad' | 'salt'>): Arm =>
  bucketOf(customerId, salt) < perMyriad ? 'canary' : 'stable'
