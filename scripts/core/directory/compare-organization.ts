import type {Words} from '../model/words.js'
import type {WrittenMember} from '../model/written.js'
import {type Change, type Found, join} from './changes.js'
import {compareDepartments} from './compare-departments.js'
import {compareMembers, createIsKnown, type MemberFacts} from './compare-members.js'
import {type Placement, placeLive} from './place-live.js'

export interface Compared extends Found {
  /** Members of the mirror that had not left. */
  readonly total: number
  /** Of them, those who would leave, be disabled or move. */
  readonly touched: number
  /** Members WeCom shows that have no place in the mirror, or that the app does not see any more. */
  readonly unseen: number
}

export type SyncFacts = Omit<MemberFacts, 'placement'>

/** What WeCom says otherwise than the mirror; a picture that cannot be trusted is a problem and no difference. */
export function compareOrganization(facts: SyncFacts): Compared | {readonly problem: Words; readonly fix: Words} {
  const {mirror, live} = facts
  const members = (mirror.members ?? []).filter(({status}) => status !== 'left')
  if (live.departments.length === 0 || live.members.length === 0) return {problem: SEES_NOTHING, fix: WIDEN}
  const lists = live.refused.filter((call) => /^(user|department)\//.test(call))
  if (lists.length > 0) return {problem: seesPartly(lists), fix: WIDEN}
  const seen = new Set([...live.members.map(({id}) => id), ...live.gone].map((id) => id.toLowerCase()))
  const unseen = members.filter(({id}) => !seen.has(id.toLowerCase()))
  if (members.length > 0 && unseen.length === members.length) return {problem: SEES_NOBODY, fix: WIDEN}
  const placement = placeLive(mirror, live.departments)
  if ('problem' in placement) return {...placement, fix: WIDEN}
  return compare({...facts, placement}, placement, members, unseen.length)
}

function compare(
  facts: MemberFacts,
  placement: Placement,
  members: readonly WrittenMember[],
  unseen: number,
): Compared {
  const departments = compareDepartments(facts.mirror, facts.live.departments, placement, createIsKnown(facts))
  const found = join([departments, compareMembers(facts)])
  const touched = new Set(found.changes.filter(isGoneOrMoved).map(({id}) => id))
  return {...found, total: members.length, touched: touched.size, unseen}
}

const isGoneOrMoved = (
  change: Change,
): change is Extract<Change, {what: 'member-left' | 'member-disabled' | 'member-moved'}> =>
  change.what === 'member-left' || change.what === 'member-disabled' || change.what === 'member-moved'

const SEES_NOTHING: Words = {
  zh: '企业微信没有给出部门或成员：应用什么也看不见，没有同步',
  en: 'WeCom showed no departments or no members: the app sees nothing, so nothing was synchronised',
}
const SEES_NOBODY: Words = {
  zh: '镜像里的成员一个也看不见，没有同步',
  en: 'not one member of the mirror is visible, so nothing was synchronised',
}
const seesPartly = (calls: readonly string[]): Words => ({
  zh: `企业微信只给出了一部分（${calls.join('、')}），没有同步`,
  en: `WeCom showed only a part (${calls.join(', ')}), so nothing was synchronised`,
})
const WIDEN: Words = {
  zh: '检查应用的可见范围和通讯录权限，再运行一次',
  en: "check the app's visible range and its right to the contacts, and run it again",
}
