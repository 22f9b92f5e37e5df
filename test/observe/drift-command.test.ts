import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {canonicalText, digestOf, sha256} from '../../scripts/core/model/canonical.js'
import {assembleDirectory, assembleRelease} from '../../scripts/core/release/assemble-release.js'
import {publishManifest} from '../../scripts/pipeline/publish-manifest.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {RELEASE_KEY} from '../apply/apply-world.js'
import {createFakeClock} from '../apply/fake-clock.js'
import {type ARepository, GATE, openRepository, OWNER, REPO, TOKEN} from '../github/a-repository.js'
import {type Playground, SECRETS, startPlayground} from '../sandbox/playground.js'
import {aConfig, configOf, writeInto} from '../support/a-config.js'
import {documentOf, listOf, type Ran, runCommand} from '../support/run-command.js'

const CORP = 'ww0000000000000001'
let sandbox: Playground
let repository: ARepository
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yingbin-drift-'))
  repository = await openRepository()
  sandbox = await startPlayground({corpid: CORP})
  for (const [path, text] of Object.entries(aConfig())) writeInto(folder, `config/${path}`, text)
})
afterEach(async () => {
  await sandbox.close()
  await repository.close()
  rmSync(folder, {recursive: true, force: true})
})

const drift = (...argv: readonly string[]): Promise<Ran> =>
  runCommand(['drift', '--wecom', sandbox.url, '--store', `file:${folder}/store`, ...argv], {
    cwd: folder,
    env: {
      WECOM_SECRET: SECRETS[1000002] ?? '',
      GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
      GITHUB_API_URL: repository.standIn.url,
      GITHUB_TOKEN: TOKEN,
      YINGBIN_GATE_LOGIN: GATE,
      YINGBIN_GITHUB_PACED: 'no',
    },
  })

/** As after an apply of the configuration; the customer tag it made has been deleted since. */
async function apply({hasTag = false} = {}): Promise<void> {
  const clock = createFakeClock()
  const store = createFileStore(`${folder}/store`, {clock, randomness: createSystemRandomness()})
  const texts = [assembleRelease(configOf()), assembleDirectory(configOf())].map(canonicalText)
  for (const text of texts) await store.writeDocument(sha256(text), text)
  const [stable = null, directory = null] = texts.map(sha256)
  const state = await store.readState()
  const tag = {kind: 'corp-tag' as const, id: '来源/门店', value: {group: '来源', name: '门店'}}
  const resources = {'corp-tag/来源/门店': {...tag, digest: digestOf(tag.value), remoteId: 'et1'}}
  await store.writeState({...state, stable, directory, ...(hasTag ? {resources} : {})}, state.serial)
  await publishManifest({store, clock}, {stable, directory}, {privateKeyPem: RELEASE_KEY.privateKeyPem, who: 'apply'})
}

const issues = () => repository.standIn.control.issues().map(({title, state}) => `${state} ${title}`)

describe('the drift command', () => {
  it('answers 1 with what differs, 0 with nothing, and keeps one issue that it closes again', async () => {
    const first = await drift('--issue', '--json')
    expect(first.code).toBe(1)
    expect(listOf(documentOf(first), 'drifts').map(({key, kind}) => [kind, key])).toEqual([
      ['pending', 'directory/current'],
      ['pending', 'release/stable'],
    ])
    await drift('--issue')
    expect(issues()).toEqual(['open 企业微信与配置不一致：2 处'])
    await apply()
    const second = await drift('--issue', '--lang', 'en')
    expect([second.code, second.out.split('\n')[0]]).toEqual([0, 'No drift.'])
    expect(issues()).toEqual(['closed 企业微信与配置不一致：2 处'])
  })

  it('heals what was applied, says what it did, and writes nothing in a freeze window', async () => {
    await apply({hasTag: true})
    const policy = (name: string, until: string): void =>
      writeInto(
        folder,
        'config/policy.yaml',
        `freeze: [{name: ${name}, from: 2026-11-09T00:00:00+08:00, until: ${until}}]`,
      )
    policy('双十一', '2099-11-12T00:00:00+08:00')
    const frozen = await drift('--heal', '--json')
    expect([frozen.code, documentOf(frozen)['healed'], documentOf(frozen)['reason']]).toEqual([
      ...[1, [], expect.stringContaining('2099-11-12')],
    ])
    policy('双十一', '2026-11-12T00:00:00+08:00')
    const done = await drift('--heal', '--json', '--reason', '误删', '--who', 'lin')
    expect([done.code, documentOf(done)]).toMatchObject([
      0,
      {verdict: 'ok', drifts: [], healed: [{key: 'corp-tag/来源/门店', status: 'done'}]},
    ])
    expect(JSON.stringify(await sandbox.read('/tags'))).toContain('门店')
    expect((await drift('--heal')).out).toContain('没有要修复的')
  })

  it('answers neither when WeCom does not let it read', async () => {
    await apply()
    await sandbox.control('/apps/secret', {agentid: 1000002, secret: 'another'})
    const {code, out, err} = await drift()
    expect([code, out, err]).toEqual([2, '', expect.stringContaining('没有查完')])
    expect(err).not.toContain(SECRETS[1000002] ?? '-')
  })
})

describe('a plan that looks at WeCom too', () => {
  const plan = (...argv: readonly string[]): Promise<Ran> =>
    runCommand(['plan', '--store', `file:${folder}/store`, '--lang', 'en', ...argv], {
      cwd: folder,
      env: {WECOM_SECRET: SECRETS[1000002] ?? '', WECOM_BASE_URL: sandbox.url},
    })

  it('tells what is not as it was applied last, and has the digest of one that does not look', async () => {
    await apply({hasTag: true})
    const [seen, blind] = [documentOf(await plan('--live', '--json')), documentOf(await plan('--json'))]
    expect(listOf(seen, 'live').map(({key, kind}) => [kind, key])).toEqual([['missing', 'corp-tag/来源/门店']])
    expect([blind['digest'], blind['live']]).toEqual([seen['digest'], undefined])
    expect((await plan('--live')).out).toContain('yingbin drift --heal brings it back')
  })
})
