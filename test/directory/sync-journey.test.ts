import {mkdtempSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {load} from 'js-yaml'
import type {WrittenOrganization} from '../../scripts/core/model/written.js'
import {createWeComClient} from '../../scripts/wecom/client.js'
import {createFakeClock} from '../apply/fake-clock.js'
import {type ARepository, GATE, openRepository, OWNER, REPO, TOKEN} from '../github/a-repository.js'
import {type Playground, SECRETS, startPlayground} from '../sandbox/playground.js'
import {aConfig, type Changes, writeInto} from '../support/a-config.js'
import {documentOf, type JsonObject, type Ran, runCommand} from '../support/run-command.js'
import {lineChanges} from './a-company.js'

const APP = 1000002
const CORP = 'ww0000000000000001'
const DEPARTMENTS = [
  {id: 1, name: '总部', parentid: 0},
  {id: 2, name: '华南区', parentid: 1},
  {id: 11, name: '天河店', parentid: 2},
  {id: 3, name: '华北区', parentid: 1},
  {id: 12, name: '西单店', parentid: 3},
  {id: 13, name: '财务部', parentid: 1},
]
const ZHANG = {userid: 'zhang.san', name: '张顾问', department: [11], direct_leader: ['wang.dian']}
const MEMBERS = [
  ZHANG,
  {userid: 'wang.dian', name: '王店长', department: [2]},
  {userid: 'li.si', name: '李顾问', department: [12]},
  ...Array.from({length: 7}, (_, index) => ({userid: `clerk.${index}`, name: `职员${index}`, department: [13]})),
]

let sandbox: Playground
let repository: ARepository
let folder: string

const FILE = 'config/organization.yaml'
const read = (): string => readFileSync(join(folder, FILE), 'utf8')
const write = (changes: Changes = {}): void =>
  Object.entries(aConfig(changes)).forEach(([path, text]) => writeInto(folder, `config/${path}`, text))
const sync = (...argv: readonly string[]): Promise<Ran> =>
  runCommand(['sync', '--wecom', sandbox.url, ...argv], {
    cwd: folder,
    env: {
      WECOM_SECRET: SECRETS[APP] ?? '',
      GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
      GITHUB_API_URL: repository.standIn.url,
      GITHUB_TOKEN: TOKEN,
      YINGBIN_GATE_LOGIN: GATE,
      YINGBIN_GITHUB_PACED: 'no',
    },
  })
const changesOf = async (...argv: readonly string[]): Promise<JsonObject[]> =>
  documentOf(await sync('--json', ...argv))['changes'] as JsonObject[]

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yingbin-sync-'))
  repository = await openRepository()
  sandbox = await startPlayground({corpid: CORP})
  await sandbox.control('/organization', {departments: DEPARTMENTS, members: MEMBERS})
  write()
})
afterEach(async () => {
  await sandbox.close()
  await repository.close()
  rmSync(folder, {recursive: true, force: true})
})

