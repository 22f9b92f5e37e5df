import {spawn} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'

export interface Script {
  readonly text: string
  /** As the step or its defaults name it; only `bash` is played. */
  readonly shell: string | undefined
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** A folder for the script itself. */
  readonly temporary: string
}

/** Long past anything a test does; so that a step that hangs does not outlive it. */
const LONGEST_MS = 120_000

/** Runs a step's script as the runner does: `bash -e`, and with `pipefail` only where the shell is named. */
export function runScript({text, shell, cwd, env, temporary}: Script): Promise<{code: number; log: string}> {
  if (shell !== undefined && shell !== 'bash') throw new Error(`the shell ${shell} is not played`)
  const file = join(temporary, 'step.sh')
  writeFileSync(file, text)
  const flags = shell === undefined ? ['-e'] : ['--noprofile', '--norc', '-eo', 'pipefail']
  return new Promise((done, failed) => {
    const child = spawn('bash', [...flags, file], {cwd, env, timeout: LONGEST_MS, stdio: ['ignore', 'pipe', 'pipe']})
    let log = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => void (log += chunk))
    child.on('error', failed)
    child.on('close', (code) => done({code: code ?? 1, log}))
  })
}
