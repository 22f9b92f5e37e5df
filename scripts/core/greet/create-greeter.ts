import type {Choice, ChoiceLevel, ChoiceNotice, Query, Welcome} from '../model/choice.js'
import type {Directory, Member} from '../model/directory.js'
import type {Release} from '../model/release.js'
import type {Words} from '../model/words.js'
import {type ChannelSet, createChannelFinder} from './channel-match.js'
import {createLevelLine, type LevelLine, type Settled} from './level-line.js'
import {createClassifier} from './member-classes.js'
import {createPeople, isLeaver, type MemberContext, type People} from './member-context.js'
import {createRenderer, type RenderOptions} from './render-welcome.js'
import {rosteredMembers} from './rostered.js'
import * as say from './say-why.js'
import {compileSchedules, createSayer} from './say-at.js'
import {type AudienceLevel, LEVELS} from './specificity.js'
import {createStandings, type Standing, standingName} from './standings.js'
import {isValid} from './validity.js'

/** Chooses and renders from memory: one release, one directory, no I/O. */
export interface Greeter {
  choose(query: Query): Choice
  /** The same choice with the chain of rules that led to it, a sentence each. */
  explain(query: Query): {readonly choice: Choice; readonly because: readonly Words[]}
  render(choice: Choice, options?: RenderOptions): Welcome
  /** The choice at the query's instant, and again after every instant at which it may change, up to `untilMs`. */
  choicesUntil(query: Query, untilMs: number): Generator<Choice>
  /**
   * Which lane of answers a member is in at an instant: two members in one lane get the same choices until either of
   * them changes, so that a rehearsal asks one of them.
   */
  laneOf(query: Query): Lane
  readonly people: People
}

export interface Lane {
  readonly key: string
  /** Some slot on the way holds only while check-in says the member is at work. */
  readonly asksDuty: boolean
}

/** Who the member is between two dated changes of his; the same for everybody no audience can tell from him. */
interface Standpoint {
  readonly context: MemberContext
  readonly levels: readonly AudienceLevel[]
  /** Lines by channel key, one a level; `null` until first asked. */
  readonly lines: Map<string, (LevelLine | null)[]>
}

interface Known {
  readonly member: Member
  /** Instants at which he changes, in order. */
  readonly edges: readonly number[]
  readonly standpoints: (Standpoint | undefined)[]
}

/** What one query came to, and until when nothing about it changes. */
interface Answer {
  readonly choice: Choice
  readonly untilMs: number
}

const STRANGER: Omit<Member, 'id'> = {departments: [], roles: [], attributes: {}, status: 'active', facts: {}}
const EVERYBODY_ONLY: readonly AudienceLevel[] = ['everybody']
const NO_NOTICES: readonly ChoiceNotice[] = []

