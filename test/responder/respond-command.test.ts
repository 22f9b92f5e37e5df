import {generateKeyPairSync} from 'node:crypto'
import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import axios from 'axios'
import type {Redis} from 'ioredis'
import {main} from '../../scripts/cli.js'
import {canonicalText, digestOf} from '../../scripts/core/model/canonical.js'
import type {Store} from '../../scripts/core/ports.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {signManifest} from '../../scripts/core/release/manifest.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {createRedisStore} from '../../scripts/store/redis/create-redis-store.js'
import {startPlayground} from '../sandbox/playground.js'
import {configOf, inFolder} from '../support/a-config.js'
import {aRedis, describeRedis} from '../support/a-redis.js'
import {documentOf, type Ran, runCommand} from '../support/run-command.js'
import {AES_KEY, aDelivery, aManifest, CORP_ID, TOKEN} from './a-responder.js'

const KEYS = generateKeyPairSync('ed25519', {
  publicKeyEncoding: {type: 'spki', format: 'pem'},
  privateKeyEncoding: {type: 'pkcs8', format: 'pem'},
})
const SECRET = 'secret-a'

const ENV: Readonly<Record<string, string>> = {
  WECOM_CORP_ID: CORP_ID,
  WECOM_AGENT_ID: '1000002',
  WECOM_SECRET: SECRET,
  WECOM_TOKEN: TOKEN,
  WECOM_AES_KEY: AES_KEY,
  YINGBIN_RELEASE_PUBLIC_KEY: KEYS.publicKey,
  YINGBIN_CUSTOMER_KEY: 'a key for tests',
  YINGBIN_PORT: '0',
}

const without = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(ENV).filter(([each]) => each !== name))

async function publish(store: Store, text: string): Promise<void> {
  const config = configOf({'templates/hello.yaml': {title: '问候', text}})
  const [release, directory] = [assembleRelease(config), assembleDirectory(config)]
  for (const document of [release, directory]) await store.writeDocument(digestOf(document), canonicalText(document))
  const nowMs = Date.now()
  const times = {issuedAtMs: nowMs, expiresAtMs: nowMs + 86_400_000}
  const manifest = aManifest({...times, stable: digestOf(release), directory: digestOf(directory)})
  await store.writeManifest(signManifest(manifest, KEYS.privateKey))
}

const openFolder = (folder: string): Store =>
  createFileStore(folder, {clock: createSystemClock(), randomness: createSystemRandomness()})

interface Responding {
  readonly url: string
  readonly err: () => string
  /** As SIGTERM does; the exit code. */
  stop(): Promise<number>
}

