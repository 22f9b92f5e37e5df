import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {CouldNotRun, type Door} from '../../scripts/commands/door.js'
import {command} from '../../scripts/commands/sandbox.js'

describe('yingbin sandbox', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sandbox-command-'))
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  const common = {config: 'config', json: true, port: '0', corpid: 'wwtest'}

  /** A door that hands the first line of output to whoever waits for it. */
  function aDoor() {
    const stop = new AbortController()
    let print: (line: string) => void = () => undefined
    const printed = new Promise<string>((resolve) => (print = resolve))
    const door: Door = {
      env: {},
      cwd: folder,
      self: {execPath: '', script: '', execArgv: []},
      out: print,
      err: () => undefined,
      isTerminal: false,
      nowMs: () => 0,
      signal: stop.signal,
    }
    return {door, printed, stop}
  }

  it('says where it listens, answers there, and ends with 0 when asked to stop', async () => {
    const {door, printed, stop} = aDoor()
    const running = command.run(door, common, 'zh')
    const document = JSON.parse(await printed) as {url: string; verdict: string}
    expect(document).toMatchObject({command: 'sandbox', verdict: 'ok', corpid: 'wwtest'})
    const response = await fetch(`${document.url}/cgi-bin/gettoken?corpid=wwother&corpsecret=x`)
    expect(await response.json()).toMatchObject({errcode: 40013})
    stop.abort()
    expect(await running).toBe(0)
    await expect(fetch(document.url)).rejects.toThrow()
  })

  it('cannot run on a broken state file, a bad port, or a port in use', async () => {
    writeFileSync(join(folder, 'state.json'), '{')
    await expect(command.run(aDoor().door, {...common, state: 'state.json'}, 'zh')).rejects.toThrow(CouldNotRun)
    await expect(command.run(aDoor().door, {...common, port: '70000'}, 'zh')).rejects.toThrow(CouldNotRun)
    const {door, printed, stop} = aDoor()
    const running = command.run(door, common, 'zh')
    const {port} = new URL((JSON.parse(await printed) as {url: string}).url)
    await expect(command.run(aDoor().door, {...common, port}, 'zh')).rejects.toThrow(CouldNotRun)
    stop.abort()
    await running
  })
})
