import {type CanaryDecision, evaluateCanary} from '../core/canary/evaluate-canary.js'
import {parseDurationMs, parseShare} from '../core/model/instant.js'
import type {ResponderReport, Trial} from '../core/model/outcome.js'
import type {Plan, State} from '../core/model/plan.js'
import type {CanaryShare, Manifest} from '../core/model/release.js'
import type {Words} from '../core/model/words.js'
import type {WrittenPolicy} from '../core/model/written.js'
import {type Clock, type Randomness, type Store, StoreConflict} from '../core/ports.js'
import {publishManifest, type PublishRequest} from './publish-manifest.js'

const DEFAULT_SHARE = 0.05
const DEFAULT_MAX_PEOPLE = 200
const DEFAULT_ALPHA = 0.01
const DEFAULT_OBSERVE = {min: '10m', max: '24h'}
const MYRIAD = 10_000
const LOOK_EVERY_MS = 1000

export interface CanaryPorts {
  readonly store: Store
  readonly clock: Clock
  readonly randomness: Randomness
}

export interface CanaryRequest {
  readonly plan: Plan
  readonly policy: WrittenPolicy
  readonly timezone: string
  readonly manifest: Omit<PublishRequest, 'who'>
  readonly lookEveryMs?: number
  /** Shortens the shortest observation, for a demonstration that says so. */
  readonly observeMinMs?: number
  readonly onLook?: (decision: CanaryDecision, canary: CanaryShare) => void
  readonly signal?: AbortSignal
}

export interface CanaryResult {
  readonly decision: CanaryDecision
  readonly canary: CanaryShare
  readonly reports: readonly ResponderReport[]
}

/**
 * Lets a share of the customers hear the plan's release and watches until it is promoted, rolled back, or the longest
 * observation is over (then it holds and the canary goes on for a later look). Before any release was promoted the control
 * hears the built-in text. A canary that already runs for this release is watched on, not begun anew. When somebody else
 * ends or replaces it meanwhile, it holds: nothing is promoted that customers do not hear any more.
 */
export async function runCanary(ports: CanaryPorts, request: CanaryRequest): Promise<CanaryResult> {
  const {store, clock} = ports
  const begun = await begin(ports, request)
  const settings = settingsOf(request)
  for (;;) {
    const running = (await store.readManifest())?.manifest ?? null
    const reports = await store.readReports()
    const judged = evaluateCanary({
      trials: trialsOf(reports, begun, running),
      share: begun.canary.perMyriad / MYRIAD,
      alpha: settings.alpha,
      startedAtMs: begun.startedAtMs,
      nowMs: clock.nowMs(),
      observeMinMs: settings.observeMinMs,
      ...(settings.notBetween ? {notBetween: settings.notBetween} : {}),
      timezone: request.timezone,
    })
    const isOurs = goesOn(begun.canary, running)
    const decision: CanaryDecision = isOurs
      ? judged
      : {verdict: 'hold', because: ended(running), evidence: judged.evidence}
    request.onLook?.(decision, begun.canary)
    const isOver =
      !isOurs || clock.nowMs() - begun.startedAtMs >= settings.observeMaxMs || request.signal?.aborted === true
    if (decision.verdict === 'hold' && !isOver) {
      await clock.sleep(request.lookEveryMs ?? LOOK_EVERY_MS, request.signal).catch(ignoreAbort(request.signal))
      continue
    }
    await settle(ports, request, decision)
    return {decision, canary: begun.canary, reports}
  }
}

/** An abort ends the pause early; the loop sees it and stops with a hold. */
const ignoreAbort = (signal: AbortSignal | undefined) => (error: unknown) => {
  if (signal?.aborted !== true) throw error
}

interface Begun {
  readonly canary: CanaryShare
  readonly version: number
  readonly startedAtMs: number
}

