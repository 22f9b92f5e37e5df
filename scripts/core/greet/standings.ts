import {putUnder} from '../model/group.js'
import type {ChannelSet} from './channel-match.js'
import {ancestry, isInAudience, type MemberContext} from './member-context.js'
import type {CompiledSchedule} from './say-at.js'
import {type AudienceLevel, compareSpecificity, LEVELS, specificity} from './specificity.js'

/** Schedules that share one place, by id; the first group that has one in validity decides. */
export type Standing = readonly (readonly CompiledSchedule[])[]

/** Short, and equal for equal standings of one release. */
export const standingName = (standing: Standing): string =>
  standing.map((group) => group.map(({index}) => index).join('=')).join('>')

export interface Standings {
  /** What covers the member at one level, best first. What can never be asked is left out. */
  at(level: AudienceLevel, context: MemberContext, channels: ChannelSet): Standing
  /** The schedules of a level that the channels allow, whoever the member is. */
  candidates(level: AudienceLevel, channels: ChannelSet): readonly CompiledSchedule[]
}

const NOBODY: Standing = []

/** Each level finds its schedules by the member's own keys, so that a decision asks few of many. */
export function createStandings(compiled: readonly CompiledSchedule[]): Standings {
  const byLevel = new Map(
    LEVELS.map((level) => [level, createKeyed(compiled.filter((one) => one.level === level))] as const),
  )
  return {
    at: (level, context, channels) => {
      const found = byLevel.get(level)?.of(context, channels) ?? []
      return found.length === 0 ? NOBODY : rank(found, context, channels)
    },
    candidates: (level, channels) => byLevel.get(level)?.through(channels) ?? [],
  }
}

function rank(found: readonly CompiledSchedule[], context: MemberContext, channels: ChannelSet): Standing {
  const covering = found.filter(({schedule}) => isInAudience(schedule.audience, context, channels.ids))
  const [only, ...others] = covering
  if (!only) return NOBODY
  if (others.length === 0) return [[only]]
  const ranked = covering
    .map((one) => ({one, rank: specificity(one.schedule, context, channels.matches)}))
    .sort((a, b) => compareSpecificity(a.rank, b.rank) || (a.one.id < b.one.id ? -1 : 1))
  const groups: {readonly rank: readonly number[]; readonly members: CompiledSchedule[]}[] = []
  for (const {one, rank} of ranked) {
    const last = groups.at(-1)
    if (last && compareSpecificity(last.rank, rank) === 0) last.members.push(one)
    else if (last?.members.some(isAlwaysThere)) break
    else groups.push({rank, members: [one]})
  }
  return groups.map(({members}) => members)
}

const isAlwaysThere = ({schedule}: CompiledSchedule): boolean =>
  schedule.validFromMs === undefined && schedule.validToMs === undefined

interface Keyed {
  of(context: MemberContext, channels: ChannelSet): readonly CompiledSchedule[]
  through(channels: ChannelSet): readonly CompiledSchedule[]
}

/** Schedules under one dimension of theirs: channel, else member, else department, else role, else for everybody. */
function createKeyed(own: readonly CompiledSchedule[]): Keyed {
  const byChannel = new Map<string, CompiledSchedule[]>()
  const byMember = new Map<string, CompiledSchedule[]>()
  const byDepartment = new Map<string, CompiledSchedule[]>()
  const byRole = new Map<string, CompiledSchedule[]>()
  const others: CompiledSchedule[] = []
  for (const one of own) {
    const {channels, members, departments, roles} = one.schedule.audience
    if (channels.length > 0) put(byChannel, channels, one)
    else if (members.length > 0)
      put(
        byMember,
        members.map((id) => id.toLowerCase()),
        one,
      )
    else if (departments.length > 0) put(byDepartment, departments, one)
    else if (roles.length > 0) put(byRole, roles, one)
    else others.push(one)
  }
  const through = ({ids}: ChannelSet): CompiledSchedule[] => once(ids.map((id) => byChannel.get(id)))
  return {
    of: ({member, departments, roles}, channels) => {
      const lists: (readonly CompiledSchedule[] | undefined)[] = []
      if (byChannel.size > 0) for (const id of channels.ids) lists.push(byChannel.get(id))
      if (byMember.size > 0) lists.push(byMember.get(member.id.toLowerCase()))
      if (byDepartment.size > 0)
        for (const own of departments) for (const path of ancestry(own)) lists.push(byDepartment.get(path))
      if (byRole.size > 0) for (const role of roles) lists.push(byRole.get(role))
      lists.push(others)
      return once(lists)
    },
    through: (channels) => (byChannel.size > 0 ? through(channels) : own),
  }
}

function put(map: Map<string, CompiledSchedule[]>, keys: readonly string[], one: CompiledSchedule): void {
  for (const key of new Set(keys)) putUnder(map, key, one)
}

/** The lists as one, each schedule once. */
function once(lists: readonly (readonly CompiledSchedule[] | undefined)[]): CompiledSchedule[] {
  const filled = lists.filter(
    (list) => list !== undefined && list.length > 0,
  ) as readonly (readonly CompiledSchedule[])[]
  return filled.length > 1 ? [...new Set(filled.flat())] : [...(filled[0] ?? [])]
}
