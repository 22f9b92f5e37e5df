import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {openShare, openStore} from '../../../scripts/commands/open-store.js'
import type {Door} from '../../../scripts/commands/door.js'
import {ROLLED_BACK} from '../../../scripts/core/observe/history.js'
import {createSystemClock} from '../../../scripts/runtime/system-clock.js'
import {aRedis, describeRedis} from '../../support/a-redis.js'
import {startRedis} from '../../support/redis-server.js'
import {runCommand} from '../../support/run-command.js'
import {aFolder} from '../a-store.js'

const clock = createSystemClock()

function aDoor(env: Readonly<Record<string, string>> = {}, cwd = aFolder()): Door {
  return {
    env,
    cwd,
    self: {execPath: process.execPath, script: 'scripts/cli.ts', execArgv: []},
    out: () => undefined,
    err: () => undefined,
    isTerminal: false,
    nowMs: clock.nowMs,
    signal: new AbortController().signal,
  }
}

describe('the address of a store', () => {
  it.each([
    ['zh', '写作 file:文件夹 或 redis://主机:端口/库号'],
    ['en', 'write file:FOLDER or redis://HOST:PORT/DB'],
  ])('one that is none is refused with both forms (%s)', async (language, fix) => {
    const {code, err} = await runCommand(['history', '--store', 'redis://h/x', '--lang', language])
    expect(code).toBe(2)
    expect(err).toContain(fix)
  })

  it('a password in it is not shown again', async () => {
    const {code, err, out} = await runCommand(['history', '--store', 'redis://:p@ss-word@h/x'])
    expect(code).toBe(2)
    expect(`${err}${out}`).not.toMatch(/ss-word/)
  })

  it.each([
    ['zh', '那里没有服务|没有连上'],
    ['en', 'nobody listens there|there is no connection'],
  ])('a Redis that cannot be reached ends the command with words, not with a stack (%s)', async (language, words) => {
    const {code, err} = await runCommand(['history', '--store', 'redis://:hidden@127.0.0.1:1/2', '--lang', language])
    expect(code).toBe(2)
    expect(err).toMatch(new RegExp(words))
    expect(err).toContain('redis://127.0.0.1:1/2')
    expect(err).toContain('YINGBIN_REDIS_PASSWORD')
    expect(err).not.toMatch(/hidden|\n\s+at /)
  })

  it('a store that is opened and never used connects to nobody', async () => {
    const store = openStore(aDoor(), 'redis://127.0.0.1:1/0', clock)
    await expect(store.close()).resolves.toBeUndefined()
  })

  it('a folder is nothing to share', async () => {
    expect(await openShare(aDoor(), 'file:store', {clock, responder: 'a'})).toBeNull()
    expect(await openShare(aDoor(), undefined, {clock, responder: 'a'})).toBeNull()
  })
})

describeRedis('commands on a store in Redis', () => {
  const redis = aRedis()

  it('read what another process wrote, by flag and by environment', async () => {
    const store = openStore(aDoor({YINGBIN_STORE: redis().url}), undefined, clock)
    const digest = 'a'.repeat(64)
    const details = {reason: 'typing error', from: null, to: digest, toNumber: 1, version: 2}
    await store.appendAudit({atMs: clock.nowMs(), what: ROLLED_BACK, who: 'lin', details})
    await store.close()
    for (const [argv, env] of [
      [['history', '--store', redis().url], {}],
      [['history'], {YINGBIN_STORE: redis().url}],
    ] as const) {
      const {code, out} = await runCommand([...argv, '--json'], {env})
      expect(code).toBe(0)
      expect(out).toContain('"lin"')
    }
  })

  it('the password comes from a file when there is one', async () => {
    const server = await startRedis(['--requirepass', 'from-a-file'])
    try {
      const file = join(aFolder(), 'password')
      writeFileSync(file, 'from-a-file\n')
      const store = openStore(aDoor({YINGBIN_REDIS_PASSWORD_FILE: file}), server.url, clock)
      expect((await store.readState()).serial).toBe(0)
      await store.close()
      const without = openStore(aDoor(), server.url, clock)
      await expect(without.readState()).rejects.toMatchObject({says: {en: expect.stringContaining('NOAUTH')}})
      await without.close()
    } finally {
      await server.stop()
    }
  })

  it('the share works from its first question on, sealed tokens and places included', async () => {
    const [one, other] = await Promise.all(
      ['one', 'other'].map((responder) => openShare(aDoor(), redis().url, {clock, responder})),
    )
    const times = {leaseMs: 6000, keptMs: 60_000}
    const event = {key: 'k', receivedAtMs: 1, sealed: 's'}
    expect(await one?.shared.claim(event, times)).toEqual({is: 'mine'})
    expect(await other?.shared.claim(event, times)).toEqual({is: 'others'})
    const entry = {token: 't', useUntilMs: clock.nowMs() + 60_000}
    await one?.tokenCache('secret').write('app', entry)
    expect(await other?.tokenCache('secret').read('app')).toEqual(entry)
    const windows = [{windowMs: 60_000, cap: 1}]
    expect(await one?.slots.take('send', windows)).toBe(0)
    expect(await other?.slots.take('send', windows)).toBeGreaterThan(0)
    await Promise.all([one?.close(), other?.close()])
  })
})
