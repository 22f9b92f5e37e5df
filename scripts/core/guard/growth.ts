import {isSame} from '../model/is-same.js'
import {createPeople, isInAudience, isLeaver, isWithin, type MemberContext} from '../greet/member-context.js'
import {templatesOf} from '../greet/say-at.js'
import {changedIds, findTouchedPeople} from '../greet/touched-people.js'
import type {Config} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {Release} from '../model/release.js'
import type {World} from '../model/world.js'

const DEFAULT_FACTOR = 2
const DEFAULT_PEOPLE = 500
const MOST_NAMED = 8

/** How many more members' customers would hear what changes. */
export interface Growth {
  readonly before: number
  readonly after: number
  /** Limits of the base: more than `factor` times as many, or more than `people` more. */
  readonly factor: number
  readonly people: number
  readonly isAbove: boolean
  /** Protected departments somebody of whom is newly greeted for, or by a schedule that changes. */
  readonly protectedDepartments: readonly string[]
  /** Either of them: one more person than the review rules ask for has to approve. */
  readonly needsOneMore: boolean
}

export interface Worlds {
  readonly before: World
  readonly after: World
}

/** Growth of the audience and protected departments; both are warnings that ask for one more approver. */
export function evaluateGrowth(
  base: Config,
  head: Config,
  worlds: Worlds,
  nowMs: number,
): {readonly growth: Growth; readonly findings: readonly Remark[]} {
  const {guard} = base.policy.value
  const {factor = DEFAULT_FACTOR, people = DEFAULT_PEOPLE} = guard?.audienceGrowth ?? {}
  const touched = findTouchedPeople(worlds.before, worlds.after, nowMs)
  const [before, after] = [touched.before.length, touched.after.length]
  const isAbove = (before > 0 && after > factor * before) || after - before > people
  const reached = protectedReach(guard?.protectedDepartments ?? [], worlds, nowMs)
  const known = new Set(touched.before.map(({department}) => department))
  const departments = new Set(touched.after.map(({department}) => department).filter((path) => !known.has(path)))
  const protectedDepartments = [...new Set(reached.map(({department}) => department))].sort()
  const changed = [...changedIds(worlds.before.release.schedules, worlds.after.release.schedules)].sort()
  const file = (id: string | undefined): string =>
    (id === undefined ? undefined : head.schedules.get(id)?.file) ?? head.policy.file
  const grower = changed.find((id) => head.schedules.has(id))
  return {
    growth: {
      before,
      after,
      factor,
      people,
      isAbove,
      protectedDepartments,
      needsOneMore: isAbove || protectedDepartments.length > 0,
    },
    findings: [
      ...(isAbove ? [grew({before, after, factor, people}, [...departments].sort(), file(grower))] : []),
      ...reached.map(({schedule, department, count}) => touchesProtected(department, count, schedule, file(schedule))),
    ],
  }
}

/** `3 → 8 (+5)`. */
const counts = (before: number, after: number): string =>
  `${before} → ${after} (${after >= before ? '+' : ''}${after - before})`

function grew(
  {before, after, factor, people}: Pick<Growth, 'before' | 'after' | 'factor' | 'people'>,
  departments: readonly string[],
  file: string,
): Remark {
  const more = departments.length - MOST_NAMED
  const named = departments.slice(0, MOST_NAMED)
  return {
    rule: 'audience-grew',
    level: 'warning',
    at: {file, pointer: '/audience'},
    says: {
      zh: `影响人数 ${counts(before, after)}，超过 ${factor} 倍或多出 ${people} 人${named.length > 0 ? `；新覆盖的部门：${named.join('、')}${more > 0 ? ` 等 ${departments.length} 个` : ''}` : ''}`,
      en: `people ${counts(before, after)}, more than ${factor} times as many or ${people} more${named.length > 0 ? `; departments that are new: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}` : ''}`,
    },
    fix: {
      zh: '核对 audience 是不是本意；是的话要多一位审批人',
      en: 'check that the audience is meant so; if it is, one more person has to approve',
    },
  }
}

const touchesProtected = (department: string, count: number, schedule: string, file: string): Remark => ({
  rule: 'protected-department',
  level: 'warning',
  at: {file, pointer: '/audience'},
  says: {
    zh: `排班 ${schedule} 的覆盖范围里有受保护部门 ${department} 的 ${count} 人`,
    en: `the audience of schedule ${schedule} holds ${count} members of the protected department ${department}`,
  },
  fix: {
    zh: '把这个部门放进 exclude，或写 mode: silent；确实要发则要多一位审批人',
    en: 'exclude the department or write mode: silent; if it is meant so, one more person has to approve',
  },
})

interface Reached {
  readonly schedule: string
  readonly department: string
  readonly count: number
}

/** Schedules that say something to protected people and did not before, or that changed while they do. */
function protectedReach(departments: readonly string[], {before, after}: Worlds, nowMs: number): Reached[] {
  if (departments.length === 0) return []
  const [was, is] = [protectedPeople(departments, before, nowMs), protectedPeople(departments, after, nowMs)]
  if (is.size === 0) return []
  const changed = changedIds(before.release.schedules, after.release.schedules)
  const moved = !isSame(before.directory, after.directory) || !sameRoles(before.release, after.release)
  return Object.entries(after.release.schedules)
    .filter(([id, schedule]) => (moved || changed.has(id)) && templatesOf(schedule).length > 0)
    .flatMap(([id, schedule]) => {
      const old = before.release.schedules[id]
      return departments.flatMap((department) => {
        const covered = (is.get(department) ?? []).filter((context) =>
          isInAudience(schedule.audience, context, schedule.audience.channels),
        )
        const known = new Set(
          old && !changed.has(id)
            ? (was.get(department) ?? [])
                .filter((context) => isInAudience(old.audience, context, old.audience.channels))
                .map(({member}) => member.id)
            : [],
        )
        const count = covered.filter(({member}) => !known.has(member.id)).length
        return count === 0 ? [] : [{schedule: id, department, count}]
      })
    })
}

const sameRoles = (a: Release, b: Release): boolean => isSame(a.roleGrants, b.roleGrants)

function protectedPeople(
  paths: readonly string[],
  {release, directory}: World,
  nowMs: number,
): ReadonlyMap<string, readonly MemberContext[]> {
  const people = createPeople(directory, release)
  const contexts = people.members
    .filter((member) => !isLeaver(member, nowMs))
    .map((member) => people.contextOf(member, nowMs))
  return new Map(
    paths.flatMap((path) => {
      const inside = contexts.filter(({departments}) => departments.some((own) => isWithin(own, path)))
      return inside.length === 0 ? [] : [[path, inside] as const]
    }),
  )
}
