import type {Choice, Query} from '../model/choice.js'
import type {Member} from '../model/directory.js'
import type {Release} from '../model/release.js'
import {createChannelFinder} from './channel-match.js'
import {createGreeter, type Greeter} from './create-greeter.js'
import {type Content, createContentFinder, createFillComparer, differingNames} from './experience-key.js'
import {SUCCESSOR_NAME} from './parse-text.js'
import {createClassifier} from './member-classes.js'
import {isLeaver} from './member-context.js'
import {channelFacts} from './render-welcome.js'
import {stretchesOf} from './stretches.js'
import {rosteredMembers} from './rostered.js'
import type {World} from '../model/world.js'
import {sampleStates} from './ways.js'

export interface Window {
  readonly fromMs: number
  readonly untilMs: number
}

/** What a customer hears; `null` without silence is the built-in text. */
export interface Heard {
  readonly template: string | null
  readonly silent: boolean
}

/** Who lets customers hear something else, through which codes, and when. */
export interface Experience {
  readonly before: Heard
  readonly after: Heard
  /** Userids, sorted. */
  readonly members: readonly string[]
  /** `null` is a customer who came through no code. */
  readonly states: readonly (string | null)[]
  /** In order, half-open. */
  readonly windows: readonly Window[]
  /** One question that shows it, with what both sides answer. */
  readonly example: Query
  readonly texts: {readonly before: string; readonly after: string}
}

/** Members between whom neither side makes a difference, for a time; the first stands for all. */
interface Group {
  readonly members: string[]
  readonly fromMs: number
  readonly untilMs: number
  readonly differing: readonly string[]
}

/**
 * The difference of experiences: every member, code and instant of the time at which a customer hears other words after
 * the change than before. A template that was only renamed changes nothing; a fact that changed, or somebody who moved, does.
 */
export function compareExperiences(before: World, after: World, fromMs: number, untilMs: number): Experience[] {
  const sides = [openSide(before), openSide(after)] as const
  const found = new Map<string, Gathered>()
  const compared = new Map<string, readonly Difference[]>()
  const groups = groupMembers(sides, unionOf(before.directory.members, after.directory.members), fromMs, untilMs)
  for (const state of sampleStates([before.release, after.release])) {
    const codeFacts = differingNames(sides[0].channelFacts(state), sides[1].channelFacts(state))
    for (const group of groups) {
      const [member = ''] = group.members
      const query = {member, atMs: group.fromMs, ...(state === undefined ? {} : {state})}
      const differing = codeFacts.length === 0 ? group.differing : [...new Set([...group.differing, ...codeFacts])]
      const lanes = sides.map(({greeter}) => greeter.laneOf(query))
      const laneKey = lanes.map(({key}) => key).join('\n')
      // Check-in matters only where one of the sides asks for it.
      for (const onDuty of lanes.some(({asksDuty}) => asksDuty) ? [undefined, false] : [undefined]) {
        const asked = {...query, ...(onDuty === undefined ? {} : {onDuty})}
        const key = `${laneKey}\n${group.fromMs} ${group.untilMs} ${String(onDuty)}\n${differing.join()}`
        let differences = compared.get(key)
        if (!differences)
          compared.set(key, (differences = compareOver(sides, asked, group.untilMs, new Set(differing))))
        for (const difference of differences) gather(found, difference, group, state ?? null, asked)
      }
    }
  }
  return mergeEqual([...found.values()])
    .map((one) => experienceOf(one, sides))
    .sort((a, b) => b.members.length - a.members.length || firstOf(a) - firstOf(b))
}

interface Gathered extends Difference {
  readonly members: Set<string>
  readonly states: Set<string | null>
  readonly example: Query
}

/** Groups that meet one difference through the same codes are one; through other codes they are told apart. */
function mergeEqual(found: readonly Gathered[]): Gathered[] {
  const merged = new Map<string, Gathered>()
  for (const one of found) {
    const {before, after, windows, members, states} = one
    const key = JSON.stringify([before, after, windows, [...states]])
    const same = merged.get(key)
    if (!same) merged.set(key, one)
    else for (const id of members) same.members.add(id)
  }
  return [...merged.values()]
}

function experienceOf({members, states, ...one}: Gathered, [before, after]: readonly [OpenSide, OpenSide]): Experience {
  const textOf = ({greeter}: OpenSide): string =>
    greeter.render(greeter.choose(one.example), {missingNames: 'keep'}).text
  return {
    ...one,
    members: [...members].sort(),
    states: [...states],
    texts: {before: textOf(before), after: textOf(after)},
  }
}

const firstOf = ({windows}: Experience): number => windows[0]?.fromMs ?? 0

interface OpenSide {
  readonly release: Release
  readonly greeter: Greeter
  readonly contentOf: (choice: Choice) => Content
  /** Equal for members between whom this side makes no difference at an instant, whatever the code. */
  classAt(id: string, atMs: number): string
  channelFacts(state: string | undefined): Readonly<Record<string, string>>
}