async function begin({store, clock, randomness}: CanaryPorts, request: CanaryRequest): Promise<Begun> {
  const running = await store.readManifest()
  const digest = request.plan.release.after
  if (running?.manifest.canary?.digest === digest) {
    const {canary, version, issuedAtMs} = running.manifest
    return {canary, version, startedAtMs: issuedAtMs}
  }
  const {share, maxPeople} = settingsOf(request)
  const canary: CanaryShare = {digest, perMyriad: Math.round(share * MYRIAD), salt: randomness.hex(8), maxPeople}
  // Decisions of the canary need the plan's directory at once.
  const directory = request.plan.steps.find(({kind}) => kind === 'directory')?.after
  const signed = await publishManifest(
    {store, clock},
    {canary, ...(typeof directory === 'string' ? {directory} : {})},
    {...request.manifest, who: 'canary'},
  )
  return {canary, version: signed.manifest.version, startedAtMs: signed.manifest.issuedAtMs}
}

async function settle(
  {store, clock}: CanaryPorts,
  {plan, manifest}: CanaryRequest,
  {verdict}: CanaryDecision,
): Promise<void> {
  const release = plan.release.after
  if (verdict === 'promote')
    await changeState(store, (state) => ({...state, pending: {planDigest: plan.digest, release, verdict}}))
  if (verdict !== 'rollback') return
  // The manifest first: customers stop hearing it before the books are kept.
  await publishManifest({store, clock}, {canary: null}, {...manifest, who: 'canary'})
  await changeState(store, (state) => ({
    ...state,
    pending: null,
    quarantined: [...new Set([...state.quarantined, release])].sort(),
  }))
}

const MAX_ATTEMPTS = 8

/** What was decided is written over whatever state another process left meanwhile; it touches nothing else of it. */
async function changeState(store: Store, change: (state: State) => State): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const state = await store.readState()
    try {
      await store.writeState(change(state), state.serial)
      return
    } catch (error) {
      if (!(error instanceof StoreConflict) || attempt === MAX_ATTEMPTS) throw error
    }
  }
}

/** A salt is drawn once for each canary, so the same salt means that it was never interrupted. */
const goesOn = ({digest, salt, perMyriad}: CanaryShare, running: Manifest | null): boolean =>
  running?.canary?.digest === digest && running.canary.salt === salt && running.canary.perMyriad === perMyriad

const ended = (running: Manifest | null): Words => ({
  zh: `灰度已被第 ${running?.version ?? 0} 版清单结束或替换，不再判断`,
  en: `manifest ${running?.version ?? 0} ended or replaced this canary; nothing is decided`,
})

interface Settings {
  readonly share: number
  readonly maxPeople: number
  readonly alpha: number
  readonly observeMinMs: number
  readonly observeMaxMs: number
  readonly notBetween?: readonly [string, string]
}

function settingsOf({policy, observeMinMs}: CanaryRequest): Settings {
  const {canary} = policy
  const {min = DEFAULT_OBSERVE.min, max = DEFAULT_OBSERVE.max} = canary?.observe ?? {}
  const [from, to] = canary?.notBetween ?? []
  return {
    share: parseShare(canary?.steps?.[0] ?? canary?.share ?? DEFAULT_SHARE),
    maxPeople: canary?.maxPeople ?? DEFAULT_MAX_PEOPLE,
    alpha: parseShare(canary?.alpha ?? DEFAULT_ALPHA),
    observeMinMs: observeMinMs ?? parseDurationMs(min),
    observeMaxMs: parseDurationMs(max),
    ...(from !== undefined && to !== undefined ? {notBetween: [from, to] as const} : {}),
  }
}

/**
 * Trials decided by the manifest that began the canary, or by later ones that carry it on unchanged (a kill switch, a new
 * directory), in order of finishing.
 */
function trialsOf(reports: readonly ResponderReport[], {version, canary}: Begun, running: Manifest | null): Trial[] {
  const last = goesOn(canary, running) ? (running?.version ?? version) : version
  return reports
    .flatMap(({trials}) => trials)
    .filter(({manifestVersion}) => manifestVersion >= version && manifestVersion <= last)
    .sort((a, b) => a.atMs - b.atMs)
}
