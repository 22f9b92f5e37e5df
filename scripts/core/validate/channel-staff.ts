import {ancestry, isLeaver} from '../greet/member-context.js'
import type {Member} from '../model/directory.js'
import {isInDepartments} from './coverage.js'
import {MAX_CONTACT_WAY_MEMBERS} from './limits.js'
import {knownDepartments} from './references.js'
import {eachOf, remark, type Rule} from './rule.js'

export const channelStaffIsActive: Rule = ({config, people, nowMs}) =>
  [...config.channels.values()].flatMap((channel) => {
    const printed = channel.value.printedUntil
      ? {zh: `（印刷品用到 ${channel.value.printedUntil}）`, en: ` (in print until ${channel.value.printedUntil})`}
      : {zh: '', en: ''}
    const kind = channel.value.kind ?? 'qr'
    const empty = (channel.value.staff?.members ?? []).length + (channel.value.staff?.departments ?? []).length === 0
    const leavers = eachOf(channel.value.staff?.members, '/staff/members').filter(({value}) => {
      const member = people.find(value)
      return member !== undefined && isLeaver(member, nowMs)
    })
    return [
      ...leavers.map(({value, pointer}) =>
        remark(
          channel,
          pointer,
          'channel-staff-is-active',
          'warning',
          {
            zh: `渠道码仍含离职或停用成员 ${value}${printed.zh}`,
            en: `the code still adds ${value}, who has left or is disabled${printed.en}`,
          },
          {zh: '换成接替人', en: 'name his successor'},
        ),
      ),
      ...(kind === 'external' && !empty
        ? [
            remark(
              channel,
              '/staff',
              'external-channel-has-no-staff',
              'error',
              {
                zh: 'kind: external 的渠道在别处管理，不能写 staff',
                en: 'a channel of kind external is managed elsewhere and has no staff',
              },
              {zh: '去掉 staff，或改 kind', en: 'remove staff, or change the kind'},
              true,
            ),
          ]
        : []),
      ...(kind === 'qr' && empty
        ? [
            remark(
              channel,
              '',
              'channel-has-staff',
              'warning',
              {
                zh: '没有写 staff，不会创建活码，只按 state 选择文案',
                en: 'no staff is named, so no code is made; the state only chooses the text',
              },
              {zh: '补上 staff，或写 kind: external', en: 'add staff, or write kind: external'},
            ),
          ]
        : []),
    ]
  })

/** A code that adds more members than the platform takes is refused there with 41041 (92228), departments expanded. */
export const channelStaffFitsOneCode: Rule = ({config, directory, nowMs}) => {
  const active = directory.members.filter((member) => !isLeaver(member, nowMs))
  const below = countBelow(active)
  return [...config.channels.values()].flatMap((channel) => {
    const {members = [], departments = []} = channel.value.staff ?? {}
    const most = departments.reduce((sum, path) => sum + (below.get(path) ?? 0), members.length)
    if (most <= MAX_CONTACT_WAY_MEMBERS) return []
    const named = new Set(members.map((id) => id.toLowerCase()))
    const staff = active.filter((member) => named.has(member.id.toLowerCase()) || isInDepartments(member, departments))
    return staff.length > MAX_CONTACT_WAY_MEMBERS
      ? [
          remark(
            channel,
            '/staff',
            'channel-staff-fits-one-code',
            'error',
            {
              zh: `展开部门后共 ${staff.length} 人，一个活码最多 ${MAX_CONTACT_WAY_MEMBERS} 人`,
              en: `with departments expanded it adds ${staff.length} members, one code takes ${MAX_CONTACT_WAY_MEMBERS}`,
            },
            {
              zh: '拆成几个渠道，或写更下一级的部门',
              en: 'split it into several channels, or name departments further down',
            },
          ),
        ]
      : []
  })
}

/** How many members stand in or below each department; somebody in two of them counts in both. */
function countBelow(members: readonly Member[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const member of members)
    for (const own of member.departments)
      for (const path of ancestry(own)) counts.set(path, (counts.get(path) ?? 0) + 1)
  return counts
}

/** A code must add somebody. Leavers named one by one are told apart. */
export const channelStaffMeetsSomebody: Rule = (checked) => {
  const {config, directory, people, reach, broken, nowMs} = checked
  if (directory.members.length === 0 || broken.has('organization/organization')) return []
  const isActive = (id: string): boolean => {
    const member = people.find(id)
    return member !== undefined && !isLeaver(member, nowMs)
  }
  return [...config.channels.values()].flatMap((channel) => {
    const {members = [], departments = []} = channel.value.staff ?? {}
    if (departments.length === 0 || members.some(isActive)) return []
    if (departments.some(reach.isAnybodyIn)) return []
    const known = knownDepartments(checked)
    if (!departments.every((path) => known.has(path))) return []
    return [
      remark(
        channel,
        '/staff/departments',
        'channel-staff-meets-nobody',
        'warning',
        {
          zh: '这些部门里没有在职成员，这个码加不到人',
          en: 'no active member is in these departments, so the code adds nobody',
        },
        {zh: '改成有人的部门，或写明成员', en: 'name departments with people in them, or members'},
      ),
    ]
  })
}
