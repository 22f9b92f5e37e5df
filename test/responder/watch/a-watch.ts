import type {OutcomeRecord} from '../../../scripts/core/model/outcome.js'
import type {Alarm} from '../../../scripts/core/respond/alarm-kinds.js'
import type {AlarmFacts} from '../../../scripts/core/respond/find-alarms.js'
import {createRecentShares} from '../../../scripts/core/respond/recent-shares.js'
import type {Log} from '../../../scripts/responder/ports.js'

export const HOUR_MS = 3_600_000
export const MINUTE_MS = 60_000
export const NOW_MS = Date.parse('2026-11-24T10:00:00+08:00')

export const aRecord = (changes: Partial<OutcomeRecord> = {}): OutcomeRecord => ({
  key: 'k',
  arm: 'stable',
  release: 'a'.repeat(64),
  manifestVersion: 3,
  member: 'zhang.san',
  customerHash: 'p1',
  template: 'hello',
  schedule: 'all',
  slot: null,
  outcome: 'sent',
  payloadRefused: false,
  receivedAtMs: NOW_MS - 1000,
  decidedAtMs: NOW_MS - 999,
  finishedAtMs: NOW_MS - 900,
  ...changes,
})

/** What a window over these records shows now. */
export function sharesOf(records: readonly Partial<OutcomeRecord>[], nowMs = NOW_MS) {
  const shares = createRecentShares()
  for (const changes of records) shares.add(aRecord(changes))
  return shares.at(nowMs)
}

export const times = <T>(count: number, value: T): T[] => Array.from({length: count}, () => value)

/** Nothing is wrong. */
export const someFacts = (changes: Partial<AlarmFacts> = {}): AlarmFacts => ({
  responder: 'r1',
  shares: sharesOf([]),
  membersWithoutCodes: [],
  release: {version: 7, ageMs: HOUR_MS},
  lastLookAgeMs: 1000,
  isStale: false,
  isExpired: false,
  media: {fresh: 3, due: 1, expiring: 0, missing: 0},
  leavers: [],
  isLiveDirectoryTooOld: false,
  liveDirectoryAgeMs: MINUTE_MS,
  isSharedStateLost: false,
  diskTroubleAgeMs: null,
  clockSkewMs: 0,
  clockSetAgeMs: null,
  versions: null,
  ...changes,
})

export const anAlarm = (changes: Partial<Alarm> = {}): Alarm => ({
  key: 'release-stale',
  kind: 'release-stale',
  level: 'warning',
  isOwn: false,
  says: {zh: '读不到存储', en: 'the store cannot be read'},
  mend: {zh: '检查网络', en: 'check the network'},
  ...changes,
})

export interface Logged {
  readonly level: string
  readonly text: string
}

export function createTestLog(): {readonly log: Log; readonly lines: Logged[]} {
  const lines: Logged[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({level, text: `${JSON.stringify(fields)} ${message}`})
  return {log: {info: at('info'), warn: at('warn'), error: at('error')}, lines}
}
