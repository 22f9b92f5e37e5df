import {createUnits} from './department-unit.js'

/** One place of a review rule and who may fill it. */
export interface Place {
  readonly id: string
  readonly count: number
  /** No two of one department in it. */
  readonly isDistinct: boolean
  readonly fits: (candidate: Candidate) => boolean
}

export interface Candidate {
  readonly login: string
  readonly department: string
}

export interface Filling {
  readonly filled: readonly {readonly place: string; readonly login: string}[]
  /** How many each place still lacks; places that lack nobody are absent. */
  readonly missing: ReadonlyMap<string, number>
}

const SOURCE = 'source'
const SINK = 'sink'

/**
 * Fills as many places as can be filled at once, one person one place: the greatest flow from places to people, by way of a
 * department that lets one person through where departments have to differ.
 */
export function fillPlaces(places: readonly Place[], candidates: readonly Candidate[]): Filling {
  const unitOf = createUnits(candidates.map(({department}) => department))
  const flow = createFlow()
  for (const place of places) {
    flow.join(SOURCE, `place ${place.id}`, place.count)
    for (const candidate of candidates) {
      if (!place.fits(candidate)) continue
      const lane = `lane ${place.id}\n${place.isDistinct ? unitOf(candidate.department) : ''}`
      flow.join(`place ${place.id}`, lane, place.isDistinct ? 1 : place.count)
      flow.join(lane, `person ${candidate.login}`, 1)
      flow.join(`person ${candidate.login}`, SINK, 1)
    }
  }
  while (flow.augment(SOURCE, new Set())) continue
  const filled = places.flatMap(({id, fits}) =>
    candidates
      .filter((candidate) => fits(candidate))
      .filter(({login}) => flow.lanesInto(`person ${login}`).some((lane) => lane.startsWith(`lane ${id}\n`)))
      .map(({login}) => ({place: id, login})),
  )
  const missing = new Map<string, number>()
  for (const {id, count} of places) {
    const lacks = count - filled.filter(({place}) => place === id).length
    if (lacks > 0) missing.set(id, lacks)
  }
  return {filled, missing}
}

/** Unit-wise augmenting paths over capacities; small graphs only. */
function createFlow() {
  const room = new Map<string, Map<string, number>>()
  const taken = new Map<string, Map<string, number>>()
  const add = (to: Map<string, Map<string, number>>, from: string, node: string, by: number): void => {
    const edges = to.get(from) ?? new Map<string, number>()
    to.set(from, edges)
    edges.set(node, (edges.get(node) ?? 0) + by)
  }
  const augment = (node: string, seen: Set<string>): boolean => {
    if (node === SINK) return true
    seen.add(node)
    for (const [next, left] of room.get(node) ?? [])
      if (left > 0 && !seen.has(next) && augment(next, seen)) {
        add(room, node, next, -1)
        add(room, next, node, 1)
        add(taken, node, next, 1)
        add(taken, next, node, -1)
        return true
      }
    return false
  }
  return {
    /** Joins two nodes; joining them again changes nothing. */
    join: (from: string, to: string, capacity: number): void => {
      if (!room.get(from)?.has(to)) add(room, from, to, capacity)
    },
    augment,
    lanesInto: (node: string): string[] =>
      [...taken].filter(([, edges]) => (edges.get(node) ?? 0) > 0).map(([from]) => from),
  }
}
