import {keyOf, resolveAmbiguous, type Resolution} from '../core/apply/resolve-ambiguous.js'
import {valueOfSeen} from '../core/apply/seen-group-welcome.js'
import type {AmbiguousResource, State} from '../core/model/plan.js'
import type {Words} from '../core/model/words.js'
import type {Clock, Store, WeComWriter} from '../core/ports.js'
import {holdLock} from './apply-steps/hold-lock.js'
import {recoverState} from './recover-state.js'

/** The audit's word for a create in doubt that a person settled. */
export const SETTLED = 'settled'

export interface SettlePorts {
  readonly store: Store
  readonly clock: Pick<Clock, 'nowMs'>
  /** Looks at what shall be taken over; needed when an id is given. */
  readonly reader: Pick<WeComWriter, 'getContactWay' | 'getGroupWelcome'> | null
}

export type Finding =
  {readonly how: 'adopt' | 'found'; readonly remoteId: string} | {readonly how: 'retry' | 'orphan' | 'gone'}

export interface SettleRequest {
  /** `group-welcome/ID`, `contact-way/ID` or `slot/TEMPLATE_ID`. */
  readonly key: string
  readonly finding: Finding
  /** In a person's words; kept in the audit. */
  readonly reason: string
  readonly who: string
  /** Who holds the lock, as another runner will read it. */
  readonly holder: string
}

/** What waits for a person, and what is left of earlier decisions. */
export interface OpenThings {
  readonly open: readonly AmbiguousResource[]
  readonly orphans: readonly AmbiguousResource[]
  readonly slots: readonly string[]
}

export type SettleOutcome =
  | {readonly kind: 'refused'; readonly reason: Words; readonly left: OpenThings}
  | {readonly kind: 'done'; readonly left: OpenThings}

export const listOpen = async (store: Pick<Store, 'readState' | 'readDocument' | 'readJournal'>): Promise<OpenThings> =>
  openThings((await recoverState(store)).state)

const openThings = ({ambiguous, orphans, slots = []}: State): OpenThings => ({
  open: Object.values(ambiguous).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  orphans,
  slots,
})

/**
 * Writes down what a person found out about a create whose answer was lost. An id is taken over only when WeCom knows it. Throws
 * StoreLocked while an apply runs, Refused and AnswerLost where WeCom did not tell.
 */
export const settle = (ports: SettlePorts, request: SettleRequest): Promise<SettleOutcome> =>
  holdLock(ports, request.holder, () => settleLocked(ports, request))

async function settleLocked({store, clock, reader}: SettlePorts, request: SettleRequest): Promise<SettleOutcome> {
  const {key, finding, reason, who} = request
  const {state, serial} = await recoverState(store)
  const refused = (problem: Words): SettleOutcome => ({kind: 'refused', reason: problem, left: openThings(state)})
  const isKnownBefore = resolveAmbiguous(state, key, resolutionOf(finding, null))
  if ('problem' in isKnownBefore) return refused(isKnownBefore.problem)
  const value = 'remoteId' in finding ? await look(reader, key, finding.remoteId) : null
  if ('remoteId' in finding && value === null) return refused(notThere(finding.remoteId))
  const resolved = resolveAmbiguous(state, key, resolutionOf(finding, value))
  if ('problem' in resolved) return refused(resolved.problem)
  const written = await store.writeState(resolved.state, serial)
  const remoteId = 'remoteId' in finding ? finding.remoteId : null
  await store.appendAudit({
    atMs: clock.nowMs(),
    what: SETTLED,
    who,
    details: {key, how: finding.how, remoteId, reason},
  })
  return {kind: 'done', left: openThings(written)}
}

const resolutionOf = (finding: Finding, value: unknown): Resolution =>
  finding.how === 'adopt' ? {...finding, how: 'adopt', value} : (finding as Resolution)

/** What stands there now, so that the next plan changes what differs; `null` when WeCom has none of that id. */
async function look(reader: SettlePorts['reader'], key: string, remoteId: string): Promise<unknown> {
  if (reader === null) throw new Error('an id is only taken over after a look')
  if (key.startsWith('contact-way/')) return reader.getContactWay(remoteId)
  const seen = await reader.getGroupWelcome(remoteId)
  return seen && valueOfSeen(seen)
}

const notThere = (remoteId: string): Words => ({
  zh: `企业微信里没有 ${remoteId}`,
  en: `WeCom has nothing of the id ${remoteId}`,
})
