import {spawn, spawnSync} from 'node:child_process'
import {cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {createServer, type AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from '@jest/globals'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {createSystemClock} from '../../scripts/runtime/system-clock.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {ROOT} from '../support/launch.js'

const LAUNCHER = join(ROOT, 'scripts/launch.mjs')
const SLOW_MS = 240_000
/**
 * Findings speak Chinese whatever the machine's locale is. A proxy that is set for the real WeCom, here one that nobody
 * can reach, must not stand between processes of this machine.
 */
const ENV = {...process.env, LANG: '', LC_ALL: '', LC_MESSAGES: '', WECOM_PROXY: 'http://127.0.0.1:9'}
/** Killing a process by what it runs needs Linux's /proc; elsewhere that one test is skipped. */
const onLinux = existsSync('/proc/self/cmdline') ? it : it.skip
let home = ''

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'yingbin-up-'))
  // The configuration alone, away from any git history: an edit under way must not lock the demonstration.
  cpSync(join(ROOT, 'config'), join(home, 'config'), {recursive: true})
})
afterAll(() => rmSync(home, {recursive: true, force: true}))

interface Answer {
  readonly verdict: string
  readonly plan?: {readonly steps: number}
  readonly decision?: {readonly verdict: string} | null
  readonly evidence?: {readonly canary: {readonly sends: number}; readonly control: {readonly sends: number}} | null
  readonly arms?: readonly {
    readonly arm: string
    readonly release: string | null
    readonly events: number
    readonly outcomes: Readonly<Record<string, number>>
  }[]
  readonly rollback?: {readonly to: number; readonly heard: number; readonly of: number} | null
  readonly secondPlanSteps?: number | null
}

function up(...flags: readonly string[]): {
  readonly code: number | null
  readonly answer: Answer
  readonly err: string
} {
  const {status, stdout, stderr} = spawnSync(process.execPath, [LAUNCHER, 'up', '--json', '--folder', 'up', ...flags], {
    cwd: home,
    env: ENV,
    encoding: 'utf8',
    timeout: SLOW_MS,
  })
  return {code: status, answer: JSON.parse(stdout) as Answer, err: stderr}
}

function killSandboxOf(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const file = `/proc/${pid}/cmdline`
    const words = existsSync(file) ? readFileSync(file, 'utf8').split('\0') : []
    if (words.includes('sandbox') && words.some((word) => word.startsWith(folder))) process.kill(Number(pid), 'SIGKILL')
  }
}

const openStore = (folder = 'up') =>
  createFileStore(join(home, folder, 'store'), {clock: createSystemClock(), randomness: createSystemRandomness()})

