import {generateKeyPairSync} from 'node:crypto'
import dns from 'node:dns'
import {mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, unlinkSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import {canonicalText, digestOf} from '../../scripts/core/model/canonical.js'
import type {OutcomeRecord} from '../../scripts/core/model/outcome.js'
import type {Manifest} from '../../scripts/core/model/release.js'
import type {Store} from '../../scripts/core/ports.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {signManifest, verifyManifest} from '../../scripts/core/release/manifest.js'
import {createResponder, type Responder} from '../../scripts/responder/create-responder.js'
import {createOwnDisk} from '../../scripts/responder/own-disk.js'
import type {OwnDisk, SharedState} from '../../scripts/responder/ports.js'
import {createSteadyClock} from '../../scripts/runtime/steady-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createSandbox} from '../../scripts/sandbox/create-sandbox.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {createCallbackReader} from '../../scripts/wecom/callback.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createCallbackPort, createResponderPort} from '../../scripts/wecom/create-responder-port.js'
import {configOf} from '../support/a-config.js'
import {openTcpDoor, type TcpDoor} from './tcp-door.js'

const CORP_ID = 'ww0000000000000001'
const AGENT_ID = 1000002
const SECRET = 'secret-of-the-faults'
const TOKEN = 'faultToken01'
const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
/** A name of no machine, so that looking it up can go wrong. */
const WECOM_HOST = 'wecom.invalid'
const DAY_MS = 86_400_000
const HANG_CHECK_MS = 50
const MEMBERS = ['zhang.san', 'li.si']

export type PortMode = 'works' | 'throws' | 'hangs'
export type DnsMode = 'works' | 'ENOTFOUND' | 'EAI_AGAIN' | 'hangs'

/** One responder of the company, a process that can die and start again on the same disk. */
export interface FaultReplica {
  readonly name: string
  kill(): Promise<void>
  start(): Promise<void>
}

/** A company on this machine: sandbox, real client, real files and sockets, and a switch for everything that can fail. */
export interface FaultCompany {
  readonly wecom: TcpDoor
  readonly replicas: readonly FaultReplica[]
  /** What the sandbox is to do wrong (its control API). */
  addFault(fault: Readonly<Record<string, string | number>>): Promise<void>
  clearFaults(): Promise<void>
  setStore(mode: PortMode): void
  setDisk(mode: PortMode | 'full'): void
  setDns(mode: DnsMode): void
  /** The machine's clock is set by so much. */
  jumpClock(ms: number): void
  /** One customer adds; whether anybody took the callback, repeats included. */
  add(customer: string): Promise<boolean>
  /** Everything that was recorded so far, by all replicas. */
  readonly records: readonly OutcomeRecord[]
  /** Customers who got a welcome, by the sandbox's own book. */
  countWelcomed(): Promise<number>
  readonly counters: () => Readonly<Record<string, number>>
  close(): Promise<void>
}

export interface FaultCompanyOptions {
  readonly replicas: number
  /** A view of the shared state for one replica; absent: each is alone. */
  readonly shareOf?: (responder: string) => SharedState
}

/** A port whose every method can be told to throw or to hang. */
function switched<T extends object>(port: T, modeOf: () => PortMode): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        const call = async (): Promise<unknown> => {
          // What hangs goes on when the trouble is over.
          while (modeOf() === 'hangs') await new Promise((done) => setTimeout(done, HANG_CHECK_MS))
          if (modeOf() === 'throws') throw new Error('switched off')
          return Reflect.apply(member, target, args)
        }
        return modeOf() === 'works' ? Reflect.apply(member, target, args) : call()
      }
    },
  })
}

/** Files that only grow are led to a device that is always full: writing them fails as on a full disk. */
function fillDisk(folder: string, isFull: boolean): void {
  const today = new Date().toISOString().slice(0, 10)
  const file = join(folder, `outcomes-${today}.ndjson`)
  const aside = `${file}.aside`
  const names = new Set(readdirSync(folder))
  if (isFull) {
    if (names.has(`outcomes-${today}.ndjson`)) renameSync(file, aside)
    symlinkSync('/dev/full', file)
    return
  }
  unlinkSync(file)
  if (names.has(`outcomes-${today}.ndjson.aside`)) renameSync(aside, file)
}

