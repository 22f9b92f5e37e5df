import {canonicalText, sha256} from '../../scripts/core/model/canonical.js'
import type {Plan, State, Step} from '../../scripts/core/model/plan.js'
import {assemblePlan, type PlanFacts} from '../../scripts/core/plan/assemble-plan.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {aConfig, type ConfigParts} from '../apply/a-config.js'

export const NOW_MS = Date.UTC(2026, 10, 24, 2, 0, 0)

export const aState = (changes: Partial<State> = {}): State => ({
  format: 1,
  lineage: 'lineage-1',
  serial: 5,
  stable: null,
  promoted: [],
  quarantined: [],
  directory: null,
  resources: {},
  ambiguous: {},
  orphans: [],
  underway: null,
  pending: null,
  ...changes,
})

export function factsOf(parts: ConfigParts, changes: Partial<PlanFacts> = {}): PlanFacts {
  const config = aConfig(parts)
  const release = assembleRelease(config)
  const directory = assembleDirectory(config)
  return {
    config,
    release,
    releaseDigest: sha256(canonicalText(release)),
    directory,
    directoryDigest: sha256(canonicalText(directory)),
    state: aState(),
    live: null,
    policyDigest: 'p'.repeat(64),
    media: [],
    people: {before: 0, after: 3},
    nowMs: NOW_MS,
    ...changes,
  }
}

export const planOf = (parts: ConfigParts, changes: Partial<PlanFacts> = {}): Plan =>
  assemblePlan(factsOf(parts, changes))

export const stepOf = (plan: Plan, key: string): Step | undefined => plan.steps.find((step) => step.key === key)

/** The state after every step of a plan was done, with made-up ids. */
export function afterPlan(plan: Plan, state: State): State {
  const resources = {...state.resources}
  let {stable, directory} = state
  for (const {key, kind, id, was, action, after} of plan.steps) {
    if (kind === 'release') stable = String(after)
    else if (kind === 'directory') directory = String(after)
    else if (kind !== 'media') {
      const remoteId = resources[was ?? key]?.remoteId ?? `remote of ${key}`
      delete resources[was ?? key]
      if (action !== 'delete') resources[key] = {kind, id, remoteId, digest: '', value: after}
    }
  }
  return {...state, stable, directory, resources}
}