describe('the whole pipeline on the embedded sandbox, in processes of their own', () => {
  it(
    'promotes about 5 %, applies everything, and leaves nothing for a second plan',
    () => {
      const {code, answer, err} = up('--fresh')
      expect(code).toBe(0)
      // The review comes first: an attack is locked and told, the honest change is agreed to.
      expect(err).toMatch(/仿冒域名：已锁定[^]*安全组[^]*批准；可以合并/)
      expect(answer).toMatchObject({verdict: 'ok', decision: {verdict: 'promote'}, secondPlanSteps: 0})
      const events = (answer.arms ?? []).reduce((sum, {events: own}) => sum + own, 0)
      const canary = (answer.arms ?? []).find(({arm}) => arm === 'canary')?.events ?? 0
      expect(events).toBeGreaterThanOrEqual(2000)
      // Everybody went back to the release of last week and forward again.
      expect(answer.rollback).toMatchObject({to: 1, of: 40})
      expect(answer.rollback?.heard).toBeGreaterThan(20)
      expect(canary / 1600).toBeGreaterThan(0.03)
      expect(canary / 1600).toBeLessThan(0.07)
    },
    SLOW_MS,
  )

  it('ships only what the gate minted tokens for, each used once, by approvers the organization knows', async () => {
    const store = openStore()
    const audit = await store.readAudit()
    const used = audit.filter(({what, who}) => what === 'token-used' && who !== 'last-week')
    const organization = readFileSync(join(home, 'config/organization.yaml'), 'utf8')
    expect(used).toHaveLength(2)
    expect(new Set(used.map(({details}) => details['jti'])).size).toBe(2)
    for (const login of used.flatMap(({who}) => who.split(' '))) expect(organization).toContain(`github: ${login}`)
    await store.close()
  })

  it(
    'finds nothing to do when it is run again',
    () => {
      expect(up()).toMatchObject({code: 0, answer: {verdict: 'ok', plan: {steps: 0}}})
    },
    SLOW_MS,
  )

  it(
    'catches a mini-program that WeCom refuses, rolls back by itself and quarantines the release',
    async () => {
      const before = await openStore().readState()
      const {code, answer} = up('--fault', 'miniprogram')
      expect({code, decision: answer.decision?.verdict}).toEqual({code: 0, decision: 'rollback'})
      const [state, manifest] = [await openStore().readState(), await openStore().readManifest()]
      expect(state.stable).toBe(before.stable)
      expect(state.quarantined).toHaveLength(1)
      expect(manifest?.manifest).toMatchObject({canary: null, stable: before.stable})
      // Customers of the canary got the plain fallback; nobody was left without a word.
      const canary = answer.arms?.find(
        ({arm, release}) => arm === 'canary' && state.quarantined.includes(release ?? ''),
      )
      expect(canary?.outcomes['sent_text_fallback']).toBeGreaterThanOrEqual(2)
      expect(canary?.outcomes['rejected_payload']).toBeUndefined()
    },
    SLOW_MS,
  )

  it(
    'ships what a canary rolled back no second time',
    () => {
      const {code, answer, err} = up('--fault', 'miniprogram')
      expect({code, verdict: answer.verdict}).toEqual({code: 1, verdict: 'refused'})
      expect(err).toContain('被灰度回滚过')
    },
    SLOW_MS,
  )

  it(
    'catches it on the very first run, too: the registry has a pull request of its own, the lock is opened by two',
    () => {
      const {code, answer, err} = up('--fault', 'miniprogram', '--folder', 'first-fault')
      expect({code, decision: answer.decision?.verdict}).toEqual({code: 0, decision: 'rollback'})
      expect(err.match(/合并请求 #\d/g)).toEqual(['合并请求 #1', '合并请求 #2'])
      expect(err).toContain('安全员）解锁')
    },
    SLOW_MS,
  )

  it('keeps nicknames and customer ids out of everything it writes for people and machines', () => {
    const log = readFileSync(join(home, 'up/responder/outcomes-2026-11-25.ndjson'), 'utf8')
    expect(log).not.toMatch(/"wm[A-Za-z0-9]{10}|一只橘猫|木子李/)
  })

  onLinux(
    'says so and loses nothing when the sandbox is killed in the middle; the next run goes on',
    async () => {
      const folder = join(home, 'killed')
      const child = spawn(process.execPath, [LAUNCHER, 'up', '--folder', 'killed', '--fresh'], {
        cwd: home,
        env: ENV,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let text = ''
      const ended = new Promise<number | null>((done) => child.on('exit', done))
      child.stderr.on('data', (chunk) => (text += String(chunk)))
      child.stdout.on('data', (chunk) => {
        text += String(chunk)
        // As soon as the responder stands, its sandbox is gone.
        if (text.includes('沙箱 http')) killSandboxOf(folder)
      })
      expect(await ended).toBe(2)
      expect(text).toContain('中途停止了')
      // What the interrupted run had written can be read as it is.
      expect((await openStore('killed').readState()).promoted).toHaveLength(1)
      expect((await openStore('killed').readState()).quarantined).toEqual([])
      const again = spawnSync(process.execPath, [LAUNCHER, 'up', '--json', '--folder', 'killed'], {
        cwd: home,
        env: ENV,
        encoding: 'utf8',
        timeout: SLOW_MS,
      })
      expect(again.status).toBe(0)
      expect(JSON.parse(again.stdout)).toMatchObject({decision: {verdict: 'promote'}, secondPlanSteps: 0})
    },
    SLOW_MS,
  )

  it(
    'exits 2 when the port is in use',
    async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await new Promise((ready) => server.once('listening', ready))
      const {port} = server.address() as AddressInfo
      const {status, stderr} = spawnSync(process.execPath, [LAUNCHER, 'sandbox', '--port', String(port)], {
        cwd: home,
        env: ENV,
        encoding: 'utf8',
      })
      server.close()
      expect(status).toBe(2)
      expect(stderr).toContain(`不能监听端口 ${port}`)
      expect(stderr).not.toContain('    at ')
    },
    SLOW_MS,
  )
})
