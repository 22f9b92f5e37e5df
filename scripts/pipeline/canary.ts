import {type CanaryDecision, evaluateCanary} from '../core/canary/evaluate-canary.js'
import {MYRIAD} from '../core/canary/arm.js'
import {type CanarySettings, type CanaryStage, readCanarySettings, stageAfter} from '../core/canary/canary-settings.js'
import {findFreeze} from '../core/model/freeze.js'
import type {Parting, ResponderReport, Trial} from '../core/model/outcome.js'
import type {CanaryShare, Manifest} from '../core/model/release.js'
import type {Words} from '../core/model/words.js'
import type {CanaryPorts, CanaryRequest, CanaryResult} from './canary-request.js'
import {changeState} from './change-state.js'
import {promoteUnheard} from './promote-unheard.js'
import {publishManifest} from './publish-manifest.js'

const LOOK_EVERY_MS = 1000

/**
 * Lets a share of the customers hear the plan's release and watches until it is promoted, rolled back, or the longest
 * observation is over (then it holds and the canary goes on for a later look). Where the policy has wider steps, good evidence
 * first widens the canary, and each step is judged by what it brings itself. Before any release was promoted the control
 * hears the built-in text. A canary that already runs for this release is watched on, not begun anew. When somebody else
 * ends or replaces it meanwhile, it holds: nothing is promoted that customers do not hear any more. Nobody has to hear what
 * changes nothing of what is said, nor what two people unlocked against an earlier canary's verdict.
 */
export async function runCanary(ports: CanaryPorts, request: CanaryRequest): Promise<CanaryResult> {
  const {clock} = ports
  const settings = settingsOf(request)
  const unheard = await promoteUnheard(ports, request, settings)
  if (unheard) return unheard
  let begun = await begin(ports, request, settings)
  for (;;) {
    const {decision, reports} = await look(ports, request, settings, begun)
    const wider = decision.verdict === 'promote' ? stageAfter(settings, begun.canary.perMyriad) : null
    if (wider !== null) {
      begun = await publishStage(ports, request, {...begun.canary, ...wider})
      request.onWiden?.(begun.canary)
      continue
    }
    request.onLook?.(decision, begun.canary)
    const isOver =
      decision.isEnded === true ||
      clock.nowMs() - begun.startedAtMs >= settings.observeMaxMs ||
      request.signal?.aborted === true
    if (decision.verdict === 'hold' && !isOver) {
      await clock.sleep(request.lookEveryMs ?? LOOK_EVERY_MS, request.signal).catch(ignoreAbort(request.signal))
      continue
    }
    await settle(ports, request, decision)
    return {decision, canary: begun.canary, reports}
  }
}

interface Looked {
  readonly decision: CanaryDecision & {readonly isEnded?: true}
  readonly reports: readonly ResponderReport[]
}

async function look(
  {store, clock}: CanaryPorts,
  {policy, timezone}: CanaryRequest,
  settings: CanarySettings,
  begun: Begun,
): Promise<Looked> {
  const running = (await store.readManifest())?.manifest ?? null
  const reports = await store.readReports()
  const nowMs = clock.nowMs()
  const judged = evaluateCanary({
    ...evidenceOf(reports, begun, running),
    share: begun.canary.perMyriad / MYRIAD,
    alpha: settings.alpha,
    startedAtMs: begun.startedAtMs,
    nowMs,
    observeMinMs: settings.observeMinMs,
    ...(settings.notBetween ? {notBetween: settings.notBetween} : {}),
    timezone,
    freeze: findFreeze(policy, nowMs)?.name ?? null,
  })
  if (goesOn(begun.canary, running)) return {decision: judged, reports}
  return {decision: {verdict: 'hold', because: ended(running), evidence: judged.evidence, isEnded: true}, reports}
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

async function begin(ports: CanaryPorts, request: CanaryRequest, {stages}: CanarySettings): Promise<Begun> {
  const running = await ports.store.readManifest()
  const digest = request.plan.release.after
  if (running?.manifest.canary?.digest === digest) {
    const {canary, version, issuedAtMs} = running.manifest
    const since = canary.since ?? {version, atMs: issuedAtMs}
    return {canary, version: since.version, startedAtMs: since.atMs}
  }
  return publishStage(ports, request, {digest, salt: ports.randomness.hex(8), ...stages[0]})
}

/** The salt stays from stage to stage, so whoever hears the new release goes on hearing it. */
async function publishStage(
  {store, clock}: CanaryPorts,
  {plan, manifest}: CanaryRequest,
  {digest, salt, perMyriad, maxPeople}: Pick<CanaryShare, 'digest' | 'salt'> & CanaryStage,
): Promise<Begun> {
  const canary: CanaryShare = {digest, perMyriad, salt, maxPeople}
  // Decisions of the canary need the plan's directory at once.
  const directory = plan.steps.find(({kind}) => kind === 'directory')?.after
  const signed = await publishManifest(
    {store, clock},
    {canary, ...(typeof directory === 'string' ? {directory} : {})},
    {...manifest, who: 'canary'},
  )
  const {version, issuedAtMs} = signed.manifest
  return {canary: signed.manifest.canary ?? canary, version, startedAtMs: issuedAtMs}
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

/** A salt is drawn once for each canary, so the same salt means that it was never interrupted. */
const goesOn = ({digest, salt, perMyriad}: CanaryShare, running: Manifest | null): boolean =>
  running?.canary?.digest === digest && running.canary.salt === salt && running.canary.perMyriad === perMyriad

const ended = (running: Manifest | null): Words => ({
  zh: `灰度已被第 ${running?.version ?? 0} 版清单结束或替换，不再判断`,
  en: `manifest ${running?.version ?? 0} ended or replaced this canary; nothing is decided`,
})

const settingsOf = ({policy, observeMinMs}: CanaryRequest): CanarySettings => {
  const settings = readCanarySettings(policy)
  return {...settings, observeMinMs: observeMinMs ?? settings.observeMinMs}
}

/**
 * What was decided by the manifest that began this stage, or by later ones that carry it on unchanged (a kill switch, a new
 * directory), in order of finishing.
 */
function evidenceOf(
  reports: readonly ResponderReport[],
  {version, canary}: Begun,
  running: Manifest | null,
): {readonly trials: readonly Trial[]; readonly partings: readonly Parting[]} {
  const last = goesOn(canary, running) ? (running?.version ?? version) : version
  const isOurs = ({manifestVersion}: Pick<Trial, 'manifestVersion'>): boolean =>
    manifestVersion >= version && manifestVersion <= last
  return {
    trials: reports
      .flatMap(({trials}) => trials)
      .filter(isOurs)
      .sort((a, b) => a.atMs - b.atMs),
    partings: reports
      .flatMap(({partings = []}) => partings)
      .filter(isOurs)
      .sort((a, b) => a.atMs - b.atMs),
  }
}
