import {main} from '../../scripts/cli.js'
import {NOW_MS} from './a-config.js'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Setting {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs one command line inside this process behind a door of its own: nothing of the process is touched. */
export async function runCommand(argv: readonly string[], {cwd = '/', env = {}}: Setting = {}): Promise<Ran> {
  const said = {out: '', err: ''}
  const code = await main(argv, 'scripts/cli.ts', {
    env,
    cwd,
    self: {execPath: process.execPath, script: 'scripts/cli.ts', execArgv: []},
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    isTerminal: false,
    nowMs: () => NOW_MS,
    signal: new AbortController().signal,
  })
  return {code, ...said}
}

export type Json = null | boolean | number | string | Json[] | {[key: string]: Json}
export type JsonObject = {[key: string]: Json}

/** Stdout as exactly one JSON document; anything else on it throws. */
export function documentOf({out}: Pick<Ran, 'out'>): JsonObject {
  const parsed = JSON.parse(out) as Json
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new Error('expected one JSON object on stdout')
  return parsed
}

/** A list of objects inside a document. */
export const listOf = (document: JsonObject, key: string): JsonObject[] => {
  const list = document[key]
  if (!Array.isArray(list)) throw new Error(`expected a list under ${key}`)
  return list as JsonObject[]
}

/** A text inside a document. */
export function textOf(document: JsonObject, key: string): string {
  const text = document[key]
  if (typeof text !== 'string') throw new Error(`expected a text under ${key}`)
  return text
}
