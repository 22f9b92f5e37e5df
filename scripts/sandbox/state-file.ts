import {createHash} from 'node:crypto'
import {existsSync, readFileSync} from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import type {ClockReading} from './clock.js'
import {createEmptyState, type SandboxState} from './state.js'
import {isJsonObject, type JsonObject, type JsonValue} from './wire.js'

/**
 * The state file: JSON with a format name, a version and a SHA-256 of the state inside. Maps, Sets and bytes are written as
 * {$map}, {$set}, {$bytes}. Files larger than 256 KiB keep their record but lose their bytes: media/get then answers 40007.
 */
const FORMAT = 'yingbin-sandbox-state'
const VERSION = 1
const BYTES_KEPT = 262_144

/** The file exists but is not a whole state file of this version. It is left as it is. */
export class BrokenStateFile extends Error {
  override readonly name = 'BrokenStateFile'
  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`the sandbox state file ${file} ${why}; move it away to start empty, it was not changed`, options)
  }
}

interface SavedSandbox {
  state: SandboxState
  clock?: ClockReading
}

export function readStateFile(file: string): SavedSandbox | undefined {
  if (!existsSync(file)) return undefined
  let document: unknown
  try {
    document = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new BrokenStateFile(file, 'is no JSON', {cause: error})
  }
  if (!isJsonObject(document) || document['format'] !== FORMAT) throw new BrokenStateFile(file, 'is no sandbox state')
  if (document['version'] !== VERSION) throw new BrokenStateFile(file, `has another version than ${VERSION}`)
  const {state} = document
  if (!isJsonObject(state) || sha256(JSON.stringify(state)) !== document['sha256']) {
    throw new BrokenStateFile(file, 'is damaged (its digest does not match)')
  }
  const clock = readClock(document['clock'])
  return {state: decodeState(file, state), ...(clock === undefined ? {} : {clock})}
}

function readClock(value: JsonValue | undefined): ClockReading | undefined {
  if (!isJsonObject(value)) return undefined
  const {nowMs, offsetMs, frozen} = value
  if (typeof nowMs !== 'number' || typeof offsetMs !== 'number' || typeof frozen !== 'boolean') return undefined
  return {nowMs, offsetMs, frozen}
}

export async function writeStateFile(file: string, saved: SavedSandbox): Promise<void> {
  const state = JSON.stringify(encodeState(saved.state))
  const clock = JSON.stringify(saved.clock ?? null)
  const text = `{"format":"${FORMAT}","version":${VERSION},"sha256":"${sha256(state)}","clock":${clock},"state":${state}}\n`
  await writeFileAtomic(file, text, {mode: 0o600})
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

export function encodeState(state: SandboxState): JsonObject {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, encode(value)]))
}

function encode(value: unknown): JsonValue {
  if (value instanceof Map) return {$map: Array.from(value, ([key, item]) => [encode(key), encode(item)])}
  if (value instanceof Set) return {$set: Array.from(value, encode)}
  if (Buffer.isBuffer(value)) return value.length > BYTES_KEPT ? null : {$bytes: value.toString('base64')}
  if (Array.isArray(value)) return value.map(encode)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} cannot be kept in the state file`)
  const kept = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(kept.map(([name, item]) => [name, encode(item)]))
}

/** The digest vouches for the inside of the sections; here only their kinds are compared with those of an empty state. */
function decodeState(file: string, written: JsonObject): SandboxState {
  const state = createEmptyState('', '')
  const kindOf = (value: unknown): string =>
    value instanceof Map ? 'map' : value instanceof Set ? 'set' : Array.isArray(value) ? 'list' : typeof value
  const decoded: Record<string, unknown> = {}
  for (const [name, empty] of Object.entries(state)) {
    const value = decode(written[name] ?? null)
    if (kindOf(value) !== kindOf(empty)) throw new BrokenStateFile(file, `lacks the section "${name}"`)
    decoded[name] = value
  }
  return Object.assign(state, decoded)
}

function decode(value: JsonValue): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (!isJsonObject(value)) return value
  const {$map: map, $set: set, $bytes: bytes} = value
  if (Array.isArray(map)) {
    return new Map(
      map.map((entry) => (Array.isArray(entry) ? [decode(entry[0] ?? null), decode(entry[1] ?? null)] : [null, null])),
    )
  }
  if (Array.isArray(set)) return new Set(set.map(decode))
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64')
  const entries = Object.entries(value).filter(([name, item]) => !(name === 'bytes' && item === null))
  return Object.fromEntries(entries.map(([name, item]) => [name, decode(item)]))
}
