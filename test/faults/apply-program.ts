import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {cpSync, mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** No command of these takes so long; what does is stuck. */
const STUCK_MS = 180_000

export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Running {
  kill(signal: NodeJS.Signals): void
  readonly ended: Promise<Ended>
}

export interface Place {
  /** The launcher of the copy. */
  readonly program: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

interface BuildModule {
  build(): Promise<void>
}

/** A copy of the bundle and its launcher, so that a source somebody changes meanwhile makes none anew. */
export async function copyProgram(folder: string): Promise<string> {
  const {build} = (await import(join(ROOT, 'scripts/build.mjs'))) as BuildModule
  await build()
  mkdirSync(join(folder, 'scripts'), {recursive: true})
  cpSync(join(ROOT, '.build'), join(folder, '.build'), {recursive: true})
  cpSync(join(ROOT, 'scripts/launch.mjs'), join(folder, 'scripts/launch.mjs'))
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  // No sources, nothing that could be newer.
  writeFileSync(join(folder, '.build/inputs.json'), '[]')
  return join(folder, 'scripts/launch.mjs')
}

/** One command line as a process of its own. */
export function start({program, cwd, env}: Place, argv: readonly string[]): Running {
  return startProcess(process.execPath, [program, ...argv], cwd, env)
}

export function startProcess(
  file: string,
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Running {
  const child = spawn(file, argv, {
    ...{cwd, env: {...baseEnv(), ...env}, timeout: STUCK_MS, killSignal: 'SIGKILL'},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]).then(
    ([out, err, [code]]): Ended => ({code: typeof code === 'number' ? code : null, out, err}),
  )
  return {kill: (signal) => void child.kill(signal), ended}
}

const baseEnv = (): Record<string, string> => ({PATH: process.env['PATH'] ?? '', LANG: 'zh_CN.UTF-8'})

export interface RunningSandbox {
  readonly url: string
  /** Its control interface. */
  control(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown>
  /** Saves its state and ends. */
  stop(): Promise<void>
}

/** `yingbin sandbox` as a process of its own, on a port it picks, with its state in `sandbox.json`. */
export async function startSandbox({program, cwd}: Place, corpId: string): Promise<RunningSandbox> {
  const argv = [program, 'sandbox', '--json', '--port', '0', '--corpid', corpId, '--state', 'sandbox.json']
  const child = spawn(process.execPath, argv, {cwd, env: baseEnv(), stdio: ['ignore', 'pipe', 'inherit']})
  // Whatever ends this program early leaves no sandbox behind.
  const end = (): void => void child.kill('SIGTERM')
  process.once('exit', end)
  const {url, control} = await firstDocument(createInterface({input: child.stdout}))
  child.stdout.resume()
  return {
    url,
    async control(method, path, body) {
      const answer = await fetch(`${control}${path}`, {method, ...(body ? {body: JSON.stringify(body)} : {})})
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
      return answer.json()
    },
    async stop() {
      const gone = once(child, 'exit')
      end()
      await gone
      process.removeListener('exit', end)
    },
  }
}

async function firstDocument(lines: AsyncIterable<string>): Promise<{readonly url: string; readonly control: string}> {
  for await (const line of lines) return JSON.parse(line) as {readonly url: string; readonly control: string}
  throw new Error('the sandbox ended before it listened')
}
