import type {Redis} from 'ioredis'
import {sha256} from '../../core/model/canonical.js'
import type {ResponderReport} from '../../core/model/outcome.js'
import type {JournalEntry, MediaEntry, State} from '../../core/model/plan.js'
import type {SignedManifest} from '../../core/model/release.js'
import {StoreConflict, StoreDamaged, type Clock, type Lease, type Randomness, type Store} from '../../core/ports.js'
import {appendAudit, readAudit, type AuditLink} from '../audit-files.js'
import {parseChecked, renderChecked} from '../checked-json.js'
import type {OnDamage} from '../damage.js'
import {createHolderProcess, type HolderProcess} from '../holder-process.js'
import {createLock, type Holding} from '../lock-files.js'
import {createStateFiles} from '../state-files.js'
import {createNumberedKeys, FENCE_LUA, wasMade, type Fence} from './numbered-keys.js'
import {createScript} from './redis-script.js'
import {type RedisTrouble, withTroubleTold} from './redis-trouble.js'

const KEPT_MANIFESTS = 200

export interface RedisStoreOptions {
  /** Before every key; one company has one. */
  readonly prefix: string
  /**
   * A lock's time runs on the clock of whoever asks, as in the file store: it only decides how long others wait. What
   * keeps an overtaken holder from writing is the fence, and that needs no clock.
   */
  readonly clock: Clock
  readonly randomness: Randomness
  /** Told of everything that was passed over because it could not be trusted. */
  readonly onDamage?: OnDamage
  /** How a lock's holder on this machine is known to be gone. */
  readonly holders?: HolderProcess
  /** What to throw when Redis cannot be used; default RedisTrouble. */
  readonly explain?: (trouble: RedisTrouble) => Error
}

const APPEND_LINE = `${FENCE_LUA}
local by = overtakenBy(KEYS[2], ARGV[2])
if by then return {'overtaken', by} end
redis.call('RPUSH', KEYS[1], ARGV[1])
return {'made'}
`

/**
 * The store of several machines: one Redis (6.2 or later) that keeps what it has (`appendonly yes`, `maxmemory-policy
 * noeviction`). Same promises as the file store; every compare-and-write is one script, fence included. Errors:
 * StoreConflict, StoreDamaged, StoreLocked, RedisTrouble. `close` leaves the connection to whoever made it.
 */
