import {generateKeyPairSync} from 'node:crypto'
import {encrypt, getSignature} from '@wecom/crypto'
import {createGreeter} from '../../scripts/core/greet/create-greeter.js'
import {canonicalText, digestOf} from '../../scripts/core/model/canonical.js'
import type {Asset} from '../../scripts/core/model/config.js'
import type {OutcomeRecord, ResponderReport} from '../../scripts/core/model/outcome.js'
import type {MediaEntry} from '../../scripts/core/model/plan.js'
import type {Manifest, SignedManifest} from '../../scripts/core/model/release.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {signManifest, verifyManifest} from '../../scripts/core/release/manifest.js'
import type {CheckInRow} from '../../scripts/core/respond/duty.js'
import type {LiveMember} from '../../scripts/core/respond/overlay-directory.js'
import {createResponder, type Responder} from '../../scripts/responder/create-responder.js'
import type {KeptEvent, LastGood, OwnDisk, ResponderPorts, SharedState} from '../../scripts/responder/ports.js'
import {type ResponderSettings, STORE_PATIENCE_MS} from '../../scripts/responder/settings.js'
import {createCallbackReader} from '../../scripts/wecom/callback.js'
import {createCallbackPort} from '../../scripts/wecom/create-responder-port.js'
import {type Changes, configOf} from '../support/a-config.js'
import {createFakeWeCom, type FakeWeCom} from './fake-wecom.js'
import {createStepClock, type StepClock} from './step-clock.js'

export const START_MS = Date.parse('2026-11-24T10:00:00+08:00')
export const CORP_ID = 'ww0000000000000001'
export const BUILT_IN = '您好，稍后回复您。'
export const TOKEN = 'responderToken01'
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const DAY_MS = 86_400_000
/** The default; see the settings. */
export const LIVE_FIRST_WAIT_MS = 3000

const KEYS = generateKeyPairSync('ed25519', {
  publicKeyEncoding: {type: 'spki', format: 'pem'},
  privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
})

export const sign = (manifest: Manifest): SignedManifest => signManifest(manifest, KEYS.privateKey)

export const aManifest = (changes: Partial<Manifest> = {}): Manifest => ({
  format: 1,
  lineage: 'lineage-1',
  version: 1,
  issuedAtMs: START_MS,
  expiresAtMs: START_MS + 7 * DAY_MS,
  stable: null,
  canary: null,
  directory: null,
  lockdown: [],
  ...changes,
})

/** A store in memory whose trouble can be switched on. */
export interface FakeStore {
  manifest: SignedManifest | null
  readonly documents: Map<string, string>
  media: MediaEntry[]
  readonly assets: Map<string, Uint8Array>
  readonly reports: ResponderReport[]
  isDown: boolean
  /** Takes every question and answers none. */
  isHanging: boolean
  readonly port: ResponderPorts['store']
}

export function createFakeStore(): FakeStore {
  const answer = <T>(value: () => T): Promise<T> => {
    if (fake.isHanging) return new Promise(() => undefined)
    return fake.isDown ? Promise.reject(new Error('the store does not answer')) : Promise.resolve(value())
  }
  const fake: FakeStore = {
    isHanging: false,
    manifest: null,
    documents: new Map(),
    media: [],
    assets: new Map(),
    reports: [],
    isDown: false,
    port: {
      readManifest: () => answer(() => fake.manifest),
      readDocument: (digest) => answer(() => fake.documents.get(digest) ?? null),
      readMedia: () => answer(() => [...fake.media]),
      readAsset: (sha256) => answer(() => fake.assets.get(sha256) ?? null),
      writeMedia: (entries) =>
        answer(() => {
          const isOther = (old: MediaEntry) =>
            !entries.some(({sha256, use}) => old.sha256 === sha256 && old.use === use)
          fake.media = [...fake.media.filter(isOther), ...entries]
        }),
      writeReport: (report) => answer(() => void fake.reports.push(report)),
      readReports: () => answer(() => fake.reports.slice(-1)),
    },
  }
  return fake
}

export interface FakeDisk extends OwnDisk {
  lastGood: LastGood | null
  readonly outcomes: OutcomeRecord[]
  readonly exposed: Map<string, string[]>
  readonly kept: Map<string, KeptEvent>
  isDown: boolean
}

export function createFakeDisk(): FakeDisk {
  const answer = <T>(value: () => T): Promise<T> =>
    fake.isDown ? Promise.reject(new Error('the disk is full')) : Promise.resolve(value())
  const fake: FakeDisk = {
    lastGood: null,
    outcomes: [],
    exposed: new Map(),
    kept: new Map(),
    isDown: false,
    readLastGood: () => answer(() => fake.lastGood),
    writeLastGood: (lastGood) => answer(() => void (fake.lastGood = lastGood)),
    appendOutcomes: (records) => answer(() => void fake.outcomes.push(...records)),
    readExposed: (canary) => answer(() => fake.exposed.get(canary) ?? []),
    appendExposed: (canary, person) =>
      answer(() => void fake.exposed.set(canary, [...(fake.exposed.get(canary) ?? []), person])),
    noteEvents: (kept, closed) =>
      answer(() => {
        for (const event of kept) fake.kept.set(event.key, event)
        for (const key of closed) fake.kept.delete(key)
      }),
    readKept: () =>
      answer(() => ({open: [...fake.kept.values()], answered: new Set(fake.outcomes.map(({key}) => key))})),
  }
  return fake
}

