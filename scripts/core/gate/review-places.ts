import type {Change} from '../model/change.js'
import {parseDurationMs} from '../model/instant.js'
import type {Words} from '../model/words.js'
import type {WrittenPolicy} from '../model/written.js'
import {type Approval, isWithinTtl, type VoidedApproval, voidApproval} from './approvals.js'
import {type Candidate, fillPlaces, type Place} from './fill-places.js'
import {type Holding, isMemberOf, type Rights, type Target} from './rights.js'

type Rule = NonNullable<WrittenPolicy['review']>[number]
type Need = Rule['need'][number]

/** What one need of one rule asks for, who fills it, and who could fill what is left of it. */
export interface NeedState {
  readonly rule: string
  readonly need: Need
  readonly filledBy: readonly {readonly login: string; readonly holding: Holding | null}[]
  readonly missing: number
  /** Logins that could fill what is missing, were they to approve. */
  readonly couldBe: readonly string[]
}

export interface RuleFacts {
  readonly policy: WrittenPolicy
  readonly changes: readonly Change[]
  readonly targetOf: (change: Change) => Target
  readonly approvals: readonly Approval[]
  readonly rights: Rights
  /** Whether somebody could approve at all: not his own work. */
  readonly mayApprove: (login: string) => boolean
  /** The audience grew far or reached a protected department: one more person has to agree. */
  readonly needsOneMore: boolean
  readonly mergedAtMs: number | null
  readonly nowMs: number
}

export interface RuleVerdict {
  readonly needs: readonly NeedState[]
  /** Kinds of change that no rule speaks of; silence is no approval. */
  readonly uncovered: readonly Change['on'][]
  readonly voided: readonly VoidedApproval[]
}

/** The rule that asks for one more where an audience grew. */
const GROWTH_RULE = '覆盖扩大'

interface Asked extends Place {
  readonly rule: Rule
  readonly need: Need
  readonly targets: readonly Target[]
}

/** Every rule that speaks of a change applies; the places of all of them are filled by different people. */
export function fillReview(facts: RuleFacts): RuleVerdict {
  const {policy, changes, targetOf, approvals, rights, mergedAtMs, nowMs} = facts
  const rules = (policy.review ?? []).filter(({on}) => changes.some((change) => on.includes(change.on)))
  const uncovered = [...new Set(changes.map(({on}) => on))].filter((on) => !rules.some((rule) => rule.on.includes(on)))
  const growth: Rule = {name: GROWTH_RULE, on: ['audience'], need: [{count: 1}]}
  const applying = facts.needsOneMore && changes.length > 0 ? [...rules, growth] : rules
  const freshFor = ({ttl}: Rule, login: string): boolean => {
    const approval = approvals.find((one) => one.login === login)
    return (
      approval !== undefined && (ttl === undefined || isWithinTtl(approval, parseDurationMs(ttl), mergedAtMs, nowMs))
    )
  }
  const asked = applying.flatMap((rule) => {
    const matched = rule === growth ? changes : changes.filter(({on}) => rule.on.includes(on))
    const targets = uniqueTargets(matched.map(targetOf))
    return rule.need.map((need, index): Asked => ({
      id: `${rule.name} ${index + 1}`,
      rule,
      need,
      targets,
      count: need.count,
      isDistinct: need.distinctDepartments === true,
      fits: ({login}) => isRight(rights, need, login, targets) && freshFor(rule, login),
    }))
  })
  const {filled, missing} = fillPlaces(asked, approvals)
  const takers = new Set(filled.map(({login}) => login))
  const needs = asked.map(({id, rule, need, targets}): NeedState => {
    const filledBy = filled
      .filter(({place}) => place === id)
      .map(({login}) => ({login, holding: holdingOf(rights, need, login, targets)}))
    const lacks = missing.get(id) ?? 0
    return {
      rule: rule.name,
      need,
      filledBy,
      missing: lacks,
      couldBe: lacks === 0 ? [] : whoCould(facts, need, targets, takers, filledBy),
    }
  })
  return {needs, uncovered, voided: weakApprovals(asked, approvals, rights, freshFor)}
}

/** Approvals that are too old for a rule they would fill, or that fit no place at all. */
function weakApprovals(
  asked: readonly Asked[],
  approvals: readonly Approval[],
  rights: Rights,
  freshFor: (rule: Rule, login: string) => boolean,
): VoidedApproval[] {
  return approvals.flatMap(({login}) => {
    const fitting = asked.filter(({need, targets}) => isRight(rights, need, login, targets))
    if (fitting.length === 0) return asked.length === 0 ? [] : [voidApproval(login, 'no-right')]
    return [...new Set(fitting.map(({rule}) => rule))]
      .filter((rule) => !freshFor(rule, login))
      .map((rule) => voidApproval(login, 'confirm-ttl', ttlWords(rule)))
  })
}

const ttlWords = ({name, ttl = ''}: Rule): Words => ({zh: `（「${name}」${ttl}）`, en: ` ("${name}": ${ttl})`})

/** One wants a role; without one, the right to approve. A department asks for somebody of it besides. */
const isRight = (rights: Rights, need: Need, login: string, targets: readonly Target[]): boolean =>
  holdingOf(rights, need, login, targets) !== null &&
  (need.department === undefined || isMemberOf(rights, login, need.department))

function holdingOf(rights: Rights, {role}: Need, login: string, targets: readonly Target[]): Holding | null {
  if (role !== undefined) return rights.findRole(login, role, targets)
  const holdings = targets.map((target) => rights.find(login, 'approve', target))
  return holdings.includes(null) ? null : (holdings[0] ?? null)
}

/** Many changes share few targets, and each is asked for every approver. */
function uniqueTargets(targets: readonly Target[]): Target[] {
  const byText = new Map(targets.map((target) => [`${target.file}\n${String(target.departments)}`, target]))
  return [...byText.values()]
}

/** Who holds what is asked for and fills nothing yet. */
function whoCould(
  {rights, mayApprove}: RuleFacts,
  need: Need,
  targets: readonly Target[],
  takers: ReadonlySet<string>,
  filledBy: NeedState['filledBy'],
): readonly string[] {
  const taken = new Set(filledBy.map(({login}) => departmentOf(rights, login)))
  return rights
    .holders(need.role === undefined ? {capability: 'approve'} : {role: need.role}, targets)
    .filter((login) => need.department === undefined || isMemberOf(rights, login, need.department))
    .filter((login) => mayApprove(login) && !takers.has(login))
    .filter((login) => need.distinctDepartments !== true || !taken.has(departmentOf(rights, login)))
}

const departmentOf = (rights: Rights, login: Candidate['login']): string => rights.memberOf(login)?.departments[0] ?? ''
