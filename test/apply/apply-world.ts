import {generateKeyPairSync} from 'node:crypto'
import type {Config} from '../../scripts/core/model/config.js'
import type {LiveFacts, Plan} from '../../scripts/core/model/plan.js'
import type {WeComWriter} from '../../scripts/core/ports.js'
import {chooseFirstObjects} from '../../scripts/core/canary/first-objects.js'
import {mintToken} from '../../scripts/core/gate/token.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {
  applyExpand,
  applyRest,
  takeBackFirst,
  type ApplyOutcome,
  type ApplyRequest,
} from '../../scripts/pipeline/apply.js'
import type {StepReport} from '../../scripts/pipeline/apply-steps/run-steps.js'
import {makePlan, type MadePlan, type PlanSources} from '../../scripts/pipeline/plan.js'
import {settle, type Finding, type SettleOutcome} from '../../scripts/pipeline/settle.js'
import type {ConfigParts} from './a-config.js'
import {aConfig} from './a-config.js'
import {createFakeClock, type FakeClock} from './fake-clock.js'
import {FakeWeCom} from './fake-wecom.js'
import {createMemoryStore, type MemoryStore} from './memory-store.js'

export function aKeyPair(): {privateKeyPem: string; publicKeyPem: string} {
  const {privateKey, publicKey} = generateKeyPairSync('ed25519')
  return {
    privateKeyPem: privateKey.export({type: 'pkcs8', format: 'pem'}).toString(),
    publicKeyPem: publicKey.export({type: 'spki', format: 'pem'}).toString(),
  }
}

const GATE_KEY = aKeyPair()
export const RELEASE_KEY = aKeyPair()
export const RELEASE_PUBLIC_KEY = RELEASE_KEY.publicKeyPem

/** What goes first of a plan where the policy says nothing about shares. */
export const firstOf = (plan: Plan): readonly string[] => chooseFirstObjects(plan, 0.05)

export function sourcesOf(config: Config, live: LiveFacts | null = null): PlanSources {
  return {
    config,
    release: assembleRelease(config),
    directory: assembleDirectory(config),
    policyDigest: 'policy-1',
    people: {before: 3, after: 3},
    live,
  }
}

/** One corp, one store and one clock; processes come and go. */
export class ApplyWorld {
  readonly clock: FakeClock = createFakeClock()
  readonly wecom = new FakeWeCom()
  readonly store: MemoryStore
  /** What apply writes to; another one stands in for the hand-made WeCom. */
  writer: WeComWriter = this.wecom.writer
  /** Locks that were opened for what the next tokens approve. */
  unlocks: readonly string[] = []
  private tokens = 0

  constructor(store?: MemoryStore) {
    this.store = store ?? createMemoryStore(() => this.wecom.isDead)
  }

  plan(parts: ConfigParts | Config): Promise<MadePlan> {
    return makePlan(this, sourcesOf(asConfig(parts)))
  }

  token(plan: Plan): Promise<string> {
    const jti = `token-${++this.tokens}`
    const approvers = [{login: 'lin-mkt', place: '文案'}]
    const request = {planDigest: plan.digest, head: 'head-1', base: 'base-1', approvers, unlocks: this.unlocks, jti}
    return mintToken({...request, nowMs: this.clock.nowMs()}, GATE_KEY.privateKeyPem)
  }

  async request(plan: Plan, config: Config, changes: Partial<ApplyRequest> = {}): Promise<ApplyRequest> {
    return {
      plan,
      sources: sourcesOf(config),
      token: await this.token(plan),
      tokenKeyPem: GATE_KEY.publicKeyPem,
      manifest: {privateKeyPem: RELEASE_KEY.privateKeyPem},
      holder: 'test',
      commit: 'commit-1',
      ...changes,
    }
  }

  private ports(parts: ConfigParts | Config) {
    const {store, clock, writer} = this
    const contents = 'assets' in parts && !(parts.assets instanceof Map) ? (parts.assets ?? {}) : {}
    const readAssetFile = (path: string): Promise<Uint8Array> =>
      Promise.resolve(Buffer.from((contents as Record<string, string>)[path] ?? ''))
    return {store, clock, writer, readAssetFile}
  }

  async expand(plan: Plan, parts: ConfigParts, changes: Partial<ApplyRequest> = {}): Promise<ApplyOutcome> {
    return applyExpand(this.ports(parts), await this.request(plan, aConfig(parts), changes))
  }

  /** What the canary stage does when it does not promote. */
  async takeBack(plan: Plan, parts: ConfigParts): Promise<readonly StepReport[]> {
    return takeBackFirst(this.ports(parts), await this.request(plan, aConfig(parts)))
  }

  async rest(plan: Plan, parts: ConfigParts, changes: Partial<ApplyRequest> = {}): Promise<ApplyOutcome> {
    return applyRest(this.ports(parts), await this.request(plan, aConfig(parts), changes))
  }

  /** What the canary stage writes when it promotes. */
  async promote(plan: Plan): Promise<void> {
    const state = await this.store.readState()
    const pending = {planDigest: plan.digest, release: plan.release.after, verdict: 'promote' as const}
    await this.store.writeState({...state, pending}, state.serial)
  }

  /** The whole way of a plan: expand, promote, rest. */
  async ship(parts: ConfigParts, changes: Partial<ApplyRequest> = {}): Promise<ApplyOutcome> {
    const {plan} = await this.plan(parts)
    const expanded = await this.expand(plan, parts)
    if (expanded.kind === 'refused') return expanded
    await this.promote(plan)
    return this.rest(plan, parts, changes)
  }

  /** A person writes down what became of a create whose answer was lost. */
  settle(key: string, finding: Finding): Promise<SettleOutcome> {
    const {store, clock, writer} = this
    const request = {key, finding, reason: 'seen in the console', who: 'lin-mkt', holder: 'test'}
    return settle({store, clock, reader: writer}, request)
  }

  /** The process that died is replaced by a new one. */
  restart(): void {
    this.wecom.isDead = false
    this.wecom.fault = () => null
    this.store.restart()
  }
}

const asConfig = (parts: ConfigParts | Config): Config =>
  'enterprise' in parts && 'policy' in parts ? parts : aConfig(parts)
