import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {Config} from '../../core/model/config.js'
import type {Plan} from '../../core/model/plan.js'
import type {Clock, Randomness, Store} from '../../core/ports.js'
import {type ApplyOutcome, type ApplyPorts, type ApplyRequest, applyExpand, applyRest} from '../../pipeline/apply.js'
import type {Progress} from '../../pipeline/apply-steps/run-steps.js'
import {makePlan, type MadePlan, type PlanSources} from '../../pipeline/plan.js'
import {planSources} from '../../pipeline/plan-sources.js'
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

export interface Planned {
  readonly made: MadePlan
  readonly sources: PlanSources
}

export async function planRun({config, store, clock}: Run): Promise<Planned> {
  const sources = await planSources(config, store, clock.nowMs())
  return {made: await makePlan({store, clock}, sources), sources}
}

export interface ApplyPart {
  readonly part: 'expand' | 'rest'
  /** Good for this one part. */
  readonly token: string
  readonly commit: string
  readonly onProgress: (progress: Progress) => void
}

export async function applyPart(
  run: Run,
  plan: Plan,
  sources: PlanSources,
  {part, token, commit, onProgress}: ApplyPart,
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
    token,
    tokenKeyPem: secrets.approval.publicKeyPem,
    manifest: {privateKeyPem: secrets.release.privateKeyPem},
    holder: 'up',
    commit,
    onProgress,
    signal,
  }
  return part === 'expand' ? applyExpand(ports, request) : applyRest(ports, request)
}
