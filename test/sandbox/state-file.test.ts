import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {createSandbox} from '../../scripts/sandbox/create-sandbox.js'
import {BrokenStateFile} from '../../scripts/sandbox/state-file.js'
import {aPicture, START_MS, startPlayground, textOf} from './playground.js'

describe('the state file', () => {
  let folder: string
  let stateFile: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-state-'))
    stateFile = join(folder, 'state.json')
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  it('carries the whole world over a restart, time and tokens included', async () => {
    const before = await startPlayground({stateFile})
    const {config_id} = await before.post('externalcontact/add_contact_way', {type: 1, scene: 2, user: ['lina']})
    const media_id = textOf(await before.upload('media/upload', {type: 'image'}, aPicture(20)), 'media_id')
    await before.control('/customers/add', {userid: 'lina', external_userid: 'wmTEST1'})
    const token = await before.token()
    const summary = await before.read('/summary')
    await before.close()

    const sandbox = createSandbox({stateFile})
    const {url} = await sandbox.listen(0)
    expect(sandbox.clock.nowMs()).toBe(START_MS)
    expect(await sandbox.control('GET', '/summary')).toEqual(summary)
    const response = await fetch(`${url}/cgi-bin/externalcontact/get_contact_way?access_token=${token}`, {
      method: 'POST',
      body: JSON.stringify({config_id}),
    })
    expect(await response.json()).toMatchObject({errcode: 0, contact_way: {user: ['lina']}})
    const media = await fetch(`${url}/cgi-bin/media/get?access_token=${token}&media_id=${media_id}`)
    expect(Buffer.from(await media.arrayBuffer()).equals(aPicture(20))).toBe(true)
    await sandbox.close()
  })

  it('keeps the record of a big file but not its bytes', async () => {
    const before = await startPlayground({stateFile})
    const media_id = textOf(await before.upload('media/upload', {type: 'file'}, Buffer.alloc(262_145)), 'media_id')
    const token = await before.token()
    await before.close()
    const sandbox = createSandbox({stateFile})
    const {url} = await sandbox.listen(0)
    expect(
      await (await fetch(`${url}/cgi-bin/media/get?access_token=${token}&media_id=${media_id}`)).json(),
    ).toMatchObject({errcode: 40007})
    expect(await sandbox.control('GET', '/media')).toMatchObject({media: [{media_id, size: 262_145}]})
    await sandbox.close()
  })

  it('is not written when nothing happened', async () => {
    const sandbox = createSandbox({stateFile})
    await sandbox.listen(0)
    await sandbox.close()
    expect(() => readFileSync(stateFile)).toThrow(/ENOENT/)
  })

  it.each([
    ['no JSON', () => '{"format":"yingbin-sandbox-st', /no JSON/],
    ['something else', () => '{"a":1}', /no sandbox state/],
    ['another version', (text: string) => text.replace('"version":1', '"version":2'), /version/],
    ['changed inside', (text: string) => text.replace('lina', 'lino'), /damaged/],
    ['cut off', (text: string) => text.slice(0, -100), /no JSON/],
  ])('is refused when it is %s, and left as it is', async (_what, spoil, says) => {
    const world = await startPlayground({stateFile})
    await world.close()
    const spoiled = spoil(readFileSync(stateFile, 'utf8'))
    writeFileSync(stateFile, spoiled)
    expect(() => createSandbox({stateFile})).toThrow(BrokenStateFile)
    expect(() => createSandbox({stateFile})).toThrow(says)
    expect(readFileSync(stateFile, 'utf8')).toBe(spoiled)
  })

  it('that cannot be written is an error of close', async () => {
    const world = await startPlayground({stateFile: join(folder, 'missing', 'state.json')})
    await expect(world.close()).rejects.toThrow(/could not save/)
  })
})
