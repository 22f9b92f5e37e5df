import {isOver} from '../greet/validity.js'
import {isLeaver} from '../greet/member-context.js'
import type {Resource} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {ReleaseAudience, ReleaseSchedule} from '../model/release.js'
import type {Words} from '../model/words.js'
import type {WrittenSchedule} from '../model/written.js'
import {createUnknownSubjects} from './references.js'
import {type Checked, remark, type Rule} from './rule.js'

/** Why nobody is in an audience, and where that is written. */
interface Emptiness {
  readonly pointer: string
  readonly says: Words
}

/** A schedule that nobody can greet with. Over or faulty ones have findings of their own; so have their leavers. */
export const audiencesMeetSomebody: Rule = (checked) => {
  const {config, release, directory, reach, coverage, broken} = checked
  // A mirror without anybody tells nothing.
  const isPeopled = directory.members.some((member) => reach.contextOf(member) !== undefined)
  if (!isPeopled || broken.has('organization/organization')) return []
  let unknownSubjects: ReturnType<typeof createUnknownSubjects> | undefined
  return [...config.schedules.values()].flatMap((resource): Remark[] => {
    const schedule = release.schedules[resource.id]
    if (!schedule) return []
    const found =
      coverage.servingFor(resource.id).length > 0
        ? closedChannels(schedule.audience)
        : emptinessOf(resource.id, schedule, checked)
    if (!found) return []
    unknownSubjects ??= createUnknownSubjects(checked)
    return unknownSubjects(resource).length > 0 ? [] : [nobodyIn(resource, found)]
  })
}

function emptinessOf(id: string, schedule: ReleaseSchedule, checked: Checked): Emptiness | undefined {
  const {audience} = schedule
  if (isOver(schedule, checked.nowMs)) return undefined
  if (checked.coverage.membersOf(id).length > 0) return NOT_STAFF
  if (namesOnlyLeavers(audience, checked) || checked.meetsLater(schedule)) return undefined
  return findEmptiness(audience, checked)
}

const nobodyIn = (schedule: Resource<WrittenSchedule>, {pointer, says}: Emptiness): Remark =>
  remark(
    schedule,
    pointer,
    'audience-meets-nobody',
    'warning',
    {zh: `${says.zh}，这份排班不会被用到`, en: `${says.en}, so this schedule is never used`},
    {zh: '改正范围；不再需要就删除它', en: 'correct the audience, or delete the schedule if it is no longer needed'},
    true,
  )

const NOT_STAFF: Emptiness = {
  pointer: '/audience/channels',
  says: {zh: '这些渠道的 staff 都不在范围之内', en: 'none of the staff of these channels is in the audience'},
}

/** Every channel it names is excluded again. */
function closedChannels({channels, exclude}: ReleaseAudience): Emptiness | undefined {
  if (channels.length === 0 || !channels.every((id) => exclude.channels.includes(id))) return undefined
  return {
    pointer: '/audience/exclude/channels',
    says: {zh: '范围里的渠道又都被排除', en: 'every channel of the audience is excluded again'},
  }
}

const namesOnlyLeavers = ({members}: ReleaseAudience, {people, nowMs}: Checked): boolean =>
  members.length > 0 &&
  members.every((id) => {
    const member = people.find(id)
    return member === undefined || isLeaver(member, nowMs)
  })

const NONE: ReleaseAudience = {
  members: [],
  departments: [],
  roles: [],
  levels: {},
  channels: [],
  exclude: {members: [], departments: [], roles: [], channels: []},
}

const DIMENSIONS = [
  ['departments', {zh: '这些部门里没有在职成员', en: 'no active member is in these departments'}],
  ['roles', {zh: '没有在职成员有这些角色', en: 'no active member has one of these roles'}],
  ['levels', {zh: '没有在职成员达到这个等级条件', en: 'no active member meets these levels'}],
] as const

/** The one condition that nobody meets, else what they exclude, else all of them together. */
function findEmptiness(audience: ReleaseAudience, {reach}: Checked): Emptiness {
  const meets = (part: Partial<ReleaseAudience>): boolean => reach.membersOf({...NONE, ...part}).length > 0
  for (const [dimension, says] of DIMENSIONS)
    if (!meets({[dimension]: audience[dimension]})) return {pointer: `/audience/${dimension}`, says}
  if (meets({...audience, exclude: NONE.exclude}))
    return {
      pointer: '/audience/exclude',
      says: {zh: '去掉被排除的，一个在职成员也不剩', en: 'no active member is left after the exclusions'},
    }
  return {
    pointer: '/audience',
    says: {
      zh: '没有在职成员同时符合范围的各项条件',
      en: 'no active member meets all conditions of the audience at once',
    },
  }
}