export interface Published {
  readonly stable: string
  readonly directory: string
}

/** A configuration as its release and directory; the documents are put into the store. */
export function putRelease(store: FakeStore, changes: Changes = {}, assets: readonly Asset[] = []): Published {
  const config = configOf(changes, assets)
  const put = (value: object): string => {
    const digest = digestOf(value)
    store.documents.set(digest, canonicalText(value))
    return digest
  }
  return {stable: put(assembleRelease(config)), directory: put(assembleDirectory(config))}
}

export interface EventFields {
  readonly kind?: string
  readonly event?: string
  readonly member?: string
  readonly customer?: string
  readonly state?: string
  readonly code?: string | null
  /** Further elements of the event by name. */
  readonly more?: Readonly<Record<string, string>>
  readonly createTimeMs?: number
}

const tag = (name: string, value: string): string => `<${name}><![CDATA[${value}]]></${name}>`

function eventXml(fields: EventFields, nowMs: number): string {
  const {kind = 'add_external_contact', event = 'change_external_contact', member = 'zhang.san'} = fields
  const {customer = 'wmCUSTOMER0001', state, code = 'CODE-1', createTimeMs = nowMs} = fields
  return [
    '<xml>',
    tag('ToUserName', CORP_ID),
    tag('FromUserName', 'sys'),
    `<CreateTime>${Math.floor(createTimeMs / 1000)}</CreateTime>`,
    tag('MsgType', 'event'),
    tag('Event', event),
    tag('ChangeType', kind),
    tag('UserID', member),
    tag('ExternalUserID', customer),
    state === undefined ? '' : tag('State', state),
    code === null ? '' : tag('WelcomeCode', code),
    ...Object.entries(fields.more ?? {}).map(([name, value]) => tag(name, value)),
    '</xml>',
  ].join('')
}

/** The address and body of one encrypted delivery, as WeCom makes them. */
export function aDelivery(
  fields: EventFields,
  nowMs: number,
  receiver = CORP_ID,
): {readonly url: string; readonly payload: string} {
  const encrypted = encrypt(AES_KEY, eventXml(fields, nowMs), receiver)
  const [timestamp, nonce] = [String(Math.floor(nowMs / 1000)), 'nonce123']
  const signature = getSignature(TOKEN, timestamp, nonce, encrypted)
  return {
    url: `/callback?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`,
    payload: `<xml>${tag('ToUserName', CORP_ID)}${tag('AgentID', '1000002')}${tag('Encrypt', encrypted)}</xml>`,
  }
}

export function anEcho(text: string): string {
  const encrypted = encrypt(AES_KEY, text, CORP_ID)
  const signature = getSignature(TOKEN, '1700000000', 'nonce123', encrypted)
  return `/callback?msg_signature=${signature}&timestamp=1700000000&nonce=nonce123&echostr=${encodeURIComponent(encrypted)}`
}

export interface World {
  readonly clock: StepClock
  readonly wecom: FakeWeCom
  readonly store: FakeStore
  readonly disk: FakeDisk
  readonly responder: Responder
  readonly logged: {readonly level: string; readonly text: string}[]
  /** Delivers one event and lets everything that needs no time happen. */
  deliver(fields?: EventFields): Promise<{readonly statusCode: number; readonly body: string}>
  outcomes(): readonly OutcomeRecord[]
  lastOutcome(): OutcomeRecord
  counter(name: string): number
  /** Signs and stores a manifest that says this. */
  publish(changes: Partial<Manifest>): void
  /** The process dies: nothing it began goes on, and what it told nobody yet is lost. */
  kill(): void
  /** The same machine starts again: its disk, the store, WeCom and the clock are as they were left. */
  restart(options?: Omit<WorldOptions, 'store' | 'disk' | 'clock' | 'wecom'>): Promise<World>
}

export interface WorldOptions {
  readonly changes?: Changes
  readonly assets?: readonly Asset[]
  /** No manifest at all in the store. */
  readonly isEmpty?: boolean
  readonly manifest?: Partial<Manifest>
  readonly settings?: Partial<ResponderSettings>
  readonly disk?: FakeDisk
  readonly store?: FakeStore
  readonly clock?: StepClock
  readonly wecom?: FakeWeCom
  readonly fetchLiveMembers?: (suspects: readonly string[]) => Promise<readonly LiveMember[]>
  /** Names of the member tags WeCom shows. */
  readonly liveTags?: readonly string[]
  readonly liveRefused?: readonly string[]
  /** The first live directory does not come in time. */
  readonly isLiveSlow?: boolean
  readonly fetchCheckIns?: ResponderPorts['fetchCheckIns']
  /** In place of what the fakes above make. */
  readonly ports?: Partial<
    Pick<ResponderPorts, 'wecom' | 'fetchLivePicture' | 'fetchCheckIns' | 'readBundle' | 'tellOperators'>
  >
  readonly createGreeter?: ResponderPorts['createGreeter']
  readonly shared?: SharedState
  readonly uploadFails?: boolean
  readonly isStoreDown?: boolean
  readonly isStoreHanging?: boolean
  readonly startMs?: number
}

