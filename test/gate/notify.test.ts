import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {CORPID, type Playground, SECRETS, startPlayground} from '../sandbox/playground.js'
import {aConfig, enterprise, inFolder, writeInto} from '../support/a-config.js'
import {documentOf, type JsonObject, runCommand} from '../support/run-command.js'

const AGENT = 1000002
const ROBOT = 'https://qyapi.example/cgi-bin/webhook/send?key=robot-1'
let wecom: Playground

beforeEach(async () => {
  wecom = await startPlayground()
  await wecom.control('/robots', {robots: [{key: 'robot-1'}]})
})
afterEach(() => wecom.close())

const LOCKED = {
  command: 'gate',
  pull: {number: 7, author: 'lin-shi'},
  url: 'https://github.example/hehe/welcome/pull/7',
  isNewlyLocked: true,
  security: ['lina', 'boss'],
  locks: [
    {
      says: '模板 hello 的链接变化 1/1 = 100%，已锁定',
      isOpen: false,
      places: [
        {
          file: 'templates/hello.yaml',
          before: 'https://m.hehejj.example/a',
          after: 'https://m.hehejj.example.cn-a.example/a',
        },
      ],
    },
  ],
}

/** Runs notify on a document, in a folder with the company's configuration. */
const notify = (
  document: object,
  env: Readonly<Record<string, string>> = {},
): Promise<JsonObject & {code: number; err: string}> =>
  inFolder({}, async (folder) => {
    const files = aConfig({'enterprise.yaml': enterprise({corpId: CORPID, agentId: AGENT})})
    for (const [path, text] of Object.entries(files)) writeInto(folder, join('config', path), text)
    writeFileSync(join(folder, 'gate.json'), JSON.stringify(document))
    const ran = await runCommand(['notify', '--from', 'gate.json', '--wecom', wecom.url, '--json'], {
      cwd: folder,
      env: {WECOM_SECRET: SECRETS[AGENT] ?? '', YINGBIN_ROBOT_WEBHOOK: ROBOT, ...env},
    })
    return {...documentOf(ran), code: ran.code, err: ran.err}
  })
const messages = async (path: string): Promise<string> => JSON.stringify((await wecom.read(path))['messages'])

describe('a notice of a locked change', () => {
  it('reaches the group and the people who may unlock, with old and new host', async () => {
    expect(await notify(LOCKED)).toMatchObject({code: 0, verdict: 'ok', told: ['robot', 'app']})
    for (const path of ['/webhook-messages?key=robot-1', '/messages'])
      expect(await messages(path)).toContain('m.hehejj.example → m.hehejj.example.cn-a.example')
    expect(await wecom.read('/messages')).toMatchObject({messages: [{users: ['lina', 'boss']}]})
  })
  it('is none where nothing is newly locked', async () => {
    expect(await notify({...LOCKED, isNewlyLocked: false})).toMatchObject({code: 0, told: []})
    expect(await messages('/messages')).toBe('[]')
  })
  it('still goes one way when the other fails, and the answer is no', async () => {
    const ran = await notify(LOCKED, {YINGBIN_ROBOT_WEBHOOK: 'robot-gone'})
    expect(ran).toMatchObject({code: 1, verdict: 'refused', told: ['app']})
    expect(JSON.stringify(ran)).not.toContain('robot-gone')
  })
  it('says which variable is missing', async () => {
    const ran = await notify(LOCKED, {YINGBIN_ROBOT_WEBHOOK: ''})
    expect(JSON.stringify(ran['failed'])).toContain('YINGBIN_ROBOT_WEBHOOK')
    expect(ran['told']).toEqual(['app'])
  })
  it('could not run on a document that is none of the gate’s', async () => {
    expect((await notify({command: 'plan'})).code).toBe(2)
  })
})
