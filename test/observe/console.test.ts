import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, it} from '@jest/globals'
import {zoneOf} from '../../scripts/core/model/zone.js'
import {keepConsoleEdits} from '../../scripts/core/observe/console-edits.js'
import type {MissingCodes} from '../../scripts/core/observe/find-missing-codes.js'
import {renderSignalsMarkdown, renderSignalsText} from '../../scripts/core/observe/render-signals.js'
import {type AdminLog, type CodeHost, Refused} from '../../scripts/core/ports.js'
import {keepDriftIssue} from '../../scripts/pipeline/drift-issue.js'
import {readConsole} from '../../scripts/pipeline/read-console.js'
import {DAY, type Playground, SECRETS, START, START_MS, startPlayground} from '../sandbox/playground.js'
import {aConfig, writeInto} from '../support/a-config.js'
import {documentOf, type JsonObject, listOf, type Ran, runCommand} from '../support/run-command.js'

const DAY_MS = DAY * 1000
const CORP = 'ww0000000000000001'
const SHANGHAI = zoneOf('Asia/Shanghai')

describe('the log of the console', () => {
  const asked: [number, number][] = []
  const log: AdminLog = {
    listOperations: (fromMs, untilMs) => {
      asked.push([fromMs, untilMs])
      return Promise.resolve([{atMs: fromMs, operator: 'boss', operType: 13}])
    },
  }
  beforeEach(() => void asked.splice(0))

  it('is asked in pieces of at most seven days that leave out no second and none twice', async () => {
    const {consoleEdits, notes} = await readConsole(log, START_MS - 30 * DAY_MS, START_MS)
    expect([asked[0]?.[0], asked.at(-1)?.[1]]).toEqual([START_MS - 30 * DAY_MS, START_MS])
    for (const [from, until] of asked) expect(until - from).toBeLessThanOrEqual(7 * DAY_MS)
    for (const [index, [from]] of asked.entries()) if (index > 0) expect(from - (asked[index - 1]?.[1] ?? 0)).toBe(1000)
    expect([consoleEdits.length, notes]).toEqual([5, []])
  })

  it('is asked no further back than WeCom keeps it, and says so', async () => {
    const {notes} = await readConsole(log, START_MS - 400 * DAY_MS, START_MS)
    expect(START_MS - (asked[0]?.[0] ?? 0)).toBeLessThan(180 * DAY_MS)
    expect(notes[0]?.zh).toContain('180 天')
  })

  it('that may not be read is a note and no failure', async () => {
    const shut: AdminLog = {listOperations: () => Promise.reject(new Refused(48002, 'WeCom answered errcode 48002'))}
    const {consoleEdits, notes} = await readConsole(shut, START_MS - DAY_MS, START_MS)
    expect([consoleEdits, notes.length, notes[0]?.en]).toEqual([[], 1, expect.stringContaining('48002')])
  })

  it('tells what may touch welcomes or rights, oldest first, and nothing else', () => {
    const kinds = [3, 13, 2, 7, 8, 11, 12]
    const rows = kinds.map((operType, index) => ({atMs: START_MS - index, operator: 'boss', operType}))
    expect(keepConsoleEdits(rows).map(({operType}) => operType)).toEqual([8, 2, 13])
  })
})

describe('signs in the issue and on the terminal', () => {
  const edit = {atMs: START_MS, operator: '@all|`x`', operType: 13, says: {zh: '外部', en: 'external'}}
  const row: MissingCodes = {
    ...{member: 'li|na', without: 5, adds: 6, others: {without: 1, adds: 200}},
    probability: 0.0012,
  }
  const signals = {consoleEdits: [edit], missingCodes: [row]}

  it('give the time in the enterprise’s zone and the numbers behind a suspicion', () => {
    const text = renderSignalsText(signals, SHANGHAI, 'zh')
    expect(text).toContain('2026-11-24T10:00:00+08:00')
    for (const number of ['6 次', '5 次', '200 次', '0.12%']) expect(text).toContain(number)
    expect(renderSignalsText(signals, SHANGHAI, 'en')).toContain('5 of 6 adds')
  })

  it('open no markup and mention nobody', () => {
    const body = renderSignalsMarkdown(signals, SHANGHAI, 'en')
    expect(body.replace(/`+[^`]*`+/g, '')).not.toMatch(/@/)
    expect(body.split('\n').filter((line) => line.startsWith('|')).length).toBe(6)
  })

  it('are nothing where there is nothing', () => {
    const none = {consoleEdits: [], missingCodes: []}
    expect([renderSignalsText(none, SHANGHAI, 'zh'), renderSignalsMarkdown(none, SHANGHAI, 'zh')]).toEqual(['', ''])
  })

  it('keep the issue open under their own title when nothing differs', async () => {
    const kept: unknown[] = []
    const host: Pick<CodeHost, 'keepIssue'> = {keepIssue: (_marker, issue) => Promise.resolve(void kept.push(issue))}
    await keepDriftIssue(host, {drifts: [], notes: [], freeze: null, ...signals}, SHANGHAI, 'zh')
    expect(kept).toMatchObject([{title: '企业微信后台的改动请看一眼：2 条', body: expect.stringContaining('6 次添加')}])
  })
})

describe('drift over the wire', () => {
  let sandbox: Playground
  let folder: string
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yingbin-console-'))
    sandbox = await startPlayground({corpid: CORP})
    for (const [path, text] of Object.entries(aConfig())) writeInto(folder, `config/${path}`, text)
  })
  afterEach(async () => {
    await sandbox.close()
    rmSync(folder, {recursive: true, force: true})
  })
  // The command's clock is the machine's; it is set to that of the sandbox, which stands still.
  const drift = (...argv: readonly string[]): Promise<Ran> =>
    runCommand(['drift', '--wecom', sandbox.url, '--store', `file:${folder}/store`, '--json', ...argv], {
      cwd: folder,
      env: {WECOM_SECRET: SECRETS[1000002] ?? '', YINGBIN_CLOCK_OFFSET_MS: String(START_MS - Date.now())},
    })
  const rowsOf = (document: JsonObject): unknown[] =>
    listOf(document, 'console').map(({kind, operator, operType}) => [kind, operator, operType])

  it('tells who touched what kind of thing since yesterday, and not what it was about', async () => {
    const rows = [
      {time: START - 3600, userid: 'boss', oper_type: 13, detail_info: '给客户王女士改了欢迎语'},
      {time: START - 7200, userid: 'boss', oper_type: 3},
      {time: START - 2 * DAY, userid: 'lina', oper_type: 2},
    ]
    await sandbox.control('/admin-log', {rows})
    const ran = await drift()
    expect(rowsOf(documentOf(ran))).toEqual([['console', 'boss', 13]])
    expect(ran.out).not.toContain('王女士')
    const longer = documentOf(await drift('--since', '2026-10-01T00:00:00+08:00'))
    expect(rowsOf(longer)).toEqual([
      ['console', 'lina', 2],
      ['console', 'boss', 13],
    ])
  })

  it('goes on without the right to read the log, and says where it is given', async () => {
    const apps = [{agentid: 1000002, secret: SECRETS[1000002], permissions: ['customer-contact', 'contacts']}]
    await sandbox.control('/apps', {apps})
    const {code, out} = await drift()
    expect([code, documentOf({out})['console']]).toEqual([1, []])
    expect(out).toContain('使用分析')
  })

  it('refuses a --since that is no instant', async () => {
    expect((await drift('--since', 'yesterday')).code).toBe(2)
  })
})