const livePicture = ({
  fetchLiveMembers,
  liveTags: tags = [],
  liveRefused: refused = [],
}: WorldOptions): Pick<ResponderPorts, 'fetchLivePicture'> =>
  fetchLiveMembers === undefined
    ? {}
    : {fetchLivePicture: async (suspects) => ({members: await fetchLiveMembers(suspects), tags, refused})}

/** What a step clock has to be moved by until a start is over. */
function startTakesMs({isStoreHanging, isLiveSlow}: WorldOptions): number {
  if (isStoreHanging === true) return STORE_PATIENCE_MS
  return isLiveSlow === true ? LIVE_FIRST_WAIT_MS : 0
}

/** A port of a process that may die: after that no call of it is made, and none is answered. */
export function mortal<T extends object>(port: T, life: {readonly isOver: boolean}): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      if (typeof member !== 'function') return member
      return (...args: unknown[]): unknown => {
        if (life.isOver) return new Promise(() => undefined)
        const answer: unknown = Reflect.apply(member, target, args)
        if (!(answer instanceof Promise)) return answer
        return answer.then(
          (value: unknown) => (life.isOver ? new Promise(() => undefined) : value),
          (error: unknown) => {
            if (life.isOver) return new Promise(() => undefined)
            throw error
          },
        )
      }
    },
  })
}

/** A started responder of one company; everything outside it is made by hand. */
export async function aWorld(options: WorldOptions = {}): Promise<World> {
  const clock = options.clock ?? createStepClock(options.startMs ?? START_MS)
  const wecom = options.wecom ?? createFakeWeCom(clock)
  wecom.uploadFails = options.uploadFails ?? wecom.uploadFails
  const life = {isOver: false}
  const store = options.store ?? createFakeStore()
  const disk = options.disk ?? createFakeDisk()
  const logged: {level: string; text: string}[] = []
  const logAt = (level: string) => (fields: object, message: string) =>
    void logged.push({level, text: `${JSON.stringify(fields)} ${message}`})
  const publish = (changes: Partial<Manifest>) => {
    const version = (store.manifest?.manifest.version ?? 0) + 1
    store.manifest = sign(aManifest({...store.manifest?.manifest, version, ...changes}))
  }
  if (options.isEmpty !== true && options.store === undefined) {
    publish({...putRelease(store, options.changes, options.assets), ...options.manifest})
  }
  store.isDown = options.isStoreDown ?? false
  store.isHanging = options.isStoreHanging ?? false
  const reader = createCallbackReader({
    receiver: CORP_ID,
    credentials: [{token: TOKEN, encodingAesKey: AES_KEY}],
    clock,
  })
  const responder = createResponder({
    ports: {
      clock,
      random: {fraction: () => 0},
      callback: createCallbackPort(reader, CORP_ID),
      wecom: mortal(wecom, life),
      store: mortal(store.port, life),
      disk: mortal(disk, life),
      log: {info: logAt('info'), warn: logAt('warn'), error: logAt('error')},
      verifyManifest: (signed) => verifyManifest(signed, KEYS.publicKey),
      createGreeter: options.createGreeter ?? createGreeter,
      ...(options.shared && {shared: mortal(options.shared, life)}),
      ...livePicture(options),
      ...(options.fetchCheckIns && {fetchCheckIns: options.fetchCheckIns}),
      ...options.ports,
    },
    settings: {
      responder: 'r1',
      corpId: CORP_ID,
      customerKey: 'a key for tests',
      builtIn: BUILT_IN,
      ...options.settings,
    },
  })
  const started = responder.start()
  const takesMs = startTakesMs(options)
  if (takesMs > 0) await clock.advance(takesMs)
  await started
  const world: World = {
    clock,
    wecom,
    store,
    disk,
    responder,
    logged,
    async deliver(fields = {}) {
      const {url, payload} = aDelivery(fields, clock.nowMs())
      const answer = await responder.app.inject({method: 'POST', url, payload, headers: {'content-type': 'text/xml'}})
      await clock.settle()
      return {statusCode: answer.statusCode, body: answer.body}
    },
    outcomes: () => disk.outcomes,
    lastOutcome() {
      const last = disk.outcomes.at(-1)
      if (last === undefined) throw new Error('no outcome yet')
      return last
    },
    counter: (name) => responder.report().counters[name] ?? 0,
    publish,
    kill: () => void (life.isOver = true),
    restart: (changed = {}) => aWorld({...options, ...changed, store, disk, clock, wecom}),
  }
  return world
}

/** Texts of the calls that were made, in order. */
export const textsOf = ({wecom}: World): string[] => wecom.calls.map(({message}) => message.text)

export const aPunch = (userId: string, at: string, type = '上班打卡', exception = ''): CheckInRow => ({
  userId,
  type,
  exception,
  atSeconds: Date.parse(at) / 1000,
})
