import {spawn, spawnSync, type ChildProcess} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {createServer} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {RedisAddress} from '../../scripts/store/redis/address.js'
import {connectRedis, type ConnectOptions, type RedisConnection} from '../../scripts/store/redis/connect.js'

export const SERVER = 'redis-server'
export const hasRedis = spawnSync(SERVER, ['--version']).status === 0

export interface ARedis {
  readonly address: RedisAddress
  readonly url: string
  connect(options?: ConnectOptions): RedisConnection
  /** It keeps every connection and answers nothing. */
  pause(): void
  resume(): void
  kill(): Promise<void>
  /** Empty again, at the same address. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A server of our own that keeps nothing on disk. */
export async function startRedis(more: readonly string[] = []): Promise<ARedis> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-redis-'))
  const port = await findFreePort()
  const connections: RedisConnection[] = []
  let server = await launch(port, folder, more)
  const address = {host: '127.0.0.1', port, database: 0, user: undefined, password: undefined, isEncrypted: false}

  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return
    const gone = once(server, 'exit')
    server.kill('SIGKILL')
    await gone
  }

  return {
    address,
    url: `redis://127.0.0.1:${port}/0`,
    connect(options) {
      const connection = connectRedis(address, options)
      connections.push(connection)
      return connection
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    kill,
    async restart() {
      await kill()
      server = await launch(port, folder, more)
    },
    async stop() {
      for (const {redis} of connections) redis.disconnect()
      await kill()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

async function launch(port: number, folder: string, more: readonly string[]): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no']
  const server = spawn(SERVER, [...options, ...more], {stdio: ['ignore', 'pipe', 'ignore']})
  for await (const line of createInterface({input: server.stdout}))
    if (line.includes('Ready to accept connections')) {
      server.stdout.resume()
      return server
    }
  throw new Error(`${SERVER} did not start on port ${port}`)
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return address.port
}
