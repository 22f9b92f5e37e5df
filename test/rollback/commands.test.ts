import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, describe, expect, it} from '@jest/globals'
import {canonicalText, sha256} from '../../scripts/core/model/canonical.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {aConfig} from '../apply/a-config.js'
import {RELEASE_KEY} from '../apply/apply-world.js'
import {createFakeClock} from '../apply/fake-clock.js'
import {documentOf, listOf, type Ran, runCommand} from '../support/run-command.js'
import {saying} from './a-shop.js'

const ENV = {YINGBIN_RELEASE_KEY: RELEASE_KEY.privateKeyPem, GITHUB_ACTOR: 'wu-hao'}
let folders: string[] = []
afterEach(() => {
  for (const folder of folders) rmSync(folder, {recursive: true, force: true})
  folders = []
})

/** A store on the disk in which two releases were promoted. */
async function aStoreFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'yingbin-rollback-'))
  folders.push(folder)
  const clock = createFakeClock()
  const store = createFileStore(folder, {clock, randomness: createSystemRandomness()})
  const digests: string[] = []
  for (const text of ['一', '二']) {
    const release = canonicalText(assembleRelease(aConfig(saying(text))))
    await store.writeDocument(sha256(release), release)
    digests.push(sha256(release))
  }
  const directory = canonicalText(assembleDirectory(aConfig()))
  await store.writeDocument(sha256(directory), directory)
  const promoted = digests.map((digest, index) => ({
    ...{number: index + 1, digest, atMs: clock.nowMs() + index, planDigest: `plan-${index}`},
    ...{commit: 'c0ffee'.repeat(6), approvers: ['lin-xiaowen']},
  }))
  const state = await store.readState()
  const stable = digests[1] ?? null
  await store.writeState({...state, stable, directory: sha256(directory), promoted}, state.serial)
  await publishManifest(
    {store, clock},
    {stable, directory: sha256(directory)},
    {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'apply'},
  )
  return folder
}

const run = (folder: string, argv: readonly string[], env: Record<string, string> = ENV): Promise<Ran> =>
  runCommand([...argv, '--store', `file:${folder}`], {cwd: folder, env})

