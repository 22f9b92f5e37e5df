import type {Choice, ChoiceNotice, ChosenSlot, Query, Welcome} from '../model/choice.js'
import type {Directory, Member} from '../model/directory.js'
import type {Release} from '../model/release.js'
import type {Words} from '../model/words.js'
import {type ChannelMatch, createChannelFinder} from './channel-match.js'
import {createPeople, isInAudience, isLeaver, type MemberContext, type People} from './member-context.js'
import {createRenderer, type RenderOptions} from './render-welcome.js'
import * as say from './say-why.js'
import {type CompiledSchedule, compileSchedules, createSayer, sameSaying} from './say-at.js'
import {type AudienceLevel, compareSpecificity, LEVELS, specificity} from './specificity.js'
import {isValid} from './validity.js'

/** Chooses and renders from memory: one release, one directory, no I/O. */
export interface Greeter {
  choose(query: Query): Choice
  render(choice: Choice, options?: RenderOptions): Welcome
  readonly people: People
  /** Schedules that may hold for the member and state from then on; for finding the next change. */
  relevantSchedules(query: Query): readonly CompiledSchedule[]
}

interface Asked {
  readonly query: Query
  readonly context: MemberContext
  readonly channels: readonly ChannelMatch[]
  readonly because: Words[]
  readonly notices: Set<ChoiceNotice>
}

const STRANGER: Omit<Member, 'id'> = {departments: [], roles: [], attributes: {}, status: 'active', facts: {}}

export function createGreeter(release: Release, directory: Directory): Greeter {
  const people = createPeople(directory, release)
  const findChannels = createChannelFinder(release.channels)
  const compiled = compileSchedules(release)
  const sayAt = createSayer(release)
  const byLevel = new Map(LEVELS.map((level) => [level, compiled.filter((one) => one.level === level)]))
  const renderer = createRenderer(release, directory, people)

  const choose = (query: Query): Choice => {
    const member = people.find(query.member)
    const channels = findChannels(query.state)
    const context = member
      ? people.contextOf(member, query.atMs)
      : {member: {id: query.member, ...STRANGER}, departments: [], roles: new Set<string>()}
    const asked: Asked = {query, context, channels, because: [], notices: new Set()}
    if (query.state && channels.length === 0) asked.notices.add('unknown-state')
    if (!member) {
      asked.notices.add('unknown-member')
      asked.because.push(say.unknownMember(query.member))
      return chooseByLevel(asked, ['everybody'])
    }
    if (!isLeaver(member, query.atMs)) return chooseByLevel(asked, LEVELS)
    return chooseForLeaver(asked, member)
  }

  const chooseForLeaver = (asked: Asked, member: Member): Choice => {
    const successor = people.successorOf(member, asked.query.atMs)
    const template = release.greet.successor
    asked.because.push(say.leaver(member.id, successor?.id))
    if (!successor) asked.notices.add('successor-missing')
    const valid = template !== undefined && isValid(release.templates[template], asked.query.atMs)
    if (successor && valid) return choiceOf(asked, 'leaver', {template, successor: successor.id})
    return chooseByLevel(asked, ['everybody'])
  }

  const chooseByLevel = (asked: Asked, levels: readonly AudienceLevel[]): Choice => {
    for (const level of levels) {
      const found = chooseAtLevel(asked, level)
      if (found) return found
    }
    asked.because.push(say.builtIn())
    return choiceOf(asked, 'built-in', {})
  }

  const chooseAtLevel = (asked: Asked, level: AudienceLevel): Choice | null => {
    const best = bestAt(asked, level)
    const [first] = best
    if (!first) return null
    const sayings = best.map((one) => ({one, saying: sayAt(one, asked.query, asked.notices)}))
    const saying = sayings[0]?.saying
    if (!saying || sayings.some(({saying: other}) => !sameSaying(saying, other))) {
      asked.notices.add('ambiguous')
      asked.because.push(
        say.ambiguous(
          level,
          best.map(({id}) => id),
        ),
      )
      return null
    }
    if (saying.says === 'tie') {
      asked.notices.add('ambiguous')
      asked.because.push(say.slotTie(first.id))
      return null
    }
    if (saying.says === 'inherit' || saying.says === 'nothing') {
      asked.because.push(saying.says === 'inherit' ? say.inherits(first.id) : say.nothingValid(first.id))
      return null
    }
    asked.because.push(
      say.holds(level, first.id, first.schedule, saying.slot, saying.says === 'silent' ? null : saying.template),
    )
    return choiceOf(asked, level, {
      schedule: first.id,
      slot: saying.slot,
      ...(saying.says === 'silent' ? {silent: true} : {template: saying.template}),
    })
  }

  /** The schedules that share the first place, by id. */
  const bestAt = ({query, context, channels}: Asked, level: AudienceLevel): CompiledSchedule[] => {
    const ids = channels.map(({id}) => id)
    const matching = (byLevel.get(level) ?? []).filter(
      ({schedule}) => isValid(schedule, query.atMs) && isInAudience(schedule.audience, context, ids),
    )
    const ranked = matching
      .map((one) => ({one, rank: specificity(one.schedule, context, channels)}))
      .sort((a, b) => compareSpecificity(a.rank, b.rank))
    const top = ranked[0]?.rank
    return top ? ranked.filter(({rank}) => compareSpecificity(rank, top) === 0).map(({one}) => one) : []
  }

  return {
    choose,
    render: (choice, options = {}) => renderer.render(choice, options),
    people,
    relevantSchedules: ({member: id, atMs, state}) => {
      const member = people.find(id)
      const channels = findChannels(state).map((match) => match.id)
      // Who somebody is changes only at his own edges.
      const contexts = member
        ? [atMs, ...people.edgesOf(member).filter((edge) => edge > atMs)].map((ms) => people.contextOf(member, ms))
        : []
      return compiled.filter(
        ({schedule, level}) =>
          level === 'everybody' || contexts.some((context) => isInAudience(schedule.audience, context, channels)),
      )
    },
  }
}

interface Found {
  readonly template?: string
  readonly silent?: boolean
  readonly schedule?: string
  readonly slot?: ChosenSlot | null
  readonly successor?: string
}

const choiceOf = ({query, channels, notices, because}: Asked, level: Choice['level'], found: Found): Choice => ({
  member: query.member,
  atMs: query.atMs,
  level,
  template: found.template ?? null,
  silent: found.silent ?? false,
  schedule: found.schedule ?? null,
  slot: found.slot ?? null,
  channels: channels.map(({id}) => id),
  ...(found.successor === undefined ? {} : {successor: found.successor}),
  notices: [...notices].sort(),
  because,
})
