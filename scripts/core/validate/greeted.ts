import {isOver} from '../greet/validity.js'
import {ancestry} from '../greet/member-context.js'
import {allSlots} from '../greet/timetable.js'
import {groupBy} from '../model/group.js'
import type {Member} from '../model/directory.js'
import type {Remark} from '../model/finding.js'
import type {ReleaseSchedule} from '../model/release.js'
import {createUnknownSubjects} from './references.js'
import {type Checked, listed, remark, type Rule} from './rule.js'

/** Whoever is in no audience at all greets with the built-in text; told once for each department that lacks a schedule. */
export const membersAreGreeted: Rule = (checked) => {
  const {config, broken} = checked
  // Whom a faulty schedule wants to cover is not known.
  if ([...broken].some((key) => key.startsWith('schedule/') || key === 'organization/organization')) return []
  const forgotten = forgottenMembers(checked)
  if (forgotten.length === 0) return []
  const unknownSubjects = createUnknownSubjects(checked)
  if ([...config.schedules.values()].some((schedule) => unknownSubjects(schedule).length > 0)) return []
  const indexOf = new Map((config.organization.value.departments ?? []).map(({path}, index) => [path, index]))
  const memberAt = new Map((config.organization.value.members ?? []).map(({id}, index) => [id, index]))
  return [...byWidestDepartment(forgotten, checked)].map(([path, members]): Remark => {
    const ids = members.map(({id}) => id)
    const index = indexOf.get(path)
    const pointer = index === undefined ? `/members/${memberAt.get(ids[0] ?? '') ?? 0}` : `/departments/${index}`
    return remark(
      config.organization,
      pointer,
      'member-not-greeted',
      'warning',
      {
        zh: `${path} 有 ${ids.length} 名成员不在任何排班的范围里，客户只会收到内置文案：${listed(ids, 5)}`,
        en: `no schedule has these members of ${path} in its audience, so their customers get the built-in text: ${listed(ids, 5)}`,
      },
      {
        zh: '为他们写一份排班，或写一份 audience: {} 的全企业排班；不该发的写 mode: silent',
        en: 'write a schedule for them, or one for everybody with audience: {}; where nothing should be said, mode: silent',
      },
    )
  })
}

function forgottenMembers({release, reach, coverage, directory, nowMs}: Checked): readonly Member[] {
  const greeted = new Set<Member>()
  for (const [id, schedule] of Object.entries(release.schedules))
    if (maySpeak(schedule, release.templates, nowMs)) for (const member of coverage.servingFor(id)) greeted.add(member)
  const others = directory.members.filter((member) => !greeted.has(member) && reach.contextOf(member) !== undefined)
  if (others.length === 0) return others
  // Somebody written twice is a finding of its own.
  const ids = new Set([...greeted].map(({id}) => id.toLowerCase()))
  return others.filter(({id}) => !ids.has(id.toLowerCase()))
}

/** Now or later it says something, or is silent on purpose. */
function maySpeak(schedule: ReleaseSchedule, templates: Checked['release']['templates'], nowMs: number): boolean {
  if (isOver(schedule, nowMs) || schedule.mode === 'inherit') return false
  if (schedule.mode === 'silent') return true
  const everything = [schedule.says, schedule.default, ...allSlots(schedule).map(({says}) => says)]
  return everything.some((said) => said === 'silent' || (said ?? []).some((id) => !isOver(templates[id], nowMs)))
}

/** Each member under the highest department above him of whose members none is greeted, else under his own. */
function byWidestDepartment(forgotten: readonly Member[], {reach, directory}: Checked): Map<string, Member[]> {
  const alone = new Set(forgotten)
  const greeted = new Set<string>()
  for (const member of directory.members)
    if (!alone.has(member))
      for (const own of reach.contextOf(member)?.departments ?? []) for (const path of ancestry(own)) greeted.add(path)
  return groupBy(forgotten, (member) => {
    const own = reach.contextOf(member)?.departments[0] ?? ''
    return (
      ancestry(own)
        .filter((above) => !greeted.has(above))
        .at(-1) ?? own
    )
  })
}
