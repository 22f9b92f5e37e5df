import {canonicalText, digestOf} from './canonical.js'
import type {Plan, Step} from './plan.js'

/** What a step does, without how it is carried out: this is what people agree to. */
export const effectOf = ({key, action, was, before, after}: Step) => ({
  key,
  action,
  ...(was === undefined ? {} : {was}),
  before,
  after,
})

/** Two steps with the same text have the same effect. */
export const effectText = (step: Step): string => canonicalText(effectOf(step))

/** The digest approvals are bound to: lineage, state serial, policy, release and every effect; no text, no time. */
export const digestOfPlan = (
  plan: Pick<Plan, 'format' | 'lineage' | 'serial' | 'policyDigest' | 'release' | 'steps'>,
): string =>
  digestOf({
    format: plan.format,
    lineage: plan.lineage,
    serial: plan.serial,
    policyDigest: plan.policyDigest,
    release: plan.release,
    steps: plan.steps.map(effectOf),
  })
