/** The real command, each in a process of its own: a stub of WeCom, responders, what they share, and what is published. */
import {type ChildProcess, spawn} from 'node:child_process'
import {generateKeyPairSync} from 'node:crypto'
import {once} from 'node:events'
import {closeSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import axios from 'axios'
import {openStore} from '../../scripts/commands/open-store.js'
import {canonicalText, digestOf} from '../../scripts/core/model/canonical.js'
import type {OutcomeCode, OutcomeRecord, ResponderReport} from '../../scripts/core/model/outcome.js'
import type {Store} from '../../scripts/core/ports.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {signManifest} from '../../scripts/core/release/manifest.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {type Changes, configOf} from '../support/a-config.js'
import {startRedis} from '../support/redis-server.js'
import {AES_KEY, AGENT_ID, CORP_ID, TOKEN} from './deliveries.js'

const DAY_MS = 86_400_000
const {publicKey, privateKey} = generateKeyPairSync('ed25519', {
  publicKeyEncoding: {type: 'spki', format: 'pem'},
  privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
})

export interface StubOptions {
  /** Shortest and longest time to an answer. */
  readonly delayMs: readonly [number, number]
  readonly seed: number
  /** Sends of any rolling minute that are taken; `null` takes all. */
  readonly sendsPerMinute: number | null
}

export interface StubCounts {
  /** Distinct codes that were taken. */
  readonly sent: number
  /** Codes that came again (41051). */
  readonly repeated: number
  /** Sends beyond the quota (45009). */
  readonly refused: number
  readonly nicknames: number
  readonly tokens: number
  readonly unknown: number
}

export interface Stub {
  readonly url: string
  counts(): Promise<StubCounts>
  /** When each code was taken, in epoch milliseconds. */
  arrivals(): Promise<ReadonlyMap<string, number>>
  stop(): Promise<void>
}

export interface ResponderPlace {
  /** The repository: its launcher is what runs. */
  readonly root: string
  /** Of the store, when it is one of files, and of the own disks. */
  readonly folder: string
  readonly name: string
  /** `file:…` or `redis:…`. */
  readonly store: string
  readonly wecom: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

export interface RunningResponder {
  readonly name: string
  readonly url: string
  /** Its own disk. */
  readonly disk: string
  health(): Promise<Readonly<Record<string, unknown>>>
  /** One metric without labels; 0 when it is not there. */
  metric(name: string): Promise<number>
  outcomes(): readonly OutcomeRecord[]
  /** As SIGTERM does. */
  stop(): Promise<void>
  /** As a power cut does. */
  kill(): Promise<void>
}

export interface Share {
  /** For `--store`. */
  readonly store: string
  stop(): Promise<void>
}

async function getJson<T>(url: string): Promise<T> {
  return (await axios.get<T>(url, {proxy: false})).data
}

/** The first line a process prints, as JSON; what it logs afterwards is let through unread. */
async function announced<T>(child: ChildProcess, what: string): Promise<T> {
  if (child.stdout === null) throw new Error(`${what} has no output`)
  const lines = createInterface({input: child.stdout})
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => String(text)),
    once(child, 'exit').then(() => null),
  ])
  if (line === null) throw new Error(`${what} ended before it was ready`)
  child.stdout.resume()
  return JSON.parse(line) as T
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

