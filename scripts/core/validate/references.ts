import {distance} from 'fastest-levenshtein'
import {ancestry} from '../greet/member-context.js'
import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {WrittenSchedule, WrittenSlot} from '../model/written.js'
import {type Checked, eachOf, listed, remark, type Rule} from './rule.js'

/** What a name refers to, in both languages. */
interface Noun {
  readonly rule: string
  readonly zh: string
  readonly en: string
}

const TEMPLATE: Noun = {rule: 'template-exists', zh: '模板', en: 'template'}
const CALENDAR: Noun = {rule: 'calendar-exists', zh: '日历', en: 'calendar'}
const CHANNEL: Noun = {rule: 'channel-exists', zh: '渠道', en: 'channel'}
const DEPARTMENT: Noun = {rule: 'department-exists', zh: '部门', en: 'department'}
const MEMBER: Noun = {rule: 'member-exists', zh: '成员', en: 'member'}
const ROLE: Noun = {rule: 'role-exists', zh: '角色', en: 'role'}
const SHIFT: Noun = {rule: 'shift-exists', zh: '班次', en: 'shift'}

function unknown(
  resource: Pick<Resource<unknown>, 'file'>,
  pointer: string,
  noun: Noun,
  name: string,
  known: ReadonlySet<string>,
  level: 'error' | 'warning' = 'error',
): Remark {
  const near = [...known].filter((other) => distance(other, name) <= Math.max(1, Math.floor(name.length / 4))).sort()[0]
  return remark(
    resource,
    pointer,
    noun.rule,
    level,
    {zh: `没有${noun.zh}「${name}」`, en: `there is no ${noun.en} "${name}"`},
    near
      ? {zh: `是否想写「${near}」？`, en: `did you mean "${near}"?`}
      : {
          zh: `改正名字，或先添加它；现有：${listed(known) || '（无）'}`,
          en: `correct the name or add it first; known: ${listed(known) || '(none)'}`,
        },
  )
}

/** Ids that exist, counting files that are broken in themselves. */
function idsOf(checked: Checked, kind: string, ids: Iterable<string>): ReadonlySet<string> {
  const broken = [...checked.broken].flatMap((key) => (key.startsWith(`${kind}/`) ? [key.slice(kind.length + 1)] : []))
  return new Set([...ids, ...broken])
}

/** Departments that are listed, or that exist because a listed one, a member or a transfer stands below them. */
export function knownDepartments({config}: Checked): ReadonlySet<string> {
  const {departments = [], members = [], transfers = []} = config.organization.value
  const paths = [
    ...departments.map(({path}) => path),
    ...members.flatMap((member) => member.departments),
    ...transfers.map(({to}) => to),
  ]
  return new Set(paths.flatMap(ancestry))
}

const scheduleSlots = ({
  value,
}: Resource<WrittenSchedule>): {readonly slot: WrittenSlot; readonly pointer: string}[] => [
  ...(value.slots ?? []).map((slot, index) => ({slot, pointer: `/slots/${index}`})),
  ...(value.dates ?? []).flatMap(({slots}, day) =>
    slots.map((slot, index) => ({slot, pointer: `/dates/${day}/slots/${index}`})),
  ),
]

export const schedulesNameKnownTemplates: Rule = (checked) => {
  const known = idsOf(checked, 'template', checked.config.templates.keys())
  return [...checked.config.schedules.values()].flatMap((schedule) => {
    const named = [
      ...eachOf(schedule.value.template, '/template'),
      ...eachOf(schedule.value.default, '/default'),
      ...scheduleSlots(schedule).flatMap(({slot, pointer}) => eachOf(slot.template, `${pointer}/template`)),
    ]
    return named
      .filter(({value}) => value !== 'silent' && !known.has(value))
      .map(({value, pointer}) => unknown(schedule, pointer, TEMPLATE, value, known))
  })
}

export const successorTemplateExists: Rule = (checked) => {
  const successor = checked.config.enterprise.value.greet?.successor
  const known = idsOf(checked, 'template', checked.config.templates.keys())
  return successor !== undefined && !known.has(successor)
    ? [unknown(checked.config.enterprise, '/greet/successor', TEMPLATE, successor, known)]
    : []
}

export const schedulesNameKnownCalendars: Rule = (checked) => {
  const known = idsOf(checked, 'calendar', checked.config.calendars.keys())
  return [...checked.config.schedules.values()].flatMap((schedule) => {
    const {calendar} = schedule.value
    return calendar !== undefined && !known.has(calendar)
      ? [unknown(schedule, '/calendar', CALENDAR, calendar, known)]
      : []
  })
}

export const slotsNameKnownShifts: Rule = (checked) => {
  if ([...checked.broken].some((key) => key.startsWith('roster/'))) return []
  const known = new Set([...checked.config.rosters.values()].flatMap(({value}) => Object.keys(value.shifts)))
  return [...checked.config.schedules.values()].flatMap((schedule) =>
    scheduleSlots(schedule).flatMap(({slot, pointer}) =>
      slot.shift !== undefined && !known.has(slot.shift)
        ? [unknown(schedule, `${pointer}/shift`, SHIFT, slot.shift, known)]
        : [],
    ),
  )
}

export const audiencesNameKnownSubjects: Rule = (checked) => {
  if (checked.broken.has('organization/organization')) return []
  const unknownSubjects = createUnknownSubjects(checked)
  return [...checked.config.schedules.values()].flatMap(unknownSubjects)
}