export function createRedisStore(redis: Redis, options: RedisStoreOptions): Store {
  const {prefix, clock, randomness, onDamage = () => undefined, holders = createHolderProcess()} = options
  const key = (name: string): string => `${prefix}${name}`
  const lockKey = key('lock')
  const lock = createFencedLock(redis, lockKey, clock, holders)
  const state = createStateFiles(createNumberedKeys<State>(redis, key('state'), lock.fence), randomness, onDamage)
  const manifests = createNumberedKeys<SignedManifest>(redis, key('manifests'), lock.fence)
  const audit = createNumberedKeys<AuditLink>(redis, key('audit'))
  const runAppend = createScript(redis, APPEND_LINE)
  const journalKey = (plan: string): string => key(`journal:${checkDigest(plan)}`)

  const store: Store = {
    readState: () => state.read(),
    writeState: (next, expectedSerial) => state.write(next, expectedSerial),
    lock: (holder, ttlMs) => lock.acquire(holder, ttlMs),
    async appendJournal(entry) {
      wasMade(await runAppend([journalKey(entry.plan), lockKey], [renderChecked(entry), lock.fence.held() ?? '']))
    },
    async readJournal(planDigest) {
      const lines = await redis.lrange(journalKey(planDigest), 0, -1)
      return lines.map((line, index) => {
        const checked = parseChecked<JournalEntry>(line)
        if (!checked.ok) throw new StoreDamaged(`journal/${planDigest}`, `line ${index + 1}: ${checked.why}`)
        return checked.value
      })
    },
    async writeDocument(digest, bytes) {
      await redis.set(key(`document:${checkContent(digest, bytes)}`), bytes)
    },
    readDocument: async (digest) =>
      (await readContent(redis, key(`document:${checkDigest(digest)}`), digest))?.toString('utf8') ?? null,
    async writeAsset(digest, bytes) {
      await redis.set(key(`asset:${checkContent(digest, bytes)}`), Buffer.from(bytes))
    },
    readAsset: (digest) => readContent(redis, key(`asset:${checkDigest(digest)}`), digest),
    async readManifest() {
      for await (const version of manifests.newestFirst()) {
        if (version.ok) return version.value
        onDamage({what: `manifests/${version.name}`, why: version.why})
      }
      return null
    },
    async writeManifest(signed) {
      const {version} = signed.manifest
      if (!(await manifests.create(version, signed))) throw new StoreConflict(version - 1, await manifests.findTop())
      await manifests.prune(KEPT_MANIFESTS)
    },
    readMedia: () => readEntries<MediaEntry>(redis, key('media'), 'media', onDamage),
    async writeMedia(entries) {
      if (entries.length === 0) return
      await redis.hset(key('media'), ...entries.flatMap((entry) => [mediaField(entry), renderChecked(entry)]))
    },
    async writeReport(report) {
      await redis.hset(key('reports'), report.responder, renderChecked(report))
    },
    readReports: () => readEntries<ResponderReport>(redis, key('reports'), 'reports', onDamage),
    appendAudit: (entry) => appendAudit(audit.tail, entry),
    readAudit: async () => readAudit(await audit.readAll()),
    close: () => Promise.resolve(),
  }
  return withTroubleTold(store, options.explain)
}

/** The lock of the file store over keys; beside it the fence, which scripts compare in the same step as they write. */
function createFencedLock(redis: Redis, lockKey: string, clock: Clock, holders: HolderProcess) {
  const lock = createLock(createNumberedKeys<Holding>(redis, lockKey), clock, holders)
  let held: number | null = null
  const fence: Fence = {lockKey, held: () => held}
  return {
    fence,
    async acquire(holder: string, ttlMs: number): Promise<Lease> {
      const lease = await lock.acquire(holder, ttlMs)
      held = lease.fence
      return {
        fence: lease.fence,
        async renew() {
          await lease.renew()
          // Somebody may have taken it over between the look and the renewal, which then renewed nothing.
          await lock.checkFence()
        },
        async release() {
          await lease.release()
          if (held === lease.fence) held = null
        },
      }
    },
  }
}

/** Digests become parts of keys, so nothing else may. */
function checkDigest(digest: string): string {
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new TypeError(`expected a lower-case SHA-256 in hex, got ${digest}`)
  return digest
}

function checkContent(digest: string, content: string | Uint8Array): string {
  if (sha256(content) !== checkDigest(digest))
    throw new StoreDamaged(digest, 'the content to be written does not fit its digest')
  return digest
}

async function readContent(redis: Redis, key: string, digest: string): Promise<Buffer | null> {
  const bytes = await redis.getBuffer(key)
  if (bytes && sha256(bytes) !== digest) throw new StoreDamaged(digest, 'its content does not fit its digest')
  return bytes
}

const mediaField = ({sha256: digest, use, name}: MediaEntry): string =>
  `${checkDigest(digest)}.${use}${name === undefined ? '' : `.${sha256(name).slice(0, 16)}`}`

/** A hash of independent entries: a damaged one is passed over and made again by whoever owns it. */
async function readEntries<T>(redis: Redis, key: string, called: string, onDamage: OnDamage): Promise<T[]> {
  const entries = Object.entries(await redis.hgetall(key)).sort(([a], [b]) => (a < b ? -1 : 1))
  return entries.flatMap(([field, text]) => {
    const checked = parseChecked<T>(text)
    if (checked.ok) return [checked.value]
    onDamage({what: `${called}/${field}`, why: checked.why})
    return []
  })
}
