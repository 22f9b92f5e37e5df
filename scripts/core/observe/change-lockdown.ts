import {canonicalText} from '../model/canonical.js'
import type {Lockdown} from '../model/release.js'
import {isSameScope, renderScope} from './scope.js'

export type LockdownChange =
  | {readonly turn: 'on'; readonly entry: Lockdown}
  /** Without a scope everything is lifted. */
  | {readonly turn: 'off'; readonly scope: Lockdown['scope'] | null}

/** The switches after a change, sorted by scope; those whose time is over go. */
export function changeLockdown(last: readonly Lockdown[], change: LockdownChange, nowMs: number): Lockdown[] {
  const inForce = last.filter(({untilMs}) => untilMs === undefined || nowMs < untilMs)
  const lifted = change.turn === 'on' ? change.entry.scope : change.scope
  const kept = inForce.filter(({scope}) => lifted !== null && !isSameScope(scope, lifted))
  const next = change.turn === 'on' ? [...kept, change.entry] : kept
  return next.sort((a, b) => (renderScope(a.scope) < renderScope(b.scope) ? -1 : 1))
}

/** True when the change leaves everything that is in force as it is. */
export const isNoChange = (last: readonly Lockdown[], change: LockdownChange, nowMs: number): boolean =>
  canonicalText(changeLockdown(last, {turn: 'off', scope: NOWHERE}, nowMs)) ===
  canonicalText(changeLockdown(last, change, nowMs))

/** A scope nobody can write, so that taking it away takes nothing away. */
const NOWHERE: Lockdown['scope'] = {template: ''}
