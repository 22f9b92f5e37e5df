import {createSayers} from '../greet/sayers.js'
import type {Change} from '../model/change.js'
import type {Config} from '../model/config.js'
import type {Remark} from '../model/finding.js'
import type {Lock} from '../model/lock.js'
import {isZoneName} from '../model/zone.js'
import {worldOf} from '../release/assemble-release.js'
import type {FactChange, FactComparison} from './compare-facts.js'
import {deletionLocks} from './deletions.js'
import {findChanges} from './find-changes.js'
import {evaluateGrowth, type Growth} from './growth.js'
import {hasSameRights, heldGrants} from './held-rights.js'
import {linkDangers} from './link-dangers.js'
import {limitsOf, measureLocks} from './measure-locks.js'
import {measure} from './measures.js'
import {printedCodeDangers} from './printed-codes.js'
import {registryDangers} from './registry-dangers.js'
import {createRegistry} from './registry.js'
import {rightDangers} from './right-dangers.js'
import {type Baseline, rollingLocks} from './rolling.js'
import {differingUnits} from './shown-units.js'
import {wordingFindings} from './wording-findings.js'

export interface GuardResult {
  readonly changes: readonly Change[]
  readonly locks: readonly Lock[]
  /** Links of the whole release, whether they lock or not. */
  readonly links: Pick<FactComparison, 'kept' | 'changed' | 'total'>
  readonly templates: readonly {
    readonly id: string
    readonly links: {readonly changed: number; readonly total: number}
    readonly keyFacts: {readonly changed: number; readonly total: number}
  }[]
  /** Every fact a customer acts on that changes, those of new and deleted templates included. */
  readonly facts: readonly (Pick<FactChange, 'kind' | 'before' | 'after'> & {readonly template: string})[]
  /** Members whose welcome this change touches, before and after. */
  readonly people: {readonly before: number; readonly after: number}
  readonly growth: Growth
  /** What does not lock: wording (errors), a grown audience and protected departments (warnings). */
  readonly findings: readonly Remark[]
}

export interface GuardHistory {
  /** What was last fully approved so many days ago, or later where a lock was opened since. */
  readonly baselines?: readonly Baseline[]
  /** The head was once fully promoted and never quarantined: going back to it is not measured, only its dangers count. */
  readonly isReturn?: boolean
}

/**
 * What changed from base to head, and what of it locks. Limits, registry, word lists and rights come from the base: a
 * change cannot relax its own guard.
 */
export function evaluateGuard(
  written: Config,
  head: Config,
  nowMs: number,
  {baselines = [], isReturn = false}: GuardHistory = {},
): GuardResult {
  const base = withSoundZone(written)
  const units = differingUnits(base, head)
  const changes = findChanges(base, head, units)
  const touched = units.flatMap(({before, after}) =>
    (after ?? before)?.kind === 'template' ? [(after ?? before)?.id ?? ''] : [],
  )
  const measures = measure(base, head, new Set(touched))
  const limits = limitsOf(base)
  const held = {before: heldGrants(base, nowMs), after: heldGrants(head, nowMs)}
  const worlds = {before: worldOf(base), after: worldOf(head)}
  const {growth, findings} = evaluateGrowth(base, head, worlds, nowMs)
  // Where nobody has agreed to anything yet, nothing has changed, and what comes first has to register itself.
  const isFirst = isEmpty(base)
  const registry = {before: createRegistry(isFirst ? head : base, nowMs), after: createRegistry(head, nowMs)}
  const {release, templates} = measures
  const locks = [
    ...(isReturn
      ? []
      : [
          ...measureLocks(base.templates.size > 0 ? measures : {...measures, release: NOTHING}, limits),
          ...deletionLocks(base, head, held, limits.deletions),
        ]),
    ...linkDangers(units, registry.before),
    ...registryDangers(units, head, registry.before, registry.after),
    ...printedCodeDangers(base, head, nowMs),
    ...(hasSameRights(base, head) ? [] : rightDangers(base, head, held, nowMs)),
  ]
  return {
    changes,
    locks: isReturn ? locks : [...locks, ...rollingLocks(baselines, head, measures, limits, locks)],
    links: {kept: release.kept, changed: release.changed, total: release.total},
    templates: templates.map(({id, links, keyFacts}) => ({
      id,
      links: {changed: links.changed, total: links.total},
      keyFacts: {changed: keyFacts.changed, total: keyFacts.total},
    })),
    facts: [...templates, ...measures.oneSided].flatMap(({id, keyFacts}) =>
      keyFacts.changes.map(({kind, before, after}) => ({template: id, kind, before, after})),
    ),
    people: {before: growth.before, after: growth.after},
    growth,
    findings: [...wordingFindings(base, head, touched, createSayers(worlds.after, nowMs)), ...findings],
  }
}

const NOTHING: FactComparison = {kept: 0, changed: 0, total: 0, changes: []}

const isEmpty = ({templates, links}: Config): boolean =>
  templates.size === 0 && (links.value.hosts ?? []).length + (links.value.miniprograms ?? []).length === 0

/** A base may be older than today's checks; without a zone no date of it means anything. */
const withSoundZone = (config: Config): Config =>
  isZoneName(config.enterprise.value.timezone)
    ? config
    : {...config, enterprise: {...config.enterprise, value: {...config.enterprise.value, timezone: 'UTC'}}}
