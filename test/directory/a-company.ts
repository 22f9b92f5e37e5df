import {load} from 'js-yaml'
import type {LiveCompany, LiveMember} from '../../scripts/core/model/live-company.js'
import {type Compared, compareOrganization} from '../../scripts/core/directory/compare-organization.js'
import {editOrganizationText} from '../../scripts/core/directory/edit-organization-text.js'
import type {WrittenOrganization} from '../../scripts/core/model/written.js'

export const NOW_MS = Date.parse('2026-11-24T12:00:00+08:00')
export const NOW = '2026-11-24T12:00:00+08:00'

/** A mirror with comments, groups, both styles of entry, and everything the bot must keep. */
export const MIRROR = `title: 组织镜像
departments:
  # 总部
  - {path: /总部, id: 1, leader: boss}
  - {path: /总部/门店, id: 7}
  - {path: /总部/门店/华南, id: 9}   # 改过两次名
members:
  # 总部的人
  - {id: boss, departments: [/总部], github: boss-dev, displayName: 王总}
  # 门店的人
  - id: lina
    departments: [/总部/门店/华南, /总部/门店]
    roles: [店员, 督导]   # 督导没有标签
    attributes: {星级: 3}
    leader: boss
    successor: boss
    facts: {门店电话: 400-000-0000}
  - {id: WangWei, departments: [/总部/门店/华南], roles: [店员], attributes: {星级: 2}}
  - {id: old.one, departments: [/总部/门店], status: left, leftAt: 2026-01-01T00:00:00+08:00}
transfers:
  - {member: WangWei, to: /总部/门店, from: 2026-01-01T00:00:00+08:00, until: 2026-02-01T00:00:00+08:00}
`

export const member = (id: string, departmentIds: readonly number[], more: Partial<LiveMember> = {}): LiveMember => ({
  ...{id, name: id, departmentIds, mainDepartmentId: departmentIds[0] ?? 0, tags: [], attributes: {}},
  ...more,
})

export const BOSS = member('boss', [1], {name: '王总'})
export const LINA = member('lina', [9, 7], {
  name: '李娜',
  leader: 'boss',
  tags: ['店员'],
  attributes: {星级: '3', 手机: '13800000000'},
})
export const WANG = member('WangWei', [9], {name: '王伟', tags: ['店员'], attributes: {星级: '2'}})

/** WeCom agrees with the mirror, but for the changes. */
export const company = (changes: Partial<LiveCompany> = {}): LiveCompany => ({
  departments: [
    {id: 1, path: '/总部', leader: 'boss'},
    {id: 7, path: '/总部/门店'},
    {id: 9, path: '/总部/门店/华南'},
  ],
  members: [BOSS, LINA, WANG],
  tags: ['店员'],
  gone: [],
  refused: [],
  ...changes,
})

export function compare(
  live: LiveCompany,
  text = MIRROR,
  grantedTags: ReadonlySet<string> = new Set(),
): ReturnType<typeof compareOrganization> {
  return compareOrganization({mirror: load(text) as WrittenOrganization, live, grantedTags, nowMs: NOW_MS, now: NOW})
}

export function compared(...args: Parameters<typeof compare>): Compared {
  const found = compare(...args)
  if ('problem' in found) throw new Error(found.problem.en)
  return found
}

/** The file after the sync. */
export function synced(live: LiveCompany, text = MIRROR, grantedTags?: ReadonlySet<string>): string {
  const edited = editOrganizationText(text, compared(live, text, grantedTags).edits)
  if (edited === null) throw new Error('the file could not be edited')
  return edited
}

/** Lines that went and lines that came, without those that stayed. */
export function lineChanges(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')]
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ]
}
