import {spawnSync} from 'node:child_process'
import type {Sample} from './take-turns.js'

/** Runs a job of {@link ./jobs.ts} in a fresh process, which times the job itself and not its own start. */
export function runJob(worker: string, args: readonly string[], cwd: string): Sample {
  const {status, stdout, stderr} = spawnSync(process.execPath, [worker, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  if (status !== 0) throw new Error(`the job ${args.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout) as Sample
}

/**
 * Runs a whole command and times it from outside. The shell's own `times` tells the CPU time of what it started: its
 * second line holds user and system time of the children.
 */
export function runCommand(command: readonly string[], cwd: string, allowed: readonly number[] = [0]): Sample {
  const startedAt = performance.now()
  const {stdout, stderr} = spawnSync('sh', ['-c', '"$@" >/dev/null; echo "code $?"; times', 'sh', ...command], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const wallMs = performance.now() - startedAt
  const [, code = '?', , children = ''] = /code (\d+)\n(.*)\n(.*)/.exec(stdout) ?? []
  if (!allowed.includes(Number(code))) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`)
  const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1000,
    0,
  )
  return {wallMs, cpuMs}
}
