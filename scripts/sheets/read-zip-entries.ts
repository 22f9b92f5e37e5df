import {inflateRawSync} from 'node:zlib'

const END = 0x06054b50
const ENTRY = 0x02014b50
const END_BYTES = 22
const MAX_COMMENT_BYTES = 0xffff
const STORED = 0
const DEFLATED = 8

/** The archive is broken, or of a kind no spreadsheet program writes. */
export class ZipBroken extends Error {
  override readonly name = 'ZipBroken'
}

/** What the archive holds is larger than allowed, whatever it says of itself. */
export class ZipTooLarge extends Error {
  override readonly name = 'ZipTooLarge'
}

/**
 * The texts of a ZIP archive's entries by path (APPNOTE 4.3), as far as `isWanted`. Never more than `maxBytes` in all,
 * also where an entry's head lies about its size.
 */
export function readZipEntries(
  bytes: Buffer,
  isWanted: (path: string) => boolean,
  maxBytes: number,
): ReadonlyMap<string, string> {
  const entries = new Map<string, string>()
  let left = maxBytes
  try {
    for (const {path, method, start, end} of directoryOf(bytes)) {
      if (!isWanted(path)) continue
      const content = unpack(bytes.subarray(start, end), method, left)
      left -= content.length
      entries.set(path, content.toString('utf8'))
    }
  } catch (error) {
    if (error instanceof ZipTooLarge) throw error
    throw new ZipBroken('the archive cannot be read', {cause: error})
  }
  return entries
}

interface Packed {
  readonly path: string
  readonly method: number
  readonly start: number
  readonly end: number
}

/** Reading outside the buffer throws, which the caller takes for a broken archive. */
function directoryOf(bytes: Buffer): Packed[] {
  let at = bytes.length - END_BYTES
  while (bytes.readUInt32LE(at) !== END) {
    if (bytes.length - END_BYTES - at > MAX_COMMENT_BYTES) throw new RangeError('expected the end of a directory')
    at--
  }
  const count = bytes.readUInt16LE(at + 10)
  const packed: Packed[] = []
  let entry = bytes.readUInt32LE(at + 16)
  for (let index = 0; index < count; index++) {
    if (bytes.readUInt32LE(entry) !== ENTRY) throw new RangeError('expected an entry of the directory')
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(entry + offset)) as [
      number,
      number,
      number,
    ]
    const local = bytes.readUInt32LE(entry + 42)
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    packed.push({
      path: bytes.toString('utf8', entry + 46, entry + 46 + name),
      method: bytes.readUInt16LE(entry + 10),
      start,
      end: start + bytes.readUInt32LE(entry + 20),
    })
    entry += 46 + name + extra + comment
  }
  return packed
}

function unpack(content: Buffer, method: number, maxBytes: number): Buffer {
  if (method === STORED && content.length <= maxBytes) return content
  if (method !== DEFLATED) throw method === STORED ? new ZipTooLarge() : new RangeError('expected a known method')
  try {
    return inflateRawSync(content, {maxOutputLength: Math.max(1, maxBytes)})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw new ZipTooLarge()
    throw error
  }
}
