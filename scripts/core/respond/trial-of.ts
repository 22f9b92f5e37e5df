import type {OutcomeRecord, Trial} from '../model/outcome.js'
import {isHardRefusal} from './errcode-action.js'

const SAID = new Set<OutcomeRecord['outcome']>(['sent', 'sent_after_retry', 'sent_text_fallback'])
/** Ends that a release may have caused; the concurrent control tells whether it did. */
const FAILED = new Set<OutcomeRecord['outcome']>(['rejected_payload', 'expired', 'transport_unknown'])

/**
 * What a record says about the release it came from, or null when it says nothing: no code, silence, a kill switch, an
 * expired manifest, missing permission, a spent quota or a bad secret hit every release alike.
 */
export function trialOf(record: OutcomeRecord): Trial | null {
  const {outcome, lessBecause, errcode} = record
  if (lessBecause === 'lockdown' || lessBecause === 'release-expired') return null
  const failedToSend = FAILED.has(outcome)
  if (!failedToSend && !SAID.has(outcome)) return null
  const saidLess = record.payloadRefused || lessBecause === 'missing-facts' || lessBecause === 'decision-failed'
  return {
    atMs: record.finishedAtMs,
    arm: record.arm,
    release: record.release,
    failed: failedToSend || saidLess || (record.leftOut ?? 0) > 0,
    hard: record.payloadRefused && errcode !== undefined && isHardRefusal(errcode),
    manifestVersion: record.manifestVersion,
    ...(record.diverted && {diverted: true as const}),
  }
}
