import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {inFolder} from '../support/a-config.js'
import {ROOT} from '../support/launch.js'

const CLI = new URL('../../scripts/cli.ts', import.meta.url).href
const SLOW_MS = 60_000

/** A command that lasts until it is told to end, and a file that is being written while the signals come. */
const endedWhileWriting = (file: string, signals: readonly string[]): string => `
  import writeFileAtomic from 'write-file-atomic'
  const {main} = await import(${JSON.stringify(CLI)})
  const ending = main(['sandbox', '--port', '0'], 'cli')
  const writing = writeFileAtomic(${JSON.stringify(file)}, Buffer.alloc(64_000_000), {fsync: true})
  for (const signal of ${JSON.stringify(signals)}) process.kill(process.pid, signal)
  await writing
  process.exitCode = await ending
`

const run = (script: string) => {
  const {status, signal, stderr} = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '-e', script],
    {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: SLOW_MS,
    },
  )
  return {status, signal, stderr}
}

describe('a command that is told to end', () => {
  it.each([[['SIGTERM']], [['SIGINT']], [['SIGINT', 'SIGINT']], [['SIGTERM', 'SIGINT']]])(
    'finishes what it writes and ends by itself (%j)',
    (signals) =>
      inFolder({}, (folder) => {
        const script = endedWhileWriting(join(folder, 'big'), signals)
        expect(run(script)).toEqual({status: 0, signal: null, stderr: ''})
      }),
    SLOW_MS,
  )
})