/** @param program {@link ./stub-wecom.ts}, bundled or as it is written */
export async function startStub(program: string, options: StubOptions): Promise<Stub> {
  const loader = program.endsWith('.ts') ? ['--import', 'tsx'] : []
  const child = spawn(process.execPath, [...loader, program, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const {port} = await announced<{readonly port: number}>(child, 'the stub of WeCom')
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    counts: () => getJson<StubCounts>(`${url}/counts`),
    arrivals: async () => new Map(await getJson<[string, number][]>(`${url}/arrivals`)),
    stop: () => end(child, 'SIGKILL'),
  }
}

/** `yingbin respond` on a free port of loopback; answers when it is ready. What it logs is in `NAME.log` of the folder. */
export async function startResponder(place: ResponderPlace): Promise<RunningResponder> {
  const {root, folder, name, store, wecom, args = [], env = {}} = place
  const disk = join(folder, `disk-${name}`)
  const flags = {port: '0', store, wecom, 'corp-id': CORP_ID, 'agent-id': String(AGENT_ID), name, disk}
  const log = openSync(join(folder, `${name}.log`), 'a')
  const child = spawn(
    process.execPath,
    [
      join(root, 'scripts/launch.mjs'),
      ...['respond', '--json', '--no-live-directory'],
      ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]),
      ...args,
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        WECOM_SECRET: 'made-up-secret',
        WECOM_TOKEN: TOKEN,
        WECOM_AES_KEY: AES_KEY,
        WECOM_PROXY: '',
        YINGBIN_RELEASE_PUBLIC_KEY: publicKey,
        YINGBIN_CUSTOMER_KEY: 'made-up-key',
        ...env,
      },
      stdio: ['ignore', 'pipe', log],
    },
  )
  closeSync(log)
  const {url} = await announced<{readonly url: string}>(child, `the responder ${name}`)
  return {
    name,
    url,
    disk,
    health: () => getJson(`${url}/healthz`),
    async metric(metric) {
      const text = await getJson<string>(`${url}/metrics`)
      return Number(new RegExp(`^${metric} (.+)$`, 'm').exec(text)?.[1] ?? 0)
    },
    outcomes: () => readOutcomes(disk),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  }
}

const readOutcomes = (disk: string): OutcomeRecord[] =>
  readdirSync(disk)
    .filter((name) => name.startsWith('outcomes-'))
    .flatMap((name) => readFileSync(join(disk, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line) as OutcomeRecord)

export function countOutcomes(responders: readonly RunningResponder[]): Partial<Record<OutcomeCode, number>> {
  const counts: Partial<Record<OutcomeCode, number>> = {}
  for (const {outcome} of responders.flatMap((responder) => responder.outcomes()))
    counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

/** The store behind such an address, opened as the commands open it. */
export async function withStore<T>(address: string, folder: string, work: (store: Store) => Promise<T>): Promise<T> {
  const door = {
    ...{env: {}, cwd: folder, isTerminal: false, signal: new AbortController().signal, nowMs: () => Date.now()},
    self: {execPath: process.execPath, script: '', execArgv: []},
    out: () => undefined,
    err: (text: string) => void process.stderr.write(text),
  }
  const store = openStore(door, address, createSystemClock())
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** Publishes the small start with changes as the next manifest; answers with its version. */
export const publish = (address: string, folder: string, changes: Changes = {}): Promise<number> =>
  withStore(address, folder, async (store) => {
    const config = configOf(changes)
    const [release, directory] = [assembleRelease(config), assembleDirectory(config)]
    for (const document of [release, directory]) await store.writeDocument(digestOf(document), canonicalText(document))
    const version = ((await store.readManifest())?.manifest.version ?? 0) + 1
    const nowMs = Date.now()
    const manifest = {
      ...{format: 1 as const, lineage: 'made-up-lineage', version, issuedAtMs: nowMs, expiresAtMs: nowMs + 7 * DAY_MS},
      ...{stable: digestOf(release), directory: digestOf(directory), canary: null, lockdown: []},
    }
    await store.writeManifest(signManifest(manifest, privateKey))
    return version
  })

/** What the responders have told the store; about a second old. */
export const readReports = (address: string, folder: string): Promise<readonly ResponderReport[]> =>
  withStore(address, folder, (store) => store.readReports())

/** What so many responders share: files for one, a Redis of our own for several. */
export async function shareOf(replicas: number): Promise<Share> {
  if (replicas === 1) return {store: 'file:store', stop: () => Promise.resolve()}
  const {url, stop} = await startRedis()
  return {store: url, stop}
}
