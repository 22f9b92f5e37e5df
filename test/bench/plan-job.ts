/** One plan in a process of its own: `node plan.mjs <job> <configuration> <store>` prints one sample as JSON. */
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, relative} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {load} from 'js-yaml'
import {digestOf, sha256} from '../../scripts/core/model/canonical.js'
import type {AppliedResource, Plan} from '../../scripts/core/model/plan.js'
import {loadConfig} from '../../scripts/pipeline/load.js'
import {makePlan, type MadePlan} from '../../scripts/pipeline/plan.js'
import {planSources} from '../../scripts/pipeline/plan-sources.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'

/** The instant everything is planned at, so that two runs do the same. */
const NOW_MS = Date.UTC(2026, 10, 24)
/** What the floor compares with: path → value, as one JSON file in the store's folder. */
const STORED_VALUES = 'stored-values.json'

const clock = {nowMs: (): number => NOW_MS, sleep: (): Promise<void> => Promise.resolve()}

function openStore(folder: string) {
  let made = 0
  const randomness = {hex: (): string => `made${(made += 1)}`, fraction: (): number => 0.5}
  const onDamage = ({what, why}: {readonly what: string; readonly why: string}): void => {
    throw new Error(`${what}: ${why}`)
  }
  return createFileStore(folder, {clock, randomness, onDamage})
}

function readValues(folder: string): Map<string, unknown> {
  return new Map(
    readdirSync(folder, {recursive: true, withFileTypes: true})
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file), load(readFileSync(file, 'utf8'))]),
  )
}

/** The floor: read each file, parse it, compare it with what is stored; answers how many differ. */
function compareValues(folder: string, stored: string): number {
  const before = JSON.parse(readFileSync(join(stored, STORED_VALUES), 'utf8')) as Readonly<Record<string, unknown>>
  let changed = 0
  for (const [path, value] of readValues(folder)) if (!isDeepStrictEqual(before[path], value)) changed += 1
  return changed
}

async function planFolder(folder: string, stored: string): Promise<MadePlan> {
  const store = openStore(stored)
  const {config, remarks} = await loadConfig(folder)
  if (remarks.length > 0) throw new Error(`the made configuration has ${remarks.length} faults`)
  return makePlan({store, clock}, await planSources(config, store, NOW_MS))
}

async function countChanges(folder: string, stored: string): Promise<number> {
  const {plan} = await planFolder(folder, stored)
  return plan.changes.length
}

/** Brings the store to where an apply of this configuration would leave it. */
async function settle(folder: string, stored: string): Promise<number> {
  const {plan, texts, recovered} = await planFolder(folder, stored)
  const store = openStore(stored)
  for (const text of [texts.release, texts.directory]) await store.writeDocument(sha256(text), text)
  const {state, serial} = recovered
  const [stable, directory] = [texts.release, texts.directory].map(sha256)
  const promoted = [
    {number: 1, digest: stable ?? '', atMs: NOW_MS, planDigest: plan.digest, commit: null, approvers: []},
  ]
  const next = {...state, stable: stable ?? null, directory: directory ?? null, promoted, resources: applied(plan)}
  await store.writeState(next, serial)
  writeFileSync(join(stored, STORED_VALUES), JSON.stringify(Object.fromEntries(readValues(folder))))
  return plan.steps.length
}

const applied = ({steps}: Plan): Record<string, AppliedResource> =>
  Object.fromEntries(
    steps
      .filter(({kind}) => kind === 'corp-tag')
      .map(({key, kind, id, after}) => [key, {kind, id, digest: digestOf(after), value: after}]),
  )

const JOBS: Readonly<Record<string, (folder: string, stored: string) => number | Promise<number>>> = {
  settle,
  compare: compareValues,
  plan: countChanges,
}

async function main([name = '', folder = '', stored = '']: readonly string[]): Promise<void> {
  const job = JOBS[name]
  if (!job) throw new Error(`unknown job ${name}`)
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const changed = await job(folder, stored)
  const {user, system} = process.cpuUsage(before)
  const wallMs = performance.now() - startedAt
  const rssMiB = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({wallMs, cpuMs: (user + system) / 1000, rssMiB, changed}))
}

await main(process.argv.slice(2))
