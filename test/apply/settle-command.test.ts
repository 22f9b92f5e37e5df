import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {CORPID, type Playground, SECRETS, START_MS, startPlayground, textOf} from '../sandbox/playground.js'
import {aConfig, enterprise, writeInto} from '../support/a-config.js'
import {documentOf, type Ran, runCommand} from '../support/run-command.js'
import {createFakeClock} from './fake-clock.js'

const KEY = 'group-welcome/vip'
let folder: string
let sandbox: Playground

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yingbin-settle-'))
  sandbox = await startPlayground()
  for (const [path, text] of Object.entries(aConfig({'enterprise.yaml': enterprise({corpId: CORPID})})))
    writeInto(folder, `config/${path}`, text)
  const store = createFileStore(`${folder}/store`, {clock: createFakeClock(), randomness: createSystemRandomness()})
  const state = await store.readState()
  const open = {kind: 'group-welcome' as const, id: 'vip', since: START_MS}
  await store.writeState({...state, ambiguous: {[KEY]: open}}, state.serial)
  await store.close()
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, {recursive: true, force: true})
})

const settle = (...argv: readonly string[]): Promise<Ran> =>
  runCommand(['settle', ...argv], {
    cwd: folder,
    env: {
      ...{WECOM_SECRET: SECRETS[1000002] ?? '', WECOM_BASE_URL: sandbox.url, YINGBIN_STORE: `file:${folder}/store`},
      YINGBIN_CLOCK_OFFSET_MS: String(START_MS - Date.now()),
    },
  })

describe('settle', () => {
  it('lists what is in doubt, to people and to programs', async () => {
    expect((await settle()).out).toMatch(/待定[^]*group-welcome\/vip/)
    expect(documentOf(await settle('--json'))).toMatchObject({
      verdict: 'ok',
      open: [{key: KEY}],
      orphans: [],
      slots: [],
    })
  })

  it('adopts only what WeCom knows', async () => {
    const unknown = await settle(KEY, '--adopt', 'msgNOBODY', '--reason', '后台能看到')
    expect([unknown.code, unknown.out]).toEqual([1, expect.stringContaining('企业微信里没有 msgNOBODY')])
    const made = await sandbox.post('externalcontact/group_welcome_template/add', {text: {content: '欢迎'}})
    const adopted = await settle(KEY, '--adopt', textOf(made, 'template_id'), '--reason', '后台能看到', '--json')
    expect([adopted.code, documentOf(adopted)]).toEqual([0, expect.objectContaining({verdict: 'ok', open: []})])
    expect((await settle('--lang', 'en')).out).toBe('Nothing is in doubt.\n')
  })

  it.each([['--retry'], ['--orphan']])('%s needs neither WeCom nor its secret', async (how) => {
    await sandbox.close()
    const {code} = await runCommand(['settle', KEY, how, '--reason', 'x'], {
      cwd: folder,
      env: {YINGBIN_STORE: `file:${folder}/store`},
    })
    expect(code).toBe(0)
    sandbox = await startPlayground()
  })

  it.each([
    ['no reason', [KEY, '--retry']],
    ['two answers at once', [KEY, '--retry', '--orphan', '--reason', 'x']],
    ['no answer', [KEY, '--reason', 'x']],
    ['an answer without a key', ['--retry', '--reason', 'x']],
  ])('2 for %s, and nothing is settled', async (_what, argv) => {
    expect((await settle(...argv)).code).toBe(2)
    expect(documentOf(await settle('--json'))).toMatchObject({open: [{key: KEY}]})
  })

  it('1 for a key that is not in doubt', async () => {
    const {code, out} = await settle('group-welcome/other', '--retry', '--reason', 'x')
    expect([code, out]).toEqual([1, expect.stringContaining('没有待定的创建')])
  })
})
