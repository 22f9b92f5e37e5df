import {mkdir, open} from 'node:fs/promises'
import {dirname} from 'node:path'
import {readIfThere, syncFolder} from './atomic-file.js'

/** Stands after a line that a crash cut off, so that the cut line is known for what it is. */
const TORN_MARK = '{"torn":true}'
const NEWLINE = 10

/** Appends one JSON line and waits until it is on the disk. */
export async function appendLine(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), {recursive: true})
  const handle = await open(file, 'a+')
  try {
    const {size} = await handle.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await handle.read(last, 0, 1, size - 1)
    const repair = size > 0 && last[0] !== NEWLINE ? `\n${TORN_MARK}\n` : ''
    await handle.appendFile(`${repair}${JSON.stringify(value)}\n`)
    await handle.sync()
    if (size === 0) await syncFolder(dirname(file))
  } finally {
    await handle.close()
  }
}

export interface Lines<T> {
  readonly values: readonly T[]
  /** Numbers of cut lines, counted from 1: the writer died in the middle, so what they told was never relied on. */
  readonly torn: readonly number[]
  /** The first line that is broken without having been cut by a crash; nothing in the file can be trusted then. */
  readonly damaged: number | null
}

export async function readLines<T>(file: string): Promise<Lines<T>> {
  const text = (await readIfThere(file))?.toString('utf8') ?? ''
  const lines = text.split('\n')
  const values: T[] = []
  const torn: number[] = []
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1
    if ((isLast && line === '') || line === TORN_MARK) continue
    const value = parseLine(line)
    const isCut = isLast || lines[index + 1] === TORN_MARK
    if (value !== undefined && !isLast) values.push(value as T)
    else if (isCut) torn.push(index + 1)
    else return {values, torn, damaged: index + 1}
  }
  return {values, torn, damaged: null}
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
