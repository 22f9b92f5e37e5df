import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {main} from '../../scripts/cli.js'
import {aConfig, type Changes, inFolder, NOW_MS} from '../support/a-config.js'
import {documentOf, type JsonObject, listOf, type Ran, runCommand} from '../support/run-command.js'
import {ROOT} from '../support/launch.js'

const LAUNCHER = join(ROOT, 'scripts/launch.mjs')
const NOW = '2026-11-25T10:00:00+08:00'
const SLOW_MS = 60_000

const inConfig = <T>(changes: Changes, use: (cwd: string) => T | Promise<T>): Promise<T> =>
  inFolder(Object.fromEntries(Object.entries(aConfig(changes)).map(([path, text]) => [`config/${path}`, text])), use)

/** The real program, with the fresh processes it starts. */
function rehearseIn(cwd: string, flags: readonly string[]): Ran {
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [LAUNCHER, 'rehearse', '--now', NOW, '--days', '30', ...flags],
    {cwd, encoding: 'utf8', env: {...process.env, LANG: '', LC_ALL: '', LC_MESSAGES: ''}, timeout: SLOW_MS},
  )
  return {code: status ?? -1, out: stdout, err: stderr}
}

const rehearse = (changes: Changes, ...flags: readonly string[]): Promise<Ran> =>
  inConfig(changes, (cwd) => rehearseIn(cwd, flags))

describe('yingbin rehearse', () => {
  it(
    'agrees in three fresh processes and says what it asked, with the next seven days',
    async () => {
      const ran = await rehearse({}, '--json')
      const document = documentOf(ran)
      expect(ran.code).toBe(0)
      expect(document).toMatchObject({command: 'rehearse', verdict: 'ok', findings: [], members: 3, lanes: 1, edges: 0})
      const digests = listOf(document, 'runs').map(({digest}) => digest)
      expect(digests).toEqual([document['digest'], document['digest'], document['digest']])
      expect(listOf(document, 'week')).toMatchObject([
        {
          members: ['li.si', 'wang.dian', 'zhang.san'],
          states: [null],
          rows: [{from: NOW, until: '2026-12-02T10:00:00+08:00', template: 'hello', schedule: 'all'}],
        },
      ])
    },
    SLOW_MS,
  )
  it(
    'refuses a gap, at the entry of the member who meets it',
    async () => {
      const south = {title: '华南', audience: {departments: ['/总部/华南区']}, template: 'hello'}
      const ran = await rehearse({'schedules/all.yaml': south}, '--json')
      expect(ran.code).toBe(1)
      const [finding] = listOf(documentOf(ran), 'findings')
      expect(finding).toMatchObject({rule: 'rehearsal-gap', level: 'error', file: 'config/organization.yaml'})
      expect(finding?.['line']).toBeGreaterThan(1)
      expect(JSON.stringify(finding)).toContain('li.si')
    },
    SLOW_MS,
  )
  it(
    'tells against a base who hears what else, and when',
    async () => {
      const ran = await inFolder(
        Object.fromEntries([
          ...Object.entries(aConfig()).map(([path, text]) => [`base/${path}`, text] as const),
          ...Object.entries(aConfig({'templates/hello.yaml': {title: '问候', text: '您好，我是[员工姓名]。'}})).map(
            ([path, text]) => [`config/${path}`, text] as const,
          ),
        ]),
        (cwd) => rehearseIn(cwd, ['--base', 'base']),
      )
      expect(ran.code).toBe(0)
      expect(ran.out).toContain('hello（内容变了）  3 人')
      expect(ran.out).toContain('2026-11-25 10:00–2026-12-25 10:00')
    },
    SLOW_MS,
  )
  const withRuns = (script: string) =>
    inConfig({}, async (cwd) => {
      const said = {out: '', err: ''}
      const code = await main(['rehearse', '--json', '--now', NOW, '--days', '1'], 'scripts/cli.ts', {
        env: {},
        cwd,
        self: {execPath: process.execPath, script, execArgv: ['-e']},
        out: (text) => void (said.out += text),
        err: (text) => void (said.err += text),
        isTerminal: false,
        nowMs: () => NOW_MS,
        signal: new AbortController().signal,
      })
      return {code, ...said}
    })
  it('refuses when a fresh process comes to another digest', async () => {
    const ran = await withRuns('console.log(\'{"digest":"another"}\')')
    expect(ran.code).toBe(1)
    expect(listOf(documentOf(ran), 'findings').map(({rule}: JsonObject) => rule)).toEqual(['rehearsal-differs'])
  })
  it('could not run when a fresh process dies, and passes on its last words', async () => {
    const ran = await withRuns("console.error('no memory left'); process.exit(134)")
    expect(ran.code).toBe(2)
    expect(ran.err).toContain('no memory left')
  })
  it.each(['0', '401', '1.5', 'x'])('could not run with --days %s', (days) =>
    inConfig({}, async (cwd) => {
      const ran = await runCommand(['rehearse', '--days', days], {cwd})
      expect(ran.code).toBe(2)
      expect(ran.err).toContain('--days')
    }),
  )
  it('shows findings of the configuration instead of rehearsing a broken one', () =>
    inConfig({'schedules/all.yaml': {title: '全员', audience: {}, template: 'nowhere'}}, async (cwd) => {
      const ran = await runCommand(['rehearse', '--json'], {cwd})
      expect(ran.code).toBe(1)
      expect(listOf(documentOf(ran), 'findings').length).toBeGreaterThan(0)
    }))
})
