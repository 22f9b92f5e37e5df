import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import type {Door} from './door.js'

/** A further process of this program, started and announced. */
export interface Child {
  readonly name: string
  /** The JSON document it printed first. */
  readonly announced: Readonly<Record<string, unknown>>
  /** Asks it to finish, and answers when it has. */
  stop(): Promise<void>
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<void>
}

/** It ended or said something else before it was ready. */
export class ChildFailed extends Error {
  override readonly name = 'ChildFailed'
  constructor(
    readonly child: string,
    readonly lastWords: string,
  ) {
    super(`the ${child} process ended before it was ready: ${lastWords}`)
  }
}

const KEPT_LINES = 20

/** Starts `yingbin VERB … --json` and waits for the line that says it is ready. */
export async function startChild(
  door: Door,
  verb: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Child> {
  const child = spawn(door.self.execPath, [...door.self.execArgv, door.self.script, verb, ...args, '--json'], {
    cwd: door.cwd,
    env: {...door.env, ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors: string[] = []
  createInterface({input: child.stderr}).on(
    'line',
    (line) => errors.splice(0, errors.length >= KEPT_LINES ? 1 : 0) && errors.push(line),
  )
  const announced = await firstLine(child, verb, errors)
  return {
    name: verb,
    announced,
    ended: once(child, 'exit').then(() => undefined),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function firstLine(
  child: ChildProcess,
  verb: string,
  errors: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  if (!child.stdout) throw new ChildFailed(verb, 'no output')
  const lines = createInterface({input: child.stdout})
  const ended = once(child, 'exit').then(() => null)
  const line = await Promise.race([once(lines, 'line').then(([text]) => String(text)), ended])
  if (line === null) throw new ChildFailed(verb, errors.join('\n'))
  const parsed: unknown = JSON.parse(line)
  if (typeof parsed !== 'object' || parsed === null) throw new ChildFailed(verb, line)
  return parsed as Readonly<Record<string, unknown>>
}
