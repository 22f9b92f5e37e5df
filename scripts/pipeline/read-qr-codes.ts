import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {LRUCache} from 'lru-cache'
import type {readBarcodes} from 'zxing-wasm/reader'
import {sha256} from '../core/model/sha256.js'
import type {Asset} from '../core/model/config.js'
import type {ConfigFolder} from './read-config-folder.js'

/** More decoded pixels than this in one picture cost too much memory and, made on purpose, minutes of searching. */
const MAX_SIDE = 4096
/** A picture with this many is taken to hold more than were read. */
const MAX_CODES = 10
/** For all pictures of one folder together; ten thousand covers take less. */
const MAX_SEARCH_MS = 60_000
const REMEMBERED = 20_000

type Codes = Pick<Asset, 'qrCodes' | 'qrUnread'>

/** By content: base and head of a change share nearly all their pictures. */
const known = new LRUCache<string, Codes>({max: REMEMBERED})

/**
 * Looks for QR codes in every picture (PNG, JPEG) of the folder. A picture that cannot be looked into says why; nothing
 * is thrown. The decoder is loaded only where there is a picture that was not seen before.
 */
export async function readQrCodes(read: ConfigFolder): Promise<ConfigFolder> {
  const assets = new Map(read.assets)
  const startedAtMs = performance.now()
  for (const [path, asset] of read.assets) {
    if (asset.mime !== 'image/png' && asset.mime !== 'image/jpeg') continue
    const isLate = performance.now() - startedAtMs > MAX_SEARCH_MS
    assets.set(path, {...asset, ...(known.get(asset.sha256) ?? (await look(read.folder, asset, isLate)))})
  }
  return {...read, assets}
}

async function look(folder: string, asset: Asset, isLate: boolean): Promise<Codes> {
  if (isLate) return {qrUnread: 'took-too-long'}
  const codes = await find(folder, asset)
  known.set(asset.sha256, codes)
  return codes
}

async function find(folder: string, {path, sha256: digest, width, height}: Asset): Promise<Codes> {
  if (width === undefined || height === undefined) return {qrUnread: 'unreadable'}
  if (width > MAX_SIDE || height > MAX_SIDE) return {qrUnread: 'too-large'}
  const bytes = readAgain(join(folder, path), digest)
  if (bytes === null) return {qrUnread: 'unreadable'}
  const readCodes = await loadReader()
  const found = await readCodes(bytes, {formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: MAX_CODES})
  if (found.some(({isValid}) => !isValid)) return {qrUnread: 'unreadable'}
  const qrCodes = found.map(({text}) => text).sort()
  return qrCodes.length < MAX_CODES ? {qrCodes} : {qrCodes, qrUnread: 'too-many'}
}

/** `null` where the file has changed or gone since it was first read. */
function readAgain(file: string, digest: string): Uint8Array | null {
  try {
    const bytes = readFileSync(file)
    return sha256(bytes) === digest ? bytes : null
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error) return null
    throw error
  }
}

type Reader = typeof readBarcodes
let reader: Promise<Reader> | undefined

/** Compiling the decoder takes some 20 ms, once a process. */
const loadReader = (): Promise<Reader> =>
  (reader ??= import('zxing-wasm/reader').then(({prepareZXingModule, readBarcodes: read}) => {
    const file = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm')
    const wasm = readFileSync(file)
    const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)
    prepareZXingModule({overrides: {wasmBinary}})
    return read
  }))
