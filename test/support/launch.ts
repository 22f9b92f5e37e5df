import {spawnSync} from 'node:child_process'
import {fileURLToPath} from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

const CLI = new URL('../../scripts/cli.ts', import.meta.url).href

/** Runs one command line as a process of its own, from the sources. */
export function launch(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const script = `const {main} = await import(${JSON.stringify(CLI)}); process.exitCode = await main(${JSON.stringify(argv)}, 'cli')`
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: ROOT,
      env: {...process.env, LANG: '', LC_ALL: '', LC_MESSAGES: '', ...env},
      encoding: 'utf8',
    },
  )
  return {code: status, out: stdout, err: stderr}
}
