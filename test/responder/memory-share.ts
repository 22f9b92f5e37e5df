import type {OutcomeRecord} from '../../scripts/core/model/outcome.js'
import type {KeptEvent, SharedState} from '../../scripts/responder/ports.js'
import type {StepClock} from './step-clock.js'

interface Held {
  owner: string
  leaseEndMs: number
  readonly event: KeptEvent
  /** `undefined` while it is open, `null` once its owner has it on disk. */
  record?: OutcomeRecord | null
  settledAtMs?: number
}

/** A repeat comes within seconds; what was settled longer ago is forgotten, seldom and many at once. */
const SETTLED_KEPT_MS = 5 * 60_000

/** A shared state in memory; each responder gets a view of its own. */
export interface MemoryShare {
  viewOf(responder: string): SharedState
  /** Nobody gets an answer. */
  isDown: boolean
  readonly held: ReadonlyMap<string, Held>
}

export function createMemoryShare(clock: Pick<StepClock, 'nowMs'>): MemoryShare {
  const held = new Map<string, Held>()
  const exposed = new Map<string, Set<string>>()
  const tasks = new Map<string, number>()
  const share: MemoryShare = {isDown: false, held, viewOf}
  const answer = <T>(value: () => T): Promise<T> =>
    share.isDown ? Promise.reject(new Error('nobody answers')) : Promise.resolve(value())

  let forgetAt = 50_000

  function forgetSettled(): void {
    if (held.size < forgetAt) return
    for (const [key, {settledAtMs}] of held)
      if (settledAtMs !== undefined && clock.nowMs() - settledAtMs > SETTLED_KEPT_MS) held.delete(key)
    forgetAt = 2 * held.size + 50_000
  }

  function viewOf(responder: string): SharedState {
    const isOpenOfMine = (key: string): boolean => {
      const found = held.get(key)
      return found?.owner === responder && found.record === undefined
    }
    return {
      claim: (event, {leaseMs}) =>
        answer(() => {
          const found = held.get(event.key)
          if (found?.record !== undefined)
            return {is: 'done', record: found.owner === responder ? found.record : null} as const
          if (found !== undefined && found.owner !== responder) return {is: 'others'} as const
          held.set(event.key, {owner: responder, leaseEndMs: clock.nowMs() + leaseMs, event})
          return {is: 'mine'} as const
        }),
      renewClaims: (keys, leaseMs) =>
        answer(() => {
          for (const key of keys.filter(isOpenOfMine)) {
            const found = held.get(key)
            if (found) found.leaseEndMs = clock.nowMs() + leaseMs
          }
        }),
      finish: (record) =>
        answer(() => {
          const found = held.get(record.key)
          if (found !== undefined && !isOpenOfMine(record.key)) return false
          const event = found?.event ?? {key: record.key, receivedAtMs: record.receivedAtMs, sealed: ''}
          held.set(record.key, {owner: responder, leaseEndMs: 0, event, record})
          return true
        }),
      settle: (keys) =>
        answer(() => {
          for (const key of keys) {
            const found = held.get(key)
            if (found?.owner !== responder) continue
            found.record = null
            found.settledAtMs = clock.nowMs()
          }
          forgetSettled()
        }),
      takeLapsed: (most, {leaseMs}) =>
        answer(() => {
          const nowMs = clock.nowMs()
          const lapsed = [...held.values()]
            .filter(({record, leaseEndMs}) => record === undefined && leaseEndMs <= nowMs)
            .slice(0, most)
          for (const found of lapsed) {
            found.owner = responder
            found.leaseEndMs = nowMs + leaseMs
          }
          return lapsed.map(({event}) => event)
        }),
      admitExposed: (canary, person, maxPeople) =>
        answer(() => {
          const people = exposed.get(canary) ?? new Set<string>()
          exposed.set(canary, people)
          if (!people.has(person) && people.size >= maxPeople) return false
          people.add(person)
          return true
        }),
      takeTask: (task, ttlMs) =>
        answer(() => {
          if ((tasks.get(task) ?? 0) > clock.nowMs()) return false
          tasks.set(task, clock.nowMs() + ttlMs)
          return true
        }),
      close: () => Promise.resolve(),
    }
  }
  return share
}
