import {createHash} from 'node:crypto'
import {canonicalText} from '../model/canonical.js'
import type {Choice, ChoiceNotice} from '../model/choice.js'
import type {Directory} from '../model/directory.js'
import type {Release} from '../model/release.js'
import {createGreeter, type Greeter} from './create-greeter.js'
import {collectLanes, type LaneQuestion} from './lanes.js'
import {createClassifier} from './member-classes.js'
import {rosteredMembers} from './rostered.js'
import {answerKey, stretchesOf} from './stretches.js'
import {sampleStates} from './ways.js'

/** Something that some people meet at some time. */
export interface Met {
  readonly members: readonly string[]
  readonly state: string | undefined
  readonly fromMs: number
}

/** What a year of questions came to. */
export interface Rehearsal {
  /** The one that was asked; it remembers every answer. */
  readonly greeter: Greeter
  /** SHA-256 over the release, the directory and every answer; equal on every machine, in every zone and file order. */
  readonly digest: string
  readonly members: number
  readonly states: number
  /** Lanes: questions left when everybody who gets the same answers is asked once. */
  readonly lanes: readonly LaneQuestion[]
  /** Instants at which an answer changes, over all lanes. */
  readonly edges: number
  /** Answers asked for: at each edge, a second before and a second after it. */
  readonly probes: number
  /** Members in service who have only the built-in text to say, from the first such instant on. */
  readonly gaps: readonly Met[]
  /** Schedules that tie: a level is skipped. */
  readonly conflicts: readonly Met[]
  /** Where an answer at an instant and the walk over time disagree; a defect of the program. */
  readonly contradictions: readonly Met[]
  readonly notices: Readonly<Partial<Record<ChoiceNotice, Met>>>
}

const SECOND_MS = 1000

/**
 * Asks every lane at every instant at which its answer may change, a second before and a second after, from `fromMs` up
 * to `untilMs`. The instants are asked of a greeter of their own, latest first, so that what one greeter remembers cannot
 * agree with itself.
 */
export function rehearse(release: Release, directory: Directory, fromMs: number, untilMs: number): Rehearsal {
  const walker = createGreeter(release, directory)
  const prober = createGreeter(release, directory)
  const states = sampleStates([release])
  const lanes = collectLanes(walker, createClassifier(release), rosteredMembers(release), states, fromMs, untilMs)
  const hash = createHash('sha256')
  hash.update(canonicalText({release, directory, fromMs, untilMs}))
  const found = {gaps: [] as Met[], conflicts: [] as Met[], contradictions: [] as Met[]}
  const notices: Partial<Record<ChoiceNotice, Met>> = {}
  let edges = 0
  let probes = 0
  for (const lane of lanes) {
    const stretches = stretchesOf(walker, lane)
    const met = ({atMs}: Choice): Met => ({members: lane.members, state: lane.query.state, fromMs: atMs})
    const note = (list: Met[], choice: Choice | undefined): void => void (choice && list.push(met(choice)))
    hash.update(
      `\n# ${lane.query.member} ${lane.members.length} ${lane.query.state ?? ''} ${String(lane.query.onDuty)}`,
    )
    for (const choice of stretches) {
      hash.update(`\n${choice.atMs} ${answerKey(choice)}`)
      for (const notice of choice.notices) notices[notice] ??= met(choice)
    }
    if (!lane.isLeaver)
      note(
        found.gaps,
        stretches.find(({level}) => level === 'built-in'),
      )
    note(
      found.conflicts,
      stretches.find((choice) => choice.notices.includes('ambiguous')),
    )
    edges += stretches.length - 1
    const asked = probe(prober, lane, stretches)
    probes += asked.probes
    if (asked.contradicts !== undefined) found.contradictions.push({...met(asked.contradicts)})
  }
  return {
    greeter: walker,
    digest: hash.digest('hex'),
    members: directory.members.length,
    states: states.length - 1,
    lanes,
    edges,
    probes,
    ...found,
    notices,
  }
}

function probe(
  prober: Greeter,
  {query, untilMs}: LaneQuestion,
  stretches: readonly Choice[],
): {readonly probes: number; readonly contradicts: Choice | undefined} {
  let probes = 0
  let contradicts: Choice | undefined
  for (let at = stretches.length - 1; at >= 0; at--) {
    const edge = stretches[at]
    if (!edge) continue
    for (const atMs of [edge.atMs + SECOND_MS, edge.atMs, edge.atMs - SECOND_MS]) {
      if (atMs < query.atMs || atMs >= untilMs) continue
      probes++
      const expected = holdingAt(stretches, at, atMs)
      if (answerKey(prober.choose({...query, atMs})) !== answerKey(expected)) contradicts = {...expected, atMs}
    }
  }
  return {probes, contradicts}
}

/** The stretch an instant near the one at `index` falls into. */
function holdingAt(stretches: readonly Choice[], index: number, atMs: number): Choice {
  let at = index
  while (at > 0 && (stretches[at]?.atMs ?? 0) > atMs) at--
  while ((stretches[at + 1]?.atMs ?? Infinity) <= atMs) at++
  const found = stretches[at]
  if (!found) throw new RangeError(`no stretch at ${index}`)
  return found
}
