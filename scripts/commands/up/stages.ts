import {existsSync} from 'node:fs'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {mintToken} from '../../core/gate/token.js'
import type {Config} from '../../core/model/config.js'
import type {Plan} from '../../core/model/plan.js'
import type {Clock, Randomness, Store} from '../../core/ports.js'
import {type ApplyOutcome, type ApplyPorts, type ApplyRequest, applyExpand, applyRest} from '../../pipeline/apply.js'
import type {Progress} from '../../pipeline/apply-steps/run-steps.js'
import {guardChange, type Guarded} from '../../pipeline/guard.js'
import {makePlan, type MadePlan, type PlanSources} from '../../pipeline/plan.js'
import {planSources} from '../../pipeline/plan-sources.js'
import {GitRefused, withFolderAt} from '../../runtime/git-tree.js'
import {createWeComWriter} from '../../wecom/create-wecom-writer.js'
import type {WeComClient} from '../../wecom/client.js'
import type {DemoSecrets} from './demo-secrets.js'

/** What the stages of one run share. */
export interface Run {
  readonly folder: string
  readonly config: Config
  readonly store: Store
  readonly clock: Clock
  readonly randomness: Randomness
  readonly secrets: DemoSecrets
  readonly client: WeComClient
  readonly signal: AbortSignal
}

/** The folder against what git has at HEAD; `null` where there is no git history to compare with. */
export async function compareWithHead(folder: string, original: string, nowMs: number): Promise<Guarded | null> {
  if (!existsSync(original)) return null
  try {
    return await withFolderAt(original, 'HEAD', (base) => guardChange(folder, base, nowMs))
  } catch (error) {
    if (error instanceof GitRefused) return null
    throw error
  }
}

export interface Planned {
  readonly made: MadePlan
  readonly sources: PlanSources
}

export async function planRun({config, store, clock}: Run): Promise<Planned> {
  const sources = await planSources(config, store, clock.nowMs())
  return {made: await makePlan({store, clock}, sources), sources}
}

/** Stands in for the review on GitHub: two made-up reviewers agree to exactly this plan. */
async function approve({randomness, clock, secrets}: Run, plan: Plan, unlocks: readonly string[]): Promise<string> {
  const approvers = [
    {login: 'demo-reviewer', place: '文案'},
    {login: 'demo-link-reviewer', place: '链接'},
  ]
  const request = {
    planDigest: plan.digest,
    head: 'demo',
    base: 'demo',
    approvers,
    unlocks,
    jti: randomness.hex(16),
    nowMs: clock.nowMs(),
  }
  return mintToken(request, secrets.approval.privateKeyPem)
}

export interface ApplyPart {
  readonly part: 'expand' | 'rest'
  readonly unlocks: readonly string[]
  readonly onProgress: (progress: Progress) => void
}

export async function applyPart(
  run: Run,
  plan: Plan,
  sources: PlanSources,
  {part, unlocks, onProgress}: ApplyPart,
): Promise<ApplyOutcome> {
  const {store, clock, client, folder, secrets, signal} = run
  const ports: ApplyPorts = {
    store,
    writer: createWeComWriter(client),
    clock,
    readAssetFile: (path) => readFile(join(folder, path)),
  }
  const request: ApplyRequest = {
    plan,
    sources,
    token: await approve(run, plan, unlocks),
    tokenKeyPem: secrets.approval.publicKeyPem,
    manifest: {privateKeyPem: secrets.release.privateKeyPem},
    holder: 'up',
    commit: null,
    onProgress,
    signal,
  }
  return part === 'expand' ? applyExpand(ports, request) : applyRest(ports, request)
}