describe('the commands on a store', () => {
  it('go back, tell it in the history, and refuse what is not there', async () => {
    const folder = await aStoreFolder()
    const back = await run(folder, ['rollback', '--to', 'previous', '--reason', '链接\u001b[2J打不开', '--json'])
    expect(back.code).toBe(0)
    expect(documentOf(back)).toMatchObject({
      command: 'rollback',
      verdict: 'ok',
      to: {number: 1},
      version: 2,
      changed: true,
    })
    const again = await run(folder, ['rollback', '--to', '1', '--reason', 'x'])
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('没有要做的事')])
    const told = documentOf(await run(folder, ['history', '--json']))
    expect(listOf(told, 'releases').map(({number, stable, quarantined}) => [number, stable, quarantined])).toEqual([
      [2, false, true],
      [1, true, false],
    ])
    expect(listOf(told, 'rollbacks')).toMatchObject([{who: 'wu-hao', reason: '链接 [2J打不开', version: 2}])
    const unknown = await run(folder, ['rollback', '--to', '7', '--reason', 'x', '--lang', 'en'])
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining('Choose one of:')])
  })

  it.each([
    ['away', {GITHUB_REPOSITORY: 'hehe/welcome', GITHUB_API_URL: 'http://127.0.0.1:9', GITHUB_TOKEN: 't'}],
    ['not known here', {}],
    ['known without a token', {GITHUB_REPOSITORY: 'hehe/welcome'}],
  ])(
    'go back while GitHub is %s, and say that the way back in git comes later',
    async (_what, env) => {
      const folder = await aStoreFolder()
      const back = await run(folder, ['rollback', '--to', '1', '--reason', 'x', '--json'], {...ENV, ...env})
      expect([back.code, documentOf(back)]).toEqual([
        0,
        expect.objectContaining({verdict: 'ok', changed: true, revert: expect.objectContaining({kind: 'later'})}),
      ])
    },
    60_000,
  )

  it('tell the audit whole, newest first, and refuse one with a broken chain', async () => {
    const folder = await aStoreFolder()
    await run(folder, ['rollback', '--to', '1', '--reason', '链接打不开'])
    const told = documentOf(await run(folder, ['history', '--audit', '--json']))
    expect(listOf(told, 'audit').map(({what, who}) => [what, who])).toEqual([
      ['rolled-back', 'wu-hao'],
      ['manifest-signed', 'wu-hao'],
      ['manifest-signed', 'apply'],
    ])
    const {out} = await run(folder, ['history', '--audit'])
    expect(out).toMatch(/rolled-back {2}wu-hao {2}reason=链接打不开/)
    const [first = ''] = readdirSync(join(folder, 'audit')).sort()
    rmSync(join(folder, 'audit', first))
    const broken = await run(folder, ['history', '--audit'])
    expect([broken.code, broken.out]).toEqual([2, ''])
  })

  it('tell the history to people, in both languages', async () => {
    const folder = await aStoreFolder()
    expect((await run(folder, ['history'])).out).toMatch(/2 {2}[0-9a-f]{12} {2}2026.*lin-xiaowen {2}\[现在\]/)
    expect((await run(folder, ['history', '--lang', 'en'])).out).toContain('[now]')
  })

  it('turn the kill switch on and off', async () => {
    const folder = await aStoreFolder()
    const on = await run(folder, [
      'lockdown',
      'on',
      '--scope',
      'department:/总部',
      '--mode',
      'silent',
      '--reason',
      'x',
      '--json',
    ])
    expect(documentOf(on)).toMatchObject({
      verdict: 'ok',
      lockdown: [{scope: 'department:/总部', mode: 'silent', until: null}],
    })
    const off = await run(folder, ['lockdown', 'off', '--reason', 'x'])
    expect([off.code, off.out]).toEqual([0, expect.stringContaining('现在没有任何开关')])
  })

  it.each([
    ['no reason', ['rollback', '--to', '1']],
    ['a blank reason', ['rollback', '--to', '1', '--reason', ' \t']],
    ['neither --to nor --at', ['rollback', '--reason', 'x']],
    ['both --to and --at', ['rollback', '--to', '1', '--at', '2026-11-24T10:00:00+08:00', '--reason', 'x']],
    ['a target in other words', ['rollback', '--to', 'yesterday', '--reason', 'x']],
    ['a switch that is neither on nor off', ['lockdown', 'maybe', '--reason', 'x']],
    ['no switch at all', ['lockdown', '--reason', 'x']],
    ['a mode that responders do not know', ['lockdown', 'on', '--mode', 'quiet', '--reason', 'x']],
    ['a notice that is not named', ['lockdown', 'on', '--mode', 'pinned', '--reason', 'x']],
    ['a notice without its mode', ['lockdown', 'on', '--notice', 'hello', '--reason', 'x']],
    ['a scope in other words', ['lockdown', 'on', '--scope', 'everybody', '--reason', 'x']],
    ['an end that is no instant', ['lockdown', 'on', '--until', 'soon', '--reason', 'x']],
  ])('2 for %s', async (_what, argv) => {
    const {code, out, err} = await run(await aStoreFolder(), argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).not.toMatch(/^\s+at /m)
  })

  it('2 without the release key', async () => {
    const {code, err} = await run(await aStoreFolder(), ['rollback', '--to', '1', '--reason', 'x'], {})
    expect([code, err]).toEqual([2, expect.stringContaining('YINGBIN_RELEASE_KEY')])
  })

  it.each(['history', 'rollback', 'lockdown'])('%s has its help in both languages', async (verb) => {
    const [zh, en] = await Promise.all(['zh', 'en'].map((lang) => runCommand([verb, '--help', '--lang', lang])))
    expect(zh?.out).toMatch(/\p{Script=Han}/u)
    expect(en?.out.replace(/--reason .*|链接打不开|域名被劫持/g, '')).not.toMatch(/\p{Script=Han}/u)
  })
})
