import type {Redis} from 'ioredis'
import type {OutcomeRecord} from '../../core/model/outcome.js'
import type {Claimed, KeptEvent, SharedState} from '../../responder/ports.js'
import {createScript} from './redis-script.js'
import {withTroubleTold} from './redis-trouble.js'
import {ADMIT, CLAIM, FINISH, RENEW, SETTLE, TAKE_LAPSED} from './share-scripts.js'

const DAY_MS = 24 * 3_600_000
/** An outcome waits so long for its responder to come back and write it down. */
const OUTCOME_KEPT_MS = DAY_MS
/** Longer than any canary runs. */
const EXPOSED_KEPT_MS = 90 * DAY_MS
/** Events in one script: while it runs nobody else is answered. */
const MOST_AT_ONCE = 500

export interface RedisShareOptions {
  /** Before every key; the same for all responders of one company. */
  readonly prefix: string
  /** Name of this responder: the same after a restart, and nobody else's. */
  readonly responder: string
  /** Instead of the server's own clock, which is what all share. */
  readonly nowMs?: () => number
}

/**
 * What responders share, on one Redis (not a cluster: scripts touch keys of several names). Every step is one script, so it
 * happens wholly or not at all. Throws RedisTrouble. `close` leaves the connection to whoever made it.
 */
export function createRedisShare(redis: Redis, {prefix, responder, nowMs}: RedisShareOptions): SharedState {
  const now = (): number | '' => nowMs?.() ?? ''
  const openKey = `${prefix}open`
  const claimKey = (key: string): string => `${prefix}claim:${key}`
  const workKey = (key: string): string => `${prefix}work:${key}`
  const [runClaim, runRenew, runFinish, runSettle, runTakeLapsed, runAdmit] = [
    createScript(redis, CLAIM),
    createScript(redis, RENEW),
    createScript(redis, FINISH),
    createScript(redis, SETTLE),
    createScript(redis, TAKE_LAPSED),
    createScript(redis, ADMIT),
  ] as const

  const share: SharedState = {
    async claim(event, {leaseMs, keptMs}) {
      const {key, receivedAtMs, sealed} = event
      const kept = JSON.stringify({key, receivedAtMs, sealed})
      const keys = [claimKey(key), workKey(key), openKey]
      return readClaimed(await runClaim(keys, [responder, key, kept, leaseMs, keptMs, now()]))
    },
    async renewClaims(keys, leaseMs) {
      await eachPart(keys, (part) => runRenew([openKey, ...part.map(claimKey)], [responder, leaseMs, now(), ...part]))
    },
    async finish(record, keptMs) {
      const {key} = record
      const values = [responder, key, JSON.stringify(record), keptMs, OUTCOME_KEPT_MS]
      return (await runFinish([claimKey(key), workKey(key), openKey], values)) === 1
    },
    async settle(keys) {
      await eachPart(keys, (part) =>
        runSettle([openKey, ...part.flatMap((key) => [claimKey(key), workKey(key)])], [responder, ...part]),
      )
    },
    async takeLapsed(most, {leaseMs, keptMs}) {
      const values = [responder, claimKey(''), workKey(''), most, leaseMs, keptMs, now()]
      const works = await runTakeLapsed([openKey], values)
      return Array.isArray(works) ? works.map(readKept).filter((kept) => kept !== null) : []
    },
    async admitExposed(canary, person, maxPeople) {
      return (await runAdmit([`${prefix}exposed:${canary}`], [person, maxPeople, EXPOSED_KEPT_MS])) === 1
    },
    async takeTask(task, ttlMs) {
      return (await redis.set(`${prefix}task:${task}`, responder, 'PX', ttlMs, 'NX')) === 'OK'
    },
    close: () => Promise.resolve(),
  }
  return withTroubleTold(share)
}

/** Parts follow each other without waiting, but others' commands come in between. */
async function eachPart(keys: readonly string[], work: (part: readonly string[]) => Promise<unknown>): Promise<void> {
  const starts = Array.from({length: Math.ceil(keys.length / MOST_AT_ONCE)}, (_, index) => index * MOST_AT_ONCE)
  await Promise.all(starts.map((start) => work(keys.slice(start, start + MOST_AT_ONCE))))
}

/** The outcome goes to its own responder alone: in another's log it would stand twice. */
function readClaimed(answer: unknown): Claimed {
  const [is, work] = Array.isArray(answer) ? (answer as unknown[]) : []
  if (is === 'mine' || is === 'others') return {is}
  const record = parseObject(work)
  return {is: 'done', record: record !== null && 'outcome' in record ? (record as OutcomeRecord) : null}
}

/** `null` for what no responder wrote: nobody could do anything with it. */
function readKept(work: unknown): KeptEvent | null {
  const kept = parseObject(work)
  return kept !== null && 'sealed' in kept ? (kept as KeptEvent) : null
}

function parseObject(text: unknown): object | null {
  if (typeof text !== 'string' || text === '') return null
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' ? parsed : null
  } catch {
    return null
  }
}
