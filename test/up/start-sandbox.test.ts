import {existsSync, readFileSync} from 'node:fs'
import {createServer, type AddressInfo} from 'node:net'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {CouldNotRun, type Door} from '../../scripts/commands/door.js'
import {openDemoSecrets} from '../../scripts/commands/up/demo-secrets.js'
import {startSandbox} from '../../scripts/commands/up/live-stack.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {configOf, inFolder} from '../support/a-config.js'

/** Says that it is ready, writes down who it is, and goes on until it is told to end. */
const announcing = (control: string) => `
import {writeFileSync} from 'node:fs'
writeFileSync('pid', String(process.pid))
console.log(JSON.stringify({url: ${JSON.stringify(control)}, control: ${JSON.stringify(control)}}))
setInterval(() => undefined, 60_000)
`

const doorAt = (cwd: string): Door => ({
  env: {},
  cwd,
  self: {execPath: process.execPath, script: join(cwd, 'stand-in.mjs'), execArgv: []},
  out: () => undefined,
  err: () => undefined,
  isTerminal: false,
  nowMs: () => 0,
  signal: new AbortController().signal,
})

/** A port nobody listens on: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const {port} = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}

const start = (script: string) =>
  inFolder({'stand-in.mjs': script}, async (folder) => {
    const secrets = openDemoSecrets(folder, createSystemRandomness())
    const settings = {folder, storeAddress: `file:${folder}/store`, secrets, offsetMs: 0}
    const failure = await startSandbox(doorAt(folder), configOf(), settings).then(
      () => null,
      (error: unknown) => error,
    )
    const pidFile = join(folder, 'pid')
    return {failure, pid: existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : null}
  })

describe('starting the sandbox', () => {
  it('leaves no process behind when the sandbox cannot be filled, so that the program ends', async () => {
    const {failure, pid} = await start(announcing(`http://127.0.0.1:${await closedPort()}`))
    expect(failure).toBeInstanceOf(CouldNotRun)
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH')
  })

  it('tells the last words of a process that ends before it is ready', async () => {
    const {failure} = await start("console.error('no room left'); process.exit(2)")
    expect(failure).toMatchObject({name: 'ChildFailed', child: 'sandbox'})
  })
})
