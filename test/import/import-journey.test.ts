import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import type {Plan} from '../../scripts/core/model/plan.js'
import type {Clock} from '../../scripts/core/ports.js'
import {applyExpand, applyRest} from '../../scripts/pipeline/apply.js'
import {loadConfig} from '../../scripts/pipeline/load.js'
import {makePlan} from '../../scripts/pipeline/plan.js'
import {createSystemRandomness} from '../../scripts/runtime/system-randomness.js'
import {createFileStore} from '../../scripts/store/create-file-store.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createWeComWriter} from '../../scripts/wecom/create-wecom-writer.js'
import {ApplyWorld, sourcesOf} from '../apply/apply-world.js'
import {CORPID, type Playground, SECRETS, START_MS, startPlayground, textOf} from '../sandbox/playground.js'
import {aConfig, enterprise, writeInto} from '../support/a-config.js'
import {documentOf, listOf, type Ran, runCommand} from '../support/run-command.js'
import {ORGANIZATION} from './an-import.js'

const SECRET = SECRETS[1000002] ?? ''
let sandbox: Playground
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yingbin-import-'))
  sandbox = await startPlayground()
  const changes = {'organization.yaml': ORGANIZATION, 'enterprise.yaml': enterprise({corpId: CORPID})}
  for (const [path, text] of Object.entries(aConfig(changes))) writeInto(folder, `config/${path}`, text)
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, {recursive: true, force: true})
})

const run = (verb: string, ...argv: readonly string[]): Promise<Ran> =>
  runCommand([verb, '--json', ...argv], {
    cwd: folder,
    env: {
      ...{WECOM_SECRET: SECRET, WECOM_BASE_URL: sandbox.url, YINGBIN_STORE: `file:${folder}/store`},
      YINGBIN_CLOCK_OFFSET_MS: String(START_MS - Date.now()),
    },
  })

const make = async (way: object): Promise<string> =>
  textOf(await sandbox.post('externalcontact/add_contact_way', {type: 2, scene: 2, ...way}), 'config_id')

const files = (): string[] =>
  readdirSync(join(folder, 'config'), {recursive: true, encoding: 'utf8'})
    .filter((path) => /^(channels|group-welcomes)./.test(path) && path.endsWith('.yaml'))
    .sort()

const openStore = (clock: Clock) => createFileStore(`${folder}/store`, {clock, randomness: createSystemRandomness()})

async function planned(): Promise<Plan> {
  const {clock} = new ApplyWorld()
  const store = openStore(clock)
  const {config} = await loadConfig(join(folder, 'config'))
  const {plan} = await makePlan({store, clock}, sourcesOf(config))
  await store.close()
  return plan
}

/** What the deploy does, with the store and the configuration as they lie there. */
async function apply(): Promise<readonly string[]> {
  const world = new ApplyWorld()
  const {clock} = world
  const store = openStore(clock)
  const client = createWeComClient({
    ...{baseUrl: sandbox.url, corpId: CORPID, agentId: 1000002, secret: SECRET},
    ...{clock, random: () => 0.5, onWarning: () => undefined},
  })
  const ports = {store, writer: createWeComWriter(client), clock, readAssetFile: () => Promise.resolve(Buffer.from(''))}
  const {config} = await loadConfig(join(folder, 'config'))
  try {
    const {plan} = await makePlan(ports, sourcesOf(config))
    await applyExpand(ports, await world.request(plan, config))
    const state = await store.readState()
    const pending = {planDigest: plan.digest, release: plan.release.after, verdict: 'promote' as const}
    await store.writeState({...state, pending}, state.serial)
    const outcome = await applyRest(ports, await world.request(plan, config))
    return outcome.kind === 'ran' ? outcome.reports.map(({key, status}) => `${status} ${key}`) : [outcome.reason.en]
  } finally {
    client.close()
    await store.close()
  }
}