function openSide({release, directory}: World): OpenSide {
  const channelsOf = createChannelFinder(release)
  const classOf = createClassifier(release)
  const rostered = rosteredMembers(release)
  const greeter = createGreeter(release, directory)
  return {
    release,
    greeter,
    classAt: (id, atMs) => {
      const member = greeter.people.find(id)
      if (!member) return 'unknown'
      if (isLeaver(member, atMs) || rostered.has(id.toLowerCase())) return `@${id}`
      return classOf(greeter.people.contextOf(member, atMs))
    },
    contentOf: createContentFinder(release),
    channelFacts: (state) => channelFacts(channelsOf(state).ids, release),
  }
}

/** Cuts each member's time where he changes on either side, and puts together who is alike on both for the same time. */
function groupMembers(
  sides: readonly [OpenSide, OpenSide],
  ids: readonly string[],
  fromMs: number,
  untilMs: number,
): Group[] {
  const groups = new Map<string, Group>()
  const [before, after] = sides
  const compareFill = createFillComparer(before.release, after.release)
  for (const id of ids) {
    const starts = [fromMs, ...cutsOf(id, sides, fromMs, untilMs)]
    for (const [at, start] of starts.entries()) {
      const differing = compareFill(filledAt(before.greeter, id, start), filledAt(after.greeter, id, start))
      const ends = starts[at + 1] ?? untilMs
      const key = [before.classAt(id, start), after.classAt(id, start), start, ends, ...differing].join('\n')
      const found = groups.get(key)
      if (found) found.members.push(id)
      else groups.set(key, {members: [id], fromMs: start, untilMs: ends, differing})
    }
  }
  return [...groups.values()]
}

/** Instants strictly between the two at which the member changes on either side, in order. */
function cutsOf(id: string, sides: readonly OpenSide[], fromMs: number, untilMs: number): number[] {
  const edges = sides.flatMap(({greeter: {people}}) => {
    const member = people.find(id)
    return member ? people.edgesOf(member) : []
  })
  return [...new Set(edges.filter((edge) => edge > fromMs && edge < untilMs))].sort((a, b) => a - b)
}

function filledAt({people}: Greeter, id: string, atMs: number): {member: Member | undefined; department: string} {
  const member = people.find(id)
  return {member, department: member ? (people.contextOf(member, atMs).departments[0] ?? '') : ''}
}

/** Ids of both, sorted; one that only changed its case is one person. */
function unionOf(before: readonly Member[], after: readonly Member[]): string[] {
  const ids = new Map([...before, ...after].map(({id}) => [id.toLowerCase(), id]))
  return [...ids.values()].sort()
}

interface Difference {
  readonly before: Heard
  readonly after: Heard
  readonly windows: readonly Window[]
}

/** Walks both sides together over the instants at which either changes. */
function compareOver(
  [before, after]: readonly [OpenSide, OpenSide],
  query: Query,
  untilMs: number,
  differing: ReadonlySet<string>,
): Difference[] {
  const was = stretchesOf(before.greeter, {query, untilMs})
  const willBe = stretchesOf(after.greeter, {query, untilMs})
  const found = new Map<string, {before: Heard; after: Heard; windows: Window[]}>()
  let [left, right] = [0, 0]
  for (let atMs = query.atMs; atMs < untilMs;) {
    const [a, b] = [was[left], willBe[right]]
    if (!a || !b) break
    const [nextLeft, nextRight] = [was[left + 1]?.atMs ?? untilMs, willBe[right + 1]?.atMs ?? untilMs]
    const ends = Math.min(nextLeft, nextRight)
    if (sounds(before, a) !== sounds(after, b) || fillsIn(before.contentOf(a), differing)) {
      const heard = {before: heardOf(a), after: heardOf(b)}
      const key = JSON.stringify(heard)
      const windows = found.get(key)?.windows ?? []
      if (windows.length === 0) found.set(key, {...heard, windows})
      extend(windows, atMs, ends)
    }
    if (nextLeft === ends) left++
    if (nextRight === ends) right++
    atMs = ends
  }
  return [...found.values()]
}

/** A leaver's words may name who follows him. */
function sounds({contentOf, greeter}: OpenSide, choice: Choice): string {
  const {key, names} = contentOf(choice)
  const {successor} = choice
  return successor === undefined || !names.includes(SUCCESSOR_NAME)
    ? key
    : `${key} ${greeter.people.find(successor)?.displayName ?? ''}`
}

const fillsIn = ({names}: Content, differing: ReadonlySet<string>): boolean =>
  differing.size > 0 && names.some((name) => differing.has(name))

const heardOf = ({template, silent}: Choice): Heard => ({template, silent})

/** Windows that touch are one. */
function extend(windows: Window[], fromMs: number, untilMs: number): void {
  const last = windows.at(-1)
  if (last?.untilMs === fromMs) windows[windows.length - 1] = {...last, untilMs}
  else windows.push({fromMs, untilMs})
}

/** One group's difference, with every code it meets it through. */
function gather(
  found: Map<string, Gathered>,
  difference: Difference,
  group: Group,
  state: string | null,
  example: Query,
): void {
  const key = JSON.stringify([group.members[0], group.fromMs, difference])
  let one = found.get(key)
  if (!one) {
    const atMs = difference.windows[0]?.fromMs ?? example.atMs
    const members = new Set(group.members)
    found.set(key, (one = {...difference, members, states: new Set(), example: {...example, atMs}}))
  }
  one.states.add(state)
}
