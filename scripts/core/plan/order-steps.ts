import type {Action, Phase, Step, StepKind} from '../model/plan.js'
import {byText} from './plan-part.js'

const PHASES: Readonly<Record<Phase, number>> = {expand: 0, flip: 1, contract: 2}
const ACTIONS: Readonly<Record<Action, number>> = {create: 0, update: 1, delete: 2}
const KINDS: Readonly<Record<StepKind, number>> = {
  media: 0,
  'corp-tag': 1,
  'member-tag': 2,
  'contact-way': 3,
  'group-welcome': 4,
  'member-tag-users': 5,
  release: 6,
  directory: 7,
}

/** One order for one set of steps, and every step behind those it needs. */
export const orderSteps = (steps: readonly Step[]): Step[] =>
  [...steps].sort(
    (a, b) =>
      PHASES[a.phase] - PHASES[b.phase] ||
      KINDS[a.kind] - KINDS[b.kind] ||
      ACTIONS[a.action] - ACTIONS[b.action] ||
      byText(a.id, b.id),
  )
