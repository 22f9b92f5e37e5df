import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {aConfig, enterprise, inFolder} from '../support/a-config.js'
import {launch, ROOT} from '../support/launch.js'
import {documentOf, type Ran, runCommand} from '../support/run-command.js'

/** Runs with a configuration folder named `config` below the working folder. */
const inProject = (argv: readonly string[], files = aConfig(), env: Record<string, string> = {}): Promise<Ran> =>
  inFolder(Object.fromEntries(Object.entries(files).map(([path, text]) => [`config/${path}`, text])), (cwd) =>
    runCommand(argv, {cwd, env}),
  )

const BROKEN = aConfig({'templates/hello.yaml': 'title: x\ntext: "[客户呢称]"\n'})

describe('exit codes', () => {
  it('0 where all is well', async () => {
    const {code, out, err} = await inProject(['validate'])
    expect([code, out, err]).toEqual([0, '通过: 0 个错误，0 个提醒\n', ''])
  })
  it('0 where there are only warnings', async () => {
    const {code, out} = await inProject(['validate'], aConfig({'templates/b.yaml': {title: 'b', text: 'b'}}))
    expect([code, out]).toEqual([0, expect.stringContaining('0 个错误，1 个提醒')])
  })
  it('1 where the answer is no', async () => {
    const {code, err} = await inProject(['validate'], BROKEN)
    expect([code, err]).toEqual([1, ''])
  })
  it.each([
    ['no command', []],
    ['an unknown command', ['vaildate']],
    ['an unknown flag', ['validate', '--nope']],
    ['a flag without its value', ['validate', '--config']],
    ['too many words', ['validate', 'more']],
    ['an unknown language', ['validate', '--lang', 'fr']],
    ['an unknown format', ['validate', '--format', 'xml']],
    ['a folder that is not there', ['validate', '--config', 'nowhere']],
    ['a file for a folder', ['validate', '--config', 'config/enterprise.yaml']],
    ['an instant without an offset', ['validate', '--now', '2026-11-25T06:00:00']],
    ['a date that does not exist', ['validate', '--now', '2026-02-30T06:00:00Z']],
    ['no base', ['diff-check']],
    ['a base that is nothing', ['diff-check', '--base', 'no-such-ref']],
    ['a base that looks like a flag', ['diff-check', '--base', '--upload-pack=x']],
    ['a question without a member', ['explain', '--at', '2026-11-25T06:00:00+08:00']],
    ['a question without a time', ['explain', '--member', 'zhang.san']],
    ['a time in other words', ['explain', '--member', 'zhang.san', '--at', 'tomorrow']],
    ['30 February', ['explain', '--member', 'zhang.san', '--at', '2026-02-30T06:00:00+08:00']],
    ['a file of questions that is not there', ['explain', '--from', 'nowhere.ndjson']],
    ['a word too many behind the switch', ['lockdown', 'on', 'more', '--reason', 'x']],
  ])('2 for %s, with one line on stderr, nothing on stdout and no stack', async (_what, argv) => {
    const {code, out, err} = await inProject(argv)
    expect([code, out]).toEqual([2, ''])
    expect(err).not.toBe('')
    expect(err).not.toMatch(/^\s+at /m)
  })
  it.each([
    ['an unknown flag', ['validate', '--json', '--nope']],
    ['an unknown command', ['vaildate', '--json']],
    ['a folder that is not there', ['validate', '--json', '--config', 'nowhere']],
    ['a folder that is not there, by format', ['validate', '--format', 'json', '--config', 'nowhere']],
    ['no base', ['diff-check', '--json']],
    ['a question without a time', ['explain', '--json', '--member', 'zhang.san']],
  ])('2 for %s is told as one JSON document to whoever asked for JSON', async (_what, argv) => {
    const ran = await inProject(argv)
    expect(ran.code).toBe(2)
    expect(documentOf(ran)).toEqual({
      command: argv[0] === 'vaildate' ? null : argv[0],
      verdict: 'failed',
      findings: [],
      error: {says: expect.any(String), fix: expect.any(String)},
    })
  })
})