describe('a company with codes made by hand', () => {
  it('takes them over, checks, plans, applies, and nothing differs; every printed code stays', async () => {
    const [one, other, third] = [
      await make({state: 'tianhe', user: ['lina'], remark: '天河店门头'}),
      await make({state: 'shops', party: [7], skip_verify: false}),
      await make({type: 1, state: 'card', user: ['WangWei'], remark: '王店长名片'}),
    ]
    const nameless = await make({user: ['lina'], remark: '无来源'})
    const button = await make({scene: 1, style: 1, state: 'button', user: ['lina']})
    const template = textOf(
      await sandbox.post('externalcontact/group_welcome_template/add', {
        text: {content: '%NICKNAME%，欢迎 [新人]'},
        link: {title: '指南', url: 'https://m.hehejj.example/guide'},
      }),
      'template_id',
    )
    const asked = ['--group-welcome', `${template}=vip`, '--reason', '上线', '--who', 'lin']

    const shown = await run('import', ...asked, '--dry-run')
    expect([shown.code, files()]).toEqual([0, []])
    expect(listOf(documentOf(shown), 'files').map(({path}) => path)).toEqual([
      ...['channels/card.yaml', 'channels/shops.yaml', 'channels/tianhe.yaml', 'group-welcomes/vip.yaml'],
    ])

    const done = await run('import', ...asked)
    expect([done.code, documentOf(done)['written']]).toEqual([0, true])
    expect(files()).toHaveLength(4)
    expect(documentOf(done)['notes']).toEqual(
      expect.arrayContaining([expect.stringContaining(nameless), expect.stringContaining(button)]),
    )
    expect((await run('validate')).code).toBe(0)

    const steps = (await planned()).steps.filter(({kind}) => kind === 'contact-way' || kind === 'group-welcome')
    expect(steps.map(({action, key}) => `${action} ${key}`)).toEqual([
      ...['update contact-way/card', 'update contact-way/shops', 'update contact-way/tianhe'],
    ])
    for (const {before, after} of steps)
      expect({...(after as object), remark: ''}).toEqual({...(before as object), remark: ''})

    expect((await apply()).filter((line) => !line.startsWith('done '))).toEqual([])
    const drift = await run('drift')
    expect([drift.code, documentOf(drift)['drifts']]).toEqual([0, []])
    const ways = await sandbox.post('externalcontact/list_contact_way', {limit: 100})
    expect((ways['contact_way'] as {config_id: string}[]).map(({config_id}) => config_id).sort()).toEqual(
      [one, other, third, nameless, button].sort(),
    )
    const seen = await sandbox.post('externalcontact/group_welcome_template/get', {template_id: template})
    expect(seen).toMatchObject({text: {content: '%NICKNAME%，欢迎 [新人]'}, link: {title: '指南'}})

    const texts = files().map((path) => readFileSync(join(folder, 'config', path), 'utf8'))
    const again = documentOf(await run('import', ...asked))
    expect([again['verdict'], again['taken'], again['written']]).toEqual(['ok', [], false])
    expect(files().map((path) => readFileSync(join(folder, 'config', path), 'utf8'))).toEqual(texts)
  })

  it('sees no drift between import and apply either, but what somebody changes', async () => {
    const configId = await make({state: 'tianhe', user: ['lina'], remark: '天河店门头'})
    await run('import')
    const kinds = async (): Promise<unknown[]> =>
      listOf(documentOf(await run('drift')), 'drifts').flatMap(({key, kind}) =>
        key === 'contact-way/tianhe' ? [kind] : [],
      )
    expect(await kinds()).toEqual(['pending'])
    await sandbox.post('externalcontact/update_contact_way', {config_id: configId, user: ['WangWei']})
    expect(await kinds()).toEqual(['changed'])
  })
})

describe('the import command', () => {
  it.each(['vip', 'tpl=', '=vip', 'tpl=../x', 'tpl=/x', 'tpl=.x', 'tpl=a b'])(
    'does not take %s for a group welcome',
    async (flag) => {
      expect((await run('import', '--group-welcome', flag)).code).toBe(2)
    },
  )
  it('takes neither a template nor an id twice', async () => {
    expect((await run('import', '--group-welcome', 'a=x', '--group-welcome', 'a=y')).code).toBe(2)
    expect((await run('import', '--group-welcome', 'a=x', '--group-welcome', 'b=X')).code).toBe(2)
  })
  it('says no to a template that is not there, and takes over the rest', async () => {
    await make({state: 'tianhe', user: ['lina']})
    const {code, out} = await run('import', '--group-welcome', 'nothing=vip')
    expect([code, documentOf({out})['missed'], files()]).toEqual([1, ['nothing'], ['channels/tianhe.yaml']])
  })
  it('writes nothing when WeCom does not let it read', async () => {
    await sandbox.control('/apps/secret', {agentid: 1000002, secret: 'another'})
    const {code, err} = await run('import')
    expect([code, files()]).toEqual([2, []])
    expect(err).not.toContain(SECRET)
  })
})