/** The command itself, behind a door of its own. */
async function respond(
  cwd: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Responding> {
  const ending = new AbortController()
  const said = {err: ''}
  let announce: (line: string) => void = () => undefined
  const announced = new Promise<string>((resolve) => (announce = resolve))
  const ended = main(['respond', '--json', '--no-live-directory', ...argv], 'scripts/cli.ts', {
    env,
    cwd,
    self: {execPath: process.execPath, script: 'scripts/cli.ts', execArgv: []},
    out: (text) => announce(text),
    err: (text) => void (said.err += text),
    isTerminal: false,
    nowMs: () => Date.now(),
    signal: ending.signal,
  })
  const out = await Promise.race([announced, ended.then((code) => Promise.reject(new Error(`${code}: ${said.err}`)))])
  const {callback} = JSON.parse(out) as {readonly callback: string}
  return {
    url: callback.replace('/callback', ''),
    err: () => said.err,
    stop: () => {
      ending.abort()
      return ended
    },
  }
}

const deliver = async (url: string, customer: string): Promise<number> => {
  const {url: path, payload} = aDelivery({customer, code: `CODE-${customer}`}, Date.now())
  return (await axios.post(`${url}${path}`, payload, {headers: {'content-type': 'text/xml'}})).status
}

/** Metrics by name and labels. */
async function readMetrics(url: string): Promise<string> {
  return (await axios.get<string>(`${url}/metrics`)).data
}

const outcomesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('outcomes-'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => (JSON.parse(line) as {outcome: string}).outcome)

describe('yingbin respond', () => {
  it.each([
    ['no corp id', [], without('WECOM_CORP_ID'), /--corp-id/],
    ['no secret', [], without('WECOM_SECRET'), /WECOM_SECRET_FILE/],
    ['a port that is none', ['--port', '65536'], ENV, /--port/],
    ['a time that is none', ['--summary-at', '24:00'], ENV, /--summary-at/],
    ['a zone that is none', ['--zone', 'Mars/Phobos'], ENV, /--zone/],
    ['no responders at all', ['--responders', '0'], ENV, /--responders/],
    ['a pace that is none', ['--look-every', 'often'], ENV, /--look-every/],
    [
      'an end of rotation that is no instant',
      [],
      {...ENV, WECOM_TOKEN_OLD: 'x', WECOM_OLD_UNTIL: 'tomorrow'},
      /WECOM_OLD_UNTIL/,
    ],
    ['a key of 42 letters', [], {...ENV, WECOM_AES_KEY: AES_KEY.slice(1)}, /EncodingAESKey/],
    ['a file of settings that is not there', ['--env-file', 'nowhere.env'], ENV, /--env-file/],
    [
      'a secret’s file that is not there',
      [],
      {...without('WECOM_SECRET'), WECOM_SECRET_FILE: 'nowhere'},
      /WECOM_SECRET_FILE/,
    ],
    [
      'a robot’s address that is none',
      [],
      {...ENV, YINGBIN_ROBOT_WEBHOOK: 'https://x.example/?nokey=1'},
      /YINGBIN_ROBOT_WEBHOOK/,
    ],
    ['another store', ['--store', 'etcd://x'], ENV, /redis:\/\//],
    ['a shared store and no name of its own', ['--store', 'redis://127.0.0.1:9/0'], ENV, /--name/],
  ])('does not start with %s, and says which', async (_what, argv, env, says) => {
    const {code, out, err} = await inFolder({}, (cwd) => runCommand(['respond', ...argv], {cwd, env}))
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(says)
    expect(err).not.toMatch(/^\s+at |secret-a/m)
  })

  it('takes everything from files, greets, shows itself, and ends when it is told to', () =>
    inFolder({}, async (cwd) => {
      const sandbox = await startPlayground({corpid: CORP_ID, clock: {nowMs: () => Date.now()}})
      await publish(openFolder(join(cwd, 'store')), '您好，来自文件。')
      for (const name of ['WECOM_SECRET', 'WECOM_TOKEN', 'YINGBIN_RELEASE_PUBLIC_KEY'])
        writeFileSync(join(cwd, name), `${ENV[name] ?? ''}\n`)
      writeFileSync(
        join(cwd, 'responder.env'),
        [
          `WECOM_CORP_ID=${CORP_ID}`,
          'WECOM_AGENT_ID=1000002',
          'WECOM_SECRET_FILE=WECOM_SECRET',
          'WECOM_TOKEN_FILE=WECOM_TOKEN',
          `WECOM_AES_KEY=${AES_KEY}`,
          'YINGBIN_RELEASE_PUBLIC_KEY_FILE=YINGBIN_RELEASE_PUBLIC_KEY',
          'YINGBIN_CUSTOMER_KEY="a key for tests"',
          'YINGBIN_STORE=file:store',
          'YINGBIN_PORT=0',
          'YINGBIN_DISK=disk',
          `WECOM_BASE_URL=${sandbox.url}`,
        ].join('\n'),
      )
      const running = await respond(cwd, ['--env-file', 'responder.env'], {})
      expect((await axios.get(`${running.url}/readyz`)).status).toBe(200)
      expect(await deliver(running.url, 'wmFILE1')).toBe(200)
      const metrics = await readMetrics(running.url)
      expect(metrics).toMatch(/yingbin_manifest_version 1/)
      expect(metrics).not.toMatch(/wmFILE1|secret-a/)
      expect(await running.stop()).toBe(0)
      // The sandbox knows no such code, which is an outcome like any other.
      expect(outcomesIn(join(cwd, 'disk'))).toEqual(['expired'])
      await sandbox.close()
    }))

  it('starts from an emergency file that yingbin bundle wrote', () =>
    inFolder({}, async (cwd) => {
      await publish(openFolder(join(cwd, 'store')), '应急欢迎语')
      const env = {YINGBIN_RELEASE_KEY: KEYS.privateKey}
      const argv = ['bundle', '--out', 'out.bundle', '--store', 'file:store']
      const made: Ran = await runCommand([...argv, '--json'], {cwd, env})
      expect([made.code, documentOf(made)]).toEqual([
        0,
        expect.objectContaining({command: 'bundle', verdict: 'ok', file: 'out.bundle', version: 1}),
      ])
      expect((await runCommand(argv, {cwd, env})).out).toMatch(/^out\.bundle：清单第 1 版/)
      const running = await respond(cwd, ['--store', 'file:empty', '--bundle', 'out.bundle'], {
        ...ENV,
        WECOM_BASE_URL: 'http://127.0.0.1:9',
      })
      const health = (await axios.get<{manifestVersion: number}>(`${running.url}/healthz`)).data
      expect(health).toMatchObject({manifestVersion: 1, ready: true})
      expect(await running.stop()).toBe(0)
    }))

  it('there is nothing to bundle before anything was published', () =>
    inFolder({}, async (cwd) => {
      const env = {YINGBIN_RELEASE_KEY: KEYS.privateKey}
      const {code, out} = await runCommand(['bundle', '--out', 'x', '--store', 'file:store', '--lang', 'en'], {
        cwd,
        env,
      })
      expect([code, out]).toEqual([1, 'nothing was ever published: there is nothing to write\n'])
    }))
})

/** A responder starts without waiting long for Redis; each has one connection for the store and one for what is shared. */
const untilConnected = (redis: Redis, connections: number): Promise<void> =>
  // This one has the same name.
  until(async () => String(await redis.client('LIST')).split('name=yingbin').length - 2 >= connections)

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let look = 0; look < 200; look += 1) {
    if (await isSo()) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error('it did not come to be')
}

describeRedis('several responders on one Redis', () => {
  const redis = aRedis()

  it('answer one event once, whichever of them WeCom tells, and go on while it is away', () =>
    inFolder({}, async (cwd) => {
      const sandbox = await startPlayground({corpid: CORP_ID, clock: {nowMs: () => Date.now()}})
      const {redis: connection} = redis().connect()
      const parts = {clock: createSystemClock(), randomness: createSystemRandomness(), prefix: 'yingbin:'}
      await publish(createRedisStore(connection, {...parts, onDamage: () => undefined}), '您好，来自 Redis。')
      const env = {...ENV, WECOM_BASE_URL: sandbox.url}
      const start = (name: string) =>
        respond(cwd, ['--store', redis().url, '--name', name, '--disk', name, '--responders', '2'], env)
      const [one, two] = [await start('r1'), await start('r2')]
      await untilConnected(connection, 4)
      const {url: path, payload} = aDelivery({customer: 'wmSHARED1', code: 'CODE-SHARED'}, Date.now())
      const headers = {'content-type': 'text/xml'}
      for (const {url} of [one, two]) await axios.post(`${url}${path}`, payload, {headers})
      // Acknowledged is not yet claimed: what is under way when Redis goes is everybody's own.
      await until(async () => (await readMetrics(two.url)).includes('yingbin_events_total{what="duplicate"} 1'))
      await until(async () =>
        /yingbin_outcomes_total\{outcome="expired",arm="stable"\} 1/.test(await readMetrics(one.url)),
      )
      await redis().kill()
      for (const {url} of [one, two]) expect(await deliver(url, `wmALONE${url.slice(-5)}`)).toBe(200)
      const codes = [await one.stop(), await two.stop()]
      expect(codes).toEqual([0, 0])
      expect([...outcomesIn(join(cwd, 'r1')), ...outcomesIn(join(cwd, 'r2'))]).toEqual([
        'expired',
        'expired',
        'expired',
      ])
      await sandbox.close()
    }))
})
