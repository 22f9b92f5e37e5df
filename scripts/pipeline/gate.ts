import {COMMENT_MARKER} from '../core/gate/render-comment.js'
import {quarantineLock} from '../core/gate/quarantine-lock.js'
import {evaluateGate, type GateVerdict} from '../core/gate/evaluate-gate.js'
import {chooseBaseline, DEFAULT_ROLLING_DAYS} from '../core/guard/choose-baseline.js'
import type {Config} from '../core/model/config.js'
import {hasErrors, type Finding} from '../core/model/finding.js'
import type {Plan, State} from '../core/model/plan.js'
import type {CommitNote, ProposedCommit, PullRequest} from '../core/model/review.js'
import type {Clock, CodeHost, Store} from '../core/ports.js'
import {type Baseline, type Guarded, guardLoaded, isReturn} from './guard.js'
import {makePlan, type MadePlan} from './plan.js'
import {planSources} from './plan-sources.js'
import {placeRemarks, type LoadedConfig} from './load.js'
import {readConfigAt, type ReadingPorts} from './read-config-at.js'
import {validateConfig} from './validate.js'

/** Statuses on the head commit: what is to be agreed to, and whether it is. */
export const PLAN_CONTEXT = 'yingbin/plan'
export const GATE_CONTEXT = 'yingbin/gate'
const LOCKED_LABEL = 'yingbin:locked'
const DAY_MS = 86_400_000

export interface GatePorts extends ReadingPorts {
  readonly host: CodeHost
  readonly store: Pick<Store, 'readState' | 'readDocument' | 'readJournal' | 'readMedia'>
  readonly clock: Pick<Clock, 'nowMs'>
}

export interface GateRequest {
  readonly number: number
  /** Where the configuration lies in the repository, without a slash at its end. */
  readonly folder: string
  /** Whether the plan's digest may be shown on the head; without it nothing is written. */
  readonly publishes: boolean
}

/** A verdict with everything it rests on. */
export interface GateReport {
  readonly pull: PullRequest
  readonly verdict: GateVerdict
  readonly guarded: Guarded
  /** Faults and warnings of the head, lacking rights included, at their places in the head. */
  readonly findings: readonly Finding[]
  /** `null` when the head has faults: what cannot be shipped has no plan. */
  readonly plan: Plan | null
  readonly digestShownAtMs: number | null
}

/** Reads everything anew and decides: who must still agree to exactly this, and why. */
export async function decideGate(ports: GatePorts, request: GateRequest): Promise<GateReport> {
  const {host, clock, inFolder} = ports
  const pull = await host.readPull(request.number)
  return inFolder((baseFolder) =>
    inFolder(async (headFolder) => {
      await host.readFolder(pull.base, request.folder, baseFolder)
      await host.readFolder(pull.head, request.folder, headFolder)
      const nowMs = clock.nowMs()
      const base = await validateConfig(baseFolder, nowMs, 'structure')
      const head = await validateConfig(headFolder, nowMs)
      return decide(ports, request, pull, base.loaded, head)
    }),
  )
}

async function decide(
  {host, store, clock, inFolder}: GatePorts,
  {number, folder, publishes}: GateRequest,
  pull: PullRequest,
  base: LoadedConfig,
  head: Awaited<ReturnType<typeof validateConfig>>,
): Promise<GateReport> {
  const nowMs = clock.nowMs()
  const state = await store.readState()
  const errors = head.findings.filter(({level}) => level === 'error')
  const made =
    errors.length > 0 ? null : await makePlan({store, clock}, await planSources(head.loaded.config, store, nowMs))
  const plan = made?.plan ?? null
  const decides = pull.baseRef === pull.defaultBranch
  const digestShownAtMs = plan === null ? null : await showDigest(host, pull, plan.digest, publishes && decides)
  const isReturning = errors.length === 0 && isReturn(head.loaded.config, base, state)
  const guarded = guardLoaded(head.loaded, base, nowMs, {
    baselines: await readBaselines({host, inFolder}, folder, pull, base, state, nowMs),
    isReturn: isReturning,
  })
  const quarantined = [plan && quarantineLock(plan.release.after, state)].filter((lock) => lock !== null)
  const commits = await host.readCommits(number)
  const verdict = evaluateGate({
    pull,
    commits,
    changedFiles: await host.readChangedFiles(number),
    reviews: await host.readReviews(number),
    comments: await host.readComments(number),
    commitsBehind: pull.state === 'open' ? await host.countBehind(pull.base, pull.head) : 0,
    unshipped: isReturning || made === null ? [] : await findUnshipped({store, clock}, base, made),
    folder,
    base: base.config,
    head: head.loaded.config,
    changes: guarded.result?.changes ?? [],
    locks: [...(guarded.result?.locks ?? []), ...quarantined],
    needsOneMore: guarded.result?.growth.needsOneMore ?? false,
    isReturn: isReturning,
    isOwnReturn: isReturning && isOwnWork(pull, commits, await host.ownLogin()),
    errorCount: errors.length + guarded.findings.filter(({level}) => level === 'error').length,
    digestShownAtMs,
    nowMs,
  })
  const denied = placeRemarks(verdict.remarks, head.loaded.folder.files)
  return {pull, verdict, guarded, findings: [...denied, ...head.findings, ...guarded.findings], plan, digestShownAtMs}
}

