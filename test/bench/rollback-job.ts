/**
 * `node rollback.mjs PLAN` lets responders look at one store and takes a release back with the real command, again and again;
 * prints a {@link RollbackResult} for each round as JSON.
 */
import {spawn} from 'node:child_process'
import {generateKeyPairSync} from 'node:crypto'
import {once} from 'node:events'
import {mkdirSync} from 'node:fs'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {canonicalText, digestOf} from '../../scripts/core/model/canonical.js'
import type {Store} from '../../scripts/core/ports.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {configOf} from '../support/a-config.js'
import {startRedis} from '../support/redis-server.js'
import {nowMs} from './post-deliveries.js'
import {type RunningResponder, type Share, startResponder, startStub, withStore} from './responder-stack.js'

export interface RollbackPlan {
  readonly root: string
  /** Of this run alone. */
  readonly folder: string
  readonly stub: string
  readonly store: 'file' | 'redis'
  readonly responders: number
  readonly rounds: number
}

/** Milliseconds since the command was started. */
export interface RollbackResult {
  readonly commandMs: number
  readonly publishedMs: number
  /** Until each responder said that it runs the new manifest, as their metrics tell. */
  readonly heardMs: readonly number[]
}

const {publicKey, privateKey} = generateKeyPairSync('ed25519', {
  publicKeyEncoding: {type: 'spki', format: 'pem'},
  privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
})
const SAID = ['一', '二']
const POLL_MS = 100
const LONGEST_MS = 60_000

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Two releases, both once promoted, of which the second is said. */
async function promoteBoth(store: Store): Promise<void> {
  const clock = createSystemClock()
  const keep = async (document: object): Promise<string> => {
    await store.writeDocument(digestOf(document), canonicalText(document))
    return digestOf(document)
  }
  const configs = SAID.map((said) => configOf({'templates/hello.yaml': {title: '问候', text: said}}))
  const digests = await Promise.all(configs.map((config) => keep(assembleRelease(config))))
  const [stable = null, directory] = [digests.at(-1), await keep(assembleDirectory(configOf()))]
  const promoted = digests.map((digest, index) => ({
    ...{number: index + 1, digest, atMs: clock.nowMs() + index, planDigest: `plan-${index}`},
    ...{commit: 'c0ffee'.repeat(6), approvers: ['somebody']},
  }))
  const state = await store.readState()
  await store.writeState({...state, stable, directory, promoted}, state.serial)
  await publishManifest({store, clock}, {stable, directory}, {privateKeyPem: privateKey, who: 'apply'})
}

const shareOf = async ({store}: RollbackPlan): Promise<Share> =>
  store === 'redis' ? startRedis().then(({url, stop}) => ({store: url, stop})) : {store: 'file:store', stop: noStop}
const noStop = (): Promise<void> => Promise.resolve()

async function untilRuns(responder: RunningResponder, version: number): Promise<void> {
  const untilMs = nowMs() + LONGEST_MS
  while ((await responder.metric('yingbin_manifest_version')) < version) {
    if (nowMs() > untilMs) throw new Error(`${responder.name} does not run manifest ${version}`)
    await pause(POLL_MS)
  }
}

/** A launcher that finds a changed source bundles anew, which is no part of a rollback. */
async function bundleIfChanged({root}: RollbackPlan): Promise<void> {
  const child = spawn(process.execPath, [join(root, 'scripts/launch.mjs'), '--version'], {stdio: 'ignore'})
  await once(child, 'exit')
}

/** `yingbin rollback` in a process of its own; answers with the version it published. */
async function rollBack({root, folder}: RollbackPlan, store: string, to: number): Promise<number> {
  const argv = ['rollback', '--json', '--store', store, '--to', String(to), '--reason', '链接打不开']
  const child = spawn(process.execPath, [join(root, 'scripts/launch.mjs'), ...argv], {
    cwd: folder,
    env: {...process.env, YINGBIN_RELEASE_KEY: privateKey},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const {version, changed} = JSON.parse(out) as {readonly version: number; readonly changed: boolean}
  if (code !== 0 || !changed) throw new Error(`rollback to ${to} ended with ${String(code)}: ${out}`)
  return version
}

async function measure(plan: RollbackPlan, store: string, responders: readonly RunningResponder[], round: number) {
  const expected = round + 1
  const startedAtMs = Date.now()
  const startedAt = nowMs()
  const since = (): number => nowMs() - startedAt
  const [commandMs, ...heardMs] = await Promise.all([
    rollBack(plan, store, round % 2 === 1 ? 1 : 2).then((version) => {
      if (version !== expected) throw new Error(`published manifest ${version}, not ${expected}`)
      return since()
    }),
    ...responders.map((responder) => untilRuns(responder, expected).then(since)),
  ])
  const signed = await withStore(store, plan.folder, (opened) => opened.readManifest())
  const publishedMs = (signed?.manifest.issuedAtMs ?? Number.NaN) - startedAtMs
  return {commandMs, publishedMs, heardMs} satisfies RollbackResult
}

async function run(plan: RollbackPlan): Promise<RollbackResult[]> {
  const {root, folder, rounds} = plan
  mkdirSync(folder, {recursive: true})
  const share = await shareOf(plan)
  const running: {stop(): Promise<void>}[] = [share]
  try {
    await withStore(share.store, folder, promoteBoth)
    const stub = await startStub(plan.stub, {delayMs: [50, 150], seed: 1, sendsPerMinute: null})
    running.push(stub)
    const args = ['--responders', String(plan.responders)]
    const responders: RunningResponder[] = []
    for (let index = 1; index <= plan.responders; index++) {
      const env = {YINGBIN_RELEASE_PUBLIC_KEY: publicKey}
      const place = {root, folder, store: share.store, wecom: stub.url, args, env, name: `r${index}`}
      const responder = await startResponder(place)
      running.push(responder)
      responders.push(responder)
    }
    await Promise.all(responders.map((responder) => untilRuns(responder, 1)))
    const results: RollbackResult[] = []
    for (let round = 1; round <= rounds; round++) {
      await bundleIfChanged(plan)
      results.push(await measure(plan, share.store, responders, round))
    }
    return results
  } finally {
    for (const each of running.reverse()) await each.stop()
  }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '') as RollbackPlan)))
