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
  /** Customer tags (`组/标签`) of the channels a state belongs to, best channel first. */
  tagsOf(state: string): readonly string[]
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
  readonly isLeaver: boolean
  readonly levels: readonly AudienceLevel[]
  /** Levels that have somebody to ask, by channel key. */
  readonly paths: Map<string, Path>
  /** The one without a channel, which is asked most. */
  direct: Path | undefined
}

type Path = readonly {readonly level: AudienceLevel; readonly line: LevelLine}[]

/** A member who changes at known instants, with his standpoint before the first, and after each of them. */
interface Changing {
  readonly member: Member
  /** In order. */
  readonly edges: readonly number[]
  readonly standpoints: (Standpoint | undefined)[]
}

/** Where a member stands, and until when. */
interface Placed {
  readonly standpoint: Standpoint
  readonly untilMs: number
}

/** What one query came to, and until when nothing about it changes. */
interface Answer {
  readonly choice: Choice
  readonly untilMs: number
}

const STRANGER: Omit<Member, 'id'> = {departments: [], roles: [], attributes: {}, status: 'active', facts: {}}
const EVERYBODY_ONLY: readonly AudienceLevel[] = ['everybody']
const NO_NOTICES: readonly ChoiceNotice[] = []
const UNKNOWN_STATE: readonly ChoiceNotice[] = ['unknown-state']

export function createGreeter(release: Release, directory: Directory): Greeter {
  const people = createPeople(directory, release)
  const channelsOf = createChannelFinder(release)
  const classOf = createClassifier(release)
  const standings = createStandings(compileSchedules(release))
  const sayAt = createSayer(release)
  const renderer = createRenderer(release, directory, people)
  // Nearly nobody has dated changes: then the standpoint itself is kept, since members may be a million.
  const steady = new Map<string, Standpoint>()
  const changing = new Map<string, Changing>()
  const standpoints = new Map<string, Standpoint>()
  const lines = new Map<string, LevelLine>()
  const rostered = rosteredMembers(release)

  /** Under the directory's spelling only, so that odd spellings cannot fill the memory. */
  const meet = (member: Member): Standpoint | Changing => {
    const edges = people.edgesOf(member)
    if (edges.length === 0) {
      const standpoint = steady.get(member.id) ?? classStandpoint(member, 0)
      steady.set(member.id, standpoint)
      return standpoint
    }
    let one = changing.get(member.id)
    if (!one) {
      one = {member, edges: [...new Set(edges)].sort((a, b) => a - b), standpoints: []}
      changing.set(member.id, one)
    }
    return one
  }

  const epochOf = ({member, edges, standpoints: own}: Changing, atMs: number): Placed => {
    const epoch = countUpTo(edges, atMs)
    const standpoint = (own[epoch] ??= classStandpoint(member, atMs))
    return {standpoint, untilMs: edges[epoch] ?? Infinity}
  }

  /** `undefined` for somebody the directory does not know. */
  const placeOf = (id: string, atMs: number): Placed | undefined => {
    const same = steady.get(id)
    if (same) return {standpoint: same, untilMs: Infinity}
    const moving = changing.get(id)
    if (moving) return epochOf(moving, atMs)
    const member = people.find(id)
    if (!member) return undefined
    const met = meet(member)
    return 'edges' in met ? epochOf(met, atMs) : {standpoint: met, untilMs: Infinity}
  }

  const intern = (key: string, context: MemberContext, left: boolean, levels: readonly AudienceLevel[]): Standpoint => {
    let found = standpoints.get(key)
    if (!found) standpoints.set(key, (found = {context, isLeaver: left, levels, paths: new Map(), direct: undefined}))
    return found
  }

  const classStandpoint = (member: Member, atMs: number): Standpoint => {
    const context = people.contextOf(member, atMs)
    const left = isLeaver(member, atMs)
    return intern(`${left ? 'left' : 'here'}\n${classOf(context)}`, context, left, left ? EVERYBODY_ONLY : LEVELS)
  }

  const stranger = (id: string): Standpoint => {
    const context: MemberContext = {member: {id, ...STRANGER}, departments: [], roles: new Set()}
    return intern(`stranger\n${classOf(context)}`, context, false, EVERYBODY_ONLY)
  }

  const pathOf = (standpoint: Standpoint, channels: ChannelSet): Path => {
    const isDirect = channels.key === ''
    const found = isDirect ? standpoint.direct : standpoint.paths.get(channels.key)
    if (found) return found
    const path = standpoint.levels.flatMap((level) => {
      const line = sharedLine(standings.at(level, standpoint.context, channels))
      return line ? [{level, line}] : []
    })
    if (isDirect) standpoint.direct = path
    else standpoint.paths.set(channels.key, path)
    return path
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
    const placed = placeOf(query.member, query.atMs)
    const isUnknownState = query.state !== undefined && query.state !== '' && channels.ids.length === 0
    const notices = isUnknownState ? UNKNOWN_STATE : NO_NOTICES
    if (!placed) {
      because?.push(say.unknownMember(query.member))
      return walk(stranger(query.member), query, channels, [...notices, 'unknown-member'], Infinity, because)
    }
    const {standpoint, untilMs} = placed
    return standpoint.isLeaver
      ? answerForLeaver(standpoint, query, channels, notices, because)
      : walk(standpoint, query, channels, notices, untilMs, because)
  }

  const answerForLeaver = (
    standpoint: Standpoint,
    query: Query,
    channels: ChannelSet,
    notices: readonly ChoiceNotice[],
    because?: Words[],
  ): Answer => {
    const {atMs} = query
    const member = people.find(query.member) ?? standpoint.context.member
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
    for (const {level, line} of pathOf(standpoint, channels)) {
      const {verdict, toMs} = line.stretchAt(query)
      if (toMs < untilMs) untilMs = toMs
      if (verdict.notices.length > 0) notices = [...new Set([...notices, ...verdict.notices])]
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
    tagsOf: (state) => [...new Set(channelsOf(state).ids.flatMap((id) => release.channels[id]?.tags ?? []))],
    *choicesUntil(query, untilMs) {
      for (let atMs = query.atMs; atMs < untilMs;) {
        const {choice, untilMs: nextMs} = answer({...query, atMs})
        yield choice
        atMs = nextMs
      }
    },
    laneOf: (query) => {
      const channels = channelsOf(query.state)
      const placed = placeOf(query.member, query.atMs)
      const standpoint = placed?.standpoint ?? stranger(query.member)
      const path = pathOf(standpoint, channels)
      const id = query.member.toLowerCase()
      // A leaver's words depend on who follows him, and when.
      const isOwn = standpoint.isLeaver || (rostered.has(id) && path.some(({line}) => line.hasShifts))
      const key = path.map(({level, line}) => `${level} ${line.name}`).join(' | ')
      return {
        key: placed && isOwn ? `${key} @${id}` : key,
        asksDuty: path.some(({line}) => line.asksDuty),
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
