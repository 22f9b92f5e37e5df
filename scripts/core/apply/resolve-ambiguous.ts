import {digestOf} from '../model/canonical.js'
import type {AmbiguousResource, State} from '../model/plan.js'
import type {Words} from '../model/words.js'

/**
 * What a person found out about a create whose answer was lost. While the key is open: it exists under this id, it was
 * certainly not made, or nobody can tell and it shall count as lost. Once it counts as lost: it was found after all and may
 * be used for something else, or it certainly does not exist.
 */
export type Resolution =
  | {readonly how: 'adopt'; readonly remoteId: string; readonly value: unknown}
  | {readonly how: 'retry'}
  | {readonly how: 'orphan'}
  | {readonly how: 'found'; readonly remoteId: string}
  | {readonly how: 'gone'}

export type Resolved = {readonly state: State} | {readonly problem: Words}

const SLOT = 'slot/'

/** The state with that key settled. A free slot is named `slot/TEMPLATE_ID` and can only be gone. */
export function resolveAmbiguous(state: State, key: string, resolution: Resolution): Resolved {
  if (resolution.how === 'adopt' || resolution.how === 'found') {
    const owner = ownerOf(state, resolution.remoteId)
    if (owner !== null) return {problem: takenBy(resolution.remoteId, owner)}
  }
  if (resolution.how === 'found' || resolution.how === 'gone') return resolveLost(state, key, resolution)
  const open = state.ambiguous[key]
  if (!open) return {problem: notOpen(state, key)}
  const {[key]: _resolved, ...ambiguous} = state.ambiguous
  const settled = {...state, ambiguous}
  switch (resolution.how) {
    case 'retry':
      return {state: settled}
    case 'orphan':
      return {state: {...settled, orphans: [...state.orphans, open]}}
    case 'adopt': {
      const {remoteId, value} = resolution
      const resource = {kind: open.kind, id: open.id, remoteId, digest: digestOf(value), value}
      return {state: {...settled, resources: {...state.resources, [key]: resource}}}
    }
  }
}

function resolveLost(
  state: State,
  key: string,
  resolution: Extract<Resolution, {readonly how: 'found' | 'gone'}>,
): Resolved {
  const slots = state.slots ?? []
  const slot = key.startsWith(SLOT) ? key.slice(SLOT.length) : null
  if (slot !== null && resolution.how === 'gone')
    return slots.includes(slot)
      ? {state: {...state, slots: slots.filter((id) => id !== slot)}}
      : {problem: noSlot(slot)}
  const orphan = state.orphans.find((each) => keyOf(each) === key)
  if (!orphan) return {problem: notLost(state, key)}
  const without = {...state, orphans: state.orphans.filter((each) => each !== orphan)}
  if (resolution.how === 'gone') return {state: without}
  if (orphan.kind !== 'group-welcome') return {problem: ONLY_GROUP_WELCOMES}
  return {state: {...without, slots: [...slots, resolution.remoteId].sort()}}
}

export const keyOf = ({kind, id}: Pick<AmbiguousResource, 'kind' | 'id'>): string => `${kind}/${id}`

/** What already stands under an id of WeCom's, or `null`. */
function ownerOf({resources, slots = []}: State, remoteId: string): string | null {
  const owner = Object.entries(resources).find(([, resource]) => resource.remoteId === remoteId)
  return owner?.[0] ?? (slots.includes(remoteId) ? `${SLOT}${remoteId}` : null)
}

function notOpen(state: State, key: string): Words {
  const isLost = state.orphans.some((each) => keyOf(each) === key)
  return isLost
    ? {
        zh: `「${key}」已登记为孤儿：用 --found 模板 id 收进空位，或用 --gone 销账`,
        en: `"${key}" counts as orphan: take it into the pool with --found TEMPLATE_ID, or strike it off with --gone`,
      }
    : {zh: `「${key}」没有待定的创建`, en: `"${key}" has no create in doubt`}
}

const notLost = (state: State, key: string): Words =>
  state.ambiguous[key]
    ? {
        zh: `「${key}」还待定：用 --adopt、--retry 或 --orphan`,
        en: `"${key}" is still in doubt: use --adopt, --retry or --orphan`,
      }
    : {zh: `「${key}」没有登记为孤儿`, en: `"${key}" is no orphan`}

const noSlot = (slot: string): Words => ({zh: `没有空位「${slot}」`, en: `there is no free slot "${slot}"`})
const takenBy = (remoteId: string, owner: string): Words => ({
  zh: `${remoteId} 已经是「${owner}」`,
  en: `${remoteId} is "${owner}" already`,
})
const ONLY_GROUP_WELCOMES: Words = {
  zh: '只有入群欢迎语能收作空位；活码孤儿请在后台删除后用 --gone 销账',
  en: 'only a group welcome can become a free slot; delete a lost contact code in the console and strike it off with --gone',
}
