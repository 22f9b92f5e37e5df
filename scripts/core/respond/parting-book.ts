import type {OutcomeRecord, Parting, Trial} from '../model/outcome.js'
import {trialOf} from './trial-of.js'

/** A customer who deletes the member so soon was sent away by what he heard. */
export const SOON_MS = 10 * 60_000
const MOST_REMEMBERED = 20_000

export interface PartingBook {
  /** Remembers what was heard; of a customer who adds several members the first welcome counts. */
  welcomed(record: OutcomeRecord): void
  /** What he had heard who deletes that member soon after his welcome; `null` for anybody else, and when it is told again. */
  left(customerHash: string, member: string, atMs: number): Parting | null
}

interface Welcomed {
  readonly trial: Trial
  readonly member: string
}

/** The welcomes of the last minutes. A deletion that reaches another responder is not counted, in neither arm. */
export function createPartingBook(): PartingBook {
  const welcomes = new Map<string, Welcomed>()

  function forgetOld(nowMs: number): void {
    for (const [customer, {trial}] of welcomes) {
      if (nowMs - trial.atMs <= SOON_MS && welcomes.size <= MOST_REMEMBERED) return
      welcomes.delete(customer)
    }
  }

  return {
    welcomed(record) {
      const trial = trialOf(record)
      if (trial === null) return
      forgetOld(trial.atMs)
      if (!welcomes.has(record.customerHash)) welcomes.set(record.customerHash, {trial, member: record.member})
    },
    left(customerHash, member, atMs) {
      const found = welcomes.get(customerHash)
      if (!found || found.member.toLowerCase() !== member.toLowerCase()) return null
      welcomes.delete(customerHash)
      const {arm, release, manifestVersion, atMs: welcomedAtMs} = found.trial
      return atMs - welcomedAtMs > SOON_MS ? null : {arm, release, manifestVersion, welcomedAtMs, atMs}
    },
  }
}
