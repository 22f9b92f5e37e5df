import {cpSync, mkdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {mintToken} from '../../scripts/core/gate/token.js'
import type {Plan, State} from '../../scripts/core/model/plan.js'
import {recoverState} from '../../scripts/pipeline/recover-state.js'
import {generateKeyPair} from '../../scripts/runtime/keys.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {type ApplyDoor, openApplyDoor} from './apply-door.js'
import {type Ended, type Place, type Running, type RunningSandbox, start, startSandbox} from './apply-program.js'
import {companyOfShop, CORP_ID, writeShop} from './apply-shop.js'

const AGENT_ID = 1000002
const SECRET = 'secret-of-the-applies'
const GATE_KEY = generateKeyPair()
const RELEASE_KEY = generateKeyPair()
let tokens = 0

/** One corp, one store on the disk and the way between; commands are processes of their own. */
export interface ApplyWorld {
  readonly folder: string
  /** The configuration that is applied. */
  readonly config: string
  readonly place: Place
  readonly door: ApplyDoor
  readonly sandbox: RunningSandbox
  run(argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  /** Plans from what the store says now, and writes down that the plan's canary was promoted. */
  plan(config?: 'before' | 'after'): Promise<Plan>
  /** `yingbin apply` of the plan last made, with a token of its own. */
  startApply(config?: 'before' | 'after'): Promise<Running>
  /** Environment and flags of such an apply, for whoever starts it otherwise. */
  applyLine(config?: 'before' | 'after'): Promise<{readonly argv: string[]; readonly env: Record<string, string>}>
  /** What the store knows, with what the journal tells of a run that was cut off. */
  readState(): Promise<State>
  close(): Promise<void>
}

/** Opens a world in a folder, which is made when it is not there yet. */
export async function openApplyWorld(program: string, folder: string, shop: string): Promise<ApplyWorld> {
  mkdirSync(folder, {recursive: true})
  const bare: Place = {program, cwd: folder, env: {}}
  const sandbox = await startSandbox(bare, CORP_ID)
  const door = await openApplyDoor(sandbox.url)
  const place: Place = {
    ...bare,
    env: {WECOM_SECRET: SECRET, WECOM_BASE_URL: door.url, YINGBIN_STORE: 'file:store'},
  }
  const planFile = join(folder, 'plan.json')
  const readPlan = (): Plan => JSON.parse(readFileSync(planFile, 'utf8')) as Plan
  const store = () =>
    createFileStore(join(folder, 'store'), {clock: createSystemClock(), randomness: createSystemRandomness()})
  const run: ApplyWorld['run'] = (argv, env = {}) => start({...place, env: {...place.env, ...env}}, argv).ended

  async function applyLine(config: 'before' | 'after' = 'after') {
    const env = {
      YINGBIN_TOKEN: await tokenFor(readPlan()),
      YINGBIN_TOKEN_PUBLIC_KEY: GATE_KEY.publicKeyPem,
      YINGBIN_RELEASE_KEY: RELEASE_KEY.privateKeyPem,
    }
    const argv = ['apply', '--json', '--config', join(shop, config), '--plan', planFile]
    return {argv, env: {...place.env, ...env}}
  }

  return {
    ...{folder, config: join(shop, 'after'), place, door, sandbox, run, applyLine},
    async plan(config = 'after') {
      const {code, err} = await run(['plan', '--json', '--config', join(shop, config), '--out', planFile])
      if (code !== 0) throw new Error(`plan ended with ${String(code)}: ${err}`)
      const plan = readPlan()
      const {release, digest} = plan
      const state = await store().readState()
      const pending = {planDigest: digest, release: release.after, verdict: 'promote' as const}
      await store().writeState({...state, pending}, state.serial)
      return plan
    },
    async startApply(config = 'after') {
      const {argv, env} = await applyLine(config)
      return start({...place, env}, argv)
    },
    readState: async () => (await recoverState(store())).state,
    async close() {
      await door.close()
      await sandbox.stop()
    },
  }
}

function tokenFor({digest: planDigest}: Plan): Promise<string> {
  const approvers = [{login: 'lin-mkt', place: '文案'}]
  const request = {planDigest, head: 'head-1', base: 'base-1', approvers, unlocks: [], jti: `token-${++tokens}`}
  return mintToken({...request, nowMs: Date.now()}, GATE_KEY.privateKeyPem)
}

/** A world in which the first configuration is shipped and the second one is planned, to be copied for every fault. */
export interface PreparedApply {
  readonly plan: Plan
  /** A copy, opened for as long as `use` takes. */
  inCopy<T>(use: (world: ApplyWorld) => Promise<T>): Promise<T>
}

/** @param folder an empty one for everything that is made here */
export async function prepareApply(program: string, folder: string): Promise<PreparedApply> {
  const [shop, base] = [join(folder, 'shop'), join(folder, 'base')]
  writeShop(shop)
  const plan = await makeBase(await openApplyWorld(program, base, shop))
  let copies = 0
  return {
    plan,
    async inCopy(use) {
      const copy = join(folder, `copy-${++copies}`)
      cpSync(base, copy, {recursive: true})
      const opened = await openApplyWorld(program, copy, shop)
      try {
        return await use(opened)
      } finally {
        await opened.close()
        rmSync(copy, {recursive: true, force: true})
      }
    },
  }
}

/** Ships the first configuration and plans the second one. */
async function makeBase(world: ApplyWorld): Promise<Plan> {
  try {
    await world.sandbox.control('POST', '/organization', companyOfShop())
    await world.sandbox.control('POST', '/apps', {apps: [{agentid: AGENT_ID, secret: SECRET}]})
    await world.plan('before')
    const {code, out, err} = await (await world.startApply('before')).ended
    if (code !== 0) throw new Error(`the first configuration was not shipped: ${out}${err}`)
    return await world.plan('after')
  } finally {
    await world.close()
  }
}