describe('sync against the sandbox', () => {
  it('shows the difference and writes nothing, then writes it, then has nothing to do', async () => {
    const before = read()
    const shown = await sync()
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining('+ clerk.0 /总部/财务部')])
    expect(read()).toBe(before)
    expect(await sync('--write')).toMatchObject({code: 0, out: expect.stringContaining('已写入')})
    const {members = [], departments = []} = load(read()) as WrittenOrganization
    expect(members.map(({id}) => id).sort()).toEqual(MEMBERS.map(({userid}) => userid).sort())
    expect(departments.map(({id}) => id).sort()).toEqual([1, 11, 12, 13, 2, 3])
    expect(read()).not.toContain('职员')
    const after = read()
    expect(await sync('--write')).toMatchObject({code: 0, out: expect.stringContaining('没有要做的事')})
    expect(read()).toBe(after)
    expect((await runCommand(['validate'], {cwd: folder})).code).toBe(0)
  })

  it('follows who moves and who leaves, line by line', async () => {
    await sync('--write')
    const before = read()
    await sandbox.control('/members', {members: [{...ZHANG, department: [12]}]})
    await sandbox.control('/members/leave', {userids: ['clerk.3']})
    expect(await changesOf('--write')).toMatchObject([
      {what: 'member-moved', id: 'zhang.san', from: ['/总部/华南区/天河店'], to: ['/总部/华北区/西单店']},
      {what: 'member-left', id: 'clerk.3'},
    ])
    expect(
      lineChanges(before, read()).filter((line) => !/zhang|clerk\.3|天河店|西单店|status: left|leftAt/.test(line)),
    ).toEqual([])
    const {members = []} = load(read()) as WrittenOrganization
    expect(members.find(({id}) => id === 'zhang.san')).toMatchObject({
      departments: ['/总部/华北区/西单店'],
      displayName: '张顾问',
    })
    expect(members.find(({id}) => id === 'clerk.3')).toMatchObject({status: 'left', leftAt: expect.any(String)})
  })

  it('mirrors a member tag', async () => {
    await sync('--write')
    const client = createWeComClient({
      ...{baseUrl: sandbox.url, corpId: CORP, agentId: APP, secret: SECRETS[APP] ?? ''},
      ...{clock: createFakeClock(), random: () => 0, onWarning: () => undefined},
    })
    await client.sendTagHolders(await client.sendMemberTag('店员'), ['zhang.san'])
    client.close()
    expect(await changesOf('--write')).toEqual([{what: 'member-tagged', id: 'zhang.san', added: ['店员'], removed: []}])
  })

  it('refuses when more than a fifth would leave or move, says how many, and takes it on request', async () => {
    await sync('--write')
    const before = read()
    await sandbox.control('/members/leave', {userids: ['clerk.0', 'clerk.1', 'clerk.2']})
    const refused = await sync('--write', '--pr')
    expect([refused.code, refused.out]).toEqual([1, expect.stringContaining('3/10')])
    expect([read(), repository.standIn.control.issues()]).toEqual([before, []])
    expect((await sync('--write', '--accept-large')).code).toBe(0)
    expect(read()).not.toBe(before)
  })

  it('refuses an app that sees nobody', async () => {
    const before = read()
    await sandbox.control('/apps/visible-range', {agentid: APP, users: [], departments: [], tags: []})
    const {code, out} = await sync('--write')
    expect([code === 0, out.includes('已写入'), read()]).toEqual([false, false, before])
  })

  it('a department that other files name by its old name is written with the places to follow, and not proposed', async () => {
    write({'schedules/all.yaml': {title: '华南', audience: {departments: ['/总部/华南区']}, template: 'hello'}})
    await sync('--write')
    const departments = DEPARTMENTS.map((one) => (one.id === 2 ? {...one, name: '南区'} : one))
    await sandbox.control('/organization', {departments, members: MEMBERS})
    const {code, out} = await sync('--write', '--pr')
    expect([code, out]).toEqual([1, expect.stringContaining('schedules/all.yaml')])
    expect(read()).toContain('/总部/南区/天河店')
    expect(repository.standIn.control.issues()).toEqual([])
  })

  it('does not hide a wrong secret behind an empty company', async () => {
    await sandbox.control('/apps/secret', {agentid: APP, secret: 'another'})
    const {code, err} = await sync('--write')
    expect([code, err]).toEqual([2, expect.stringContaining('什么也没有改')])
  })
})

describe('the proposal', () => {
  const pulls = () => repository.standIn.control.issues().filter(({isPull}) => isPull)
  beforeEach(() => {
    repository.standIn.control.push({branch: 'main', files: {[FILE]: read()}, message: 'first', by: 'lin'})
  })

  it('is one, kept up to date, and speaks of userids and departments alone', async () => {
    const first = documentOf(await sync('--pr', '--json'))
    expect(first).toMatchObject({verdict: 'ok', written: false, proposal: pulls()[0]?.number})
    await sandbox.control('/members', {members: [{userid: 'late.one', name: '新来的', department: [12]}]})
    await sync('--pr')
    expect(pulls()).toHaveLength(1)
    expect(pulls()[0]).toMatchObject({title: '同步组织镜像：入职 8，新增部门 2', state: 'open'})
    expect(pulls()[0]?.body).toContain('`late.one`')
    expect(pulls()[0]?.body).not.toMatch(/新来的|职员/)
    const tree = await repository.host.readTip('yingbin/organization')
    expect(tree).toMatch(/^[0-9a-f]{40}$/)
  })

  it('is none where nothing differs', async () => {
    await sync('--write')
    expect(documentOf(await sync('--pr', '--json'))).toMatchObject({verdict: 'ok', changes: [], proposal: null})
    expect(pulls()).toEqual([])
  })

  it('that GitHub refuses is no defect of the program', async () => {
    repository.standIn.control.failNext(9, 403)
    expect(await sync('--pr')).toMatchObject({code: 2, err: expect.stringContaining('GitHub')})
  })
})