/**
 * What a plan of the base alone would still do. Nothing, in a branch whose every change was agreed to and shipped: else the
 * next request would ship what nobody of its approvers looked at. A first release, and one that is being shipped already,
 * have nothing to compare with.
 */
async function findUnshipped(
  {store, clock}: Pick<GatePorts, 'store' | 'clock'>,
  {config, remarks}: LoadedConfig,
  {plan, fresh: own, recovered}: MadePlan,
): Promise<string[]> {
  const {state, underway} = recovered
  if (state.stable === null || underway?.plan.digest === plan.digest || hasErrors(remarks)) return []
  const {fresh} = await makePlan({store, clock}, await planSources(config, store, clock.nowMs()))
  // What the head takes back does not ship along; media run out by themselves and are uploaded by whoever ships next.
  const ships = new Set(own.steps.map(({key}) => key))
  return fresh.steps.filter(({kind, key}) => kind !== 'media' && ships.has(key)).map(({key}) => key)
}

/**
 * When this digest was first shown on this head: by a status of ours, which nobody can change or write in our name. Shows it
 * first where it was not, so that agreeing can begin.
 */
async function showDigest(
  host: CodeHost,
  {head, state}: PullRequest,
  digest: string,
  publishes: boolean,
): Promise<number | null> {
  const description = `plan ${digest}`
  const shown = async (): Promise<number | null> => {
    const notes = await readOwnStatuses(host, head, PLAN_CONTEXT)
    const ours = notes.filter((note) => note.description === description)
    return ours.length === 0 ? null : Math.min(...ours.map(({atMs}) => atMs))
  }
  const already = await shown()
  if (already !== null || !publishes || state === 'closed') return already
  await host.writeStatus(head, {context: PLAN_CONTEXT, state: 'success', description})
  return shown()
}

/** Proposed by this account, and nobody else wrote in it. */
function isOwnWork({author}: PullRequest, commits: readonly ProposedCommit[], ownLogin: string): boolean {
  const own = ownLogin.toLowerCase()
  const people = commits.flatMap((commit) => commit.people.map(({login}) => login))
  return [author.login, ...people].every((login) => login?.toLowerCase() === own)
}

/** Statuses that this account itself wrote: anybody who may write can make others of the same name. */
export async function readOwnStatuses(host: CodeHost, commit: string, context: string): Promise<readonly CommitNote[]> {
  const own = (await host.ownLogin()).toLowerCase()
  return (await host.readStatuses(commit, context)).filter(({by}) => by.login.toLowerCase() === own)
}

/** The configurations of some days ago, or of the last change that people unlocked since then. */
async function readBaselines(
  {host, inFolder}: Pick<GatePorts, 'host' | 'inFolder'>,
  folder: string,
  pull: PullRequest,
  base: LoadedConfig,
  state: State,
  nowMs: number,
): Promise<Baseline[]> {
  const days = base.config.policy.value.guard?.rolling?.days ?? DEFAULT_ROLLING_DAYS
  const unlocked = state.promoted.flatMap(({unlocks = [], commit, atMs}) =>
    unlocks.length > 0 && commit !== null ? [{commit, atMs}] : [],
  )
  // Windows of different length often begin at one commit.
  const read = new Map<string, Config>()
  const baselines: Baseline[] = []
  for (const window of days) {
    const opened = chooseBaseline([], unlocked, window, nowMs).commit
    const commit = opened ?? (await host.commitAt(pull.base, nowMs - window * DAY_MS))
    if (commit === pull.base) continue
    const known = read.get(commit) ?? (await readConfigAt({host, inFolder}, commit, folder, nowMs)).loaded.config
    read.set(commit, known)
    baselines.push({days: window, config: known})
  }
  return baselines
}

/** Where a verdict is shown. */
export interface Shown {
  /** Markdown within the host's limit, with the marker in it. */
  readonly comment: string
  /** One line for the list of checks. */
  readonly summary: string
}

/**
 * Writes the verdict where people look: check, label, and the one comment that is edited again and again. A request into
 * another branch gets none of them: its head may be the head of one that ships, and a check belongs to the commit.
 */
export async function publishVerdict(host: CodeHost, {pull, verdict}: GateReport, shown: Shown): Promise<void> {
  if (pull.baseRef !== pull.defaultBranch) return
  const isLocked = verdict.unlocks.states.some(({isOpen}) => !isOpen)
  await host.writeStatus(pull.head, {
    context: GATE_CONTEXT,
    state: verdict.holds ? 'success' : isLocked || hasErrors(verdict.remarks) ? 'failure' : 'pending',
    description: shown.summary,
  })
  await host.setLabel(pull.number, LOCKED_LABEL, isLocked)
  await host.keepComment(pull.number, COMMENT_MARKER, shown.comment)
}
