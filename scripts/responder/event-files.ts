import {type FileHandle, mkdir, open, readdir, readFile, rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {KeptEvent} from './ports.js'

const OWNER_ONLY = 0o600
/** Events of so long share a file; a file goes when all of its events are closed, and a start reads what is left. */
const FILE_SPAN_MS = 60_000

type Line = {readonly keep: KeptEvent} | {readonly close: readonly string[]}

interface EventFile {
  readonly path: string
  readonly startsAtMs: number
  readonly openKeys: Set<string>
}

export interface EventFiles {
  /** Keeps events and closes others, in one write. */
  note(events: readonly KeptEvent[], closed: readonly string[]): Promise<void>
  /** What is open in the files of earlier runs; from now on it can be closed like any other. */
  readOpen(): Promise<readonly KeptEvent[]>
}

/** In one call, unless the system takes less at once. */
async function writeAll(handle: FileHandle, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const {bytesWritten} = await handle.write(bytes)
  if (bytesWritten < bytes.length) await handle.appendFile(bytes.subarray(bytesWritten))
}

/** A line that a crash cut off is no line; nothing after it was told to anybody. */
function parseLine(line: string): Line | null {
  try {
    return JSON.parse(line) as Line
  } catch {
    return null
  }
}

/**
 * Events under way as lines of `events-START.ndjson`: one when an event is kept, one when events are closed. Files are
 * removed oldest first, so that a closing line never goes before the event it closes.
 */
export function createEventFiles(folder: string): EventFiles {
  const files: EventFile[] = []
  const fileOf = new Map<string, EventFile>()
  let writing: {readonly file: EventFile; readonly handle: FileHandle} | null = null

  async function handleFor(atMs: number): Promise<{readonly file: EventFile; readonly handle: FileHandle}> {
    if (writing !== null && atMs - writing.file.startsAtMs < FILE_SPAN_MS) return writing
    await mkdir(folder, {recursive: true})
    const path = join(folder, `events-${atMs}.ndjson`)
    const handle = await open(path, 'a', OWNER_ONLY)
    await writing?.handle.close()
    const earlier = files.find((known) => known.path === path)
    const file = earlier ?? {path, startsAtMs: atMs, openKeys: new Set<string>()}
    // A process that died may have left half a line there.
    if (earlier !== undefined) await handle.appendFile('\n')
    else files.push(file)
    return (writing = {file, handle})
  }

  async function removeFinished(): Promise<void> {
    for (;;) {
      const [oldest] = files
      if (oldest === undefined || oldest === writing?.file || oldest.openKeys.size > 0) return
      files.shift()
      await rm(oldest.path, {force: true})
    }
  }

  return {
    async note(events, closed) {
      const known = closed.filter((key) => fileOf.has(key))
      if (events.length + known.length === 0) return
      const atMs = events[0]?.receivedAtMs ?? writing?.file.startsAtMs ?? files.at(-1)?.startsAtMs ?? 0
      const {file, handle} = await handleFor(atMs)
      for (const {key} of events) {
        file.openKeys.add(key)
        fileOf.set(key, file)
      }
      const lines: Line[] = events.map((event) => ({keep: event}))
      if (known.length > 0) lines.push({close: known})
      await writeAll(handle, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
      for (const key of known) {
        fileOf.get(key)?.openKeys.delete(key)
        fileOf.delete(key)
      }
      await removeFinished()
    },
    async readOpen() {
      await mkdir(folder, {recursive: true})
      const names = (await readdir(folder)).filter((name) => /^events-\d+\.ndjson$/.test(name))
      const startOf = (name: string): number => Number(name.slice('events-'.length, -'.ndjson'.length))
      const kept = new Map<string, KeptEvent>()
      for (const name of names.sort((a, b) => startOf(a) - startOf(b))) {
        const file: EventFile = {path: join(folder, name), startsAtMs: startOf(name), openKeys: new Set()}
        files.push(file)
        for (const line of (await readFile(file.path, 'utf8')).split('\n').map(parseLine)) {
          if (line === null) continue
          if ('keep' in line) {
            kept.set(line.keep.key, line.keep)
            fileOf.set(line.keep.key, file)
            continue
          }
          for (const key of line.close) {
            kept.delete(key)
            fileOf.delete(key)
          }
        }
      }
      for (const [key, file] of fileOf) file.openKeys.add(key)
      return [...kept.values()]
    },
  }
}
