import {readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from '@jest/globals'
import {type Changes, inFolder} from '../support/a-config.js'
import {documentOf, listOf, type Ran, runCommand} from '../support/run-command.js'
import {git, writeConfig as write} from './a-repository.js'

const LINK = {type: 'link', title: '指南', url: 'https://m.hehejj.example/guide'}
const withLink = (url: string, more: object = {}): Changes => ({
  'templates/hello.yaml': {title: '问候', text: '您好', fallback: '您好', attachments: [{...LINK, url}], ...more},
})

/** A repository whose first commit holds `base` and whose work tree holds `head`. */
const inRepository = <T>(
  base: Changes,
  head: Changes,
  use: (folder: string) => Promise<T>,
  below = 'config',
): Promise<T> =>
  inFolder({'README.md': 'x'}, async (folder) => {
    write(folder, base, below)
    git(folder, 'init', '-q', '-b', 'main')
    git(folder, 'add', '-A')
    git(folder, 'commit', '-q', '-m', 'first')
    rmSync(join(folder, below), {recursive: true})
    write(folder, head, below)
    return use(folder)
  })

/** Compares two folders, base first. */
const compare = (base: Changes, head: Changes, ...flags: readonly string[]): Promise<Ran> =>
  inFolder({}, (folder) => {
    write(folder, base, 'base')
    write(folder, head, 'config')
    return runCommand(['diff-check', '--base', 'base', ...flags], {cwd: folder})
  })

describe('diff-check --json', () => {
  it('is ok and empty where nothing changed', async () => {
    const ran = await compare({}, {}, '--json')
    expect(ran.code).toBe(0)
    expect(documentOf(ran)).toEqual({
      command: 'diff-check',
      verdict: 'ok',
      findings: [],
      changes: [],
      locks: [],
      links: {kept: 0, changed: 0, total: 0},
      templates: [],
      people: {before: 0, after: 0},
      growth: {
        before: 0,
        after: 0,
        factor: 2,
        people: 500,
        isAbove: false,
        protectedDepartments: [],
        needsOneMore: false,
      },
    })
  })
  it('tells changes, locks with their places, and people', async () => {
    const ran = await compare(
      withLink('https://m.hehejj.example/old'),
      withLink('https://m.hehejj.example/new'),
      '--json',
    )
    expect(ran.code).toBe(1)
    const document = documentOf(ran)
    expect(document).toMatchObject({verdict: 'refused', people: {before: 3, after: 3}})
    expect(listOf(document, 'changes').map(({on, kind, id, action}) => [on, kind, id, action])).toEqual([
      ['link', 'template', 'hello', 'update'],
    ])
    const place = {
      file: join('config', 'templates/hello.yaml'),
      line: 7,
      column: 10,
      before: 'https://m.hehejj.example/old',
      after: 'https://m.hehejj.example/new',
    }
    expect(document['locks']).toEqual([
      {scope: 'release', kind: 'links', changed: 1, total: 1, limit: 0.2, places: [place]},
      {scope: 'template:hello', kind: 'links', changed: 1, total: 1, limit: 0.2, places: [place]},
      {scope: 'template:hello', kind: 'key-facts', changed: 1, total: 1, limit: 0.2, places: [place]},
    ])
    expect(listOf(document, 'findings').map(({rule, line, says}) => [rule, line, says])).toEqual([
      ['guard-links', 7, expect.stringContaining('1/1 = 100%')],
      ['guard-links', 7, expect.stringContaining('1/1 = 100%')],
      ['guard-key-facts', 7, expect.stringContaining('1/1 = 100%')],
    ])
  })
  it('is refused with findings where the new configuration cannot be understood', async () => {
    const ran = await compare({}, {'schedules/all.yaml': {title: 'x', audience: {}, template: 'gone'}}, '--json')
    expect(ran.code).toBe(1)
    expect(documentOf(ran)).toMatchObject({
      verdict: 'refused',
      changes: [],
      locks: [],
      findings: [{rule: 'template-exists'}],
    })
  })
  it('goes on where the base has a fault of its own', async () => {
    const ran = await compare({'links.yaml': '{'}, {}, '--json')
    expect(documentOf(ran)).toMatchObject({verdict: 'ok', changes: [{on: 'links'}]})
  })
})

describe('diff-check as text', () => {
  it('says that nothing changed', async () => {
    expect((await compare({}, {})).out).toBe('没有语义上的改动\n')
    expect((await compare({}, {}, '--lang', 'en')).out).toBe('no change in meaning\n')
  })
  it('shows both texts, links and people', async () => {
    const {code, out} = await compare({}, {'templates/hello.yaml': {title: '问候', text: '新的问候'}}, '--lang', 'en')
    expect(code).toBe(0)
    for (const words of [
      '~ changed  text  template hello',
      '新的问候',
      'links changed 0/0 (0%)',
      'people reached 3 → 3 (+0)',
      'not locked',
    ])
      expect(out).toContain(words)
  })
  it('shows what locks, where, from what to what, and the way out', async () => {
    const {out} = await compare(withLink('https://m.hehejj.example/old'), withLink('https://m.hehejj.example/new'))
    expect(out).toContain('✖ 整个发布的链接变化 1/1 = 100%，超过上限 20%，已锁定')
    expect(out).toContain(
      `${join('config', 'templates/hello.yaml')}:7:10  https://m.hehejj.example/old → https://m.hehejj.example/new`,
    )
    expect(out).toContain('解锁')
  })
})

describe('a git ref as base', () => {
  const before = withLink('https://m.hehejj.example/old')
  const after = withLink('https://m.hehejj.example/new')
  const json = (cwd: string, ...argv: readonly string[]): Promise<Ran> =>
    runCommand(['diff-check', '--json', ...argv], {cwd})

  it('may be a branch, a tag, a commit or its beginning', async () => {
    await inRepository(before, after, async (cwd) => {
      git(cwd, 'tag', 'v1')
      const commit = git(cwd, 'rev-parse', 'HEAD').trim()
      for (const ref of ['main', 'HEAD', 'v1', commit, commit.slice(0, 10), 'main@{0}']) {
        const ran = await json(cwd, '--base', ref)
        expect([ref, ran.code, listOf(documentOf(ran), 'locks').length]).toEqual([ref, 1, 3])
      }
    })
  })
  it('gives the very answer that the same folder gives', async () => {
    const byFolder = documentOf(await compare(before, after, '--json'))
    const byRef = await inRepository(before, after, async (cwd) => documentOf(await json(cwd, '--base', 'main')))
    expect(byRef).toEqual(byFolder)
  })
  it('of a folder deep in the repository, with Chinese names', async () => {
    const below = '企业/配置'
    await inRepository(
      before,
      after,
      async (cwd) => {
        const ran = await json(cwd, '--base', 'main', '--config', below)
        expect(listOf(documentOf(ran), 'locks')).toHaveLength(3)
      },
      below,
    )
  })
  it('knows files that were deleted, and leaves index and work tree alone', async () => {
    const extra = {'channels/c.yaml': {title: 'c', state: 'c', kind: 'external'}}
    await inRepository(extra, {}, async (cwd) => {
      const status = git(cwd, 'status', '--porcelain')
      const document = documentOf(await json(cwd, '--base', 'main'))
      expect(listOf(document, 'changes').map(({on}) => on)).toEqual(['channel', 'deletion'])
      expect(git(cwd, 'status', '--porcelain')).toBe(status)
    })
  })
  it('without the folder in it is an empty base: everything is new', async () => {
    await inFolder({'README.md': 'x'}, async (cwd) => {
      git(cwd, 'init', '-q', '-b', 'main')
      git(cwd, 'add', '-A')
      git(cwd, 'commit', '-q', '-m', 'first')
      write(cwd, {})
      const ran = await json(cwd, '--base', 'main')
      expect(ran.code).toBe(0)
      expect(new Set(listOf(documentOf(ran), 'changes').map(({kind}) => kind))).toContain('template')
    })
  })
  it('that does not exist, or in no repository, is exit 2 and tells what to write', async () => {
    await inRepository({}, {}, async (cwd) => {
      const ran = await runCommand(['diff-check', '--base', 'nope', '--lang', 'en'], {cwd})
      expect([ran.code, ran.out, ran.err]).toEqual([
        2,
        '',
        expect.stringContaining('"nope" is neither a folder nor a git ref here'),
      ])
    })
  })
  it('leaves no folder behind', async () => {
    const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('yingbin-base-'))
    const earlier = left()
    await inRepository(before, after, (cwd) => json(cwd, '--base', 'main'))
    expect(left()).toEqual(earlier)
  })
  it('cannot smuggle a flag or a command in', async () => {
    await inRepository({}, {}, async (cwd) => {
      for (const ref of ['--output=x', '-h', '$(touch pwned)', '; touch pwned', 'main; touch pwned'])
        expect((await json(cwd, `--base=${ref}`)).code).toBe(2)
      expect(readdirSync(cwd).sort()).toEqual(['.git', 'README.md', 'config'])
    })
  })
})
