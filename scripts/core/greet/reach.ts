import {putUnder} from '../model/group.js'
import type {Member} from '../model/directory.js'
import type {ReleaseAudience} from '../model/release.js'
import {ancestry, isInAudience, isLeaver, type MemberContext, type People} from './member-context.js'

/** Finds the members an audience covers at one instant, whatever channel the customer came through. */
export interface Reach {
  membersOf(audience: ReleaseAudience): readonly Member[]
  /** Who the member is at that instant; undefined for leavers. */
  contextOf(member: Member): MemberContext | undefined
  /** Whether anybody who has not left is in the department or below it. */
  isAnybodyIn(path: string): boolean
}

/** Members are indexed by every department above them, so that an audience looks only at its own people. */
export function createReach(people: People, atMs: number): Reach {
  const contexts = new Map<string, MemberContext>()
  const below = new Map<string, MemberContext[]>()
  for (const member of people.members) {
    if (isLeaver(member, atMs)) continue
    const context = people.contextOf(member, atMs)
    contexts.set(member.id.toLowerCase(), context)
    for (const path of new Set(context.departments.flatMap(ancestry))) putUnder(below, path, context)
  }
  const candidates = (audience: ReleaseAudience): Iterable<MemberContext> => {
    if (audience.members.length > 0) return audience.members.flatMap((id) => contexts.get(id.toLowerCase()) ?? [])
    const [only, ...others] = audience.departments
    if (only !== undefined && others.length === 0) return below.get(only) ?? []
    if (only !== undefined) return new Set(audience.departments.flatMap((path) => below.get(path) ?? []))
    return contexts.values()
  }
  return {
    contextOf: (member) => contexts.get(member.id.toLowerCase()),
    isAnybodyIn: (path) => below.has(path),
    membersOf: (audience) => {
      const throughAny = {...audience, exclude: {...audience.exclude, channels: []}}
      const members: Member[] = []
      for (const context of candidates(audience))
        if (isInAudience(throughAny, context, audience.channels)) members.push(context.member)
      return members
    },
  }
}
