import {canonicalText} from '../model/canonical.js'
import type {Action, AppliedResource, GroupWelcomeValue, MemberTagUsersValue, Plan, State, Step} from '../model/plan.js'
import {digestOfPlan} from '../model/plan-digest.js'
import type {Drift} from './find-drifts.js'

/** Stands where a plan names the policy it follows: a heal follows none, so no apply ever goes on with it as its own. */
const NO_POLICY = 'heal'

export const isHeal = ({policyDigest}: Pick<Plan, 'policyDigest'>): boolean => policyDigest === NO_POLICY

/** 90214 takes at most 1000 userids in one call. */
const USERS_A_CALL = 1000

/**
 * The way back to what was applied last, for everything of ours that somebody changed, deleted or handed on. Codes nobody
 * knows, a manifest that says something else and what waits for the next apply are none of its business.
 */
export function planHeal(state: State, drifts: readonly Drift[]): Plan {
  const steps = drifts.flatMap((drift) => {
    const resource = state.resources[drift.key]
    return resource && drift.kind !== 'pending' ? stepsBack(resource, drift, state) : []
  })
  const {lineage, serial, stable} = state
  const ordered = {
    ...{format: 1 as const, lineage, serial, policyDigest: NO_POLICY},
    ...{release: {before: stable, after: stable ?? ''}, steps},
  }
  return {...ordered, digest: digestOfPlan(ordered), changes: [], people: {before: 0, after: 0}, notes: []}
}

function stepsBack(resource: AppliedResource, drift: Drift, state: State): Step[] {
  switch (resource.kind) {
    case 'contact-way':
      return wayBack(resource, drift)
    case 'corp-tag':
      return [make(resource, {add_corp_tag: 1})]
    case 'member-tag':
      return [make(resource, {'tag/create': 1}), ...holdersAnew(resource.id, state)]
    case 'member-tag-users':
      return [holdersBack(resource, drift.live as MemberTagUsersValue)]
    case 'group-welcome':
      return welcomeBack(resource, drift, state)
    default:
      return []
  }
}

/** Changed in place, so that the printed code stays; a deleted one is made anew unless nobody wants it any more. */
function wayBack(resource: AppliedResource, {kind, live, wanted}: Drift): Step[] {
  if (kind === 'missing') return wanted === null ? [] : [make(resource, {add_contact_way: 1})]
  return [{...start(resource, 'update'), before: live, after: resource.value, calls: {update_contact_way: 1}}]
}

/**
 * Left to the next apply where the configuration wants something else: a template that was taken over may hold a picture that
 * the state does not know yet. A create in doubt waits for a person, since no call lists templates (92366).
 */
function welcomeBack(resource: AppliedResource, {key, kind, wanted, live}: Drift, {ambiguous}: State): Step[] {
  if (canonicalText(wanted) !== canonicalText(resource.value) || ambiguous[key]) return []
  if (kind === 'changed')
    return [
      {...start(resource, 'update'), before: live, after: resource.value, calls: {'group_welcome_template/edit': 1}},
    ]
  const {slot: _lost, ...after} = resource.value as GroupWelcomeValue
  return [{...make(resource, {'group_welcome_template/add': 1}), after}]
}

/** A tag that was deleted took its holders along. */
function holdersAnew(tag: string, {resources}: State): Step[] {
  const holders = resources[`member-tag-users/${tag}`]
  if (!holders) return []
  const step = holdersBack(holders, {tag, users: []})
  return [{...step, needs: [`member-tag/${tag}`]}]
}

/** Userids differ by more than case; a holder is written as the state writes him, or he would be added and taken away. */
function holdersBack(resource: AppliedResource, live: MemberTagUsersValue): Step {
  const after = resource.value as MemberTagUsersValue
  const written = new Map(after.users.map((user) => [user.toLowerCase(), user]))
  const users = [...new Set(live.users.map((user) => written.get(user.toLowerCase()) ?? user))]
  const has = new Set(users)
  const added = after.users.filter((user) => !has.has(user)).length
  const removed = users.filter((user) => !written.has(user.toLowerCase())).length
  return {
    ...start(resource, 'update'),
    before: {tag: live.tag, users},
    after,
    calls: {
      ...(added > 0 ? {'tag/addtagusers': Math.ceil(added / USERS_A_CALL)} : {}),
      ...(removed > 0 ? {'tag/deltagusers': Math.ceil(removed / USERS_A_CALL)} : {}),
    },
  }
}

const make = (resource: AppliedResource, calls: Step['calls']): Step => ({
  ...start(resource, 'create'),
  before: null,
  after: resource.value,
  calls,
})

const start = ({kind, id}: AppliedResource, action: Action): Omit<Step, 'before' | 'after' | 'calls'> => ({
  ...{key: `${kind}/${id}`, kind, id, action},
  ...{phase: 'expand', needs: []},
})
