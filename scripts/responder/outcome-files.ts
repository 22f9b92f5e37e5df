import {appendFile, type FileHandle, mkdir, open, readdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {OutcomeRecord} from '../core/model/outcome.js'
import {isMissing} from './is-missing.js'

const OWNER_ONLY = 0o600
const CHUNK_BYTES = 1 << 20
/** Outcomes are lines in the order they ended, but for those that ended while others were written. */
const OUT_OF_ORDER_MS = 60_000

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

/** Lines of one file per day of the event's end, in UTC. */
function linesByDay(records: readonly OutcomeRecord[]): Map<string, string> {
  const days = new Map<string, string>()
  for (const record of records) {
    const day = dayOf(record.finishedAtMs)
    days.set(day, `${days.get(day) ?? ''}${JSON.stringify(record)}\n`)
  }
  return days
}

export interface OutcomeFiles {
  append(records: readonly OutcomeRecord[]): Promise<void>
  /** Keys of outcomes that ended at `sinceMs` or later. */
  readKeysSince(sinceMs: number): Promise<ReadonlySet<string>>
}

/** `outcomes-DAY.ndjson`, which only grow. */
export function createOutcomeFiles(folder: string): OutcomeFiles {
  const whole = new Set<string>()

  /** A process that died may have left half a line; ours begins on one of its own. */
  async function endLastLine(file: string): Promise<void> {
    if (whole.has(file)) return
    await mkdir(folder, {recursive: true})
    if (await isCutOff(file)) await appendFile(file, '\n', {mode: OWNER_ONLY})
    whole.add(file)
  }

  return {
    async append(records) {
      for (const [day, lines] of linesByDay(records)) {
        const file = join(folder, `outcomes-${day}.ndjson`)
        await endLastLine(file)
        await appendFile(file, lines, {mode: OWNER_ONLY})
      }
    },
    readKeysSince: (sinceMs) => readKeysSince(folder, sinceMs),
  }
}

async function isCutOff(file: string): Promise<boolean> {
  const handle = await openIfThere(file)
  if (handle === null) return false
  try {
    const {size} = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    return size > 0 && last.toString() !== '\n'
  } finally {
    await handle.close()
  }
}

async function openIfThere(file: string): Promise<FileHandle | null> {
  try {
    return await open(file, 'r')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

/** Keys of outcomes that ended at `sinceMs` or later; days are read from their end, and no further back than needed. */
async function readKeysSince(folder: string, sinceMs: number): Promise<Set<string>> {
  const names = (await readdir(folder)).filter((name) => /^outcomes-.*\.ndjson$/.test(name)).sort()
  const keys = new Set<string>()
  for (const name of names.filter((each) => each >= `outcomes-${dayOf(sinceMs)}`))
    for await (const {key, finishedAtMs} of newestFirst(join(folder, name))) {
      if (finishedAtMs < sinceMs - OUT_OF_ORDER_MS) break
      keys.add(key)
    }
  return keys
}

async function* newestFirst(file: string): AsyncGenerator<Pick<OutcomeRecord, 'key' | 'finishedAtMs'>> {
  const handle = await open(file, 'r')
  try {
    let end = (await handle.stat()).size
    let rest = Buffer.alloc(0)
    while (end > 0) {
      const start = Math.max(0, end - CHUNK_BYTES)
      const chunk = Buffer.alloc(end - start)
      await handle.read(chunk, 0, chunk.length, start)
      const bytes = Buffer.concat([chunk, rest])
      // The first line of a chunk may begin before it.
      const cut = start === 0 ? 0 : bytes.indexOf('\n') + 1
      yield* parseLines(bytes.subarray(cut).toString('utf8'))
      rest = bytes.subarray(0, cut)
      end = start
    }
  } finally {
    await handle.close()
  }
}

function* parseLines(text: string): Generator<OutcomeRecord> {
  for (const line of text.split('\n').reverse()) {
    const record = parseRecord(line)
    if (record !== null) yield record
  }
}

/** A line that a crash cut off tells of nothing. */
function parseRecord(line: string): OutcomeRecord | null {
  if (line === '') return null
  try {
    return JSON.parse(line) as OutcomeRecord
  } catch {
    return null
  }
}