export function createGreeter(release: Release, directory: Directory): Greeter {
  const people = createPeople(directory, release)
  const channelsOf = createChannelFinder(release)
  const classOf = createClassifier(release)
  const standings = createStandings(compileSchedules(release))
  const sayAt = createSayer(release)
  const renderer = createRenderer(release, directory, people)
  const known = new Map<string, Known>()
  const standpoints = new Map<string, Standpoint>()
  const lines = new Map<string, LevelLine>()
  const rostered = rosteredMembers(release)

  const knownOf = (id: string): Known | undefined => {
    const found = known.get(id)
    if (found) return found
    const member = people.find(id)
    if (!member) return undefined
    // Under the directory's spelling only, so that odd spellings cannot fill the memory.
    let one = known.get(member.id)
    if (!one) {
      const edges = [...new Set(people.edgesOf(member))].sort((a, b) => a - b)
      known.set(member.id, (one = {member, edges, standpoints: []}))
    }
    return one
  }

  const standpointOf = ({member, edges, standpoints: own}: Known, atMs: number): Standpoint => {
    const epoch = countUpTo(edges, atMs)
    return (own[epoch] ??= classStandpoint(member, atMs))
  }

  const classStandpoint = (member: Member, atMs: number): Standpoint => {
    const context = people.contextOf(member, atMs)
    const left = isLeaver(member, atMs)
    const key = `${left ? 'left' : 'here'}\n${classOf(context)}`
    let found = standpoints.get(key)
    if (!found) standpoints.set(key, (found = {context, levels: left ? EVERYBODY_ONLY : LEVELS, lines: new Map()}))
    return found
  }

  const stranger = (id: string): Standpoint => {
    const context: MemberContext = {member: {id, ...STRANGER}, departments: [], roles: new Set()}
    const key = `stranger\n${classOf(context)}`
    let found = standpoints.get(key)
    if (!found) standpoints.set(key, (found = {context, levels: EVERYBODY_ONLY, lines: new Map()}))
    return found
  }

  const lineOf = (standpoint: Standpoint, at: number, channels: ChannelSet): LevelLine | null => {
    let row = standpoint.lines.get(channels.key)
    if (!row) standpoint.lines.set(channels.key, (row = []))
    const found = row[at]
    if (found !== undefined) return found
    const level = standpoint.levels[at]
    return (row[at] = level ? sharedLine(standings.at(level, standpoint.context, channels)) : null)
  }

  /** Standings are few, however many people share them. */
  const sharedLine = (standing: Standing): LevelLine | null => {
    if (standing.length === 0) return null
    const key = standingName(standing)
    let line = lines.get(key)
    if (!line) lines.set(key, (line = createLevelLine(standing, sayAt)))
    return line
  }

  const answer = (query: Query, because?: Words[]): Answer => {
    const channels = channelsOf(query.state)
    const one = knownOf(query.member)
    const isUnknownState = query.state !== undefined && query.state !== '' && channels.ids.length === 0
    const notices = isUnknownState ? ['unknown-state' as const] : NO_NOTICES
    if (!one) {
      because?.push(say.unknownMember(query.member))
      return walk(stranger(query.member), query, channels, [...notices, 'unknown-member'], Infinity, because)
    }
    const standpoint = standpointOf(one, query.atMs)
    const untilMs = one.edges[countUpTo(one.edges, query.atMs)] ?? Infinity
    return standpoint.levels === LEVELS
      ? walk(standpoint, query, channels, notices, untilMs, because)
      : answerForLeaver(one.member, standpoint, query, channels, notices, because)
  }

  const answerForLeaver = (
    member: Member,
    standpoint: Standpoint,
    query: Query,
    channels: ChannelSet,
    notices: readonly ChoiceNotice[],
    because?: Words[],
  ): Answer => {
    const {atMs} = query
    const successor = people.successorOf(member, atMs)
    const id = release.greet.successor
    const template = id === undefined ? undefined : release.templates[id]
    because?.push(say.leaver(member.id, successor?.id))
    const untilMs = firstAfter(atMs, [
      ...people.successionEdges(member),
      ...(template ? [template.validFromMs, template.validToMs] : []),
    ])
    if (!successor || id === undefined || !isValid(template, atMs))
      return walk(
        standpoint,
        query,
        channels,
        successor ? notices : [...notices, 'successor-missing'],
        untilMs,
        because,
      )
    const choice = {template: id, silent: false, schedule: null, slot: null, successor: successor.id}
    return {choice: {...choiceBase(query, channels, 'leaver', notices), ...choice}, untilMs}
  }

  const walk = (
    standpoint: Standpoint,
    query: Query,
    channels: ChannelSet,
    before: readonly ChoiceNotice[],
    limitMs: number,
    because?: Words[],
  ): Answer => {
    let untilMs = limitMs
    let notices = before
    for (let at = 0; at < standpoint.levels.length; at++) {
      const line = lineOf(standpoint, at, channels)
      if (!line) continue
      const {verdict, toMs} = line.stretchAt(query)
      if (toMs < untilMs) untilMs = toMs
      if (verdict.notices.length > 0) notices = [...new Set([...notices, ...verdict.notices])]
      const level = standpoint.levels[at] ?? 'everybody'
      const words = because ? say.verdict(level, verdict) : null
      if (words) because?.push(words)
      if (verdict.settles) return {choice: settled(query, channels, level, verdict, notices), untilMs}
    }
    because?.push(say.builtIn())
    const nothing = {template: null, silent: false, schedule: null, slot: null}
    return {choice: {...choiceBase(query, channels, 'built-in', notices), ...nothing}, untilMs}
  }

  const choose = (query: Query): Choice => answer(query).choice
  return {
    choose,
    explain: (query) => {
      const because: Words[] = []
      const {choice} = answer(query, because)
      return {choice, because}
    },
    render: (choice, options = {}) => renderer.render(choice, options),
    *choicesUntil(query, untilMs) {
      for (let atMs = query.atMs; atMs < untilMs;) {
        const {choice, untilMs: nextMs} = answer({...query, atMs})
        yield choice
        atMs = nextMs
      }
    },
    laneOf: (query) => {
      const channels = channelsOf(query.state)
      const one = knownOf(query.member)
      const standpoint = one ? standpointOf(one, query.atMs) : stranger(query.member)
      const id = query.member.toLowerCase()
      const found = standpoint.levels.flatMap((_, at) => lineOf(standpoint, at, channels) ?? [])
      // A leaver's words depend on who follows him, and when.
      const isOwn = standpoint.levels !== LEVELS || (rostered.has(id) && found.some(({hasShifts}) => hasShifts))
      const key = found.map((line) => line.name).join(' | ')
      return {
        key: one && isOwn ? `${key} @${id}` : key,
        asksDuty: found.some(({asksDuty}) => asksDuty),
      }
    },
    people,
  }
}

const choiceBase = (
  {member, atMs}: Query,
  {ids}: ChannelSet,
  level: ChoiceLevel,
  notices: readonly ChoiceNotice[],
): Pick<Choice, 'member' | 'atMs' | 'level' | 'channels' | 'notices'> => ({
  member,
  atMs,
  level,
  channels: ids,
  notices: notices.length > 1 ? [...notices].sort() : notices,
})

const settled = (
  {member, atMs}: Query,
  {ids}: ChannelSet,
  level: ChoiceLevel,
  {by, template, slot}: Settled,
  notices: readonly ChoiceNotice[],
): Choice => ({
  member,
  atMs,
  level,
  template,
  silent: template === null,
  schedule: by.id,
  slot,
  channels: ids,
  notices: notices.length > 1 ? [...notices].sort() : notices,
})

/** How many of the sorted edges lie at or before the instant. */
function countUpTo(edges: readonly number[], atMs: number): number {
  let count = 0
  while (count < edges.length && (edges[count] ?? Infinity) <= atMs) count++
  return count
}

const firstAfter = (atMs: number, edges: readonly (number | undefined)[]): number =>
  Math.min(Infinity, ...edges.filter((edge) => edge !== undefined && edge > atMs).map(Number))