export async function startFaultCompany({replicas: count, shareOf}: FaultCompanyOptions): Promise<FaultCompany> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-faults-'))
  const modes = {store: 'works' as PortMode, disk: 'works' as PortMode, dns: 'works' as DnsMode, jumpMs: 0}
  const keys = generateKeyPairSync('ed25519', {
    publicKeyEncoding: {type: 'spki', format: 'pem'},
    privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
  })
  const sandbox = createSandbox({corpid: CORP_ID, seed: 'faults'})
  const sandboxPort = Number(new URL((await sandbox.listen(0)).url).port)
  const [wecom, balancer] = [await openTcpDoor([sandboxPort]), await openTcpDoor([])]
  const restoreDns = switchDns(() => modes.dns)
  const records: OutcomeRecord[] = []
  const store = createFileStore(join(folder, 'store'), {
    clock: {nowMs: () => Date.now(), sleep: () => Promise.resolve()},
    randomness: createSystemRandomness(),
  })
  await publish(store, keys.privateKey)
  const callback = {url: `http://127.0.0.1:${balancer.port}/callback`, token: TOKEN, aesKey: AES_KEY}
  await sandbox.control('POST', '/organization', {
    departments: [{id: 1, name: '总部', parentid: 0}],
    members: MEMBERS.map((userid) => ({userid, name: userid, department: [1]})),
  })
  await sandbox.control('POST', '/apps', {apps: [{agentid: AGENT_ID, secret: SECRET, callback}]})

  function createReplica(number: number): FaultReplica & {responder: Responder | null; readonly disk: string} {
    const name = `r${number}`
    const disk = join(folder, name)
    let life = {isOver: true}
    const replica = {
      name,
      disk,
      responder: null as Responder | null,
      async start() {
        const mine = {isOver: false}
        life = mine
        const clock = createSteadyClock({
          onEvent: ({kind}) => replica.responder?.count(`clock_${kind}`),
          sources: {wallMs: () => Date.now() + modes.jumpMs, steadyMs: () => performance.now()},
        })
        const client = createWeComClient({
          baseUrl: `http://${WECOM_HOST}:${wecom.port}`,
          corpId: CORP_ID,
          agentId: AGENT_ID,
          secret: SECRET,
          clock,
          random: Math.random,
          onWarning: () => undefined,
          onPlatformTime: (platformMs) => clock.notePlatformTime(platformMs),
        })
        const modeOf = (mode: PortMode) => (): PortMode => (mine.isOver ? 'hangs' : mode)
        const reader = createCallbackReader({
          receiver: CORP_ID,
          credentials: [{token: TOKEN, encodingAesKey: AES_KEY}],
          clock,
        })
        const responder = createResponder({
          ports: {
            clock,
            random: createSystemRandomness(),
            callback: createCallbackPort(reader, CORP_ID),
            wecom: switched(createResponderPort(client, clock), () => modeOf('works')()),
            store: switched(store, () => modeOf(modes.store)()),
            disk: switched(noting(createOwnDisk(disk), records), () => modeOf(modes.disk)()),
            ...(shareOf && {shared: switched(shareOf(name), () => modeOf('works')())}),
            log: {info: () => undefined, warn: () => undefined, error: () => undefined},
            verifyManifest: (signed) => verifyManifest(signed, keys.publicKey),
            createGreeter,
          },
          settings: {
            responder: name,
            corpId: CORP_ID,
            customerKey: 'faults',
            builtIn: '您好，稍后回复您。',
            lookEveryMs: 1000,
          },
        })
        await responder.start()
        replica.responder = responder
        balancer.targets.push(Number(new URL(await responder.app.listen({host: '127.0.0.1', port: 0})).port))
      },
      async kill() {
        life.isOver = true
        const address = replica.responder?.app.server.address()
        if (typeof address === 'object' && address !== null)
          balancer.targets = balancer.targets.filter((port) => port !== address.port)
        replica.responder?.app.server.closeAllConnections()
        await replica.responder?.app.close()
        replica.responder = null
      },
    }
    return replica
  }

  const replicas = Array.from({length: count}, (_, number) => createReplica(number))
  for (const replica of replicas) await replica.start()
  return {
    wecom,
    replicas,
    records,
    addFault: async (fault) => void (await sandbox.control('POST', '/faults', {...fault})),
    clearFaults: async () => void (await sandbox.control('DELETE', '/faults')),
    setStore: (mode) => void (modes.store = mode),
    setDisk(mode) {
      const wasFull = replicas.some(({disk}) => isFull(disk))
      if (mode === 'full' || wasFull) for (const {disk} of replicas) fillDisk(disk, mode === 'full')
      modes.disk = mode === 'full' ? 'works' : mode
    },
    setDns: (mode) => void (modes.dns = mode),
    jumpClock: (ms) => void (modes.jumpMs += ms),
    async add(customer) {
      const [userid] = MEMBERS
      const wish = {userid: userid ?? '', external_userid: customer, name: '客人'}
      const {pushed} = (await sandbox.control('POST', '/customers/add', wish)) as {
        readonly pushed: readonly {readonly delivery: string}[]
      }
      return pushed.every(({delivery}) => delivery === 'delivered')
    },
    async countWelcomed() {
      const {welcomes} = (await sandbox.control('GET', '/welcomes')) as {readonly welcomes: readonly unknown[]}
      return welcomes.length
    },
    counters: () => {
      const sums: Record<string, number> = {}
      for (const {responder} of replicas)
        for (const [name, by] of Object.entries(responder?.report().counters ?? {})) sums[name] = (sums[name] ?? 0) + by
      return sums
    },
    async close() {
      for (const replica of replicas) await replica.kill()
      await balancer.close()
      await wecom.close()
      await sandbox.close()
      restoreDns()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

const isFull = (folder: string): boolean =>
  readdirSync(folder, {withFileTypes: true}).some((entry) => entry.isSymbolicLink())

/** The same disk, and a copy of every outcome that it took. */
const noting = (disk: OwnDisk, records: OutcomeRecord[]): OwnDisk => ({
  ...disk,
  async appendOutcomes(batch) {
    await disk.appendOutcomes(batch)
    records.push(...batch)
  },
})

async function publish(store: Store, privateKey: string): Promise<void> {
  const config = configOf({
    'templates/hello.yaml': {
      title: '问候',
      text: '[客户昵称]您好。',
      fallback: '您好，欢迎联系我们。',
      attachments: [{type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}],
    },
  })
  const [release, directory] = [assembleRelease(config), assembleDirectory(config)]
  for (const document of [release, directory]) await store.writeDocument(digestOf(document), canonicalText(document))
  const nowMs = Date.now()
  const manifest: Manifest = {
    format: 1,
    lineage: 'faults',
    version: 1,
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + 30 * DAY_MS,
    stable: digestOf(release),
    canary: null,
    directory: digestOf(directory),
    lockdown: [],
  }
  await store.writeManifest(signManifest(manifest, privateKey))
}

/** Every look-up of this process goes through here; only WeCom's name is played with. */
function switchDns(modeOf: () => DnsMode): () => void {
  const real = dns.lookup
  const played = (host: string, options: unknown, done: (error: Error | null, ...found: unknown[]) => void): void => {
    if (host !== WECOM_HOST) return void Reflect.apply(real, dns, [host, options, done])
    const mode = modeOf()
    if (mode === 'hangs') return
    if (mode !== 'works') return void done(Object.assign(new Error(mode), {code: mode}))
    const wantsAll = typeof options === 'object' && options !== null && 'all' in options && options.all === true
    if (wantsAll) done(null, [{address: '127.0.0.1', family: 4}])
    else done(null, '127.0.0.1', 4)
  }
  dns.lookup = played as typeof dns.lookup
  return () => void (dns.lookup = real)
}