/** What an audience names that is not there, as remarks. */
export function createUnknownSubjects(checked: Checked): (schedule: Resource<WrittenSchedule>) => Remark[] {
  const departments = knownDepartments(checked)
  const members = knownMembers(checked)
  const channels = idsOf(checked, 'channel', checked.config.channels.keys())
  const roles = knownRoles(checked)
  return (schedule) => {
    const {audience} = schedule.value
    return (['', '/exclude'] as const).flatMap((part) => {
      const written = part === '' ? audience : (audience.exclude ?? {})
      const at = `/audience${part}`
      return [
        ...eachOf(written.departments, `${at}/departments`)
          .filter(({value}) => !departments.has(value))
          .map(({value, pointer}) => unknown(schedule, pointer, DEPARTMENT, value, departments)),
        ...eachOf(written.members, `${at}/members`)
          .filter(({value}) => !members.has(value.toLowerCase()))
          .map(({value, pointer}) => unknown(schedule, pointer, MEMBER, value, members)),
        ...eachOf(written.channels, `${at}/channels`)
          .filter(({value}) => !channels.has(value))
          .map(({value, pointer}) => unknown(schedule, pointer, CHANNEL, value, channels)),
        ...eachOf(written.roles, `${at}/roles`)
          .filter(({value}) => !roles.has(value))
          .map(({value, pointer}) => unknown(schedule, pointer, ROLE, value, roles, 'warning')),
      ]
    })
  }
}

const knownMembers = ({directory}: Checked): ReadonlySet<string> =>
  new Set(directory.members.map(({id}) => id.toLowerCase()))

const isRoleName = (name: string): boolean => !['title', 'owner', 'note'].includes(name)

const definedRoles = ({config}: Checked): ReadonlySet<string> =>
  new Set(Object.keys(config.roles.value).filter(isRoleName))

/** A role an audience may name: defined, worn by a member as a tag, or given by a grant. */
const knownRoles = (checked: Checked): ReadonlySet<string> =>
  new Set([
    ...definedRoles(checked),
    ...checked.directory.members.flatMap(({roles}) => roles),
    ...checked.config.grants.map(({value}) => value.role),
  ])

export const rulesOfOrganizationNameKnownPeople: Rule = (checked) => {
  const {organization} = checked.config
  const known = knownMembers(checked)
  const {departments = [], members = [], transfers = []} = organization.value
  const named = [
    ...departments.flatMap(({leader}, index) => eachOf(leader, `/departments/${index}/leader`)),
    ...members.flatMap(({leader, successor}, index) => [
      ...eachOf(leader, `/members/${index}/leader`),
      ...eachOf(successor, `/members/${index}/successor`),
    ]),
    ...transfers.flatMap(({member}, index) => eachOf(member, `/transfers/${index}/member`)),
  ]
  return named
    .filter(({value}) => !known.has(value.toLowerCase()))
    .map(({value, pointer}) => unknown(organization, pointer, MEMBER, value, known))
}

export const channelsNameKnownStaff: Rule = (checked) => {
  if (checked.broken.has('organization/organization')) return []
  const members = knownMembers(checked)
  const departments = knownDepartments(checked)
  return [...checked.config.channels.values()].flatMap((channel) => [
    ...eachOf(channel.value.staff?.members, '/staff/members')
      .filter(({value}) => !members.has(value.toLowerCase()))
      .map(({value, pointer}) => unknown(channel, pointer, MEMBER, value, members)),
    ...eachOf(channel.value.staff?.departments, '/staff/departments')
      .filter(({value}) => !departments.has(value))
      .map(({value, pointer}) => unknown(channel, pointer, DEPARTMENT, value, departments)),
  ])
}

export const grantsNameKnownSubjects: Rule = (checked) => {
  if (checked.broken.has('organization/organization') || checked.broken.has('roles/roles')) return []
  const roles = definedRoles(checked)
  const members = knownMembers(checked)
  const departments = knownDepartments(checked)
  return checked.config.grants.flatMap((grant) => {
    const at = `/${grant.index}`
    const subjects = eachOf(grant.value.to, `${at}/to`).map(({value, pointer}) => ({
      kind: value.slice(0, value.indexOf(':')),
      name: value.slice(value.indexOf(':') + 1),
      pointer,
    }))
    return [
      ...(roles.has(grant.value.role) ? [] : [unknown(grant, `${at}/role`, ROLE, grant.value.role, roles)]),
      ...subjects
        .filter(({kind, name}) => kind === 'member' && !members.has(name.toLowerCase()))
        .map(({name, pointer}) => unknown(grant, pointer, MEMBER, name, members)),
      ...[
        ...subjects.filter(({kind}) => kind === 'department'),
        ...eachOf(grant.value.over?.departments, `${at}/over/departments`).map(({value, pointer}) => ({
          name: value,
          pointer,
        })),
      ]
        .filter(({name}) => !departments.has(name))
        .map(({name, pointer}) => unknown(grant, pointer, DEPARTMENT, name, departments)),
    ]
  })
}

export const rostersNameKnownPeople: Rule = (checked) => {
  if (checked.broken.has('organization/organization')) return []
  const members = knownMembers(checked)
  return [...checked.config.rosters.values()].flatMap((roster) =>
    Object.entries(roster.value.days).flatMap(([date, shifts]) =>
      Object.entries(shifts).flatMap(([shift, ids]) => {
        const at = `/days/${date}/${shift.replaceAll('~', '~0').replaceAll('/', '~1')}`
        const strangers = eachOf(ids, at).filter(({value}) => !members.has(value.toLowerCase()))
        const missing = Object.hasOwn(roster.value.shifts, shift)
          ? []
          : [unknown(roster, at, SHIFT, shift, new Set(Object.keys(roster.value.shifts)))]
        return [
          ...missing,
          ...strangers.map(({value, pointer}) => unknown(roster, pointer, MEMBER, value, members, 'warning')),
        ]
      }),
    ),
  )
}
