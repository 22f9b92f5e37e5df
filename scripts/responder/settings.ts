const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** A store that does not answer for so long counts as down; nobody's welcome and no start waits longer for it. */
export const STORE_PATIENCE_MS = 4 * SECOND_MS
/** A start waits so long for its own disk to tell what was under way; the rest is done when the disk has told it. */
export const DISK_PATIENCE_MS = 2 * SECOND_MS

export interface ResponderSettings {
  /** Names this process in its report; unique among the responders of one store. */
  readonly responder: string
  readonly corpId: string
  /** Key of the customer hashes, the same for all responders of one store. */
  readonly customerKey: string
  /** Said while there is no release at all. */
  readonly builtIn: string
  /** Only manifests of this lineage are taken; absent: that of the first one seen. */
  readonly lineage?: string
  readonly path: string
  readonly maxBodyBytes: number
  /** WeCom hangs up after 5 s (WeCom 90930); whoever is slower is somebody else. */
  readonly requestTimeoutMs: number
  /** Sends under way at once; how many WeCom takes is unpublished (45033 says that it were too many). */
  readonly maxSends: number
  /** Events taken but not finished; above it WeCom is asked to come again. */
  readonly maxPending: number
  readonly dedupeWindowMs: number
  readonly dedupeMax: number
  readonly nicknameTimeoutMs: number
  /** A rollback is to be heard within 15 s of its command's start: the longest wait for a look, and some for all else. */
  readonly lookEveryMs: number
  /** A release is stale when the store could not be read for this long. */
  readonly staleAfterMs: number
  readonly reportEveryMs: number
  readonly renewEveryMs: number
  /** Leaves room for a read that fails and one that takes its time before the directory is 15 minutes old. */
  readonly liveEveryMs: number
  readonly liveTimeoutMs: number
  /** A start waits so long for the first live directory and then goes on without. */
  readonly liveFirstWaitMs: number
  readonly dutyEveryMs: number
  /** For one round of check-in data, all members together. */
  readonly dutyTimeoutMs: number
  /** Check-in data as old as this say nothing. */
  readonly dutyStaleMs: number
  /** How many responders there are: without a shared state each takes its part of canary budget and quota. */
  readonly responders: number
  /** `HH:MM`, when yesterday's numbers are told to the operators. */
  readonly summaryAt: string
  /** IANA zone of that time and of the days that are counted. */
  readonly zone: string
  /** How often claims are renewed and those of silent responders taken over. */
  readonly claimEveryMs: number
}

type Required = 'responder' | 'corpId' | 'customerKey' | 'builtIn'

const DEFAULTS: Omit<ResponderSettings, Required | 'lineage'> = {
  path: '/callback',
  maxBodyBytes: 256 * 1024,
  requestTimeoutMs: 10 * SECOND_MS,
  maxSends: 128,
  maxPending: 20_000,
  dedupeWindowMs: 11 * MINUTE_MS,
  dedupeMax: 200_000,
  nicknameTimeoutMs: SECOND_MS,
  lookEveryMs: 12 * SECOND_MS,
  staleAfterMs: 5 * MINUTE_MS,
  reportEveryMs: SECOND_MS,
  renewEveryMs: 30 * MINUTE_MS,
  liveEveryMs: 10 * MINUTE_MS,
  liveTimeoutMs: 2 * MINUTE_MS,
  liveFirstWaitMs: 3 * SECOND_MS,
  dutyEveryMs: 2 * MINUTE_MS,
  dutyTimeoutMs: MINUTE_MS,
  dutyStaleMs: 10 * MINUTE_MS,
  responders: 1,
  summaryAt: '09:00',
  zone: 'Asia/Shanghai',
  claimEveryMs: 2 * SECOND_MS,
}

/**
 * WeCom repeats a delivery for about 20 seconds; a shorter window would let a repeat through. The default is longer than a
 * captured delivery stays fresh (five minutes both ways), so that it is either a repeat or stale.
 */
const SHORTEST_DEDUPE_WINDOW_MS = MINUTE_MS

export function fillSettings(
  given: Pick<ResponderSettings, Required> & Partial<Omit<ResponderSettings, Required>>,
): ResponderSettings {
  const settings = {...DEFAULTS, ...given}
  if (settings.dedupeWindowMs < SHORTEST_DEDUPE_WINDOW_MS) {
    throw new RangeError(`expected a dedupe window of at least 60000 ms, got ${settings.dedupeWindowMs}`)
  }
  if (settings.customerKey === '') throw new RangeError('expected a key for customer hashes, got an empty one')
  return settings
}