describe('help', () => {
  it('of the program names every verb and the exit codes, on stdout', async () => {
    const {code, out} = await inProject(['--help'])
    expect(code).toBe(0)
    for (const word of [
      'up',
      'validate',
      'diff-check',
      'explain',
      'plan',
      'canary',
      'apply',
      'drift',
      'history',
      'rollback',
      'lockdown',
      'sync',
      'request',
      'respond',
      'sandbox',
      '0 正常 · 1 答案是否 · 2 无法运行',
    ])
      expect(out).toContain(word)
  })
  it.each([
    ...['validate', 'diff-check', 'explain'],
    ...['drift', 'history', 'rollback', 'lockdown', 'sync', 'request'],
  ])('of %s gives an example', async (verb) => {
    const {code, out} = await inProject([verb, '--help'], aConfig(), {LANG: 'en_US.UTF-8'})
    expect([code, out]).toEqual([0, expect.stringContaining(`Example:\n  yingbin ${verb}`)])
  })
  it('the version is that of the package', async () => {
    const {version} = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {version: string}
    expect(await inProject(['--version'])).toEqual({code: 0, out: `${version}\n`, err: ''})
  })
})

describe('the language', () => {
  const says = async (argv: readonly string[], env: Record<string, string>, files = BROKEN): Promise<'zh' | 'en'> =>
    /怎么改/.test((await inProject(['validate', ...argv], files, env)).out) ? 'zh' : 'en'
  const english = aConfig({
    'templates/hello.yaml': 'title: x\ntext: "[客户呢称]"\n',
    'enterprise.yaml': enterprise({locale: 'en'}),
  })
  it('is Chinese when nothing is said', async () => {
    expect(await says([], {})).toBe('zh')
    expect(await says([], {LANG: 'C.UTF-8'})).toBe('zh')
    expect(await says([], {LANG: 'fr_FR.UTF-8'})).toBe('zh')
  })
  it('is that of the enterprise, then of LANG, then of --lang', async () => {
    expect(await says([], {}, english)).toBe('en')
    expect(await says([], {LANG: 'zh_CN.UTF-8'}, english)).toBe('zh')
    expect(await says([], {LANG: 'en_US.UTF-8'})).toBe('en')
    expect(await says(['--lang', 'zh'], {LANG: 'en_US.UTF-8'}, english)).toBe('zh')
    expect(await says(['--lang=en'], {LANG: 'zh_CN.UTF-8'})).toBe('en')
  })
  it('LC_ALL comes before LANG', async () => {
    expect(await says([], {LC_ALL: 'en_GB.UTF-8', LANG: 'zh_CN.UTF-8'})).toBe('en')
  })
  it('changes the words of findings and nothing else of them', async () => {
    const both = await Promise.all(
      (['zh', 'en'] as const).map(
        async (language) => documentOf(await inProject(['validate', '--json', '--lang', language], BROKEN)).findings,
      ),
    )
    const [zh, en] = both as [Record<string, string>[], Record<string, string>[]]
    expect(zh.map(({rule, file, line, column, level}) => [rule, file, line, column, level])).toEqual(
      en.map(({rule, file, line, column, level}) => [rule, file, line, column, level]),
    )
    expect(zh[0]?.says).not.toBe(en[0]?.says)
  })
  it('a mistake on the command line is told in the language asked for', async () => {
    expect((await inProject(['validate', '--config', 'nowhere', '--lang', 'en'])).err).toContain(
      'there is no configuration folder',
    )
    expect((await inProject(['validate', '--config', 'nowhere'])).err).toContain('没有配置文件夹')
  })
})

describe('the program as a process', () => {
  it('answers with its exit code and one document on stdout', async () => {
    await inFolder(BROKEN, (folder) => {
      const ran = launch(['validate', '--json', '--config', folder])
      expect([ran.code, ran.err]).toEqual([1, ''])
      expect(documentOf(ran)).toMatchObject({command: 'validate', verdict: 'refused'})
    })
  }, 60_000)
})
