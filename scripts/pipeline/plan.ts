import {evaluateResume} from '../core/apply/evaluate-resume.js'
import {canonicalText, sha256} from '../core/model/canonical.js'
import type {Config} from '../core/model/config.js'
import type {Directory} from '../core/model/directory.js'
import type {LiveFacts, Plan} from '../core/model/plan.js'
import type {Release} from '../core/model/release.js'
import type {Clock, Store} from '../core/ports.js'
import {assemblePlan} from '../core/plan/assemble-plan.js'
import {recoverState, type RecoveredState} from './recover-state.js'

/** What is wanted, already checked: `validate` has nothing against it. */
export interface PlanSources {
  readonly config: Config
  readonly release: Release
  readonly directory: Directory
  readonly policyDigest: string
  readonly people: {readonly before: number; readonly after: number}
  /** The release that was stable when people were counted: it is large, and where it still is it need not be read again. */
  readonly before?: {readonly digest: string; readonly release: Release}
  /** What WeCom says now; `null` believes the state. Has to be the same choice for plan and apply. */
  readonly live: LiveFacts | null
}

export interface PlanPorts {
  readonly store: Pick<Store, 'readState' | 'readDocument' | 'readJournal' | 'readMedia'>
  readonly clock: Pick<Clock, 'nowMs'>
}

export interface MadePlan {
  readonly plan: Plan
  /** Keys of its steps that an earlier run has done; not empty only when an apply was cut short. */
  readonly done: ReadonlySet<string>
  /** What would be planned if nothing had been begun. */
  readonly fresh: Plan
  readonly recovered: RecoveredState
  /** Canonical texts of release and directory, as they are stored. */
  readonly texts: {readonly release: string; readonly directory: string}
}

/**
 * Plans without touching anything. An apply that was begun and not finished goes on under its own digest as long as what is
 * left to do is exactly the rest of it: its approvals still hold.
 */
export async function makePlan({store, clock}: PlanPorts, sources: PlanSources): Promise<MadePlan> {
  const recovered = await recoverState(store)
  const {state, underway} = recovered
  const texts = {release: canonicalText(sources.release), directory: canonicalText(sources.directory)}
  const releaseBefore = await stableRelease(store, state.stable, sources)
  const {config, release, directory, policyDigest, people, live} = sources
  const fresh = assemblePlan({
    config,
    release,
    releaseDigest: sha256(texts.release),
    directory,
    directoryDigest: sha256(texts.directory),
    state,
    live,
    policyDigest,
    media: await store.readMedia(),
    people,
    nowMs: clock.nowMs(),
    ...(releaseBefore === null ? {} : {releaseBefore}),
  })
  const made = {fresh, recovered, texts}
  const isOver = fresh.steps.length === 0
  if (!underway || isOver) return {...made, plan: fresh, done: new Set()}
  const {isSame, done} = evaluateResume(underway.plan, fresh, underway.entries, state)
  return isSame ? {...made, plan: underway.plan, done} : {...made, plan: fresh, done: new Set()}
}

/** `null` where nothing was ever stable, or the store has lost it. */
async function stableRelease(
  store: PlanPorts['store'],
  stable: string | null,
  {before}: PlanSources,
): Promise<Release | null> {
  if (stable === null) return null
  if (before?.digest === stable) return before.release
  const text = await store.readDocument(stable)
  return text === null ? null : (JSON.parse(text) as Release)
}
