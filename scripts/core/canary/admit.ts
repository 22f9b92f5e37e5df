import type {Arm} from '../model/outcome.js'

/** Who has heard the canary so far, by keyed hash, and how many may. */
export interface Exposure {
  readonly people: ReadonlySet<string>
  readonly maxPeople: number
}

export interface Admission {
  readonly arm: Arm
  /** The hash says canary, the budget says no. */
  readonly diverted: boolean
  /** A person who was not counted yet and now must be, before anything is said to him. */
  readonly counts: boolean
}

/** A person counted once stays in the canary; when the budget is spent, later ones hear the stable release. */
export function admit(arm: Arm, person: string, {people, maxPeople}: Exposure): Admission {
  if (arm === 'stable') return {arm, diverted: false, counts: false}
  if (people.has(person)) return {arm, diverted: false, counts: false}
  if (people.size >= maxPeople) return {arm: 'stable', diverted: true, counts: false}
  return {arm, diverted: false, counts: true}
}

/** One responder's part of the budget: parts never add up to more than the whole. */
export const shareOfBudget = (maxPeople: number, responders: number): number =>
  Math.floor(maxPeople / Math.max(1, Math.floor(responders)))
