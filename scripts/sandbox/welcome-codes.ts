import {makeId} from './ids.js'
import type {AddRecord, Relation} from './state-customers.js'
import type {SandboxState} from './state.js'
import type {World} from './world.js'
import {Refusal} from './wire.js'

/**
 * Welcome codes (92137). Every add has one fate, shared by all codes given out for it: fresh, being sent, delivered, or
 * overtaken by a chat. A code dies 20 s after the first push of its event; a parameter error leaves it fresh
 * (unconfirmed, inferred).
 */

const ADDS_KEPT = 100_000

export function recordAdd(world: World, add: Omit<AddRecord, 'addId' | 'status'>): AddRecord {
  const record: AddRecord = {...add, addId: makeId(world.state, 'add', 16), status: 'fresh'}
  world.state.adds.set(record.addId, record)
  forgetOldAdds(world.state)
  return record
}

/** Gives out the code of an add for one app; with shared codes every app gets the same string. */
export function issueCode(world: World, add: AddRecord, agentid: number): string {
  const {state, settings} = world
  if (settings.welcomeCodes === 'shared') {
    const code = `CODE${add.addId}`
    state.codes.set(code, {code, addId: add.addId})
    return code
  }
  const code = makeId(state, 'CODE', 40)
  state.codes.set(code, {code, addId: add.addId, agentid})
  return code
}

/** Finds the add a code may still be used for: 41050 unknown or too old, 41051 delivered or chatting, 41096 being sent. */
export function requireUsableAdd(world: World, code: string, agentid: number): AddRecord {
  const found = world.state.codes.get(code)
  const add = found === undefined ? undefined : world.state.adds.get(found.addId)
  if (found === undefined || add === undefined) throw new Refusal(41050)
  if (found.agentid !== undefined && found.agentid !== agentid) throw new Refusal(41050)
  if (add.status === 'delivered' || add.status === 'chatting') throw new Refusal(41051)
  if (add.status === 'sending') throw new Refusal(41096)
  if (!isYoung(world, add)) throw new Refusal(41050)
  return add
}

/** The last usable instant is exactly 20 s after the event. */
const isYoung = (world: World, add: AddRecord): boolean =>
  world.clock.nowMs() - add.eventAtMs <= world.limits.welcomeCodeSeconds * 1000

/** The add that gave out the relation's latest code. */
export const findLatestAdd = (state: SandboxState, relation: Relation): AddRecord | undefined =>
  relation.addId === undefined ? undefined : state.adds.get(relation.addId)

/** Maps keep insertion order, so the first entries are the oldest. Their codes are then unknown, which is also 41050. */
function forgetOldAdds(state: SandboxState): void {
  const excess = state.adds.size - ADDS_KEPT
  if (excess < ADDS_KEPT / 10) return
  const gone = new Set([...state.adds.keys()].slice(0, excess))
  for (const addId of gone) state.adds.delete(addId)
  for (const [code, {addId}] of state.codes) if (gone.has(addId)) state.codes.delete(code)
}
